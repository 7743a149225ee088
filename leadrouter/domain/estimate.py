"""How many leads would have been won by others: an estimate with an honest interval, and what it rests on.

Who kept a lead keeps its outcome. Who got another one is taken to win it as often as the team wins leads of its source
and quality, times the agent's own index, shrunk towards the team (`shrinkage`, whose sources are named there). The
interval adds up three doubts: chance, the index of each agent who got leads, and the rates of the kinds of leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from leadrouter.domain import metrics
from leadrouter.domain.shrinkage import KIND_LEADS, Belief, Fit, Kind

ASSUMPTION = (
    "each lead is won as often as the team wins leads of its source and quality, times the index of whoever has it "
    "(shrunk towards the team), whatever else is different; outcomes so far"
)

Z = 1.96
"""95 % of a normal distribution lie within so many standard deviations."""


class Outcome(NamedTuple):
    """One lead: what it was, who had it last then and who would have (None: nobody), and whether it was won."""

    kind: Kind
    actual: str | None
    simulated: str | None
    won: bool


class Estimate(NamedTuple):
    """Wins as they were, and as they would have been: the mean, and an interval that holds them with 95 %."""

    actual: int
    won: float
    low: float
    high: float


def estimate(leads: Sequence[Outcome]) -> Estimate:
    """The wins under the other policy."""
    wins = sum(lead.won for lead in leads)
    kept = sum(lead.won for lead in leads if lead.actual == lead.simulated)
    moved = [lead for lead in leads if lead.actual != lead.simulated and lead.simulated is not None]
    counts = _counted(leads)
    if not any(won for _, won in counts.values()):
        most = metrics.rate(0, len(leads)).high or 0.0
        return Estimate(wins, kept, kept, kept + most * len(moved))
    fit = Fit(counts)
    expected = 0.0
    exposed: dict[str, float] = defaultdict(float)
    of_kind: dict[Kind, float] = defaultdict(float)
    chance = 0.0
    for lead in moved:
        assert lead.simulated is not None
        index, base = belief_in(fit, lead.simulated).mean, _rate(fit, lead.kind)
        probability = min(1.0, base * index)
        expected += probability
        chance += probability * (1 - probability)
        exposed[lead.simulated] += base
        of_kind[lead.kind] += index
    doubt = sum(total**2 * variance(belief_in(fit, agent)) for agent, total in exposed.items())
    doubt += sum(total**2 * _doubt(fit, kind) for kind, total in of_kind.items())
    spread = Z * sqrt(chance + doubt)
    low, high = kept + expected - spread, kept + expected + spread
    return Estimate(wins, kept + expected, max(float(kept), low), min(float(kept + len(moved)), high))


def _counted(leads: Sequence[Outcome]) -> dict[tuple[str, Kind], tuple[int, int]]:
    """(agent, kind) -> leads held and won, as they were."""
    cells: dict[tuple[str, Kind], tuple[int, int]] = {}
    for lead in leads:
        if lead.actual is not None:
            held, won = cells.get((lead.actual, lead.kind), (0, 0))
            cells[lead.actual, lead.kind] = (held + 1, won + lead.won)
    return dict(sorted(cells.items()))


def belief_in(fit: Fit, agent: str) -> Belief:
    """What is known of an agent's index; of somebody who never had a lead, what the team makes likely."""
    if agent in fit.evidence:
        return fit.evidence[agent].belief(fit.wins[agent])
    anybody = fit.evidence[fit.agents[0]]
    return anybody._replace(expected=0.0).belief(0)


def variance(belief: Belief) -> float:
    """Of a mixture of gamma distributions."""
    squares = sum(weight * shape * (shape + 1) / per**2 for weight, shape, per in belief.parts)
    return squares - belief.mean**2


def _rate(fit: Fit, kind: Kind) -> float:
    return fit.kinds.get(kind, fit.rate)


def _doubt(fit: Fit, kind: Kind) -> float:
    """The variance of a kind's rate."""
    leads = sum(held for (_, other), (held, _) in fit.cells.items() if other == kind)
    rate = _rate(fit, kind)
    return rate * (1 - rate) / (leads + KIND_LEADS)
