"""What falls due when: every clock one second before it strikes and when it does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.deadlines import REASONS, Step, clocks, due, next_due, restart_if_past
from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import DAY, HOUR, Reclaim
from leadrouter.domain.state import STATES, LeadState
from tests.factories import START, make_policy

SECOND = timedelta(seconds=1)
DEFAULT = make_policy(1)
NO_CLOCKS = Reclaim(no_contact=None, no_conversion=None)


def held(state: str = "assigned", **fields: Any) -> LeadState:
    """A lead that aina has held since START."""
    since: dict[str, Any] = {"agent": "aina", "assigned_at": START, "clock_at": START}
    return LeadState(1, state, **(since | fields))


def reached(after: timedelta = timedelta(0)) -> LeadState:
    """The same, and the person was reached some time after."""
    at = START + after
    return held("contacted", attempts=1, attempted_at=at, reached_at=at, clock_at=at)


@pytest.mark.parametrize(
    ("lead", "after", "reason"),
    [
        pytest.param(held(), timedelta(hours=72), "no_contact", id="no attempt for 72 hours"),
        pytest.param(reached(), timedelta(days=14), "no_conversion", id="reached, no sale for 14 days"),
        pytest.param(
            reached(timedelta(days=3)), timedelta(days=17), "no_conversion", id="from reaching, not receiving"
        ),
        pytest.param(held(holder_left_at=START), timedelta(0), "agent_left", id="the agent has left"),
        pytest.param(held(resting=True, holder_left_at=START), timedelta(0), "agent_left", id="left, though resting"),
    ],
)
def test_a_clock_strikes_to_the_second(lead: LeadState, after: timedelta, reason: str) -> None:
    at = START + after
    assert next_due(lead, DEFAULT) == at
    assert due(lead, DEFAULT, at - SECOND) is None
    assert due(lead, DEFAULT, at) == Step(at, "reclaim", reason)
    assert due(lead, DEFAULT, at + timedelta(days=900)) == Step(at, "reclaim", reason)


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param(held(attempts=1, attempted_at=START), id="an attempt was made and nobody reached"),
        pytest.param(held(resting=True), id="it rests with the leader"),
        pytest.param(held("contacted", resting=True, reached_at=START, attempts=1), id="resting and reached"),
        pytest.param(LeadState(1, "pooled", clock_at=START, resting=True), id="at rest in the pool"),
        pytest.param(held("appointment", reached_at=START, attempts=1), id="an appointment ends the conversion clock"),
        *(
            pytest.param(held(state), id=state)
            for state in ("received", "incubating", "offered", "won", "lost", "void")
        ),
    ],
)
def test_no_clock_runs(lead: LeadState) -> None:
    assert next_due(lead, DEFAULT) is None
    assert due(lead, DEFAULT, START + timedelta(days=9000)) is None


def test_a_lead_nobody_could_take_is_tried_again_at_each_sweep() -> None:
    lead = LeadState(1, "unassigned", clock_at=START)
    assert due(lead, DEFAULT, START) == Step(START, "retry", "unassigned")
    assert next_due(lead, DEFAULT) == START


@pytest.mark.parametrize(
    ("reclaim", "lead"),
    [
        pytest.param(Reclaim(no_contact=None), held(), id="no_contact: off"),
        pytest.param(Reclaim(no_conversion=None), reached(), id="no_conversion: off"),
    ],
)
def test_a_clock_can_be_switched_off(reclaim: Reclaim, lead: LeadState) -> None:
    assert next_due(lead, make_policy(1, reclaim=reclaim)) is None


def test_the_strongest_of_several_overdue_steps_is_taken() -> None:
    lead = held(holder_left_at=START + timedelta(days=4))
    late = START + timedelta(days=5)
    assert next_due(lead, DEFAULT) == START + timedelta(days=3)
    assert due(lead, DEFAULT, late) == Step(START + timedelta(days=4), "reclaim", "agent_left")
    assert due(lead, DEFAULT, START + timedelta(days=3)) == Step(START + timedelta(days=3), "reclaim", "no_contact")


def test_every_reason_is_explained() -> None:
    waiting = [LeadState(1, state, clock_at=START) for state in ("unassigned", "held", "pooled")]
    leads = [held(), reached(), held(holder_left_at=START), *waiting]
    assert {step.reason for lead in leads for step in clocks(lead, DEFAULT)} == set(REASONS)


# --- a policy that changes a clock ----------------------------------------------------------------------------


def policy(no_contact: int | None = 72 * HOUR, no_conversion: int | None = 14 * DAY) -> Policy:
    return make_policy(1, reclaim=Reclaim(no_contact, no_conversion))


@pytest.mark.parametrize(
    ("before", "after", "age", "restarts"),
    [
        pytest.param(policy(), policy(no_contact=HOUR), timedelta(hours=2), True, id="shorter, and past already"),
        pytest.param(policy(), policy(no_contact=HOUR), timedelta(hours=1), True, id="shorter, and due right now"),
        pytest.param(policy(), policy(no_contact=HOUR), timedelta(minutes=59), False, id="shorter, still ahead"),
        pytest.param(policy(), policy(no_contact=HOUR), timedelta(hours=73), False, id="shorter, was due before"),
        pytest.param(policy(), policy(no_contact=HOUR), timedelta(hours=72), False, id="shorter, was due right now"),
        pytest.param(policy(), policy(no_contact=None), timedelta(hours=73), False, id="switched off"),
        pytest.param(policy(no_contact=None), policy(), timedelta(hours=73), True, id="switched on, and past"),
        pytest.param(policy(no_contact=None), policy(), timedelta(hours=71), False, id="switched on, still ahead"),
        pytest.param(policy(), policy(no_contact=90 * HOUR), timedelta(hours=73), False, id="longer"),
        pytest.param(policy(), policy(no_conversion=HOUR), timedelta(hours=2), False, id="another clock"),
        pytest.param(policy(), policy(), timedelta(hours=80), False, id="the same"),
    ],
)
def test_a_clock_that_a_new_policy_would_have_past_starts_again(
    before: Policy, after: Policy, age: timedelta, restarts: bool
) -> None:
    lead, now = held(), START + age
    restart_if_past(lead, before, after, now)
    assert lead.clock_at == (now if restarts else START)
    if restarts:
        fresh = next_due(lead, after)
        assert fresh is not None
        assert fresh > now


def test_the_conversion_clock_starts_again_too() -> None:
    lead, now = reached(), START + timedelta(days=8)
    restart_if_past(lead, policy(), policy(no_conversion=7 * DAY), now)
    assert next_due(lead, policy(no_conversion=7 * DAY)) == now + timedelta(days=7)


# --- laws -----------------------------------------------------------------------------------------------------

times = st.integers(0, 40 * 24).map(lambda hours: START + timedelta(hours=hours))
leads = st.builds(
    LeadState,
    lead=st.just(1),
    state=st.sampled_from(STATES),
    agent=st.none() | st.just("aina"),
    clock_at=st.none() | times,
    attempts=st.integers(0, 2),
    reached_at=st.none() | times,
    holder_left_at=st.none() | times,
    resting=st.booleans(),
    due_at=st.none() | times,
)
durations = st.none() | st.integers(1, 30 * 24).map(lambda hours: hours * HOUR)


@given(leads, durations, durations, times)
def test_something_is_due_exactly_from_the_moment_that_was_announced(
    lead: LeadState, no_contact: int | None, no_conversion: int | None, now: datetime
) -> None:
    rules = policy(no_contact, no_conversion)
    announced = next_due(lead, rules)
    assert (due(lead, rules, now) is not None) == (announced is not None and announced <= now)


@given(leads, durations, durations, durations, durations, times)
def test_a_new_policy_makes_nothing_due_at_once(
    lead: LeadState, one: int | None, two: int | None, three: int | None, four: int | None, now: datetime
) -> None:
    before, after = policy(one, two), policy(three, four)
    if lead.state == "unassigned" or due(lead, before, now) is not None:
        return
    restart_if_past(lead, before, after, now)
    assert due(lead, after, now) is None


def test_without_clocks_only_a_leaver_makes_a_lead_due() -> None:
    rules = make_policy(1, reclaim=NO_CLOCKS)
    assert next_due(held(), rules) is None
    assert next_due(held(holder_left_at=START), rules) == START
