"""Wall clocks: dates and hours in every zone, and the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain import calendar
from leadrouter.domain.policy import Span
from tests.domain.drawn import ZONES

BERLIN = "Europe/Berlin"
OFFICE: tuple[Span, ...] = tuple((day, 540, 1080) for day in range(5))

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 - made aware at once
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
)
spans = st.tuples(st.integers(0, 6), st.integers(0, 1380), st.integers(1, 60)).map(
    lambda span: (span[0], span[1], span[1] + span[2])
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "date", "clock"),
    [
        pytest.param("2026-03-02T15:59:59Z", "Asia/Kuala_Lumpur", "2026-03-02", "23:59", id="just before midnight"),
        pytest.param("2026-03-02T16:00:00Z", "Asia/Kuala_Lumpur", "2026-03-03", "00:00", id="midnight"),
        pytest.param("2026-03-02T18:29:00Z", "Asia/Kolkata", "2026-03-02", "23:59", id="a zone half an hour off"),
        pytest.param("2026-03-02T18:30:00Z", "Asia/Kolkata", "2026-03-03", "00:00", id="its midnight"),
        pytest.param("2026-03-02T18:15:00Z", "Asia/Kathmandu", "2026-03-03", "00:00", id="three quarters off"),
        pytest.param("2026-03-02T07:59:00Z", "America/Los_Angeles", "2026-03-01", "23:59", id="behind UTC"),
        pytest.param("2026-03-29T00:59:59Z", BERLIN, "2026-03-29", "01:59", id="before the skipped hour"),
        pytest.param("2026-03-29T01:00:00Z", BERLIN, "2026-03-29", "03:00", id="after the skipped hour"),
        pytest.param("2026-10-25T00:30:00Z", BERLIN, "2026-10-25", "02:30", id="the hour that comes twice"),
        pytest.param("2026-10-25T01:30:00Z", BERLIN, "2026-10-25", "02:30", id="the same hour again"),
        pytest.param("2026-12-31T23:30:00Z", BERLIN, "2027-01-01", "00:30", id="a new year"),
    ],
)
def test_a_moment_has_a_date_and_a_clock_in_each_zone(moment: str, zone: str, date: str, clock: str) -> None:
    assert calendar.local_date(at(moment), zone) == date
    assert calendar.local(at(moment), zone).strftime("%H:%M") == clock
    assert calendar.month_of(at(moment), zone) == date[:7]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param("2026-03-02T08:59:59+01:00", False, id="one second before opening"),
        pytest.param("2026-03-02T09:00:00+01:00", True, id="opening"),
        pytest.param("2026-03-02T17:59:59+01:00", True, id="the last second"),
        pytest.param("2026-03-02T18:00:00+01:00", False, id="closing"),
        pytest.param("2026-03-07T12:00:00+01:00", False, id="Saturday"),
        pytest.param("2026-03-27T08:00:00Z", True, id="nine o'clock in winter"),
        pytest.param("2026-03-30T07:00:00Z", True, id="nine o'clock in summer"),
        pytest.param("2026-03-30T16:00:00Z", False, id="six o'clock in summer"),
    ],
)
def test_hours_are_read_on_the_wall_clock(moment: str, is_open: bool) -> None:
    assert calendar.is_open(OFFICE, calendar.local(at(moment), BERLIN)) is is_open


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        pytest.param(None, True, id="no hours: always"),
        pytest.param((), False, id="no span at all: never"),
        pytest.param(((0, 0, 540), (0, 541, 1440)), False, id="between two spans"),
        pytest.param(((0, 540, 541),), True, id="a single minute"),
        pytest.param(((1, 0, 1440),), False, id="another day"),
    ],
)
def test_no_hours_is_always_open(hours: tuple[Span, ...] | None, is_open: bool) -> None:
    assert calendar.is_open(hours, datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) is is_open


@pytest.mark.parametrize(
    ("date", "zone", "begins"),
    [
        pytest.param("2026-03-02", "UTC", "2026-03-02T00:00:00Z", id="UTC"),
        pytest.param("2026-03-02", "Asia/Kuala_Lumpur", "2026-03-01T16:00:00Z", id="ahead"),
        pytest.param("2026-03-02", "America/Los_Angeles", "2026-03-02T08:00:00Z", id="behind"),
        pytest.param("2026-03-29", BERLIN, "2026-03-28T23:00:00Z", id="a day of 23 hours"),
        pytest.param("2026-03-30", BERLIN, "2026-03-29T22:00:00Z", id="the day after it"),
        pytest.param("2026-10-25", BERLIN, "2026-10-24T22:00:00Z", id="a day of 25 hours"),
        pytest.param("2026-10-26", BERLIN, "2026-10-25T23:00:00Z", id="the day after that"),
        pytest.param("2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00Z", id="midnight is skipped"),
        pytest.param("2026-11-01", "America/Havana", "2026-11-01T04:00:00Z", id="midnight comes twice"),
    ],
)
def test_a_date_begins_at_local_midnight(date: str, zone: str, begins: str) -> None:
    start = calendar.start_of(date, zone)
    assert start == at(begins)
    assert calendar.local_date(start, zone) == date
    assert calendar.local_date(start - timedelta(seconds=1), zone) < date


@pytest.mark.parametrize(
    ("date", "after"),
    [("2026-02-28", "2026-03-01"), ("2028-02-28", "2028-02-29"), ("2026-12-31", "2027-01-01")],
)
def test_the_day_after_is_the_next_in_the_calendar(date: str, after: str) -> None:
    assert calendar.day_after(date) == after
    assert calendar.days_between(date, after) == 1


@settings(max_examples=60)
@given(moments, st.sampled_from(ZONES), st.lists(spans, max_size=6))
def test_between_two_boundaries_the_answer_does_not_change(now: datetime, zone: str, hours: list[Span]) -> None:
    there = calendar.local(now, zone)
    edges = sorted(calendar.boundaries(hours, there))
    assert edges, "the end of the day is always one"
    assert all(edge > now for edge in edges)
    midnight = calendar.start_of(calendar.day_after(there.date().isoformat()), zone)
    answer, moment = calendar.is_open(hours, there), now
    while moment < min(midnight, now + timedelta(hours=26)):
        moment += timedelta(minutes=1)
        moment = moment.replace(second=0)
        fresh = calendar.is_open(hours, calendar.local(moment, zone))
        skipped_hour = calendar.local(moment, zone).utcoffset() != there.utcoffset()
        assert fresh == answer or moment in edges or skipped_hour
        answer = fresh


def test_a_moment_for_people_is_the_teams_and_names_the_year_where_it_is_another() -> None:
    newly, now = at("2026-12-31T23:30+00:00"), at("2026-12-31T12:00+00:00")
    assert calendar.wall_clock(newly, BERLIN) == "Fri 01 Jan 00:30"
    assert calendar.wall_clock(newly, BERLIN, now) == "Fri 01 Jan 2027 00:30"
    assert calendar.wall_clock(newly, "UTC", now) == "Thu 31 Dec 23:30"
