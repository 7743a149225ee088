"""Leads in and out of the file: their facts, who is already known, and finding one by the name people use."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from leadrouter.domain.lead import Lead, Person, same_person
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.errors import WrongUsage
from leadrouter.store.rows import STATE_COLUMNS, state_row

FACT_COLUMNS = tuple("given_quality" if field == "quality" else field for field in Lead._fields)
"""The columns of `leads` that hold facts, in the order of Lead's fields."""

_FACTS = ", ".join(FACT_COLUMNS)
_COLUMNS = ("lead", *FACT_COLUMNS, "salt", "digest", *STATE_COLUMNS)
_DEFAULTS = (*[None] * (3 + len(FACT_COLUMNS)), *state_row(LeadState(0)))


_KNOWN_BY_LEAD = """
SELECT lead, external_id, name, email, phone, state, agent FROM leads
WHERE {column} IN (SELECT value FROM json_each(?))
"""
_KNOWN_BY_INQUIRY = """
SELECT leads.lead, inquiries.external_id, leads.name, inquiries.email, inquiries.phone, leads.state, leads.agent
FROM inquiries JOIN leads USING (lead) WHERE inquiries.{column} IN (SELECT value FROM json_each(?))
"""


class Known(NamedTuple):
    """A recorded lead's number, whose it is, and its state."""

    lead: int
    who: Person
    state: str
    agent: str | None


class NewLead(NamedTuple):
    """A lead to be inserted: its facts, the salt of its commitment, the digest of its row, its state."""

    facts: Lead
    salt: bytes
    digest: bytes | None
    state: LeadState


class NewInquiry(NamedTuple):
    """An inquiry to be inserted, in the order of its columns."""

    lead: int
    event: int
    external_id: str | None
    email: str | None
    phone: str | None
    digest: bytes | None
    facts: str
    salt: bytes


def new_salt() -> bytes:
    """Sixteen random bytes, so that a commitment cannot be guessed from a short list of people."""
    return os.urandom(16)


def next_number(connection: sqlite3.Connection) -> int:
    """The number the next lead will get; numbers count up and are never given twice."""
    row = connection.execute("SELECT max(lead) FROM leads").fetchone()
    return (row[0] or 0) + 1


def recorded_ids(connection: sqlite3.Connection, external_ids: Iterable[str]) -> dict[str, int]:
    """External id -> lead, for those recorded before as a lead or as an inquiry."""
    return _lookup(connection, "external_id", list(external_ids))


def recorded_digests(connection: sqlite3.Connection, digests: Iterable[bytes]) -> dict[bytes, int]:
    """Digest of a row -> lead, for rows recorded before without an external id."""
    return _lookup(connection, "digest", list(digests))


def known_persons(
    connection: sqlite3.Connection, emails: Iterable[str], phones: Iterable[str], numbers: Iterable[str] = ()
) -> list[Known]:
    """Every lead with one of these e-mails or phones, its own or one given with an inquiry, oldest first.

    `numbers` are external ids that number persons: a lead or an inquiry under one of them is of that person.
    """
    found = []
    for column, values in (("email", list(emails)), ("phone", list(phones)), ("external_id", list(numbers))):
        for sql in (_KNOWN_BY_LEAD, _KNOWN_BY_INQUIRY) if values else ():
            rows = connection.execute(sql.format(column=column), (json.dumps(values),))
            found += [
                Known(number, Person(external_id, name, email, phone), state, agent)
                for number, external_id, name, email, phone, state, agent in rows
            ]
    return sorted(set(found), key=lambda known: (known.lead, known.who.order()))


def agent_who_knows(row: Lead, persons: Iterable[Known], number: str | None = None) -> str | None:
    """The agent of the latest of these leads that is the same person's, is closed and ended with somebody."""
    hits = [
        known
        for known in persons
        if known.state in CLOSED
        and known.agent is not None
        and (same_person(known.who, row) or (number is not None and known.who.external_id == number))
    ]
    return max(hits, key=lambda known: known.lead).agent if hits else None


def insert_leads(connection: sqlite3.Connection, leads: Iterable[NewLead]) -> None:
    """Writes new leads, facts and present state in one row each.

    Columns in which none of them says anything unusual are left to their defaults: two thirds of them, as a rule.
    """
    rows = [(new.state.lead, *new.facts, new.salt, new.digest, *state_row(new.state)) for new in leads]
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    told = [place for place, values in enumerate(columns) if values.count(_DEFAULTS[place]) < len(rows)]
    connection.executemany(
        f"INSERT INTO leads ({', '.join(_COLUMNS[place] for place in told)}) VALUES ({', '.join('?' * len(told))})",
        zip(*(columns[place] for place in told), strict=True),
    )


