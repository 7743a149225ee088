"""Moments and days in plain words: one of the team's clock or calendar, or a refusal that says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.cli.times import DAYS, spoken, spoken_day
from leadrouter.domain.calendar import local
from leadrouter.errors import WrongUsage

KL = "Asia/Kuala_Lumpur"
FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""Ten o'clock in Kuala Lumpur."""


def said(text: str, now: datetime = FRIDAY, timezone: str = KL) -> str:
    """The moment on the team's wall clock."""
    return local(spoken(text, now, timezone, "--at"), timezone).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yesterday 15:00", "Thu 19 Nov 15:00"),
        ("Yesterday  3pm", "Thu 19 Nov 15:00"),
        ("today 9am", "Fri 20 Nov 09:00"),
        ("9:30", "Fri 20 Nov 09:30"),
        ("12am", "Fri 20 Nov 00:00"),
        ("yesterday 12pm", "Thu 19 Nov 12:00"),
        ("monday 14:30", "Mon 16 Nov 14:30"),
        ("Mon 2:30 pm", "Mon 16 Nov 14:30"),
        ("saturday 08:00", "Sat 14 Nov 08:00"),
        ("thu 23:59", "Thu 19 Nov 23:59"),
        ("2h ago", "Fri 20 Nov 08:00"),
        ("90 minutes ago", "Fri 20 Nov 08:30"),
        ("1 hour ago", "Fri 20 Nov 09:00"),
        ("3 days ago 9:15", "Tue 17 Nov 09:15"),
        ("2d ago 5pm", "Wed 18 Nov 17:00"),
        ("2 weeks ago 9am", "Fri 06 Nov 09:00"),
    ],
)
def test_a_past_moment_is_read_on_the_teams_clock(text: str, meant: str) -> None:
    assert said(text) == meant


def test_the_days_are_the_teams_and_not_those_of_utc() -> None:
    after_midnight = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # one o'clock on the Friday in Kuala Lumpur
    assert said("yesterday 15:00", after_midnight) == "Thu 19 Nov 15:00"
    assert said("yesterday 15:00", after_midnight, "Europe/London") == "Wed 18 Nov 15:00"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("soon", "is not a moment", id="no moment"),
        pytest.param("foo 15:00", "is not a moment", id="an unknown day"),
        pytest.param("yesterday 25:00", "is not a moment", id="no such hour"),
        pytest.param("yesterday 9:75", "is not a moment", id="no such minute"),
        pytest.param("yesterday 13pm", "is not a moment", id="no such hour of the clock"),
        pytest.param("yesterday 3", "is not a moment", id="morning or afternoon"),
        pytest.param("yesterday 15:00 or so", "is not a moment", id="more words"),
        pytest.param("yesterday", "names no time of the day", id="no time"),
        pytest.param("2 days ago", "names no time of the day", id="so many days ago"),
        pytest.param("friday 09:00", "may be today or a week ago", id="today's weekday"),
        pytest.param("today 15:00", "is still to come", id="later today"),
        pytest.param("10:01", "is still to come", id="a minute from now"),
        pytest.param("tomorrow 9am", "is still to come", id="tomorrow"),
        pytest.param("in 2 days 9am", "is still to come", id="in so many days"),
        pytest.param("2 days 9am", "is not a moment", id="neither ago nor ahead"),
        pytest.param("13/11 10:00", "is not a moment", id="a date by numbers"),
        pytest.param("", "is not a moment", id="nothing"),
    ],
)
def test_what_is_not_plain_or_not_past_is_refused(text: str, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        said(text)


def test_an_hour_that_the_clocks_repeat_or_leave_out_names_no_moment() -> None:
    after = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)  # the day after London set its clocks back
    with pytest.raises(WrongUsage, match="came twice"):
        said("yesterday 01:30", after, "Europe/London")
    assert said("yesterday 00:30", after, "Europe/London") == "Sun 25 Oct 00:30"
    spring = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
    with pytest.raises(WrongUsage, match="did not come"):
        said("yesterday 01:30", spring, "Europe/London")


