"""What is longer than the screen goes through the reader's pager: only on a terminal, never into a pipe or a file.

Rich's own pager and Typer's take every output there, also one of two lines; so the output is kept and measured first.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from leadrouter.cli.streams import Door

LESS = "FRX"
"""Less quits where one screen is enough, shows colours, and leaves what was read on the screen."""

PAGERS = ("less", "more")
"""Where neither LEADROUTER_PAGER nor PAGER names one."""


@contextmanager
def paged(off: bool) -> Iterator[None]:
    """Whatever is written to stdout in here is shown page by page if it is longer than the terminal."""
    door = sys.stdout
    if off or not isinstance(door, Door) or not door.isatty() or not (pager := _pager()):
        yield
        return
    out = door.rich_proxied_file
    kept = _Kept(out)
    sys.stdout = Door(kept)
    try:
        yield
    finally:
        sys.stdout = door
        _show(kept.getvalue(), out, pager)


class _Kept(io.StringIO):
    """Text on its way to a terminal: whoever asks is told of the terminal, so that colours and widths are right."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._out.encoding

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._out.fileno()


def _pager() -> list[str] | None:
    """The reader's pager; None where they switched it off (`cat`, or nothing) or there is none."""
    chosen = os.environ.get("LEADROUTER_PAGER", os.environ.get("PAGER"))
    words = shlex.split(chosen) if chosen is not None else [name for name in PAGERS if shutil.which(name)][:1]
    return words if words and words != ["cat"] and shutil.which(words[0]) else None


def _show(text: str, out: TextIO, pager: list[str]) -> None:
    if text.count("\n") < shutil.get_terminal_size().lines:
        out.write(text)
        return
    out.flush()
    with subprocess.Popen(pager, stdin=subprocess.PIPE, env={"LESS": LESS, **os.environ}) as reader:  # noqa: S603
        assert reader.stdin is not None
        try:
            reader.stdin.write(text.encode(out.encoding, out.errors or "strict"))
            reader.stdin.close()
        except BrokenPipeError:
            pass  # the reader has seen enough
        while True:
            try:
                reader.wait()
                return
            except KeyboardInterrupt:
                continue  # it was for the pager
