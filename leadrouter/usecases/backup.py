"""A backup: one consistent copy of the file while others write, proved before it counts.

The copy is made beside its place, its owner's only from the first byte, proved by the same `verify`, put onto the disk
for good, and only then given its name: whatever breaks off leaves an earlier backup as it was.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from leadrouter.errors import LeadrouterError, UnusableFile, WrongUsage
from leadrouter.private import OWNER_ONLY
from leadrouter.store import backups
from leadrouter.store.at_rest import at_rest
from leadrouter.usecases.verdict import Verdict
from leadrouter.usecases.verify import verify


def back_up(
    connection: sqlite3.Connection,
    source: Path,
    target: Path,
    *,
    replace: bool = False,
    about_to_write: Callable[[Path], None] = lambda path: None,
) -> Verdict:
    """Copies the database `source`, open as `connection`, to `target` and proves the copy; tells what was found.

    `about_to_write` is called before the copy comes into being: somebody has to know that people lie there. With
    `replace` an earlier backup there gives way, unless the proof of the new one finds something. Raises
    UnusableFile where none can be written or one is there, LeadrouterError when the disk is full or the copy could not
    be kept.
    """
    target = target.resolve()
    part = _part_of(source, target, replace=replace)
    about_to_write(target)
    with _beside(part, replace=replace):
        made = part.stat().st_ino
        backups.copy(connection, part)
        with closing(at_rest(part)) as copied:
            verdict = verify(copied)
        if not verdict.ok and target.exists():
            raise LeadrouterError(
                f"the copy does not prove itself: {verdict.problems[0]}",
                f"{target} was left as it was; see: leadrouter verify, or give another name",
            )
        if part.stat().st_ino != made:
            raise LeadrouterError(f"another backup writes to {target}", "wait for it, or give another name")
        _put_in_place(part, target)
    return verdict


def _part_of(source: Path, target: Path, *, replace: bool) -> Path:
    """Where the copy comes into being: beside its place, so that it only has to be renamed. Raises UnusableFile."""
    beside = [source.with_name(source.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    if target in [path.resolve() for path in beside]:
        raise WrongUsage(f"{target} is the database itself", "name another file, on another disk if there is one")
    if target.exists() and not target.is_file():
        raise UnusableFile(f"{target} is no file", "name the file to write the backup to")
    if target.exists() and not replace:
        raise UnusableFile(f"{target} is there already", "choose another name, or overwrite it with --force")
    return target.with_name(target.name + ".part")


@contextmanager
def _beside(part: Path, *, replace: bool) -> Iterator[None]:
    """An empty file of that name that nobody else can read, gone at the end unless it was renamed."""
    try:
        if replace:
            part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
    except FileExistsError:
        raise UnusableFile(
            f"{part} is there: a backup is being written, or one was killed", "if none is running, use --force"
        ) from None
    except OSError as error:
        raise UnusableFile(f"cannot write {part}: {error.strerror}", "choose another place") from None
    try:
        yield
    except OSError as error:
        raise LeadrouterError(f"cannot write {part}: {error.strerror}", "make room, or choose another place") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _put_in_place(part: Path, target: Path) -> None:
    """On the disk first, named then: a power cut leaves the earlier backup or this one, never half of it."""
    _sync(part)
    part.replace(target)
    with suppress(OSError):  # some kinds of disks keep no order of names
        _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
