"""Records with defaults, and a branch office without a file: a desk and a journal that fold through the real `apply`.

All persons are invented. Nothing here decides anything: leads go through `settle`, steps through `lifecycle`'s words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from leadrouter.domain.decision import Case, Decision
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event, iso, moment
from leadrouter.domain.journal import Head, Journal
from leadrouter.domain.lead import Lead
from leadrouter.domain.lifecycle import state_before_closing
from leadrouter.domain.policy import WEIGHT_UNIT, Agent, Policy, Rule, Target
from leadrouter.domain.rounds import panel_of, write_off
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import AgentState, LeadState
from leadrouter.usecases.settle import settle

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning, far from any clock change."""

PLENTY = 1_000_000
"""A capacity that nobody reaches."""

WEIGHTS = tuple(
    int(WEIGHT_UNIT * Fraction(share)) for share in ("1/3", "1/2", "2/3", "3/4", "1", "5/4", "4/3", "3/2", "2")
)
"""Weights as brokers write them, from 1/3 to 2, in 2520ths."""


def make_agent(agent: str = "aina", **fields: Any) -> Agent:
    """An agent named after their id; everything else as the policy has it by default."""
    return Agent(**({"id": agent, "name": agent.title()} | fields))


def make_team(size: int, **fields: Any) -> tuple[Agent, ...]:
    """Agents a01, a02 ... in the order of the roster."""
    return tuple(make_agent(f"a{number:02}", **fields) for number in range(1, size + 1))


def make_policy(agents: int | Iterable[Agent] = 3, **fields: Any) -> Policy:
    """A policy for these agents, or for so many equal ones who can take any number of leads."""
    team = make_team(agents, capacity=PLENTY) if isinstance(agents, int) else tuple(agents)
    return Policy(agents=team, **fields)


def make_lead(**fields: Any) -> Lead:
    """A lead of an invented person."""
    return Lead(**({"name": "Dewi Lim", "email": "dewi@example.com"} | fields))


def says(**fields: Any) -> Lead:
    """A lead that says this and nothing else."""
    return Lead(**fields)


def make_case(policy: Policy, lead: int = 1, **fields: Any) -> Case:
    """A warm new lead that meets every rule."""
    usual: dict[str, Any] = {
        "occasion": "new",
        "quality": "warm",
        "why": "default",
        "unmet": (None,) * len(policy.rules),
    }
    return Case(lead, **(usual | fields))


def by_campaign(**groups: Target) -> tuple[Rule, ...]:
    """One rule per campaign, named after it, and the catch-all."""
    rules = [Rule(name, (("campaign", "in", (name,))), target) for name, target in groups.items()]
    return (*rules, Rule("everyone"))


