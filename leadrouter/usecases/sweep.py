"""The sweep: carries out what has fallen due and nothing else. What falls due is said by `domain.deadlines` alone.

Run from cron as `reclaim`. Leads are taken from the index of deadlines in short transactions; sweeping again
at the same moment does nothing, a missed run only delays.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.deadlines import Step, due
from leadrouter.domain.journal import Journal
from leadrouter.store import desks
from leadrouter.store.leads import read_facts
from leadrouter.usecases.roster import depart
from leadrouter.usecases.session import Session
from leadrouter.usecases.settle import settle

AT_ONCE = 200
"""Leads per transaction, so that nobody waits long behind a sweep."""


class Change(NamedTuple):
    """One thing the sweep did: `what` is the state the lead came to, `reason` the clock that asked for it."""

    lead: int
    what: str
    reason: str
    source: str | None
    target: str | None


class Swept(NamedTuple):
    """What a sweep changed, and when the next clock strikes."""

    at: datetime
    changes: list[Change]
    next_due: str | None


def sweep(session: Session, now: datetime) -> Swept:
    """Reclaims everything that is due, then tries again what nobody could take: in that order, so that a second
    sweep finds nothing that this one made possible."""
    with session.writing() as journal:
        depart(session, journal, now)
    changes: list[Change] = []
    for retries in (False, True):
        after = ("", 0)
        while True:
            with session.writing() as journal:
                batch = desks.due_leads(session.connection, now, AT_ONCE, after, retries=retries)
                desks.load_leads(session.connection, journal.desk, [lead for _, lead in batch])
                for _, lead in batch:
                    changes += _carry_out(session, journal, lead, now)
            if len(batch) < AT_ONCE:
                break
            after = batch[-1]
    return Swept(now, changes, desks.next_due(session.connection, now))


def _carry_out(session: Session, journal: Journal, number: int, now: datetime) -> list[Change]:
    lead = journal.desk.leads[number]
    step: Step | None = due(lead, journal.desk.policy.policy, now)
    if step is None:
        return []
    holder, state = lead.agent, lead.state
    if step.what == "reclaim":
        journal.record("reclaimed", now, lead=number, agent=holder, data={"reason": step.reason})
    facts, _ = read_facts(session.connection, number)
    decision = settle(journal, facts, lead, "retry" if step.what == "retry" else "reclaimed", now)
    if lead.state == state == "unassigned":
        return []
    return [Change(number, decision.outcome, step.reason, holder, decision.agent)]
