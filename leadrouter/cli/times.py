"""Moments and days as people say them: `yesterday 15:00`, `2h ago`, `monday`, `in 2 weeks`. A small closed set, loaded
on demand.

No library: those that read such words take what they do not understand for something else. dateparser (0.12 s to
import) makes this hour of yesterday of `yesterday 25:00` and the thirteenth of January of `2026-13-01`; parsedatetime
reads `foo 15:00`, and takes a Monday for the next one. What is recorded here is evidence: what is not plain is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from leadrouter.domain.calendar import local, zone
from leadrouter.errors import WrongUsage

WAYS = "2026-11-22T09:30, 15:00, yesterday 3pm, monday 14:30, 2d ago 9:30, 90m ago"
WAYS_OF_DAYS = "2026-12-24, today, tomorrow, yesterday, monday, in 2 weeks, 3d ago"
"""What may be written, for the hint: a moment, and a day."""

WEEK = timedelta(days=7)
NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AGO = re.compile(r"(\d{1,4}) ?(m|min|mins|minutes?|h|hours?) ago", re.ASCII)
DAY = re.compile(
    r"(?:(?P<ahead>in )?(?:(?P<days>\d{1,4}) ?(?:d|days?)|(?P<weeks>\d{1,3}) ?(?:w|weeks?))(?P<ago> ago)?"
    r"|(?P<word>[a-z]{3,}))(?: |$)",
    re.ASCII,
)
CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))? ?(am|pm)?", re.ASCII)


def spoken(text: str, now: datetime, timezone: str, option: str) -> datetime:
    """A past moment in plain words, as aware UTC. Raises WrongUsage for what is not one of WAYS, names no single moment
    of the team's wall clock, or is still to come.
    """
    words, said = " ".join(text.casefold().split()), f"{option} {text}"
    if hit := AGO.fullmatch(words):
        return now - timedelta(minutes=int(hit[1]) * (60 if hit[2][0] == "h" else 1))
    today = local(now, timezone).date()
    named = DAY.match(words)
    day = _day(named, today, said, f"write today and the time, or {today - WEEK}T15:00") if named else today
    rest = words[named.end() :] if named else words
    if day is not None and named and not rest:
        raise WrongUsage(f"{said} names no time of the day", f"write it as {words} 15:00")
    at = _clock(rest)
    if day is None or at is None:
        raise WrongUsage(f"{said} is not a moment", f"write it as one of {WAYS}")
    moment = _on_the_clock(datetime.combine(day, at), timezone, said)
    if moment > now:
        raise WrongUsage(f"{said} is still to come: now is {local(now, timezone):%a %d %b %H:%M}", "give a past moment")
    return moment


def spoken_day(text: str, now: datetime, timezone: str, option: str, *, ahead: bool) -> date:
    """A day of the team in plain words. A weekday is the latest that is past, or the next that is to come (`ahead`).

    Raises WrongUsage for what is not one of WAYS_OF_DAYS, or names no single day.
    """
    words, said, today = " ".join(text.casefold().split()), f"{option} {text}", local(now, timezone).date()
    named = DAY.fullmatch(words)
    week = today + WEEK if ahead else today - WEEK
    day = _day(named, today, said, f"write today, or {week}", ahead=ahead) if named else None
    if day is None:
        raise WrongUsage(f"{said} is not a date", f"write it as one of {WAYS_OF_DAYS}")
    return day


def _day(named: re.Match[str], today: date, said: str, way_out: str, *, ahead: bool = False) -> date | None:
    """The day that is named; None if it is none of ours. Raises WrongUsage, with the way out, for today's weekday."""
    word = named["word"]
    if word is None:
        length = timedelta(days=int(named["days"] or 0), weeks=int(named["weeks"] or 0))
        if bool(named["ahead"]) == bool(named["ago"]):
            return None
        return today + length if named["ahead"] else today - length
    if word in NEAR:
        return today + timedelta(days=NEAR[word])
    number = next((number for number, name in enumerate(DAYS) if name.startswith(word)), None)
    if number is None:
        return None
    if number == today.weekday():
        raise WrongUsage(f"{said} may be today or {'in a week' if ahead else 'a week ago'}", way_out)
    if ahead:
        return today + timedelta(days=(number - today.weekday()) % 7)
    return today - timedelta(days=(today.weekday() - number) % 7)


def _clock(text: str) -> time | None:
    """`15:00`, `9am`, `9:30 pm`; a bare number is none."""
    hit = CLOCK.fullmatch(text)
    if not hit or not (hit[2] or hit[3]):
        return None
    hour, minute = int(hit[1]), int(hit[2] or 0)
    if hit[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (hit[3] == "pm")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _on_the_clock(wall: datetime, timezone: str, said: str) -> datetime:
    """The one moment at which the team's clock showed this; the night the clocks are changed has others."""
    early, late = (wall.replace(tzinfo=zone(timezone), fold=fold).astimezone(UTC) for fold in (0, 1))
    if early != late:
        there = local(early, timezone).replace(tzinfo=None) == wall
        why = "came twice" if there else "did not come"
        raise WrongUsage(
            f"{said} {why}: the clocks were changed", "write it with the offset, as 2026-10-25T02:30+02:00"
        )
    return early
