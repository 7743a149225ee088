"""The sweep: carries out what has fallen due and nothing else. What falls due is said by `domain.deadlines` alone.

Run from cron as `reclaim`. Leads are taken from the index of deadlines in short transactions; sweeping again
at the same moment does nothing, a missed run only delays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from leadrouter.domain.backlog import shift_at, waits_for_others
from leadrouter.domain.deadlines import Step, overdue
from leadrouter.domain.events import iso
from leadrouter.domain.journal import Journal
from leadrouter.domain.state import LeadState
from leadrouter.store import desks, sweeps
from leadrouter.usecases.roster import depart
from leadrouter.usecases.session import Session
from leadrouter.usecases.settle import deal_again, would_become
from leadrouter.usecases.step_kinds import to_qualify, unless_it_costs
from leadrouter.usecases.tell import due_notices

AT_ONCE = 200
"""Leads per transaction, so that nobody waits long behind a sweep."""


class Change(NamedTuple):
    """One thing the sweep did: `what` is the state the lead came to, or escalated, warned, promise_missed, forgotten,
    taken_offline (which is about an agent and no lead); `reason` the clock that asked for it, `rests` why nothing moves
    the lead any more.
    """

    lead: int | None
    what: str
    reason: str
    source: str | None
    target: str | None
    rests: str | None = None


class Swept(NamedTuple):
    """What a sweep changed, how many leads are unassigned after it, and when the next clock strikes."""

    at: datetime
    changes: list[Change]
    unassigned: int
    next_due: str | None


def sweep(session: Session, now: datetime) -> Swept:
    """First what is due on leads that somebody holds, those of people on time off after the others, since their covers
    may get room by these; then the backlog. In that order, so that a second sweep finds nothing that this one made
    possible."""
    with session.writing() as journal:
        depart(session, journal, now)
        journal.notices += due_notices(session, journal, now)
    changes = _what_is_due(session, now)
    if session.policy.policy.sla.offline is not None:
        with session.writing() as journal:
            changes += _take_offline(journal, now)
    changes += _deal_backlog(session, now)
    if session.policy.policy.retention.closed is not None:
        from leadrouter.usecases.erase import forget_old

        changes += [Change(old.lead, "forgotten", "retention", None, None) for old in forget_old(session, now, AT_ONCE)]
    with session.writing() as journal:
        sweeps.note_sweep(session.connection, now)
    unassigned = sweeps.unassigned_leads(session.connection)
    return Swept(now, changes, unassigned, sweeps.next_due(session.connection, now))


def _what_is_due(session: Session, now: datetime) -> list[Change]:
    """Carries out what is due on leads that somebody holds, those that time off moves last."""
    changes: list[Change] = []
    moving: list[int] = []
    after = ("", 0)
    while batch := sweeps.due_leads(session.connection, now, AT_ONCE, after):
        with session.writing() as journal:
            for _, lead in batch:
                steps = _overdue(session, journal, lead, now)
                if steps and steps[0].what == "move":
                    moving.append(lead)
                else:
                    changes += _carry_out(session, journal, lead, steps, now)
        after = batch[-1]
    for start in range(0, len(moving), AT_ONCE):
        with session.writing() as journal:
            for lead in moving[start : start + AT_ONCE]:
                changes += _carry_out(session, journal, lead, _overdue(session, journal, lead, now), now)
    return changes


def _overdue(session: Session, journal: Journal, number: int, now: datetime) -> list[Step]:
    """What is due for a lead now, strongest first, read again under the lock: another sweep may have been faster."""
    desks.load_leads(session.connection, journal.desk, [number])
    return list(overdue(journal.desk.leads[number], journal.desk.policy.policy, journal.desk.agents, now))


def _deal_backlog(session: Session, now: datetime) -> list[Change]:
    """The leads that wait, in the policy's order: as many in an hour as it allows, and to nobody more than their
    share of the day while others are still to come in. Hot leads do not wait for those."""
    waiting = sweeps.backlog(session.connection, now, session.policy.policy.backlog.order)
    left = len(waiting)
    changes: list[Change] = []
    for start in range(0, len(waiting), AT_ONCE):
        with session.writing() as journal:
            shift = shift_at(journal.desk, now)
            for lead in waiting[start : start + AT_ONCE]:
                later = waits_for_others(shift, journal.desk, left, now)
                changes += _carry_out(session, journal, lead, _overdue(session, journal, lead, now), now, later=later)
                due_at = journal.desk.leads[lead].due_at
                left -= due_at is None or due_at > now
    return changes


def _drained(journal: Journal, now: datetime) -> bool:
    """Whether as many leads of the backlog were dealt in this hour as the policy allows."""
    limit = journal.desk.policy.policy.backlog.per_hour
    hour, dealt = journal.desk.drained
    return limit is not None and hour == now.strftime("%Y-%m-%dT%H") and dealt >= limit


def _carry_out(
    session: Session, journal: Journal, number: int, steps: Sequence[Step], now: datetime, *, later: bool = False
) -> list[Change]:
    """The one step of those due for a lead: where the strongest one changes nothing, the next one.

    `later` leaves dealing it to another sweep, unless it is hot, or an isa's: those of the field have no share in that.
    """
    lead = journal.desk.leads[number]
    for step in steps:
        if step.what in DEALS and _drained(journal, now):
            continue
        if step.what in DEALS and later and lead.quality != "hot":
            occasion = _occasion(step, lead, journal)
            if would_become(session.connection, journal, lead, occasion, now) != "qualifying":
                continue
        change = _take(session, journal, lead, step, now)
        if change is not None:
            return [change]
    return []


DEALS = ("retry", "deal")
"""Steps that deal out a lead that waited."""


def _take(session: Session, journal: Journal, lead: LeadState, step: Step, now: datetime) -> Change | None:
    """Takes a step; None if it would change nothing."""
    desk, number, holder = journal.desk, lead.lead, lead.agent
    data: dict[str, Any]
    if step.what in TOLD:
        journal.record(TOLD[step.what], now, lead=number, agent=holder, data=_told(journal, step))
        hears = holder if step.what == "warn" else desk.policy.policy.team.leader
        return Change(number, TOLD[step.what], step.reason, holder, hears)
    if step.what == "move" and (cover := _cover(journal, lead, now)):
        data = {"from": holder, "reason": step.reason, **to_qualify(journal, cover)}
        journal.record("transferred", now, lead=number, agent=cover, data=data)
        return Change(number, lead.state, step.reason, holder, cover)
    occasion = _occasion(step, lead, journal)
    if step.what == "move" and would_become(session.connection, journal, lead, occasion, now) == "unassigned":
        return None  # it stays with its holder until somebody can take it
    if step.what == "expire":
        data = {"reason": step.reason, **unless_it_costs(journal, lead)}
        journal.record("expired", now, lead=number, agent=holder, data=data)
    elif holder is not None:
        data = {"reason": step.reason, **({"hop": False} if step.what == "move" else {})}
        journal.record("reclaimed", now, lead=number, agent=holder, data=data)
    decision = deal_again(session.connection, journal, lead, occasion, now)
    if step.what == "retry" and decision.outcome == "unassigned":
        return None
    return Change(number, lead.state, step.reason, holder, lead.agent, lead.reason if lead.resting else None)


TOLD = {"tell": "escalated", "miss": "promise_missed", "warn": "warned"}
"""Steps that leave the lead where it is -> the event that tells of them."""


def _told(journal: Journal, step: Step) -> dict[str, Any]:
    if step.what == "miss":
        return {}
    leader = journal.desk.policy.policy.team.leader if step.what == "tell" else None
    data = {"reason": step.reason} | ({"told": leader} if leader else {})
    return data | {"after": step.after} if step.after else data


def _occasion(step: Step, lead: LeadState, journal: Journal) -> str:
    """Why the lead is routed again."""
    if step.what == "retry":
        return lead.waits_as or "retry"
    if step.what == "move":
        return "posted" if journal.desk.policy.policy.time_off.open_leads == "pool" else "away"
    return {
        "reclaim": "reclaimed", "reassign": "reassigned", "pool": "posted", "expire": "expired"
    }.get(step.what, step.reason)  # fmt: skip


def _cover(journal: Journal, lead: LeadState, now: datetime) -> str | None:
    """Who covers for the holder, if they can take it: a cover who is full or away must not be buried."""
    desk = journal.desk
    if desk.policy.policy.time_off.open_leads != "cover" or lead.agent not in desk.policy.roster:
        return None
    cover = desk.policy.roster[lead.agent].cover
    if cover is None or cover in lead.excluded or cover in lead.declined:
        return None
    return cover if desk.barred(cover, now) is None else None


def _take_offline(journal: Journal, now: datetime) -> list[Change]:
    """Agents who broke as many promises lately as the policy allows get no more leads until `back`."""
    offline = journal.desk.policy.policy.sla.offline
    assert offline is not None
    changes = []
    for agent in sorted(journal.desk.agents):
        state = journal.desk.agents[agent]
        since = iso(now - timedelta(seconds=offline.within))
        recent = [miss for miss in state.misses if miss > since]
        if len(recent) >= offline.misses and state.offline_since is None and state.active:
            journal.record("taken_offline", now, agent=agent, data={"misses": len(recent)})
            changes.append(Change(None, "taken_offline", "unanswered", agent, None))
    return changes
