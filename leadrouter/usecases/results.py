"""What agents did with the leads of a window: the five figures that people look at. Only reads; judges nobody.

Every lead that came in counts, mature or not, so these figures are for seeing, and `tiers` are for judging.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from leadrouter.domain import calendar, pledge
from leadrouter.domain.deadlines import promise_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.metrics import mean_and_median
from leadrouter.domain.response import kept_promise, latest_last, minutes, promised
from leadrouter.domain.tiers import tier_of
from leadrouter.store import results
from leadrouter.store.policies import Policies


class Promises(NamedTuple):
    """First contacts of one quality: promises made and kept, the median minutes to the attempt (None: no attempts), and
    what was promised, in seconds, the latest last.
    """

    made: int
    kept: int
    median_minutes: float | None
    given: tuple[int, ...] = ()

    @property
    def rate(self) -> float | None:
        """The share of promises that were kept."""
        return self.kept / self.made if self.made else None


class AgentWork(NamedTuple):
    """One agent's window: leads held, won, leads with an appointment, mean deal, and promises by quality and in all."""

    leads: int
    won: int
    appointments: int
    deal: float | None
    promises: Mapping[str, Promises]
    all_promises: Promises

    @property
    def conversion(self) -> float | None:
        """Won over held, as far as it is known today."""
        return self.won / self.leads if self.leads else None

    @property
    def appointment_rate(self) -> float | None:
        """Leads with an appointment over leads held."""
        return self.appointments / self.leads if self.leads else None


NO_PROMISES = Promises(0, 0, None)
NO_WORK = AgentWork(0, 0, 0, None, {}, NO_PROMISES)


def work(
    connection: sqlite3.Connection, since: datetime, until: datetime, now: datetime, agent: str | None = None
) -> dict[str, AgentWork]:
    """By agent, of leads received between two moments; promises of one agent alone if asked."""
    window, policies = (iso(since), iso(until)), Policies(connection)
    given: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    kept: dict[tuple[str, str], list[bool]] = defaultdict(list)
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    for quality, stint in results.contacts(connection, *window, agent):
        own = promise_of(policies[stint.policy], quality, qualifying=stint.qualifying)
        given[stint.agent, quality][stint.policy] = own
        promise = kept_promise(stint, promised(stint, quality, policies), now)
        for key in ((stint.agent, quality), (stint.agent, "")):
            if promise is not None:
                kept[key].append(promise)
            if stint.attempted_at is not None:
                took[key].append(minutes(stint.since, stint.attempted_at))
    promises = {
        key: Promises(len(kept[key]), sum(kept[key]), mean_and_median(took[key])[1], tuple(latest_last(given[key])))
        for key in {*kept, *took}
    }
    return {
        name: AgentWork(
            held.leads,
            held.won,
            held.appointments,
            held.deal,
            {quality: found for (other, quality), found in sorted(promises.items()) if other == name and quality},
            promises.get((name, ""), NO_PROMISES),
        )
        for name, held in results.work(connection, *window).items()
    }


class Mix(NamedTuple):
    """What one tier was dealt: leads, and how many of each quality and source."""

    tier: str
    leads: int
    qualities: Mapping[str, int]
    sources: Mapping[str, int]


def mix_by_tier(connection: sqlite3.Connection, desk: Desk, since: datetime, until: datetime) -> list[Mix]:
    """The mix of leads received between two moments, by the tier whose turn they took.

    A lead outside such turns is counted in the tier that its agent turns in by the end; role agent alone.
    """
    policy, roster = desk.policy.policy, desk.policy.roster
    last = calendar.local_date(until - timedelta(seconds=1), policy.team.timezone)
    qualities: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    sources: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for share in results.dealt(connection, iso(since), iso(until)):
        agent = roster.get(share.agent)
        if share.tier is None and (agent is None or agent.role != "agent"):
            continue
        tier = share.tier or tier_of(roster[share.agent], desk.agents[share.agent], policy, last)
        qualities[tier][share.quality] += share.leads
        sources[tier][share.source] += share.leads
    return [
        Mix(tier, sum(qualities[tier].values()), dict(qualities[tier]), _largest_first(sources[tier]))
        for tier in sorted(qualities)
    ]


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


class Lost(NamedTuple):
    """A rule that a member would lose, with the leads it dealt to them and to everybody in the window."""

    rule: pledge.Leaving
    mine: int
    all: int


class Member(NamedTuple):
    """A member of the pledge: their promises, and what leaving would change."""

    agent: str
    promises: Promises
    leaving: tuple[Lost, ...]


def pledged(
    connection: sqlite3.Connection, desk: Desk, did: Mapping[str, AgentWork], since: datetime, until: datetime
) -> list[Member]:
    """Everybody in the pledge with their broken promises; `did` is their work in the same window."""
    policy = desk.policy.policy
    members = pledge.members(policy)
    dealt = results.by_rule(connection, iso(since), iso(until)) if members else {}
    active = {state.agent for state in desk.agents.values() if state.active}
    return [
        Member(
            agent.id,
            did.get(agent.id, NO_WORK).all_promises,
            tuple(
                Lost(
                    entry,
                    dealt.get((entry.rule, agent.id), 0),
                    sum(leads for (rule, _), leads in dealt.items() if rule == entry.rule),
                )
                for entry in pledge.leaving(agent, policy, active)
            ),
        )
        for agent in members
        if agent.id in active
    ]
