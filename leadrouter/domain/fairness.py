"""The distribution audit: what each agent was due, what they received, and where the difference came from.

Computed from the monthly tallies alone (how often each panel dealt, and to whom), in exact ledger units. The *full
share* is what an agent would have been due had nobody been skipped, of the leads dealt in a period and of those that
still wait at its end; what took the rest of it is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from leadrouter.domain.decision import LineUp, Seat
from leadrouter.domain.rounds import UNIT, Round
from leadrouter.domain.strategies import STRATEGIES

LOST_TO = {
    "capacity": "capacity",
    "time_off": "time_off",
    "paused": "time_off",
    "hours": "hours",
    "daily_limit": "limits",
    "hourly_limit": "limits",
}
"""Skip -> what took the share. Who has left, not joined or held the lead before had no share to lose."""

TAKERS = tuple(dict.fromkeys(LOST_TO.values()))
"""All that takes shares, each once."""

TURNS = {"received": 1, "reopened": 1, "voided": -1, "returned": -1}
"""Tallies that are turns of a panel: a void gives one back, as may a declined offer; reopening takes it again."""

BESIDES = {
    "transferred_in": ("transferred", 1),
    "transferred_out": ("transferred", -1),
    "rested": ("rested", 1),
    "relationship": ("relationship", 1),
    "requested": ("requested", 1),
    "claimed": ("claimed", 1),
    "released": ("released", -1),
    "declined": ("declined", -1),
    "expired": ("expired", -1),
}
"""Tallies that bring or take a lead outside the turns, and the word they are explained with."""


DECIDED = frozenset({"received", "relationship", "requested", "unassigned", "pooled", "held", "incubating"})
"""Tallies that stand for one decision each: what skips are counted on."""


class Tally(NamedTuple):
    """How often something happened in a period: `panel` 0 where no panel dealt. `waiting` counts what still waits when
    the period ends, whenever that began: what ended before left nobody short.
    """

    panel: int
    agent: str
    what: str
    times: int


@dataclass
class Line:
    """One agent in one rotation. `due` and `full_share` in ledger units, `received` in leads; `tier` the latest.

    `undecided` are the units of the difference that come of leads dealt by another strategy than turns.
    """

    due: int = 0
    full_share: int = 0
    received: int = 0
    undecided: int = 0
    explained: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    lost_to: Counter[str] = field(default_factory=Counter)
    tier: str | None = None

    @property
    def difference(self) -> float:
        """Leads received beyond what was due."""
        return self.received - self.due / UNIT

    @property
    def off_turn(self) -> float:
        """What is left of the difference once leads outside the turns are taken out: the ledger's own deviation."""
        return (self.received * UNIT - self.due - self.undecided) / UNIT - sum(self.explained.values())


@dataclass
class Distribution:
    """The audit of a period: lines by rotation and agent, and skips by agent and reason."""

    lines: dict[str, dict[str, Line]]
    skips: dict[str, Counter[str]]


OUTSIDE = "(outside the rotations)"


def distribution(
    tallies: Iterable[Tally], panels: Mapping[int, LineUp], corrections: Iterable[tuple[str, Round]] = ()
) -> Distribution:
    """Adds up the tallies of a period. `panels` gives the line-up of every panel they name, `corrections` the rounds
    posted by hand or for a leaver, each with the word it is explained by.
    """
    lines: dict[str, dict[str, Line]] = defaultdict(lambda: defaultdict(Line))
    skips: dict[str, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        lineup = panels[tally.panel] if tally.panel else None
        rotation = lineup.rotation if lineup and lineup.rotation else OUTSIDE
        if tally.what in BESIDES:
            word, sign = BESIDES[tally.what]
            line = lines[rotation][tally.agent]
            line.received += sign * tally.times
            line.explained[word] += sign * tally.times
        if lineup is None:
            continue
        if tally.what in TURNS:
            turns, tier = TURNS[tally.what] * tally.times, lineup.tier_of(tally.agent)
            panel, by_credit = lineup.members(tier), STRATEGIES[lineup.strategy].by_credit
            lines[rotation][tally.agent].received += turns
            lines[rotation][tally.agent].undecided += 0 if by_credit else turns * UNIT
            for agent, weight in panel:
                share = turns * panel.quantum * weight
                lines[rotation][agent].due += share
                lines[rotation][agent].undecided -= 0 if by_credit else share
            _full_shares(lines, lineup, tier, turns)
        if tally.what == "waiting":
            _full_shares(lines, lineup, None, tally.times)
        if tally.what in DECIDED:
            for agent, reason in lineup.skipped().items():
                skips[agent][reason] += tally.times
    for word, entry in corrections:
        moved = entry.quantum * entry.panel.weights
        lines[entry.rotation][entry.payer].explained[word] -= moved / UNIT
        for agent, weight in entry.panel:
            lines[entry.rotation][agent].explained[word] += entry.quantum * weight / UNIT
    return Distribution({name: dict(found) for name, found in lines.items()}, dict(skips))


def _full_shares(lines: dict[str, dict[str, Line]], lineup: LineUp, tier: str | None, turns: int) -> None:
    """What the first rule that applied to somebody would have made due had nobody been skipped, and what took it."""
    for rotation, seats, inside in _asked(lineup, tier):
        everybody = [
            seat
            for seat in seats
            if (seat.skip is None or seat.skip in LOST_TO) and (inside is None or seat.agent in inside)
        ]
        if not everybody:
            continue
        whole = sum(seat.weight for seat in everybody)
        for seat in everybody:
            share = turns * (UNIT * seat.weight // whole)  # what a void takes back is exactly what was given
            line = lines[rotation][seat.agent]
            line.full_share += share
            line.tier = tier if inside else line.tier
            if seat.skip is not None:
                line.lost_to[LOST_TO[seat.skip]] += share
        return


def _asked(lineup: LineUp, tier: str | None) -> Iterator[tuple[str, tuple[Seat, ...], tuple[str, ...] | None]]:
    """The rules that were asked, in their order: rotation, seats, and the agents of the tier whose turn it was."""
    for bench in lineup.benches:
        yield bench.rotation, bench.seats, None
    if lineup.rotation is not None:
        inside = next((entry.agents for entry in lineup.tiers if entry.tier == tier), None)
        yield lineup.rotation, lineup.seats, inside
