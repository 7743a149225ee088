"""What was recorded, told apart: what came from outside (people, clients), and what router and clocks did about it.

Also past leads as they would have come in, so that a policy can be tried on years that were before leadrouter. Reads
events alone; nothing is decided and nothing written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from leadrouter.domain.decision import DECISIONS
from leadrouter.domain.events import Event, moment
from leadrouter.domain.response import CLOSING

CAUSES = frozenset({"declined", "released", "reclaimed", "expired", "handed_off", "touched"})
"""Kinds that the decision behind them belongs to."""

SWEPT = frozenset({"reclaimed", "expired", "escalated", "warned", "promise_missed", "taken_offline", "agent_left"})
"""Kinds that only a sweep records, but for agents who leave by a `load`."""

SWEPT_WHERE = frozenset({("transferred", "time_off"), ("forgotten", "retention")})
"""Kinds that only a sweep records with this reason, and people with others."""

BOOKS = frozenset({"panel", "balance"})
LOADING = BOOKS | {"rotation_renamed", "rotation_removed", "agent_joined", "agent_left"}
"""Kinds that may follow a `policy_loaded` as part of it."""

UNKNOWN = timedelta(days=15)
"""From coming in to its end, for leads closed on a day nobody knows where nobody knows any."""


class Recorded(NamedTuple):
    """One recorded event and whose it is: `world` (people and clients), `sweep`, or `router` (it follows from others).

    `at` is when it happens in the re-enactment.
    """

    event: Event
    origin: str
    at: datetime


def told_apart(events: Iterable[Event], known: Iterable[int] = ()) -> list[Recorded]:
    """Every event with its origin. `known` are the leads recorded before these events."""
    found: list[Recorded] = []
    seen, loading = set(known), False
    before: Event | None = None
    for event in events:
        loading = event.kind == "policy_loaded" or (loading and event.kind in LOADING)
        if (
            event.kind in BOOKS
            or (loading and event.kind != "policy_loaded")
            or (event.kind == "touched" and event.data.get("reason") == "inquired")
        ):
            origin = "router"
        elif event.kind in DECISIONS and event.lead in seen:
            follows = before is not None and before.lead == event.lead and before.kind in CAUSES
            origin = "router" if follows else "sweep"
        elif event.kind in SWEPT or (event.kind, event.data.get("reason")) in SWEPT_WHERE:
            origin = "sweep"
        else:
            origin = "world"
        found.append(Recorded(event, origin, event.at))
        if event.kind not in BOOKS:
            before = event
        if event.lead is not None:
            seen.add(event.lead)
    return found


def as_they_came(recorded: Sequence[Recorded], received: Mapping[int, datetime]) -> tuple[list[Recorded], int]:
    """The same with past leads coming in when they really did, and their steps at the moments these speak of.

    `received` gives the past leads that are to come in, and when. A lead that was closed on a day nobody knows is
    taken to have been closed after the usual time (the median of the others).
    Returns how many those are, too.
    """
    spans = [
        (_closed_at(event) - received[event.lead]).total_seconds()
        for event, _, _ in recorded
        if event.lead is not None and event.lead in received and _closing(event) and not _undated(event)
    ]
    usual = timedelta(seconds=median(spans)) if spans else UNKNOWN
    found: list[Recorded] = []
    guessed = 0
    for entry in recorded:
        event = entry.event
        since = received.get(event.lead or 0)
        if since is None:
            found.append(entry)
            continue
        if event.kind == "past":
            found += [Recorded(part, "world", max(at, since)) for part, at in _parts(event, since, usual)]
            guessed += _closing(event) and _undated(event)
        else:
            undated = _closing(event) and _undated(event)
            guessed += undated
            found.append(entry._replace(at=max(since, since + usual if undated else event.when)))
    return sorted(found, key=lambda entry: entry.at), guessed


def _parts(event: Event, since: datetime, usual: timedelta) -> Iterable[tuple[Event, datetime]]:
    """A past lead as the steps it stands for."""
    data = event.data
    yield event._replace(kind="arrived", data={}), since
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("contacted", "contacted", {"channel": "call", "outcome": "reached"}),
        ("appointment", "appointment", {}),
    ]
    for kind, key, details in told:
        if key in data:
            yield event._replace(kind=kind, data=details), moment(data[key])
    if _closing(event):
        closed = since + usual if _undated(event) else moment(data["closed"])
        kind = "voided" if data["state"] == "void" else data["state"]
        yield event._replace(kind=kind, data={"value": data["value"]} if "value" in data else {}), closed


def _closing(event: Event) -> bool:
    return event.kind in CLOSING or (event.kind == "past" and event.data["state"] in ("won", "lost", "void"))


def _undated(event: Event) -> bool:
    return "closed" not in event.data if event.kind == "past" else bool(event.data.get("undated"))


def _closed_at(event: Event) -> datetime:
    return moment(event.data["closed"]) if event.kind == "past" else event.when
