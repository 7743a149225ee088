"""Simulate: recorded leads through another policy, on a copy in memory, side by side with what happened.

The file is only read. Who came when, who was away and what became of each lead is as recorded (`reenact`); who gets the
leads and what the clocks do is decided by the same code as ever, under the other policy.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.comparison import Side, measure
from leadrouter.domain.decision import DECISIONS
from leadrouter.domain.estimate import Estimate, Outcome, estimate
from leadrouter.domain.events import Event, moment
from leadrouter.domain.policy import Agent, Policy
from leadrouter.domain.response import CLOSING, Stint
from leadrouter.errors import WrongUsage
from leadrouter.store import policies, queries, transactions
from leadrouter.store.projections import rewind
from leadrouter.usecases.recorded import as_they_came, told_apart
from leadrouter.usecases.reenact import Reenactment
from leadrouter.usecases.roster import load_policy
from leadrouter.usecases.session import Session


class Simulated(NamedTuple):
    """Both sides over the leads that came in between two moments.

    `different`: leads that went to somebody else first. `forgotten`: leads left out since their facts are erased.
    `guessed`: past leads closed on a day nobody knows. `left_out`: recorded steps that no longer fitted, by kind.
    `untried`: leads of which no contact is recorded.
    """

    since: datetime
    until: datetime
    leads: int
    past: int
    different: int
    actual: Side
    simulated: Side
    estimate: Estimate
    forgotten: int
    guessed: int
    left_out: Counter[str]
    untried: int


def simulate(
    connection: sqlite3.Connection, policy: Policy, since: datetime | None, until: datetime, by: str = "simulation"
) -> Simulated:
    """Lives the leads that came in from `since` (None: the first) to `until` again under `policy`.

    Raises WrongUsage where no lead came in.
    """
    with transactions.reading(connection):
        events = list(queries.all_events(connection))
        rows = queries.arrivals(connection)
        versions = [(version, policies.version(connection, version)[0]) for version in _versions(events)]
    came = _arrivals(events, rows)
    since = since if since is not None else min(came.values(), default=until)
    compared = {lead: at for lead, at in came.items() if since <= at <= until}
    if not compared:
        raise WrongUsage("no lead came in then", "see when they did with: leadrouter log --kind assigned")
    past = {
        event.lead: event
        for event in events
        if event.kind == "past" and event.lead is not None and event.lead in compared
    }
    start = next((place for place, event in enumerate(events) if event.at >= since), len(events))

    session = Session(connection, by, dry_run=True)
    rewind(session.connection, start)
    tried = with_real_dates(policy, events[:start], events[start:], [entry for _, entry in versions])
    load_policy(session, tried, "", since)
    world = Reenactment(connection, session, since, tried)
    recorded = told_apart(events[start:], {event.lead for event in events[:start] if event.lead is not None})
    recorded, guessed = as_they_came(recorded, {lead: came[lead] for lead in past})
    world.live(recorded, until)

    arrived = set(world.arrived)
    leads = {lead: at for lead, at in compared.items() if lead in arrived}
    ended = {entry.event.lead: entry.at for entry in recorded if entry.event.kind in CLOSING}
    owned = {
        lead: Stint(event.agent, leads[lead], None, ended.get(lead))
        for lead, event in past.items()
        if lead in leads and event.agent is not None
    }
    actual = measure(events, leads, queries.Panels(connection), since, until, owned)
    again = queries.all_events(session.connection)
    simulated = measure(again, leads, queries.Panels(session.connection), since, until)
    outcomes = [
        Outcome(
            (row.source or "", row.quality), actual.last.get(row.lead), simulated.last.get(row.lead), row.state == "won"
        )
        for row in rows
        if row.lead in leads and row.state != "void"
    ]
    reached = {event.lead for event in events if event.kind in ("contacted", "appointment", "won")}
    different = sum(actual.first.get(lead) != simulated.first.get(lead) for lead in leads)
    return Simulated(
        since, until, len(leads), len(past), different, actual, simulated, estimate(outcomes),
        len(world.forgotten), guessed, +world.left_out, len(leads.keys() - reached - past.keys()),
    )  # fmt: skip


def _versions(events: Iterable[Event]) -> list[int]:
    return [event.data["version"] for event in events if event.kind == "policy_loaded"]


def _arrivals(events: Sequence[Event], rows: Iterable[queries.Arrival]) -> dict[int, datetime]:
    """Lead -> when it was routed first; leads of earlier times came in when they were received."""
    received = {row.lead: row.received_at for row in rows}
    came: dict[int, datetime] = {}
    for event in events:
        if event.lead is not None and event.lead not in came and (event.kind in DECISIONS or event.kind == "past"):
            came[event.lead] = moment(received[event.lead]) if event.kind == "past" else event.at
    return came


def with_real_dates(
    policy: Policy, before: Iterable[Event], after: Iterable[Event], versions: Iterable[Policy]
) -> Policy:
    """The policy with the dates of its agents as they really were: who joined later joins on that day, and time off
    that a policy of the time had stays time off.
    """
    present = {event.agent for event in before if event.kind == "agent_joined"}
    joined = {
        event.agent: event.data["joined"]
        for event in after
        if event.kind == "agent_joined" and event.agent not in present and event.data["joined"]
    }
    away: dict[str, dict[tuple[str, str], None]] = {}
    for version in versions:
        for entry in version.agents:
            away.setdefault(entry.id, {}).update(dict.fromkeys(entry.time_off))

    def real(agent: Agent) -> Agent:
        time_off = tuple(dict.fromkeys((*agent.time_off, *away.get(agent.id, {}))))
        return agent._replace(joined=agent.joined or joined.get(agent.id), time_off=time_off)

    return policy._replace(agents=tuple(real(agent) for agent in policy.agents))


def window(since: str | None, until: str | None, now: datetime, timezone: str) -> tuple[datetime | None, datetime]:
    """Two dates of the team, both included, as moments; without an end, now. Raises WrongUsage for a day to come."""
    first = calendar.start_of(since, timezone) if since else None
    last = calendar.start_of(calendar.day_after(until), timezone) if until else now
    if first is not None and first >= now:
        today = calendar.wall_clock(now, timezone)
        raise WrongUsage(f"--from {since} is still to come: now is {today}", "give a day on which leads came in")
    return first, min(last, now)
