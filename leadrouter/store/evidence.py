"""Everything `verify` reads: the chain, the stored projections and the texts behind the commitments. Judges nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Set
from typing import Any, NamedTuple

from leadrouter.domain.erasure import list_text
from leadrouter.domain.lead import Lead, Person, commitment, facts_text
from leadrouter.store.leads import FACT_COLUMNS
from leadrouter.store.rows import AGENT_COLUMNS, STATE_COLUMNS
from leadrouter.store.suppression import list_salt

_FACTS = f"{', '.join(FACT_COLUMNS)}, salt, digest"
_BLOCK, _BLOCKS_KEPT = 512, 64
"""Leads per block, and blocks kept."""


def events(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """The rows of the chain in order: the columns as they are hashed, then the hash."""
    return connection.execute(
        "SELECT seq, at, kind, lead, agent, by, policy, engine, data, facts, hash FROM events ORDER BY seq"
    )


def policies(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """(version, loaded_at, sha256, policy, text) of every version."""
    return connection.execute("SELECT version, loaded_at, sha256, policy, text FROM policies ORDER BY version")


def agent_rows(connection: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    """The stored agents by id."""
    return {row[0]: row for row in connection.execute(f"SELECT {', '.join(AGENT_COLUMNS)} FROM agents")}


def account_rows(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The stored accounts by rotation and agent."""
    rows = connection.execute("SELECT rotation, agent, credit, due, received FROM rotations")
    return {(rotation, agent): tuple(account) for rotation, agent, *account in rows}


def tally_rows(connection: sqlite3.Connection) -> dict[tuple[Any, ...], int]:
    """The stored monthly counts."""
    rows = connection.execute("SELECT month, panel, agent, what, count FROM tallies")
    return {tuple(key): count for *key, count in rows}


def recorded_rows(connection: sqlite3.Connection) -> dict[bytes, int]:
    """The stored rows of outcomes, and the events that came of them."""
    return dict(connection.execute("SELECT digest, event FROM recorded").fetchall())


def last_there(connection: sqlite3.Connection) -> dict[str, str]:
    """The stored last holder of each territory."""
    return dict(connection.execute("SELECT territory, agent FROM last_there").fetchall())


def drained(connection: sqlite3.Connection) -> dict[str, tuple[str, int]]:
    """The stored count of backlog leads dealt in the latest hour."""
    row = connection.execute("SELECT hour, dealt FROM backlog").fetchone()
    return {"backlog": row} if row else {}


def panel_rows(connection: sqlite3.Connection) -> dict[bytes, int]:
    """The stored keys of panels."""
    return dict(connection.execute("SELECT key, panel FROM panels").fetchall())


