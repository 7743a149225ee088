"""What each event does to a desk, and that the events alone make the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from leadrouter.domain.apply import APPLY
from leadrouter.domain.events import KINDS, iso
from leadrouter.domain.policy import Policy, Rule, Team
from leadrouter.domain.promises import Acceptance
from leadrouter.domain.rounds import UNIT
from leadrouter.domain.state import OPEN
from tests.domain.drawn import Move, drawn_branch, live, lived, moves, seeds
from tests.factories import START, Branch, make_agent, make_policy, picture, replayed

# --- laws -----------------------------------------------------------------------------------------------------


@settings(max_examples=80)
@given(seeds, moves)
def test_the_events_alone_make_the_desk(seed: int, history: list[Move]) -> None:
    branch = live(drawn_branch(seed, 1 + seed % 10), history)
    again = replayed(branch.events(), branch.rulebook)
    assert picture(again) == picture(branch.desk)
    assert again.changes.tallies == branch.desk.changes.tallies


@settings(max_examples=60)
@given(seeds, moves)
def test_open_counts_are_the_leads_held(seed: int, history: list[Move]) -> None:
    branch = drawn_branch(seed, 1 + seed % 6)
    for _ in lived(branch, history):
        held = Counter(lead.agent for lead in branch.desk.leads.values() if lead.state in OPEN)
        assert {agent: state.open for agent, state in branch.desk.agents.items() if state.open} == held


@settings(max_examples=60)
@given(seeds, moves)
def test_everything_that_changed_is_known_to_the_store(seed: int, history: list[Move]) -> None:
    branch = drawn_branch(seed, 1 + seed % 6)
    for what, number in history:
        before = picture(branch.desk)
        branch.journal.settle()
        live(branch, [(what, number)])
        after = picture(branch.desk)
        changes = branch.desk.changes
        assert {
            name for name, state in after["agents"].items() if before["agents"].get(name) != state
        } <= changes.agents
        assert {name for name, state in after["leads"].items() if before["leads"].get(name) != state} <= changes.leads
        accounts = {name for name, found in after["accounts"].items() if before["accounts"].get(name) != found}
        assert accounts <= branch.desk.ledger.changed


@settings(max_examples=60)
@given(seeds, moves)
def test_a_lead_is_held_exactly_while_an_agent_is_named(seed: int, history: list[Move]) -> None:
    branch = live(drawn_branch(seed, 1 + seed % 6), history)
    for lead in branch.desk.leads.values():
        assert (lead.agent is not None) >= (lead.state in OPEN)
        assert lead.state not in ("unassigned", "pooled") or lead.agent is None
        assert (lead.due_at is not None) <= (lead.state in OPEN or lead.state == "unassigned")


def test_every_kind_of_event_has_a_meaning_for_the_desk() -> None:
    assert set(APPLY) == set(KINDS)


# --- cases ----------------------------------------------------------------------------------------------------


def test_an_assignment_counts_for_the_day_and_the_hour_of_the_agents_own_clock() -> None:
    branch = Branch(make_policy([make_agent("aina", timezone="Asia/Kolkata")]), now=START.replace(hour=18, minute=20))
    branch.deal(2)
    state = branch.desk.agents["aina"]
    assert (state.day, state.day_count, state.hour, state.hour_count) == ("2026-03-02", 2, "2026-03-02T23+0530", 2)
    branch.wait(minutes=10)  # midnight in Kolkata
    branch.deal(1)
    assert (state.day, state.day_count, state.hour, state.hour_count) == ("2026-03-03", 1, "2026-03-03T00+0530", 1)
    assert (state.leads, state.open) == (3, 3)


def test_only_the_first_attempt_counts_but_an_earlier_one_may_be_told_later() -> None:
    branch = Branch()
    branch.route()
    branch.wait(hours=3)
    branch.contact(1, "no_answer")
    lead = branch.desk.leads[1]
    assert (lead.state, lead.attempts, lead.attempted_at, lead.reached_at) == ("assigned", 1, branch.now, None)
    earlier = START + timedelta(hours=1)
    branch.record("contacted", 1, lead.agent, outcome="no_answer", at=iso(earlier))
    assert (lead.attempts, lead.attempted_at, lead.contacted_at) == (2, earlier, earlier)


def test_reaching_the_person_starts_the_conversion_clock_once() -> None:
    branch = Branch()
    branch.route()
    branch.wait(hours=1)
    branch.contact(1)
    reached = branch.now
    branch.wait(hours=1)
    branch.contact(1)
    lead = branch.desk.leads[1]
    assert (lead.state, lead.reached_at, lead.conversion_at, lead.attempts) == ("contacted", reached, reached, 2)
    assert lead.clock_at == START


def test_a_void_gives_the_turn_back_exactly() -> None:
    branch = Branch(make_policy(3))
    branch.deal(4)
    before = picture(branch.desk)["accounts"]
    branch.route()
    branch.close(5, "voided")
    assert picture(branch.desk)["accounts"] == before
    assert branch.desk.changes.tallies["2026-03", branch.desk.leads[5].turn_panel, "a02", "voided"] == 1


@pytest.mark.parametrize("again", [1, 2, 3])
def test_reopening_a_void_takes_the_turn_again_however_often(again: int) -> None:
    branch = Branch(make_policy(3))
    branch.deal(5)
    taken = picture(branch.desk)["accounts"]
    for _ in range(again):
        branch.close(5, "voided")
        assert picture(branch.desk)["accounts"] != taken
        branch.reopen(5)
        assert picture(branch.desk)["accounts"] == taken


@pytest.mark.parametrize("how", ["won", "lost"])
def test_a_sale_or_a_loss_and_its_reopening_leave_the_ledger_alone(how: str) -> None:
    branch = Branch(make_policy(3))
    branch.deal(5)
    taken = picture(branch.desk)["accounts"]
    branch.close(5, how)
    assert branch.desk.agents["a02"].open == 1
    branch.reopen(5)
    assert picture(branch.desk)["accounts"] == taken
    assert branch.desk.agents["a02"].open == 2


def test_a_transfer_leaves_the_ledger_alone_and_its_void_gives_the_turn_back_to_who_paid() -> None:
    branch = Branch(make_policy(3))
    branch.route()
    taken = picture(branch.desk)["accounts"]
    branch.transfer(1, "a02")
    assert picture(branch.desk)["accounts"] == taken
    assert [branch.desk.agents[agent].open for agent in ("a01", "a02")] == [0, 1]
    branch.close(1, "voided")
    assert branch.desk.ledger.account("everyone", "a01") == (0, 0, 0)
    assert branch.desk.ledger.account("everyone", "a02") == (0, 0, 0)


def test_a_void_after_a_reclaim_gives_back_only_the_last_turn() -> None:
    branch = Branch(make_policy(3))
    branch.route()
    first = picture(branch.desk)["accounts"]
    branch.reclaim(1)
    branch.close(1, "voided")
    assert picture(branch.desk)["accounts"] == first


def test_a_new_holder_starts_with_fresh_clocks() -> None:
    branch = Branch(make_policy(2))
    branch.route()
    branch.wait(hours=1)
    branch.contact(1)
    branch.wait(hours=1)
    branch.transfer(1, "a02")
    lead = branch.desk.leads[1]
    assert (lead.state, lead.assigned_at, lead.clock_at) == ("assigned", branch.now, branch.now)
    assert (lead.attempts, lead.attempted_at, lead.reached_at) == (0, None, None)
    assert lead.contacted_at == START + timedelta(hours=1)  # somebody has tried before
    assert lead.past_holders == ("a01",)


def test_a_leavers_open_leads_fall_due_at_once() -> None:
    branch = Branch(make_policy(2))
    branch.deal(4)
    branch.close(3)
    branch.leave("a01")
    leads = branch.desk.leads.values()
    assert [lead.lead for lead in leads if lead.due_at == branch.now] == [1]
    assert not branch.desk.agents["a01"].active


def test_a_correction_by_hand_moves_credit_but_neither_due_nor_received() -> None:
    branch = Branch(make_policy(3))
    branch.deal(3)
    branch.record("credited", agent="a01", leads="1", rounds=[["everyone", [["a02", 1], ["a03", 1]], -UNIT // 2]])
    accounts = branch.desk.ledger.accounts("everyone")
    assert {agent: account.credit / UNIT for agent, account in accounts.items()} == {"a01": 1, "a02": -0.5, "a03": -0.5}
    assert {(account.due, account.received) for account in accounts.values()} == {(UNIT, 1)}
    assert branch.deal(1) == ["a01"]


def test_the_speed_of_an_agent_is_that_of_their_latest_twenty_first_contacts() -> None:
    branch = Branch(make_policy(1))
    for lead in range(1, 22):
        branch.route()
        branch.wait(minutes=lead)
        branch.contact(lead)
    assert branch.desk.agents["a01"].contacts == tuple(60 * lead for lead in range(2, 22))


# --- events of an earlier engine ------------------------------------------------------------------------------


def taken_back_and_put_into_nurture(branch: Branch) -> None:
    branch.reclaim(1)
    branch.record("incubated", 1, branch.desk.leads[1].agent)


def moved_on(branch: Branch) -> None:
    branch.transfer(1, "a02")


def lost_before_the_appointment(branch: Branch) -> None:
    branch.record("appointment", 1, "a01")
    branch.close(1, "lost")


def opens_earlier(branch: Branch) -> None:
    branch.wait(hours=20)
    branch.load(closed_at_night(opens=START.hour - 6))


def closed_at_night(opens: int) -> Policy:
    hours = tuple((day, opens * 60, (START.hour - 1) * 60) for day in range(7))
    night = Rule("night", ("hours", "in", ("closed",)), then="hold")
    return make_policy(2, team=Team(hours=hours), rules=(night, Rule("everyone")))


@pytest.mark.parametrize(
    ("policy", "happens", "field", "then", "now"),
    [
        pytest.param(make_policy(2), taken_back_and_put_into_nurture, "hops", 1, 0, id="hops of one journey"),
        pytest.param(make_policy(2), moved_on, "reason", "most_owed", "transferred", id="a transfer is its own reason"),
        pytest.param(
            make_policy(2, acceptance=Acceptance(300, 300, 300)), moved_on, "past_holders", ("a01",), (),
            id="who was only asked",
        ),
        pytest.param(make_policy(2), lost_before_the_appointment, "appointment_by", None, "a01", id="closing keeps"),
        pytest.param(
            closed_at_night(opens=START.hour - 2), opens_earlier, "clock_at", START + timedelta(hours=20), START,
            id="an opening that is past",
        ),
    ],
)  # fmt: skip
def test_what_an_earlier_engine_recorded_is_folded_as_that_engine_folded_it(
    policy: Policy, happens: Callable[[Branch], None], field: str, then: Any, now: Any
) -> None:
    branch = Branch(policy)
    branch.route()
    happens(branch)
    earlier = replayed([event._replace(engine=2) for event in branch.events()], branch.rulebook)
    assert getattr(earlier.leads[1], field) == then
    assert getattr(branch.desk.leads[1], field) == now
