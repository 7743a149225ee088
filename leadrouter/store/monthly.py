"""What the reports of a period read: its tallies, the leads received or closed in it, its events. Decides nothing.
What is counted of a period without reading its leads one by one is in `month_counts`.

Every statement goes through an index of the period, so that a report costs what its period holds. Moments stay ISO
text: they compare as they are, and few of them are ever reckoned with.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.fairness import Tally
from leadrouter.domain.maturity import LATEST
from leadrouter.domain.months import Period
from leadrouter.domain.rounds import Panel, Round
from leadrouter.store.partial_indexes import UNCOMMON, WAITING
from leadrouter.store.policies import DEALT_UNDER


class CohortLead(NamedTuple):
    """One lead that came in during a period, without the person: what it was and what became of it so far.

    `past`: it was recorded later, as one of earlier times; who had it since when is not known. `passed_on`: it went to
    several agents, an isa among them, or was not accepted by one, so only its events tell who dealt it first. `policy`
    is the version under which the latest of them got it.
    """

    lead: int
    received_at: str
    source: str | None
    quality: str
    state: str
    agent: str | None
    past_holders: tuple[str, ...]
    isa: str | None
    passed_on: bool
    panel: int
    rule: str | None
    reason: str | None
    assigned_at: str | None
    attempted_at: str | None
    contacted_at: str | None
    closed_at: str | None
    value: float | None
    cost: float | None
    policy: int | None

    @property
    def past(self) -> bool:
        """Whether it came as a lead of earlier times, and nobody has moved it since."""
        return self.reason == "past"

    @property
    def holders(self) -> set[str]:
        """Every agent who ever had it; who was only asked did not."""
        now = {self.agent, self.isa} if self.state != "offered" else {self.isa}
        return {*self.past_holders, *(agent for agent in now if agent)}


class Place(NamedTuple):
    """Where a lead is, as far as territories ask for it."""

    lead: int
    postcode: str | None
    area: str | None
    lat: float | None
    lon: float | None


def tallies(connection: sqlite3.Connection, month: str) -> list[Tally]:
    """How often each panel dealt in a month, and to whom; what waits is in `still_waiting`."""
    rows = connection.execute(
        "SELECT panel, agent, what, count FROM tallies WHERE month = ? AND what <> 'waiting' "
        "ORDER BY panel, agent, what",
        (month,),
    )
    return [Tally(*row) for row in rows]


def still_waiting(connection: sqlite3.Connection, month: str) -> list[Tally]:
    """The panels that had left leads unassigned which still waited when a month ended: those that wait now, without
    what began to wait since and with what no longer does.
    """
    rows = connection.execute(
        "SELECT panel, sum(times) FROM ("
        f"SELECT waits_for AS panel, 1 AS times FROM leads INDEXED BY leads_waiting WHERE {WAITING} "
        "AND state = 'unassigned' AND waits_for > 0 "
        "UNION ALL SELECT panel, -count FROM tallies WHERE month > ? AND what = 'waiting'"
        ") GROUP BY panel HAVING sum(times) <> 0 ORDER BY panel",
        (month,),
    )
    return [Tally(panel, "", "waiting", times) for panel, times in rows]


def ratings(connection: sqlite3.Connection, month: str) -> dict[str, dict[int, int]]:
    """Agent -> score -> how often in a month people gave it."""
    rows = connection.execute(
        "SELECT agent, what, count FROM tallies WHERE month = ? AND panel = 0 AND what LIKE 'rated _' ORDER BY 1, 2",
        (month,),
    )
    found: dict[str, dict[int, int]] = {}
    for agent, what, count in rows:
        found.setdefault(agent, {})[int(what[-1])] = count
    return found


PASSED_ON = "(past_holders IS NOT NULL OR declined IS NOT NULL OR isa IS NOT NULL OR reason IS 'transferred')"
"""Of which leads only their events tell who dealt them first, and who had them when."""

RECEIVED = "FROM leads INDEXED BY leads_by_received WHERE received_at >= ?1 AND received_at < ?2"


def cohort(connection: sqlite3.Connection, period: Period, *, passed_on: bool = False) -> list[CohortLead]:
    """The leads that came in during a period; on request only those that were passed on."""
    only = f"AND {PASSED_ON}" if passed_on else ""
    rows = connection.execute(
        f"SELECT lead, received_at, source, quality, state, agent, past_holders, isa, {PASSED_ON}, turn_panel, "
        f"rule, reason, assigned_at, attempted_at, contacted_at, closed_at, value, cost, {DEALT_UNDER} "
        f"{RECEIVED} {only} ORDER BY received_at, lead",
        period,
    )
    return [
        CohortLead(
            lead, received, source, quality, state, agent, tuple(json.loads(holders)) if holders else (),
            isa, bool(moved), *others,
        )
        for lead, received, source, quality, state, agent, holders, isa, moved, *others in rows
    ]  # fmt: skip


def places(connection: sqlite3.Connection, period: Period) -> list[Place]:
    """Where the leads of a period are."""
    rows = connection.execute(f"SELECT lead, postcode, area, lat, lon {RECEIVED} ORDER BY received_at, lead", period)
    return [Place(*row) for row in rows]


class ClosedLead(NamedTuple):
    """One lead that was closed in a period, whenever it came in."""

    lead: int
    state: str
    agent: str | None
    source: str | None
    value: float | None
    received_at: str
    closed_at: str


def closed(connection: sqlite3.Connection, period: Period) -> list[ClosedLead]:
    """The leads closed in a period; those whose end has no date are in none."""
    rows = connection.execute(
        "SELECT lead, state, agent, source, value, received_at, closed_at FROM leads INDEXED BY leads_closed "
        "WHERE closed_at >= ? AND closed_at < ? ORDER BY closed_at, lead",
        period,
    )
    return [ClosedLead(*row) for row in rows]


def latest_wins(connection: sqlite3.Connection, until: str) -> list[tuple[str, str]]:
    """When the latest sales before a moment came in as leads and when they were won, as many as maturity asks for."""
    return connection.execute(
        "SELECT received_at, closed_at FROM leads INDEXED BY leads_won WHERE state = 'won' AND closed_at < ? "
        "ORDER BY closed_at DESC LIMIT ?",
        (until, LATEST),
    ).fetchall()


class Happened(NamedTuple):
    """One event of a period, and its data still as JSON."""

    event: int
    kind: str
    lead: int | None
    agent: str | None
    by: str
    text: str

    @property
    def data(self) -> dict[str, object]:
        """What the event holds."""
        found: dict[str, object] = json.loads(self.text)
        return found


def happened(connection: sqlite3.Connection, kinds: Iterable[str], period: Period) -> list[Happened]:
    """The events of some kinds in a period, in their order; not of those that every lead has."""
    found = [Happened(*row) for kind in kinds for row in connection.execute(_OF_A_KIND, (kind, *period))]
    return sorted(found)


def how_many(connection: sqlite3.Connection, kinds: Iterable[str], period: Period) -> int:
    """How many events of these kinds a period has, by the index alone."""
    return sum(connection.execute(_HOW_MANY, (kind, *period)).fetchone()[0] for kind in kinds)


_FROM = f"FROM events INDEXED BY events_by_kind WHERE {UNCOMMON} AND kind = ? AND at >= ? AND at < ?"
_OF_A_KIND = f"SELECT seq, kind, lead, agent, by, data {_FROM}"
_HOW_MANY = f"SELECT count(*) {_FROM}"


def corrections(connection: sqlite3.Connection, period: Period) -> list[tuple[str, Round]]:
    """The rounds of credits by hand and of leavers' write-offs in a period, with what they are called."""
    found = []
    for event in happened(connection, ("credited", "agent_left"), period):
        word = "credited" if event.kind == "credited" else "written off"
        for rotation, panel, quantum in json.loads(event.text)["rounds"]:
            shares = Panel((name, weight) for name, weight in panel)
            found.append((word, Round(rotation, shares, quantum, event.agent or "")))
    return found


