"""The command line: parse, read the clock, call, render, exit. No decision about leads is taken in this package."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path


def main() -> None:
    """The `leadrouter` console script."""
    from leadrouter.cli.app import build, complain
    from leadrouter.cli.streams import Door, tell_a_bug

    if sys.stdout is None or sys.stderr is None:  # closed by the shell: there is nobody to tell
        nobody = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process lives
        sys.stdout, sys.stderr = sys.stdout or nobody, sys.stderr or nobody
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no fault
    sys.stdout, sys.stderr, sys.excepthook = Door(sys.stdout), Door(sys.stderr), tell_a_bug
    try:
        build()(prog_name="leadrouter")
    except OSError as error:  # a full disk behind stdout, most likely
        complain("failed", f"could not write: {error.strerror}", "", as_json="--json" in sys.argv)
        sys.exit(1)
