"""The command line: parse, read the clock, call, render, exit. No decision about leads is taken in this package."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from pathlib import Path

from leadrouter.errors import Interrupted

SELDOM = 100_000
"""New objects after which Python looks for cycles. A lead is some fifty tuples and no cycle: looking for them every 700
objects took a sixteenth of an import's time, and as much of `verify`."""


def main() -> None:
    """The `leadrouter` console script."""
    gc.set_threshold(SELDOM)
    try:
        _main()
    except KeyboardInterrupt:  # before a command had begun
        sys.stderr.write("error: interrupted\n")
        sys.exit(Interrupted.exit_code)


def _main() -> None:
    from leadrouter.cli.app import build, complain
    from leadrouter.cli.streams import Door

    if sys.stdout is None or sys.stderr is None:  # closed by the shell: there is nobody to tell
        nobody = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process lives
        sys.stdout, sys.stderr = sys.stdout or nobody, sys.stderr or nobody
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no fault
    sys.stdout, sys.stderr = Door(sys.stdout), Door(sys.stderr)
    try:
        build()(prog_name="leadrouter")
    except OSError as error:
        complain("failed", _said(error), "what was recorded before is kept", as_json="--json" in sys.argv)
        sys.exit(1)
    except Exception as error:
        sys.stderr.write(without_words(error))
        sys.exit(1)


def without_words(error: BaseException) -> str:
    """A traceback, since this is a bug, without what the exceptions say: that may be a word of a person."""
    from traceback import format_tb

    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = without_words(before) + "\nThen, on the way out of that:\n\n" if before else ""
    places = "".join(format_tb(error.__traceback__))
    return f"{earlier}Traceback (most recent call last):\n{places}{type(error).__qualname__} (its words are left out)\n"


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def _said(error: OSError) -> str:
    """What the system refused, and of which file. Where it names none, it is stdout on a full disk, most likely."""
    why = error.strerror or type(error).__name__
    if error.filename is not None:
        return f"{error.filename}: {why}"
    return f"could not write: {why}" if error.errno in FULL else why