def lead_rows(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every lead's number and the columns that are a projection."""
    for row in connection.execute(f"SELECT lead, {', '.join(STATE_COLUMNS)} FROM leads"):
        yield row[0], row[1:]


class KeptText(NamedTuple):
    """A text that an event committed to: where it is kept, the hash that it gives now, None if it was erased.

    `forged` tells a row that is neither whole nor erased, or whose columns contradict its text.
    """

    name: str
    lead: int | None
    event: int
    hash: bytes | None
    forged: bool = False


class FactsInBlocks:
    """The facts of leads, read in blocks of neighbouring numbers: a chain meets them in about their order, and a query
    for each would cost more than all the rest of a replay. The latest blocks are kept.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._blocks: dict[int, dict[int, tuple[Any, ...]]] = {}
        self.intact: set[int] = set()

    def intact_facts(self, lead: int, committed: bytes | None) -> Lead | None:
        """The facts of a lead, if they are still those of a commitment; None if erased or edited since."""
        row = self._block(lead // _BLOCK).get(lead)
        if row is None or committed is None:
            return None
        facts, (salt, digest, _) = Lead._make(row[:-3]), row[-3:]
        if salt is None:
            return None
        if lead not in self.intact:
            if commitment(facts_text(facts), salt, digest) != committed:
                return None
            self.intact.add(lead)
        return facts

    def committed_anew(self, lead: int) -> None:
        """Another event committed to other facts: what was found intact proves nothing about those."""
        self.intact.discard(lead)

    def _block(self, number: int) -> dict[int, tuple[Any, ...]]:
        block = self._blocks.get(number)
        if block is None:
            rows = self._connection.execute(
                f"SELECT {_FACTS}, lead FROM leads WHERE lead BETWEEN ? AND ?",
                (number * _BLOCK, number * _BLOCK + _BLOCK - 1),
            )
            block = {row[-1]: row for row in rows}
            if len(self._blocks) >= _BLOCKS_KEPT:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[number] = block
        return block


def lead_facts(connection: sqlite3.Connection, proven: Set[int]) -> Iterator[KeptText]:
    """The facts of every lead that is not proven already; `event` is 0, since the latest commitment counts."""
    if connection.execute("SELECT count(*) FROM leads").fetchone()[0] == len(proven):
        return
    numbers = [lead for (lead,) in connection.execute("SELECT lead FROM leads ORDER BY lead") if lead not in proven]
    for number in numbers:
        row = connection.execute(f"SELECT {_FACTS} FROM leads WHERE lead = ?", (number,)).fetchone()
        *facts, salt, digest = row
        if salt is None:
            yield KeptText(f"lead {number}", number, 0, None, forged=True)
        else:
            yield KeptText(f"lead {number}", number, 0, commitment(facts_text(Lead(*facts)), salt, digest))


def inquiry_facts(connection: sqlite3.Connection) -> Iterator[KeptText]:
    """The facts of every inquiry."""
    for inquiry, lead, event, external_id, email, phone, digest, facts, salt in connection.execute(
        "SELECT inquiry, lead, event, external_id, email, phone, digest, facts, salt FROM inquiries ORDER BY inquiry"
    ):
        name, columns = f"inquiry {inquiry} of lead {lead}", [external_id, email, phone]
        if salt is None or facts is None:
            forged = any(value is not None for value in (*columns, digest, facts, salt))
            yield KeptText(name, lead, event, None, forged)
        else:
            yield KeptText(name, lead, event, commitment(facts, salt, digest), _contradict(facts, columns))


def inquiry_of(connection: sqlite3.Connection, event: int) -> tuple[str | None, bytes | None]:
    """The facts of the inquiry that an event tells of, and the digest of its row; None where they were erased."""
    row = connection.execute("SELECT facts, digest FROM inquiries WHERE event = ?", (event,)).fetchone()
    return row or (None, None)


def note_texts(connection: sqlite3.Connection) -> Iterator[KeptText]:
    """Every note that a person wrote beside an event."""
    for event, lead, text, salt in connection.execute("SELECT event, lead, text, salt FROM notes ORDER BY event"):
        whole = text is not None and salt is not None
        hashed = commitment(text, salt) if whole else None
        yield KeptText(f"the note of event {event}", lead, event, hashed, not whole and (text, salt) != (None, None))


def suppressed_texts(connection: sqlite3.Connection) -> Iterator[KeptText]:
    """What each erasure put on the list of those who are not to be recorded again."""
    listing = list_salt(connection)
    found: dict[tuple[int, int, bytes], list[Person]] = {}
    rows = connection.execute(
        "SELECT event, lead, salt, external_id, name, email, phone FROM suppressed ORDER BY entry"
    )
    for event, lead, salt, *person in rows:
        found.setdefault((event, lead, salt), []).append(Person(*person))
    for (event, lead, salt), people in found.items():
        hashed = commitment(list_text(people, listing), salt)
        yield KeptText(f"the suppression of lead {lead}", lead, event, hashed)


def _contradict(facts: str, columns: list[str | None]) -> bool:
    """Whether the columns an inquiry is found by say something else than its facts."""
    try:
        found = Lead(*json.loads(facts))
    except (ValueError, TypeError):
        return True
    return [found.external_id, found.email, found.phone] != columns


def noticed_events(
    connection: sqlite3.Connection,
) -> Iterator[tuple[int, str, int | None, int, str | None, int | None]]:
    """Every notice about an event, as (number, kind, lead, event), and the event's own kind and lead."""
    yield from connection.execute(
        "SELECT n.notice, n.kind, n.lead, n.event, e.kind, e.lead FROM notices AS n LEFT JOIN events AS e "
        "ON e.seq = n.event WHERE n.event IS NOT NULL ORDER BY n.notice"
    )
