"""Dates and hours: what an aware UTC moment is on someone's wall clock, and whether they are open then.

Dates belong to the team's zone and ranges include both ends; hours belong to the agent's zone. No policy
rules here, only the reading of clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from leadrouter.domain.policy import Span

DAY_MINUTES = 24 * 60

SEARCHED_DAYS = 366
"""How far ahead an opening is looked for."""


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


def wall_clock(moment: datetime, timezone: str, now: datetime | None = None) -> str:
    """A moment on the team's wall clock: `Mon 26 Oct 09:00`; with the year where that is not the year of `now`."""
    there = local(moment, timezone)
    year = "" if now is None or there.year == local(now, timezone).year else " %Y"
    return there.strftime(f"%a %d %b{year} %H:%M")


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


def at_minute(date: str, minute: int, timezone: str) -> datetime:
    """So many minutes after midnight on the wall clock of a date, as UTC."""
    midnight = datetime.fromisoformat(date)
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=zone(timezone)).astimezone(UTC)


def day_after(date: str) -> str:
    """The next calendar date."""
    return (datetime.fromisoformat(date) + timedelta(days=1)).date().isoformat()


def days_between(first: str, last: str) -> int:
    """Whole days from one ISO date to another."""
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days


def month_of(now: datetime, timezone: str) -> str:
    """The month a moment belongs to for the team: `2026-11`."""
    return local_date(now, timezone)[:7]


def open_stretches(
    hours: Sequence[Span] | None, holidays: Sequence[str], since: datetime, timezone: str
) -> Iterator[tuple[datetime, datetime]]:
    """From `since` on, what is open as (from, until) in UTC, day by day, for a year ahead; `hours` None: all day."""
    there = local(since, timezone).date()
    for ahead in range(SEARCHED_DAYS):
        date = (there + timedelta(days=ahead)).isoformat()
        if date in holidays:
            continue
        for start, end in _open_on(hours, date, timezone):
            if end > since:
                yield max(start, since), end


def next_opening(hours: Sequence[Span] | None, holidays: Sequence[str], since: datetime, timezone: str) -> datetime:
    """The first moment after `since` at which the team opens; a closure without end counts as one of a year."""
    openings = (start for start, _ in open_stretches(hours, holidays, since, timezone) if start > since)
    return next(openings, since + timedelta(days=SEARCHED_DAYS))


@lru_cache(maxsize=1024)
def after_open_time(
    hours: tuple[Span, ...] | None, holidays: tuple[str, ...], since: datetime, seconds: int, timezone: str
) -> datetime:
    """The moment at which `seconds` of open time have passed since `since`; a year later where there is too little."""
    left = timedelta(seconds=seconds)
    for start, end in open_stretches(hours, holidays, since, timezone):
        if end - start >= left:
            return start + left
        left -= end - start
    return since + timedelta(days=SEARCHED_DAYS)


@lru_cache(maxsize=1024)
def _open_on(hours: tuple[Span, ...] | None, date: str, timezone: str) -> tuple[tuple[datetime, datetime], ...]:
    """The open stretches of one local date in UTC. On the day of a clock change every hour is looked at."""
    first, last = start_of(date, timezone), start_of(day_after(date), timezone)
    edges = {first, last, *(edge for edge in boundaries(hours, local(first, timezone)) if first < edge < last)}
    if local(first, timezone).utcoffset() != local(last, timezone).utcoffset():
        edges.update(first + timedelta(minutes=30 * step) for step in range(1, 52))
    found: list[tuple[datetime, datetime]] = []
    ordered = sorted(edge for edge in edges if first <= edge <= last)
    for start, end in pairwise(ordered):
        if is_open(hours, local(start, timezone)):
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return tuple(found)
