"""Ids of persons: a CRM's row comes again with every export, and a new enquiry must not be lost among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.lead import Lead
from leadrouter.usecases.roster import come_back, go_away
from tests.usecases.house import House

MIA = Lead(external_id="C-7", name="Mia Roth", email="mia@example.com", source="portal", price=400_000.0)
ASKS_AGAIN = MIA._replace(price=900_000.0)


def what(house: House, *rows: Lead) -> list[tuple[str, int]]:
    return [(taken.what, taken.state.lead) for taken in house.receive(*rows, ids_of="person")]


def test_the_same_row_again_changes_nothing_however_often_it_comes() -> None:
    house = House()
    assert what(house, MIA, MIA) == [("new", 1), ("unchanged", 1)]
    assert what(house, MIA) == [("unchanged", 1)]
    house.step("contact", 1, channel="call", outcome="reached")
    house.step("lost", 1)
    assert what(house, MIA) == [("unchanged", 1)]
    assert house.problems() == []


def test_another_content_is_an_inquiry_while_the_lead_is_open() -> None:
    house = House()
    assert what(house, MIA, ASKS_AGAIN) == [("new", 1), ("inquiry", 1)]
    assert what(house, ASKS_AGAIN, MIA) == [("unchanged", 1), ("unchanged", 1)]
    assert house.lead(1).inquiries == 1
    assert house.problems() == []


@pytest.mark.parametrize("end", ["won", "lost", "void"])
def test_after_the_end_it_is_a_new_lead_for_the_agent_who_knows_the_person(end: str) -> None:
    house = House()
    house.deal(1)  # so that it is not simply the first one's turn again
    [taken] = house.receive(MIA, ids_of="person")
    house.step(end, 2)
    [again] = house.receive(ASKS_AGAIN, ids_of="person")
    assert (again.what, again.state.lead) == ("new", 3)
    assert (again.state.agent, again.state.reason) == (taken.state.agent, "relationship")
    assert what(house, ASKS_AGAIN, MIA) == [("unchanged", 3), ("unchanged", 2)]
    assert house.problems() == []


def test_the_id_alone_tells_the_person_whatever_else_has_changed() -> None:
    house = House()
    house.receive(MIA, ids_of="person")
    moved = Lead(external_id="C-7", name="Mia Stern", email="stern@example.com", phone="+4940")
    assert what(house, moved) == [("inquiry", 1)]
    house.step("won", 1)
    [again] = house.receive(moved._replace(message="selling now"), ids_of="person")
    assert (again.what, again.state.agent, again.state.reason) == ("new", house.lead(1).agent, "relationship")


def test_a_retry_still_knows_the_person_by_the_id_alone() -> None:
    house = House()
    agents = [agent.id for agent in house.session.policy.policy.agents]
    house.deal(1)
    [taken] = house.receive(Lead(external_id="C-7", source="a"), ids_of="person")
    house.step("won", 2)
    for agent in agents:
        go_away(house.session, agent, None, None, house.now)
    [waits] = house.receive(Lead(external_id="C-7", source="b"), ids_of="person")
    assert waits.state.state == "unassigned"
    for agent in agents:
        come_back(house.session, agent, house.now)
    house.wait(minutes=5)
    house.sweep()
    assert (house.lead(3).agent, house.lead(3).reason) == (taken.state.agent, "relationship")


@pytest.mark.parametrize("noted", [{"tags": "newsletter"}, {"quality": "cold"}, {"tags": "x", "quality": "hot"}])
def test_what_the_crm_notes_about_a_person_is_no_enquiry(noted: dict[str, Any]) -> None:
    house = House()
    assert what(house, MIA, MIA._replace(**noted)) == [("new", 1), ("unchanged", 1)]


def test_an_id_of_an_enquiry_is_recorded_already_whatever_the_row_says() -> None:
    house = House()
    house.receive(MIA)
    assert [taken.what for taken in house.receive(ASKS_AGAIN)] == ["unchanged"]


def test_two_persons_of_one_crm_who_share_nothing_stay_two() -> None:
    house = House()
    assert what(house, MIA, Lead(external_id="C-8", email="x@example.com")) == [("new", 1), ("new", 2)]


ROWS = st.lists(st.builds(Lead, external_id=st.sampled_from("abc"), source=st.sampled_from("xyz")), max_size=12)


@settings(max_examples=20)
@given(ROWS, st.integers(1, 11))
def test_rows_one_by_one_are_rows_at_once_and_none_counts_twice(rows: list[Lead], cut: int) -> None:
    whole, parts = House(), House()
    at_once = what(whole, *rows)
    assert at_once == what(parts, *rows[:cut]) + what(parts, *rows[cut:])
    assert sum(became != "unchanged" for became, _ in at_once) == len(set(rows))
    assert {became for became, _ in what(whole, *rows)} <= {"unchanged"}
    assert whole.problems() == []
