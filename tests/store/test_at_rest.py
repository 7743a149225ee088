"""A file looked at without a lock: what is shown is of one moment, or nothing is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from leadrouter.errors import Busy, NoDatabase
from leadrouter.store import database, transactions
from leadrouter.store.at_rest import at_rest, glance

from .conftest import Opener

COUNT = "SELECT count(*) FROM panels"


@pytest.fixture
def writer(open_file: Opener) -> sqlite3.Connection:
    """Somebody who may write, with all in the file and nothing in the log so far."""
    connection = open_file()
    add(connection, 1)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return connection


def add(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("INSERT INTO panels VALUES (?, ?)", (number.to_bytes(1, "big"), number))


def test_while_nobody_writes_it_is_seen_as_it_is(writer: sqlite3.Connection, path: Path) -> None:
    with closing(at_rest(path)) as looking:
        for _ in range(2):
            with transactions.reading(looking):
                assert looking.execute(COUNT).fetchone() == (1,)


@pytest.mark.parametrize("checkpoint", ["", "PRAGMA wal_checkpoint(TRUNCATE)"], ids=["into the log", "into the file"])
def test_whoever_writes_meanwhile_is_noticed(checkpoint: str, writer: sqlite3.Connection, path: Path) -> None:
    with closing(at_rest(path)) as looking:
        with pytest.raises(Busy) as caught, transactions.reading(looking):  # noqa: PT012 - that is the moment
            looking.execute(COUNT).fetchone()
            add(writer, 2)
            writer.execute(checkpoint)
        assert caught.value.exit_code == 6
        with pytest.raises(Busy), transactions.reading(looking):
            pass


def test_a_file_that_was_replaced_or_is_gone_is_noticed(writer: sqlite3.Connection, path: Path) -> None:
    with closing(at_rest(path)) as looking:
        path.with_name("other").write_bytes(path.read_bytes())
        path.with_name("other").replace(path)
        with pytest.raises(Busy), transactions.reading(looking):
            pass
        path.unlink()
        with pytest.raises(Busy), transactions.reading(looking):
            pass


def test_what_goes_wrong_in_a_torn_view_is_told_as_what_it_is(writer: sqlite3.Connection, path: Path) -> None:
    with closing(at_rest(path)) as looking, pytest.raises(Busy), transactions.reading(looking):  # noqa: PT012
        add(writer, 2)
        raise ValueError("nonsense in a row")


def test_a_log_that_holds_something_is_refused(writer: sqlite3.Connection, path: Path) -> None:
    add(writer, 2)
    with pytest.raises(NoDatabase, match="its log"):
        at_rest(path)
    with closing(glance(path) or writer) as looking:  # which has it, and SQLite reads both
        assert looking is not writer
        assert looking.execute(COUNT).fetchone() == (2,)


def test_nothing_can_be_written_and_nothing_comes_beside_it(path: Path) -> None:
    database.connect(path, create=True).close()
    with closing(at_rest(path)) as looking:
        with pytest.raises(NoDatabase) as caught, transactions.writing(looking):
            add(looking, 2)
        assert caught.value.exit_code == 5
        assert list(path.parent.iterdir()) == [path]
