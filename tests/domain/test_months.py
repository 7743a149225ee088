"""Months on the team's wall clock: their UTC ends, years that turn, clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.months import (
    Period,
    dates_period,
    month_after,
    month_before,
    month_period,
    months_until,
    same_stage,
)

MONTHS = st.builds(lambda year, month: f"{year:04}-{month:02}", st.integers(1971, 8999), st.integers(1, 12))


def hours(period: Period) -> float:
    start, end = (datetime.fromisoformat(text) for text in period)
    return (end - start) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("month", "zone", "expected"),
    [
        pytest.param("2026-11", "UTC", ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"), id="UTC"),
        pytest.param("2026-12", "Asia/Kuala_Lumpur", ("2026-11-30T16:00:00Z", "2026-12-31T16:00:00Z"), id="year's end"),
        pytest.param(
            "2026-03", "Europe/Berlin", ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"), id="clocks go forward"
        ),
        pytest.param(
            "2026-11", "America/New_York", ("2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"), id="clocks go back"
        ),
    ],
)
def test_a_month_begins_and_ends_at_the_teams_midnight(month: str, zone: str, expected: Period) -> None:
    assert month_period(month, zone) == expected


def test_a_month_in_which_the_clocks_change_is_an_hour_shorter_or_longer() -> None:
    assert hours(month_period("2026-03", "Europe/Berlin")) == 31 * 24 - 1
    assert hours(month_period("2026-10", "Europe/Berlin")) == 31 * 24 + 1


@given(MONTHS)
def test_months_follow_each_other_without_gap_or_overlap(month: str) -> None:
    assert month_before(month_after(month)) == month
    zone = "Europe/Berlin"
    assert month_period(month, zone).end == month_period(month_after(month), zone).start


def test_a_year_back_from_a_month_holds_twelve() -> None:
    assert months_until("2026-02", 12) == [
        "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12",
        "2026-01", "2026-02",
    ]  # fmt: skip


def test_a_range_of_dates_includes_both() -> None:
    assert dates_period("2026-03-29", "2026-03-29", "Europe/Berlin") == ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")


def test_the_month_before_is_looked_at_when_it_was_as_old() -> None:
    assert same_stage("2026-11", datetime(2026, 11, 12, 15, tzinfo=UTC), "UTC") == "2026-10-12T15:00:00Z"
    assert same_stage("2026-03", datetime(2026, 3, 31, tzinfo=UTC), "UTC") == "2026-03-03T00:00:00Z"
