"""The two doors to the screen: what is written on them can command no terminal, and a bug tells no person's words.

Lead files and configurations are cleaned where they come in; an argument, the name of a file or a database that
somebody edited is not, and all of them end here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, TextIO

from leadrouter.hostile import visible

BUG = "This is a bug of leadrouter: please report these lines. They hold no words of your leads.\n"


class Door:
    """A stream on which everything unseen is spelled out.

    Rich, which commands the terminal by right, goes past it (`rich_proxied_file` is its own word for that); what it
    prints is cleaned in `reports.tables`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        return self.rich_proxied_file.write(visible(text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


def tell_a_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The traceback as usual, but without the words of the errors: Python puts the value at fault into them."""
    sys.stderr.write("".join(_told(error)) + BUG)


def _told(error: BaseException) -> Iterator[str]:
    from traceback import format_tb

    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "\nthat led to this:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from format_tb(error.__traceback__)
    yield f"{type(error).__qualname__}\n"
