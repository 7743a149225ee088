"""The tables of what happened around a month's leads: offers, leads taken back, ratings, complaints, moves by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leadrouter.domain.policy import Policy
from leadrouter.reports import columns
from leadrouter.reports.columns import mark, number, time, words
from leadrouter.reports.page import Bar, Cell, Column, Section, Table, section

Report = Mapping[str, Any]


def conduct_sections(report: Report, policy: Policy) -> list[Section]:
    """Offers, leads taken back and leaders told, ratings, complaints, decisions by hand."""
    offers = Table(
        "acceptance", "offers", report["acceptance"],
        (
            columns.agent(policy), *(number(kind, kind) for kind in ("offered", "accepted", "declined", "expired")),
            number("rate", "rate", ".0%"),
            Column("why declined", lambda entry: Cell(counts(entry["reasons"], _spoken))),
        ),
    )  # fmt: skip
    told = Table(
        "told", "from assignment to notice", report["told"],
        (
            columns.agent(policy), number("notices", "notices"), time("mean", "mean_minutes"),
            time("median", "median_minutes"), time("longest", "longest_minutes"),
        ),
    )  # fmt: skip
    moved = [
        {"what": what, "agent": agent, "reasons": reasons}
        for what in ("reclaimed", "escalated", "released", "taken_offline")
        for agent, reasons in report[what].items()
    ]
    taken = Table(
        "moved", "taken back, and leader told", moved,
        (
            columns.agent(policy), words("what", "what", lambda what: MOVED[what]),
            Column("why, and how often", lambda entry: Cell(counts(entry["reasons"], _spoken))),
        ),
    )  # fmt: skip
    rated = Table(
        "satisfaction", "satisfaction (1 to 5)", report["satisfaction"],
        (
            columns.agent(policy), number("ratings", "ratings"), number("mean", "mean", ".2f"),
            number("1 or 2", "low", alarm=lambda entry: entry["low"] > 0),
            mark("of 5", lambda entry: Bar((entry["mean"] - 1) / 4, None, f"{entry['mean']} of 5")),
        ),
    )  # fmt: skip
    complained = Table(
        "complaints", "complaints of agents", report["complaints"],
        (
            columns.agent(policy), number("made", "made"), number("answered", "answered"),
            number("open now", "open", alarm=lambda entry: entry["open"] > 0),
            number("oldest, days", "oldest_days", ".0f"),
        ),
    )  # fmt: skip
    by_hand = Table(
        "overrides", "decided by hand (reasons: leadrouter explain LEAD)", report["overrides"],
        (
            number("event", "event", "d"), words("what", "what"), number("lead", "lead", "d"), columns.agent(policy),
            words("by", "by"), words("why", "reason", _spoken),
        ),
    )  # fmt: skip
    happened = section("what happened around them", offers, told, taken, rated, complained, by_hand)
    return [*happened, *_still_open(report, policy)]


MOVED = {
    "reclaimed": "taken back",
    "escalated": "leader told",
    "released": "given up to the pool",
    "taken_offline": "taken offline",
}


def _still_open(report: Report, policy: Policy) -> list[Section]:
    """What everybody has now."""
    capacity = {agent.id: agent.capacity for agent in policy.agents}
    entries = [{"agent": agent, "open": held, "capacity": capacity[agent]} for agent, held in report["open"].items()]
    table = Table(
        "open", "", entries,
        (
            columns.agent(policy), number("open", "open"), number("capacity", "capacity"),
            mark("of capacity", lambda entry: Bar(
                min(1.0, entry["open"] / max(1, entry["capacity"])), None, f"{entry['open']} of {entry['capacity']}"
            )),
        ),
    )  # fmt: skip
    return section("open leads now", table)


def counts(found: Mapping[str, int], spoken: Callable[[str], str]) -> str:
    """`busy 2, too far 1`."""
    return ", ".join(f"{spoken(word)} {times}" for word, times in found.items())


def _spoken(word: str) -> str:
    return word.replace("_", " ")
