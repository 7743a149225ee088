"""The sweep: carries out what has fallen due and nothing else. What falls due is said by `domain.deadlines` alone.

Run from cron as `reclaim`. Leads are taken from the index of deadlines in short transactions; sweeping again
at the same moment does nothing, a missed run only delays.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.deadlines import Step, due
from leadrouter.domain.journal import Journal
from leadrouter.store import desks, queries
from leadrouter.store.leads import agent_who_knows, identity_of, known_persons, read_facts
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
    """What a sweep changed, how many leads nobody can take so far, and when the next clock strikes."""

    at: datetime
    changes: list[Change]
    unassigned: int
    next_due: str | None


def sweep(session: Session, now: datetime) -> Swept:
    """Reclaims everything that is due, then deals out the backlog: in that order, so that a second sweep finds
    nothing that this one made possible."""
    with session.writing() as journal:
        depart(session, journal, now)
    changes: list[Change] = []
    after = ("", 0)
    while batch := desks.due_leads(session.connection, now, AT_ONCE, after):
        with session.writing() as journal:
            for _, lead in batch:
                changes += _carry_out(session, journal, lead, now)
        after = batch[-1]
    waiting = desks.backlog(session.connection, now, session.policy.policy.backlog.order)
    for start in range(0, len(waiting), AT_ONCE):
        with session.writing() as journal:
            for lead in waiting[start : start + AT_ONCE]:
                if not _drained(journal, now):
                    changes += _carry_out(session, journal, lead, now)
    unassigned = queries.waiting_leads(session.connection)["unassigned"]
    return Swept(now, changes, unassigned, desks.next_due(session.connection, now))


def _drained(journal: Journal, now: datetime) -> bool:
    """Whether as many leads of the backlog were dealt in this hour as the policy allows."""
    limit = journal.desk.policy.policy.backlog.per_hour
    hour, dealt = journal.desk.drained
    return limit is not None and hour == now.strftime("%Y-%m-%dT%H") and dealt >= limit


def _carry_out(session: Session, journal: Journal, number: int, now: datetime) -> list[Change]:
    """The one step that is due for a lead now, read again under the lock: another sweep may have been faster."""
    desks.load_leads(session.connection, journal.desk, [number])
    lead = journal.desk.leads[number]
    step: Step | None = due(lead, journal.desk.policy.policy, now)
    if step is None:
        return []
    holder, state = lead.agent, lead.state
    if step.what == "reclaim":
        journal.record("reclaimed", now, lead=number, agent=holder, data={"reason": step.reason})
    facts = read_facts(session.connection, number).facts
    known = agent_who_knows(facts, known_persons(session.connection, *identity_of(facts)))
    decision = settle(journal, facts, lead, _occasion(step), now, known=known)
    if lead.state == state == "unassigned":
        return []
    return [Change(number, decision.outcome, step.reason, holder, decision.agent)]


def _occasion(step: Step) -> str:
    """Why the lead is routed again."""
    return {"reclaim": "reclaimed", "retry": "retry"}.get(step.what, step.reason)
