"""What `export` gives out: of one person everything that is held, or all leads as a table for other programs.

The table has the columns of a lead file, so `import --history` reads it again. No cell of it can become a formula.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from typing import Any, TextIO

from leadrouter.domain.events import iso
from leadrouter.domain.lead import Lead, custom_of
from leadrouter.domain.persons import Theirs
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState
from leadrouter.reports.csv_files import harmless
from leadrouter.reports.everyday import event_view
from leadrouter.reports.lead import iso_or_none, lead_view
from leadrouter.store.people import Held, custom_names, every_lead


def person_view(theirs: Theirs, leads: list[Held], policy: Policy) -> dict[str, Any]:
    """Everything held of one person."""
    return {"leads": [_lead(entry, policy) for entry in leads], "maybe_theirs": list(theirs.doubtful)}


def _lead(entry: Held, policy: Policy) -> dict[str, Any]:
    at = {event.seq: iso(event.at) for event in entry.history}
    return {
        **lead_view(entry.row, policy),
        "facts": _facts(entry.facts),
        "inquiry_facts": [{"at": at.get(event), **_facts(facts)} for event, facts in entry.inquiries],
        "notes": [{"at": at.get(event), "event": event, "text": text} for event, text in entry.notes.items()],
        "history": [event_view(event) for event in entry.history],
        "notices": [told._asdict() for told in entry.told],
    }


def _facts(facts: Lead) -> dict[str, Any]:
    said = {name: value for name, value in facts._asdict().items() if value is not None}
    return said | ({"custom": custom_of(facts)} if facts.custom else {})


# --- all leads ------------------------------------------------------------------------------------------------------

_OUTCOME = ("agent", "state", "contacted_at", "closed_at", "value")
_FIELDS = tuple(name for name in Lead._fields if name not in ("custom", "quality"))


def write_table(connection: sqlite3.Connection, out: TextIO) -> int:
    """All leads as CSV, one row each, custom fields in columns of their own. Returns how many."""
    custom = custom_names(connection)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_FIELDS, "quality", *_OUTCOME, *map(harmless, custom)])
    count = 0
    for facts, state in every_lead(connection):
        own = custom_of(facts)
        row = [*_cells(facts, state), *(own.get(name) for name in custom)]
        writer.writerow([harmless(cell) for cell in row])
        count += 1
    return count


def write_lines(connection: sqlite3.Connection, out: TextIO) -> int:
    """The same as JSON lines, absent values left out. Returns how many."""
    count = 0
    for facts, state in every_lead(connection):
        cells = zip((*_FIELDS, "quality", *_OUTCOME), _cells(facts, state), strict=True)
        said = {name: value for name, value in cells if value is not None} | custom_of(facts)
        out.write(json.dumps(said, ensure_ascii=False) + "\n")
        count += 1
    return count


def _cells(facts: Lead, state: LeadState) -> Iterator[Any]:
    yield from (getattr(facts, name) for name in _FIELDS)
    yield from (state.quality, state.agent, state.state)
    yield from (iso_or_none(state.contacted_at), iso_or_none(state.closed_at), state.value)
