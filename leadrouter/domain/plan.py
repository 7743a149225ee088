"""The plan: hours, absences, ramp-up and dates of the whole team compiled for one moment.

A plan is valid until its next change, so a thousand leads in the same hour read the calendar once (per lead
it would cost 27 us for 20 agents). It is a cache of `skips.off_duty` and of the ramp-up; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.policy import WEIGHT_UNIT, Agent, RampStep
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.skips import Moment, off_duty
from leadrouter.domain.state import AgentState


class Slot(NamedTuple):
    """One agent at this moment: the skip that time causes, the weight in 2520ths, the local day and hour."""

    skip: str | None
    weight: int
    day: str
    hour: str


class Plan(NamedTuple):
    """The slots of everyone on the roster, valid from `since` until just before `until` (UTC)."""

    since: datetime
    until: datetime
    month: str
    slots: Mapping[str, Slot]


def plan_at(policy: Rulebook, agents: Mapping[str, AgentState], now: datetime) -> Plan:
    """Compiles the plan. `agents` must hold a state for everyone on the roster."""
    team = policy.policy.team
    date = calendar.local_date(now, team.timezone)
    clocks: dict[str, datetime] = {team.timezone: calendar.local(now, team.timezone)}
    until = _next_hour(clocks[team.timezone], now)
    slots = {}
    for agent in policy.roster.values():
        zone = agent.timezone or team.timezone
        if zone not in clocks:
            clocks[zone] = calendar.local(now, zone)
            until = min(until, _next_hour(clocks[zone], now))
        there = clocks[zone]
        state = agents[agent.id]
        until = min(until, _next_edge(agent, state, there, now, until))
        slots[agent.id] = Slot(
            off_duty(agent, state, policy.policy, Moment(now, date, there)),
            ramped(agent, state, date, policy.policy.ramp_up),
            there.strftime("%Y-%m-%d"),
            there.strftime("%Y-%m-%dT%H%z"),
        )
    return Plan(now, until, date[:7], slots)


def ramped(agent: Agent, state: AgentState, date: str, ramp_up: Iterable[RampStep]) -> int:
    """The agent's weight on a date: their own, times the ramp-up step they are in (DOMAIN section 6)."""
    joined = agent.joined or state.joined
    if joined is None or date < joined:
        return agent.weight
    day = calendar.days_between(joined, date) + 1
    for step in ramp_up:
        if day <= step.until_day:
            return max(1, agent.weight * step.weight // WEIGHT_UNIT)
    return agent.weight


def _next_hour(there: datetime, now: datetime) -> datetime:
    """The next full local hour: limits per hour and every date change fall on one."""
    return now + timedelta(seconds=3600 - there.minute * 60 - there.second)


def _next_edge(agent: Agent, state: AgentState, there: datetime, now: datetime, until: datetime) -> datetime:
    edges = [until]
    if agent.hours is not None:
        edges += calendar.boundaries(agent.hours, there)
    for absence in state.absences:
        edges += [edge for edge in map(datetime.fromisoformat, filter(None, absence)) if edge > now]
    return min(edges)
