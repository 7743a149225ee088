"""Connections that know their file, the write lock, and a view of one moment.

A lock is waited for here and nowhere else. How a file is opened is in `database`, what sqlite3's errors mean in
`faults`.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

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

GIVING_WAY = 8
"""How many times as long work of many steps waits between two tries. Whoever tries more often gets the lock first: two
imports side by side leave it to a single step, whose turn would else be drawn among all who wait.
"""


class Opened(sqlite3.Connection):
    """A connection that knows which file it opened. SQLite goes on writing into a file that was deleted or replaced,
    where nobody would find it again.
    """

    path: Path | None = None
    file: tuple[int, int] | None = None

    def know(self, path: Path) -> None:
        """Remembers the file at `path` as the one that is open."""
        self.path, self.file = path.absolute(), _file_at(path)

    @property
    def moved(self) -> bool:
        """Whether another file, or none, stands where it was opened."""
        return self.path is not None and _file_at(self.path) != self.file

    def was_seen(self) -> None:
        """At the end of each view. Under SQLite's locks it was one of one moment; see `at_rest`."""


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def writing(connection: sqlite3.Connection, *, gives_way: bool = False) -> Iterator[None]:
    """One write transaction: takes the lock first, commits at the end, rolls back on any exception. `gives_way` lets
    others have the lock first.

    Raises Busy (exit 6) if the lock does not come in time, NoDatabase (exit 5) if the file is no longer the one that
    was opened: what is written there is lost, so it must not be reported.
    """
    try:
        until_free(lambda: connection.execute("BEGIN IMMEDIATE"), POLL * GIVING_WAY if gives_way else POLL)
        try:
            yield
            _still_there(connection)
            connection.execute("COMMIT")
            _still_there(connection)
        except BaseException:
            roll_back(connection)
            raise
    except sqlite3.Error as error:
        raise_ours(error)
        raise


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """One consistent view of the file for several queries, of the moment at which it begins."""
    try:
        until_free(lambda: _begin_to_read(connection))
        try:
            yield
        finally:
            roll_back(connection)
            if isinstance(connection, Opened):
                connection.was_seen()
    except sqlite3.Error as error:
        raise_ours(error)
        raise


def empty_log(connection: sqlite3.Connection, *, wait: bool) -> bool:
    """Brings all of the log (WAL) into the file and empties it. False where another process reads what was before.

    `wait`: tries up to the timeout, as for the lock.
    """

    def step() -> bool:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    try:
        if wait:
            return until_free(step, done=bool)
        return step()
    except sqlite3.OperationalError as error:
        from leadrouter.store.faults import is_locked

        if is_locked(error):
            return False
        raise_ours(error)
        raise


def write_anew(connection: sqlite3.Connection) -> None:
    """Writes the whole file anew (VACUUM): rows where they are, and nothing in between. Raises Busy (exit 6)."""
    try:
        until_free(lambda: connection.execute("VACUUM"))
    except sqlite3.Error as error:
        raise_ours(error)
        raise


def until_free(
    step: Callable[[], Answer], poll: float = POLL, done: Callable[[Answer], bool] = lambda _: True
) -> Answer:
    """Tries a step every few milliseconds for as long as the file is locked or it is not `done`, up to the timeout."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            answer = step()
            if done(answer) or time.monotonic() > deadline:
                return answer
        except sqlite3.OperationalError as error:
            from leadrouter.store.faults import is_locked

            if not is_locked(error) or time.monotonic() > deadline:
                raise
        import random

        time.sleep(poll * random.uniform(0.5, 1.5))  # noqa: S311 - spreads the tries, keeps no secret


def roll_back(connection: sqlite3.Connection) -> None:
    """Ends the transaction, unless SQLite has done so already, as it does on a full disk."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def raise_ours(error: BaseException, path: Path | None = None) -> None:
    """Raises a fault of the file as one of our errors; leaves alone what is none. The words are read when needed."""
    from leadrouter.store.faults import told

    if (fault := told(error, path)) is not None:
        raise fault from error


def _begin_to_read(connection: sqlite3.Connection) -> None:
    """BEGIN alone waits for nobody: the view is that of the first query."""
    connection.execute("BEGIN")
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except BaseException:
        roll_back(connection)
        raise


def _still_there(connection: sqlite3.Connection) -> None:
    if isinstance(connection, Opened) and connection.moved:
        from leadrouter.store.faults import moved

        raise moved(connection.path)
