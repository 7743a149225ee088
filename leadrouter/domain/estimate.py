"""How many leads would have been won by others: an estimate with an honest interval, and what it rests on.

Who kept a lead keeps its outcome. Who got another one is taken to win it as often as the team wins leads of its source
and quality, times the agent's own index (wins over the wins expected of the same mix), shrunk towards the team: an
empirical-Bayes estimate with a gamma prior whose width is what the indices differ by beyond chance (D. Clayton and
J. Kaldor, Biometrics 43, 1987; method of moments as in R. Marshall, Applied Statistics 40, 1991).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import inf, sqrt
from typing import NamedTuple

ASSUMPTION = (
    "each lead is won as often as the team wins leads of its source and quality, times the index of whoever has it "
    "(shrunk towards the team), whatever else is different; outcomes so far"
)

Z = 1.96
"""95 % of a normal distribution lie within so many standard deviations."""

Kind = tuple[str | None, str]
"""Source and quality."""


class Outcome(NamedTuple):
    """One lead: what it was, who had it last then and who would have (None: nobody), and whether it was won."""

    kind: Kind
    actual: str | None
    simulated: str | None
    won: bool


class Index(NamedTuple):
    """An agent's wins over the wins expected of the same mix of leads: shrunk mean and variance."""

    mean: float
    variance: float


class Estimate(NamedTuple):
    """Wins as they were, and as they would have been: the mean, and an interval that holds them with 95 %."""

    actual: int
    won: float
    low: float
    high: float


def estimate(leads: Sequence[Outcome]) -> Estimate:
    """The wins under the other policy."""
    base, errors = _rates(leads)
    indices = shrunk_indices([(lead.actual, base[lead.kind], lead.won) for lead in leads if lead.actual])
    kept = sum(lead.won for lead in leads if lead.actual == lead.simulated)
    exposed: dict[str, float] = defaultdict(float)
    of_kind: dict[Kind, float] = defaultdict(float)
    moved, chance, most = 0.0, 0.0, kept
    for lead in leads:
        if lead.actual == lead.simulated or lead.simulated is None:
            continue
        index = indices.get(lead.simulated, _NEW).mean
        probability = min(1.0, base[lead.kind] * index)
        moved += probability
        chance += probability * (1 - probability)
        exposed[lead.simulated] += base[lead.kind]
        of_kind[lead.kind] += index
        most += 1
    unsure = sum(total**2 * indices.get(agent, _NEW).variance for agent, total in exposed.items())
    unsure += sum(total**2 * errors[kind] for kind, total in of_kind.items())
    spread = Z * sqrt(chance + unsure)
    return Estimate(
        sum(lead.won for lead in leads),
        kept + moved,
        max(float(kept), kept + moved - spread),
        min(float(most), kept + moved + spread),
    )


_NEW = Index(1.0, 0.0)
"""Somebody who has had no lead so far is taken to be like the team."""


def shrunk_indices(results: Iterable[tuple[str, float, bool]]) -> Mapping[str, Index]:
    """Agent -> index, from (agent, rate of the lead's kind, won) of every lead they had."""
    expected: dict[str, float] = defaultdict(float)
    won: dict[str, int] = defaultdict(int)
    for agent, rate, result in results:
        expected[agent] += rate
        won[agent] += result
    prior = _prior(expected, won)
    if prior == inf:
        return dict.fromkeys(expected, _NEW)
    return {
        agent: Index((prior + won[agent]) / (prior + share), (prior + won[agent]) / (prior + share) ** 2)
        for agent, share in expected.items()
    }


def _prior(expected: Mapping[str, float], won: Mapping[str, int]) -> float:
    """How many expected wins the team's rate weighs in each index; infinite where agents differ by chance alone."""
    known = {agent: share for agent, share in expected.items() if share > 0}
    total = sum(known.values())
    if len(known) < 2 or total <= 0:
        return inf
    spread = sum(share * (won[agent] / share - 1) ** 2 for agent, share in known.items()) / total
    between = spread - len(known) / total
    return 1 / between if between > 0 else inf


FEW = 10
"""The rate of a kind of leads is drawn towards that of all as if so many more of them had come in."""


def _rates(leads: Sequence[Outcome]) -> tuple[dict[Kind, float], dict[Kind, float]]:
    """Kind -> the share of its leads that the team wins, and the variance of that share.

    Half a win and half a loss are added to all (H. Jeffreys): where nothing was won so far, something may be.
    """
    overall = (sum(lead.won for lead in leads) + 0.5) / (len(leads) + 1)
    counts: dict[Kind, list[int]] = defaultdict(lambda: [0, 0])
    for lead in leads:
        counts[lead.kind][0] += 1
        counts[lead.kind][1] += lead.won
    rates = {kind: (won + FEW * overall) / (total + FEW) for kind, (total, won) in counts.items()}
    return rates, {kind: rates[kind] * (1 - rates[kind]) / (total + FEW) for kind, (total, _) in counts.items()}
