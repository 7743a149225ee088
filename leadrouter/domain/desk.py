"""The desk: all that deciding needs to know. Only `apply` changes it; the store loads it and writes back what changed.

A desk is small: it holds the team, the accounts and the leads at hand, never history. What is derived from them
(the plan of the moment, who stands ready, line-ups) is remembered here until something about it changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadrouter.domain import deadlines
from leadrouter.domain.decision import LineUp
from leadrouter.domain.ledger import Ledger, Renaming
from leadrouter.domain.plan import Plan, Slot, plan_at
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.skips import overloaded
from leadrouter.domain.state import AgentState, LeadState

TallyKey = tuple[str, int, str, str]
"""Key of the monthly counts: (month, panel, agent, what)."""


REMEMBERED = 1000
"""So many deadlines are remembered at a time."""


@dataclass(slots=True)
class Changes:
    """What `apply` touched since the store last looked."""

    agents: set[str] = field(default_factory=set)
    leads: set[int] = field(default_factory=set)
    tallies: Counter[TallyKey] = field(default_factory=Counter)

    def clear(self) -> None:
        """Everything touched so far has been kept."""
        self.agents.clear()
        self.leads.clear()
        self.tallies.clear()


class Desk:
    """Policy in force, agents, accounts, panels met so far and the leads at hand."""

    def __init__(self, rulebooks: Callable[[int], Rulebook]) -> None:
        """`rulebooks` gives the compiled policy of a version when a `policy_loaded` event names it.

        `version` is 0, and there is no `policy`, until the first one is in force.
        """
        self.rulebooks = rulebooks
        self.version = 0
        self.policy: Rulebook
        self.agents: dict[str, AgentState] = {}
        self.leads: dict[int, LeadState] = {}
        self.ledger = Ledger()
        self.panels: dict[int, LineUp] = {}
        self.panel_numbers: dict[LineUp, int] = {}
        self.lineups: dict[tuple[Any, ...], LineUp] = {}
        self.renamings: list[Renaming] = []
        self.last_there: dict[str, str] = {}
        self.drained: tuple[str, int] = ("", 0)
        self.changes = Changes()
        self._plan: Plan | None = None
        self._due: dict[tuple[Any, ...], datetime | None] = {}
        self._standing: dict[str, str | None] = {}

    def adopt(self, version: int) -> None:
        """Takes a policy version into force."""
        self.version, self.policy = version, self.rulebooks(version)
        self.forget_plan()

    def forget_plan(self) -> None:
        """The roster, an absence or the policy changed: hours and dates are compiled anew at the next look."""
        self._plan = None
        self._due.clear()

    def due_at(self, lead: LeadState) -> datetime | None:
        """When the first of a lead's clocks strikes. Remembered: the leads of an import start theirs at one moment."""
        setting = deadlines.setting(lead)
        if setting not in self._due:
            if len(self._due) >= REMEMBERED:
                self._due.clear()
            self._due[setting] = deadlines.next_due(lead, self.policy.policy, self.agents)
        return self._due[setting]

    def plan(self, now: datetime) -> Plan:
        """Hours, absences, ramp-up and dates at this moment, valid until their next change."""
        if self._plan is None or not self._plan.since <= now < self._plan.until:
            self._plan = plan_at(self.policy, self.agents, now)
            self._standing.clear()
            self.lineups.clear()
        return self._plan

    def standing(self, agent: str, now: datetime) -> str | None:
        """Why this agent can take no lead at all right now, or None. Kept until something about them changes."""
        plan = self.plan(now)
        if agent not in self._standing:
            entry = self.policy.roster[agent]
            slot = plan.slots[agent]
            self._standing[agent] = slot.skip or overloaded(entry, self.agents[agent], slot.day, slot.hour)
        return self._standing[agent]

    def barred(self, agent: str, now: datetime) -> str | None:
        """Why this agent can be given no lead by hand, or as a cover: away in earnest, or full. Hours and limits are
        for the router alone."""
        skip = self.plan(now).slots[agent].skip
        if skip is not None and skip != "hours":
            return skip
        return "capacity" if self.agents[agent].open >= self.policy.roster[agent].capacity else None

    def slot(self, agent: str, now: datetime) -> Slot:
        """This agent's hours, dates and ramp-up at this moment."""
        return self.plan(now).slots[agent]

    def know_panel(self, number: int, lineup: LineUp) -> None:
        """Remembers a line-up under the number of the event that recorded it. One object stands for it from then on."""
        self.panels[number] = lineup
        self.panel_numbers[lineup] = number
        for kind, found in self.lineups.items():
            if found == lineup:
                self.lineups[kind] = lineup

    def recorded(self, lineup: LineUp) -> LineUp:
        """The same line-up as the object it is known as, if it was recorded before."""
        number = self.panel_numbers.get(lineup)
        return lineup if number is None else self.panels[number]

    def touch(self, agent: str) -> AgentState:
        """The state of an agent about to change."""
        self.changes.agents.add(agent)
        return self.agents[agent]

    def restand(self, agent: str) -> None:
        """After a change of load: if the agent's standing differs now, remembered line-ups are out of date."""
        if agent not in self._standing or self._plan is None:
            return
        state, slot = self.agents[agent], self._plan.slots[agent]
        fresh = slot.skip or overloaded(self.policy.roster[agent], state, slot.day, slot.hour)
        if fresh != self._standing[agent]:
            self._standing[agent] = fresh
            self.lineups.clear()
