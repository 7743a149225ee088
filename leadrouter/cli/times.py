"""Past moments as people say them: `yesterday 15:00`, `monday 2:30pm`, `2h ago`. A small closed set, loaded on demand.

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
"""What may be written, for the hint."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AGO = re.compile(r"(\d{1,4}) ?(m|min|mins|minutes?|h|hours?) ago", re.ASCII)
DAY = re.compile(r"(?:(?P<ago>\d{1,4}) ?(?:d|days?) ago|(?P<word>[a-z]{3,}))(?: |$)", re.ASCII)
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
    day = _day(named, today, said) if named else today
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


def _day(named: re.Match[str], today: date, said: str) -> date | None:
    """The day that is named, the latest that is past; None if it is none of ours."""
    if named["ago"]:
        return today - timedelta(days=int(named["ago"]))
    word = named["word"]
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday")
    number = next((number for number, name in enumerate(DAYS) if name.startswith(word)), None)
    if number is None:
        return None
    if number == today.weekday():
        week = today - timedelta(days=7)
        raise WrongUsage(f"{said} may be today or a week ago", f"write today and the time, or {week}T15:00")
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
