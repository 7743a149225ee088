"""The ids that a shell may offer at TAB. Read from a file opened for looking only; never a word about a person.

Each question costs the same however large the file is: it runs at every key press.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator

from leadrouter.domain.state import WAITING_STATES
from leadrouter.store.partial_indexes import WAITING

MOST = 50
"""More than that nobody reads: the next key makes it fewer."""

LOOKED_AT = 2000
"""The newest leads of each range of numbers, which is where work is."""

LONGEST = 18
"""Digits of a number of SQLite."""

SPEAKABLE = re.compile(r"[\w./#-]{1,64}", re.ASCII)
"""Ids that a shell completes without quotes; it also leaves out what looks like an address."""


def agents(connection: sqlite3.Connection) -> list[str]:
    """The ids of those who have not left."""
    return [row[0] for row in connection.execute("SELECT agent FROM agents WHERE active = 1 ORDER BY agent")]


def rotations(connection: sqlite3.Connection) -> list[str]:
    """The rotations of the policy in force: the names of its rules, unless they say another."""
    from leadrouter.domain.rulebook import Rulebook
    from leadrouter.store.policies import policy_in_force

    return [name for key in Rulebook(policy_in_force(connection)).rotations() for name in (key, f"{key}/hot")]


def leads(connection: sqlite3.Connection, states: Collection[str], begun: str) -> list[str]:
    """The newest leads in one of these states whose number or external id begins so."""
    found = dict.fromkeys(str(number) for number in _numbers(connection, states, begun))
    if begun:
        found |= dict.fromkeys(_external_ids(connection, states, begun))
    return list(found)[:MOST]


def _numbers(connection: sqlite3.Connection, states: Collection[str], begun: str) -> Iterator[int]:
    if begun and not (begun.isascii() and begun.isdigit() and begun[0] != "0" and len(begun) <= LONGEST):
        return
    if set(states) <= set(WAITING_STATES):
        for state in states:
            yield from (
                row[0]
                for row in connection.execute(
                    f"SELECT lead FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND state = ? "
                    "AND CAST(lead AS TEXT) LIKE ? LIMIT ?",
                    (state, f"{begun}%", MOST),
                )
            )
        return
    marks = ", ".join("?" * len(states))
    for first, last in _ranges(begun):
        rows = connection.execute(
            f"SELECT lead FROM (SELECT lead, state FROM leads WHERE lead BETWEEN ? AND ? ORDER BY lead DESC LIMIT ?) "
            f"WHERE state IN ({marks}) LIMIT ?",
            (first, last, LOOKED_AT, *states, MOST),
        )
        yield from (row[0] for row in rows)


def _ranges(begun: str) -> Iterator[tuple[int, int]]:
    """The numbers that begin so: 17, 170 to 179, 1700 to 1799 ..."""
    if not begun:
        yield 1, 10**LONGEST
    else:
        for more in range(LONGEST - len(begun) + 1):
            yield int(begun) * 10**more, (int(begun) + 1) * 10**more - 1


def _external_ids(connection: sqlite3.Connection, states: Collection[str], begun: str) -> Iterator[str]:
    marks = ", ".join("?" * len(states))
    rows = connection.execute(
        "SELECT external_id FROM (SELECT external_id, state FROM leads WHERE external_id >= ? AND external_id < ? "
        f"ORDER BY external_id LIMIT ?) WHERE state IN ({marks}) LIMIT ?",
        (begun, begun + "\U0010ffff", LOOKED_AT, *states, MOST),
    )
    return (row[0] for row in rows if SPEAKABLE.fullmatch(row[0]))
