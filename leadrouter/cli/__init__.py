"""The command line: parse, read the clock, call, render, exit. No decision about leads is taken in this package."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path


def main() -> None:
    """The `leadrouter` console script."""
    from leadrouter.cli.app import build, complain

    if sys.stdout is None or sys.stderr is None:  # closed by the shell: there is nobody to tell
        nobody = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process lives
        sys.stdout, sys.stderr = sys.stdout or nobody, sys.stderr or nobody
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no fault
    try:
        build()(prog_name="leadrouter")
    except OSError as error:  # a full disk behind stdout, most likely
        complain("failed", f"could not write: {error.strerror}", "", as_json="--json" in sys.argv)
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
