"""The kinds of columns that tables of reports are made of: names, numbers, times, amounts, marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.reports.page import Cell, Column, Entry, Mark


def words(title: str, key: str, spoken: Callable[[Any], str] = str) -> Column:
    """A text; nothing where there is none."""
    return Column(title, lambda entry: Cell("" if entry[key] is None else spoken(entry[key])))


def number(title: str, key: str, form: str = ",", alarm: Callable[[Entry], bool] | None = None) -> Column:
    """A number in a form of `format`, lined up on the right."""
    return Column(
        title,
        lambda entry: Cell("" if entry[key] is None else format(entry[key], form), alarm is not None and alarm(entry)),
        right=True,
    )


def mark(title: str, draw: Callable[[Entry], Mark | None]) -> Column:
    """A column that is drawn."""
    return Column(title, lambda entry: Cell(mark=draw(entry)))


def time(title: str, key: str) -> Column:
    """Minutes, in the unit that reads best."""
    return Column(title, lambda entry: Cell(minutes_words(entry[key])), right=True)


def promises(title: str) -> Column:
    """The promise of a first contact, after those that held before it in the same time."""
    return Column(
        title,
        lambda entry: Cell(", ".join(map(minutes_words, [*entry["earlier_promises"], entry["promised_minutes"]]))),
        right=True,
    )


def minutes_words(value: float | None) -> str:
    """`8 min`, `2.5 h`, `3.1 d`."""
    if value is None:
        return ""
    if value < 100:
        return f"{value:.0f} min"
    return f"{value / 60:.1f} h" if value < 48 * 60 else f"{value / 1440:.1f} d"


def agent(policy: Policy, key: str = "agent") -> Column:
    """An agent by name."""
    return words("agent", key, lambda agent: named(policy, agent or None))


def amount(title: str, key: str, policy: Policy, form: str = ",.0f") -> Column:
    """An amount of money in the team's currency, in whole units unless the form says otherwise; nothing for sales whose
    value nobody told.
    """
    found = number(in_currency(title, policy), key, form)
    untold = Cell("")
    return found._replace(
        show=lambda entry: untold if key == "value" and entry["won"] and not entry[key] else found.show(entry)
    )


def in_currency(title: str, policy: Policy) -> str:
    """What amounts are called, with the currency they are in."""
    return f"{title} {policy.team.currency or ''}".strip()


def called(title: str, key: str, policy: Policy) -> str:
    """What a figure is called; with the currency where it is an amount."""
    return f"{title}, {policy.team.currency}" if key == "value" and policy.team.currency else title


def between(entry: Entry) -> Cell:
    """The interval of a rate; nothing where there is none."""
    return Cell("" if entry["rate"] is None else f"{entry['low']:.0%} to {entry['high']:.0%}")
