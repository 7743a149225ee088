"""The broker's own notebook: who got which lead when, and what came of it, as the commands answered at the time.

Plain lists and counts, kept while the month is played. Nothing of the program is used in it, neither its file nor its
functions; at the end the report has to say the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OUTSIDE = "(outside the rotations)"
BY_CHOICE = ("relationship", "requested")
"""Reasons why a lead went to somebody without a turn of theirs: the policy of this month says so."""

AT_REST = ("unclaimed", "max_offers", "max_hops", "no_one_left")
"""Reasons why a lead was put to rest with the leader, by no rule."""

CLOSED = ("won", "lost", "void")
HAVING = ("assigned", "contacted", "appointment", "qualifying")


@dataclass
class Stay:
    """One agent's time with a lead: since when, the first attempt, until when."""

    agent: str
    since: datetime
    tried: datetime | None = None
    until: datetime | None = None


@dataclass
class Turn:
    """A turn that a lead took in a rotation, and whether it was given back."""

    rotation: str
    agent: str
    returned: bool = False


@dataclass
class Page:
    """One lead, from the day it came in. `dealt` has everyone it was dealt to, and the turn it took, if it took one."""

    lead: int
    source: str | None
    received: datetime
    cost: float | None = None
    past: bool = False
    state: str = "received"
    agent: str | None = None
    quality: str = "warm"
    first_rule: str | None = None
    stays: list[Stay] = field(default_factory=list)
    dealt: list[tuple[str, Turn | None]] = field(default_factory=list)
    turn: Turn | None = None
    value: float | None = None
    closed: datetime | None = None
    changed: int = 0
    """Grows with everything that happens to it."""

    @property
    def rotation(self) -> str:
        """Where what is done outside the turns is told."""
        return self.turn.rotation if self.turn else OUTSIDE

    def had_by(self) -> set[str]:
        """Everybody who really had it."""
        return {stay.agent for stay in self.stays}


class Notebook:
    """All leads and what happened around them."""

    def __init__(self) -> None:
        self.pages: dict[int, Page] = {}
        self.turns: Counter[tuple[str, str]] = Counter()
        self.beside: Counter[tuple[str, str, str]] = Counter()
        """(rotation, agent, why) -> leads that came or went outside the turns."""
        self.offers: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.reclaimed: Counter[tuple[str, str]] = Counter()
        self.escalated: Counter[tuple[str, str]] = Counter()
        self.released: Counter[str] = Counter()
        self.ratings: list[tuple[str, int]] = []
        self.complaints: Counter[tuple[str, str]] = Counter()
        self.overrides: Counter[tuple[str, str]] = Counter()

    # --- leads come to somebody -------------------------------------------------------------------------------

    def dealt(self, page: Page, view: dict[str, Any], now: datetime) -> None:
        """A rule, or its end, put the lead where the command says it is."""
        page.state, page.agent, page.quality = view["state"], view["agent"], view["quality"]
        page.changed += 1
        page.turn = None
        agent = page.agent
        if agent is None:
            return
        rotation = view["rule"] + ("/hot" if page.quality == "hot" else "")
        if view["reason"] in AT_REST:
            self.beside[OUTSIDE, agent, "rested"] += 1
        elif view["reason"] in BY_CHOICE:
            self.beside[rotation, agent, view["reason"]] += 1
        else:
            page.turn = Turn(rotation, agent)
            self.turns[rotation, agent] += 1
        page.dealt.append((agent, page.turn))
        if page.state == "offered":
            self.offers[agent, "offered"] += 1
        else:
            page.stays.append(Stay(agent, now))

    def not_taken(self, page: Page, what: str) -> None:
        """An offer was declined or lapsed: it costs the turn."""
        assert page.agent is not None
        self.offers[page.agent, what] += 1
        self.beside[page.rotation, page.agent, what] -= 1

    def given(self, page: Page, agent: str, state: str, why: str, now: datetime) -> None:
        """The lead came to an agent by hand: claimed from the pool, or moved."""
        if why == "transferred" and page.agent is not None:
            self.beside[page.rotation, page.agent, why] -= 1
        if why == "claimed":
            page.turn = None
        self.beside[page.rotation, agent, why] += 1
        self.ends(page, now)
        page.agent, page.state = agent, state
        page.stays.append(Stay(agent, now))
        page.changed += 1

    # --- what is done with them -------------------------------------------------------------------------------

    def accepted(self, page: Page, state: str, now: datetime) -> None:
        """An offer was taken; an isa may have arranged the appointment already."""
        assert page.agent is not None
        self.offers[page.agent, "accepted"] += 1
        page.state = state
        page.stays.append(Stay(page.agent, now))
        page.changed += 1

    def tried(self, page: Page, at: datetime) -> None:
        """An attempt to reach the person."""
        if page.stays[-1].tried is None:
            page.stays[-1].tried = at
        page.changed += 1

    def ends(self, page: Page, now: datetime) -> None:
        """Whoever had it has it no more."""
        if page.stays and page.stays[-1].until is None:
            page.stays[-1].until = now

    def ended(self, page: Page, state: str, now: datetime, value: float | None = None) -> None:
        """The lead is won, lost or void; junk gives the turn back. Who was only asked never had it."""
        if state == "void" and page.turn is not None:
            page.turn.returned = True
            self.turns[page.turn.rotation, page.turn.agent] -= 1
        if page.state == "offered":
            page.agent = None
        page.state, page.closed, page.value = state, now, value
        self.ends(page, now)
        page.changed += 1

    def reopened(self, page: Page, state: str) -> None:
        if page.state == "void" and page.turn is not None:
            page.turn.returned = False
            self.turns[page.turn.rotation, page.turn.agent] += 1
        page.state, page.closed, page.value = state, None, None
        if page.agent is not None:
            page.stays[-1].until = None
            self.overrides["reopened", page.agent] += 1
        page.changed += 1

    # --- the clocks -------------------------------------------------------------------------------------------

    def told(self, change: dict[str, Any]) -> None:
        """The leader, or the agent, was told of a lead that stays where it is."""
        if change["what"] == "escalated":
            self.escalated[change["from"] or "", change["reason"]] += 1

    def swept(self, change: dict[str, Any], view: dict[str, Any], now: datetime) -> None:
        """A lead that `reclaim` moved; `view` is what `show` says of the lead then."""
        page, holder = self.pages[change["lead"]], change["from"]
        if holder is not None and page.state == "offered":
            self.not_taken(page, "expired")
        elif holder is not None:
            self.reclaimed[holder, change["reason"]] += 1
            self.ends(page, now)
        told = {"state": change["what"], "agent": change["to"]}
        if change["rests"]:
            told["reason"] = change["rests"]
        self.dealt(page, {**view, **told}, now)
