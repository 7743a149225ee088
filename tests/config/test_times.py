"""Durations, hours, days, dates and zones, as they may and may not be written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from leadrouter.config import times
from leadrouter.domain.policy import Span

WEEK = range(7)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15m", 900), ("2h", 7200), ("72h", 259_200), ("14d", 1_209_600), ("1 H", 3600), ("3660d", 316_224_000)],
)
def test_a_duration_is_a_number_of_seconds(text: str, seconds: int) -> None:
    assert times.duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        pytest.param("Mon 09:00-18:00", [(0, 540, 1080)], id="one day"),
        pytest.param("Mon-Fri 9:00-18:00", [(d, 540, 1080) for d in range(5)], id="days in a row"),
        pytest.param("sunday 00:00-24:00", [(6, 0, 1440)], id="a whole day, in full"),
        pytest.param("Mon 00:00-00:00", [(0, 0, 1440)], id="midnight to midnight"),
        pytest.param("Mon 20:00-00:00", [(0, 1200, 1440)], id="until midnight"),
        pytest.param("Fri-Mon 10:00-11:00", [(d, 600, 660) for d in (0, 4, 5, 6)], id="around the week's end"),
        pytest.param("Tue 20:00-02:00", [(1, 1200, 1440), (2, 0, 120)], id="past midnight"),
        pytest.param("Sun 20:00-02:00", [(0, 0, 120), (6, 1200, 1440)], id="past midnight into Monday"),
        pytest.param(
            "Mon-Sun 22:00-06:00", [s for d in WEEK for s in ((d, 0, 360), (d, 1320, 1440))], id="every night"
        ),
        pytest.param("Mon 09:00-12:00 13:00-18:00", [(0, 540, 720), (0, 780, 1080)], id="lunch"),
        pytest.param("Sat 10:00-14:00, Mon 09:00-18:00", [(0, 540, 1080), (5, 600, 840)], id="sorted"),
        pytest.param("Mon 09:00-14:00, Mon 12:00-18:00", [(0, 540, 1080)], id="overlap joined"),
        pytest.param("Mon 09:00-12:00, Mon 12:00-18:00", [(0, 540, 1080)], id="one after the other joined"),
        pytest.param("Mon 00:01-23:59", [(0, 1, 1439)], id="to the minute"),
        pytest.param("Mon 09:00-18:00, Mon 10:00-11:00", [(0, 540, 1080)], id="one inside the other"),
        pytest.param("Mon – Tue 09:00 – 10:00", [(0, 540, 600), (1, 540, 600)], id="spaced dashes"),
    ],
)
def test_hours_are_spans_of_one_day_each(text: str, spans: list[Span]) -> None:
    assert times.hours(text) == tuple(spans)


@pytest.mark.parametrize("text", ["always", "Always"])
def test_always_is_no_hours_at_all(text: str) -> None:
    assert times.hours(text) is None


def test_dates_are_inclusive_and_expanded() -> None:
    assert times.date_range("2026-12-20..2026-12-31") == ("2026-12-20", "2026-12-31")
    assert times.date_range("2026-12-20 .. 2026-12-20") == ("2026-12-20", "2026-12-20")
    assert times.date_range("2026-12-25") == ("2026-12-25", "2026-12-25")
    assert times.dates("2027-02-27..2027-03-01") == ("2027-02-27", "2027-02-28", "2027-03-01")
    assert times.dates("2028-02-29") == ("2028-02-29",)
    assert len(times.dates("2028-01-01..2028-12-31")) == 366


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon", (0,)), ("Sunday", (6,)), ("thurs", (3,)), ("mon-fri", (0, 1, 2, 3, 4)), ("sat-mon", (5, 6, 0))],
)
def test_weekdays_count_from_monday(text: str, days: tuple[int, ...]) -> None:
    assert times.weekdays(text) == days


@pytest.mark.parametrize(
    ("text", "name"), [("Asia/Kuala_Lumpur", "Asia/Kuala_Lumpur"), ("europe/madrid", "Europe/Madrid"), ("utc", "UTC")]
)
def test_a_zone_is_known_in_any_case(text: str, name: str) -> None:
    assert times.zone(text) == name


@pytest.mark.parametrize(
    ("read", "text", "part"),
    [
        (times.duration, "15", "write minutes, hours, days or years"),
        (times.duration, "1.5h", "is not a duration"),
        (times.duration, "-2h", "is not a duration"),
        (times.duration, "2 weeks", "is not a duration"),
        (times.duration, "١٥m", "is not a duration"),
        (times.duration, "0m", "out of range"),
        (times.duration, "3661d", "out of range"),
        (times.iso_date, "2026-02-30", "'2026-02-30' is not a date in the calendar"),
        (times.iso_date, "0000-01-01", "is not a date in the calendar"),
        (times.iso_date, "20260301", "write year-month-day"),
        (times.iso_date, "2026-W10-1", "write year-month-day"),
        (times.iso_date, "01/03/2026", "write year-month-day"),
        (times.date_range, "2026-12-31..2026-12-20", "ends before it begins"),
        (times.date_range, "2026-12-31..", "'' is not a date"),
        (times.dates, "2026-01-01..2027-01-02", "is 367 days long; the longest range here is 366 days"),
        (times.hours, "09:00-18:00", "is not days and hours"),
        (times.hours, "Mon", "is not days and hours"),
        (times.hours, "Mon 09:00-10:00,", "is not days and hours"),
        (times.hours, "Mun 09:00-10:00", "'Mun' is not a weekday"),
        (times.hours, "Mo 09:00-10:00", "is not a weekday"),
        (times.hours, "Mon-Fri-Sat 09:00-10:00", "is not a weekday"),
        (times.hours, "Mon 9am-5pm", "'9am-5pm' is not a stretch of time"),
        (times.hours, "Mon 09:00", "'09:00' is not a stretch of time"),
        (times.hours, "Mon 09:60-10:00", "is not a stretch of time"),
        (times.hours, "Mon 09:00-24:01", "is not a stretch of time"),
        (times.hours, "Mon 24:00-02:00", "write 00:00 for the start of a day"),
        (times.hours, "Mon 09:00-09:00", "the whole day is 00:00-24:00"),
        (times.zone, "Asia/Kuala_Lumpor", "Did you mean 'Asia/Kuala_Lumpur'?"),
        (times.zone, "kuala lumpur", "Did you mean 'Asia/Kuala_Lumpur'?"),
        (times.zone, "../etc/passwd", "unknown time zone '../etc/passwd'"),
        (times.zone, "America", "unknown time zone 'America'"),
        (times.zone, "?", "write a name such as"),
    ],
)
def test_what_cannot_be_read_says_the_text_at_fault_and_the_way_out(
    read: Callable[[str], Any], text: str, part: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(part)):
        read(text)
