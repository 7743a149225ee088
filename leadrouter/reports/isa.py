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
    """Both tables on a screen."""
    out = console()
    title = f"inside sales, {report['from']} to {report['to']}: hand-offs of these days and what they became so far"
    out.print(Text(title, style="bold"))
    if not (report["isas"] or report["field_agents"]):
        out.print(Text("no isa received, arranged or handed off anything"))
        return
    columns = ("isa", "came", "set", "no-show", "shows", "won", "handed off", "void", "won", "95 %")
    show_table("by isa", columns, [_row(entry, "isa", policy) for entry in report["isas"]], right="_rrrrrrrrr")
    agents = [_row(entry, "agent", policy) for entry in report["field_agents"]]
    show_table("by field agent, of what was handed off to them", ("agent", *columns[1:]), agents, right="_rrrrrrrrr")
    out.print(Text("set = appointments arranged by an isa; shows = leads with one that nobody recorded as a no-show"))


def _row(entry: dict[str, Any], who: str, policy: Policy) -> list[str]:
    won = f"{entry['won']} ({entry['rate']:.0%})" if entry["rate"] is not None else ""
    return [
        named(policy, entry[who]), str(entry["leads"]), str(entry["appointments"]),
        _with_share(entry["no_shows"], entry["no_show_rate"]), str(entry["shows"]),
        _with_share(entry["won_after_show"], entry["show_to_win"]), str(entry["handed_off"]), str(entry["void"]),
        won, f"{entry['low']:.0%}-{entry['high']:.0%}" if entry["low"] is not None else "",
    ]  # fmt: skip


def _with_share(count: int, share: float | None) -> str:
    return f"{count} ({share:.0%})" if share is not None else ""
