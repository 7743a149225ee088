"""The plan of the moment: it always says what a fresh look at the calendar would say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.plan import Plan, plan_at, ramped
from leadrouter.domain.policy import RAMP_UP, WEIGHT_UNIT, RampStep, Team
from leadrouter.domain.state import AgentState
from tests.domain.drawn import ZONES, drawn_hours, seeds
from tests.factories import Branch, make_agent, make_policy

BERLIN = "Europe/Berlin"
DAYS = {
    "an hour is skipped": (BERLIN, "2026-03-29"),
    "an hour comes twice": (BERLIN, "2026-10-25"),
    "half an hour is skipped": ("Australia/Lord_Howe", "2026-10-04"),
    "half an hour comes twice": ("Australia/Lord_Howe", "2026-04-05"),
    "midnight is skipped": ("Africa/Cairo", "2026-04-24"),
    "an ordinary day": ("Asia/Kolkata", "2026-06-10"),
}


def a_team_of(seed: int, zone: str, date: str) -> Branch:
    """Three agents with odd hours in odd zones, and absences that begin and end at any second of the day."""
    chance = Random(seed)
    day = datetime.fromisoformat(date).replace(tzinfo=UTC)
    team = [
        make_agent(
            f"a{number}",
            hours=drawn_hours(chance),
            timezone=chance.choice((None, zone, *ZONES)),
            joined=chance.choice((None, date, "2026-03-15", "2026-10-10")),
            left=chance.choice((None, None, date)),
            time_off=chance.choice(((), ((date, date),), (("2026-01-01", date),))),
        )
        for number in range(3)
    ]
    branch = Branch(make_policy(team, team=Team(timezone=zone)), now=day - timedelta(days=1))
    for agent in team:
        begins = day + timedelta(seconds=chance.randrange(26 * 3600))
        ends = begins + timedelta(seconds=chance.randrange(1, 9 * 3600))
        if chance.random() < 0.6:
            branch.away(agent.id, begins.isoformat(), ends.isoformat())
    return branch


def said(plan: Plan) -> object:
    return plan.month, plan.slots


@pytest.mark.parametrize("day", DAYS)
@settings(max_examples=6)
@given(seeds, st.integers(0, 59))
def test_at_every_minute_of_the_day_the_plan_is_what_a_fresh_one_would_be(day: str, seed: int, second: int) -> None:
    zone, date = DAYS[day]
    branch = a_team_of(seed, zone, date)
    desk = branch.desk
    now = datetime.fromisoformat(date).replace(tzinfo=UTC, second=second) - timedelta(hours=11)
    for _ in range(38 * 60):
        now += timedelta(minutes=1)
        plan = desk.plan(now)
        assert plan.since <= now < plan.until
        assert said(plan) == said(plan_at(desk.policy, desk.agents, now)), f"{now} with the plan of {plan.since}"


@settings(max_examples=30)
@given(seeds, st.integers(0, 26 * 3600))
def test_a_plan_holds_until_the_second_before_its_end(seed: int, second: int) -> None:
    branch = a_team_of(seed, *DAYS["an hour comes twice"])
    now = datetime(2026, 10, 24, 20, 0, tzinfo=UTC) + timedelta(seconds=second)
    plan = plan_at(branch.desk.policy, branch.desk.agents, now)
    assert now < plan.until <= now + timedelta(hours=1)
    last = plan.until - timedelta(seconds=1)
    assert said(plan_at(branch.desk.policy, branch.desk.agents, last)) == said(plan)


def test_a_clock_that_is_set_back_gets_a_plan_of_its_own() -> None:
    branch = Branch(make_policy([make_agent("aina", hours=((0, 540, 1080),))]))
    assert branch.desk.slot("aina", branch.now).skip is None
    assert branch.desk.slot("aina", branch.now - timedelta(seconds=1)).skip == "hours"
    assert branch.desk.slot("aina", branch.now).skip is None


@pytest.mark.parametrize(
    ("date", "weight"),
    [
        pytest.param("2026-03-01", 2520, id="the day before joining (nobody deals to them yet)"),
        pytest.param("2026-03-02", 840, id="the first day"),
        pytest.param("2026-03-16", 840, id="day 15"),
        pytest.param("2026-03-17", 1260, id="day 16"),
        pytest.param("2026-03-31", 1260, id="day 30"),
        pytest.param("2026-04-01", 2520, id="day 31"),
        pytest.param("2036-04-01", 2520, id="ten years later"),
    ],
)
def test_a_third_for_fifteen_days_then_a_half_until_day_thirty_then_one(date: str, weight: int) -> None:
    agent = make_agent("aina")
    assert ramped(agent, AgentState("aina", joined="2026-03-02"), date, RAMP_UP) == weight
    assert ramped(agent._replace(joined="2026-03-02"), AgentState("aina"), date, RAMP_UP) == weight
    assert ramped(agent._replace(weight=5040), AgentState("aina", joined="2026-03-02"), date, RAMP_UP) == 2 * weight


@pytest.mark.parametrize(
    ("steps", "weight"),
    [
        pytest.param((), WEIGHT_UNIT, id="no ramp-up"),
        pytest.param((RampStep(1, 1),), 1, id="never less than one part"),
        pytest.param((RampStep(10, 2 * WEIGHT_UNIT),), 2 * WEIGHT_UNIT, id="a flying start"),
    ],
)
def test_the_steps_are_the_policys(steps: tuple[RampStep, ...], weight: int) -> None:
    assert ramped(make_agent("aina", joined="2026-03-02"), AgentState("aina"), "2026-03-02", steps) == weight
    assert ramped(make_agent("aina", weight=1), AgentState("aina", joined="2026-03-02"), "2026-03-02", RAMP_UP) == 1
