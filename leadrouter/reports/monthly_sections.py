"""The tables of the monthly report, each said once for screen, page and files: which figures, under which names.

Only how figures are called and shown; what they are comes from `monthly`, the sentences from `monthly_page`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leadrouter.domain.policy import Policy
from leadrouter.reports import columns, fees
from leadrouter.reports.columns import between, mark, number, promises, time, words
from leadrouter.reports.conduct_sections import conduct_sections
from leadrouter.reports.distribution_sections import distribution
from leadrouter.reports.page import Bar, Cell, Column, Entry, Interval, Section, Table, section

Report = Mapping[str, Any]


def changes(report: Report, policy: Policy) -> list[Section]:
    """This month beside the month before."""
    moving = [entry for entry in report["changes"] if entry["before"] or entry["now"]]
    table = Table(
        "changes", "", moving,
        (
            words("figure", "what", lambda what: columns.called(CHANGES[what][0], what, policy)),
            Column("before", lambda entry: Cell(_figure(entry, "before")), right=True),
            Column("now", lambda entry: Cell(_figure(entry, "now")), right=True),
            Column("change", lambda entry: Cell(_moved(entry)), right=True),
        ),
    )  # fmt: skip
    return section("since the month before", table)


CHANGES: dict[str, tuple[str, str]] = {
    "received": ("leads that came in", ",.0f"),
    "conversion": ("of them won at the same age", ".1%"),
    "won": ("won in the month", ",.0f"),
    "value": ("their value", ",.0f"),
    "void": ("void in the month", ",.0f"),
    "in_time": ("first contacts in time", ".0%"),
    "hot_minutes": ("minutes to a hot lead, median", ",.0f"),
    "declined": ("offers declined or lapsed", ",.0f"),
    "reclaimed": ("leads taken back", ",.0f"),
    "escalated": ("times the leader was told", ",.0f"),
    "complaints": ("complaints", ",.0f"),
}
"""The figures compared with the month before: what they are called and how they are written."""


def _figure(entry: Entry, side: str) -> str:
    return "" if entry[side] is None else format(entry[side], CHANGES[entry["what"]][1])


def _moved(entry: Entry) -> str:
    if entry["before"] is None or entry["now"] is None or entry["before"] == entry["now"]:
        return ""
    form = CHANGES[entry["what"]][1]
    if form.endswith("%"):
        return f"{(entry['now'] - entry['before']) * 100:+.1f} points"
    return format(entry["now"] - entry["before"], "+" + form)


# --- first contact --------------------------------------------------------------------------------------------


CHANGED = "promise: it changed, the latest stands last; each lead is judged by that of when its agent got it"


def response(report: Report, policy: Policy) -> list[Section]:
    """Promises kept, and how long it took: the team by quality, then each agent."""
    target = policy.sla.target

    def kept(entry: Entry) -> Cell:
        return Cell(f"{entry['kept']} of {entry['leads']}" if entry["leads"] else "")

    def share(entry: Entry) -> Cell:
        reached = entry["contacted_in_sla"]
        return Cell() if reached is None else Cell(f"{reached:.0%}", reached < target)

    def drawn(entry: Entry) -> Bar | None:
        reached = entry["contacted_in_sla"]
        return None if reached is None else Bar(reached, target, f"{reached:.0%} in time, target {target:.0%}")

    measures = (
        Column("in time", kept, right=True), Column("rate", share, right=True), time("mean", "mean_minutes"),
        time("median", "median_minutes"), time("since receipt", "receipt_to_contact_minutes"),
    )  # fmt: skip
    team = Table(
        "response_by_quality", "the team", report["response_by_quality"],
        (words("quality", "quality"), promises("promise"), *measures, mark("| target", drawn)),
        CHANGED if any(entry["earlier_promises"] for entry in report["response_by_quality"]) else "",
    )  # fmt: skip
    agents = Table(
        "response", "each agent", report["response"],
        (columns.agent(policy), words("quality", "quality"), *measures),
        "since receipt: median time from when the lead came in, whoever had it until then",
    )  # fmt: skip
    return section(f"first contact (target {target:.0%} in time)", team, agents)


# --- conversion -----------------------------------------------------------------------------------------------


def conversion(report: Report, policy: Policy, sentences: list[str]) -> list[Section]:
    """Of the leads that came in this month: by every cut."""
    tables = [conversion_table(cut, entries, policy) for cut, entries in report["conversion"].items()]
    shown = [table for table in tables if table.key != "conversion_rule" or len(table.entries) > 1]
    return section(
        "conversion of the leads that came in this month", *shown, sentences=sentences if report["received"] else []
    )


VERDICTS = {"above": "above the team", "below": "below the team", "within": "as the team", "too_few": "too few"}
"""What may be said of an agent's results, chance allowed for."""


