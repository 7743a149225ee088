"""Who is not considered this time, and why. One list, in order; the first reason that applies is the one given.

A skip is a name and a function; adding one is adding a row. All skips are evaluated before the pick, and a
skipped agent earns nothing, so nobody comes back to a flood.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.decision import Case
from leadrouter.domain.narrowing import serves
from leadrouter.domain.policy import Agent, Policy
from leadrouter.domain.state import AgentState

REASONS = {
    "left": "has left",
    "not_joined": "has not joined yet",
    "time_off": "is on time off",
    "paused": "is paused",
    "offline": "was taken offline after broken promises",
    "hours": "is outside working hours",
    "capacity": "is at capacity",
    "daily_limit": "has reached the limit for the day",
    "hourly_limit": "has reached the limit for the hour",
    "past_holder": "has lost this lead before",
    "declined": "did not accept this lead",
    "price": "does not serve this price",
    "specialty": "does not serve this specialty",
    "source": "does not serve this source",
    "territory": "does not serve this territory",
    "language": "does not speak this language",
    "fastest": "is slower to first contact",
    "overlap": "did not have the last lead there",
    "prefer_language": "others speak the language",
    "prefer_specialty": "others know this specialty",
    "prefer_source": "others know this source",
    "prefer_territory": "others are at home there",
    "prefer_features": "others know these features better",
    "prefer_channel": "others use the preferred channel",
    "prefer_time": "others work at the preferred time",
    "prefer_experience": "others are more experienced",
    "prefer_nearest": "others are nearer",
}
"""Every reason for a skip, in the order in which they are tried, and what it means in words.

From `fastest` on they narrow: whoever fits less is left out this time because somebody fits better.
"""


class Moment(NamedTuple):
    """One instant as an agent's calendar sees it: UTC, the team's date, the agent's wall clock."""

    now: datetime
    date: str
    there: datetime


def off_duty(agent: Agent, state: AgentState, policy: Policy, moment: Moment) -> str | None:
    """Skips that only time can change: dates, absences, working hours; and being offline, where the policy has it."""
    if not state.active or (agent.left and moment.date >= agent.left):
        return "left"
    joined = agent.joined or state.joined
    if joined and moment.date < joined:
        return "not_joined"
    if any(first <= moment.date <= last for first, last in agent.time_off):
        return "time_off"
    for since, until in state.absences:
        if datetime.fromisoformat(since) <= moment.now:
            if until is None:
                return "paused"
            if moment.now < datetime.fromisoformat(until):
                return "time_off"
    if state.offline_since is not None and policy.sla.offline is not None:
        return "offline"
    if not calendar.is_open(agent.hours, moment.there):
        return "hours"
    return None


def overloaded(agent: Agent, state: AgentState, day: str, hour: str) -> str | None:
    """Skips that leads can change: capacity, and the limits of the agent's local day and hour."""
    if state.open >= agent.capacity:
        return "capacity"
    if agent.per_day is not None and state.day == day and state.day_count >= agent.per_day:
        return "daily_limit"
    if agent.per_hour is not None and state.hour == hour and state.hour_count >= agent.per_hour:
        return "hourly_limit"
    return None


def wrong_for(case: Case, agent: Agent, serving: str | None) -> str | None:
    """Skips that belong to this lead alone: who held it, price bands, and what the rule's strategy must serve."""
    if agent.id in case.excluded:
        return "past_holder"
    if agent.id in case.declined:
        return "declined"
    if agent.id in case.out_of_price:
        return "price"
    if serving is not None and not serves(serving, agent, case):
        return serving
    return None