@given(st.text(max_size=30) | st.from_regex(r"[a-z0-9: ]{1,20}"))
def test_any_text_is_a_past_moment_or_refused(text: str) -> None:
    try:
        moment = spoken(text, FRIDAY, KL, "--at")
    except WrongUsage:
        return
    assert moment <= FRIDAY
    assert moment.tzinfo is not None


@given(st.integers(0, 9999), st.sampled_from(["m", "h"]))
def test_so_long_ago_is_so_long_ago(count: int, unit: str) -> None:
    assert FRIDAY - spoken(f"{count}{unit} ago", FRIDAY, KL, "--at") == timedelta(
        minutes=count * (60 if unit == "h" else 1)
    )


# --- days -----------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 20)


def day(text: str, *, ahead: bool = False, now: datetime = FRIDAY) -> date:
    return spoken_day(text, now, KL, "--from", ahead=ahead)


@pytest.mark.parametrize(
    ("text", "back", "ahead"),
    [
        ("today", 0, 0),
        ("Tomorrow", 1, 1),
        ("yesterday", -1, -1),
        ("monday", -4, 3),
        ("THU", -1, 6),
        ("in 3 days", 3, 3),
        ("in 1d", 1, 1),
        ("in 2  weeks", 14, 14),
        ("3d ago", -3, -3),
        ("2w ago", -14, -14),
    ],
)
def test_a_day_is_read_on_the_teams_calendar(text: str, back: int, ahead: int) -> None:
    """A weekday is the last one where somebody looks back, and the next where something is planned."""
    assert day(text) - TODAY == timedelta(days=back)
    assert day(text, ahead=True) - TODAY == timedelta(days=ahead)


def test_days_are_the_teams_and_not_those_of_utc() -> None:
    assert day("today", now=datetime(2026, 11, 19, 17, 0, tzinfo=UTC)) == TODAY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("soon", "is not a date", id="no day"),
        pytest.param("yesterday 15:00", "is not a date", id="a moment"),
        pytest.param("3 days", "is not a date", id="neither ago nor ahead"),
        pytest.param("in 3 days ago", "is not a date", id="both"),
        pytest.param("2h ago", "is not a date", id="hours"),
        pytest.param("13/11", "is not a date", id="a date by numbers"),
        pytest.param("", "is not a date", id="nothing"),
        pytest.param("friday", "may be today or", id="today's weekday"),
    ],
)
@pytest.mark.parametrize("ahead", [False, True], ids=["back", "ahead"])
def test_what_names_no_single_day_is_refused(text: str, why: str, ahead: bool) -> None:
    with pytest.raises(WrongUsage, match=why):
        day(text, ahead=ahead)


@given(st.text(max_size=30) | st.from_regex(r"[a-z0-9 ]{1,20}"), st.booleans())
def test_any_text_is_a_day_or_refused(text: str, ahead: bool) -> None:
    try:
        day(text, ahead=ahead)
    except WrongUsage:
        return


@given(st.sampled_from(DAYS), st.integers(0, 4000).map(lambda days: FRIDAY + timedelta(days=days)))
def test_a_weekday_is_within_the_week_before_or_the_week_to_come(word: str, now: datetime) -> None:
    today = local(now, KL).date()
    if word == DAYS[today.weekday()]:
        return
    before, following = day(word, now=now), day(word, now=now, ahead=True)
    assert before < today < following == before + timedelta(days=7)
    assert DAYS[before.weekday()] == word


@given(st.sampled_from(["today", "yesterday", "monday", "sun", "3d ago", "2 weeks ago"]))
def test_a_day_means_the_same_with_a_time_and_without(words: str) -> None:
    assert local(spoken(f"{words} 00:00", FRIDAY, KL, "--at"), KL).date() == day(words)
