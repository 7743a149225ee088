"""What changed since the month before: the same figures of both, counted up to the same day of the month.

A running month is compared with as much of the month before as had passed by then; shares and medians, which do not
grow with the days, with all of it. The month before is read as counts: the report costs what its own month holds.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.events import iso
from leadrouter.domain.metrics import mean_and_median
from leadrouter.domain.months import Period
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.reports.cohort import Cohort, first_dealt, method_of
from leadrouter.reports.figures import divided, rounded
from leadrouter.reports.money import closings
from leadrouter.reports.response import Response
from leadrouter.store import month_counts, monthly, queries
from leadrouter.store.policies import Policies

EVENTS = {
    "declined": ("declined", "expired"),
    "reclaimed": ("reclaimed",),
    "escalated": ("escalated",),
    "complaints": ("complained",),
}
"""Figures that are numbers of events, and their kinds."""


class Counts(NamedTuple):
    """Leads of one kind: all of them but void ones, and those won."""

    leads: int = 0
    won: int = 0

    def __add__(self, other: Any) -> Counts:
        return Counts(self.leads + other.leads, self.won + other.won)


Kind = tuple[str, str | None, str]
"""What leads are compared by: method, source and quality."""

Settled = Mapping[str, tuple[int, int]]
"""Agent -> promises kept, and promises settled."""


class Side(NamedTuple):
    """One of the two months: leads by kind as they are now, leads by source at the stage compared, first contacts."""

    period: Period
    received: int
    kinds: Mapping[Kind, Counts]
    by_source: Mapping[str | None, Counts]
    promises: Settled
    hot_minutes: list[float]

    def figures(self, connection: sqlite3.Connection) -> dict[str, float | None]:
        """The figures compared."""
        closed = closings(monthly.closed(connection, self.period))
        kept, settled = (sum(counts[place] for counts in self.promises.values()) for place in (0, 1))
        counted = sum(self.by_source.values(), Counts())
        return {
            "received": self.received,
            "conversion": rounded(divided(counted.won, counted.leads), 4),
            "won": closed["won"],
            "value": closed["value"],
            "void": closed["void"],
            "in_time": rounded(divided(kept, settled), 4),
            "hot_minutes": rounded(mean_and_median(self.hot_minutes)[1]),
            **{name: monthly.how_many(connection, kinds, self.period) for name, kinds in EVENTS.items()},
        }


def this_month(cohort: Cohort, response: Response) -> Side:
    """The month of the report, from its leads."""
    kinds: dict[Kind, Counts] = defaultdict(Counts)
    for lead in cohort.counted:
        kinds[cohort.method(lead), lead.source, lead.quality] += Counts(1, lead.state == "won")
    by_source: dict[str | None, Counts] = defaultdict(Counts)
    for (_, source, _), counts in kinds.items():
        by_source[source] += counts
    return Side(cohort.period, len(cohort.leads), kinds, by_source, response.by_agent(), response.minutes("hot"))


def month_before(connection: sqlite3.Connection, policy: Policy, period: Period, stage: str, now: datetime) -> Side:
    """The month before, from counts; only leads that were passed on one by one. `stage` is how far it is counted."""
    panels, received = queries.Panels(connection), 0
    kinds: dict[Kind, Counts] = defaultdict(Counts)
    by_source: dict[str | None, Counts] = defaultdict(Counts)
    for alike in _alike(connection, period, stage, panels):
        kinds[alike.kind] += alike.now
        by_source[alike.kind[1]] += alike.then
        received += alike.received
    promises, minutes = _contacts(connection, policy, period, now)
    return Side(Period(period.start, min(stage, period.end)), received, kinds, by_source, promises, minutes)


class Alike(NamedTuple):
    """Leads of one kind: as they are now, as they stood at the stage, and how many had come in by then, void or not."""

    kind: Kind
    now: Counts
    then: Counts
    received: int


def _alike(connection: sqlite3.Connection, period: Period, stage: str, panels: queries.Panels) -> Iterator[Alike]:
    for row in month_counts.like_leads(connection, period, stage):
        kind = method_of(row.panel, row.reason, "somebody" if row.held else None, panels), row.source, row.quality
        now, then = Counts(row.leads - row.void, row.won), Counts(row.leads_then - row.void_then, row.won_then)
        yield Alike(kind, now, then, row.leads_then)
    for lead in monthly.cohort(connection, period, passed_on=True):
        counted, won, by_then = lead.state != "void", lead.state == "won", lead.received_at < stage
        won_then = won and (lead.closed_at is None or lead.closed_at < stage)
        method, _ = first_dealt(queries.history(connection, lead.lead), panels)
        then = Counts(int(counted), int(won_then)) if by_then else Counts()
        yield Alike((method, lead.source, lead.quality), Counts(int(counted), int(won)), then, int(by_then))


def _contacts(
    connection: sqlite3.Connection, policy: Policy, period: Period, now: datetime
) -> tuple[Settled, list[float]]:
    """Promises kept and settled by agent, and minutes to hot leads. Only a clock that never stops can be counted."""
    policies = Policies(connection)
    given = {version: policies[version].sla for version in month_counts.dealt_under(connection, period)}
    if any(sla.clock != "always" for sla in given.values()):
        whole = Response(connection, monthly.cohort(connection, period), policy, now)
        return whole.by_agent(), whole.minutes("hot")
    seconds = {version: {quality: sla.promised(quality) for quality in QUALITIES} for version, sla in given.items()}
    others = Response(connection, monthly.cohort(connection, period, passed_on=True), policy, now)
    kept: Counter[str] = Counter({agent: counts[0] for agent, counts in others.by_agent().items()})
    settled: Counter[str] = Counter({agent: counts[1] for agent, counts in others.by_agent().items()})
    for entry in month_counts.promises(connection, period, seconds, iso(now)):
        kept[entry.agent] += entry.kept
        settled[entry.agent] += entry.settled
    minutes = month_counts.hot_minutes(connection, period) + others.minutes("hot")
    return {agent: (kept[agent], count) for agent, count in settled.items() if count}, minutes


def changes(connection: sqlite3.Connection, now: Side, before: Side) -> list[dict[str, Any]]:
    """Every figure of this month beside that of the month before."""
    this, last = now.figures(connection), before.figures(connection)
    return [{"what": what, "before": last[what], "now": value} for what, value in this.items()]
