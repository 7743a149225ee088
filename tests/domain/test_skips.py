"""Every reason for being skipped, one second before it applies and when it does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from leadrouter.domain.policy import Team
from leadrouter.domain.promises import Offline, Sla
from leadrouter.domain.skips import REASONS, overloaded, wrong_for
from leadrouter.domain.state import AgentState
from tests.factories import START, Branch, make_agent, make_case, make_policy

OFFICE = tuple((day, 540, 1080) for day in range(5))


def standing(
    at: str, zone: str = "UTC", absence: tuple[str, str | None] | None = None, offline: bool = False, **fields: Any
) -> str | None:
    """Why an agent with these fields is skipped at that moment, or None."""
    sla = Sla(offline=Offline())
    policy = make_policy([make_agent(**fields)], team=Team(timezone=zone), sla=sla)
    branch = Branch(policy, now=datetime.fromisoformat(at))
    if absence is not None:
        branch.away("aina", *absence)
    if offline:
        branch.record("taken_offline", agent="aina", misses=3)
    return branch.desk.standing("aina", branch.now)


@pytest.mark.parametrize(
    ("fields", "before", "at", "reason"),
    [
        pytest.param({"left": "2026-03-05"}, "2026-03-04T23:59:59Z", "2026-03-05T00:00:00Z", "left", id="leaves"),
        pytest.param({"joined": "2026-03-06"}, "2026-03-06T00:00:00Z", "2026-03-05T23:59:59Z", "not_joined", id="new"),
        pytest.param(
            {"time_off": (("2026-03-05", "2026-03-06"),)},
            "2026-03-04T23:59:59Z", "2026-03-05T00:00:00Z", "time_off", id="time off begins",
        ),
        pytest.param(
            {"time_off": (("2026-03-05", "2026-03-06"),)},
            "2026-03-07T00:00:00Z", "2026-03-06T23:59:59Z", "time_off", id="time off ends, its last day included",
        ),
        pytest.param(
            {"absence": ("2026-03-05T10:00:00Z", "2026-03-05T12:00:00Z")},
            "2026-03-05T09:59:59Z", "2026-03-05T10:00:00Z", "time_off", id="an absence begins",
        ),
        pytest.param(
            {"absence": ("2026-03-05T10:00:00Z", "2026-03-05T12:00:00Z")},
            "2026-03-05T12:00:00Z", "2026-03-05T11:59:59Z", "time_off", id="an absence ends",
        ),
        pytest.param(
            {"absence": ("2026-03-05T10:00:00Z", None)},
            "2026-03-05T09:59:59Z", "2026-03-05T10:00:00Z", "paused", id="a pause begins",
        ),
        pytest.param(
            {"hours": OFFICE}, "2026-03-05T17:59:59Z", "2026-03-05T18:00:00Z", "hours", id="the office closes",
        ),
        pytest.param({"hours": OFFICE}, "2026-03-05T09:00:00Z", "2026-03-05T08:59:59Z", "hours", id="the office opens"),
        pytest.param(
            {"hours": OFFICE, "timezone": "Asia/Kolkata"},
            "2026-03-05T03:30:00Z", "2026-03-05T03:29:59Z", "hours", id="hours are those of the agent's own zone",
        ),
        pytest.param(
            {"left": "2026-03-05", "zone": "Asia/Kuala_Lumpur", "timezone": "America/Los_Angeles"},
            "2026-03-04T15:59:59Z", "2026-03-04T16:00:00Z", "left", id="dates are those of the team's zone",
        ),
    ],
)  # fmt: skip
def test_a_skip_begins_and_ends_to_the_second(fields: dict[str, Any], before: str, at: str, reason: str) -> None:
    assert standing(before, **fields) is None
    assert standing(at, **fields) == reason


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        pytest.param("Asia/Kuala_Lumpur", "2026-03-04T16:00:00Z", "2026-03-05T15:59:59Z", id="Kuala Lumpur"),
        pytest.param("America/Los_Angeles", "2026-03-05T08:00:00Z", "2026-03-06T07:59:59Z", id="Los Angeles"),
        pytest.param("Europe/Berlin", "2026-03-04T23:00:00Z", "2026-03-05T22:59:59Z", id="Berlin"),
    ],
)
def test_one_day_off_is_that_day_of_the_team_from_its_first_to_its_last_second(
    zone: str, first: str, last: str
) -> None:
    day_off: dict[str, Any] = {"zone": zone, "time_off": (("2026-03-05", "2026-03-05"),)}
    begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
    second = timedelta(seconds=1)
    assert standing((begins - second).isoformat(), **day_off) is None
    assert standing(begins.isoformat(), **day_off) == "time_off"
    assert standing(ends.isoformat(), **day_off) == "time_off"
    assert standing((ends + second).isoformat(), **day_off) is None


# --- what leads bring about -----------------------------------------------------------------------------------


def test_an_agent_is_at_capacity_with_fifteen_open_leads_by_default() -> None:
    branch = Branch(make_policy([make_agent("aina")]))
    assert branch.deal(15) == ["aina"] * 15
    assert branch.desk.standing("aina", branch.now) == "capacity"
    assert branch.deal(1) == [None]
    branch.close(7)
    assert branch.desk.standing("aina", branch.now) is None
    assert branch.deal(2) == ["aina", None]


@pytest.mark.parametrize("how", ["won", "lost", "voided"])
def test_every_way_of_closing_a_lead_makes_room(how: str) -> None:
    branch = Branch(make_policy([make_agent("aina", capacity=1)]))
    assert branch.deal(2) == ["aina", None]
    branch.close(1, how)
    assert branch.deal(1) == ["aina"]
    branch.reopen(1)
    assert branch.deal(1) == [None]


def test_a_limit_for_the_day_ends_with_the_agents_own_day() -> None:
    branch = Branch(make_policy([make_agent("aina", per_day=2, timezone="Asia/Kolkata")]))
    branch.now = START.replace(hour=18, minute=29, second=59)
    assert branch.deal(3) == ["aina", "aina", None]
    assert branch.desk.standing("aina", branch.now) == "daily_limit"
    branch.wait(seconds=1)  # 00:00 in Kolkata
    assert branch.deal(3) == ["aina", "aina", None]


def test_a_limit_for_the_hour_ends_with_the_agents_own_hour() -> None:
    branch = Branch(make_policy([make_agent("aina", per_hour=1, timezone="Asia/Kolkata")]))
    branch.now = START.replace(minute=29, second=59)
    assert branch.deal(2) == ["aina", None]
    assert branch.desk.standing("aina", branch.now) == "hourly_limit"
    branch.wait(seconds=1)
    assert branch.deal(2) == ["aina", None]
    branch.wait(minutes=59, seconds=59)
    assert branch.deal(1) == [None]


def test_a_closed_lead_does_not_give_a_limit_back() -> None:
    branch = Branch(make_policy([make_agent("aina", per_day=1)]))
    branch.deal(1)
    branch.close(1, "voided")
    assert branch.deal(1) == [None]


def test_a_lead_that_came_by_hand_counts_too() -> None:
    branch = Branch(make_policy([make_agent("aina", per_day=1, capacity=1), make_agent("bala")]))
    branch.transfer(branch.receive().lead, "aina")
    assert branch.desk.standing("aina", branch.now) == "capacity"
    branch.close(1)
    assert branch.desk.standing("aina", branch.now) == "daily_limit"


# --- which reason is given ------------------------------------------------------------------------------------


EVERY_REASON: list[tuple[str, dict[str, Any]]] = [
    ("left", {"left": "2026-03-01"}),
    ("not_joined", {"joined": "2026-04-01"}),
    ("time_off", {"time_off": (("2026-03-01", "2026-03-09"),)}),
    ("paused", {"absence": ("2026-03-01T00:00:00Z", None)}),
    ("offline", {"offline": True}),
    ("hours", {"hours": ()}),
    ("capacity", {"capacity": 0}),
]


@pytest.mark.parametrize("number", range(len(EVERY_REASON)), ids=[reason for reason, _ in EVERY_REASON])
def test_of_several_reasons_the_first_of_the_list_is_given(number: int) -> None:
    fields = {key: value for _, part in EVERY_REASON[number:] for key, value in part.items()}
    assert standing("2026-03-05T12:00:00Z", **fields) == EVERY_REASON[number][0]
    assert list(REASONS)[number] == EVERY_REASON[number][0]


@pytest.mark.parametrize(
    ("fields", "day", "reason"),
    [
        pytest.param({"capacity": 3, "per_day": 3, "per_hour": 3}, "today", "capacity", id="capacity first"),
        pytest.param({"per_day": 3, "per_hour": 3}, "today", "daily_limit", id="then the day"),
        pytest.param({"per_hour": 3}, "today", "hourly_limit", id="then the hour"),
        pytest.param({"capacity": 4, "per_day": 4, "per_hour": 4}, "today", None, id="one is still free"),
        pytest.param({"per_day": 3, "per_hour": 3}, "tomorrow", None, id="another day, another hour"),
    ],
)
def test_a_load_is_measured_against_capacity_day_and_hour(fields: dict[str, Any], day: str, reason: str | None) -> None:
    state = AgentState("aina", open=3, day="today", day_count=3, hour="today", hour_count=3)
    assert overloaded(make_agent(**fields), state, day, day) == reason


def test_whoever_held_a_lead_is_wrong_for_that_lead_alone() -> None:
    case = make_case(make_policy(1), excluded=("aina",))
    assert wrong_for(case, make_agent("aina"), None) == "past_holder"
    assert wrong_for(case, make_agent("bala"), None) is None


def test_an_agent_who_left_and_came_back_is_there_again() -> None:
    branch = Branch(make_policy(2))
    branch.leave("a01")
    assert branch.deal(2) == ["a02", "a02"]
    branch.record("agent_joined", agent="a01", joined="2026-03-02")
    assert branch.desk.standing("a01", branch.now) is None
