"""Months and stretches of dates on the team's wall clock, as the UTC moments that reports select by.

A month is its ISO name, `2026-11`; every stretch includes its first moment and excludes its end.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.events import iso


class Period(NamedTuple):
    """From one UTC moment to just before another, as ISO text, which compares like the moments."""

    start: str
    end: str


def month_after(month: str) -> str:
    """The next month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def month_before(month: str) -> str:
    """The month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"


def months_until(month: str, count: int) -> list[str]:
    """So many months, the last of them this one, oldest first."""
    found = [month]
    while len(found) < count:
        found.append(month_before(found[-1]))
    return found[::-1]


def month_period(month: str, timezone: str) -> Period:
    """When a month begins and ends for the team; a month in which the clocks change is an hour longer or shorter."""
    first, after = (calendar.start_of(f"{name}-01", timezone) for name in (month, month_after(month)))
    return Period(iso(first), iso(after))


def dates_period(first: str, last: str, timezone: str) -> Period:
    """When a range of the team's dates, both inclusive, begins and ends."""
    return Period(iso(calendar.start_of(first, timezone)), iso(calendar.start_of(calendar.day_after(last), timezone)))


def same_stage(month: str, now: datetime, timezone: str) -> str:
    """The moment at which the month before was as old as this one is now: its leads had as long to become sales."""
    start, before = (calendar.start_of(f"{name}-01", timezone) for name in (month, month_before(month)))
    return iso(before + (now - start))
