"""The outbox: what waits to be told, taking it for delivery, and what became of it.

Rows are put in by `desks.save`, in the transaction of their event. Whoever delivers takes rows first: until `try_at`
nobody else tries them, and if the taker dies they are tried again then. Nothing is sent or decided here.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from leadrouter.domain.events import iso, moment
from leadrouter.domain.notices import Notice
from leadrouter.store import desks, transactions

_COLUMNS = "notice, about, person, channel, kind, made_at, event, lead, state, attempts, try_at, trouble"


class Entry(NamedTuple):
    """One row of the outbox. `attempts` counts those begun; `trouble` is a code of what went wrong last."""

    number: int
    notice: Notice
    state: str
    attempts: int
    try_at: datetime | None
    trouble: str | None


class Outcome(NamedTuple):
    """What became of an entry: its new state, when it is tried next, and why; `tried` False takes the attempt back."""

    state: str
    at: datetime
    trouble: str | None = None
    tried: bool = True


@dataclass
class Delivered:
    """What a run of delivering did. `failed` are tried again, `dead` were given up; `troubles` counts why."""

    delivered: int = 0
    overtaken: int = 0
    failed: int = 0
    dead: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


class Answer(NamedTuple):
    """How a channel took a trial: None is well; `variable` is the one of the environment that is missing."""

    channel: str
    trouble: str | None
    variable: str | None = None


def waits(connection: sqlite3.Connection, now: datetime) -> bool:
    """Whether there is anything to deliver now."""
    sql = "SELECT 1 FROM notices INDEXED BY notices_waiting WHERE state = 'waiting' AND try_at <= ? LIMIT 1"
    return connection.execute(sql, (iso(now),)).fetchone() is not None


def claim(connection: sqlite3.Connection, now: datetime, until: datetime) -> bool:
    """Whether a process should be started that delivers: none is at it, or it has been for too long to be alive."""
    with transactions.writing(connection):
        claimed = connection.execute(
            "INSERT INTO deliveries VALUES (1, ?1) ON CONFLICT DO UPDATE SET until = ?1 WHERE until <= ?2",
            (iso(until), iso(now)),
        )
        return claimed.rowcount == 1


def end(connection: sqlite3.Connection) -> None:
    """Nobody delivers any more: whoever has something to tell starts anew."""
    with transactions.writing(connection):
        connection.execute("DELETE FROM deliveries")


def take(connection: sqlite3.Connection, now: datetime, until: datetime, limit: int) -> list[Entry]:
    """Takes the next entries for delivery: nobody else tries them before `until`. Where there are none, delivering is
    over in the same transaction, so that whoever puts one in later knows.
    """
    with transactions.writing(connection):
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM notices INDEXED BY notices_waiting WHERE state = 'waiting' AND try_at <= ? "
            "ORDER BY try_at, notice LIMIT ?",
            (iso(now), limit),
        ).fetchall()
        connection.executemany(
            "UPDATE notices SET try_at = ?, attempts = attempts + 1 WHERE notice = ?",
            [(iso(until), row[0]) for row in rows],
        )
        if not rows:
            connection.execute("DELETE FROM deliveries")
    return [entry._replace(attempts=entry.attempts + 1) for entry in map(_entry, rows)]


def settle(
    connection: sqlite3.Connection, outcomes: Iterable[tuple[Entry, Outcome]], more: Iterable[Notice] = ()
) -> None:
    """Writes down what became of entries, and puts in what is to be told about that."""
    with transactions.writing(connection):
        for entry, (state, at, trouble, tried) in outcomes:
            connection.execute(
                "UPDATE notices SET state = ?1, trouble = ?2, attempts = attempts - ?3, "
                "try_at = CASE ?1 WHEN 'waiting' THEN ?4 END, delivered_at = CASE ?1 WHEN 'delivered' THEN ?4 END "
                "WHERE notice = ?5",
                (state, trouble, int(not tried), iso(at), entry.number),
            )
        desks.post(connection, more)


def is_reached(connection: sqlite3.Connection, notice: Notice) -> bool:
    """Whether the same person hears of the same thing over another channel: was told, or may still be."""
    row = connection.execute(
        "SELECT 1 FROM notices WHERE about = ? AND person = ? AND channel <> ? AND state <> 'dead'",
        (notice.about, notice.person, notice.channel),
    ).fetchone()
    return row is not None


def listed(connection: sqlite3.Connection) -> list[Entry]:
    """What waits, soonest first, and then what was given up."""
    found = []
    for where in ("state = 'waiting' ORDER BY try_at, notice", "state = 'dead' ORDER BY notice"):
        found += [_entry(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM notices WHERE {where}")]
    return found


class Counts(NamedTuple):
    """How many entries wait and how many were given up, and when the next one is tried."""

    waiting: int
    dead: int
    next_try: str | None


def counts(connection: sqlite3.Connection) -> Counts:
    """The outbox in three figures."""
    waiting, following = connection.execute(
        "SELECT count(*), min(try_at) FROM notices INDEXED BY notices_waiting WHERE state = 'waiting'"
    ).fetchone()
    dead = connection.execute("SELECT count(*) FROM notices INDEXED BY notices_dead WHERE state = 'dead'").fetchone()
    return Counts(waiting, dead[0], following)


def revive(connection: sqlite3.Connection, now: datetime) -> int:
    """Tries again what was given up; returns how many that is."""
    with transactions.writing(connection):
        return connection.execute(
            "UPDATE notices SET state = 'waiting', attempts = 0, try_at = ? WHERE state = 'dead'", (iso(now),)
        ).rowcount


def chain_id(connection: sqlite3.Connection) -> str:
    """What tells this file's notices from those of any other: the beginning of the hash of its first event."""
    return bytes(connection.execute("SELECT hash FROM events WHERE seq = 1").fetchone()[0]).hex()[:8]


def key(notice: Notice, chain: str) -> str:
    """The idempotency key: the same for every copy of a notice, and for nothing else. ASCII, fit for a header."""
    return quote(f"{notice.about}-{notice.person}-{notice.channel}-{chain}", safe="@").replace("%", "~")


def _entry(row: tuple[int, str, str, str, str, str, int | None, int | None, str, int, str | None, str | None]) -> Entry:
    number, about, person, channel, kind, made_at, event, lead, state, attempts, try_at, trouble = row
    notice = Notice(about, person, channel, kind, moment(made_at), event, lead)
    return Entry(number, notice, state, attempts, moment(try_at) if try_at else None, trouble)
