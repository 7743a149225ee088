"""What falls due when: every clock one second before it strikes and when it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.deadlines import REASONS, clocks, due, next_due, promised_at, restart_if_past
from leadrouter.domain.policy import Policy, Team
from leadrouter.domain.promises import (
    ASKING,
    DAY,
    HOUR,
    MINUTE,
    Escalation,
    EscalationStep,
    Hold,
    Isa,
    Offline,
    Reclaim,
    Sla,
    TimeOff,
)
from leadrouter.domain.state import HELD, STATES, AgentState, LeadState
from leadrouter.domain.telling import Channel, Notify, Warn
from tests.factories import START, make_agent, make_policy

SECOND = timedelta(seconds=1)
DAYS = timedelta(days=1)
DEFAULT = make_policy(1)
NO_CLOCKS = Reclaim(no_contact=None, no_conversion=None, attempts=None, hold=Hold(None, None, None))
SILENT = Escalation((), (), ())
AGENTS = {"aina": AgentState("aina")}


def held(state: str = "assigned", **fields: Any) -> LeadState:
    """A lead that aina has held since START."""
    since: dict[str, Any] = dict.fromkeys(("assigned_at", "clock_at", "hold_at"), START)
    return LeadState(1, state, **({"agent": "aina"} | since | fields))


def tried(attempts: int = 1) -> LeadState:
    """The same, and aina tried to reach the person at once."""
    return held(attempts=attempts, attempted_at=START)


def reached(after: timedelta = timedelta(0), **fields: Any) -> LeadState:
    """The same, and the person was reached some time after."""
    at = START + after
    state = fields.pop("state", "contacted")
    return held(state, attempts=1, attempted_at=at, reached_at=at, conversion_at=at, **fields)


def waiting(state: str, **fields: Any) -> LeadState:
    """A lead that nobody holds, waiting since START."""
    return LeadState(1, state, clock_at=START, **fields)


def struck(lead: LeadState, policy: Policy, now: datetime) -> tuple[str, str] | None:
    """What is due and why."""
    step = due(lead, policy, AGENTS, now)
    return None if step is None else (step.what, step.reason)


@pytest.mark.parametrize(
    ("lead", "after", "what", "reason"),
    [
        pytest.param(held(), timedelta(hours=2), "tell", "unanswered", id="warm: the leader hears at 2 hours"),
        pytest.param(held(quality="cold"), timedelta(hours=24), "tell", "unanswered", id="cold: at 24 hours"),
        pytest.param(held(quality="hot"), timedelta(minutes=15), "tell", "unanswered", id="hot: at 15 minutes"),
        pytest.param(
            held(quality="hot", escalated=15 * MINUTE), timedelta(minutes=30), "reassign", "unanswered", id="hot: at 30"
        ),
        pytest.param(held(escalated=2 * HOUR), timedelta(hours=72), "reclaim", "no_contact", id="no attempt for 72 h"),
        pytest.param(tried(), timedelta(days=7), "reclaim", "few_attempts", id="one attempt in 7 days"),
        pytest.param(tried(2), timedelta(days=7), "reclaim", "few_attempts", id="two attempts in 7 days"),
        pytest.param(tried(3), timedelta(days=45), "reclaim", "held_too_long", id="warm: held for 45 days"),
        pytest.param(reached(), timedelta(days=14), "reclaim", "no_conversion", id="reached, no sale for 14 days"),
        pytest.param(
            reached(timedelta(days=3)), timedelta(days=17), "reclaim", "no_conversion", id="from reaching the person"
        ),
        pytest.param(
            reached(state="appointment"), timedelta(days=45), "reclaim", "held_too_long", id="an appointment ends that"
        ),
        pytest.param(
            reached(state="appointment", quality="hot"), timedelta(days=30), "reclaim", "held_too_long", id="hot: 30"
        ),
        pytest.param(
            reached(state="appointment", quality="cold"), timedelta(days=60), "reclaim", "held_too_long", id="cold: 60"
        ),
        pytest.param(
            reached(state="appointment", extended=9 * DAY),
            timedelta(days=54),
            "reclaim",
            "held_too_long",
            id="extended by 9 days",
        ),
        pytest.param(held(holder_left_at=START), timedelta(0), "reclaim", "agent_left", id="the agent has left"),
        pytest.param(
            held(resting=True, holder_left_at=START), timedelta(0), "reclaim", "agent_left", id="left, though resting"
        ),
        pytest.param(held(resting=True), timedelta(days=7), "tell", "resting", id="at rest with the leader"),
        pytest.param(
            held(resting=True, told_at=START + timedelta(days=2)), timedelta(days=9), "tell", "resting", id="told since"
        ),
        pytest.param(waiting("pooled", resting=True), timedelta(days=7), "tell", "resting", id="at rest in the pool"),
        pytest.param(waiting("pooled"), timedelta(hours=24), "deal", "unclaimed", id="unclaimed for 24 hours"),
        pytest.param(waiting("incubating"), timedelta(days=14), "tell", "touch", id="to be touched after 14 days"),
        pytest.param(
            waiting("incubating", touch_at=START + 3 * DAYS), 3 * DAYS, "tell", "touch", id="on the day that was chosen"
        ),
        pytest.param(
            waiting("incubating", touch_at=START, told_at=START + 2 * DAYS),
            16 * DAYS,
            "tell",
            "touch",
            id="and told again after 14 days",
        ),
        pytest.param(waiting("unassigned"), timedelta(0), "retry", "unassigned", id="nobody could take it"),
        pytest.param(held("offered", holder_left_at=START), timedelta(0), "expire", "agent_left", id="offered, left"),
    ],
)
def test_a_clock_strikes_to_the_second(lead: LeadState, after: timedelta, what: str, reason: str) -> None:
    at = START + after
    assert next_due(lead, DEFAULT, AGENTS) == at
    assert struck(lead, DEFAULT, at - SECOND) is None
    assert struck(lead, DEFAULT, at) == (what, reason)


@pytest.mark.parametrize(("quality", "minutes"), [("hot", 5), ("warm", 15)])
def test_an_offer_lapses_at_the_end_of_its_window(quality: str, minutes: int) -> None:
    policy, lead = make_policy(1, acceptance=ASKING), held("offered", quality=quality)
    assert next_due(lead, policy, AGENTS) == START + timedelta(minutes=minutes)
    assert struck(lead, policy, START + timedelta(minutes=minutes)) == ("expire", "expired")


def test_an_offer_made_before_acceptance_was_switched_off_lapses_at_the_promise() -> None:
    assert next_due(held("offered"), DEFAULT, AGENTS) == START + timedelta(hours=2)


@pytest.mark.parametrize("state", sorted(HELD))
def test_a_lead_that_an_agent_holds_is_never_without_a_deadline(state: str) -> None:
    bare = make_policy(1, reclaim=NO_CLOCKS, escalation=SILENT)
    assert next_due(held(state), bare, AGENTS) == START + timedelta(days=7)
    assert struck(held(state), bare, START + timedelta(days=7)) == ("tell", "resting")


@pytest.mark.parametrize("state", ["received", "won", "lost", "void"])
def test_no_clock_runs(state: str) -> None:
    assert next_due(held(state), DEFAULT, AGENTS) is None
    assert struck(held(state), DEFAULT, START + timedelta(days=9000)) is None


@pytest.mark.parametrize(
    ("reclaim", "lead", "at"),
    [
        pytest.param(Reclaim(no_contact=None), held(), timedelta(days=7), id="no_contact"),
        pytest.param(Reclaim(attempts=None), tried(), timedelta(days=45), id="attempts"),
        pytest.param(Reclaim(no_conversion=None), reached(), timedelta(days=45), id="no_conversion"),
        pytest.param(Reclaim(hold=Hold(warm=None)), tried(3), timedelta(days=7), id="hold: only the reminder is left"),
    ],
)
def test_a_clock_can_be_switched_off(reclaim: Reclaim, lead: LeadState, at: timedelta) -> None:
    assert next_due(lead, make_policy(1, reclaim=reclaim, escalation=SILENT), AGENTS) == START + at


def test_the_strongest_of_several_overdue_steps_is_taken() -> None:
    lead, late = held(holder_left_at=START + timedelta(days=4)), START + timedelta(days=5)
    assert struck(lead, DEFAULT, late) == ("reclaim", "agent_left")
    assert struck(lead, DEFAULT, START + timedelta(days=3)) == ("reclaim", "no_contact")
    assert struck(held(quality="hot"), DEFAULT, START + timedelta(hours=1)) == ("reassign", "unanswered")


def test_every_reason_is_explained() -> None:
    policy = make_policy(
        [make_agent("aina", time_off=(("2026-03-03", "2026-03-30"),), notify=(Channel("ntfy://here/aina"),))],
        sla=Sla(offline=Offline()),
        notify=Notify(warn=Warn()),
        time_off=TimeOff("rotate"),
        escalation=Escalation(cold=(EscalationStep(None, "notify_leader"), EscalationStep(2 * DAY, "pool"))),
    )
    everything = [
        held(), held(quality="hot"), held(quality="cold"), tried(), reached(), held(resting=True),
        held(holder_left_at=START), held("offered"), waiting("unassigned"), waiting("held"), waiting("pooled"),
        waiting("incubating"),
    ]  # fmt: skip
    steps = [step for lead in everything for step in clocks(lead, policy, AGENTS)]
    assert {step.reason for step in steps} == set(REASONS)


def test_nobody_loses_a_lead_before_their_promise_is_over() -> None:
    slow = make_policy(1, escalation=SILENT, sla=Sla(warm=5 * DAY))
    assert struck(held(), slow, START + timedelta(hours=119)) is None
    assert struck(held(), slow, START + timedelta(hours=120)) == ("reclaim", "no_contact")


AWAY = make_policy([make_agent("aina", time_off=(("2026-03-04", "2026-03-09"),))], time_off=TimeOff("rotate"))


@pytest.mark.parametrize(
    ("lead", "moved"),
    [
        pytest.param(held(escalated=2 * HOUR), "2026-03-04", id="it falls due during the time off"),
        pytest.param(held(), "2026-03-04", id="also while the leader has not been told yet"),
        pytest.param(tried(3), None, id="it falls due after the return"),
        pytest.param(held(assigned_at=START + timedelta(days=3)), None, id="it was given to her while she was away"),
        pytest.param(held(clock_at=START - timedelta(days=3)), None, id="it was to be taken back before"),
    ],
)
def test_time_off_moves_what_falls_due_before_the_return(lead: LeadState, moved: str | None) -> None:
    moves = [step.at.date().isoformat() for step in clocks(lead, AWAY, AGENTS) if step.what == "move"]
    assert moves == ([moved] if moved else [])


def test_the_reminder_does_not_wait_for_a_broken_promise_to_be_counted() -> None:
    bare = make_policy(1, reclaim=NO_CLOCKS, escalation=SILENT, sla=Sla(offline=Offline()))
    assert struck(held(), bare, START + timedelta(hours=2)) == ("miss", "unanswered")
    assert struck(held(), bare, START + timedelta(days=8)) == ("tell", "resting")


def test_in_working_hours_the_promise_waits_for_the_morning() -> None:
    team = Team(timezone="Europe/Berlin", hours=tuple((day, 9 * 60, 17 * 60) for day in range(5)))
    policy = make_policy(1, team=team, sla=Sla(clock="team_hours"))
    friday = datetime.fromisoformat("2026-03-27T15:00:00+00:00")  # 16:00; the clocks go forward on Sunday
    lead = held(assigned_at=friday, clock_at=friday, hold_at=friday)
    assert next_due(lead, policy, AGENTS) == datetime.fromisoformat("2026-03-30T08:00:00+00:00")


# --- a policy that changes a clock ----------------------------------------------------------------------------


def policy(no_contact: int | None = 72 * HOUR, no_conversion: int | None = 14 * DAY) -> Policy:
    reclaim = NO_CLOCKS._replace(no_contact=no_contact, no_conversion=no_conversion)
    return make_policy(1, escalation=SILENT, reclaim=reclaim, sla=Sla(warm=30 * MINUTE))


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
    restart_if_past(lead, before, after, AGENTS, now)
    assert lead.clock_at == (now if restarts else START)
    if restarts:
        fresh = next_due(lead, after, AGENTS)
        assert fresh is not None
        assert fresh > now


def test_each_clock_starts_again_by_itself() -> None:
    lead, now = reached(), START + timedelta(days=8)
    restart_if_past(lead, policy(), policy(no_conversion=7 * DAY), AGENTS, now)
    assert next_due(lead, policy(no_conversion=7 * DAY), AGENTS) == now + timedelta(days=7)
    assert (lead.clock_at, lead.hold_at) == (START, START)


def test_steps_of_escalation_that_were_done_are_done_again_when_their_clock_starts_again() -> None:
    lead, now = held(escalated=2 * HOUR), START + timedelta(hours=10)
    restart_if_past(lead, policy(), policy(no_contact=HOUR), AGENTS, now)
    assert lead.escalated == 0


# --- laws -----------------------------------------------------------------------------------------------------

times = st.integers(0, 40 * 24).map(lambda hours: START + timedelta(hours=hours))
leads = st.builds(
    LeadState,
    lead=st.just(1),
    state=st.sampled_from(STATES),
    agent=st.none() | st.just("aina"),
    quality=st.sampled_from(["hot", "warm", "cold"]),
    clock_at=st.none() | times,
    hold_at=st.none() | times,
    told_at=st.none() | times,
    attempts=st.integers(0, 4),
    reached_at=st.none() | times,
    conversion_at=st.none() | times,
    holder_left_at=st.none() | times,
    escalated=st.sampled_from([0, 15 * MINUTE, 2 * HOUR]),
    resting=st.booleans(),
    due_at=st.none() | times,
)
durations = st.none() | st.integers(1, 30 * 24).map(lambda hours: hours * HOUR)
policies = st.builds(
    lambda no_contact, no_conversion, hold, hours, escalation: make_policy(
        1,
        reclaim=Reclaim(no_contact, no_conversion, hold=Hold(hold, hold, hold)),
        sla=Sla(warm=hours),
        escalation=escalation,
    ),
    durations,
    durations,
    durations,
    st.integers(1, 40).map(lambda hours: hours * HOUR),
    st.sampled_from([SILENT, Escalation()]),
)


@given(leads, policies, times)
def test_something_is_due_exactly_from_the_moment_that_was_announced(
    lead: LeadState, policy: Policy, now: datetime
) -> None:
    announced = next_due(lead, policy, AGENTS)
    assert (due(lead, policy, AGENTS, now) is not None) == (announced is not None and announced <= now)


@given(leads, policies, policies, times)
def test_a_new_policy_makes_nothing_due_at_once(lead: LeadState, before: Policy, after: Policy, now: datetime) -> None:
    if due(lead, before, AGENTS, now) is not None:
        return
    restart_if_past(lead, before, after, AGENTS, now)
    assert due(lead, after, AGENTS, now) is None


@given(leads, policies, policies, times)
def test_it_is_told_whether_a_new_policy_started_a_clock_again(
    lead: LeadState, before: Policy, after: Policy, now: datetime
) -> None:
    was = replace(lead)
    assert restart_if_past(lead, before, after, AGENTS, now) or lead == was


def test_an_isa_may_promise_otherwise_than_the_team() -> None:
    policy = make_policy(1, isa=Isa(warm=10 * MINUTE))
    assert promised_at(held("qualifying", isa="aina"), policy) == START + timedelta(minutes=10)
    assert promised_at(held("qualifying", isa="aina", quality="cold"), policy) == START + timedelta(hours=24)
    assert promised_at(held("assigned"), policy) == START + timedelta(hours=2)
