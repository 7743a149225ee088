"""State x step: what is allowed when. The table below is written out by hand from DOMAIN, section 3."""

from __future__ import annotations

import pytest

from leadrouter.domain.lifecycle import STEPS, allowed, is_allowed, refusal, state_before_closing
from leadrouter.domain.state import CLOSED, OPEN, STATES, LeadState
from tests.factories import START

ANY = "rate edit"
OPEN_TO_ALL = f"{ANY} request approve refuse lost void transfer"
HOLDER = f"{OPEN_TO_ALL} contact appointment extend release won incubate"

ALLOWED = {
    "received": OPEN_TO_ALL,
    "held": f"{OPEN_TO_ALL} incubate",
    "qualifying": f"{HOLDER} handoff",
    "incubating": f"{OPEN_TO_ALL} touch",
    "pooled": f"{OPEN_TO_ALL} claim incubate",
    "offered": f"{OPEN_TO_ALL} accept decline",
    "assigned": HOLDER,
    "unassigned": f"{OPEN_TO_ALL} incubate",
    "contacted": HOLDER,
    "appointment": f"{HOLDER} no-show",
    "won": f"{ANY} reopen",
    "lost": f"{ANY} reopen",
    "void": f"{ANY} reopen",
}


def test_the_table_speaks_of_every_state_and_every_step() -> None:
    assert set(ALLOWED) == set(STATES)
    assert {step for steps in ALLOWED.values() for step in steps.split()} == set(STEPS)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_a_step_is_allowed_in_exactly_these_states(state: str, step: str) -> None:
    assert is_allowed(LeadState(17, state), step) is (step in ALLOWED[state].split())


@pytest.mark.parametrize(("holder", "whose"), [("Aina Yusof", " with Aina Yusof"), (None, "")])
def test_a_refusal_names_the_step_the_lead_as_people_call_it_and_who_has_it(holder: str | None, whose: str) -> None:
    refused = refusal(LeadState(17, "won", "aina"), "contact", "HR-17", holder)
    assert refused == f"contact needs a lead that an agent holds; lead HR-17 is won{whose}"


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_instead_is_what_is_allowed(state: str) -> None:
    steps = set(ALLOWED[state].split())
    assert set(allowed(LeadState(1, state))) == steps - {"approve", "refuse"}
    assert set(allowed(LeadState(1, state, requested_by="bala"))) == steps - {"request"}


@pytest.mark.parametrize("step", STEPS)
def test_what_happened_to_a_past_lead_may_be_told_whatever_it_waits_in(step: str) -> None:
    told = {"contact", "appointment", "no-show", "won", "lost", "void"}
    may = is_allowed(LeadState(1, "pooled", reason="past"), step)
    assert may is (step in told | set(ALLOWED["pooled"].split()))


@pytest.mark.parametrize("step", STEPS)
def test_what_came_before_the_end_of_a_past_lead_may_be_told_after_it(step: str) -> None:
    told = {"contact", "appointment", "no-show"}
    may = is_allowed(LeadState(1, "lost", "aina", reason="past", closed_at=START), step)
    assert may is (step in told | set(ALLOWED["lost"].split()))


@pytest.mark.parametrize("step", ["won", "lost", "void"])
@pytest.mark.parametrize("state", ["won", "lost", "void"])
def test_how_a_past_lead_ended_may_be_told_again_until_its_date_is_known_but_not_otherwise(
    state: str, step: str
) -> None:
    assert is_allowed(LeadState(1, state, "aina", reason="past"), step) is (step == state)
    assert not is_allowed(LeadState(1, state, "aina", reason="past", closed_at=START), step)


@pytest.mark.parametrize(
    ("lead", "state"),
    [
        pytest.param(LeadState(1, "lost"), "unassigned", id="nobody had it"),
        pytest.param(LeadState(1, "lost", "aina"), "assigned", id="somebody had it"),
        pytest.param(LeadState(1, "won", "aina", reached_at=START), "contacted", id="and had reached the person"),
        pytest.param(LeadState(1, "lost", "ida", isa="ida", reached_at=START), "qualifying", id="an isa had it"),
        pytest.param(
            LeadState(1, "lost", "aina", isa="ida", handed_off_at=START), "assigned", id="an isa had handed it off"
        ),
        pytest.param(
            LeadState(1, "lost", "aina", reached_at=START, appointment_by="aina"), "appointment", id="they were to meet"
        ),
        pytest.param(LeadState(1, "lost", "ida", isa="ida", appointment_by="ida"), "qualifying", id="an isa arranged"),
        pytest.param(LeadState(1, "lost", reason="incubated"), "incubating", id="it was in nurture"),
        pytest.param(LeadState(1, "lost", reason="incubating", isa="ida"), "incubating", id="an isa nurtured it"),
    ],
)
def test_a_reopened_lead_returns_to_where_it_was(lead: LeadState, state: str) -> None:
    assert state_before_closing(lead) == state


def test_an_isas_lead_is_a_no_show_only_where_there_was_an_appointment() -> None:
    assert not is_allowed(LeadState(1, "qualifying", "ida", isa="ida"), "no-show")
    assert is_allowed(LeadState(1, "qualifying", "ida", isa="ida", appointment_by="ida"), "no-show")


def test_no_closed_lead_is_open() -> None:
    assert not OPEN & CLOSED
    assert set(STATES) >= OPEN | CLOSED