def insert_inquiries(connection: sqlite3.Connection, inquiries: Iterable[NewInquiry]) -> None:
    """Keeps what known persons said when they asked again."""
    connection.executemany(
        "INSERT INTO inquiries (lead, event, external_id, email, phone, digest, facts, salt) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        inquiries,
    )


class KeptFacts(NamedTuple):
    """A lead's facts, with what its commitment was made of."""

    facts: Lead
    salt: bytes | None
    digest: bytes | None

    @property
    def forgotten(self) -> bool:
        """Whether the person was erased: every lead has an e-mail, a phone or an external id until then."""
        return not (self.facts.external_id or self.facts.email or self.facts.phone)


def read_facts(connection: sqlite3.Connection, lead: int) -> KeptFacts:
    """A lead's facts."""
    row = connection.execute(f"SELECT {_FACTS}, salt, digest FROM leads WHERE lead = ?", (lead,)).fetchone()
    return KeptFacts(Lead(*row[:-2]), row[-2], row[-1])


def is_anybody_suppressed(connection: sqlite3.Connection) -> bool:
    """Whether there is somebody who asked not to be recorded again."""
    return connection.execute("SELECT 1 FROM suppressed LIMIT 1").fetchone() is not None


def is_unscrubbed(connection: sqlite3.Connection) -> bool:
    """Whether the bytes of erased leads may still lie in the file."""
    return connection.execute("SELECT 1 FROM unscrubbed").fetchone() is not None


def is_lead(connection: sqlite3.Connection, lead: int) -> bool:
    """Whether there is a lead of this number."""
    return connection.execute("SELECT 1 FROM leads WHERE lead = ?", (lead,)).fetchone() is not None


def holder_of(connection: sqlite3.Connection, lead: int) -> str | None:
    """The agent who has a lead, or is asked to take it; None for nobody, and for no lead."""
    row = connection.execute("SELECT agent FROM leads WHERE lead = ?", (lead,)).fetchone()
    return row[0] if row else None


def update_facts(connection: sqlite3.Connection, lead: int, facts: Lead) -> None:
    """Replaces a lead's facts after a correction."""
    sets = ", ".join(f"{column} = ?" for column in FACT_COLUMNS)
    connection.execute(f"UPDATE leads SET {sets} WHERE lead = ?", (*facts, lead))


def is_recorded(connection: sqlite3.Connection, identity: bytes) -> bool:
    """Whether a row of outcomes was recorded before."""
    return connection.execute("SELECT 1 FROM recorded WHERE digest = ?", (identity,)).fetchone() is not None


def insert_recorded(connection: sqlite3.Connection, identity: bytes, event: int) -> None:
    """Remembers a row of outcomes, and the event that came of it."""
    connection.execute("INSERT INTO recorded VALUES (?, ?)", (identity, event))


def find_lead(connection: sqlite3.Connection, name: str) -> int:
    """The lead people mean: an external id, else a number; `id:17` and `ext:17` force. Raises WrongUsage."""
    if name.startswith("ext:"):
        hits = _by_external_id(connection, name[4:])
    elif name.startswith("id:"):
        hits = _by_number(connection, name[3:])
    else:
        hits = sorted({*_by_external_id(connection, name), *_by_number(connection, name)})
    if not hits:
        raise WrongUsage(f"no lead {name}", "see the numbers with: leadrouter open --agent AGENT")
    if len(hits) > 1:
        raise WrongUsage(
            f"{name} means more than one lead: {', '.join(f'id:{hit}' for hit in hits)}",
            "say which, as id:17 or ext:17",
        )
    return hits[0]


def _by_external_id(connection: sqlite3.Connection, external_id: str) -> list[int]:
    rows = connection.execute(
        "SELECT lead FROM leads WHERE external_id = ?1 "
        "UNION SELECT lead FROM inquiries WHERE external_id = ?1 ORDER BY 1",
        (external_id,),
    )
    return [row[0] for row in rows]


def _by_number(connection: sqlite3.Connection, number: str) -> list[int]:
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return []
    return [row[0] for row in connection.execute("SELECT lead FROM leads WHERE lead = ?", (int(number),))]


def _lookup(connection: sqlite3.Connection, column: str, values: Sequence[Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for table in ("inquiries", "leads"):
        for start in range(0, len(values), 500):
            part = values[start : start + 500]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT {column}, lead FROM {table} WHERE {column} IN ({marks})"
            found.update(connection.execute(sql, part).fetchall())
    return found
