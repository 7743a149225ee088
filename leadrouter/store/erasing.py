"""Erasing a person from the file: the traces they are followed by, the deleting itself, and the bytes.

A page that SQLite once split keeps copies of moved rows in its gaps, which `secure_delete` does not reach (1 to 2 % of
erased leads were found that way among 5,000). So a file is written anew after an erasure (VACUUM), and the log emptied.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime

from leadrouter.domain.events import iso
from leadrouter.domain.lead import Lead, Person
from leadrouter.domain.persons import Traces
from leadrouter.store import transactions
from leadrouter.store.leads import FACT_COLUMNS, KeptFacts, known_persons, read_facts
from leadrouter.store.partial_indexes import KEPT

_SPOKEN = "name, source, campaign, area, tags, features, preferred_time, message, requested_agent, custom"
"""Columns in which one person may speak of another."""


def traces(connection: sqlite3.Connection, leads: Iterable[int]) -> Traces:
    """How the persons of these leads appear there (see `domain.persons`)."""
    found: dict[int, list[Person]] = {}
    for lead in leads:
        rows = connection.execute(
            "SELECT external_id, digest, name, email, phone FROM leads WHERE lead = ?1 UNION ALL "
            "SELECT external_id, digest, json_extract(facts, '$[1]'), email, phone FROM inquiries WHERE lead = ?1",
            (lead,),
        )
        found[lead] = [
            Person(external_id if digest else None, name, email, phone)
            for external_id, digest, name, email, phone in rows
        ]
    return found


def look(connection: sqlite3.Connection, emails: set[str], phones: set[str], numbers: set[str]) -> Traces:
    """The leads that have one of these, with all their traces."""
    return traces(connection, {known.lead for known in known_persons(connection, emails, phones, numbers)})


def everything_said(connection: sqlite3.Connection, lead: int) -> list[Lead]:
    """The facts of a lead and of each inquiry on it."""
    return [read_facts(connection, lead).facts, *(facts for _, facts in inquiries_of(connection, lead))]


def inquiries_of(connection: sqlite3.Connection, lead: int) -> list[tuple[int, Lead]]:
    """The event and the facts of each inquiry on a lead that is not erased."""
    rows = connection.execute("SELECT event, facts FROM inquiries WHERE lead = ? AND facts IS NOT NULL", (lead,))
    return [(event, Lead(*json.loads(text))) for event, text in rows]


def erase_lead(connection: sqlite3.Connection, lead: int, stays: KeptFacts) -> tuple[int, int]:
    """Puts what stays in place of a lead's facts; deletes what was said in inquiries and notes, and overtakes notices
    that were not delivered. Returns how many inquiries and notes there were.
    """
    sets = ", ".join(f"{column} = ?" for column in (*FACT_COLUMNS, "salt", "digest"))
    connection.execute(f"UPDATE leads SET {sets} WHERE lead = ?", (*stays.facts, stays.salt, stays.digest, lead))
    inquiries = connection.execute(
        "UPDATE inquiries SET external_id = NULL, email = NULL, phone = NULL, digest = NULL, facts = NULL, salt = NULL "
        "WHERE lead = ? AND salt IS NOT NULL",
        (lead,),
    ).rowcount
    notes = connection.execute(
        "UPDATE notes SET text = NULL, salt = NULL WHERE lead = ? AND salt IS NOT NULL", (lead,)
    ).rowcount
    connection.execute(
        "UPDATE notices SET state = 'overtaken', try_at = NULL WHERE lead = ? AND state IN ('waiting', 'dead')", (lead,)
    )
    return inquiries, notes


def erase_notes(connection: sqlite3.Connection, events: Iterable[int]) -> None:
    """Deletes what people wrote beside these events."""
    connection.executemany("UPDATE notes SET text = NULL, salt = NULL WHERE event = ?", [(event,) for event in events])


def notes(connection: sqlite3.Connection) -> Iterator[tuple[int, int | None, str]]:
    """Every note that is not erased: its event, its lead, its text."""
    yield from connection.execute("SELECT event, lead, text FROM notes WHERE text IS NOT NULL ORDER BY event")


def spoken(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Every lead and inquiry with the words in it that may speak of other people."""
    for lead, *texts in connection.execute(f"SELECT lead, {_SPOKEN} FROM leads WHERE forgotten_at IS NULL"):
        yield lead, "\n".join(filter(None, texts))
    yield from connection.execute("SELECT lead, facts FROM inquiries WHERE facts IS NOT NULL")


def closed_before(connection: sqlite3.Connection, cutoff: datetime, limit: int) -> list[int]:
    """Leads that were closed before a moment and are not erased, the oldest first; where nobody knows when one was
    closed, it counts from when it came in.
    """
    rows = connection.execute(
        f"SELECT lead FROM leads INDEXED BY leads_kept WHERE {KEPT} "
        "AND coalesce(closed_at, received_at) < ? ORDER BY coalesce(closed_at, received_at), lead LIMIT ?",
        (iso(cutoff), limit),
    )
    return [lead for (lead,) in rows]


# --- the bytes ------------------------------------------------------------------------------------------------------


def to_be_scrubbed(connection: sqlite3.Connection, now: datetime) -> None:
    """Remembers, in the transaction of an erasure, that its bytes are still there."""
    connection.execute("INSERT OR IGNORE INTO unscrubbed VALUES (1, ?)", (iso(now),))


def scrub(connection: sqlite3.Connection, *, wait: bool) -> bool:
    """Writes the file anew and empties its log, so that nothing erased is left in either. False where another process
    reads the file: what it still sees cannot go. `wait`: tries for as long as a lock is waited for.
    """
    if not transactions.empty_log(connection, wait=wait):
        return False
    transactions.write_anew(connection)
    if not transactions.empty_log(connection, wait=wait):
        return False
    with transactions.writing(connection):
        connection.execute("DELETE FROM unscrubbed")
    return True
