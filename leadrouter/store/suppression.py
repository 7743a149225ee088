"""The list of those who asked to be forgotten, as salted hashes. Compares nothing: that is `domain.erasure`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from leadrouter.domain.lead import Person

_ENTRY = "lead, external_id, name, email, phone"


class Listed(NamedTuple):
    """One entry: the erased lead, and how its person may come again, in hashes."""

    lead: int
    person: Person


def list_salt(connection: sqlite3.Connection) -> bytes:
    """The salt of this file's hashes."""
    salt: bytes = connection.execute("SELECT salt FROM suppression").fetchone()[0]
    return salt


def put_on_list(connection: sqlite3.Connection, event: int, lead: int, people: Iterable[Person], salt: bytes) -> None:
    """Adds the entries that an erasure committed to with this salt."""
    connection.executemany(
        "INSERT INTO suppressed (event, lead, external_id, name, email, phone, salt) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(event, lead, *person, salt) for person in people],
    )


def take_off_list(connection: sqlite3.Connection, lead: int) -> None:
    """Deletes the entries of an erased lead."""
    connection.execute("DELETE FROM suppressed WHERE lead = ?", (lead,))


def listed(connection: sqlite3.Connection, people: Iterable[Person]) -> list[Listed]:
    """The entries that have an id, an e-mail or a phone of one of these, all in hashes."""
    found: set[Listed] = set()
    for column, place in (("external_id", 0), ("email", 2), ("phone", 3)):
        values = json.dumps(sorted({value for person in people if (value := person[place])}))
        rows = connection.execute(
            f"SELECT {_ENTRY} FROM suppressed WHERE {column} IN (SELECT value FROM json_each(?))", (values,)
        )
        found |= {Listed(lead, Person(*person)) for lead, *person in rows}
    return sorted(found, key=lambda entry: (entry.lead, entry.person.order()))


def entries_of(connection: sqlite3.Connection, lead: int) -> list[Person]:
    """The entries of one erased lead."""
    rows = connection.execute(f"SELECT {_ENTRY} FROM suppressed WHERE lead = ? ORDER BY entry", (lead,))
    return [Person(*person) for _, *person in rows]
