"""One real file for each test, and an office that works on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadrouter.store import database

Opener = Callable[[], sqlite3.Connection]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file will be."""
    return tmp_path / "leadrouter.db"


@pytest.fixture
def open_file(path: Path) -> Iterator[Opener]:
    """Opens the file of this test, made if it is not there; every connection is closed at the end."""
    opened: list[sqlite3.Connection] = []

    def open_it() -> sqlite3.Connection:
        opened.append(database.connect(path, create=True))
        return opened[-1]

    yield open_it
    for connection in opened:
        connection.close()


def content(path: Path) -> list[str]:
    """Everything the file holds, as SQL."""
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()
