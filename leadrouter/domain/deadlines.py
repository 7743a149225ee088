"""What falls due next for one lead, and when. One function names every clock; the rest only asks it.

`next_due` says when (the store keeps it as `due_at`, which sweeps read through an index); `due` says what, at
the moment of the sweep. Nothing here changes a lead, except `restart_if_past` for a policy that just changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import CLOSED, HELD, LeadState


class Step(NamedTuple):
    """One thing a sweep will do: `what` is reclaim, deal or retry, `reason` the clock that asks for it."""

    at: datetime
    what: str
    reason: str


REASONS = {
    "no_contact": "was not contacted in time",
    "no_conversion": "was reached but not converted in time",
    "agent_left": "its agent has left",
    "opening": "the team is open again",
    "unclaimed": "nobody claimed it from the pool",
    "unassigned": "nobody could take it so far",
}
"""Every clock, and what it means in words."""


def clocks(lead: LeadState, policy: Policy) -> Iterator[Step]:
    """Every clock that runs for this lead, strongest first (DOMAIN section 9)."""
    since = lead.clock_at
    if since is None or lead.state in CLOSED:
        return
    if lead.state == "unassigned":
        yield Step(since, "retry", "unassigned")
    elif lead.state == "held":
        yield Step(
            calendar.next_opening(policy.team.hours, policy.team.holidays, since, policy.team.timezone),
            "deal",
            "opening",
        )
    elif lead.state == "pooled" and not lead.resting:
        yield Step(since + timedelta(seconds=policy.pool.claim_within), "deal", "unclaimed")
    elif lead.state in HELD and lead.holder_left_at is not None:
        yield Step(lead.holder_left_at, "reclaim", "agent_left")
    if lead.state not in HELD or lead.resting:
        return
    if lead.attempts == 0 and policy.reclaim.no_contact is not None:
        yield Step(since + timedelta(seconds=policy.reclaim.no_contact), "reclaim", "no_contact")
    if lead.reached_at is not None and lead.state != "appointment" and policy.reclaim.no_conversion is not None:
        yield Step(since + timedelta(seconds=policy.reclaim.no_conversion), "reclaim", "no_conversion")


def next_due(lead: LeadState, policy: Policy) -> datetime | None:
    """When the first of its clocks strikes."""
    return min((step.at for step in clocks(lead, policy)), default=None)


def due(lead: LeadState, policy: Policy, now: datetime) -> Step | None:
    """The strongest step that is overdue at `now`, or None."""
    return next((step for step in clocks(lead, policy) if step.at <= now), None)


def restart_if_past(lead: LeadState, before: Policy, after: Policy, now: datetime) -> None:
    """A new policy may shorten a clock; one that would already be past starts again at this moment."""
    was, becomes = next_due(lead, before), next_due(lead, after)
    if becomes is not None and becomes <= now and (was is None or was > now):
        lead.clock_at = now
