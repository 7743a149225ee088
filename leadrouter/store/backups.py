"""Copies of the file on the disk, made at one moment while others write. They are opened in `at_rest`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from leadrouter.store.faults import told
from leadrouter.store.transactions import reading


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copies the whole file, as it is at one moment, into the empty one at `path`.

    In one step: writers go on meanwhile, whereas a copy in many steps begins again with each of their commits, and
    never ends behind twelve of them. (VACUUM INTO would write every row anew, and keep the log growing for as long.)
    What is written is not synced yet.
    """
    with (
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as target,
        reading(connection),  # waits no longer than others do, where copying would wait for ever
    ):
        try:
            target.execute("PRAGMA journal_mode = OFF")  # a copy that breaks off is thrown away
            target.execute("PRAGMA synchronous = OFF")
            connection.backup(target, pages=-1)
        except sqlite3.Error as error:
            if (fault := told(error, path)) is None:
                raise
            raise fault from error
