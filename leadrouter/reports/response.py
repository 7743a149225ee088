"""How soon agents tried to reach the people they were given: promises kept, and how long it took, also from receipt.

Fresh clocks hide what a person waited through several agents, so the time since receipt stands beside. Judged by what
was promised when the agent got the lead; void leads promised nothing, and of past ones nothing is known but the last.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from leadrouter.domain.metrics import mean_and_median
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.domain.response import Stint, kept_promise, latest_last, minutes, only_stint, promised, stints
from leadrouter.reports.figures import place, promised_entry, rounded
from leadrouter.store import queries
from leadrouter.store.monthly import CohortLead
from leadrouter.store.policies import Policies


class Measured(NamedTuple):
    """What was measured of some leads: promises kept or broken, minutes to the first attempt, the same from receipt."""

    kept: list[bool]
    minutes: list[float]
    waited: list[float]


class Response:
    """The first contacts of a period's leads by agent and quality."""

    def __init__(
        self, connection: sqlite3.Connection, leads: Iterable[CohortLead], policy: Policy, now: datetime
    ) -> None:
        self.policy = policy
        self._policies = Policies(connection)
        self._promised: dict[str, dict[int, int]] = defaultdict(dict)
        self._found: dict[tuple[str, str], Measured] = defaultdict(lambda: Measured([], [], []))
        for lead in leads:
            self._measure(connection, lead, now)

    def _measure(self, connection: sqlite3.Connection, lead: CohortLead, now: datetime) -> None:
        if lead.state == "void":
            return
        received = datetime.fromisoformat(lead.received_at)
        if lead.past:
            if lead.agent is not None and lead.contacted_at is not None:
                contacted = datetime.fromisoformat(lead.contacted_at)
                self._found[lead.agent, lead.quality].waited.append(minutes(received, contacted))
            return
        for stint in _stints_of(connection, lead):
            found = self._found[stint.agent, lead.quality]
            self._promised[lead.quality][stint.policy] = self._policies[stint.policy].sla.promised(lead.quality)
            promise = kept_promise(stint, promised(stint, lead.quality, self._policies), now)
            if promise is not None:
                found.kept.append(promise)
            if stint.attempted_at is not None:
                found.minutes.append(minutes(stint.since, stint.attempted_at))
                found.waited.append(minutes(received, stint.attempted_at))

    def lines(self) -> list[dict[str, Any]]:
        """The keys of CONTRACT for each agent and quality."""
        order = sorted(self._found, key=lambda key: (place(self.policy, key[0]), QUALITIES.index(key[1])))
        return [
            {"agent": key[0], "quality": key[1], **_line(self._found[key])} for key in order if any(self._found[key])
        ]

    def by_quality(self) -> list[dict[str, Any]]:
        """The same for the team, with the promise."""
        lines = []
        for quality in QUALITIES:
            measured = [found for (_, kind), found in self._found.items() if kind == quality]
            whole = Measured(*(list(chain(*parts)) for parts in zip(*measured, strict=True))) if measured else None
            if whole is not None and any(whole):
                given = latest_last(self._promised[quality]) or [self.policy.sla.promised(quality)]
                lines.append({"quality": quality, **promised_entry(given), **_line(whole)})
        return lines

    def by_agent(self) -> dict[str, tuple[int, int]]:
        """Agent -> promises kept, and promises settled."""
        found: dict[str, tuple[int, int]] = {}
        for (agent, _), measured in self._found.items():
            kept, settled = found.get(agent, (0, 0))
            found[agent] = (kept + sum(measured.kept), settled + len(measured.kept))
        return {agent: counts for agent, counts in found.items() if counts[1]}

    def minutes(self, quality: str) -> list[float]:
        """Minutes to every first attempt for a lead of this quality."""
        return [took for (_, kind), found in self._found.items() if kind == quality for took in found.minutes]


def _line(found: Measured) -> dict[str, Any]:
    mean, middle = mean_and_median(found.minutes)
    return {
        "leads": len(found.kept),
        "kept": sum(found.kept),
        "contacted_in_sla": round(sum(found.kept) / len(found.kept), 4) if found.kept else None,
        "mean_minutes": rounded(mean),
        "median_minutes": rounded(middle),
        "receipt_to_contact_minutes": rounded(mean_and_median(found.waited)[1]),
    }


def _stints_of(connection: sqlite3.Connection, lead: CohortLead) -> list[Stint]:
    """Who held it from when to when."""
    if lead.passed_on:
        return stints(queries.history(connection, lead.lead))
    if lead.agent is None or lead.assigned_at is None or lead.policy is None or lead.state == "offered":
        return []
    return [only_stint(lead.agent, lead.assigned_at, lead.attempted_at, lead.closed_at, lead.policy)]
