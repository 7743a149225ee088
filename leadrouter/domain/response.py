"""Stints: who held a lead from when to when, and how soon they tried to reach the person. Read from its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.events import Event, moment


class Stint(NamedTuple):
    """One agent's time with one lead. `attempted_at` None: no attempt so far; `until` None: still theirs. `qualifying`:
    as its isa.
    """

    agent: str
    since: datetime
    attempted_at: datetime | None
    until: datetime | None
    qualifying: bool = False


ENDS = frozenset({"reclaimed", "released", "transferred", "handed_off", "incubated", "won", "lost", "voided"})
"""Kinds of events after which the holder has the lead no more."""


def stints(history: Iterable[Event]) -> list[Stint]:
    """Every stint of a lead, oldest first. Closing ends one; reopening the lead goes on with it."""
    found: list[Stint] = []
    for event in history:
        at = moment(event.data["at"]) if "at" in event.data else event.at
        held = bool(found) and found[-1].until is None
        if event.kind in ("contacted", "appointment") and held and found[-1].attempted_at is None:
            found[-1] = found[-1]._replace(attempted_at=at)
        elif event.kind in ENDS and held:
            found[-1] = found[-1]._replace(until=at)
        elif event.kind == "reopened" and found:
            found[-1] = found[-1]._replace(until=None)
        if event.kind in ("assigned", "accepted", "claimed", "qualifying", "transferred") and event.agent is not None:
            as_isa = "qualifying" in (event.kind, event.data.get("state"))
            found.append(Stint(event.agent, at, None, None, as_isa))
    return found


def kept_promise(stint: Stint, promised: int, now: datetime) -> bool | None:
    """Whether the first attempt came within `promised` seconds; None while that is open, or was cut short in time."""
    end = stint.attempted_at or stint.until or now
    if (end - stint.since).total_seconds() <= promised:
        return True if stint.attempted_at is not None else None
    return False
