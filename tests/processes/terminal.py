"""A real terminal with the program in it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from .program import PATIENCE, Program

TEN_PAST = "2026-11-20T10:10+08:00"
"""What time it is there."""


class Terminal:
    """A terminal with a process in it: what it wrote so far, and keys."""

    def __init__(self, process: int, handle: int) -> None:
        self.process, self.handle, self.seen = process, handle, ""

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < deadline, f"{words!r} never came: {self.seen!r}"
            if select.select([self.handle], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.handle, 65536).decode(errors="replace")
                except OSError:
                    break
        assert words in self.seen

    def press(self, keys: str) -> None:
        os.write(self.handle, keys.encode())

    def ended(self) -> int:
        """The exit code, once the process has ended; what it still writes is read, or it could not end."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if select.select([self.handle], [], [], 0.05)[0]:
                with suppress(OSError):  # it may have ended meanwhile
                    self.seen += os.read(self.handle, 65536).decode(errors="replace")
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.process = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("it did not end")


@contextmanager
def terminal(
    program: Program, *arguments: str, rows: int = 24, columns: int = 80, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """A command in a terminal of its own. `env` is added to its environment."""
    process, handle = pty.fork()
    if process == 0:
        os.chdir(program.folder)
        environment = {**os.environ, "LEADROUTER_NOW": TEN_PAST, "TERM": "xterm-256color"}
        for name in ("COLUMNS", "LINES", "NO_COLOR", "PAGER", "LESS", "LEADROUTER_PAGER", "LEADROUTER_NO_PAGER"):
            environment.pop(name, None)
        environment |= env or {}
        os.execve(sys.executable, [sys.executable, "-m", "leadrouter", *arguments], environment)  # noqa: S606 - our own program
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    opened = Terminal(process, handle)
    try:
        yield opened
    finally:
        if opened.process:
            os.kill(opened.process, signal.SIGKILL)
            os.waitpid(opened.process, 0)
        os.close(handle)
