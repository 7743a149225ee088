"""Receiving leads: known persons, repeated rows, and that N leads one by one are N leads at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import Policy, Rule, Target
from leadrouter.usecases.receive import receive
from tests.factories import Branch, make_agent, make_policy
from tests.usecases.house import House

LENA = Lead(name="Lena Vogt", email="lena@example.com", phone="+49301234567", source="portal")
OTTO = Lead(name="Otto Kern", email="otto@example.com", phone="+49301234567")


def what(house: House, *rows: Lead) -> list[tuple[str, int]]:
    """What became of each row, and of which lead."""
    return [(taken.what, taken.state.lead) for taken in house.receive(*rows)]


# --- known persons --------------------------------------------------------------------------------------------

TWO_ROWS = [
    pytest.param(LENA, LENA, "unchanged", id="the same cells"),
    pytest.param(LENA._replace(external_id="P-1"), Lead(external_id="P-1"), "unchanged", id="the same external id"),
    pytest.param(LENA, LENA._replace(message="and?"), "inquiry", id="the same person asks something else"),
    pytest.param(LENA, Lead(email="lena@example.com"), "inquiry", id="only the same e-mail"),
    pytest.param(LENA, Lead(phone="+49301234567"), "inquiry", id="only the same phone"),
    pytest.param(LENA, LENA._replace(external_id="P-1"), "inquiry", id="the same person under an external id"),
    pytest.param(
        LENA._replace(external_id="P-1"), LENA._replace(external_id="P-2"), "inquiry", id="under another external id"
    ),
    pytest.param(LENA, OTTO, "new", id="two people who share a phone"),
    pytest.param(LENA, OTTO._replace(email=None), "inquiry", id="a shared phone, another name, no e-mail"),
    pytest.param(LENA, OTTO._replace(name="lena  VOGT"), "inquiry", id="a shared phone, the same name written anew"),
    pytest.param(LENA, Lead(name="Lena Vogt", email="l.vogt@example.com"), "new", id="only the same name"),
    pytest.param(Lead(phone="+4940"), Lead(phone="+4940", name="Ida"), "inquiry", id="a phone alone, then with a name"),
    pytest.param(Lead(phone="+4940"), Lead(phone="+4940"), "unchanged", id="a phone alone, twice"),
    pytest.param(Lead(external_id="P-1"), Lead(external_id="P-2"), "new", id="nothing but external ids"),
]


@pytest.mark.parametrize(("first", "second", "became"), TWO_ROWS)
def test_a_second_row_is_unchanged_an_inquiry_or_new(first: Lead, second: Lead, became: str) -> None:
    house = House()
    assert what(house, first) == [("new", 1)]
    assert what(house, second) == [(became, 2 if became == "new" else 1)]
    assert house.leads() == (2 if became == "new" else 1)
    assert house.kinds()["inquired"] == (became == "inquiry")
    assert house.lead(1).inquiries == (became == "inquiry")
    assert house.problems() == []


@pytest.mark.parametrize(("first", "second", "became"), TWO_ROWS)
def test_inside_one_batch_a_second_row_is_the_same(first: Lead, second: Lead, became: str) -> None:
    house = House()
    assert what(house, first, second) == [("new", 1), (became, 2 if became == "new" else 1)]
    assert house.lead(1).inquiries == (became == "inquiry")
    assert house.problems() == []


@pytest.mark.parametrize("again", [LENA, LENA._replace(message="and?"), Lead(email="lena@example.com")])
def test_an_inquiry_or_a_repeated_row_takes_no_turn_and_moves_no_lead(again: Lead) -> None:
    house = House()
    house.receive(LENA)
    before = house.lead(1), house.credits()
    house.wait(days=2)
    house.receive(again)
    after = house.lead(1)
    after.inquiries = 0
    assert (after, house.credits()) == before
    assert house.deal(1) == ["a02"]


@pytest.mark.parametrize("state", ["assigned", "contacted", "unassigned", "pooled"])
def test_an_inquiry_falls_on_a_lead_in_any_state_that_is_not_closed(state: str) -> None:
    house = House(make_policy([make_agent("aina", capacity=0 if state == "unassigned" else 1)]))
    house.receive(LENA)
    if state == "contacted":
        house.contact(1)
    if state == "pooled":
        house.wait(days=3)
        house.sweep()
    assert house.lead(1).state == state
    assert what(house, Lead(email="lena@example.com")) == [("inquiry", 1)]


@pytest.mark.parametrize("how", ["won", "lost", "void"])
def test_after_a_lead_is_closed_the_same_person_is_a_new_lead(how: str) -> None:
    house = House()
    house.receive(LENA)
    house.step(how, 1)
    assert what(house, LENA._replace(message="again")) == [("new", 2)]
    assert what(house, Lead(email="lena@example.com")) == [("inquiry", 2)]
    house.step("reopen", 1)
    assert what(house, Lead(phone="+49301234567")) == [("inquiry", 2)]  # the latest of the two


@pytest.mark.parametrize("how", ["won", "lost", "void"])
@pytest.mark.parametrize("row", [LENA, LENA._replace(external_id="P-1")], ids=["same cells", "same external id"])
def test_a_row_recorded_before_stays_recorded_when_its_lead_is_closed(row: Lead, how: str) -> None:
    house = House()
    house.receive(row)
    house.step(how, 1)
    assert what(house, row) == [("unchanged", 1)]


def test_an_inquirys_other_phone_makes_the_person_known_by_it_at_once_or_later() -> None:
    rows = (Lead(email="lena@example.com"), Lead(email="lena@example.com", phone="+4940"), Lead(phone="+4940"))
    at_once, one_by_one = House(), House()
    assert what(at_once, *rows) == [what(one_by_one, row)[0] for row in rows]


def test_an_inquiry_is_recorded_too_so_that_its_row_is_not_counted_twice() -> None:
    house = House()
    asked = LENA._replace(message="and?")
    by_id = LENA._replace(external_id="P-9")
    house.receive(LENA, asked, by_id)
    assert what(house, asked, by_id, LENA) == [("unchanged", 1)] * 3
    assert house.kinds()["inquired"] == 2


def test_importing_the_same_rows_twice_does_nothing() -> None:
    house = House()
    rows = [house.person(), house.person(external_id="P-1"), LENA, OTTO, LENA._replace(message="and?")]
    house.receive(*rows)
    events = house.events()
    house.wait(days=40)
    assert {taken.what for taken in house.receive(*rows)} == {"unchanged"}
    assert house.events() == events


def test_three_people_who_share_a_phone_stay_three() -> None:
    house = House()
    ida = OTTO._replace(name="Ida Roth", email="ida@example.com")
    assert what(house, LENA, OTTO, ida) == [("new", 1), ("new", 2), ("new", 3)]
    assert what(house, *[row._replace(message="and?") for row in (LENA, OTTO, ida)]) == [
        ("inquiry", 1), ("inquiry", 2), ("inquiry", 3),
    ]  # fmt: skip


def test_a_person_known_by_e_mail_is_that_person_even_if_the_phone_is_also_anothers() -> None:
    house = House()
    house.receive(Lead(name="Lena Vogt", email="lena@example.com"), Lead(phone="+4940"))
    assert what(house, Lead(name="Lena Vogt", email="lena@example.com", phone="+4940")) == [("inquiry", 1)]


def test_when_a_lead_came_in_is_now_unless_the_row_says_so() -> None:
    house = House()
    house.receive(LENA, OTTO._replace(received_at="2026-01-05T08:00:00Z"))
    received = house.connection.execute("SELECT received_at FROM leads ORDER BY lead").fetchall()
    assert received == [("2026-03-02T09:00:00Z",), ("2026-01-05T08:00:00Z",)]


def test_no_event_holds_a_word_of_the_person() -> None:
    house = House(seniors_and_portal())
    secret = {field: f"secret-{field}" for field in Lead._fields if field not in ("cost", "price", "lat", "lon")}
    secret |= {"quality": "hot", "received_at": "2026-03-01T08:00:00Z", "custom": '{"secret-key":"secret"}'}
    fields: dict[str, Any] = secret
    house.receive(Lead(**fields), Lead(email="secret-email", message="secret"))
    stored = house.connection.execute("SELECT * FROM events").fetchall()
    assert "secret" not in repr(stored)


# --- N of one are one of N ------------------------------------------------------------------------------------


def seniors_and_portal() -> Policy:
    """Rules, groups, weights and narrow capacities, so that some leads go another way and some stay unassigned."""
    team = (
        make_agent("aina", groups=("seniors",), weight=5040, capacity=9),
        make_agent("bala", groups=("seniors",), capacity=4, per_hour=3),
        make_agent("chong", capacity=6, joined="2026-02-27"),
        make_agent("devi", weight=1680, capacity=5),
    )
    rules = (
        Rule("dear", ("price", "above", 1e6), Target("group", ("seniors",)), rotation="homes"),
        Rule("portal", ("source", "in", ("portal",)), otherwise="everyone"),
        Rule("everyone", rotation="homes"),
    )
    return make_policy(team, rules=rules)


def few(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *values))


rows = st.builds(
    Lead,
    external_id=few("P-1", "P-2"),
    name=few("Lena Vogt", "Otto Kern", "Ida Roth"),
    email=few(*(f"person{number}@example.com" for number in range(12))),
    phone=few(*(f"+4940{number}" for number in range(6))),
    source=few("portal", "referral"),
    price=st.sampled_from((None, 2e6)),
    quality=few("hot", "cold"),
    message=few("hello"),
).filter(lambda row: bool(row.external_id or row.email or row.phone))


def account_of(house: House) -> dict[str, Any]:
    """All that may not depend on how rows came in: leads, accounts, counts and events, without chance and hashes."""
    select = house.connection.execute
    leads = select("SELECT lead, external_id, email, phone, state, agent, quality, rule, reason, turn_panel, inquiries "
                   "FROM leads ORDER BY lead").fetchall()  # fmt: skip
    return {
        "leads": leads,
        "accounts": select("SELECT * FROM rotations ORDER BY rotation, agent").fetchall(),
        "agents": select("SELECT agent, open, day_count, hour_count, last_lead, leads FROM agents").fetchall(),
        "tallies": select("SELECT * FROM tallies ORDER BY month, panel, agent, what").fetchall(),
        "events": [(event.seq, event.kind, event.lead, event.agent, event.data) for event in house.events()],
    }


@settings(max_examples=40)
@given(st.lists(rows, min_size=1, max_size=30))
def test_leads_one_by_one_are_the_same_leads_at_once(drawn: Sequence[Lead]) -> None:
    at_once, one_by_one = House(seniors_and_portal()), House(seniors_and_portal())
    together = at_once.receive(*drawn)
    singly = [one_by_one.receive(row)[0] for row in drawn]
    assert [(taken.what, taken.state.lead) for taken in singly] == [
        (taken.what, taken.state.lead) for taken in together
    ]
    assert account_of(one_by_one) == account_of(at_once)


@pytest.mark.parametrize("seed", range(5))
def test_so_they_are_on_real_files_with_a_process_for_each_lead(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    emails, phones = [f"person{n}@example.com" for n in range(12)], [f"+4940{n}" for n in range(6)]
    drawn = [
        Lead(
            name=chance.choice(("Lena Vogt", "Otto Kern", None)),
            email=chance.choice(emails),
            phone=chance.choice((None, *phones)),
            source=chance.choice(("portal", None)),
            price=chance.choice((2e6, None)),
            quality=chance.choice((None, "hot")),
        )
        for _ in range(40)
    ]
    at_once = House(seniors_and_portal(), tmp_path / "one.db")
    by_many = House(seniors_and_portal(), tmp_path / "many.db")
    at_once.receive(*drawn)
    for row in drawn:
        session = by_many.open()
        receive(session, [row], by_many.now)
        session.connection.close()
    assert account_of(by_many) == account_of(at_once)
    assert by_many.problems() == at_once.problems() == []
    at_once.connection.close()
    by_many.connection.close()


@settings(max_examples=20)
@given(st.lists(rows, min_size=2, max_size=30), st.data())
def test_it_does_not_matter_where_a_file_is_cut_into_batches(drawn: list[Lead], data: st.DataObject) -> None:
    whole, cut = House(seniors_and_portal()), House(seniors_and_portal())
    at = data.draw(st.integers(1, len(drawn) - 1))
    whole.receive(*drawn)
    cut.receive(*drawn[:at])
    cut.receive(*drawn[at:])
    assert account_of(cut) == account_of(whole)


def test_leads_of_a_branch_without_a_file_go_the_same_way() -> None:
    house, branch = House(seniors_and_portal()), Branch(seniors_and_portal())
    drawn: list[dict[str, Any]] = [{"price": 2e6}, {"source": "portal"}, {}, {"quality": "hot"}] * 7
    assert [house.route(**fields).agent for fields in drawn] == [branch.route(**fields).agent for fields in drawn]


# --- one transaction ------------------------------------------------------------------------------------------


class FellOver(Exception):
    """Stands for any fault in the middle of a step."""


def test_either_all_of_a_batch_is_in_the_file_or_none_of_it() -> None:
    house = House()
    house.deal(3)
    before = account_of(house)
    broken = Lead(name="Person \ud800", email="half@example.com")  # half a character, which cannot be written
    with pytest.raises(UnicodeEncodeError):
        house.receive(house.person(), broken)
    assert account_of(house) == before
    assert house.deal(3) == ["a01", "a02", "a03"]
    assert house.problems() == []


def test_a_fault_after_the_events_takes_the_whole_step_back() -> None:
    house = House()
    house.deal(2)
    before = account_of(house)

    def fall_over() -> None:
        with house.session.writing() as journal:
            journal.record("went_away", house.now, agent="a03", data={"from": "2026-03-02T09:00:00Z", "until": None})
            raise FellOver

    with pytest.raises(FellOver):
        fall_over()
    assert account_of(house) == before
    assert house.deal(1) == ["a03"]