class Branch:
    """A desk and its journal without a database. `now` is the branch's clock: move it with `wait`."""

    def __init__(self, policy: Policy | None = None, now: datetime = START) -> None:
        self.now = now
        self.rulebooks: list[Rulebook] = []
        self.desk = Desk(self.rulebook)
        self.journal = Journal(self.desk, Head(), "tester", lambda key: None, lambda: bytes(16))
        self.facts: dict[int, Lead] = {}
        self.load(policy or make_policy())

    def rulebook(self, version: int) -> Rulebook:
        return self.rulebooks[version - 1]

    @property
    def policy(self) -> Policy:
        return self.desk.policy.policy

    def policy_ids(self) -> list[str]:
        return [agent.id for agent in self.policy.agents]

    def wait(self, **time: float) -> datetime:
        """Lets time pass: `wait(hours=2)`."""
        self.now += timedelta(**time)
        return self.now

    def record(self, kind: str, lead: int | None = None, agent: str | None = None, **data: Any) -> Event:
        return self.journal.record(kind, self.now, lead=lead, agent=agent, data=data)

    def load(self, policy: Policy) -> None:
        """Takes a policy into force: who is new joins today (at the first load: has always been there), who is gone
        leaves."""
        first = not self.rulebooks
        self.rulebooks.append(Rulebook(policy))
        self.record("policy_loaded", version=len(self.rulebooks))
        for agent in policy.agents:
            if agent.id not in self.desk.agents or not self.desk.agents[agent.id].active:
                joined = agent.joined or (None if first else self.now.date().isoformat())
                self.record("agent_joined", agent=agent.id, joined=joined)
        for state in sorted(self.desk.agents.values(), key=lambda state: state.agent):
            if state.active and state.agent not in self.desk.policy.roster:
                self.leave(state.agent)

    def leave(self, leaver: str) -> None:
        """Writes off a leaver's credit over the others of each rotation."""
        rounds = []
        for rotation, credits in self.desk.ledger.credit.items():
            others = panel_of((a.id, a.weight) for a in self.policy.agents if a.id in credits and a.id != leaver)
            entry = write_off(rotation, leaver, credits.get(leaver, 0), others)
            if entry is not None:
                rounds.append([entry.rotation, entry.panel, entry.quantum])
        self.record("agent_left", agent=leaver, rounds=rounds)

    def away(self, agent: str, since: str, until: str | None) -> None:
        """Time off between two UTC moments, or a pause."""
        data: dict[str, Any] = {"from": since, "until": until}
        self.record("went_away", agent=agent, **data)

    def pause(self, agent: str) -> None:
        self.away(agent, iso(self.now), None)

    def back(self, agent: str) -> None:
        self.record("came_back", agent=agent, ended=[list(absence) for absence in self.desk.agents[agent].absences])

    def paused(self) -> set[str]:
        return {state.agent for state in self.desk.agents.values() if state.absences}

    def receive(self, **fields: Any) -> LeadState:
        """A lead that has come in and was not routed yet."""
        number = len(self.facts) + 1
        self.facts[number] = make_lead(**fields)
        state = self.desk.leads[number] = LeadState(number)
        return state

    def route(self, **fields: Any) -> LeadState:
        """One new lead through `settle`."""
        state = self.receive(**fields)
        settle(self.journal, self.facts[state.lead], state, "new", self.now)
        return state

    def retry(self, lead: int) -> Decision:
        """Another try for a lead that nobody could take."""
        return settle(self.journal, self.facts[lead], self.desk.leads[lead], "retry", self.now)

    def transfer(self, lead: int, agent: str) -> None:
        """A person moves a lead; no turn is taken or given."""
        data: dict[str, Any] = {"from": self.desk.leads[lead].agent}
        self.record("transferred", lead, agent, **data)

    def deal(self, count: int, **fields: Any) -> list[str | None]:
        """So many new leads, and who got each."""
        return [self.route(**fields).agent for _ in range(count)]

    def reclaim(self, lead: int, reason: str = "no_contact") -> Decision:
        """Takes a lead back and routes it again."""
        state = self.desk.leads[lead]
        self.record("reclaimed", lead, state.agent, reason=reason)
        return settle(self.journal, self.facts[lead], state, "reclaimed", self.now)

    def contact(self, lead: int, outcome: str = "reached") -> None:
        self.record("contacted", lead, self.desk.leads[lead].agent, outcome=outcome)

    def close(self, lead: int, how: str = "won") -> None:
        """won, lost or voided; a void gives the turn back."""
        state = self.desk.leads[lead]
        turn = {"panel": state.turn_panel, "payer": state.turn_payer} if how == "voided" and state.turn_payer else {}
        self.record(how, lead, state.agent, **turn)

    def reopen(self, lead: int) -> None:
        state = self.desk.leads[lead]
        void = state.state == "void" and state.turn_payer
        turn = {"panel": state.turn_panel, "payer": state.turn_payer} if void else {}
        self.record("reopened", lead, state.agent, state=state_before_closing(state), **turn)

    def events(self) -> list[Event]:
        """Everything recorded so far, read back from the columns as they would be stored."""
        return [read_event(columns) for columns, _ in self.journal.pending]

    def decided(self) -> list[str | None]:
        """Who got each lead at first, in the order of the leads."""
        return [event.agent for event in self.events() if event.kind in ("assigned", "unassigned", "pooled")]


def read_event(columns: tuple[Any, ...]) -> Event:
    """An event out of its stored columns."""
    seq, at, kind, lead, agent, by, policy, engine, data, facts = columns[:10]
    return Event(seq, moment(at), kind, lead, agent, by, policy, json.loads(data), facts, engine)


def replayed(events: Iterable[Event], rulebooks: Callable[[int], Rulebook]) -> Desk:
    """A fresh desk with these events applied, and nothing else."""
    from leadrouter.domain.apply import apply

    desk = Desk(rulebooks)
    for event in events:
        apply(desk, event)
    return desk


def picture(desk: Desk) -> dict[str, Any]:
    """Everything a desk says, in a form that compares: agents, leads, accounts and counts."""
    return {
        "agents": {agent: _slots(state) for agent, state in desk.agents.items()},
        "leads": {lead: _slots(state) for lead, state in desk.leads.items()},
        "accounts": {rotation: dict(desk.ledger.accounts(rotation)) for rotation in desk.ledger.credit},
        "total": dict(desk.ledger.total),
        "panels": dict(desk.panels),
        "version": desk.version,
    }


def _slots(record: AgentState | LeadState) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in type(record).__slots__)
