"""Starting the program a thousand times: a process that has read the libraries already forks for every command.

More than half of a command's time is Python reading other people's modules. They are read here once; the program itself
is read anew by each process, which has memory, folder, environment and streams of its own, as the shell's would.
Whatever looks at how the program starts, dies or is spoken to through a pipe starts an interpreter of its own instead.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

LIBRARIES = (
    "typer", "typer.main", "typer.rich_utils", "rich.console", "rich.table", "rich.progress", "rich.live", "sqlite3",
    "sqlite_utils", "yaml", "pydantic", "phonenumbers", "csv", "json", "getpass", "subprocess", "zoneinfo", "gzip",
    "fractions", "statistics", "heapq", "secrets", "html",
)  # fmt: skip
"""What is read once: nothing of the program's own."""

LARGEST_REQUEST = 1 << 20


class Forks:
    """A process that forks. Its children are told what to do over a pair of sockets; each answers on a pipe."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST_REQUEST)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__)), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
            )

    def run(
        self, arguments: list[str], folder: Path, environment: Mapping[str, str], patience: float
    ) -> tuple[int, bytes, bytes]:
        """One command to its end, with nothing on stdin: what the shell sees. Raises TimeoutError."""
        request = json.dumps({"arguments": arguments, "folder": str(folder), "environment": dict(environment)})
        answer, theirs = os.pipe()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, os.fdopen(answer, "rb") as answers:
            socket.send_fds(self._ours, [request.encode()], [out.fileno(), err.fileno(), theirs])
            os.close(theirs)
            if not select.select([answers], [], [], patience)[0]:
                raise TimeoutError(f"still running after {patience} s: {arguments}")
            code = int(answers.read())
            out.seek(0)
            err.seek(0)
            return code, out.read(), err.read()

    def close(self) -> None:
        """Ends the process; it ends by itself with the last of our ends of the sockets."""
        self._ours.close()
        self._process.wait()


def serve(requests: socket.socket) -> None:
    """Forks for every request, until the other end is closed. A process in between waits for what it started."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks those in between how they ended
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, LARGEST_REQUEST, 3)
        if not request:
            return
        if os.fork() == 0:
            requests.close()
            out, err, answer = descriptors
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            program = os.fork()
            if program == 0:
                os.close(answer)
                become(out, err, **json.loads(request))
            code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
            with suppress(BrokenPipeError):
                os.write(answer, str(code).encode())
            os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def become(out: int, err: int, arguments: list[str], folder: str, environment: Mapping[str, str]) -> NoReturn:
    """From here on this process is `python -m leadrouter`; the interpreter ends it as it ends any."""
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    sys.path.insert(0, folder)
    runpy.run_module("leadrouter", run_name="__main__", alter_sys=True)
    sys.exit(0)


if __name__ == "__main__":
    for library in LIBRARIES:
        __import__(library)
    gc.freeze()  # what was read stays where it is: a child that looked through it would copy it
    serve(socket.socket(fileno=int(sys.argv[1])))
