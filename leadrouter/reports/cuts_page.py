"""The pages of `report source`, `territory`, `quality`, `method` and `trend`: what `cuts` found, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.reports import columns
from leadrouter.reports.columns import between, mark, minutes_words, number, time, words
from leadrouter.reports.monthly_page import chance_words, ripeness_words
from leadrouter.reports.monthly_sections import conversion_table, costs
from leadrouter.reports.page import Bar, Cell, Column, Interval, Page, Spark, Table, section

Report = Mapping[str, Any]


def cut_page(report: Report, policy: Policy) -> Page:
    """One cut: conversion, then what became of the leads."""
    cut = report["by"]
    entries = report[cut]
    leads, won = (sum(entry[key] for entry in entries) for key in ("leads", "won"))
    became = Table(
        f"became_{cut}", "", entries,
        (
            words(cut, "name"), number("open", "open"), number("won", "won"), number("lost", "lost"),
            number("void", "void"), columns.amount("value", "value", policy),
            number("days to win", "median_days", ",.0f"), time("to contact", "receipt_to_contact_minutes"),
        ),
        "to contact: median time from receipt to the first attempt by anybody",
    )  # fmt: skip
    return Page(
        f"{report['team']}: leads by {cut}, {report['from']} to {report['to']}",
        [ripeness_words(report["ripeness"], leads, won)],
        [],
        [
            *section(f"conversion by {cut}", conversion_table(cut, entries, policy)._replace(title="")),
            *section("what became of them", became),
            *costs(report, policy),
            *(_compared(report["comparison"]) if report.get("comparison") else []),
        ],
        _as_of(report, policy),
    )


def _as_of(report: Report, policy: Policy) -> str:
    return f"as of {wall_clock(datetime.fromisoformat(report['as_of']), policy.team.timezone)}"


# --- two methods ----------------------------------------------------------------------------------------------


def _compared(found: Report) -> list[Any]:
    one, other = found["methods"]
    top = max((side["high"] or 0 for side in found["sides"]), default=0) or 1

    def drawn(side: Report) -> Interval | None:
        if side["rate"] is None:
            return None
        between = f"{side['rate']:.1%}, probably {side['low']:.0%} to {side['high']:.0%}"
        return Interval(side["low"] / top, side["rate"] / top, side["high"] / top, None, between)

    sides = Table(
        "comparison", "the leads that can be compared", found["sides"],
        (
            words("method", "name"), number("leads", "leads"), number("won", "won"), number("rate", "rate", ".1%"),
            Column("95 % range", between, right=True),
            mark("drawn", drawn),
        ),
    )  # fmt: skip
    mixes = [
        Table(
            f"mix_{cut}", f"their mix by {cut}: {mix['distance']:.0%} apart", mix["kinds"],
            (
                words(cut, "name"), number(one, "one", ".0%"), number(other, "other", ".0%"),
                mark(f"{one}, | {other}", lambda kind: Bar(
                    kind["one"] or 0, kind["other"], f"{kind['one'] or 0:.0%} against {kind['other'] or 0:.0%}"
                )),
            ),
        )
        for cut, mix in found["mix"].items()
    ]  # fmt: skip
    return section(f"{one} and {other} compared", sides, *mixes, sentences=comparison_words(found))


def comparison_words(found: Report) -> list[str]:
    """The verdict first, then what it rests on."""
    return [VERDICTS[found["verdict"]](found), *_rests_on(found)]


def _gap(found: Report) -> str:
    one, other = found["methods"]
    gap = found["gap"]
    who = (one, other) if gap["gap"] >= 0 else (other, one)
    low, high = sorted(abs(gap[end]) if gap["low"] * gap["high"] > 0 else gap[end] for end in ("low", "high"))
    between = (
        f"({low * 100:+.1f} to {high * 100:+.1f})"
        if gap["low"] * gap["high"] <= 0
        else f"({low * 100:.1f} to {high * 100:.1f})"
    )
    return f"{who[0]} won {abs(gap['gap']) * 100:.1f} points more often than {who[1]} {between}"


VERDICTS: dict[str, Callable[[Report], str]] = {
    "more_than_chance": lambda found: (
        f"More than chance: {_gap(found)}; chance alone parts them so far in {chance_words(found['chance'])} of cases."
    ),
    "chance": lambda found: (
        f"No more than chance: {_gap(found)}, but chance alone parts them so far in {chance_words(found['chance'])} of "
        "cases. Neither may be called better."
    ),
    "not_comparable": lambda found: (
        f"Not comparable: only {found['comparable']:.0%} of the leads have counterparts of the same source and quality."
    ),
    "too_few": lambda found: "Too few leads to say anything: each method needs 50 that are old enough.",
}


def _rests_on(found: Report) -> list[str]:
    horizon = found["horizon_days"]
    when = (
        f"Counted are sales within {counted(horizon, 'day')}, of leads that old; left out: "
        f"{counted(found['too_young'], 'lead')}."
        if horizon is not None
        else "How long sales take is not known yet, so young leads count as not won."
    )
    same = "month, source and quality" if found["side_by_side"] else "source and quality"
    alike = (
        f"Compared are leads of the same {same}; {counted(found['without_counterpart'], 'lead')} had no counterpart."
    )
    apart = (
        []
        if found["side_by_side"]
        else ["The methods hardly ran in the same months: what else changed then counts, too."]
    )
    exact = "Exact conditional test within these kinds; a lead counts for the method that dealt it first."
    return [when, alike, *apart, exact]


# --- twelve months --------------------------------------------------------------------------------------------


def _as(form: str) -> Callable[[float], str]:
    return lambda value: format(value, form)


TREND: dict[str, tuple[str, Callable[[float], str]]] = {
    "received": ("leads that came in", _as(",.0f")),
    "rate": ("of them won so far", _as(".1%")),
    "won": ("won in the month", _as(",.0f")),
    "value": ("value won", _as(",.0f")),
    "in_time": ("first contacts in time", _as(".0%")),
    "receipt_to_contact_minutes": ("receipt to contact", minutes_words),
    "reclaimed": ("leads taken back", _as(",.0f")),
    "declined": ("offers not accepted", _as(",.0f")),
    "satisfaction": ("satisfaction, 1 to 5", _as(".2f")),
}
"""The figures of the trend: what they are called and how they are written."""


def trend_page(report: Report, policy: Policy) -> Page:
    """Each figure as a line over the months, then the months."""
    months = report["trend"]
    lines = [
        {"figure": name, "values": [month[name] for month in months]}
        for name in TREND
        if any(month[name] for month in months)
    ]
    glance = Table(
        "trend", "", lines,
        (
            words("figure", "figure", lambda name: columns.called(TREND[name][0], name, policy)),
            mark(f"{months[0]['month']} to {report['to']}", lambda line: Spark(tuple(line["values"]), _told(line))),
            *(Column(title, _one_of(choose), right=True) for title, choose in EXTREMES.items()),
        ),
    )  # fmt: skip
    each = Table(
        "months", "", months,
        (
            words("month", "month"), number("leads", "received"), number("void", "void"),
            number("won of them", "won_of_them"), Column("rate", _growing, right=True), number("closed won", "won"),
            columns.amount("value", "value", policy), number("in time", "in_time", ".0%"),
        ),
        "won of them: of the month's own leads, so far (* still maturing); closed won: in the month, of any leads",
    )  # fmt: skip
    return Page(
        f"{report['team']}: twelve months to {report['to']}", [], [],
        [*section("the figures over time", glance), *section("month by month", each)], _as_of(report, policy),
    )  # fmt: skip


def _growing(month: Report) -> Cell:
    return Cell("" if month["rate"] is None else f"{month['rate']:.1%}{' *' if month['maturing'] else '  '}")


def _one_of(choose: Callable[[list[float]], float]) -> Callable[[Report], Cell]:
    def show(line: Report) -> Cell:
        known = [value for value in line["values"] if value is not None]
        return Cell(TREND[line["figure"]][1](choose(known)) if known else "")

    return show


EXTREMES: dict[str, Callable[[list[float]], float]] = {"least": min, "most": max, "latest": lambda values: values[-1]}


def _told(line: Report) -> str:
    name, form = TREND[line["figure"]]
    return f"{name}: " + ", ".join("none" if value is None else form(value) for value in line["values"])
