"""What routing is asked and what it answers: a Case goes in, a Decision with its whole reason comes out.

Records only. None of them holds a lead's own text: a Case speaks in words of the policy, so that a Decision
can be written into the event chain as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

from leadrouter.domain.rounds import NOBODY, Panel, panel_of

OCCASIONS = {
    "new": "it came in",
    "retry": "nobody could take it before",
    "reclaimed": "it was taken back",
    "opening": "the team opened",
    "unclaimed": "nobody claimed it from the pool",
    "expired": "the offer before was not accepted",
    "reassigned": "nobody tried to reach the person as soon as promised",
    "away": "its agent is on time off",
    "posted": "it was put into the pool",
    "handoff": "its isa handed it off",
    "touch": "the person showed intent",
}
"""Why a lead is being routed now."""


DECISIONS = frozenset({"assigned", "offered", "qualifying", "unassigned", "pooled", "held", "incubating"})
"""What a decision may make of a lead: the state it gets, and the kind of the event that says so."""


class Case(NamedTuple):
    """A lead as the policy sees it: which rules it meets, how urgent it is, what it has been through.

    `unmet` has one entry per rule of the policy: None if the lead meets it, else the field that failed. `why` says
    where the quality came from: `given` with the lead, a field of the quality rules, or `default`. `hops` counts
    how often it was taken back, `offers` those made since. A lead that an isa has handed off (`handed_off`) is
    qualified by no rule again. The words behind are filled only where the policy uses them: what the lead asks for
    as agents' specialties, source, language, channel and territories; agents whose price band or hours do not fit;
    whole kilometres from agents' bases; the agent who knows the person, the agent asked for.
    """

    lead: int
    occasion: str
    quality: str
    why: str
    unmet: tuple[str | None, ...]
    excluded: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    hops: int = 0
    offers: int = 0
    handed_off: bool = False
    specialties: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    channel: str | None = None
    territories: tuple[str, ...] = ()
    out_of_price: tuple[str, ...] = ()
    off_time: tuple[str, ...] = ()
    kilometres: tuple[tuple[str, int], ...] = ()
    known: str | None = None
    requested: str | None = None

    def kind(self) -> tuple[Any, ...]:
        """All that candidates and their skips depend on: the same for every lead of one kind."""
        return _KIND(self)


ITS_OWN = frozenset({"lead", "occasion", "why", "offers", "known", "requested"})
"""Fields on which no candidate and no skip depends; every other one makes a lead one of another kind."""

_KIND: Callable[[Case], tuple[Any, ...]] = itemgetter(
    *(place for place, field in enumerate(Case._fields) if field not in ITS_OWN)
)


class Seat(NamedTuple):
    """One candidate of a rule: weight in 2520ths at that moment, and why it was skipped (None: eligible)."""

    agent: str
    weight: int
    skip: str | None


class Bench(NamedTuple):
    """A rule that was asked and had nobody free, and the rotation it would have dealt from."""

    rule: str
    rotation: str
    seats: tuple[Seat, ...]


class Tier(NamedTuple):
    """One tier of a line-up: its capped weight, and every candidate in it, skipped or not."""

    tier: str
    weight: int
    agents: tuple[str, ...]


class LineUp(NamedTuple):
    """Everything about a decision that the next lead of the same kind will share; stored once, as a `panel` event.

    `unmet` names the rules passed over because a condition failed, `benches` those that applied but had nobody free.
    `rotation` is None, and there are no seats, when nobody could take the lead. `panel` is derived from the seats:
    those who earn a share of the lead, with coprime weights. `tiers` is filled where tiers share the leads first.
    """

    rule: str
    rotation: str | None
    strategy: str
    seats: tuple[Seat, ...]
    unmet: tuple[tuple[str, str], ...] = ()
    benches: tuple[Bench, ...] = ()
    tiers: tuple[Tier, ...] = ()
    panel: Panel = NOBODY

    def tier_panel(self) -> Panel:
        """The tiers that have somebody free, with coprime weights: an empty tier's share passes to the others."""
        free = {agent for agent, _ in self.panel}
        return panel_of((tier.tier, tier.weight) for tier in self.tiers if not free.isdisjoint(tier.agents))

    def members(self, tier: str | None) -> Panel:
        """Who earns inside a tier; without tiers, everyone on the panel."""
        if tier is None:
            return self.panel
        inside = next(entry.agents for entry in self.tiers if entry.tier == tier)
        return panel_of((agent, weight) for agent, weight in self.panel if agent in inside)

    def tier_of(self, agent: str) -> str | None:
        """The tier an agent sits in; None where the line-up has no tiers."""
        return next((tier.tier for tier in self.tiers if agent in tier.agents), None)

    def skipped(self) -> dict[str, str]:
        """Agent -> reason, over the deciding rule and the ones asked before it."""
        found = {seat.agent: seat.skip for bench in self.benches for seat in bench.seats if seat.skip}
        found.update({seat.agent: seat.skip for seat in self.seats if seat.skip})
        return {agent: reason for agent, reason in found.items() if reason}


class Decision(NamedTuple):
    """Where the lead goes and why. `outcome` is the state it gets; `reason` a code of REASONS.

    `tier` is the tier whose turn it was; `turn` false where the lead takes nobody's turn.
    """

    outcome: str
    agent: str | None
    reason: str
    lineup: LineUp | None = None
    tier: str | None = None
    turn: bool = True


REASONS = {
    "requested": "was asked for by name",
    "relationship": "knows the person from an earlier lead",
    "least_busy": "had the most room",
    "drawn": "was drawn by lot",
    "held": "the rule holds it until the team opens",
    "pooled": "the rule leaves it to whoever claims it first",
    "incubating": "the rule keeps it for nurture",
    "most_owed": "nobody was owed more, this rotation counting twice beside all",
    "only_one": "was the only one able to take it",
    "handed_off": "no rule deals what an isa has handed off",
    "incubated": "was put into nurture by hand",
    "nobody_named": "the rule names nobody who is on the roster",
    "all_skipped": "everyone the rules name was skipped",
    "unclaimed": "was claimed by nobody",
    "posted": "was put where anyone may claim it",
    "past": "had it before leadrouter",
    "claimed": "took it from the pool",
    "transferred": "had it handed over",
    "max_offers": "was offered as often as the policy allows",
    "max_hops": "was reclaimed as often as the policy allows",
    "no_one_left": "was lost by everyone the rules name",
}
"""The codes a decision may carry, and what they mean in words."""

RESTING = frozenset({"unclaimed", "max_offers", "max_hops", "no_one_left"})
"""Reasons that bring a lead to rest in a named place: with the leader, or in the pool until somebody claims it."""


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
        benches=tuple(Bench(rule, rotation, _seats(bench)) for rule, rotation, bench in data["benches"]),
        tiers=tuple(Tier(tier, weight, tuple(agents)) for tier, weight, agents in data["tiers"]),
        panel=shares_of(seats),
    )


def shares_of(seats: tuple[Seat, ...]) -> Panel:
    """Who earns a share of the lead: the seats not skipped, with coprime weights."""
    return panel_of((seat.agent, seat.weight) for seat in seats if seat.skip is None)


def _seats(data: list[list[Any]]) -> tuple[Seat, ...]:
    return tuple(Seat(*seat) for seat in data)
