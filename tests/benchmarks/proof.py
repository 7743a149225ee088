"""What `verify` costs, against reading the same events and hashing them with sha256 alone."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.benchmarks import office
from tests.benchmarks.measure import LEADROUTER, Figure, run


def figures(folder: Path, full: bool) -> Iterator[Figure]:
    """The whole process of `verify` on a file of as many events as leads."""
    count = 1_000_000 if full else 100_000
    database = office.dealt(folder, count)
    ours = run([LEADROUTER, "verify", "--quiet", "--db", str(database)], folder=folder)
    started, events = time.process_time(), 0
    with closing(sqlite3.connect(database)) as connection:
        for row in connection.execute("SELECT * FROM events ORDER BY seq"):
            hashlib.sha256(repr(row).encode()).digest()
            events += 1
    alone = time.process_time() - started
    measured, against = f"{events / ours.seconds:,.0f} events/s", f"sha256 alone {events / alone:,.0f} events/s"
    yield Figure(f"verify of {events:,} events", measured, against, ours.seconds / alone, 12.0)
