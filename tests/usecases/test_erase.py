"""Forgetting a person: everything they said is gone, what came of it stays, and the file still proves itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead, Person
from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import DAY, Retention
from leadrouter.domain.telling import Channel
from leadrouter.errors import Refused, WrongUsage
from leadrouter.reports.arrivals import route_view
from leadrouter.store.partial_indexes import KEPT
from leadrouter.usecases.complaints import complain
from leadrouter.usecases.erase import Forgotten, forget
from leadrouter.usecases.past import keep_past
from leadrouter.usecases.steps import edit, take_step
from leadrouter.usecases.suppression import allow
from leadrouter.usecases.verify import verify
from tests.factories import make_agent, make_policy
from tests.usecases.busy import busy_house
from tests.usecases.house import House

ANN = Lead(
    external_id="E-1",
    name="Ann Lee",
    email="ann@example.com",
    phone="+60127310001",
    source="web",
    cost=9.5,
    message="zqmessage",
    custom='{"pet": "zqcat", "phone_2": "+60127310009"}',
    received_at="2026-03-01T00:00:00Z",
)
BOB = Lead(name="Bob Lee", email="bob@example.com", phone="+60127310001", source="web")


def gone(house: House, name: str = "id:1") -> Forgotten:
    return forget(house.session, name, house.now)


def everything(house: House) -> str:
    """All that the file says, as text."""
    return "\n".join(house.connection.iterdump())


def what(house: House, *rows: Lead) -> list[str]:
    return [taken.what for taken in house.receive(*rows)]


# --- what goes and what stays -------------------------------------------------------------------------------------


def test_nothing_of_the_person_is_left_and_the_file_proves_itself() -> None:
    house = House()
    house.receive(ANN)
    house.receive(ANN._replace(external_id="E-2", message="zqagain", email="ann2@example.com"))  # an inquiry
    take_step(
        house.session, "contact", "id:1", house.now, note="zqnote", details={"channel": "call", "outcome": "reached"}
    )
    done = gone(house)
    assert (done.inquiries, done.notes) == (1, 1)
    left = everything(house)
    assert [word for word in ("Ann", "ann@", "ann2@", "7310001", "7310009", "zq", "E-1", "E-2") if word in left] == []
    assert ("web", 9.5, "2026-03-01T00:00:00Z") in house.connection.execute(
        "SELECT source, cost, received_at FROM leads"
    ).fetchall()
    verdict = verify(house.connection)
    assert (verdict.problems, verdict.not_replayed) == ([], 1)


def test_the_event_holds_ids_and_numbers_only() -> None:
    house = House()
    house.receive(ANN)
    gone(house)
    (event,) = [event for event in house.events() if event.kind == "forgotten"]
    assert (event.lead, event.by, sorted(event.data)) == (1, "tester", ["list", "reason"])
    assert (event.data["reason"], len(event.data["list"])) == ("asked", 64)


@pytest.mark.parametrize("state", ["offered", "assigned", "contacted", "unassigned", "pooled", "incubating"])
def test_an_open_lead_is_closed_as_lost_and_its_agent_is_free_again(state: str) -> None:
    asks = {"acceptance": make_policy()._replace().acceptance._replace(warm=300)} if state == "offered" else {}
    house = House(make_policy([make_agent("a", capacity=0 if state == "unassigned" else 9)], **asks))
    house.receive(ANN)
    match state:
        case "contacted":
            house.contact(1)
        case "pooled":
            house.step("release", 1)
        case "incubating":
            house.step("incubate", 1)
    assert house.lead(1).state == state
    done = gone(house)
    assert [entry.was for entry in done.leads] == [state]
    lead = house.lead(1)
    assert (lead.state, lead.due_at, house.agent("a").open) == ("lost", None, 0)
    assert house.sweep().changes == []
    assert house.problems() == []


def test_its_agent_is_told_that_it_is_gone_and_of_nothing_else() -> None:
    agent = make_agent("a", notify=(Channel("json://127.0.0.1"),))
    house = House(make_policy([agent]))
    house.receive(ANN)
    gone(house)
    rows = house.connection.execute("SELECT kind, state FROM notices WHERE lead = 1 ORDER BY notice").fetchall()
    assert rows == [("assignment", "overtaken"), ("reclaimed", "waiting")]
    assert house.problems() == []


@pytest.mark.parametrize("end", ["won", "lost", "void"])
def test_a_closed_lead_stays_as_it_ended(end: str) -> None:
    house = House()
    house.receive(ANN)
    house.step(end, 1)
    before, credits, tallies = (
        house.lead(1),
        house.credits(),
        house.connection.execute("SELECT * FROM tallies").fetchall(),
    )
    gone(house)
    after = house.lead(1)
    assert after.forgotten_at == house.now
    after.forgotten_at = None
    assert (after, house.credits()) == (before, credits)
    assert house.connection.execute("SELECT * FROM tallies").fetchall() == tallies


@pytest.mark.parametrize("seed", range(4))
def test_whoever_of_a_busy_house_is_forgotten_it_still_proves_itself(seed: int) -> None:
    house = busy_house(seed)
    for lead in range(1, house.leads() + 1, 3):
        gone(house, f"id:{lead}")
    assert house.problems() == []
    house.wait(days=2)
    house.sweep()
    assert house.problems() == []


# --- whose --------------------------------------------------------------------------------------------------------


def test_all_leads_of_a_person_go_and_those_of_the_other_of_a_couple_stay() -> None:
    house = House()
    house.receive(ANN)
    house.step("won", 1)
    house.receive(ANN._replace(external_id="E-9"), BOB)  # leads 2 and 3
    house.receive(Lead(name="Ann Lee", email="a.lee@example.com", phone="+60999999991"))  # a namesake
    assert [entry.lead for entry in gone(house, "id:2").leads] == [1, 2]
    assert house.connection.execute("SELECT name FROM leads ORDER BY lead").fetchall() == [
        (None,), (None,), ("Bob Lee",), ("Ann Lee",),
    ]  # fmt: skip


def test_a_lead_with_nothing_but_a_shared_phone_is_named_and_left() -> None:
    house = House()
    house.receive(ANN, BOB)
    for lead in (1, 2):
        house.step("won", lead)
    house.receive(Lead(phone="+60127310001"))
    done = gone(house)
    assert ([entry.lead for entry in done.leads], done.doubtful) == ([1], (3,))


@pytest.mark.parametrize("name", ["E-1", "ann@example.com", "Ann@Example.com", "id:1"])
def test_a_person_is_named_by_a_lead_or_an_e_mail(name: str) -> None:
    house = House()
    house.receive(ANN)
    assert [entry.lead for entry in gone(house, name).leads] == [1]


def test_a_phone_names_a_person_unless_two_have_it() -> None:
    house = House()
    house.receive(ANN)
    assert [entry.lead for entry in gone(house, "+60127310001").leads] == [1]
    house = House()
    house.receive(ANN, BOB)
    with pytest.raises(WrongUsage, match="more than one person has this phone: leads 1, 2"):
        gone(house, "+60127310001")


def test_forgetting_twice_changes_nothing() -> None:
    house = House()
    house.receive(ANN)
    gone(house)
    before = everything(house)
    assert gone(house) == ([], 0, 0, (), [], [])
    assert everything(house) == before


# --- spoken of elsewhere ------------------------------------------------------------------------------------------


def test_notes_that_name_the_person_go_wherever_they_are_and_leads_that_do_are_named() -> None:
    house = House()
    house.receive(ANN, Lead(email="eve@example.com", message="my friend ann lee told me of you"))
    take_step(
        house.session,
        "contact",
        "id:2",
        house.now,
        note="knows ANN  LEE",
        details={"channel": "call", "outcome": "reached"},
    )
    complain(house.session, "a01", "012-731 0001 was mine", house.now)
    complain(house.session, "a02", "too few leads, says Lee", house.now)
    done = gone(house)
    assert (done.notes, done.mentioned) == (2, [2])
    assert house.connection.execute("SELECT text FROM notes WHERE text IS NOT NULL").fetchall() == [
        ("too few leads, says Lee",)
    ]
    assert house.problems() == []


def test_a_note_that_nobody_erased_may_not_be_gone() -> None:
    house = House()
    house.receive(ANN, Lead(email="eve@example.com"))
    complain(house.session, "a01", "too few leads", house.now)
    gone(house)
    house.connection.execute("UPDATE notes SET text = NULL, salt = NULL")
    assert [problem for problem in house.problems() if "the note of event" in problem]


def test_facts_that_nobody_erased_may_not_be_gone() -> None:
    house = House()
    house.receive(ANN)
    house.connection.execute(
        "UPDATE leads SET name = NULL, email = NULL, phone = NULL, external_id = NULL, salt = NULL"
    )
    assert house.problems() != []


# --- nothing can be done with it any more -------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["contact", "won", "reopen", "rate", "transfer", "incubate", "request", "void"])
def test_no_step_can_be_taken_any_more(step: str) -> None:
    house = House()
    house.receive(ANN)
    gone(house)
    with pytest.raises(Refused, match="the person of lead 1 was forgotten"):
        take_step(house.session, step, "id:1", house.now)


def test_nor_can_facts_be_put_back_or_a_forgotten_person_into_another_lead() -> None:
    house = House()
    house.receive(ANN, Lead(email="eve@example.com"))
    gone(house)
    with pytest.raises(Refused, match="was forgotten"):
        edit(house.session, "id:1", {"email": "ann@example.com"}, house.now)
    with pytest.raises(Refused, match="asked to be forgotten"):
        edit(house.session, "id:2", {"email": "ann@example.com"}, house.now)


# --- not recorded again -------------------------------------------------------------------------------------------

AGAIN = [
    pytest.param(ANN, "suppressed", id="the same row"),
    pytest.param(Lead(email="ann@example.com", phone="+49301"), "suppressed", id="the e-mail alone"),
    pytest.param(Lead(external_id="E-1"), "suppressed", id="the id alone"),
    pytest.param(Lead(phone="+60127310001"), "suppressed", id="the phone alone"),
    pytest.param(Lead(phone="+60127310009", name="A. Lee"), "suppressed", id="the second phone of the cell"),
    pytest.param(Lead(phone="+49", email="new@example.com", custom='{"phone_2": "+60127310001"}'), "suppressed",
                 id="the phone as a second one"),
    pytest.param(BOB, "new", id="the other of a couple"),
    pytest.param(Lead(name="Ann Lee", email="other@example.com"), "new", id="a namesake"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "became"), AGAIN)
def test_whoever_was_forgotten_is_not_recorded_again(row: Lead, became: str) -> None:
    house = House()
    house.receive(ANN)
    gone(house)
    before = everything(house)
    assert what(house, row) == [became]
    assert (everything(house) == before) == (became == "suppressed")
    past = House()
    past.receive(ANN)
    gone(past)
    (kept,) = keep_past(past.session, [PastLead(row, None, "lost", None, None, None)], past.now)
    assert kept.what == became
    assert past.problems() == []


def test_by_a_phone_alone_nobody_is_turned_away_who_is_known_and_was_not_forgotten() -> None:
    house = House()
    house.receive(ANN, BOB)
    gone(house)
    assert what(house, Lead(phone="+60127310001", message="again")) == ["inquiry"]
    assert what(house, Lead(phone="+60127310001", email="ann@example.com")) == ["suppressed"]


rows = st.builds(
    lambda name, email, phone: Lead(name=name, email=email, phone=phone),
    name=st.sampled_from([None, "Ann Lee", "Bob Lee"]),
    email=st.sampled_from([None, "ann@example.com", "bob@example.com"]),
    phone=st.sampled_from([None, "+60127310001", "+602"]),
).filter(lambda row: row.email or row.phone)


@settings(max_examples=60)
@given(batch=st.lists(rows, max_size=6))
def test_a_file_of_them_is_as_many_single_ones(batch: Sequence[Lead]) -> None:
    together, alone = House(), House()
    for house in (together, alone):
        house.receive(ANN)
        gone(house)
    found = [
        (taken.what, route_view(taken, house.session.policy.policy)["agent"]) for taken in together.receive(*batch)
    ]
    one_by_one = [
        (taken.what, route_view(taken, house.session.policy.policy)["agent"])
        for row in batch
        for taken in alone.receive(row)
    ]
    assert found == one_by_one
    assert together.problems() == []


@pytest.mark.parametrize("who", [Person(None, None, "ann@example.com", None), Person(None, None, None, "+60127310009")])
def test_who_comes_back_is_taken_off_the_list_with_all_they_had(who: Person) -> None:
    house = House()
    house.receive(ANN)
    house.step("won", 1)
    house.receive(ANN._replace(external_id="E-9", email="a2@example.com"))
    gone(house)
    assert allow(house.session, who, house.now) == [1, 2]
    assert house.kinds()["allowed"] == 2
    assert what(house, ANN._replace(email="a2@example.com", external_id="E-9"), ANN) == ["new", "inquiry"]
    assert house.problems() == []


def test_nobody_can_be_taken_off_who_is_not_on_it() -> None:
    with pytest.raises(WrongUsage, match="nobody with this"):
        allow(House().session, Person(None, None, "ann@example.com", None), datetime.now(UTC))


@pytest.mark.parametrize(
    "tampering",
    ["DELETE FROM suppressed", "UPDATE suppressed SET email = '0'", "UPDATE suppression SET salt = randomblob(16)"],
)
def test_verify_finds_a_changed_list(tampering: str) -> None:
    house = House()
    house.receive(ANN)
    gone(house)
    house.connection.execute(tampering)
    assert any("suppression" in problem for problem in house.problems())


# --- retention ----------------------------------------------------------------------------------------------------


def keeping(days: int) -> Policy:
    return make_policy(3, retention=Retention(days * DAY))


def test_by_default_nothing_is_erased_by_itself() -> None:
    assert Retention().closed is None
    house = House()
    house.receive(ANN)
    house.step("lost", 1)
    house.wait(days=3650)
    assert house.sweep().changes == []


def test_what_was_closed_long_enough_ago_is_erased_by_the_sweep_and_may_come_again() -> None:
    house = House(keeping(30))
    house.receive(ANN, BOB, Lead(email="eve@example.com"))
    house.step("lost", 1)
    house.wait(days=1)
    house.step("won", 2)
    house.wait(days=29)
    house.contact(3)
    house.wait(days=1)
    assert [change[:3] for change in house.sweep().changes if change.what == "forgotten"] == [
        (1, "forgotten", "retention")
    ]
    assert house.sweep().changes == []
    assert (house.lead(1).forgotten_at, house.lead(2).forgotten_at, house.lead(3).forgotten_at) == (
        house.now,
        None,
        None,
    )
    assert house.connection.execute("SELECT count(*) FROM suppressed").fetchone() == (0,)
    assert what(house, ANN) == ["new"]
    assert house.problems() == []


def test_it_counts_whole_days_of_the_team_so_that_the_file_is_written_anew_once_a_day() -> None:
    house = House(keeping(30))
    house.receive(ANN)
    house.step("lost", 1)  # Monday 09:00
    house.wait(days=30, hours=14)
    assert house.sweep().changes == []
    house.wait(hours=1)
    assert [change.lead for change in house.sweep().changes] == [1]


def test_a_past_lead_that_was_closed_on_a_day_nobody_knows_counts_from_when_it_came_in() -> None:
    house = House(keeping(30))
    old = (house.now - timedelta(days=40)).isoformat()
    past = [PastLead(Lead(external_id=name, received_at=at), None, "lost", None, None, None)
            for name, at in (("P-1", old), ("P-2", house.now.isoformat()))]  # fmt: skip
    keep_past(house.session, past, house.now)
    assert [change.lead for change in house.sweep().changes] == [1]


def test_a_sweep_finds_old_leads_through_an_index(tmp_path: Path) -> None:
    house = House(keeping(30), tmp_path / "leadrouter.db")
    plan = house.connection.execute(
        f"EXPLAIN QUERY PLAN SELECT lead FROM leads WHERE {KEPT} AND coalesce(closed_at, received_at) < '2026'"
    ).fetchall()
    assert "leads_kept (<expr><?)" in plan[0][-1]
