"""The distribution audit: what each agent was due, what they received, and where the difference came from.

Computed from the monthly tallies alone (how often each panel dealt, and to whom), in exact ledger units. The *full
share* is what an agent would have been due had nobody been skipped; what took the rest of it is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from leadrouter.domain.decision import LineUp, Seat
from leadrouter.domain.ledger import UNIT, quantum

LOST_TO = {
    "capacity": "capacity",
    "time_off": "time_off",
    "paused": "time_off",
    "hours": "hours",
    "daily_limit": "limits",
    "hourly_limit": "limits",
}
"""Skip -> what took the share. Who has left, not joined or held the lead before had no share to lose."""

TURNS = {"received": 1, "reopened": 1, "voided": -1}
"""Tallies that are turns of a panel: a void gives one back, reopening takes it again."""

BESIDES = {"transferred_in": ("transferred", 1), "transferred_out": ("transferred", -1), "rested": ("rested", 1)}
"""Tallies that bring or take a lead outside the turns, and the word they are explained with."""


class Tally(NamedTuple):
    """How often something happened in a period: `panel` 0 where no panel dealt."""

    panel: int
    agent: str
    what: str
    times: int


@dataclass
class Line:
    """One agent in one rotation. `due` and `full_share` in ledger units, `received` in leads."""

    due: int = 0
    full_share: int = 0
    received: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    lost_to: Counter[str] = field(default_factory=Counter)

    @property
    def difference(self) -> float:
        """Leads received beyond what was due."""
        return self.received - self.due / UNIT

    @property
    def off_turn(self) -> float:
        """What is left of the difference once leads outside the turns are taken out: the ledger's own deviation."""
        return self.difference - sum(self.explained.values())


@dataclass
class Distribution:
    """The audit of a period: lines by rotation and agent, and skips by agent and reason."""

    lines: dict[str, dict[str, Line]]
    skips: dict[str, Counter[str]]

    @property
    def largest_deviation(self) -> float:
        """How far anybody is from what they were due, leads outside the turns taken out."""
        return max((abs(line.off_turn) for lines in self.lines.values() for line in lines.values()), default=0.0)


OUTSIDE = "(outside the rotations)"


def distribution(tallies: Iterable[Tally], panels: Mapping[int, LineUp]) -> Distribution:
    """Adds up the tallies of a period. `panels` gives the line-up of every panel they name."""
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
        elif tally.what in TURNS and lineup is not None:
            turns = TURNS[tally.what] * tally.times
            lines[rotation][tally.agent].received += turns
            _share_out(lines[rotation], lineup, turns)
        if lineup is not None and tally.what in ("received", "unassigned", "pooled"):
            for agent, reason in lineup.skipped().items():
                skips[agent][reason] += tally.times
    return Distribution({name: dict(found) for name, found in lines.items()}, dict(skips))


def _share_out(lines: dict[str, Line], lineup: LineUp, turns: int) -> None:
    for agent, weight in lineup.panel:
        lines[agent].due += turns * quantum(lineup.panel) * weight
    everybody = [seat for seat in lineup.seats if seat.skip is None or seat.skip in LOST_TO]
    whole = sum(seat.weight for seat in everybody)
    for seat in everybody:
        share = turns * _full_share(seat, whole)
        lines[seat.agent].full_share += share
        if seat.skip is not None:
            lines[seat.agent].lost_to[LOST_TO[seat.skip]] += share


def _full_share(seat: Seat, whole: int) -> int:
    return UNIT * seat.weight // whole
