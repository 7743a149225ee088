"""Steps by hand: what each records, when it is refused, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leadrouter.domain.promises import Acceptance
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.errors import Refused, WrongUsage
from leadrouter.usecases.steps import edit, take_step
from tests.factories import START, make_agent, make_policy
from tests.usecases.busy import busy_house
from tests.usecases.house import House


def unassigned() -> House:
    house = House(make_policy([make_agent("aina", capacity=0), make_agent("bala", role="leader")]))
    house.route()
    return house


def pooled() -> House:
    house = House(make_policy([make_agent("aina"), make_agent("bala", role="leader")]))
    house.route()
    house.wait(hours=72)
    house.sweep()
    return house


def assigned() -> House:
    house = House(make_policy([make_agent("aina"), make_agent("bala", role="leader")]))
    house.route()
    return house


def contacted() -> House:
    house = assigned()
    house.contact(1)
    return house


def closed(how: str) -> Callable[[], House]:
    def house() -> House:
        house = contacted()
        house.step(how, 1)
        return house

    return house


STATES: dict[str, Callable[[], House]] = {
    "unassigned": unassigned, "pooled": pooled, "assigned": assigned, "contacted": contacted,
    "won": closed("won"), "lost": closed("lost"), "void": closed("void"),
}  # fmt: skip

LEADS_TO = {
    ("unassigned", "lost"): "lost", ("unassigned", "void"): "void", ("unassigned", "transfer"): "assigned",
    ("pooled", "lost"): "lost", ("pooled", "void"): "void", ("pooled", "transfer"): "assigned",
    ("assigned", "contact"): "contacted", ("assigned", "won"): "won", ("assigned", "lost"): "lost",
    ("assigned", "void"): "void", ("assigned", "transfer"): "assigned",
    ("contacted", "contact"): "contacted", ("contacted", "won"): "won", ("contacted", "lost"): "lost",
    ("contacted", "void"): "void", ("contacted", "transfer"): "assigned",
    ("won", "reopen"): "contacted", ("lost", "reopen"): "contacted", ("void", "reopen"): "contacted",
}  # fmt: skip
"""State, step -> the state it leads to; every other pair is refused."""

DETAILS: dict[str, dict[str, Any]] = {
    "contact": {"channel": "call", "outcome": "reached"}, "won": {"value": 450_000.0}, "transfer": {"to": "bala"},
}  # fmt: skip


@pytest.mark.parametrize("step", ["contact", "won", "lost", "void", "transfer", "reopen"])
@pytest.mark.parametrize("state", STATES)
def test_every_step_in_every_state_does_what_the_table_says(state: str, step: str) -> None:
    house = STATES[state]()
    assert house.lead(1).state == state
    before, events = house.lead(1), house.events()
    if (state, step) in LEADS_TO:
        house.step(step, 1, **DETAILS.get(step, {}))
        assert house.lead(1).state == LEADS_TO[state, step]
        assert len(house.events()) == len(events) + 1
    else:
        with pytest.raises(Refused) as refused:
            house.step(step, 1, **DETAILS.get(step, {}))
        assert state in refused.value.message
        assert (house.lead(1), house.events()) == (before, events)
    assert house.problems() == []


# --- contact --------------------------------------------------------------------------------------------------


def test_a_sale_keeps_its_value_and_its_moment() -> None:
    house = assigned()
    house.wait(days=3)
    house.step("won", 1, at=START + timedelta(days=2), value=450_000.0)
    lead = house.lead(1)
    assert (lead.value, lead.closed_at) == (450_000.0, START + timedelta(days=2))


def test_an_attempt_without_an_answer_leaves_the_lead_assigned() -> None:
    house = assigned()
    house.wait(minutes=10)
    house.contact(1, "no_answer")
    lead = house.lead(1)
    assert (lead.state, lead.attempts, lead.attempted_at, lead.contacted_at) == ("assigned", 1, house.now, house.now)
    assert lead.reached_at is None


@pytest.mark.parametrize(
    ("at", "error"),
    [
        pytest.param(timedelta(seconds=-1), Refused, id="before the lead came to the agent"),
        pytest.param(timedelta(0), None, id="the moment it came"),
        pytest.param(timedelta(hours=5), None, id="now"),
        pytest.param(timedelta(hours=5, seconds=1), WrongUsage, id="in the future"),
    ],
)
def test_a_past_moment_must_lie_between_the_assignment_and_now(at: timedelta, error: type[Exception] | None) -> None:
    house = assigned()
    house.wait(hours=5)
    if error is None:
        assert house.contact(1, at=START + at).reached_at == START + at
    else:
        with pytest.raises(error):
            house.contact(1, at=START + at)


# --- void and reopen ------------------------------------------------------------------------------------------


def accounts(house: House) -> list[Any]:
    return house.connection.execute("SELECT * FROM rotations ORDER BY rotation, agent").fetchall()


def test_a_void_reverses_its_round_exactly_and_reopening_posts_it_again() -> None:
    house = House(make_policy([make_agent("aina", weight=5040), make_agent("bala"), make_agent("chong", weight=840)]))
    house.deal(7, quality="hot")
    house.deal(4)
    without = accounts(house)
    house.route()
    taken = accounts(house)
    for _ in range(3):
        house.step("void", 12)
        assert accounts(house) == without
        house.step("reopen", 12)
        assert accounts(house) == taken
    assert house.problems() == []


def test_whoever_had_a_void_gets_a_lead_for_it_before_anybody_gets_two() -> None:
    house = House(make_policy(3))
    assert house.deal(2) == ["a01", "a02"]
    house.step("void", 1)
    assert house.deal(3) == ["a03", "a01", "a02"]  # a tie goes to who has waited longest


def test_a_void_of_a_lead_nobody_had_moves_no_account() -> None:
    house = unassigned()
    house.step("void", 1)
    assert accounts(house) == []


def test_a_void_after_a_transfer_gives_the_turn_back_to_who_paid_it() -> None:
    house = House(make_policy(2))
    house.route()
    before = accounts(house)
    house.step("transfer", 1, to="a02")
    assert accounts(house) == before
    house.step("void", 1)
    assert house.credits() == {"a01": 0.0, "a02": 0.0}


def test_a_void_after_its_payer_has_left_still_balances() -> None:
    house = House(make_policy(3))
    house.deal(4)
    house.load(make_policy([make_agent("a02"), make_agent("a03")]))
    house.step("void", 1)
    house.step("reopen", 1)
    house.step("void", 1)
    assert sum(house.credits().values()) == pytest.approx(0)
    assert house.problems() == []


def test_a_lost_lead_that_nobody_had_waits_again_when_it_is_reopened() -> None:
    house = unassigned()
    house.step("lost", 1)
    assert house.sweep().changes == []
    house.step("reopen", 1)
    assert (house.lead(1).state, house.lead(1).due_at) == ("unassigned", house.now)
    house.load(make_policy([make_agent("aina"), make_agent("bala", role="leader")]))
    assert [change.target for change in house.sweep().changes] == ["aina"]
    assert house.problems() == []


@pytest.mark.parametrize(("reached", "state"), [(False, "assigned"), (True, "contacted")])
def test_a_reopened_lead_goes_on_where_it_was(reached: bool, state: str) -> None:
    house = assigned()
    house.wait(hours=1)
    house.contact(1, "reached" if reached else "no_answer")
    before = house.lead(1)
    house.step("lost", 1)
    assert house.agent("aina").open == 0
    house.wait(days=1)
    house.step("reopen", 1)
    lead = house.lead(1)
    assert (lead.state, lead.agent, lead.closed_at) == (state, "aina", None)
    assert (lead.attempts, lead.attempted_at, lead.assigned_at) == (1, before.attempted_at, before.assigned_at)
    assert house.agent("aina").open == 1


@pytest.mark.parametrize("costs", [True, False])
def test_who_was_only_asked_pays_nothing_for_a_void_lead_that_is_reopened(costs: bool) -> None:
    asking = Acceptance(300, 300, 300, declined_costs_turn=costs)
    house = House(make_policy(3)._replace(acceptance=asking))
    house.deal(2)
    without = accounts(house)
    house.route()
    house.step("void", 3)
    house.step("reopen", 3)
    assert house.lead(3).state == "unassigned"
    assert accounts(house) == without
    house.sweep()
    assert (house.lead(3).state, house.lead(3).agent) == ("offered", "a03")
    assert house.problems() == []


WHERE_IT_WAS = (
    "state", "agent", "isa", "attempts", "attempted_at", "reached_at", "appointment_by", "touch_at", "incubated_at",
    "extended", "past_holders", "excluded", "hops", "turn_payer",
)  # fmt: skip
RETRIED = ("offered", "held", "pooled", "unassigned")
"""States that a closed lead does not return to: it is dealt anew."""


@pytest.mark.parametrize("how", ["won", "lost", "void"])
@pytest.mark.parametrize("seed", range(12))
def test_closing_by_a_slip_of_the_hand_and_reopening_changes_nothing(seed: int, how: str) -> None:
    house = busy_house(seed)
    for number in range(1, house.leads() + 1):
        before = house.lead(number)
        if before.state in (*RETRIED, *CLOSED) or (how == "won" and before.state == "incubating"):
            continue
        paid = accounts(house)
        house.step(how, number)
        house.step("reopen", number)
        after = house.lead(number)
        assert {field: getattr(after, field) for field in WHERE_IT_WAS} == {
            field: getattr(before, field) for field in WHERE_IT_WAS
        }
        assert accounts(house) == paid
    assert house.problems() == []


def test_a_reopened_lead_keeps_its_appointment() -> None:
    house = assigned()
    house.step("appointment", 1)
    house.step("lost", 1)
    house.step("reopen", 1)
    assert house.step("no-show", 1).state == "contacted"


# --- transfer -------------------------------------------------------------------------------------------------


def test_a_transfer_is_neither_a_hop_nor_a_turn() -> None:
    house = House(make_policy(3))
    house.deal(3)
    before = accounts(house)
    house.step("transfer", 1, to="a03")
    assert accounts(house) == before
    assert (house.lead(1).hops, house.lead(1).past_holders) == (0, ("a01",))
    assert [house.agent(agent).open for agent in ("a01", "a02", "a03")] == [0, 1, 2]
    assert house.deal(3) == ["a01", "a02", "a03"]


def test_who_was_only_asked_has_not_had_a_lead_that_is_moved_on() -> None:
    house = House(make_policy(2)._replace(acceptance=Acceptance(300, 300, 300)))
    house.route()
    house.step("transfer", 1, to="a02")
    assert (house.lead(1).agent, house.lead(1).past_holders) == ("a02", ())
    house.step("transfer", 1, to="a01")
    assert house.lead(1).past_holders == ("a02",)
    had = house.connection.execute("SELECT agent FROM conversion_by_agent ORDER BY 1").fetchall()
    assert had == [("a01",), ("a02",)]
    assert house.problems() == []


def test_a_transfer_may_go_beyond_capacity() -> None:
    house = House(make_policy([make_agent("aina"), make_agent("bala", capacity=0)]))
    house.route()
    house.step("transfer", 1, to="bala")
    assert house.agent("bala").open == 1


@pytest.mark.parametrize(
    ("to", "error"),
    [
        pytest.param("a01", Refused, id="who has it already"),
        pytest.param("nobody", WrongUsage, id="nobody on the roster"),
        pytest.param("A02", None, id="by name"),
    ],
)
def test_a_transfer_needs_another_agent_of_the_roster(to: str, error: type[Exception] | None) -> None:
    house = House(make_policy(2))
    house.route()
    if error is None:
        assert house.step("transfer", 1, to=to).agent == "a02"
    else:
        with pytest.raises(error):
            house.step("transfer", 1, to=to)


def test_nothing_is_transferred_to_somebody_who_has_left() -> None:
    house = House(make_policy([make_agent("aina"), make_agent("bala", left="2026-03-02")]))
    house.route()
    with pytest.raises(Refused, match="Bala has left"):
        house.step("transfer", 1, to="bala")


# --- which lead, and what is kept beside it -------------------------------------------------------------------


def test_a_lead_is_found_by_its_external_id_or_its_number() -> None:
    house = House()
    house.receive(house.person(external_id="2"), house.person(external_id="P-7"))

    def found(name: str) -> LeadState:
        return take_step(house.session, "contact", name, house.now, details={"outcome": "no_answer"})

    assert found("P-7").lead == found("ext:P-7").lead == found("id:2").lead == 2
    assert found("ext:2").lead == found("id:1").lead == found("1").lead == 1
    with pytest.raises(WrongUsage, match="more than one lead"):
        found("2")
    for missing in ("3", "id:3", "ext:3", "P-8", "id:P-7"):
        with pytest.raises(WrongUsage, match="no lead"):
            found(missing)


def test_a_reason_is_kept_beside_the_event_and_not_in_it() -> None:
    house = assigned()
    take_step(house.session, "lost", "id:1", house.now, note="moved to Ipoh")
    assert house.connection.execute("SELECT lead, text FROM notes").fetchall() == [(1, "moved to Ipoh")]
    assert "Ipoh" not in repr(house.connection.execute("SELECT * FROM events").fetchall())
    assert house.problems() == []


def test_a_corrected_fact_is_an_event_with_the_names_of_the_fields_alone() -> None:
    house = assigned()
    edit(house.session, "id:1", {"phone": "+60123456789", "name": "Lim Dewi"}, house.now)
    event = house.events()[-1]
    assert (event.kind, event.data) == ("edited", {"fields": ["name", "phone"]})
    assert house.connection.execute("SELECT name, phone FROM leads").fetchone() == ("Lim Dewi", "+60123456789")
    assert house.problems() == []
    events = house.events()
    edit(house.session, "id:1", {"phone": "+60123456789"}, house.now)
    assert house.events() == events


def test_a_lead_must_keep_something_to_be_known_by() -> None:
    house = assigned()
    with pytest.raises(WrongUsage):
        edit(house.session, "id:1", {"email": None}, house.now)


def test_after_a_correction_the_person_is_known_by_the_new_phone() -> None:
    house = assigned()
    edit(house.session, "id:1", {"phone": "+60123456789"}, house.now)
    taken = house.receive(house.person(email=None, name=None, phone="+60123456789"))
    assert [(row.what, row.state.lead) for row in taken] == [("inquiry", 1)]
