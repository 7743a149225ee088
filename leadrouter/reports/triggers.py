"""What to look into (DOMAIN section 11): each trigger with its numbers, and only where it is more than chance.

Where several agents, sources or methods are looked at, the mark is the stricter the more they are, so that the report
as a whole cries wolf in one month of twenty at most for each kind of trigger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from leadrouter.domain.chance import Stratum, chance_of, unlikely
from leadrouter.domain.deadlines import promised_at
from leadrouter.domain.decision import LineUp
from leadrouter.domain.events import iso
from leadrouter.domain.policy import Policy
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.reports.changes import Counts, Side
from leadrouter.reports.cohort import NO_SOURCE
from leadrouter.store.monthly import CohortLead
from leadrouter.store.queries import LeadRow

Trigger = dict[str, Any]


TOLD_FROM = 5
"""Promises an agent must have had in each month before a share of them says anything."""


def promises_missed(this: Side, last: Side, target: float) -> list[Trigger]:
    """Below the target two months running."""
    now, before = this.promises, last.promises
    return [
        {
            "trigger": "sla_missed_two_months",
            "agent": agent,
            "rate": round(kept / settled, 4),
            "leads": settled,
            "before": round(before[agent][0] / before[agent][1], 4),
            "leads_before": before[agent][1],
        }
        for agent, (kept, settled) in sorted(now.items())
        if agent in before
        and min(settled, before[agent][1]) >= TOLD_FROM
        and max(kept / settled, before[agent][0] / before[agent][1]) < target
    ]


def unassigned(waiting: int, lately: Iterable[tuple[str, LineUp]]) -> list[Trigger]:
    """Leads that wait for somebody to be free, and what most often kept the latest of them from everybody."""
    reasons, skips = Counter[str](), Counter[str]()
    for reason, lineup in lately:
        reasons[reason] += 1
        skips.update(set(lineup.skipped().values()))
    most, skip = (min(found, key=lambda word: (-found[word], word), default=None) for found in (reasons, skips))
    return [{"trigger": "unassigned", "leads": waiting, "reason": most, "skip": skip}] if waiting else []


def methods_apart(months: Sequence[Side]) -> list[Trigger]:
    """Two strategies whose leads of the same month, source and quality were won unlike each other."""
    seen: dict[str, dict[tuple[Any, ...], Counts]] = defaultdict(dict)
    for month in months:
        for (method, *kind), counts in month.kinds.items():
            if method in STRATEGIES:
                seen[method][month.period, *kind] = counts
    found = []
    for one, other in combinations(sorted(seen), 2):
        strata = [Stratum(*seen[one][kind], *seen[other][kind]) for kind in seen[one].keys() & seen[other].keys()]
        telling = [stratum for stratum in strata if stratum.tells]
        if telling:
            together = Stratum(*(sum(column) for column in zip(*telling, strict=True)))
            found.append(
                {
                    "trigger": "methods_apart",
                    "methods": [one, other],
                    **_two_rates(together),
                    "chance": chance_of(telling),
                }
            )
    return _more_than_chance(found)


def sources_changed(now: Side, before: Side) -> list[Trigger]:
    """A source whose leads are won unlike those of the month before were at the same age."""
    found = []
    for source in sorted(now.by_source.keys() & before.by_source.keys(), key=str):
        stratum = Stratum(*now.by_source[source], *before.by_source[source])
        if stratum.tells:
            name = source or NO_SOURCE
            found.append(
                {"trigger": "source_changed", "source": name, **_two_rates(stratum), "chance": chance_of([stratum])}
            )
    return _more_than_chance(found)


def declining(acceptance: Iterable[Mapping[str, Any]]) -> list[Trigger]:
    """An agent who declines offers, or lets them lapse, more often than the others."""
    missed = {entry["agent"]: entry["declined"] + entry["expired"] for entry in acceptance}
    answered = {entry["agent"]: missed[entry["agent"]] + entry["accepted"] for entry in acceptance}
    return _patterns("declines", {agent: [(answered[agent], missed[agent])] for agent in missed})


def voiding(leads: Iterable[CohortLead]) -> list[Trigger]:
    """An agent who calls more leads void than the others do with leads of the same sources."""
    counts: dict[str, Counter[str | None]] = defaultdict(Counter)
    void: dict[str, Counter[str | None]] = defaultdict(Counter)
    sources: set[str | None] = set()
    for lead in leads:
        if lead.agent is not None:
            sources.add(lead.source)
            counts[lead.agent][lead.source] += 1
            void[lead.agent][lead.source] += lead.state == "void"
    order = sorted(sources, key=str)
    return _patterns(
        "voids", {agent: [(counts[agent][source], void[agent][source]) for source in order] for agent in counts}
    )


def _patterns(trigger: str, seen: Mapping[str, Sequence[tuple[int, int]]]) -> list[Trigger]:
    """Those of whom something is seen more often than of the others; (cases, seen) for each kind of case."""
    found = []
    whole = [tuple(map(sum, zip(*cases, strict=True))) for cases in zip(*seen.values(), strict=True)]
    for agent in sorted(seen):
        strata = [
            Stratum(cases, times, all_cases - cases, all_times - times)
            for (cases, times), (all_cases, all_times) in zip(seen[agent], whole, strict=True)
        ]
        together = Stratum(*(sum(column) for column in zip(*strata, strict=True)))
        if together.tells and together.won * together.other_leads > together.other_won * together.leads:
            found.append({"trigger": trigger, "agent": agent, **_two_rates(together), "chance": chance_of(strata)})
    return _more_than_chance(found)


def untouched(untried: Iterable[LeadRow], waiting: int, policy: Policy, moment: str) -> list[Trigger]:
    """Cold leads nobody tried to reach although the promise ran out: each agent's, and `waiting` ones of nobody."""
    agents: Counter[str] = Counter()
    for row in untried:
        state = row.state
        promised = promised_at(state, policy)
        if state.agent is not None and promised is not None and iso(promised) <= moment:
            agents[state.agent] += 1
    found: list[tuple[str | None, int]] = [*sorted(agents.items()), (None, waiting)]
    return [{"trigger": "cold_untouched", "agent": agent, "leads": count} for agent, count in found if count]


def complaints_open(complaints: Iterable[Mapping[str, Any]]) -> list[Trigger]:
    """Complaints nobody has answered, even when the figures look good."""
    return [
        {
            "trigger": "complaints_open",
            "agent": entry["agent"],
            "complaints": entry["open"],
            "oldest_days": entry["oldest_days"],
        }
        for entry in complaints
        if entry["open"]
    ]


def _two_rates(stratum: Stratum) -> Trigger:
    leads, won, other_leads, other_won = stratum
    return {
        "leads": leads,
        "rate": round(won / leads, 4),
        "other_leads": other_leads,
        "other_rate": round(other_won / other_leads, 4),
    }


def _more_than_chance(found: list[Trigger]) -> list[Trigger]:
    named = unlikely([trigger["chance"] for trigger in found])
    return [
        trigger | {"chance": float(f"{trigger['chance']:.2g}")}
        for trigger, is_so in zip(found, named, strict=True)
        if is_so
    ]