class OpenComplaint(NamedTuple):
    """A complaint that nobody has answered so far."""

    agent: str
    event: int
    at: str


def open_complaints(connection: sqlite3.Connection, until: str) -> list[OpenComplaint]:
    """The complaints made before a moment that are open now, oldest first."""
    rows = connection.execute(
        "SELECT agents.agent, events.seq, events.at FROM agents, json_each(agents.complaints) AS open "
        "JOIN events ON events.seq = open.value WHERE events.at < ? ORDER BY events.seq",
        (until,),
    )
    return [OpenComplaint(*row) for row in rows]


def told(connection: sqlite3.Connection, period: Period) -> dict[str, list[float]]:
    """Agent -> minutes from each offer, assignment or hand-off in a period until they were told of it, over the channel
    that was first.
    """
    found: dict[str, list[float]] = {}
    rows = connection.execute(
        "SELECT person, made_at, min(delivered_at) FROM notices INDEXED BY notices_delivered WHERE state = 'delivered' "
        "AND made_at >= ? AND made_at < ? AND kind IN ('offer', 'assignment', 'handoff') GROUP BY about, person "
        "ORDER BY person, event",
        period,
    )
    for person, made_at, delivered_at in rows:
        wait = datetime.fromisoformat(delivered_at) - datetime.fromisoformat(made_at)
        found.setdefault(person, []).append(wait.total_seconds() / 60)
    return found
