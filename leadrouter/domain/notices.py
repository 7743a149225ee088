"""Who is to be told what: of an event, of a new day, of a month that is over. Pure: rows of the outbox come out.

A notice holds ids and codes alone; its words are made at delivery, from what is then known (`notify/`). What
becomes of a notice that cannot be delivered, or that is overtaken by then, is answered here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.domain.telling import LAST_RESORT, LEADER, TEAM, Channel, Quiet

AWAY = frozenset({"left", "not_joined", "time_off", "paused", "offline"})
"""Skips of those who get no digest and hear nothing of the pool, since they may not claim either."""

LONGEST_PAUSE = timedelta(hours=1)
"""An attempt that failed is repeated after a minute, then after twice as long each time, up to this."""

MONTH_END_DAYS = 7
"""A month's report is still sent so many days into the next one, where no sweep ran earlier."""


class Notice(NamedTuple):
    """One thing to tell one person over one channel. `about` is the number of the event, or names a day or a month;
    with person and channel it makes the notice unique.
    """

    about: str
    person: str
    channel: str
    kind: str
    at: datetime
    event: int | None = None
    lead: int | None = None


Reached = Mapping[str, Mapping[str, Channel]]
"""Person -> their channels by name. Who is not in it cannot be told anything."""

Told = tuple["str | None", str]
"""(person, kind)."""


def notices(event: Event, desk: Desk) -> Iterable[Notice]:
    """What people are told of an event that was just applied."""
    tell = TOLD_OF.get(event.kind)
    if tell is None or not desk.policy.reached:
        return ()
    return [
        notice
        for person, kind in tell(event, desk)
        for notice in _over(desk.policy.reached, person, kind, str(event.seq), event.at, event.seq, event.lead)
    ]


def _over(
    reached: Reached,
    person: str | None,
    kind: str,
    about: str,
    at: datetime,
    event: int | None = None,
    lead: int | None = None,
) -> Iterator[Notice]:
    """One notice for each of a person's channels that is for this kind."""
    for name, channel in reached.get(person or "", {}).items():
        if not channel.only or kind in channel.only:
            yield Notice(about, person or "", name, kind, at, event, lead)


def _routed(event: Event, desk: Desk) -> Iterator[Told]:
    yield event.agent, "handoff" if event.data.get("occasion") == "handoff" else "assignment"


def _offered(event: Event, desk: Desk) -> Iterator[Told]:
    yield event.agent, "offer"


def _transferred(event: Event, desk: Desk) -> Iterator[Told]:
    yield event.agent, "assignment"
    yield event.data.get("from"), "reclaimed"


def _reclaimed(event: Event, desk: Desk) -> Iterator[Told]:
    yield event.agent, "reclaimed"


def _lost(event: Event, desk: Desk) -> Iterator[Told]:
    """Who had a lead whose person was forgotten will look for it in vain; whoever loses one knows."""
    if event.data.get("reason") == "forgotten":
        yield event.agent, "reclaimed"


def _warned(event: Event, desk: Desk) -> Iterator[Told]:
    yield event.agent, "warning"


def _escalated(event: Event, desk: Desk) -> Iterator[Told]:
    yield LEADER, "escalation"


def _pooled(event: Event, desk: Desk) -> Iterator[Told]:
    """Whoever may claim it: not those who gave it up or lost it."""
    lead = desk.leads[event.lead] if event.lead is not None else None
    barred = {*lead.excluded, *lead.declined} if lead is not None else set()
    for person in _everybody(desk, event.at):
        if person not in barred:
            yield person, "pool"


TOLD_OF: dict[str, Callable[[Event, Desk], Iterator[Told]]] = {
    "offered": _offered,
    "assigned": _routed,
    "qualifying": _routed,
    "transferred": _transferred,
    "reclaimed": _reclaimed,
    "lost": _lost,
    "warned": _warned,
    "unassigned": _escalated,
    "escalated": _escalated,
    "pooled": _pooled,
}
"""Kind of event -> who is told of it, and as what. Steps that a person takes for themselves are told to nobody."""


