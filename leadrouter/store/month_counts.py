"""What is counted of a period in SQL, without reading its leads one by one: the month before, in a monthly report.

Only leads that one agent had alone can be counted so; those that were passed on are read with `monthly.cohort`. The
same through an index as there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from leadrouter.domain.months import Period
from leadrouter.store.monthly import PASSED_ON, RECEIVED
from leadrouter.store.policies import DEALT_UNDER


class LikeLeads(NamedTuple):
    """So many leads of a period that are alike, none of them passed on: how many, how many void and won; then the same
    of those that had come in by an earlier moment, as they stood then."""

    source: str | None
    quality: str
    panel: int
    reason: str | None
    held: bool
    leads: int
    void: int
    won: int
    leads_then: int
    void_then: int
    won_then: int


def like_leads(connection: sqlite3.Connection, period: Period, then: str) -> list[LikeLeads]:
    """The leads of a period that were not passed on, counted by kind and by what dealt them."""
    rows = connection.execute(
        "SELECT source, quality, turn_panel, reason, agent IS NOT NULL, count(*), sum(state = 'void'), "
        "sum(state = 'won'), sum(received_at < ?3), sum(received_at < ?3 AND state = 'void'), "
        "sum(received_at < ?3 AND state = 'won' AND coalesce(closed_at < ?3, 1)) "
        f"{RECEIVED} AND NOT {PASSED_ON} GROUP BY 1, 2, 3, 4, 5",
        (*period, then),
    )
    return [LikeLeads(*row) for row in rows]


class PromisesKept(NamedTuple):
    """How many first contacts an agent had promised for leads of one quality, as far as they are settled, and kept."""

    agent: str
    quality: str
    settled: int
    kept: int


_HELD_ONCE = (
    f"{RECEIVED} AND NOT {PASSED_ON} AND agent IS NOT NULL AND assigned_at IS NOT NULL "
    "AND state NOT IN ('void', 'offered') AND reason IS NOT 'past'"
)
_TOOK = "max(0, unixepoch(attempted_at) - unixepoch(assigned_at))"  # before they got it: a clock was set back


def dealt_under(connection: sqlite3.Connection, period: Period) -> list[int]:
    """The policy versions under which the leads of a period were dealt that one agent had."""
    return [row[0] for row in connection.execute(f"SELECT DISTINCT {DEALT_UNDER} {_HELD_ONCE} ORDER BY 1", period)]


def promises(
    connection: sqlite3.Connection, period: Period, seconds: Mapping[int, Mapping[str, int]], now: str
) -> list[PromisesKept]:
    """The promises of a period's leads that one agent had, on clocks that always run; see `domain.response`.

    `seconds` by policy version and quality. A promise is settled once there was an attempt in time, or its time is
    over.
    """
    rows = connection.execute(
        "WITH promise AS MATERIALIZED (SELECT CAST(version.key AS INTEGER) AS policy, given.key AS quality, "
        "given.value AS promised FROM json_each(?4) AS version, json_each(version.value) AS given) "
        "SELECT agent, quality, sum(took <= promised OR until > promised), sum(coalesce(took <= promised, 0)) FROM "
        f"(SELECT agent, quality, {DEALT_UNDER} AS policy, {_TOOK} AS took, "
        f"unixepoch(coalesce(attempted_at, closed_at, ?3)) - unixepoch(assigned_at) AS until {_HELD_ONCE}) "
        "CROSS JOIN promise USING (policy, quality) GROUP BY 1, 2",  # CROSS: the leads first, each once
        (*period, now, json.dumps(seconds)),
    )
    return [PromisesKept(agent, quality, settled or 0, kept) for agent, quality, settled, kept in rows]


def hot_minutes(connection: sqlite3.Connection, period: Period) -> list[float]:
    """Minutes to the first attempt for the hot leads of a period that one agent had."""
    rows = connection.execute(
        f"SELECT ({_TOOK}) / 60.0 {_HELD_ONCE} AND quality = 'hot' AND attempted_at IS NOT NULL", period
    )
    return [row[0] for row in rows]
