"""The leads of a period and what became of them so far: conversion by every cut, and how much of it is still to come.

Void leads are counted beside, never in a rate. Plain dicts come out, with the keys of CONTRACT; nothing is printed.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from leadrouter.domain import maturity
from leadrouter.domain.decision import LineUp
from leadrouter.domain.events import Event, iso
from leadrouter.domain.geography import territories_of
from leadrouter.domain.lead import Lead
from leadrouter.domain.merit import Held, judge
from leadrouter.domain.metrics import mean_and_median, rate
from leadrouter.domain.months import Period
from leadrouter.domain.policy import Policy, Territory
from leadrouter.domain.state import CLOSED
from leadrouter.reports.figures import days, divided, rounded
from leadrouter.store import monthly, queries
from leadrouter.store.monthly import CohortLead

NO_SOURCE, ELSEWHERE, NO_RULE = "(none)", "(elsewhere)", "(none)"
PEOPLE_CHOSE = {
    "relationship": "relationship",
    "requested": "requested by name",
    "claimed": "claimed from the pool",
    "past": "before leadrouter",
}
"""Reasons that say a person chose the agent, not a strategy, and the method they are counted under."""

BY_HAND, NOBODY_YET = "by hand", "nobody yet"

Cut = Callable[[CohortLead], Sequence[str]]
"""The names under which a lead is counted: one, as a rule; several where territories overlap."""


class Cohort:
    """The leads that came in during a period, and what is asked of them again and again."""

    def __init__(self, connection: sqlite3.Connection, period: Period, policy: Policy) -> None:
        self.connection = connection
        self.period = period
        self.policy = policy
        self.panels = queries.Panels(connection)
        self.leads = monthly.cohort(connection, period)
        self.counted = [lead for lead in self.leads if lead.state != "void"]
        self.dealt = {lead.lead: self._dealt_first(lead) for lead in self.leads}

    def _dealt_first(self, lead: CohortLead) -> tuple[str, str | None]:
        """The method and the rule that dealt a lead first: what came of it later is theirs to answer for."""
        if not lead.passed_on:
            return method_of(lead.panel, lead.reason, lead.agent, self.panels), lead.rule
        return first_dealt(queries.history(self.connection, lead.lead), self.panels)

    def method(self, lead: CohortLead) -> str:
        """The strategy that dealt it first, or who chose instead."""
        return self.dealt[lead.lead][0]

    def cuts(self) -> dict[str, Cut]:
        """Every way to group the leads, but for the agents', which a lead may have several of."""
        return {
            "source": lambda lead: (lead.source or NO_SOURCE,),
            "quality": lambda lead: (lead.quality,),
            "method": lambda lead: (self.method(lead),),
            "territory": self._territories(),
            "rule": lambda lead: (self.dealt[lead.lead][1] or NO_RULE,),
        }

    def _territories(self) -> Cut:
        """Where leads are, as the policy in force draws the map."""
        drawn = self.policy.territories
        found = {
            place.lead: _lies_in(drawn, *place[1:]) for place in monthly.places(self.connection, self.period)
        } if drawn else {}  # fmt: skip
        return lambda lead: found.get(lead.lead) or (ELSEWHERE,)


@lru_cache(maxsize=4096)
def _lies_in(
    drawn: tuple[Territory, ...], postcode: str | None, area: str | None, lat: float | None, lon: float | None
) -> tuple[str, ...]:
    return territories_of(Lead(postcode=postcode, area=area, lat=lat, lon=lon), drawn)


def method_of(panel: int, reason: str | None, agent: str | None, panels: Mapping[int, LineUp]) -> str:
    """The strategy that dealt a lead, or in words that a person chose or nobody has it yet."""
    if reason in PEOPLE_CHOSE:
        return PEOPLE_CHOSE[reason]
    if panel:
        return panels[panel].strategy
    return BY_HAND if agent else NOBODY_YET


def first_dealt(history: Iterable[Event], panels: Mapping[int, LineUp]) -> tuple[str, str | None]:
    """The method and the rule of the first event that brought a lead to somebody."""
    for event in history:
        if event.kind in ("assigned", "offered", "qualifying", "claimed", "transferred", "past"):
            panel = event.data.get("panel", 0)
            reason = {"claimed": "claimed", "past": "past"}.get(event.kind, event.data.get("reason"))
            by_hand = event.kind == "transferred"
            method = BY_HAND if by_hand else method_of(panel, reason, event.agent, panels)
            return method, panels[panel].rule if panel and not by_hand else None
    return NOBODY_YET, None


