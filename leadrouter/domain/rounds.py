"""Rounds: what one lead is worth to whom, in exact integers. Each movement of the ledger is one of them.

Nothing here keeps an account; that is `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

UNIT = 720_720_000
"""One lead in ledger units: divisible by every sum of small weights, so that shares stay exact."""

MAX_WEIGHT_SUM = UNIT // 1000
"""Above this sum of coprime weights a share would lose more than a thousandth of a lead; `check` refuses it."""


class Panel(tuple[tuple[str, int], ...]):
    """Who earns and in which proportion: (agent, coprime weight) in roster order.

    `weights` is W, the sum of the weights, and `quantum` what one unit of weight earns when one lead is shared over the
    panel, `UNIT // W`. Both are kept, since each decision asks for them several times.
    """

    weights: int
    quantum: int

    def __new__(cls, entries: Iterable[tuple[str, int]] = ()) -> Panel:
        """Entries as they are; see `panel_of` for weights that are not coprime yet."""
        self = super().__new__(cls, entries)
        self.weights = sum([weight for _, weight in self])
        self.quantum = UNIT // self.weights if self.weights else 0
        return self


NOBODY = Panel()
"""The panel on which nobody sits."""


class Round(NamedTuple):
    """One movement: each on the panel earns `quantum * weight`, the payer pays `quantum * sum of weights`.

    A negative quantum reverses the direction. The payer need not sit on the panel. Where credit does not decide
    (`by_credit` false) nobody is owed anything by it: a lead that the lot dealt is no debt that turns would have to
    make good one day.
    """

    rotation: str
    panel: Panel
    quantum: int
    payer: str
    by_credit: bool = True


def panel_of(weights: Iterable[tuple[str, int]]) -> Panel:
    """The same weights as coprime integers: two teams in the same proportion share one panel."""
    entries = tuple(weights)
    divisor = gcd(*(weight for _, weight in entries)) if entries else 1
    return Panel((agent, weight // divisor) for agent, weight in entries)


def turn(rotation: str, panel: Panel, payer: str, *, by_credit: bool = True) -> Round:
    """One lead earned by the panel and paid by the one who gets it."""
    return Round(rotation, panel, panel.quantum, payer, by_credit)


def reverse(entry: Round) -> Round:
    """The exact opposite: what a void lead gives back."""
    return entry._replace(quantum=-entry.quantum)


def write_off(rotation: str, leaver: str, credit: int, others: Panel) -> Round | None:
    """Shares a leaver's credit (or debt) over the others; the indivisible residue stays on the leaver's account."""
    if not others:
        return None
    share = abs(credit) // others.weights
    if share == 0:
        return None
    return Round(rotation, others, share if credit > 0 else -share, leaver)


def correction(rotation: str, agent: str, leads: Fraction, others: Panel) -> Round:
    """Credits `agent` with `leads` (negative: debits), paid by the others in proportion to their weights."""
    return Round(rotation, others, -int(leads * UNIT / others.weights), agent)


def leads(units: int) -> float:
    """Ledger units as leads, for people to read."""
    return units / UNIT
