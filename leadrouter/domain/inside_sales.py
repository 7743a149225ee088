"""What inside sales achieved: appointments, no-shows, hand-offs and what became of them, by isa and by field agent.

Read from the events of single leads; nothing is stored. An isa answers for what they arranged and handed off, a field
agent for what they made of it, and the two are never added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.events import Event


@dataclass
class Appointment:
    """One that an isa arranged. Nobody recorded a `no_show`: the person came, or it is still ahead."""

    isa: str
    at: datetime
    no_show: bool = False


@dataclass
class HandOff:
    """One hand-off: by whom, when, with which appointment, and the field agents who have held the lead since."""

    isa: str
    at: datetime
    appointment: Appointment | None
    agents: list[str] = field(default_factory=list)


@dataclass
class Way:
    """One lead's way through inside sales. `came` is who got it to qualify and when; `winner` who won it, if it is."""

    came: list[tuple[str, datetime]] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    handoffs: list[HandOff] = field(default_factory=list)
    void: bool = False
    winner: str | None = None


CAME = frozenset({"qualifying", "transferred", "claimed"})
TO_FIELD = frozenset({"assigned", "accepted", "transferred", "claimed"})
LOST_BY_HOLDER = frozenset({"reclaimed", "released", "transferred"})


def way(history: Iterable[Event]) -> Way:
    """Follows one lead through its events, oldest first."""
    found = Way()
    isa: str | None = None
    ahead: Appointment | None = None
    handed = False
    for event in history:
        at = event.when
        if event.kind in LOST_BY_HOLDER and isa is not None:
            isa = ahead = None
        if event.agent is not None and "qualifying" in (event.kind, event.data.get("state")):
            isa, handed = event.agent, False
            if event.kind in CAME:
                found.came.append((isa, at))
        elif event.kind in TO_FIELD and handed and event.agent is not None:
            found.handoffs[-1].agents.append(event.agent)
        match event.kind:
            case "appointment":
                ahead = Appointment(isa, at) if isa is not None else None
                found.appointments += [ahead] if ahead else []
            case "no_show":
                if ahead is not None:
                    ahead.no_show = True
                ahead = None
            case "handed_off":
                found.handoffs.append(HandOff(event.agent or "", at, ahead))
                isa, handed = None, True
            case "incubated":
                isa = ahead = None
            case "won":
                found.winner = event.agent
            case "voided":
                found.void = True
            case "reopened":
                found.winner, found.void = None, False
    return found


class Result(NamedTuple):
    """What came of the leads of one person in a period. `leads` came to them, `handed_off` went through them (without
    those that proved void) and `won` of these; `shows` are leads whose appointment nobody recorded as a no-show, and
    `won_after_show` of these.
    """

    leads: int = 0
    appointments: int = 0
    no_shows: int = 0
    shows: int = 0
    won_after_show: int = 0
    handed_off: int = 0
    void: int = 0
    won: int = 0


def results(ways: Iterable[Way], start: datetime, end: datetime) -> tuple[dict[str, Result], dict[str, Result]]:
    """Results by isa and by field agent for what happened from `start` to just before `end`.

    A lead counts for every agent who held it and for every isa who handed it off, its win for the last of each
    (DOMAIN section 7). Appointments count by when they were arranged, conversion by when the lead was handed off.
    """
    isas: dict[str, Result] = defaultdict(Result)
    agents: dict[str, Result] = defaultdict(Result)
    for found in ways:
        for isa, at in found.came:
            if start <= at < end:
                isas[isa] = _plus(isas[isa], leads=1)
        _appointments(found, isas, start, end)
        _handoffs(found, isas, agents, start, end)
    return dict(isas), dict(agents)


def _appointments(found: Way, isas: dict[str, Result], start: datetime, end: datetime) -> None:
    within = [entry for entry in found.appointments if start <= entry.at < end]
    for entry in within:
        isas[entry.isa] = _plus(isas[entry.isa], appointments=1, no_shows=int(entry.no_show))
    for isa in dict.fromkeys(entry.isa for entry in within if not entry.no_show) if not found.void else ():
        isas[isa] = _plus(isas[isa], shows=1, won_after_show=int(found.winner is not None))


def _handoffs(found: Way, isas: dict[str, Result], agents: dict[str, Result], start: datetime, end: datetime) -> None:
    latest = found.handoffs[-1] if found.handoffs else None
    counted: set[tuple[str, str]] = set()
    for entry in reversed(found.handoffs):
        if not start <= entry.at < end:
            continue
        won = found.winner is not None and entry is latest
        if ("isa", entry.isa) not in counted:
            counted.add(("isa", entry.isa))
            isas[entry.isa] = _plus(isas[entry.isa], **_outcome(found, won=won))
        for agent in dict.fromkeys(entry.agents):
            if ("agent", agent) in counted:
                continue
            counted.add(("agent", agent))
            theirs = won and agent == found.winner
            agents[agent] = _plus(agents[agent], leads=1, **_outcome(found, won=theirs))
            if entry.appointment is not None and not found.void:
                came = not entry.appointment.no_show
                agents[agent] = _plus(
                    agents[agent], appointments=1, no_shows=int(not came), shows=int(came),
                    won_after_show=int(came and theirs),
                )  # fmt: skip


def _outcome(found: Way, *, won: bool) -> dict[str, int]:
    return {"void": 1} if found.void else {"handed_off": 1, "won": int(won)}


def _plus(result: Result, **more: int) -> Result:
    return result._replace(**{name: getattr(result, name) + count for name, count in more.items()})
