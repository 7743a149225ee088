"""The door to SQLite: opening, the write lock, and sqlite3's errors turned into ours.

Every connection of the program is opened here. What is kept in the file is in `schema`, what is read and
written in the other modules of this package.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from leadrouter.errors import Busy, LeadrouterError, NoDatabase
from leadrouter.store import schema

Answer = TypeVar("Answer")


def _timeout() -> float:
    try:
        seconds = float(os.environ["LEADROUTER_TIMEOUT"])
    except (KeyError, ValueError):
        return 30.0
    return seconds if seconds >= 0 else 30.0  # also for NaN, later than which no moment is


TIMEOUT = _timeout()
"""Seconds (LEADROUTER_TIMEOUT) to wait for another process's write lock before giving up with exit code 6."""

POLL = 0.004
"""Seconds between two tries for the lock. SQLite's own busy handler backs off and starved a writer for 11 s."""


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Opens the file for reading and writing, current schema guaranteed. `create` makes it if it is not there.

    Raises NoDatabase (exit 5) where there is none, it is not ours, or a newer program wrote it.
    """
    if str(path) == ":memory:":
        pass
    elif create:
        _make_private(path)
    elif not path.is_file():
        raise NoDatabase(f"no database at {path}", "make one with: leadrouter load CONFIG (or name it with --db)")
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        _until_free(lambda: _prepare(connection, path, create=create))
    except sqlite3.Error as error:
        raise translated(error, path) from None
    return connection


def glance(path: Path) -> sqlite3.Connection | None:
    """Opens the file for looking only, or gives None where there is none that this program could read as it is.

    Nothing is made, brought up to date or waited for. A file without a log beside it is nobody's at this moment and
    is read as it stands: SQLite would make the log even for reading, and leave it there.
    """
    if not path.is_file():
        return None
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", timeout=0, isolation_level=None, uri=True)
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
        current = connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION
    except sqlite3.Error:
        return None
    return connection if ours and current else None


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: takes the lock first, commits at the end, rolls back on any exception.

    Raises Busy (exit 6) if the lock does not come in time.
    """
    try:
        _until_free(lambda: connection.execute("BEGIN IMMEDIATE"))
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise
    except sqlite3.Error as error:
        raise translated(error, None) from error


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """One consistent view of the file for several queries."""
    try:
        _until_free(lambda: connection.execute("BEGIN"))
        try:
            yield
        finally:
            _roll_back(connection)
    except sqlite3.Error as error:
        raise translated(error, None) from error


def rehearsal(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory: a dry run is the same code on it, holds no lock and leaves the file as it was."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    copy.execute("PRAGMA foreign_keys = ON")
    return copy


def translated(error: sqlite3.Error, path: Path | None) -> LeadrouterError:
    """sqlite3's error as one of ours. Its text names tables and files, never values."""
    name = getattr(error, "sqlite_errorname", "") or ""
    where = f" ({path})" if path else ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(f"the database is busy{where}", "another process is writing; try again")
    if name.startswith("SQLITE_NOTADB"):
        return NoDatabase(f"not a leadrouter database{where}", "name the right file with --db")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY")):
        return NoDatabase(f"the database cannot be opened for writing{where}", "check the folder's permissions")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_FULL")):
        return LeadrouterError(f"the database could not be read or written: {error}{where}", "check the disk")
    raise error


def _make_private(path: Path) -> None:
    """The file belongs to its owner alone from its first byte; SQLite gives WAL and shm the same permissions."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise NoDatabase(f"cannot create {path}: {error.strerror}", "choose another place with --db") from None


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    """Settings of every connection, and the schema. Another process may be making the same file at this moment."""
    execute = connection.execute
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA secure_delete = ON")
    execute("PRAGMA synchronous = FULL")
    execute("BEGIN")  # one view for the three questions
    try:
        version = execute("PRAGMA user_version").fetchone()[0]
        ours = execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
        used = execute("SELECT 1 FROM sqlite_schema").fetchone() is not None
    finally:
        _roll_back(connection)
    if used and not ours:
        raise NoDatabase(f"{path} is not a leadrouter database", "name the right file with --db")
    if version > schema.VERSION:
        raise NoDatabase(f"{path} was written by a newer leadrouter", "update leadrouter and try again")
    if version == schema.VERSION:
        return
    if not (used or create):
        raise NoDatabase(f"no policy has been loaded into {path}", "load one with: leadrouter load CONFIG")
    execute("PRAGMA journal_mode = WAL")
    execute("PRAGMA foreign_keys = OFF")  # a migration may replace a table
    execute("BEGIN IMMEDIATE")
    try:
        if execute("PRAGMA user_version").fetchone()[0] < schema.VERSION:
            _bring_up_to_date(connection)
        execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise
    execute("PRAGMA foreign_keys = ON")


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    if schema.migrate(connection):
        from leadrouter.store.projections import make_anew

        make_anew(connection)


def _roll_back(connection: sqlite3.Connection) -> None:
    """Ends the transaction, unless SQLite has done so already, as it does on a full disk."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _until_free(step: Callable[[], Answer]) -> Answer:
    """Tries a step every few milliseconds for as long as the file is locked, up to the timeout."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return step()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            if time.monotonic() > deadline:
                raise
        import random

        time.sleep(POLL * random.uniform(0.5, 1.5))  # noqa: S311 - spreads the tries, keeps no secret
