"""Rates with their uncertainty, and middle values. Plain statistics; no agents, no leads."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist, fmean, median
from typing import NamedTuple

CONFIDENCE = 0.95


class Rate(NamedTuple):
    """`won` of `leads`, and the interval that holds the true rate with 95 % confidence. None without leads."""

    leads: int
    won: int
    rate: float | None
    low: float | None
    high: float | None


def rate(won: int, leads: int) -> Rate:
    """A rate with its score interval (E. B. Wilson, 1927), which stays honest for few leads and for 0 and 100 %."""
    if leads == 0:
        return Rate(0, 0, None, None, None)
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    share = won / leads
    centre = (share + z * z / (2 * leads)) / (1 + z * z / leads)
    margin = z * sqrt(share * (1 - share) / leads + z * z / (4 * leads * leads)) / (1 + z * z / leads)
    return Rate(leads, won, share, max(0.0, centre - margin), min(1.0, centre + margin))


def mean_and_median(values: list[float]) -> tuple[float | None, float | None]:
    """Both, or None where there is nothing to measure."""
    return (fmean(values), float(median(values))) if values else (None, None)
