"""Outcomes in bulk: what became of leads, as another system or a spreadsheet tells it. One row is one step.

Every row goes the way a step by hand goes. A row recorded before changes nothing; one that is not allowed is
rejected with its reason, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from leadrouter.domain.events import iso
from leadrouter.domain.history import OUTCOMES, Outcome
from leadrouter.domain.journal import Journal
from leadrouter.domain.naming import as_typed, named
from leadrouter.domain.state import CLOSED, LeadState, is_past
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import desks
from leadrouter.store import leads as store
from leadrouter.usecases.past import Owners, UnknownOwner
from leadrouter.usecases.session import Session
from leadrouter.usecases.steps import step_on

STEP_OF = {what: what.replace("_", "-") for what in OUTCOMES}
"""What a row may say -> the step it is."""


class Taken(NamedTuple):
    """What became of one row: `what` is new, unchanged or rejected, with the reason."""

    what: str
    reason: str | None = None


def record(session: Session, rows: Sequence[Outcome], now: datetime) -> list[Taken]:
    """Records the rows in their order, in one transaction."""
    with session.writing() as journal:
        results = []
        owners = Owners(journal.desk)
        for row in rows:
            try:
                results.append(_record(session, journal, row, now, owners))
            except (Refused, WrongUsage) as error:
                reason = error.message + (f"; {error.hint}" if isinstance(error, UnknownOwner) else "")
                results.append(Taken("rejected", reason))
        return results


def _record(session: Session, journal: Journal, row: Outcome, now: datetime, owners: Owners) -> Taken:
    number = store.find_lead(session.connection, row.lead)
    identity = _identity(number, row)
    if store.is_recorded(session.connection, identity):
        return Taken("unchanged")
    desks.load_leads(session.connection, journal.desk, [number])
    lead = journal.desk.leads[number]
    if _is_so(lead, row):
        return Taken("unchanged")
    agent = owners.agent(row.agent)
    if agent is not None and agent != lead.agent:
        holder, other = (named(journal.desk.policy.policy, who) for who in (lead.agent, agent))
        raise Refused(f"lead {as_typed(row.lead)} is with {holder}, not with {other}", "")
    details = {**_details(row, lead), "row": identity.hex()}
    step, called = STEP_OF[row.what], as_typed(row.lead)
    _, event = step_on(session, journal, number, step, now, called=called, at=row.at, note=row.reason, details=details)
    store.insert_recorded(session.connection, identity, event.seq)
    return Taken("new")


def _is_so(lead: LeadState, row: Outcome) -> bool:
    """Whether the lead ended this way at this moment already, however that came to be known."""
    if row.what != lead.state or lead.state not in CLOSED or lead.closed_at is None:
        return False
    return row.at == lead.closed_at and (row.what != "won" or row.value in (None, lead.value))


def _identity(number: int, row: Outcome) -> bytes:
    """What makes two rows the same: everything but the reason, whose words must not leave a trace."""
    at = iso(row.at) if row.at else ""
    met = f"/{row.met}" if row.met else ""
    return sha256(f"{number}/{row.what}/{at}/{row.agent or ''}/{row.value}{met}".encode()).digest()[:16]


def _details(row: Outcome, lead: LeadState) -> dict[str, Any]:
    if row.at is None and is_past(lead) and row.what in ("contact", "appointment", "no_show"):
        raise Refused(f"lead {as_typed(row.lead)} is a past one: say when this was", "")
    if row.what == "contact":
        return {"channel": "call", "outcome": "reached"}
    if row.what == "rate":
        if row.value not in (1, 2, 3, 4, 5):
            raise WrongUsage("a rating is a whole number from 1 to 5", "")
        return {"score": int(row.value)}
    if row.what == "handoff":
        return {"met": tuple(word for word in (row.met or "").split(",") if word.strip())}
    undated = {"undated": True} if row.at is None and is_past(lead) and row.what in ("won", "lost", "void") else {}
    return {"value": row.value if row.what == "won" else None, **undated}
