"""Dates that are not ISO: which of day and month comes first is decided for a whole file, never for one cell.

`22/06/2025` tells by itself, `03/04/2025` does not; what a file's cells have in common is its order. Nothing here
reads a file; `cells.moment` reads ISO, which is tried first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "mac": 3, "mei": 5, "ogo": 8, "okt": 10, "dis": 12,
}  # fmt: skip
"""The first letters of a month in English and Malay."""

_CLOCK = (
    r"(?:[T,\s]+(?:at\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?)?\s*(?P<offset>UTC|GMT|Z|[+-]\d{2}:?\d{2})?"
)
_DATES = {
    "numbers": r"(?P<a>\d{1,4})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{2}|\d)",
    "day first": r"(?:[a-z]+,?\s+)?(?P<a>\d{1,2})(?:st|nd|rd|th)?[\s.-]*(?P<b>[a-z]{3,9})\.?,?[\s-]+(?P<c>\d{4}|\d{2})",
    "month first": r"(?:[a-z]+,\s+)?(?P<b>[a-z]{3,9})\.?[\s-]+(?P<a>\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(?P<c>\d{4})",
}
_ORDERS = ("dmy", "mdy", "ymd")
_SECONDS, _MILLISECONDS = 10, 13
"""Digits of a count since 1970, as programs write it."""


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(_DATES[kind] + _CLOCK, re.IGNORECASE)


def readings(text: str) -> dict[str, datetime]:
    """What a date means in each order that can read it; one that tells by itself means the same in all."""
    if text.isascii() and text.isdecimal() and len(text) in (_SECONDS, _MILLISECONDS):
        since = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text[:_SECONDS]))
        return dict.fromkeys(_ORDERS, since)
    for kind in _DATES:
        if hit := _pattern(kind).fullmatch(text):
            break
    else:
        return {}
    if kind != "numbers":
        month = _MONTHS.get(hit["b"][:3].casefold())
        at = _at(hit, _year(hit["c"]), month, int(hit["a"])) if month else None
        return dict.fromkeys(_ORDERS, at) if at else {}
    a, b, c = int(hit["a"]), int(hit["b"]), int(hit["c"])
    if len(hit["a"]) > 2:
        at = _at(hit, _year(hit["a"]), b, c)
        return dict.fromkeys(_ORDERS, at) if at else {}
    found = {"dmy": _at(hit, _year(hit["c"]), b, a), "mdy": _at(hit, _year(hit["c"]), a, b)}
    if len(hit["c"]) <= 2:
        found["ymd"] = _at(hit, _year(hit["a"]), b, c)
    return {order: at for order, at in found.items() if at is not None}


def orders_of(texts: Iterable[str]) -> set[str]:
    """The orders that read every one of these cells: one if they tell, both if they leave it open, none if they
    contradict each other.

    Cells that no order can read say nothing. Two digits of a year stand at the end: `ymd` must be said.
    """
    left, differ = {"dmy", "mdy"}, False
    for text in texts:
        read = readings(text)
        if read and not (len(read) == len(_ORDERS) and len(set(read.values())) == 1):
            left &= read.keys()
            differ = differ or read.get("dmy") != read.get("mdy")
            if not left:
                break
    return left if differ else {"dmy"}


def moment(text: str, zone: tzinfo, order: str | None) -> str | None:
    """The date as UTC ISO text; None where it cannot be read, or only by guessing the order."""
    read = readings(text)
    if order is None:
        meant = set(read.values())
        at = meant.pop() if len(meant) == 1 else None
    else:
        at = read.get(order)
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).isoformat()[:19] + "Z"


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) <= 2 else 0)


def _at(hit: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    hour, minute, second = (int(hit[part] or 0) for part in ("hour", "minute", "second"))
    if half := (hit["half"] or "").casefold():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_offset(hit["offset"]))
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    length = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-length if text[0] == "-" else length)
