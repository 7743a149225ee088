"""Two ways of dealing compared honestly: were the leads comparable, and is the gap more than chance?

A lead answers for the method that dealt it first, whoever had it later. Only leads that have had the same time to
become sales are compared, and only with leads of the same source and quality; of the same month too, unless the
methods followed each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain import maturity
from leadrouter.domain.calendar import month_of
from leadrouter.domain.chance import SIGNIFICANT, Stratum, chance_of, distance, gap_of
from leadrouter.domain.events import iso
from leadrouter.domain.metrics import rate
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.reports.cohort import NO_SOURCE, Cohort
from leadrouter.reports.figures import days, divided, rounded
from leadrouter.store.monthly import CohortLead

COMPARED_FROM = 50
"""Leads of each method below which nothing is said."""

COMPARABLE_FROM = 0.5
"""Share of the leads that must have counterparts for the methods to be comparable."""

Kind = Callable[[CohortLead], Hashable]


class Sides(NamedTuple):
    """The leads of the two methods that are old enough, and how many were too young."""

    one: list[CohortLead]
    other: list[CohortLead]
    young: int


def most_used(cohort: Cohort) -> list[str]:
    """The strategies that dealt leads, the most used first."""
    counts = Counter(cohort.method(lead) for lead in cohort.counted)
    return sorted((name for name in counts if name in STRATEGIES), key=lambda name: (-counts[name], name))


def comparison(cohort: Cohort, one: str, other: str, took: Sequence[float], now: datetime) -> dict[str, Any]:
    """Everything that may be said about two methods. `took`: days from lead to sale of the latest sales.

    `verdict` is more_than_chance, chance, not_comparable or too_few.
    """
    horizon, zone = maturity.horizon(took), cohort.policy.team.timezone
    sides = _old_enough(cohort, (one, other), horizon, iso(now))

    def won(lead: CohortLead) -> bool:
        in_time = horizon is None or lead.closed_at is None or days(lead.received_at, lead.closed_at) <= horizon
        return lead.state == "won" and in_time

    def of_its_month(lead: CohortLead) -> Hashable:
        return month_of(datetime.fromisoformat(lead.received_at), zone), lead.source, lead.quality

    def of_its_kind(lead: CohortLead) -> Hashable:
        return lead.source, lead.quality

    side_by_side = _comparable(_strata(sides, of_its_month, won)) >= COMPARABLE_FROM
    strata = _strata(sides, of_its_month if side_by_side else of_its_kind, won)
    telling, gap, chance = [stratum for stratum in strata if stratum.tells], gap_of(strata), chance_of(strata)
    compared = Stratum(*(sum(column) for column in zip(*telling, strict=True))) if telling else Stratum(0, 0, 0, 0)
    return {
        "methods": [one, other],
        "horizon_days": horizon,
        "too_young": sides.young,
        "without_counterpart": len(sides.one) + len(sides.other) - compared.leads - compared.other_leads,
        "comparable": round(_comparable(strata), 4),
        "side_by_side": side_by_side,
        "sides": [
            _side(one, compared.leads, compared.won), _side(other, compared.other_leads, compared.other_won)
        ],
        "gap": None if gap is None else {key: round(value, 4) for key, value in gap._asdict().items()},
        "chance": float(f"{chance:.2g}"),
        "mix": {
            "source": _mix(sides, lambda lead: lead.source or NO_SOURCE),
            "quality": _mix(sides, lambda lead: lead.quality),
        },
        "verdict": _verdict(sides, compared, _comparable(strata), chance),
    }  # fmt: skip


def _old_enough(cohort: Cohort, methods: tuple[str, str], horizon: int | None, moment: str) -> Sides:
    found: dict[str, list[CohortLead]] = {method: [] for method in methods}
    young = 0
    for lead in cohort.counted:
        method = cohort.method(lead)
        if method in found:
            if horizon is not None and days(lead.received_at, moment) < horizon:
                young += 1
            else:
                found[method].append(lead)
    return Sides(found[methods[0]], found[methods[1]], young)


def _strata(sides: Sides, kind: Kind, won: Callable[[CohortLead], bool]) -> list[Stratum]:
    counts: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for place, leads in ((0, sides.one), (2, sides.other)):
        for lead in leads:
            entry = counts[kind(lead)]
            entry[place] += 1
            entry[place + 1] += won(lead)
    return [Stratum(*entry) for entry in counts.values()]


def _comparable(strata: Sequence[Stratum]) -> float:
    """The share of the leads that have counterparts of the same kind on the other side."""
    whole = sum(stratum.leads + stratum.other_leads for stratum in strata)
    return divided(sum(s.leads + s.other_leads for s in strata if s.tells), whole) or 0.0


def _side(name: str, leads: int, won: int) -> dict[str, Any]:
    found = rate(won, leads)
    return {
        "name": name, "leads": leads, "won": won, "rate": rounded(found.rate, 4), "low": rounded(found.low, 4),
        "high": rounded(found.high, 4),
    }  # fmt: skip


def _mix(sides: Sides, kind: Callable[[CohortLead], str]) -> dict[str, Any]:
    """What share of each side's leads was of which kind, and how far apart the two mixes are."""
    one: Counter[Hashable] = Counter(map(kind, sides.one))
    other: Counter[Hashable] = Counter(map(kind, sides.other))
    return {
        "distance": round(distance(one, other), 4),
        "kinds": [
            {
                "name": name,
                "one": rounded(divided(one[name], one.total()), 4),
                "other": rounded(divided(other[name], other.total()), 4),
            }
            for name in sorted(one.keys() | other.keys(), key=str)
        ],
    }


def _verdict(sides: Sides, compared: Stratum, comparable: float, chance: float) -> str:
    enough = min(len(sides.one), len(sides.other)) >= COMPARED_FROM
    if enough and comparable < COMPARABLE_FROM:
        return "not_comparable"
    if min(compared.leads, compared.other_leads) < COMPARED_FROM:
        return "too_few"
    return "more_than_chance" if chance < SIGNIFICANT else "chance"
