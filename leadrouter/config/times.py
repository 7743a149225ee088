"""Times as a broker writes them: durations, hours, days, dates, zones.

Each function reads one piece of text and says in plain words why it cannot. No keys, no YAML, no pydantic.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from leadrouter.config.problems import shown
from leadrouter.domain.calendar import DAY_MINUTES
from leadrouter.domain.naming import nearest
from leadrouter.domain.policy import Span
from leadrouter.domain.promises import DAY, HOUR, MINUTE, YEAR

LONGEST_DAYS = 3660
MOST_HOLIDAYS = 366

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SECONDS = {"m": MINUTE, "h": HOUR, "d": DAY, "y": YEAR}
_DASH = re.compile(r"\s*[-–—]\s*")
_HOURS_FORM = 'write them as "Mon-Fri 09:00-18:00, Sat 10:00-14:00", or always'


def duration(text: str) -> int:
    """`15m`, `2h`, `14d`, `3y` in seconds; a year is 365 days."""
    hit = re.fullmatch(r"([0-9]{1,9})\s*([mhdy])", text.casefold())
    if not hit:
        raise ValueError(
            f"{shown(text)} is not a duration; write minutes, hours, days or years, as in 15m, 2h, 14d or 3y"
        )
    seconds = int(hit[1]) * _SECONDS[hit[2]]
    if not 0 < seconds <= LONGEST_DAYS * DAY:
        raise ValueError(f"{shown(text)} is out of range; the shortest duration is 1m, the longest {LONGEST_DAYS}d")
    return seconds


def iso_date(text: str) -> str:
    """A date, as ISO text."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(f"{shown(text)} is not a date in the calendar") from None
    raise ValueError(f"{shown(text)} is not a date; write year-month-day, as in 2026-03-01")


def date_range(text: str) -> tuple[str, str]:
    """`a..b`, both ends included, or a single date."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    start, end = iso_date(first), iso_date(last if dots else first)
    if end < start:
        raise ValueError(f"{shown(text)} ends before it begins; write the earlier date first")
    return start, end


def dates(text: str) -> tuple[str, ...]:
    """Every date of a date or a range."""
    first, last = map(date.fromisoformat, date_range(text))
    days = (last - first).days + 1
    if days > MOST_HOLIDAYS:
        raise ValueError(f"{shown(text)} is {days} days long; the longest range here is {MOST_HOLIDAYS} days")
    return tuple((first + timedelta(days=number)).isoformat() for number in range(days))


def hours(text: str) -> tuple[Span, ...] | None:
    """Weekly hours as spans within one day each, sorted, without overlaps; None for `always`."""
    if text.casefold() == "always":
        return None
    spans: list[Span] = []
    for part in text.split(","):
        days, *stretches = _DASH.sub("-", part).split() or [""]
        if not stretches:
            raise ValueError(f"{shown(text)} is not days and hours throughout; {_HOURS_FORM}")
        for stretch in stretches:
            start, end = minutes(stretch)
            for day in weekdays(days):
                if start < end:
                    spans.append((day, start, end))
                else:
                    spans += [(day, start, DAY_MINUTES), ((day + 1) % 7, 0, end)]
    return _joined(spans)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for day, start, end in sorted(spans):
        if merged and merged[-1][0] == day and start <= merged[-1][2]:
            merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((day, start, end))
    return tuple(merged)


def weekdays(text: str) -> tuple[int, ...]:
    """`Mon`, or `Fri-Mon` around the week's end; Monday is 0."""
    first, dash, last = _DASH.sub("-", text).partition("-")
    start = _weekday(first, text)
    end = _weekday(last, text) if dash else start
    return tuple((start + number) % 7 for number in range((end - start) % 7 + 1))


def _weekday(word: str, text: str) -> int:
    for number, name in enumerate(_WEEKDAYS):
        if len(word) >= 3 and name.startswith(word.casefold()):
            return number
    raise ValueError(f"{shown(text)} is not a weekday; write Mon, Tue, Wed, Thu, Fri, Sat, Sun, or Mon-Fri")


def minutes(text: str) -> tuple[int, int]:
    """`09:00-18:00` in minutes after midnight; the end may lie before the start, past midnight."""
    first, dash, last = _DASH.sub("-", text).partition("-")
    if not dash:
        raise ValueError(f"{shown(text)} is not a stretch of time; write it as 09:00-18:00")
    start, end = _clock(first, text), _clock(last, text) or DAY_MINUTES
    if start == DAY_MINUTES:
        raise ValueError(f"{shown(text)} begins at 24:00; write 00:00 for the start of a day")
    if start == end:
        raise ValueError(f"{shown(text)} begins and ends at the same minute; the whole day is 00:00-24:00")
    return start, end


def time_of_day(text: str) -> int:
    """`08:00` in minutes after midnight."""
    try:
        minute = _clock(text, text)
    except ValueError:
        minute = DAY_MINUTES
    if minute == DAY_MINUTES:
        raise ValueError(f"{shown(text)} is not a time of day; write it as 08:00")
    return minute


def _clock(word: str, text: str) -> int:
    hit = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", word)
    minute = int(hit[1]) * 60 + int(hit[2]) if hit else -1
    if not hit or int(hit[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"{shown(text)} is not a stretch of time; write it as 09:00-18:00")
    return minute


def zone(text: str) -> str:
    """A time zone of the IANA list, in its own spelling."""
    known = _zones()
    if text.casefold() in known:
        return known[text.casefold()]
    guess = nearest(text.replace(" ", "_"), known.values())
    remedy = f". Did you mean '{guess}'?" if guess else "; write a name such as Asia/Kuala_Lumpur or Europe/Madrid"
    raise ValueError(f"unknown time zone {shown(text)}{remedy}")


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones())}
