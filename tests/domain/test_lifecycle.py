"""State x step: what is allowed when. The table below is written out by hand from DOMAIN, section 3."""

from __future__ import annotations

import pytest

from leadrouter.domain.lifecycle import STEPS, allowed, refusal, state_before_closing
from leadrouter.domain.state import CLOSED, OPEN, STATES, LeadState
from tests.factories import START

ALLOWED = {
    "received": "lost void transfer edit",
    "held": "lost void transfer edit",
    "qualifying": "contact won lost void transfer edit",
    "incubating": "lost void transfer edit",
    "pooled": "lost void transfer edit",
    "offered": "lost void transfer edit",
    "assigned": "contact won lost void transfer edit",
    "unassigned": "lost void transfer edit",
    "contacted": "contact won lost void transfer edit",
    "appointment": "contact won lost void transfer edit",
    "won": "reopen edit",
    "lost": "reopen edit",
    "void": "reopen edit",
}


def test_the_table_speaks_of_every_state_and_every_step() -> None:
    assert set(ALLOWED) == set(STATES)
    assert {step for steps in ALLOWED.values() for step in steps.split()} == set(STEPS)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_a_step_is_allowed_in_exactly_these_states(state: str, step: str) -> None:
    refused = refusal(LeadState(17, state), step)
    assert (refused is None) is (step in ALLOWED[state].split())
    assert refused is None or (step in refused and "lead 17" in refused and state in refused)


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_instead_is_what_is_allowed(state: str) -> None:
    assert set(allowed(LeadState(1, state))) == set(ALLOWED[state].split())


@pytest.mark.parametrize(
    ("lead", "state"),
    [
        pytest.param(LeadState(1, "lost"), "unassigned", id="nobody had it"),
        pytest.param(LeadState(1, "lost", "aina"), "assigned", id="somebody had it"),
        pytest.param(LeadState(1, "won", "aina", reached_at=START), "contacted", id="and had reached the person"),
    ],
)
def test_a_reopened_lead_returns_to_where_it_was(lead: LeadState, state: str) -> None:
    assert state_before_closing(lead) == state


def test_no_closed_lead_is_open() -> None:
    assert not OPEN & CLOSED
    assert set(STATES) >= OPEN | CLOSED
