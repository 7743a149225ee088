"""Recorded leads through another policy: what is tried is dealt by the same code, and the file stays as it was."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import WEIGHT_UNIT, Policy, Rule, Target
from leadrouter.domain.promises import ASKING, Escalation
from leadrouter.errors import WrongUsage
from leadrouter.reports.simulation import as_json, closing_words
from leadrouter.usecases.erase import forget
from leadrouter.usecases.past import keep_past
from leadrouter.usecases.roster import go_away
from leadrouter.usecases.simulate import Simulated, simulate, window
from tests.domain.drawn import Move, seeds
from tests.factories import START, make_agent, make_policy
from tests.usecases.drawn import drawn_policy, live, moves
from tests.usecases.house import House


def tried(house: House, policy: Policy | None = None, since: datetime | None = None) -> Simulated:
    return simulate(house.connection, policy or house.session.policy.policy, since, house.now)


def one_after_another(house: House, count: int, **fields: Any) -> None:
    """A lead every ten minutes, each reached at once, as in an office where cron runs."""
    for _ in range(count):
        lead = house.route(**fields)
        if lead.agent is not None:
            house.contact(lead.lead)
        house.wait(minutes=10)
        house.sweep()


def test_the_policy_in_force_changes_nothing() -> None:
    house = House(make_policy(4))
    one_after_another(house, 20)
    found = tried(house)
    assert (found.leads, found.different, found.left_out) == (20, 0, {})
    assert found.actual.first == found.simulated.first
    assert found.actual.deviation == found.simulated.deviation


@settings(max_examples=15)
@given(seed=seeds, history=moves)
def test_whatever_is_tried_the_file_stays_as_it_was(seed: int, history: list[Move]) -> None:
    house = live(House(drawn_policy(seed, 1 + seed % 5)), [("route", 0), *history])
    before = list(house.connection.iterdump())
    found = tried(house, drawn_policy(seed + 1, 3))
    assert list(house.connection.iterdump()) == before
    assert found.leads == len(found.simulated.waited) + found.simulated.nobody
    assert found.different <= found.leads


def test_other_weights_deal_other_shares() -> None:
    house = House(make_policy([make_agent("ann", capacity=99), make_agent("ben", capacity=99)]))
    one_after_another(house, 12)
    other = make_policy([make_agent("ann", capacity=99, weight=2 * WEIGHT_UNIT), make_agent("ben", capacity=99)])
    found = tried(house, other)
    assert Counter(found.actual.first.values()) == {"ann": 6, "ben": 6}
    assert Counter(found.simulated.first.values()) == {"ann": 8, "ben": 4}
    assert found.different == sum(found.actual.first[lead] != found.simulated.first[lead] for lead in range(1, 13))


def test_who_was_away_is_away_and_who_joined_later_joins_then() -> None:
    house = House(make_policy([make_agent("ann", capacity=99), make_agent("ben", capacity=99)]))
    go_away(house.session, "ben", None, None, house.now)
    one_after_another(house, 3)
    house.wait(days=1)
    team = [make_agent(name, capacity=99) for name in ("ann", "ben", "cem")]
    house.load(make_policy(team))
    one_after_another(house, 6)
    found = tried(house, make_policy(team, rules=(Rule("everyone", strategy="least_busy"),)))
    assert [found.simulated.first[lead] for lead in (1, 2, 3)] == ["ann"] * 3
    assert "ben" not in found.simulated.first.values()
    assert found.simulated.skips["cem"] == {"not_joined": 3}
    assert found.simulated.skips["ben"] == {"paused": 9}


def test_time_off_that_a_policy_of_the_time_had_is_still_time_off() -> None:
    away = (((START - timedelta(days=1)).date().isoformat(), "2026-03-05"),)
    house = House(make_policy([make_agent("ann", capacity=99), make_agent("ben", capacity=99, time_off=away)]))
    one_after_another(house, 4)
    found = tried(house, make_policy([make_agent("ann", capacity=99), make_agent("ben", capacity=99)]))
    assert set(found.simulated.first.values()) == {"ann"}


def test_a_window_begins_with_the_desk_as_it_stood() -> None:
    house = House(make_policy([make_agent("ann", capacity=99), make_agent("ben", capacity=99)]))
    one_after_another(house, 7)
    since = house.wait(days=1)
    one_after_another(house, 5)
    found = tried(house, since=since)
    assert (found.leads, found.different) == (5, 0)
    assert sorted(found.simulated.first) == [8, 9, 10, 11, 12]
    assert found.simulated.peak == found.actual.peak


def test_offers_that_were_not_made_then_are_accepted_at_once() -> None:
    house = House(make_policy(3))
    one_after_another(house, 6)
    found = tried(house, make_policy(3, acceptance=ASKING))
    assert found.different == 0
    assert set(found.simulated.waited) == {0}


def test_offers_are_answered_as_they_were_by_the_same_agent() -> None:
    policy = make_policy(3, acceptance=ASKING)
    house = House(policy)
    house.route()
    house.wait(minutes=2)
    house.step("decline", 1, reason="busy")
    house.wait(minutes=3)
    house.step("accept", 1)
    found = tried(house)
    assert (found.different, found.simulated.first, found.simulated.waited) == (0, {1: "a02"}, [5.0])


def test_clocks_strike_when_they_do_under_the_policy_that_is_tried() -> None:
    house = House(make_policy(3, escalation=Escalation((), (), ())))
    house.route(quality="hot")
    house.wait(minutes=45)
    found = tried(house, make_policy(3))
    assert (found.actual.taken_back, found.simulated.taken_back) == (0, 1)
    assert (found.simulated.first[1], found.simulated.last[1]) == ("a01", "a02")


def test_leads_that_nobody_could_take_are_tried_again_when_hours_begin() -> None:
    early = ((0, 6 * 60, 12 * 60),)
    house = House(make_policy([make_agent("ann", hours=early, capacity=99)]))
    house.route()
    house.wait(hours=3)
    late = make_policy([make_agent("ann", hours=((0, 10 * 60, 14 * 60),), capacity=99)])
    found = tried(house, late)
    assert (found.actual.waited, found.simulated.waited) == ([0], [60])


def test_forgotten_leads_are_left_out_and_counted() -> None:
    house = House(make_policy(2))
    one_after_another(house, 4)
    forget(house.session, "id:2", house.now)
    found = tried(house)
    assert (found.leads, found.forgotten) == (3, 1)
    assert sorted(found.simulated.first) == [1, 3, 4]


def test_what_no_longer_fits_is_left_out_and_counted() -> None:
    house = House(make_policy([make_agent("ann", capacity=99), make_agent("ben", capacity=99)]))
    house.route()
    house.step("release", 1)
    only_ben = make_policy(
        [make_agent("ann", capacity=99), make_agent("ben", groups=("x",))],
        rules=(Rule("everyone", to=Target("group", ("x",))),),
    )
    found = tried(house, only_ben)
    assert found.simulated.first == {1: "ben"}
    assert found.left_out == {"released": 1}


def test_leads_of_earlier_times_come_in_when_they_were_received() -> None:
    team = [make_agent("ann"), make_agent("ben")]
    house = House(make_policy(team, escalation=Escalation((), (), ())), now=datetime(2026, 6, 1, tzinfo=UTC))

    def past(number: int, agent: str, won: bool, days: int | None) -> PastLead:
        came = datetime(2025, 1, number, 9, tzinfo=UTC)
        closed = came + timedelta(days=days) if days else None
        facts = Lead(external_id=f"P{number}", received_at=came.isoformat())
        return PastLead(facts, agent, "won" if won else "lost", came, None, closed)

    keep_past(
        house.session,
        [past(1, "ann", True, 4), past(2, "ann", False, 6), past(3, "ann", True, 5), past(4, "ann", False, None)],
        house.now,
    )
    found = tried(house)
    assert (found.since, found.leads, found.past, found.guessed) == (datetime(2025, 1, 1, 9, tzinfo=UTC), 4, 4, 1)
    assert found.actual.first == dict.fromkeys([1, 2, 3, 4], "ann")
    assert [found.simulated.first[lead] for lead in (1, 2, 3, 4)] == ["ann", "ben", "ann", "ben"]
    assert found.actual.peak == {"ann": 4}
    assert found.simulated.peak == {"ann": 2, "ben": 2}
    assert found.estimate.actual == 2
    assert found.estimate.low <= found.estimate.won <= found.estimate.high


def test_an_empty_window_is_refused() -> None:
    house = House()
    with pytest.raises(WrongUsage, match="no lead came in"):
        tried(house)
    with pytest.raises(WrongUsage, match="--from"):
        window("2026-03-04", "2026-03-01", house.now, "UTC")


def test_both_days_of_a_window_belong_to_it() -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    since, until = window("2026-03-01", "2026-03-02", now, "Asia/Kuala_Lumpur")
    assert since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert until == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert window(None, "2027-01-01", now, "UTC") == (None, now)


def test_due_stands_beside_what_was_received_for_it_and_leads_without_a_contact_are_counted() -> None:
    """Whoever lost a lead to a clock was due it, and so was whoever got it then: more than came in first."""
    house = House(make_policy(3))
    leads = [house.route().lead for _ in range(6)]
    house.contact(leads[0])
    house.wait(days=4)
    house.sweep()
    found = simulate(house.connection, make_policy(3), None, house.now)
    view = as_json(found, house.session.policy.policy)
    assert (view["leads"], view["untried"]) == (6, 5)
    assert "No contact is recorded of 5 of 6 leads" in " ".join(closing_words(found))
    for side in ("actual", "simulated"):
        due, received = (sum(entry[key][side] for entry in view["agents"]) for key in ("due", "received"))
        assert due == pytest.approx(received, abs=0.05)
        assert received > 6