TELLS = {
    "offer": ("offered",), "assignment": ("assigned", "qualifying", "transferred"),
    "handoff": ("assigned", "qualifying"), "reclaimed": ("reclaimed", "transferred", "lost"), "warning": ("warned",),
    "pool": ("pooled",), "escalation": ("unassigned", "escalated"),
}  # fmt: skip
"""Kind of notice -> the events it may tell of: the same as above, the other way round."""


def timed(desk: Desk, now: datetime, first_policy: datetime) -> Iterator[Notice]:
    """What the calendar asks for: each agent's digest once a day, and the report of the month before to the team.

    `first_policy` is when the first policy came into force: of earlier months there is nothing to tell.
    """
    policy, reached = desk.policy.policy, desk.policy.reached
    for agent in policy.agents:
        there = calendar.local(now, agent.timezone or policy.team.timezone)
        if agent.digest is None or _minute(there) < agent.digest or _is_away(agent.id, desk, now):
            continue
        yield from _over(reached, agent.id, "digest", f"digest/{there.date().isoformat()}", now)
    zone, at = policy.team.timezone, policy.notify.month_end
    begun = calendar.start_of(calendar.month_of(now, zone) + "-01", zone)
    if at is None or now < begun + timedelta(minutes=at) or now >= begun + timedelta(days=MONTH_END_DAYS):
        return
    if first_policy < begun:
        month = calendar.month_of(begun - timedelta(days=1), zone)
        for person in _everybody(desk, now):
            yield from _over(reached, person, "month_end", f"report/{month}", now)


def _everybody(desk: Desk, now: datetime) -> Iterator[str]:
    """The team's own channels where there are any, else everyone who is there."""
    if TEAM in desk.policy.reached:
        yield TEAM
    else:
        yield from (agent for agent in desk.policy.roster if not _is_away(agent, desk, now))


def _is_away(agent: str, desk: Desk, now: datetime) -> bool:
    return agent not in desk.agents or desk.slot(agent, now).skip in AWAY


def last_resort(notice: Notice, reached: Reached, now: datetime) -> list[Notice]:
    """Whom to tell that somebody could not be reached; nobody, where it was itself a call for help."""
    if notice.person in (LEADER, LAST_RESORT):
        return []
    about = f"undelivered/{notice.kind}/{notice.person}/{notice.about}"
    return list(_over(reached, LAST_RESORT, "undelivered", about, now, notice.event, notice.lead))


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed: 1, 2, 4, 8 ... minutes, an hour at most."""
    return min(timedelta(minutes=1 << min(attempts - 1, 10)), LONGEST_PAUSE)


def quiet_until(quiet: Quiet | None, now: datetime, timezone: str) -> datetime | None:
    """When somebody may be disturbed again; None: now."""
    if quiet is None:
        return None
    start, end = quiet
    there = calendar.local(now, timezone)
    minute = _minute(there)
    today = start <= minute < end if start < end else minute < end
    tonight = start > end and minute >= start
    if not (today or tonight):
        return None
    date = there.date().isoformat()
    return calendar.at_minute(calendar.day_after(date) if tonight else date, end, timezone)


def overtaken(kind: str, person: str, lead: LeadState | None) -> bool:
    """Whether what was to be told no longer holds: somebody else has the lead by now, or the work is done."""
    if lead is None:
        return False
    match kind:
        case "offer":
            return lead.state != "offered" or lead.agent != person
        case "assignment" | "handoff":
            return lead.agent != person or lead.state in CLOSED
        case "warning":
            return lead.agent != person or lead.state in CLOSED or lead.attempts > 0
        case "pool":
            return lead.state != "pooled"
        case "escalation" | "undelivered":
            return lead.state in CLOSED
    return False


def _minute(there: datetime) -> int:
    return there.hour * 60 + there.minute
