"""Notices and the events they tell of: one transaction, each once; warnings; digests; what `verify` says of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leadrouter.domain.months import Period
from leadrouter.domain.policy import Policy, Rule, Team
from leadrouter.domain.promises import Acceptance, Escalation
from leadrouter.domain.telling import Channel, Notify, Warn
from leadrouter.store import desks, monthly
from leadrouter.usecases.receive import receive
from leadrouter.usecases.session import Session
from tests.factories import make_agent, make_policy

from .house import House


def a_policy(**fields: Any) -> Policy:
    agents = [make_agent(agent, notify=(Channel(f"ntfy://here/{agent}"),)) for agent in ("aina", "bala")]
    usual: dict[str, Any] = {"team": Team(leader="aina"), "notify": Notify(warn=Warn())}
    return make_policy(agents, **usual | fields)


def told(house: House) -> list[tuple[str, str, int | None]]:
    """(kind, person, lead) of every notice, in order."""
    return house.connection.execute("SELECT kind, person, lead FROM notices ORDER BY notice").fetchall()


def test_a_step_that_fails_leaves_neither_event_nor_notice() -> None:
    house = House(a_policy())
    house.route()
    before = (len(house.events()), told(house))

    def fail() -> None:
        with house.session.writing() as journal:
            desks.load_leads(house.connection, journal.desk, [1])
            journal.record("escalated", house.now, lead=1, agent="aina", data={"reason": "unanswered"})
            assert journal.notices
            raise RuntimeError("the power is cut")

    with pytest.raises(RuntimeError):
        fail()
    assert (len(house.events()), told(house)) == before


def test_every_notice_names_the_event_it_tells_of() -> None:
    house = House(a_policy(acceptance=Acceptance(warm=900)))
    house.deal(3)
    house.step("decline", 1, reason="busy")
    house.step("accept", 2)
    rows = house.connection.execute("SELECT event, about, kind, lead, made_at FROM notices").fetchall()
    events = {event.seq: event for event in house.events()}
    assert rows
    for seq, about, kind, lead, made_at in rows:
        assert about == str(seq)
        assert (kind, lead) == ("offer", events[seq].lead)
        assert events[seq].kind == "offered"
        assert made_at == "2026-03-02T09:00:00Z"
    assert house.session.told == len(rows)
    assert house.problems() == []


def test_a_notice_holds_ids_and_codes_and_no_word_of_a_lead_or_an_address() -> None:
    house = House(a_policy())
    house.route(name="Zq Name", phone="+60123456789", source="zqsource", message="zqmessage")
    (row,) = house.connection.execute("SELECT * FROM notices").fetchall()
    assert not any("zq" in str(cell).casefold() or "://" in str(cell) or "6012345" in str(cell) for cell in row)


def test_the_agent_is_warned_once_before_the_promise_is_missed_and_the_leader_hears_at_it() -> None:
    house = House(a_policy())
    lead = house.route(quality="hot")
    house.wait(minutes=10, seconds=-1)
    assert house.sweep().changes == []
    house.wait(seconds=1)
    assert [(change.what, change.reason, change.target) for change in house.sweep().changes] == [
        ("warned", "near", lead.agent)
    ]
    assert house.sweep().changes == []
    house.wait(minutes=5)
    assert [change.what for change in house.sweep().changes] == ["escalated"]
    assert house.sweep().changes == []
    assert [kind for kind, _, _ in told(house)] == ["assignment", "warning", "escalation"]
    assert house.problems() == []


def test_who_has_tried_in_time_is_not_warned() -> None:
    house = House(a_policy())
    house.route(quality="hot")
    house.wait(minutes=9)
    house.contact(1, outcome="no_answer")
    house.wait(minutes=2)
    assert house.sweep().changes == []


def test_a_sweep_that_comes_too_late_warns_nobody_of_what_was_missed() -> None:
    house = House(a_policy())
    house.route(quality="hot")
    house.wait(minutes=20)
    assert [change.what for change in house.sweep().changes] == ["escalated"]
    assert house.sweep().changes == []


def test_without_an_escalation_a_late_sweep_still_warns_once() -> None:
    house = House(a_policy(escalation=Escalation((), (), ())))
    house.route(quality="hot")
    house.wait(minutes=20)
    assert [change.what for change in house.sweep().changes] == ["warned"]
    assert house.sweep().changes == []


def test_an_agent_without_a_channel_is_not_warned_nor_is_anybody_where_it_is_off() -> None:
    for policy in (a_policy(notify=Notify()), make_policy(2, notify=Notify(warn=Warn()))):
        house = House(policy)
        house.route(quality="hot")
        house.wait(minutes=12)
        assert house.sweep().changes == []


def test_a_policy_that_brings_warnings_restarts_no_clock() -> None:
    house = House(a_policy(notify=Notify()))
    house.route(quality="hot")
    house.wait(minutes=12)
    clock = house.lead(1).clock_at
    house.load(a_policy())
    assert house.lead(1).clock_at == clock
    assert [change.what for change in house.sweep().changes] == ["warned"]


def test_a_new_holder_is_warned_anew() -> None:
    house = House(a_policy())
    holder = house.route(quality="hot").agent
    house.wait(minutes=10)
    house.sweep()
    house.step("transfer", 1, to="bala" if holder == "aina" else "aina")
    house.wait(minutes=10)
    assert [change.what for change in house.sweep().changes] == ["warned"]
    warned = [person for kind, person, _ in told(house) if kind == "warning"]
    assert sorted(warned) == ["aina", "bala"]


def test_digests_and_the_months_report_are_asked_for_once_however_often_it_is_swept() -> None:
    policy = a_policy()
    house = House(policy._replace(agents=tuple(agent._replace(digest=8 * 60) for agent in policy.agents)))
    for _ in range(3):
        house.sweep()
        house.wait(minutes=1)
    assert told(house) == [("digest", "aina", None), ("digest", "bala", None)]
    house.wait(days=30)
    house.sweep()
    house.sweep()
    assert sorted(told(house)[2:]) == sorted(
        [("digest", "aina", None), ("digest", "bala", None), ("month_end", "aina", None), ("month_end", "bala", None)]
    )
    assert house.problems() == []


def test_a_dry_run_tells_nobody() -> None:
    house = House(a_policy())
    session = Session(house.connection, "tester", dry_run=True)
    receive(session, [house.person()], house.now)
    assert session.told == 1
    assert told(house) == []
    session.connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notices SET kind = 'reclaimed'",
        "UPDATE notices SET event = 1",
        "UPDATE notices SET lead = 2",
        "UPDATE notices SET lead = NULL",
    ],
)
def test_a_notice_that_tells_of_what_did_not_happen_is_found(change: str) -> None:
    house = House(a_policy(rules=(Rule("everyone"),)))
    house.route()
    house.deal(1)
    house.connection.execute(f"{change} WHERE notice = 1")
    (problem,) = house.problems()
    assert problem.startswith("notice 1 ")


def test_what_became_of_telling_is_no_part_of_the_proof() -> None:
    """The chain proves what happened, not who heard of it: a row delivered, given up or gone changes nothing there."""
    house = House(a_policy())
    house.deal(3)
    house.connection.execute("UPDATE notices SET state = 'delivered', delivered_at = made_at WHERE notice = 1")
    house.connection.execute("UPDATE notices SET state = 'dead' WHERE notice = 2")
    house.connection.execute("DELETE FROM notices WHERE notice = 3")
    assert house.problems() == []


def test_the_months_figures_take_the_channel_that_was_first() -> None:
    house = House(a_policy())
    house.deal(2)
    rows = house.connection.execute("SELECT about, person FROM notices ORDER BY notice").fetchall()
    delivered = [(0, "ntfy", 4), (0, "sms", 2), (1, "ntfy", 10)]
    house.connection.execute("DELETE FROM notices")
    for number, channel, minutes in delivered:
        about, person = rows[number]
        at = (house.now + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
        house.connection.execute(
            "INSERT INTO notices (about, person, channel, kind, made_at, event, state, delivered_at) "
            "VALUES (?, ?, ?, 'assignment', '2026-03-02T09:00:00Z', ?, 'delivered', ?)",
            (about, person, channel, int(about), at),
        )
    found = monthly.told(house.connection, Period("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"))
    assert found == {rows[0][1]: [2.0], rows[1][1]: [10.0]}
    assert monthly.told(house.connection, Period("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")) == {}
