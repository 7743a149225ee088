"""The door to SQLite: opening the file, with its settings and the present schema.

Every connection to the file is opened here, those that only look at it as it stands in `at_rest`. Locks and views are
in `transactions`, what is kept in the file in `schema`, what is read and written in the other modules of this package.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from leadrouter.errors import NoDatabase
from leadrouter.store import schema
from leadrouter.store.transactions import Opened, raise_ours, reading, roll_back, until_free


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Opens the file for reading and writing, current schema guaranteed. `create` makes it if it is not there. Where
    nothing may be written it is open for looking alone, and whoever writes is refused.

    Raises NoDatabase (exit 5) where there is none, it is not ours, or a newer program wrote it.
    """
    memory = str(path) == ":memory:"
    if path.is_dir():
        from leadrouter.store.faults import not_ours

        raise not_ours(path)
    if create and not memory:
        _make_private(path)
    elif not memory and not path.is_file():
        raise NoDatabase(f"no database at {path}", "make one with: leadrouter load CONFIG (or name it with --db)")
    try:
        try:
            connection = sqlite3.connect(path, timeout=0, isolation_level=None, factory=Opened)
            if not memory:
                connection.know(path)
            return _prepared(connection, path, create=create)
        except sqlite3.OperationalError as error:
            from leadrouter.store.faults import is_write_protected

            if create or not is_write_protected(error):
                raise
        from leadrouter.store.at_rest import at_rest

        return _prepared(at_rest(path), path, create=False)
    except sqlite3.Error as error:
        raise_ours(error, path)
        raise


def _prepared(connection: Opened, path: Path, *, create: bool) -> Opened:
    try:
        until_free(lambda: _prepare(connection, path, create=create))
    except BaseException:
        connection.close()
        raise
    return connection


def rehearsal(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory: a dry run is the same code on it, holds no lock and leaves the file as it was."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with reading(connection):
        connection.backup(copy)
    copy.execute("PRAGMA foreign_keys = ON")
    return copy


def _make_private(path: Path) -> None:
    """The file belongs to its owner alone from its first byte; SQLite gives WAL and shm the same permissions."""
    from leadrouter.private import OWNER_ONLY

    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    except OSError as error:
        verb = "open" if path.exists() else "create"
        raise NoDatabase(f"cannot {verb} {path}: {error.strerror}", "choose another place with --db") from None


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
        roll_back(connection)
    if used and not ours:
        from leadrouter.store.faults import not_ours

        raise not_ours(path)
    if version > schema.VERSION:
        raise NoDatabase(f"{path} was written by a newer leadrouter", "update leadrouter and try again")
    if version == schema.VERSION:
        return
    if not (used or create):
        raise NoDatabase(f"no policy has been loaded into {path}", "load one with: leadrouter load CONFIG")
    try:
        _bring_up_to_date(connection)
    except sqlite3.OperationalError as error:
        from leadrouter.store.faults import is_write_protected, outdated

        if create or not is_write_protected(error):
            raise
        raise outdated(path) from error


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    execute = connection.execute
    execute("PRAGMA journal_mode = WAL")
    execute("PRAGMA foreign_keys = OFF")  # a migration may replace a table
    execute("BEGIN IMMEDIATE")
    try:
        if execute("PRAGMA user_version").fetchone()[0] < schema.VERSION and schema.migrate(connection):
            from leadrouter.store.projections import make_anew

            make_anew(connection)
        execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise
    execute("PRAGMA foreign_keys = ON")
