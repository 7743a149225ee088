"""`report isa`: what inside sales achieved in a period, and what field agents made of it. Two tables, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain import calendar
from leadrouter.domain.events import Event
from leadrouter.domain.inside_sales import Result, results, way
from leadrouter.domain.metrics import rate


def period(first: str, last: str, timezone: str) -> tuple[datetime, datetime]:
    """The UTC moments at which two dates of the team begin and end; both are in it."""
    return calendar.start_of(first, timezone), calendar.start_of(calendar.day_after(last), timezone)


def isa_report(histories: Iterable[list[Event]], first: str, last: str, timezone: str) -> dict[str, Any]:
    """The figures of the dates from `first` to `last`. Rates are None where there is nothing to divide by."""
    isas, agents = results(map(way, histories), *period(first, last, timezone))
    return {"from": first, "to": last, "isas": _entries("isa", isas), "field_agents": _entries("agent", agents)}


def _entries(who: str, found: Mapping[str, Result]) -> list[dict[str, Any]]:
    return [{who: person, **_figures(result)} for person, result in sorted(found.items())]


def _figures(result: Result) -> dict[str, Any]:
    converted = rate(result.won, result.handed_off)
    return {
        **result._asdict(),
        "no_show_rate": _share(result.no_shows, result.appointments),
        "show_to_win": _share(result.won_after_show, result.shows),
        "rate": _rounded(converted.rate),
        "low": _rounded(converted.low),
        "high": _rounded(converted.high),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
