"""Lines for people on their way to a screen: folded at words where it is narrower than they are.

In a pipe or a file a line stays a line however long it is, unless COLUMNS says how wide to be; tables do the same
(`tables`). What programs read (JSON, CSV, Markdown) goes past here; what is said is none of this module's business.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import TextIO

USUAL = 80
"""How wide a terminal is that does not say."""

COMMAND = r"(?<=: )leadrouter [^;]+$"
"""A command to type, at the end of a line: to be copied in one piece."""

COLUMN = r"error: |warning: | *\S+(?: \S+)* {2,}(?=\S)"
"""What stands before a column: words, and two blanks or more behind them; or what kind of message it is."""


def say(*lines: str, to: TextIO | None = None) -> None:
    """Writes the lines, to stdout unless it is said where; one with line ends in it is as many."""
    out = to or sys.stdout
    width = width_of(out)
    out.write("".join(f"{line}\n" for text in lines for line in folded(text, width)))


def width_of(out: TextIO) -> int | None:
    """How wide lines may be there; None where nobody cuts them off."""
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isdecimal() and int(chosen) > 0:
        return int(chosen)
    if not out.isatty():
        return None
    try:
        return os.get_terminal_size(out.fileno()).columns or USUAL
    except (OSError, ValueError):
        return USUAL


def folded(text: str, width: int | None) -> Iterator[str]:
    """The lines of a text, none wider than this unless one word or one command is."""
    for line in text.split("\n"):
        if width is None or _cells(line) <= width:
            yield line
        else:
            yield from _fold(line, width)


def _fold(line: str, width: int) -> Iterator[str]:
    """What does not fit goes on in the next line: under its column where the line has one, else two to the right."""
    column = re.match(COLUMN, line)
    indent = column.end() if column and column.end() <= width * 0.6 else len(line) - len(line.lstrip(" ")) + 2
    command = re.search(COMMAND, line)
    kept = command.start() if command and indent + _cells(command[0]) <= width else len(line)
    now, *pieces = re.findall(r" *[^ ]+", line[:kept]) or [line]
    for piece in pieces + [f" {line[kept:]}"] * (kept < len(line)):
        if _cells(now + piece) <= width:
            now += piece
        else:
            yield now
            now = " " * indent + piece.lstrip(" ")
    yield now


def _cells(text: str) -> int:
    """How many columns a text takes: two for each wide letter, none for a mark on one."""
    if text.isascii():
        return len(text)
    import unicodedata  # a library of its own to load, and most commands say nothing but ASCII

    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)
