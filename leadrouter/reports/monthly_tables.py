"""The monthly report as a page for people: tables that fit 80 columns, with a sentence before each."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from rich.text import Text

from leadrouter.domain.policy import Policy
from leadrouter.reports import fees
from leadrouter.reports.tables import console, show_table, warning
from leadrouter.reports.wording import counted, named, skip_words

_LOST = {"capacity": "capacity", "time_off": "time off", "hours": "hours", "limits": "limits"}


def show(report: dict[str, Any], policy: Policy) -> None:
    """Prints the report."""
    out = console()
    month = datetime.strptime(report["month"], "%Y-%m").strftime("%B %Y")  # noqa: DTZ007 - a month has no zone
    out.print(Text(f"{report['team']}, {month}", style="bold"))
    for sentence in verdict(report):
        out.print(Text(sentence))
    out.print()
    _distribution(report, policy)
    _skips(report, policy)
    _response(report, policy)
    _told(report, policy)
    _conversion(report, policy)
    fees.show(report["fees_due"], policy)
    _overrides(report, policy)
    _open(report, policy)
    for trigger in report["triggers"]:
        out.print(
            warning(
                f"{named(policy, trigger['agent'])} missed the promised first contact two months running: "
                f"{trigger['before']:.0%}, then {trigger['rate']:.0%} in time."
            )
        )


def verdict(report: dict[str, Any]) -> list[str]:
    """The month in a few sentences."""
    closed, waiting = report["closed"], report["waiting"]
    dealt = sum(line["received"] for line in report["distribution"])
    lines = [f"{counted(report['received'], 'lead')} came in; agents were dealt {dealt} net of voids."]
    if report["distribution"]:
        off = report["largest_deviation"]
        fair = "within one lead of" if off <= 1 else f"at most {off:.2f} leads off"
        lines.append(f"By turns, everyone is {fair} what they were due (largest distance {off:.2f}).")
    lines.append(f"Closed this month: {closed['won']} won, {closed['lost']} lost, {closed['void']} void.")
    if any(waiting.values()):
        lines.append("Now waiting: " + ", ".join(f"{count} {state}" for state, count in waiting.items() if count) + ".")
    return lines


def _distribution(report: dict[str, Any], policy: Policy) -> None:
    rotations: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in report["distribution"]:
        rotations[line["rotation"]].append(line)
    if len(rotations) > 1:
        _together(report, policy)
    columns = ("agent", "due", "received", "differs", "by", "full share", "lost to")
    for rotation, lines in rotations.items():
        rows = [
            [
                named(policy, line["agent"]),
                f"{line['due']:.2f}",
                str(line["received"]),
                f"{line['difference']:+.2f}",
                ", ".join(f"{word} {leads:+g}" for word, leads in line["explained"].items()),
                f"{line['full_share']:.2f}",
                ", ".join(f"{_LOST[word]} {lost:.2f}" for word, lost in line["lost_to"].items() if lost),
            ]
            for line in lines
        ]
        show_table(f"distribution: {rotation}", columns, rows, right="_rrr_r")


def _together(report: dict[str, Any], policy: Policy) -> None:
    """Fair in each rotation must stay fair in sum: the same figures over all of them."""
    due: dict[str, float] = defaultdict(float)
    received: dict[str, int] = defaultdict(int)
    for line in report["distribution"]:
        due[line["agent"]] += line["due"]
        received[line["agent"]] += line["received"]
    rows = [
        [named(policy, agent), f"{due[agent]:.2f}", str(received[agent]), f"{received[agent] - due[agent]:+.2f}"]
        for agent in due
    ]
    columns = ("agent", "due", "received", "differs")
    show_table("distribution: all rotations together", columns, rows, right="_rrr")


def _skips(report: dict[str, Any], policy: Policy) -> None:
    rows = [
        [named(policy, agent), ", ".join(f"{skip_words(reason)}: {count}" for reason, count in reasons.items())]
        for agent, reasons in report["skips"].items()
    ]
    rows += [
        [named(policy, agent), ", ".join(f"reclaimed ({reason}): {count}" for reason, count in reasons.items())]
        for agent, reasons in report["reclaimed"].items()
    ]
    if rows:
        show_table("skips and reclaims", ("agent", "how often, and why"), rows)


def _overrides(report: dict[str, Any], policy: Policy) -> None:
    rows = [
        [str(entry["event"]), entry["what"], named(policy, entry["agent"]), entry["by"]]
        for entry in report["overrides"]
    ]
    if rows:
        show_table("decided by hand (reasons: explain)", ("event", "what", "agent", "by"), rows, right="r")


def _response(report: dict[str, Any], policy: Policy) -> None:
    rows = []
    for entry in report["response"]:
        rate = entry["contacted_in_sla"]
        kept = f"{entry['kept']} of {entry['leads']}" if rate is not None else "-"
        share = f"{rate:.0%}" if rate is not None else "-"
        missed = rate is not None and rate < policy.sla.target
        rows.append(
            [
                named(policy, entry["agent"]),
                entry["quality"],
                kept,
                warning(share) if missed else share,
                *(_minutes(entry[key]) for key in ("mean_minutes", "median_minutes", "receipt_to_contact_minutes")),
            ]
        )
    title = f"first contact in time (target {policy.sla.target:.0%})"
    if rows:
        columns = ("agent", "quality", "in time", "rate", "mean", "median", "since receipt")
        show_table(title, columns, rows, right="__rrrrr")


def _told(report: dict[str, Any], policy: Policy) -> None:
    rows = [
        [
            named(policy, entry["agent"]),
            str(entry["notices"]),
            *(_minutes(entry[key]) for key in ("mean_minutes", "median_minutes", "longest_minutes")),
        ]
        for entry in report["told"]
    ]
    if rows:
        columns = ("agent", "notices", "mean", "median", "longest")
        show_table("from assignment to notice", columns, rows, right="_rrrr")


def _conversion(report: dict[str, Any], policy: Policy) -> None:
    if not report["received"]:
        return
    console().print(Text("conversion of the leads that came in this month; still growing", style="bold"))
    for cut, entries in report["conversion"].items():
        rows = [
            [
                named(policy, entry["name"]) if cut == "agent" else entry["name"],
                str(entry["leads"]),
                str(entry["won"]),
                "" if entry["rate"] is None else f"{entry['rate']:.1%}",
                "" if entry["rate"] is None else f"{entry['low']:.0%} to {entry['high']:.0%}",
            ]
            for entry in entries
        ]
        show_table("", (cut, "leads", "won", "rate", "95 % interval"), rows, right="_rrrr")


def _open(report: dict[str, Any], policy: Policy) -> None:
    rows = [[named(policy, agent), str(count)] for agent, count in report["open"].items()]
    show_table("open leads now", ("agent", "open"), rows, right="_r")


def _minutes(value: float | None) -> str:
    if value is None:
        return ""
    if value < 100:
        return f"{value:.0f} min"
    return f"{value / 60:.1f} h" if value < 48 * 60 else f"{value / 1440:.1f} d"