def conversion_table(cut: str, entries: list[Entry], policy: Policy) -> Table:
    """Leads, wins and the rate with its interval, drawn on one scale; the tick is the rate of them all."""
    top = max((entry["high"] or 0 for entry in entries), default=0) or 1
    leads = sum(entry["leads"] for entry in entries)
    usual = sum(entry["won"] for entry in entries) / leads if leads else 0
    name = columns.agent(policy, "name") if cut == "agent" else words(cut, "name")
    void = [number("void", "void")] if any(entry.get("void") for entry in entries) else []
    verdict = [words("judged", "verdict", lambda found: VERDICTS[found])] if cut == "agent" else []

    def interval(entry: Entry) -> Interval | None:
        if entry["rate"] is None:
            return None
        between = f"{entry['rate']:.1%}, probably {entry['low']:.0%} to {entry['high']:.0%}"
        return Interval(entry["low"] / top, entry["rate"] / top, entry["high"] / top, usual / top, between)

    shown = (
        name, number("leads", "leads"), number("won", "won"), number("rate", "rate", ".1%"),
        Column("95 % range", between, right=True), mark("| all", interval), *void, *verdict,
    )  # fmt: skip
    return Table(f"conversion_{cut}", f"by {cut}", entries, shown)


# --- money ----------------------------------------------------------------------------------------------------


def closings(report: Report, policy: Policy) -> list[Section]:
    """What was closed in the month, by agent and by source; deal values."""
    closed = report["closed"]

    def shown(name: Column) -> tuple[Column, ...]:
        return (
            name, number("won", "won"), number("lost", "lost"), number("void", "void"),
            columns.amount("value", "value", policy),
            columns.amount("mean", "mean_value", policy), number("days to win", "median_days", ",.0f"),
        )  # fmt: skip

    sources = closed["source"] if len(closed["source"]) > 1 else []
    return section(
        "closed this month, whenever they came in",
        Table("closed_agent", "by agent", closed["agent"], shown(columns.agent(policy, "name"))),
        Table("closed_source", "by source", sources, shown(words("source", "name"))),
    )


def costs(report: Report, policy: Policy) -> list[Section]:
    """Cost per lead and per win by source."""
    table = Table(
        "costs", "", report["costs"],
        (
            words("source", "source"), number("leads", "leads"),
            columns.amount("cost", "cost", policy),
            columns.amount("per lead", "cost_per_lead", policy, ",.2f"), number("won", "won"),
            columns.amount("per win", "cost_per_win", policy), columns.amount("their value", "value", policy),
        ),
    )  # fmt: skip
    return section("cost of the leads that came in this month", table)


def all_sections(report: Report, policy: Policy, sentences: list[str]) -> Iterable[Section]:
    """Every section in the order in which the report is read aloud. A new one is a line here."""
    yield from changes(report, policy)
    yield from distribution(report, policy)
    yield from response(report, policy)
    yield from conversion(report, policy, sentences)
    yield from closings(report, policy)
    yield from costs(report, policy)
    yield from fees.section_of(report["fees_due"], policy)
    yield from conduct_sections(report, policy)
