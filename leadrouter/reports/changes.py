"""What changed since the month before: the same figures of both, counted up to the same day of the month.

A running month is compared with as much of the month before as had passed by then; shares and medians, which do not
grow with the days, with all of it.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from leadrouter.domain.months import Period
from leadrouter.reports.cohort import Cohort
from leadrouter.reports.figures import divided, rounded
from leadrouter.reports.money import closings
from leadrouter.reports.response import Response
from leadrouter.store import monthly
from leadrouter.store.monthly import CohortLead

COUNTED = {"declined": ("declined", "expired"), "reclaimed": ("reclaimed",), "escalated": ("escalated",),
           "complaints": ("complained",)}  # fmt: skip
"""Figures that are numbers of events."""


class Side:
    """One of the two months: its leads, first contacts, and how far it is counted."""

    def __init__(self, cohort: Cohort, response: Response, until: str) -> None:
        self.cohort = cohort
        self.response = response
        self.until = min(until, cohort.period.end)
        self.leads = [lead for lead in cohort.leads if lead.received_at < until]
        self.counted = [lead for lead in self.leads if lead.state != "void"]
        self.stage = until

    def won(self, lead: CohortLead) -> bool:
        """Whether it had been won at this stage."""
        return lead.state == "won" and (lead.closed_at is None or lead.closed_at < self.stage)

    def by_source(self) -> dict[str | None, tuple[int, int]]:
        """Source -> leads, and those won at this stage."""
        found: dict[str | None, tuple[int, int]] = {}
        for lead in self.counted:
            leads, won = found.get(lead.source, (0, 0))
            found[lead.source] = (leads + 1, won + self.won(lead))
        return found

    def figures(self, connection: sqlite3.Connection) -> dict[str, float | None]:
        """The figures compared."""
        period = Period(self.cohort.period.start, self.until)
        closed = closings(monthly.closed(connection, period))
        kept, settled = self.response.in_time()
        hot = next((line for line in self.response.by_quality() if line["quality"] == "hot"), {})
        scores = [lead for lead in self.counted if self.won(lead)]
        return {
            "received": len(self.leads),
            "conversion": rounded(divided(len(scores), len(self.counted)), 4),
            "won": closed["won"],
            "value": closed["value"],
            "void": closed["void"],
            "in_time": rounded(divided(kept, settled), 4),
            "hot_minutes": hot.get("median_minutes"),
            **{name: monthly.how_many(connection, kinds, period) for name, kinds in COUNTED.items()},
        }


def changes(connection: sqlite3.Connection, now: Side, before: Side) -> list[dict[str, Any]]:
    """Every figure of this month beside that of the month before."""
    this, last = now.figures(connection), before.figures(connection)
    return [{"what": what, "before": last[what], "now": value} for what, value in this.items()]
