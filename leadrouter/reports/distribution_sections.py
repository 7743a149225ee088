"""The tables of a month's distribution: due and received over all rotations and in each, skips, the mix of qualities.

Only how figures are called and shown; what they are comes from `dealt`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from leadrouter.domain.fairness import OUTSIDE
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.reports import columns
from leadrouter.reports.columns import mark, number, words
from leadrouter.reports.conduct_sections import counts
from leadrouter.reports.page import Bar, Cell, Column, Entry, Section, Table, section
from leadrouter.reports.wording import skip_words

Report = Mapping[str, Any]

LOST = {"capacity": "capacity", "time_off": "time off", "hours": "hours", "limits": "limits"}


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
