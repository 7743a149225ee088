"""The ledger: who is owed how much of a lead, in exact integers.

For each lead every agent on the panel earns its share and the one who gets the lead pays the whole of it,
so the credits of a rotation always sum to exactly zero. Every movement, a turn, its reversal, a leaver's
write-off or a correction by hand, is the same record, a `Round`, posted by the same function. Nothing here
knows about leads, rules or skips. (Method: "most owed", the fair scheduling of the carpool problem, Fagin
and Williams 1983; figures for it in the README.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

UNIT = 720_720_000
"""One lead in ledger units: divisible by every sum of small weights, so that shares stay exact."""

MAX_WEIGHT_SUM = UNIT // 1000
"""Above this sum of coprime weights a share would lose more than a thousandth of a lead; `check` refuses it."""

TIERS = "/tiers"
"""Ends the name of a rotation in which tiers have accounts instead of agents."""

PARTS = ("", "/hot", TIERS, f"/hot{TIERS}")
"""What one rotation of the policy consists of: the common turns, the hot leads, and the tiers of both."""

FLOOR = -3 * UNIT
"""Leads outside the turn count as turns only while the payer's credit is above this (DESIGN, the ledger)."""


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

    def __reduce__(self) -> tuple[type[Panel], tuple[tuple[tuple[str, int], ...]]]:
        return Panel, (tuple(self),)


NOBODY = Panel()
"""The panel on which nobody sits."""


class Round(NamedTuple):
    """One movement: each on the panel earns `quantum * weight`, the payer pays `quantum * sum of weights`.

    A negative quantum reverses the direction. The payer need not sit on the panel.
    """

    rotation: str
    panel: Panel
    quantum: int
    payer: str


class Account(NamedTuple):
    """What one agent has in one rotation: credit and due in units, received in leads (net of voids)."""

    credit: int = 0
    due: int = 0
    received: int = 0


EMPTY = Account()


def panel_of(weights: Iterable[tuple[str, int]]) -> Panel:
    """The same weights as coprime integers: two teams in the same proportion share one panel."""
    entries = tuple(weights)
    divisor = gcd(*(weight for _, weight in entries)) if entries else 1
    return Panel((agent, weight // divisor) for agent, weight in entries)


def turn(rotation: str, panel: Panel, payer: str) -> Round:
    """One lead earned by the panel and paid by the one who gets it."""
    return Round(rotation, panel, panel.quantum, payer)


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


class Ledger:
    """The accounts of all rotations, and each agent's credit summed over all of them."""

    def __init__(self) -> None:
        self.credit: dict[str, dict[str, int]] = {}
        self.due: dict[str, dict[str, int]] = {}
        self.received: dict[str, dict[str, int]] = {}
        self.total: dict[str, int] = defaultdict(int)
        self.changed: set[str] = set()

    def open_account(self, rotation: str, agent: str, account: Account) -> None:
        """Puts back an account that was kept elsewhere."""
        self._rotation(rotation)
        self.credit[rotation][agent] = account.credit
        self.due[rotation][agent] = account.due
        self.received[rotation][agent] = account.received
        if not rotation.endswith(TIERS):
            self.total[agent] += account.credit

    def post(self, entry: Round, turns: int = 0) -> None:
        """Posts one round. `turns` is +1 for a lead received, -1 for one given back, 0 for pure credit."""
        credit = self._rotation(entry.rotation)
        # Tiers are owed nothing over all rotations.
        total: dict[str, int] = defaultdict(int) if entry.rotation.endswith(TIERS) else self.total
        due: dict[str, int] = self.due[entry.rotation] if turns else defaultdict(int)
        quantum, payer = entry.quantum, entry.payer
        for agent, weight in entry.panel:
            earned = quantum * weight
            credit[agent] += earned
            total[agent] += earned
            due[agent] += earned
        paid = quantum * entry.panel.weights
        credit[payer] -= paid
        total[payer] -= paid
        if turns:
            self.received[entry.rotation][payer] += turns
        self.changed.add(entry.rotation)

    def rename(self, before: str, after: str) -> None:
        """Carries the accounts of a rotation, its hot leads and its tiers over to a new name."""
        for part in PARTS:
            rotation, name = before + part, after + part
            if rotation in self.credit:
                for book in (self.credit, self.due, self.received):
                    book[name] = book.pop(rotation)
                self.changed |= {rotation, name}

    def account(self, rotation: str, agent: str) -> Account:
        """One agent's account; zeros if there never was a movement."""
        return Account(
            self.credit.get(rotation, {}).get(agent, 0),
            self.due.get(rotation, {}).get(agent, 0),
            self.received.get(rotation, {}).get(agent, 0),
        )

    def accounts(self, rotation: str) -> Mapping[str, Account]:
        """Every account of a rotation by agent, also of those who have left."""
        return {agent: self.account(rotation, agent) for agent in self.credit.get(rotation, {})}

    def _rotation(self, rotation: str) -> dict[str, int]:
        if rotation not in self.credit:
            for book in (self.credit, self.due, self.received):
                book[rotation] = defaultdict(int)
        return self.credit[rotation]


class Renaming(NamedTuple):
    """A rotation that goes on under another name since an event."""

    event: int
    before: str
    after: str


def present_name(rotation: str, since: int, renamings: Iterable[Renaming]) -> str:
    """What a rotation that an event of number `since` named is called by now. `renamings` in their order."""
    for event, before, after in renamings:
        if event > since:
            for part in PARTS:
                if rotation == before + part:
                    rotation = after + part
                    break
    return rotation


def leads(units: int) -> float:
    """Ledger units as leads, for people to read."""
    return units / UNIT
