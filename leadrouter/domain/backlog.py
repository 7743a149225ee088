"""How a backlog is spread at opening: over all who work that morning, not onto the first one in.

Only says whether to wait; who gets a lead is decided in `routing`, when its turn has come in `usecases.sweep`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.desk import Desk

SOON = timedelta(hours=2)
"""Leads wait for agents who come in within this time, and for nobody who comes later."""


class Shift(NamedTuple):
    """The agents who work now, and those whose hours begin soon."""

    here: tuple[str, ...]
    coming: tuple[str, ...]


def shift_at(desk: Desk, now: datetime) -> Shift:
    """Who is on duty at a moment, and who comes in soon: the same for every lead of a backlog."""
    here, coming = [], []
    team = desk.policy.policy.team
    for agent in desk.policy.roster.values():
        skip = desk.slot(agent.id, now).skip
        if agent.role != "agent" or skip not in (None, "hours"):
            continue
        if skip is None:
            here.append(agent.id)
        elif calendar.next_opening(agent.hours, (), now, agent.timezone or team.timezone) - now <= SOON:
            coming.append(agent.id)
    return Shift(tuple(here), tuple(coming))


def waits_for_others(shift: Shift, desk: Desk, waiting: int, now: datetime) -> bool:
    """Whether those on duty have their share of the day, so that the rest of the `waiting` leads is for who comes in.

    A share is what came today and what waits, over all who are on duty or come in soon. So few leads that those on
    duty could take one each are no backlog.
    """
    if not shift.coming or waiting <= len(shift.here):
        return False
    today = sum(_today(desk, agent, now) for agent in shift.here)
    share = -(-(waiting + today) // (len(shift.here) + len(shift.coming)))
    return today >= share * len(shift.here)


def _today(desk: Desk, agent: str, now: datetime) -> int:
    state = desk.agents[agent]
    return state.day_count if state.day == desk.slot(agent, now).day else 0
