"""Files that are looked at as they stand: nothing is locked, made beside them, or brought up to date.

So a file can be seen where nothing may be written. SQLite reads a WAL file only where it may make its -wal and -shm, or
is told that nobody changes it (https://sqlite.org/wal.html#read_only_databases). Nobody here can promise that: what is
read-only for us, somebody else may write. So `transactions.reading` asks at its end whether the file still stands as it
did, and shows nothing that may be torn. How a file is opened to write into is in `database`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from leadrouter.errors import Busy, NoDatabase
from leadrouter.store import schema
from leadrouter.store.transactions import Opened


class AtRest(Opened):
    """A connection to a file that nobody should be writing to, and how the file stood before it was opened."""

    stood: tuple[int, ...] = ()

    def was_seen(self) -> None:
        """Raises Busy (exit 6) where somebody wrote after all: what was read may be torn, or not the latest."""
        if self.path is not None and (_standing(self.path) != self.stood or _has_log(self.path)):
            raise Busy(f"{self.path} was changed while it was looked at", "try again")


def at_rest(path: Path) -> AtRest:
    """Opens a file as it stands. Raises NoDatabase where a log beside it may hold what is not in it yet."""
    stood = _standing(path)
    if _has_log(path):
        log = _log_of(path).name
        raise NoDatabase(
            f"{path} cannot be opened for writing, and its log {log} may hold what is not in it yet",
            f"copy {path.name} and {log} into a folder of your own, and name the copy with --db",
        )
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", timeout=0, isolation_level=None, uri=True, factory=AtRest
    )
    connection.know(path)
    connection.stood = stood
    return connection


def glance(path: Path) -> sqlite3.Connection | None:
    """Opens the file for looking only, or gives None where there is none that this program could read as it is.

    Nothing is waited for. A file without a log beside it is nobody's at this moment and is read as it stands: SQLite
    would make the log even for reading, and leave it there.
    """
    if not path.is_file():
        return None
    try:
        connection = _with_its_log(path) if _log_of(path).exists() else at_rest(path)
    except (sqlite3.Error, NoDatabase, OSError):
        return None
    try:
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
        if ours and connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION:
            return connection
    except sqlite3.Error:
        pass
    connection.close()
    return None


def _with_its_log(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=0, isolation_level=None, uri=True)


def _standing(path: Path) -> tuple[int, ...]:
    """Which file is there, its length, and when it was last written; nothing where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _has_log(path: Path) -> bool:
    try:
        return _log_of(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
