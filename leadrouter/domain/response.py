"""Stints: who held a lead from when to when, how soon they tried to reach the person, and what was promised. Read from
its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.deadlines import promise_of, promised_at
from leadrouter.domain.events import Event, moment
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState


class Stint(NamedTuple):
    """One agent's time with one lead. `attempted_at` None: no attempt so far; `until` None: still theirs. `qualifying`:
    as its isa. `policy` is the version under which they got it, whose promise they gave.
    """

    agent: str
    since: datetime
    attempted_at: datetime | None
    until: datetime | None
    qualifying: bool = False
    policy: int = 0


BEGINS = ("assigned", "accepted", "claimed", "qualifying", "transferred")
"""Kinds of events by which an agent gets the lead."""

CLOSING = frozenset({"won", "lost", "voided"})
ENDS = CLOSING | {"reclaimed", "released", "transferred", "handed_off", "incubated"}
"""Kinds of events after which the holder has the lead no more."""


def stints(history: Iterable[Event]) -> list[Stint]:
    """Every stint of a lead, oldest first. Closing ends one; reopening the lead goes on with it, if it ended so."""
    found: list[Stint] = []
    closed = False
    for event in history:
        at = event.when
        held = bool(found) and found[-1].until is None
        if event.kind in ("contacted", "appointment") and held and found[-1].attempted_at is None:
            found[-1] = found[-1]._replace(attempted_at=at)
        elif event.kind in ENDS and held:
            found[-1], closed = found[-1]._replace(until=at), event.kind in CLOSING
        elif event.kind == "reopened" and closed:
            found[-1] = found[-1]._replace(until=None)
        if event.kind in BEGINS and event.agent is not None:
            as_isa = "qualifying" in (event.kind, event.data.get("state"))
            found.append(Stint(event.agent, at, None, None, as_isa, event.policy))
    return found


def only_stint(agent: str, since: str, attempted: str | None, closed: str | None, policy: int) -> Stint:
    """The stint of a lead that one agent had alone, from the columns of its row."""
    attempted_at, until = (None if text is None else moment(text) for text in (attempted, closed))
    return Stint(agent, moment(since), attempted_at, until, policy=policy)


def promised(stint: Stint, quality: str, policies: Mapping[int, Policy]) -> int:
    """Seconds until the first attempt as they were promised when the agent got the lead, on the clock of that policy;
    an isa may have promised otherwise than the team. A policy that came later promised nothing for it.
    """
    policy = policies[stint.policy]
    if policy.sla.clock == "always":
        return promise_of(policy, quality, qualifying=stint.qualifying)
    state = "qualifying" if stint.qualifying else "assigned"
    until = promised_at(LeadState(0, state, stint.agent, quality, clock_at=stint.since), policy)
    assert until is not None
    return int((until - stint.since).total_seconds())


def minutes(since: datetime, until: datetime) -> float:
    """How long it took: no time at all where the clock was set back in between."""
    return max(0.0, (until - since).total_seconds() / 60)


def latest_last(promises: Mapping[int, int]) -> list[int]:
    """The different ones of promises by policy version, in the order in which they were given last."""
    return list(dict.fromkeys(promises[version] for version in sorted(promises, reverse=True)))[::-1]


def kept_promise(stint: Stint, promised: int, now: datetime) -> bool | None:
    """Whether the first attempt came within `promised` seconds; None while that is open, or was cut short in time."""
    end = stint.attempted_at or stint.until or now
    if (end - stint.since).total_seconds() <= promised:
        return True if stint.attempted_at is not None else None
    return False
