"""What `import` and `record` share: rejects, progress, a fault or Ctrl-C after the first batch, the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol, TypeVar

import typer

from leadrouter.cli.app import complain, ours
from leadrouter.cli.office import Office
from leadrouter.domain.speech import counted
from leadrouter.errors import DONE_IN_PART, Interrupted, LeadrouterError, NoDatabase, UnusableFile
from leadrouter.intake.rejects import RejectsWriter, Table, default_path
from leadrouter.intake.table import FormTest, Rejected
from leadrouter.reports.progress import Measured, progress
from leadrouter.store.copies import note_copy
from leadrouter.usecases.batch import Imported, Passed, Tick

T = TypeVar("T")
U = TypeVar("U")


class BulkFile(Table, Measured, Protocol):
    """A file of many rows."""


class Kept(Protocol):
    """A row that may yet be rejected."""

    @property
    def line(self) -> int: ...
    @property
    def cells(self) -> tuple[str, ...]: ...


class Run:
    """One pass over a file: the counts so far, where rejected rows go (None in a dry run), what broke it off."""

    def __init__(self, command: str, rejects: RejectsWriter | None, tick: Tick, *, as_json: bool) -> None:
        self.command = command
        self.rejects = rejects
        self.tick = tick
        self.done = Imported()
        self.broken: LeadrouterError | None = None
        self._as_json = as_json

    @property
    def rejected_to(self) -> RejectsWriter | None:
        """Where rejected rows were written, if there are any."""
        return self.rejects if self.done.rejected else None

    def finish(self, *, in_part: bool) -> None:
        """Says what broke it off, and exits with 3 if something is left to do, with 130 after Ctrl-C."""
        if self.broken is not None:
            kept = "nothing was written" if self.rejects is None else f"{counted(self.done.recorded, 'row')} recorded"
            hint = f"{kept}; the same {self.command} again continues"
            complain(self.broken.code, self.broken.message, hint, as_json=self._as_json)
        if isinstance(self.broken, Interrupted):
            raise typer.Exit(self.broken.exit_code)
        if self.broken is not None or self.done.rejected or in_part:
            raise typer.Exit(DONE_IN_PART)


@contextmanager
def in_bulk(
    command: str, file: BulkFile, path: str, office: Office, *, dry_run: bool, quiet: bool, as_json: bool
) -> Iterator[Run]:
    """A run whose fault ends the reading: it is raised if nothing was recorded yet, else kept to be told at the end."""
    rejects = None if dry_run else RejectsWriter(path, file, lambda at: noted(office, at))
    with progress(file, quiet=quiet or as_json) as tick:
        run = Run(command, rejects, tick, as_json=as_json)
        try:
            with ours(), _readable(file), rejects or nullcontext():
                yield run
        except LeadrouterError as error:
            if not run.done.recorded or isinstance(error, NoDatabase):  # which has taken with it what was recorded
                raise
            run.broken = error


def noted(office: Office, path: Path) -> None:
    """Remembers where rejected rows lie, so that `forget` can name the file."""
    note_copy(office.connection, "rejects", path, office.now)


@contextmanager
def _readable(file: Table) -> Iterator[None]:
    """What the system refuses meanwhile is reading the file: the database and the rejects speak for themselves."""
    try:
        yield
    except OSError as error:
        raise UnusableFile(f"{file.name}: cannot be read on: {error.strerror}", "see what became of it") from None


def rejects_at(wanted: str | None, file: Table) -> str:
    """Where rejected rows go."""
    return wanted or default_path(file.name, is_json=file.is_json)


def passing(
    rows: Iterable[Any], rejects: RejectsWriter | None, kind: type[T], wanted: Callable[[T], U]
) -> Iterator[U | Passed]:
    """What is wanted of each usable row; a rejected one is written down and passed on as such, a test row too."""
    for row in rows:
        if isinstance(row, kind):
            yield wanted(row)
        elif isinstance(row, FormTest):
            yield "test row"
        else:
            assert isinstance(row, Rejected)
            if rejects is not None:
                rejects.write(row)
            yield None


def reject_later(rejects: RejectsWriter | None) -> Callable[[Kept, str], None]:
    """Writes down a row that could be read but not recorded."""

    def reject(row: Kept, reason: str) -> None:
        if rejects is not None:
            rejects.write(Rejected(row.line, reason, row.cells))

    return reject
