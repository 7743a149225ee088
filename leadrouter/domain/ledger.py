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
from typing import NamedTuple

from leadrouter.domain.rounds import NOBODY, UNIT, Panel, Round

TIERS = "/tiers"
"""Ends the name of a rotation in which tiers have accounts instead of agents."""

PARTS = ("", "/hot", TIERS, f"/hot{TIERS}")
"""What one rotation of the policy consists of: the common turns, the hot leads, and the tiers of both."""

FLOOR = -3 * UNIT
"""Leads outside the turn count as turns only while the payer's credit is above this (DESIGN, the ledger)."""


class Account(NamedTuple):
    """What one agent has in one rotation: credit and due in units, received in leads (net of voids)."""

    credit: int = 0
    due: int = 0
    received: int = 0


EMPTY = Account()


class Ledger:
    """The accounts of all rotations, and each agent's credit summed over all of them.

    Turns that one panel takes in a row in one rotation earn its agents the same each time. They are only counted, and
    shared out when somebody looks at an account: a turn then costs the same for 2 agents as for 200. (`most_owed` looks
    at each turn and reckons with the count. For 20 agents it saves 4 of the 80 us that an imported lead costs.)
    """

    def __init__(self) -> None:
        self._credit: dict[str, dict[str, int]] = {}
        self._due: dict[str, dict[str, int]] = {}
        self._received: dict[str, dict[str, int]] = {}
        self._total: dict[str, int] = defaultdict(int)
        self._run, self._panel, self._turns = "", NOBODY, 0
        self.changed: set[str] = set()

    @property
    def credit(self) -> Mapping[str, Mapping[str, int]]:
        """Rotation -> agent -> what they are owed, in units."""
        self._share_out()
        return self._credit

    @property
    def total(self) -> Mapping[str, int]:
        """Agent -> what they are owed over all rotations, in units."""
        self._share_out()
        return self._total

    def standing(self, rotation: str, panel: Panel) -> tuple[Mapping[str, int], Mapping[str, int], int]:
        """What everyone on the panel is owed in this rotation and in all, and how many of its turns come on top."""
        if panel is self._panel and rotation == self._run:
            return self._credit[rotation], self._total, self._turns
        credit = self.credit.get(rotation, {})
        agents = [agent for agent, _ in panel]
        return (
            {agent: credit.get(agent, 0) for agent in agents},
            {agent: self._total.get(agent, 0) for agent in agents},
            0,
        )

    def open_account(self, rotation: str, agent: str, account: Account) -> None:
        """Puts back an account that was kept elsewhere."""
        self._open(rotation)
        self._credit[rotation][agent] = account.credit
        self._due[rotation][agent] = account.due
        self._received[rotation][agent] = account.received
        if not rotation.endswith(TIERS):
            self._total[agent] += account.credit

    def post(self, entry: Round, turns: int = 0) -> None:
        """Posts one round. `turns` is +1 for a lead received, -1 for one given back, 0 for pure credit."""
        rotation, panel, quantum, payer, by_credit = entry
        if not by_credit:
            self._note(entry, turns)
            return
        if panel is not self._panel or rotation != self._run:
            self._share_out()
            self._open(rotation)
            self._run, self._panel = rotation, panel
            for book in self._books(rotation):
                for agent, _ in panel:
                    book[agent] += 0  # everyone has an account from here on
        if turns == 1 and quantum == panel.quantum:
            self._turns += 1
        else:
            self._earn(rotation, panel, quantum, due=bool(turns))
        paid = quantum * panel.weights
        self._credit[rotation][payer] -= paid
        if not rotation.endswith(TIERS):  # tiers are owed nothing over all rotations
            self._total[payer] -= paid
        if turns:
            self._received[rotation][payer] += turns
        self.changed.add(rotation)

    def _note(self, entry: Round, turns: int) -> None:
        """Keeps the record of due and received, and of no credit."""
        self._share_out()
        self._open(entry.rotation)
        for agent, weight in entry.panel:
            self._credit[entry.rotation][agent] += 0
            if turns:
                self._due[entry.rotation][agent] += entry.quantum * weight
        self._credit[entry.rotation][entry.payer] += 0
        self._received[entry.rotation][entry.payer] += turns
        self.changed.add(entry.rotation)

    def _share_out(self) -> None:
        """Everyone on the panel of the latest turns earns what they are worth."""
        if self._turns:
            self._earn(self._run, self._panel, self._turns * self._panel.quantum, due=True)
        self._run, self._panel, self._turns = "", NOBODY, 0

    def _earn(self, rotation: str, panel: Panel, quantum: int, *, due: bool) -> None:
        for book in [*self._books(rotation), *([self._due[rotation]] if due else [])]:
            for agent, weight in panel:
                book[agent] += quantum * weight

    def _books(self, rotation: str) -> list[dict[str, int]]:
        """Where credit is kept: in the rotation and over all of them, save that tiers are owed nothing over all."""
        return [self._credit[rotation]] if rotation.endswith(TIERS) else [self._credit[rotation], self._total]

    def rename(self, before: str, after: str) -> None:
        """Carries the accounts of a rotation, its hot leads and its tiers over to a new name. What stands under that
        name from earlier stays and is added to.
        """
        self._share_out()
        for part in PARTS:
            rotation, name = before + part, after + part
            if rotation in self._credit:
                self._open(name)
                for book in (self._credit, self._due, self._received):
                    for agent, amount in book.pop(rotation).items():
                        book[name][agent] += amount
                self.changed |= {rotation, name}

    def account(self, rotation: str, agent: str) -> Account:
        """One agent's account; zeros if there never was a movement."""
        return Account(
            self.credit.get(rotation, {}).get(agent, 0),
            self._due.get(rotation, {}).get(agent, 0),
            self._received.get(rotation, {}).get(agent, 0),
        )

    def accounts(self, rotation: str) -> Mapping[str, Account]:
        """Every account of a rotation by agent, also of those who have left."""
        return {agent: self.account(rotation, agent) for agent in self.credit.get(rotation, {})}

    def _open(self, rotation: str) -> None:
        if rotation not in self._credit:
            for book in (self._credit, self._due, self._received):
                book[rotation] = defaultdict(int)


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
