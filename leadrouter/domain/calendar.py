"""Dates and hours: what an aware UTC moment is on someone's wall clock, and whether they are open then.

Dates belong to the team's zone and ranges include both ends; hours belong to the agent's zone. No policy
rules here, only the reading of clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from leadrouter.domain.policy import Span

DAY_MINUTES = 24 * 60


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The IANA zone, read once."""
    return ZoneInfo(name)


def local(now: datetime, timezone: str) -> datetime:
    """The same moment on the wall clock of a zone."""
    return now.astimezone(zone(timezone))


def local_date(now: datetime, timezone: str) -> str:
    """The date there, as ISO text; ISO dates compare like dates."""
    return local(now, timezone).date().isoformat()


def is_open(hours: Sequence[Span] | None, there: datetime) -> bool:
    """Whether a wall-clock moment falls into the weekly hours; None is always open."""
    if hours is None:
        return True
    weekday, minute = there.weekday(), there.hour * 60 + there.minute
    return any(day == weekday and start <= minute < end for day, start, end in hours)


def boundaries(hours: Sequence[Span] | None, there: datetime) -> Iterator[datetime]:
    """The moments later on this local day (its midnight included, as UTC) at which the answer may change."""
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    minutes = {DAY_MINUTES} | {
        edge for day, start, end in hours or () if day == there.weekday() for edge in (start, end)
    }
    for minute in sorted(minutes):
        for fold in (0, 1):  # an hour that a clock change repeats has each boundary twice
            edge = (midnight + timedelta(minutes=minute)).replace(tzinfo=there.tzinfo, fold=fold)
            moment = edge.astimezone(UTC)
            if moment > there:
                yield moment


def start_of(date: str, timezone: str) -> datetime:
    """Local midnight at the beginning of a date, as UTC."""
    return datetime.fromisoformat(date).replace(tzinfo=zone(timezone)).astimezone(UTC)


def day_after(date: str) -> str:
    """The next calendar date."""
    return (datetime.fromisoformat(date) + timedelta(days=1)).date().isoformat()


def days_between(first: str, last: str) -> int:
    """Whole days from one ISO date to another."""
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days


def month_of(now: datetime, timezone: str) -> str:
    """The month a moment belongs to for the team: `2026-11`."""
    return local_date(now, timezone)[:7]


def next_opening(hours: Sequence[Span] | None, holidays: Sequence[str], since: datetime, timezone: str) -> datetime:
    """The first moment after `since` at which the team is open; a week-long closure ends the search after a year."""
    there = local(since, timezone)
    if hours is None:
        hours = tuple((day, 0, DAY_MINUTES) for day in range(7))
    for ahead in range(366):
        date = there.date() + timedelta(days=ahead)
        if date.isoformat() in holidays:
            continue
        for start in sorted(start for day, start, _ in hours if day == date.weekday()):
            midnight = datetime(date.year, date.month, date.day, tzinfo=zone(timezone))
            opening = (midnight + timedelta(minutes=start)).astimezone(UTC)
            if opening > since:
                return opening
    return since + timedelta(days=366)
