"""The month before is read as counts; those are what reading its leads one by one gives, whatever happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadrouter.domain.events import iso
from leadrouter.domain.months import month_period
from leadrouter.reports.changes import Counts, Side, month_before, this_month
from leadrouter.reports.cohort import Cohort
from leadrouter.reports.response import Response
from tests.reports.story import POLICY
from tests.usecases.house import House

ZONE = POLICY.team.timezone


@pytest.mark.parametrize("month", ["2026-05", "2026-08", "2026-09", "2026-10", "2026-11"])
def test_counting_gives_what_reading_lead_by_lead_gives(month: str, house: House) -> None:
    period = month_period(month, ZONE)
    cohort = Cohort(house.connection, period, POLICY)
    one_by_one = this_month(cohort, Response(house.connection, cohort.leads, POLICY, house.now))
    counted = month_before(house.connection, POLICY, period, iso(house.now + timedelta(days=99)), house.now)
    assert plain(counted) == plain(one_by_one)


def plain(side: Side) -> dict[str, Any]:
    return {
        "received": side.received,
        "kinds": {kind: counts for kind, counts in side.kinds.items() if counts != Counts()},
        "by_source": {source: counts for source, counts in side.by_source.items() if counts != Counts()},
        "promises": dict(side.promises),
        "hot_minutes": [round(minutes, 6) for minutes in sorted(side.hot_minutes)],
    }


@pytest.mark.parametrize("days", [0, 3, 12, 30, 31, 45])
def test_at_an_earlier_stage_only_what_had_come_and_was_won_by_then_counts(days: int, house: House) -> None:
    period = month_period("2026-09", ZONE)
    stage = datetime(2026, 8, 31, 16, tzinfo=UTC) + timedelta(days=days)
    side = month_before(house.connection, POLICY, period, iso(stage), house.now)
    leads = Cohort(house.connection, period, POLICY).leads
    by_then = [lead for lead in leads if lead.received_at < iso(stage)]
    counted = [lead for lead in by_then if lead.state != "void"]
    won = [lead for lead in counted if lead.state == "won" and (lead.closed_at or "") < iso(stage)]
    assert side.received == len(by_then)
    assert sum(side.by_source.values(), Counts()) == Counts(len(counted), len(won))
    assert side.period.end == min(iso(stage), period.end)


def test_a_clock_that_stops_at_night_is_asked_lead_by_lead(by_hours: House) -> None:
    connection, period = by_hours.connection, month_period("2026-09", ZONE)
    cohort = Cohort(connection, period, POLICY)
    one_by_one = this_month(cohort, Response(connection, cohort.leads, POLICY, by_hours.now))
    stage = iso(by_hours.now + timedelta(days=99))
    assert plain(month_before(connection, POLICY, period, stage, by_hours.now)) == plain(one_by_one)
