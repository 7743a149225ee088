"""`report isa` as a page: isas and field agents, each in tables of their own, never mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.reports.columns import between, number, words
from leadrouter.reports.page import Cell, Column, Entry, Page, Section, Table, section


def isa_page(report: Mapping[str, Any], policy: Policy) -> Page:
    """What inside sales achieved in a period, and what became of it so far."""
    title = f"inside sales, {report['from']} to {report['to']}, and what became of it so far"
    verdict = [] if report["isas"] or report["field_agents"] else ["No isa received, arranged or handed off anything."]
    sections = [
        *_section("isa", "by isa", report["isas"], policy),
        *_section("agent", "by field agent, of what was handed off to them", report["field_agents"], policy),
    ]
    legend = "shows: leads with an appointment of an isa's that nobody recorded as a no-show"
    return Page(title, verdict, [], sections, legend if sections else "")


def _section(who: str, title: str, entries: list[dict[str, Any]], policy: Policy) -> list[Section]:
    """Appointments, then hand-offs."""
    name = words(who, who, lambda agent: named(policy, agent))
    return section(
        title,
        Table(
            f"{who}_appointments", "appointments", entries,
            [
                name, number("leads", "leads"), number("appointments", "appointments"),
                _with_share("no-shows", "no_shows", "no_show_rate"), number("shows", "shows"),
                _with_share("won after", "won_after_show", "show_to_win"),
            ],
        ),
        Table(
            f"{who}_handed_off", "handed off", entries,
            [
                name, number("handed off", "handed_off"), number("void", "void"), number("won", "won"),
                number("rate", "rate", ".1%"), Column("95 % interval", between, right=True),
            ],
        ),
    )  # fmt: skip


def _with_share(title: str, count: str, share: str) -> Column:
    def shown(entry: Entry) -> Cell:
        return Cell(f"{entry[count]} ({entry[share]:.0%})" if entry[share] is not None else "")

    show: Callable[[Entry], Cell] = shown
    return Column(title, show, right=True)
