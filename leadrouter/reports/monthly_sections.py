"""The tables of the monthly report, each said once for screen, page and files: which figures, under which names.

Only how figures are called and shown; what they are comes from `monthly`, the sentences from `monthly_page`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from leadrouter.domain.fairness import OUTSIDE
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.reports import columns, fees
from leadrouter.reports.columns import between, mark, number, promises, time, words
from leadrouter.reports.conduct_sections import conduct_sections, counts
from leadrouter.reports.page import Bar, Cell, Column, Entry, Interval, Section, Table, section
from leadrouter.reports.wording import skip_words

Report = Mapping[str, Any]

LOST = {"capacity": "capacity", "time_off": "time off", "hours": "hours", "limits": "limits"}


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


# --- distribution ---------------------------------------------------------------------------------------------


def distribution(report: Report, policy: Policy) -> list[Section]:
    """Over all rotations, then each of them, then skips and the mix of qualities."""
    tables = [_totals(report["totals"], policy)]
    rotations: dict[str, list[Entry]] = defaultdict(list)
    for line in report["distribution"]:
        rotations[line["rotation"]].append(line)
    tables += [
        Table(
            f"distribution {rotation}",
            rotation.strip("()") if rotation == OUTSIDE else f"in {rotation}",
            lines,
            _distribution_columns(lines, policy),
        )
        for rotation, lines in rotations.items()
    ]
    skips = [{"agent": agent, "reasons": reasons} for agent, reasons in report["skips"].items()]
    tables.append(
        Table("skips", "skipped", skips, (
            columns.agent(policy),
            Column("why, and for how many leads", lambda entry: Cell(counts(entry["reasons"], skip_words))),
        ))
    )  # fmt: skip
    return section("distribution", *tables, _mix(report["totals"], policy))


def _totals(totals: list[Entry], policy: Policy) -> Table:
    dealt = [entry for entry in totals if entry["due"] or entry["received"] or entry["full_share"]]
    most = max((max(entry["due"], entry["received"]) for entry in dealt), default=0) or 1
    tiers = [words("tier", "tier")] if any(entry["tier"] for entry in dealt) else []
    shown = (
        columns.agent(policy), *tiers, number("due", "due", ".2f"), number("received", "received"),
        number("differs", "difference", "+.2f"),
        mark("| due", lambda entry: Bar(
            max(0, entry["received"]) / most, entry["due"] / most, f"{entry['received']} of {entry['due']:.1f} due"
        )),
        Column("hot", lambda entry: Cell(f"{entry['hot_received']} of {entry['hot_due']:.1f}"), right=True),
    )  # fmt: skip
    return Table("totals", "over all rotations", dealt, shown, "hot: hot leads received, of those due")


def _distribution_columns(lines: list[Entry], policy: Policy) -> tuple[Column, ...]:
    tiers = [words("tier", "tier")] if any(line["tier"] for line in lines) else []
    return (
        columns.agent(policy), *tiers, number("due", "due", ".2f"), number("received", "received"),
        number("differs", "difference", "+.2f"),
        Column("by", lambda line: Cell(", ".join(f"{word} {round(n, 2):+g}" for word, n in line["explained"].items()))),
        number("full share", "full_share", ".2f"),
        Column("lost to", lambda line: Cell(
            ", ".join(f"{LOST[word]} {lost:.2f}" for word, lost in line["lost_to"].items() if lost)
        )),
    )  # fmt: skip


def _mix(totals: list[Entry], policy: Policy) -> Table:
    entries = [
        {"agent": entry["agent"], "tier": entry["tier"], **{key: entry[key] for key in QUALITIES},
         "leads": sum(entry[key] for key in QUALITIES), "of_tier": entry["of_tier"]}
        for entry in totals
    ]  # fmt: skip
    entries = [entry for entry in entries if entry["leads"]]
    whole = sum(entry["leads"] for entry in entries) or 1
    hot = sum(entry["hot"] for entry in entries) / whole
    tiers = (
        [words("tier", "tier"), number("of tier's mean", "of_tier", ".0%")] if any(e["tier"] for e in entries) else []
    )
    shown = (
        columns.agent(policy), *tiers, number("leads", "leads"), *(number(key, key) for key in QUALITIES),
        mark("hot, | the team", lambda entry: Bar(
            entry["hot"] / entry["leads"], hot, f"{entry['hot'] / entry['leads']:.0%} hot, the team {hot:.0%}"
        )),
    )  # fmt: skip
    return Table("mix", "what they were: this month's leads by who had them", entries, shown)


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
