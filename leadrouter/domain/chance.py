"""Is a difference more than chance? Exact answers for counts, and how far apart two mixes of leads are.

Two groups are compared within strata (leads of one kind), so that a group with easier leads gains nothing by them.
Plain statistics; no agents, no leads.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import exp, lgamma, sqrt
from statistics import NormalDist
from typing import NamedTuple

from leadrouter.domain.metrics import CONFIDENCE

SIGNIFICANT = 1 - CONFIDENCE
"""A difference is called more than chance if chance alone makes one as large less often than this."""


class Stratum(NamedTuple):
    """The leads of one kind: how many each of two groups had, and how many of these were won."""

    leads: int
    won: int
    other_leads: int
    other_won: int

    @property
    def tells(self) -> bool:
        """Whether both groups had such leads: only then does it compare them."""
        return bool(self.leads and self.other_leads)


class Gap(NamedTuple):
    """How much more often the first group won, with the interval that holds the true gap with 95 % confidence."""

    gap: float
    low: float
    high: float


def chance_of(strata: Iterable[Stratum]) -> float:
    """How often chance alone would part the wins of two groups at least as unevenly: two-sided, 1 if nothing tells.

    The exact conditional test of Fisher for one table, of J. J. Gart (Biometrika 57, 1970, 471-475) for several: given
    the wins of each stratum, those of the first group are hypergeometric, and the sum of them is found by convolution.
    """
    observed, spread = 0, Spread(0, [1.0])
    for stratum in strata:
        if stratum.tells:
            observed += stratum.won
            spread = _sum_of(spread, _hypergeometric(stratum))
    likely = spread.of(observed) * (1 + 1e-9)  # equally likely splits count, whatever was lost to rounding
    return min(1.0, sum(chance for chance in spread.chances if chance <= likely))


def gap_of(strata: Iterable[Stratum]) -> Gap | None:
    """The difference of two rates at the same mix; None where the groups had no leads of one kind.

    Weighted as by N. Mantel and W. Haenszel, with the variance of T. Sato (Biometrics 45, 1989, 1323-1324), which stays
    right for many small strata.
    """
    telling = [stratum for stratum in strata if stratum.tells]
    weight = sum(s.leads * s.other_leads / (s.leads + s.other_leads) for s in telling)
    if not weight:
        return None
    gap = sum((s.won * s.other_leads - s.other_won * s.leads) / (s.leads + s.other_leads) for s in telling) / weight
    tilt = spread = 0.0
    for n, x, m, y in telling:
        whole = n + m
        tilt += (n * n * y - m * m * x + n * m * (m - n) / 2) / whole**2
        spread += (x * (m - y) + y * (n - x)) / (2 * whole)
    margin = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * sqrt(max(0.0, gap * tilt + spread)) / weight
    return Gap(gap, max(-1.0, gap - margin), min(1.0, gap + margin))


def distance(one: Mapping[Hashable, int], other: Mapping[Hashable, int]) -> float:
    """How far apart two mixes are: the share of one that would have to be of another kind to be like the other.

    The total variation distance: 0 for the same mix, 1 for mixes with nothing in common.
    """
    whole, other_whole = sum(one.values()) or 1, sum(other.values()) or 1
    kinds = one.keys() | other.keys()
    return sum(abs(one.get(kind, 0) / whole - other.get(kind, 0) / other_whole) for kind in kinds) / 2


def unlikely(chances: Sequence[float]) -> list[bool]:
    """Which of several results are more than chance when all of them are looked at together.

    S. Holm's step-down method (Scandinavian J. Statistics 6, 1979, 65-70): the error rate is that of one.
    """
    found = [False] * len(chances)
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        if chances[place] >= SIGNIFICANT / (len(chances) - rank):
            break
        found[place] = True
    return found


NEGLIGIBLE = 1e-18
"""Chances so far below the largest are left out at both ends: thousands of wins stay a matter of milliseconds."""


class Spread(NamedTuple):
    """How probable each number of wins is, from `least` on."""

    least: int
    chances: list[float]

    def of(self, wins: int) -> float:
        """The chance of exactly so many."""
        place = wins - self.least
        return self.chances[place] if 0 <= place < len(self.chances) else 0.0


def _hypergeometric(stratum: Stratum) -> Spread:
    """How many of a stratum's wins fall to the first group if all of its leads are alike."""
    n, m, wins = stratum.leads, stratum.other_leads, stratum.won + stratum.other_won
    least, most = max(0, wins - m), min(n, wins)
    whole = _choose(n + m, wins)
    return _trimmed(least, [exp(_choose(n, x) + _choose(m, wins - x) - whole) for x in range(least, most + 1)])


def _choose(n: int, k: int) -> float:
    """The logarithm of the number of ways to choose k of n."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _sum_of(one: Spread, other: Spread) -> Spread:
    """The distribution of the sum of two numbers."""
    found = [0.0] * (len(one.chances) + len(other.chances) - 1)
    for place, chance in enumerate(one.chances):
        for further, another in enumerate(other.chances, place):
            found[further] += chance * another
    return _trimmed(one.least + other.least, found)


def _trimmed(least: int, chances: list[float]) -> Spread:
    mark = max(chances) * NEGLIGIBLE
    first = next(place for place, chance in enumerate(chances) if chance >= mark)
    last = next(place for place in range(len(chances) - 1, -1, -1) if chances[place] >= mark)
    return Spread(least + first, chances[first : last + 1])