def conversion(cohort: Cohort) -> dict[str, list[dict[str, Any]]]:
    """By agent, source, quality, method, territory and rule: leads, those won so far, the rate with its interval.

    `index` is wins over the wins that the rate of all would give; for agents see `by_agent`. Territories are told only
    where the policy draws any.
    """
    isas = {agent.id for agent in cohort.policy.agents if agent.role == "isa"}
    found = {"agent": by_agent(cohort.counted, without=isas)}
    for name, cut in cohort.cuts().items():
        if name != "territory" or cohort.policy.territories:
            found[name] = by_cut(cohort.leads, cut)
    return found


def by_cut(leads: Iterable[CohortLead], cut: Cut) -> list[dict[str, Any]]:
    """One entry for each name of a cut."""
    groups: dict[str, list[CohortLead]] = defaultdict(list)
    void: dict[str, int] = defaultdict(int)
    everything = []
    for lead in leads:
        for name in cut(lead):
            if lead.state == "void":
                void[name] += 1
            else:
                groups[name].append(lead)
        if lead.state != "void":
            everything.append(lead.state == "won")
    overall = divided(sum(everything), len(everything)) or 0.0
    return [
        rated(name, len(groups[name]), _won(groups[name]), divided(_won(groups[name]), overall * len(groups[name])))
        | {"void": void[name]}
        for name in sorted(groups.keys() | void.keys())
    ]


def by_agent(counted: Iterable[CohortLead], without: Collection[str] = ()) -> list[dict[str, Any]]:
    """A lead counts for every agent who held it, its win for the last (DOMAIN section 7).

    `verdict` says who differs from the team by more than chance, `index` is wins over those to expect of the same
    sources and qualities, shrunk (see `domain.merit`). The leads of a month are as young for one agent as for another.
    Inside sales agents (`without`) are measured by themselves, in `report isa`.
    """
    held: Counter[tuple[str, tuple[str, str]]] = Counter()
    won: Counter[tuple[str, tuple[str, str]]] = Counter()
    for lead in counted:
        kind = (lead.source or NO_SOURCE, lead.quality)
        for agent in lead.holders.difference(without):
            held[agent, kind] += 1
        if lead.state == "won" and lead.agent and lead.agent not in without:
            won[lead.agent, kind] += 1
    merits = judge(Held(agent, kind, leads, won[agent, kind]) for (agent, kind), leads in held.items()).agents
    return [
        rated(agent, merit.leads, merit.won, merit.index) | {"verdict": merit.verdict}
        for agent, merit in sorted(merits.items())
    ]


def rated(name: str, leads: int, won: int, index: float | None) -> dict[str, Any]:
    """The keys of CONTRACT for one line of conversion."""
    found = rate(won, leads)
    return {
        "name": name,
        "leads": leads,
        "won": won,
        "rate": rounded(found.rate, 4),
        "low": rounded(found.low, 4),
        "high": rounded(found.high, 4),
        "index": rounded(index, 2),
    }


def mix(counted: Iterable[CohortLead]) -> dict[str, dict[str, int]]:
    """Agent -> quality -> leads of the period that they had."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"hot": 0, "warm": 0, "cold": 0})
    for lead in counted:
        for agent in lead.holders:
            found[agent][lead.quality] += 1
    return found


def sales_took(connection: sqlite3.Connection, now: datetime) -> list[float]:
    """Days from lead to sale of the team's latest sales."""
    return [days(received, won) for received, won in monthly.latest_wins(connection, iso(now))]


def ripeness(counted: Sequence[CohortLead], took: Sequence[float], now: datetime) -> dict[str, Any]:
    """How much of the conversion is in: leads not closed yet, the share of the wins to expect, days a sale takes."""
    moment = iso(now)
    still_open = sum(lead.state not in CLOSED for lead in counted)
    share = maturity.wins_in((days(lead.received_at, moment) for lead in counted), took)
    return {
        "still_open": still_open,
        "wins_in": rounded(share, 2),
        "days_to_win": rounded(mean_and_median(list(took))[1]),
        "maturing": still_open > 0 and (share is None or share < maturity.RIPE),
    }


def _won(leads: Iterable[CohortLead]) -> int:
    return sum(lead.state == "won" for lead in leads)
