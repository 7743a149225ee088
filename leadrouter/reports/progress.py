"""The progress bar of an import: on stderr, and only when that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from leadrouter.usecases.batch import Imported


class Measured(Protocol):
    """A file whose reading can be followed."""

    @property
    def bytes_read(self) -> int: ...

    @property
    def size(self) -> int | None: ...


@contextmanager
def progress(file: Measured, *, quiet: bool) -> Iterator[Callable[[Imported], None]]:
    """A function to call with the counts so far."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.fields[rows]:,} rows"),
        BarColumn(),
        TextColumn("{task.fields[rate]:,.0f} rows/s"),
        TimeRemainingColumn(),
        console=Console(file=getattr(sys.stderr, "rich_proxied_file", sys.stderr)),
        transient=True,
    )
    with bar:
        task = bar.add_task("import", total=file.size, rows=0, rate=0.0)

        def tick(done: Imported) -> None:
            elapsed = bar.tasks[0].elapsed or 1e-6
            bar.update(task, completed=file.bytes_read, rows=done.rows, rate=done.rows / elapsed)

        yield tick
