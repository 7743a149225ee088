"""How much of a month's conversion is in: sales take weeks, so a young month always looks poor.

Measured on how long the team's latest sales took. Days in, shares out; no leads, no clock.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import ceil

KNOWN_FROM = 20
"""Sales below which nothing is said of how long they take."""

LATEST = 200
"""How many of the latest sales are asked."""

RIPE = 0.95
"""Share of the wins to expect that must be in for a month to count as mature."""

HORIZON = 0.75
"""Share of the sales whose time is long enough to compare leads by (see `horizon`)."""


def wins_in(ages: Iterable[float], took: Sequence[float]) -> float | None:
    """The share of the wins to expect from leads of these ages that is in by now; None while too little is known.

    `ages` and `took` in days. A lead of age a has brought as large a share of its wins as sales took at most a.
    """
    if len(took) < KNOWN_FROM:
        return None
    days = sorted(took)
    shares = [bisect_right(days, age) / len(days) for age in ages]
    return sum(shares) / len(shares) if shares else None


def horizon(took: Sequence[float]) -> int | None:
    """Whole days within which three quarters of the sales came; None while too little is known.

    Leads are compared by whether they were won within it, and only once they are as old: each had the same time.
    """
    if len(took) < KNOWN_FROM:
        return None
    days = sorted(took)
    return ceil(days[ceil(HORIZON * len(days)) - 1])
