"""What routing is asked and what it answers: a Case goes in, a Decision with its whole reason comes out.

Records only. None of them holds a lead's own text: a Case speaks in words of the policy, so that a Decision
can be written into the event chain as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from leadrouter.domain.ledger import Panel, panel_of

OCCASIONS = ("new", "retry", "reclaimed")
"""Why a lead is being routed now."""


class Case(NamedTuple):
    """A lead as the policy sees it: which rules it meets, how urgent it is, what it has been through.

    `unmet` has one entry per rule of the policy: None if the lead meets it, else the field that failed.
    `why` says where the quality came from: `given` with the lead, or `default`.
    """

    lead: int
    occasion: str
    quality: str
    why: str
    unmet: tuple[str | None, ...]
    past_holders: tuple[str, ...] = ()
    hops: int = 0


class Seat(NamedTuple):
    """One candidate of a rule: weight in 2520ths at that moment, and why it was skipped (None: eligible)."""

    agent: str
    weight: int
    skip: str | None


class Bench(NamedTuple):
    """A rule that was asked before the deciding one and had nobody free."""

    rule: str
    seats: tuple[Seat, ...]


class LineUp(NamedTuple):
    """Everything about a decision that the next lead of the same kind will share; stored once, as a `panel` event.

    `unmet` names the rules passed over because a condition failed, `benches` those that applied but had
    nobody free. `rotation` is None when nobody could take the lead. `panel` is derived from the seats: those
    who earn a share of the lead, with coprime weights.
    """

    rule: str
    rotation: str | None
    strategy: str
    seats: tuple[Seat, ...]
    unmet: tuple[tuple[str, str], ...] = ()
    benches: tuple[Bench, ...] = ()
    panel: Panel = ()

    def skipped(self) -> dict[str, str]:
        """Agent -> reason, over the deciding rule and the ones asked before it."""
        found = {seat.agent: seat.skip for bench in self.benches for seat in bench.seats if seat.skip}
        found.update({seat.agent: seat.skip for seat in self.seats if seat.skip})
        return {agent: reason for agent, reason in found.items() if reason}


class Decision(NamedTuple):
    """Where the lead goes and why. `outcome` is the state it gets; `reason` a code of REASONS."""

    outcome: str
    agent: str | None
    reason: str
    lineup: LineUp | None = None


REASONS = {
    "most_owed": "was owed most in this rotation",
    "only_one": "was the only one able to take it",
    "nobody_named": "the rule names nobody who is on the roster",
    "all_skipped": "everyone the rules name was skipped",
    "max_hops": "was reclaimed as often as the policy allows",
    "no_one_left": "everyone the rules name has held it already",
}
"""The codes a decision may carry, and what they mean in words."""


def lineup_data(lineup: LineUp) -> dict[str, Any]:
    """The line-up as the data of a `panel` event."""
    data = lineup._asdict()
    del data["panel"]
    return data


def lineup_from(data: dict[str, Any]) -> LineUp:
    """The line-up a `panel` event holds."""
    seats = _seats(data["seats"])
    return LineUp(
        rule=data["rule"],
        rotation=data["rotation"],
        strategy=data["strategy"],
        seats=seats,
        unmet=tuple((rule, field) for rule, field in data["unmet"]),
        benches=tuple(Bench(rule, _seats(bench)) for rule, bench in data["benches"]),
        panel=shares_of(seats),
    )


def shares_of(seats: tuple[Seat, ...]) -> Panel:
    """Who earns a share of the lead: the seats not skipped, with coprime weights."""
    return panel_of((seat.agent, seat.weight) for seat in seats if seat.skip is None)


def _seats(data: list[list[Any]]) -> tuple[Seat, ...]:
    return tuple(Seat(*seat) for seat in data)
