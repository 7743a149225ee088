"""`report isa`: what inside sales achieved in a period, and what field agents made of it. Two tables, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from leadrouter.domain import calendar
from leadrouter.domain.events import Event
from leadrouter.domain.inside_sales import Result, results, way
from leadrouter.domain.metrics import rate
from leadrouter.domain.policy import Policy
from leadrouter.reports.tables import console, show_table
from leadrouter.reports.wording import named


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


def show(report: dict[str, Any], policy: Policy) -> None:
    """Isas and field agents each in tables of their own."""
    out = console()
    out.print(Text(f"inside sales, {report['from']} to {report['to']}, and what became of it so far", style="bold"))
    if not (report["isas"] or report["field_agents"]):
        out.print(Text("no isa received, arranged or handed off anything"))
        return
    _tables("isa", "by isa", report["isas"], policy)
    _tables("agent", "by field agent, of what was handed off to them", report["field_agents"], policy)
    out.print(Text("shows: leads with an appointment of an isa's that nobody recorded as a no-show"))


def _tables(who: str, title: str, entries: list[dict[str, Any]], policy: Policy) -> None:
    """Appointments, then hand-offs."""
    if not entries:
        return
    names = [named(policy, entry[who]) for entry in entries]
    rows = [
        [
            name, str(entry["leads"]), str(entry["appointments"]),
            _with_share(entry["no_shows"], entry["no_show_rate"]), str(entry["shows"]),
            _with_share(entry["won_after_show"], entry["show_to_win"]),
        ]
        for name, entry in zip(names, entries, strict=True)
    ]  # fmt: skip
    show_table(title, (who, "leads", "appointments", "no-shows", "shows", "won after"), rows, right="_rrrrr")
    rows = [
        [
            name, str(entry["handed_off"]), str(entry["void"]), str(entry["won"]),
            "" if entry["rate"] is None else f"{entry['rate']:.1%}",
            "" if entry["rate"] is None else f"{entry['low']:.0%} to {entry['high']:.0%}",
        ]
        for name, entry in zip(names, entries, strict=True)
    ]  # fmt: skip
    show_table("", (who, "handed off", "void", "won", "rate", "95 % interval"), rows, right="_rrrrr")


def _with_share(count: int, share: float | None) -> str:
    return f"{count} ({share:.0%})" if share is not None else ""
