"""The sweep: what has fallen due is carried out once, in order, and always ends in a named place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from leadrouter.domain.policy import Agent, Policy, Rule, Target, Team
from leadrouter.domain.promises import DAY, HOUR, Escalation, EscalationStep, Hold, Reclaim, TimeOff
from leadrouter.domain.state import HELD
from leadrouter.usecases.roster import go_away
from tests import factories
from tests.domain.drawn import seeds
from tests.factories import PLENTY, START, make_agent, make_team
from tests.usecases.house import House

LENA = make_agent("lena", role="leader")

TWO_CLOCKS = Reclaim(attempts=None, hold=Hold(None, None, None))
"""No attempt for 72 hours, no sale for 14 days: the clocks of these tests. The others have theirs in `tests/trade`."""


def make_policy(agents: int | Iterable[Agent] = 3, **fields: Any) -> Policy:
    """A policy that takes leads back by two clocks and tells nobody on the way."""
    return factories.make_policy(agents, **({"escalation": Escalation((), (), ()), "reclaim": TWO_CLOCKS} | fields))


def with_leader(*agents: Agent, leader: Agent = LENA, **fields: Any) -> Policy:
    return make_policy((*agents, leader), team=Team(leader=leader.id), **fields)


def swept(house: House) -> list[tuple[int | None, str, str, str | None, str | None]]:
    """What a sweep changed: lead, what, why, from whom, to whom. A second one at the same moment changes nothing."""
    changes = house.sweep().changes
    events = house.events()
    assert house.sweep().changes == []
    assert house.events() == events
    assert house.problems() == []
    return [change[:5] for change in changes]


def reminded(house: House) -> bool:
    """Whether a sweep a year later moves nothing and only reminds the leader of the one lead there is."""
    house.wait(days=365)
    leader = house.session.policy.policy.team.leader
    return swept(house) == [(1, "escalated", "resting", house.lead(1).agent, leader)]


# --- the default clocks, to the second ------------------------------------------------------------------------


def test_no_attempt_for_72_hours_takes_a_lead_back_and_deals_it_again() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=72, seconds=-1)
    assert swept(house) == []
    assert house.sweep().next_due == "2026-03-05T09:00:00Z"
    house.wait(seconds=1)
    assert swept(house) == [(1, "assigned", "no_contact", "a01", "a02")]
    lead = house.lead(1)
    assert (lead.agent, lead.hops, lead.past_holders, lead.assigned_at) == ("a02", 1, ("a01",), house.now)


@pytest.mark.parametrize("outcome", ["no_answer", "voicemail", "busy", "wrong_number"])
def test_any_attempt_stops_that_clock(outcome: str) -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=72, seconds=-1)
    house.contact(1, outcome)
    assert reminded(house)


def test_an_attempt_that_is_told_late_stops_it_too_if_no_sweep_came_between() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=80)
    house.contact(1, "no_answer", at=START + timedelta(hours=70))
    assert swept(house) == []


def test_reached_but_no_sale_for_14_days_takes_a_lead_back() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=71)
    house.contact(1)
    house.wait(days=14, seconds=-1)
    assert swept(house) == []
    house.wait(seconds=1)
    assert swept(house) == [(1, "assigned", "no_conversion", "a01", "a02")]
    assert house.lead(1).reached_at is None


def test_the_conversion_clock_runs_from_when_the_person_was_reached() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=60)
    house.contact(1, at=START + timedelta(hours=1))
    house.now = START + timedelta(days=14, hours=1, seconds=-1)
    assert swept(house) == []
    house.wait(seconds=1)
    assert [change[2] for change in swept(house)] == ["no_conversion"]


def test_a_new_holder_gets_the_whole_time_again() -> None:
    house = House(make_policy())
    house.route()
    for hop, holder in enumerate(("a01", "a02", "a03")):
        assert (house.lead(1).agent, house.lead(1).hops) == (holder, hop)
        house.wait(hours=72, seconds=-1)
        assert swept(house) == []
        house.wait(seconds=1)
        assert len(swept(house)) == 1


def test_a_transfer_gives_the_whole_time_again_and_does_not_shut_anybody_out() -> None:
    house = House(make_policy(2))
    house.route()
    house.wait(hours=71)
    house.step("transfer", 1, to="a02")
    house.wait(hours=72, seconds=-1)
    assert swept(house) == []
    house.wait(seconds=1)
    assert swept(house) == [(1, "assigned", "no_contact", "a02", "a01")]


@pytest.mark.parametrize("how", ["won", "lost", "void"])
def test_a_closed_lead_is_left_alone_and_a_reopened_one_has_a_fresh_clock(how: str) -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=71)
    house.step(how, 1)
    house.wait(days=99)
    assert swept(house) == []
    house.step("reopen", 1)
    house.wait(hours=72, seconds=-1)
    assert swept(house) == []
    house.wait(seconds=1)
    assert len(swept(house)) == 1


# --- where it ends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [with_leader(*make_team(6)), make_policy(6)], ids=["a leader", "no leader"])
def test_after_three_hops_a_lead_rests_with_the_leader_or_in_the_pool(policy: Policy) -> None:
    house = House(policy)
    house.route()
    holders = []
    for _ in range(4):
        house.wait(hours=72)
        holders += [(what, target) for _, what, _, _, target in swept(house)]
    end = ("assigned", "lena") if policy.team.leader else ("pooled", None)
    assert holders == [("assigned", "a02"), ("assigned", "a03"), ("assigned", "a04"), end]
    assert house.lead(1).reason == "max_hops"
    assert reminded(house)


@pytest.mark.parametrize("leader", [True, False], ids=["a leader", "no leader"])
def test_in_a_team_of_one_a_reclaimed_lead_rests_at_once(leader: bool) -> None:
    aina = make_agent("aina")
    house = House(with_leader(aina) if leader else make_policy([aina]))
    house.route()
    house.wait(hours=72)
    place = ("assigned", "no_contact", "aina", "lena") if leader else ("pooled", "no_contact", "aina", None)
    assert swept(house) == [(1, *place)]
    assert house.lead(1).reason == "no_one_left"
    assert reminded(house)


def test_the_only_agent_may_be_the_leader_too() -> None:
    aina = make_agent("aina")
    house = House(make_policy([aina], team=Team(leader="aina")))
    house.route()
    house.wait(hours=72)
    assert swept(house) == [(1, "assigned", "no_contact", "aina", "aina")]
    assert reminded(house)


def test_with_no_hops_at_all_the_first_reclaim_ends_it() -> None:
    house = House(make_policy(3, reclaim=TWO_CLOCKS._replace(max_hops=0)))
    house.route()
    house.wait(hours=72)
    assert swept(house) == [(1, "pooled", "no_contact", "a01", None)]


def test_a_resting_lead_that_is_moved_by_hand_has_clocks_again_and_comes_back_to_rest() -> None:
    house = House(with_leader(make_agent("aina")))
    house.route()
    house.wait(hours=72)
    swept(house)
    house.step("transfer", 1, to="aina")
    house.wait(hours=72)
    assert swept(house) == [(1, "assigned", "no_contact", "aina", "lena")]


# --- who has left ---------------------------------------------------------------------------------------------


def test_a_leavers_leads_are_dealt_again_at_the_next_sweep() -> None:
    house = House(make_policy())
    house.deal(6)
    house.contact(2)
    house.step("won", 5)
    house.load(make_policy([agent for agent in make_team(3, capacity=PLENTY) if agent.id != "a02"]))
    house.wait(hours=1)
    assert [change[:4] for change in swept(house)] == [(2, "assigned", "agent_left", "a02")]


def test_a_last_day_that_has_come_is_noticed_by_the_sweep_itself() -> None:
    house = House(make_policy([make_agent("aina", left="2026-03-04"), make_agent("bala")]))
    house.route()
    house.now = START.replace(day=3, hour=23, minute=59, second=59)
    assert swept(house) == []
    house.wait(seconds=1)
    assert swept(house) == [(1, "assigned", "agent_left", "aina", "bala")]
    assert house.kinds()["agent_left"] == 1


def test_a_lead_does_not_come_to_rest_with_a_leader_who_has_left() -> None:
    house = House(with_leader(make_agent("aina"), leader=LENA._replace(left="2026-03-04")))
    house.route()
    house.wait(hours=72)
    assert swept(house) == [(1, "pooled", "no_contact", "aina", None)]


def test_a_lead_that_rests_with_the_leader_goes_to_the_pool_when_the_leader_leaves() -> None:
    house = House(with_leader(make_agent("aina"), leader=LENA._replace(left="2026-03-07")))
    house.route()
    house.wait(hours=72)
    assert [change[-1] for change in swept(house)] == ["lena"]
    house.wait(days=2)
    assert swept(house) == [(1, "pooled", "agent_left", "lena", None)]


def test_a_lead_reopened_with_somebody_who_has_left_is_dealt_again() -> None:
    house = House(make_policy(2))
    house.route()
    house.step("lost", 1)
    house.load(make_policy([make_agent("a02")]))
    house.step("reopen", 1)
    assert swept(house) == [(1, "assigned", "agent_left", "a01", "a02")]


def test_who_is_put_back_on_the_roster_before_the_next_sweep_keeps_their_leads() -> None:
    house = House(make_policy(2))
    house.route()
    house.load(make_policy([make_agent("a02", capacity=PLENTY)]))
    house.load(make_policy(2))
    assert swept(house) == []
    assert house.lead(1).agent == "a01"


# --- leads nobody could take ----------------------------------------------------------------------------------


def test_a_lead_nobody_could_take_is_tried_again_and_says_nothing_while_nothing_changes() -> None:
    house = House(make_policy([make_agent("aina", capacity=1)]))
    house.deal(2)
    events = house.events()
    for _ in range(5):
        house.wait(hours=10)
        assert swept(house) == []
    assert house.events() == events
    house.step("won", 1)
    assert swept(house) == [(2, "assigned", "unassigned", None, "aina")]
    assert house.lead(2).assigned_at == house.now


def test_what_becomes_possible_by_a_reclaim_happens_in_the_same_sweep() -> None:
    house = House(make_policy([make_agent("aina", capacity=1), make_agent("bala", capacity=1)]))
    assert house.deal(3) == ["aina", "bala", None]
    house.contact(2)
    house.wait(hours=72)
    # lead 1 leaves aina and finds bala full; that makes room for lead 3
    assert swept(house) == [
        (1, "unassigned", "no_contact", "aina", None),
        (3, "assigned", "unassigned", None, "aina"),
    ]
    house.step("won", 2)
    assert swept(house) == [(1, "assigned", "unassigned", None, "bala")]


def test_leads_that_waited_are_dealt_out_in_the_order_in_which_they_came() -> None:
    house = House(make_policy([make_agent("aina", capacity=0)]))
    house.deal(1)
    house.wait(minutes=1)
    house.deal(3)
    house.load(make_policy([make_agent("aina", capacity=3)]))
    assert [change[0] for change in swept(house)] == [1, 2, 3]
    assert house.lead(4).state == "unassigned"


def test_waiting_out_a_limit_is_enough() -> None:
    house = House(make_policy([make_agent("aina", per_hour=1)]))
    house.deal(3)
    assert swept(house) == []
    house.wait(hours=1)
    assert [change[0] for change in swept(house)] == [2]
    house.wait(hours=1)
    assert [change[0] for change in swept(house)] == [3]


def test_more_leads_than_fit_one_transaction_are_all_swept() -> None:
    house = House(make_policy([make_agent("aina", capacity=450), make_agent("bala", capacity=0)]))
    house.deal(900)
    house.wait(hours=72)
    house.load(make_policy([make_agent("aina", capacity=450), make_agent("bala", capacity=450)]))
    changes = swept(house)
    assert len(changes) == 900
    assert {lead for lead, *_ in changes} == set(range(1, 901))
    assert house.agent("aina").open == house.agent("bala").open == 450


# --- when it runs ---------------------------------------------------------------------------------------------


def test_a_missed_run_only_delays() -> None:
    punctual, late = House(make_policy(5)), House(make_policy(5))
    for house in (punctual, late):
        house.deal(5)
        house.contact(3)
    for _ in range(10):
        punctual.wait(hours=24)
        swept(punctual)
    late.wait(hours=240)
    assert [change[:4] for change in swept(late)] == [
        (lead, "assigned", "no_contact", f"a{lead:02}") for lead in (1, 2, 4, 5)
    ]
    assert {lead: punctual.lead(lead).hops for lead in (1, 2, 3, 4, 5)} == {1: 3, 2: 3, 3: 0, 4: 3, 5: 3}


def test_the_strongest_of_two_overdue_clocks_is_given_as_the_reason() -> None:
    house = House(make_policy(3))
    house.deal(3)
    house.wait(days=9)
    house.load(make_policy([agent for agent in make_team(3, capacity=PLENTY) if agent.id != "a01"]))
    reasons = {lead: reason for lead, _, reason, _, _ in swept(house)}
    assert reasons == {1: "agent_left", 2: "no_contact", 3: "no_contact"}


def test_nobody_who_is_away_gets_what_is_taken_back() -> None:
    house = House(make_policy(3))
    house.route()
    go_away(house.session, "a02", None, None, house.now)
    house.wait(hours=72)
    assert swept(house) == [(1, "assigned", "no_contact", "a01", "a03")]


def test_a_reclaim_costs_the_turn() -> None:
    house = House(make_policy(2))
    house.deal(2)
    house.wait(hours=72)
    swept(house)
    assert sorted(house.credits().values()) == [0, 0]
    received = house.connection.execute("SELECT agent, received FROM rotations ORDER BY agent").fetchall()
    assert received == [("a01", 2), ("a02", 2)]


# --- a policy that changes clocks -----------------------------------------------------------------------------


def test_a_shorter_clock_that_would_be_past_starts_again_when_the_policy_is_loaded() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=10)
    house.load(make_policy(3, reclaim=TWO_CLOCKS._replace(no_contact=2 * HOUR)))
    assert swept(house) == []
    house.wait(hours=2, seconds=-1)
    assert swept(house) == []
    house.wait(seconds=1)
    assert [change[2] for change in swept(house)] == ["no_contact"]


def test_a_shorter_clock_that_is_still_ahead_keeps_its_beginning() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=10)
    house.load(make_policy(3, reclaim=TWO_CLOCKS._replace(no_contact=12 * HOUR)))
    house.wait(hours=2, seconds=-1)
    assert swept(house) == []
    house.wait(seconds=1)
    assert len(swept(house)) == 1


def test_what_was_overdue_before_the_policy_changed_stays_overdue() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=73)
    house.load(make_policy(3, reclaim=TWO_CLOCKS._replace(no_contact=2 * HOUR)))
    assert len(swept(house)) == 1


def test_a_clock_switched_off_takes_nothing_back() -> None:
    house = House(make_policy())
    house.route()
    house.wait(hours=71)
    house.load(make_policy(3, reclaim=TWO_CLOCKS._replace(no_contact=None, no_conversion=1 * DAY)))
    house.wait(days=4)
    assert swept(house) == []
    house.contact(1)
    house.wait(days=1)
    assert [change[2] for change in swept(house)] == ["no_conversion"]


def test_the_sweep_tells_what_is_still_waiting_and_when_the_next_clock_strikes() -> None:
    house = House(make_policy([make_agent("aina", capacity=1)]))
    house.deal(3)
    found = house.sweep()
    assert (found.changes, found.unassigned, found.next_due) == ([], 2, "2026-03-05T09:00:00Z")


def test_a_cover_who_has_room_only_later_in_a_sweep_takes_over_in_the_same_one() -> None:
    bob, dai = make_agent("bob", cover="dai", capacity=1), make_agent("dai", capacity=1)
    steps = Escalation(warm=(EscalationStep(2 * HOUR, "reassign"),))
    house = House(with_leader(bob, dai, escalation=steps, time_off=TimeOff("cover")))
    assert house.deal(2) == ["bob", "dai"]
    house.contact(1)
    house.wait(minutes=30)
    go_away(house.session, "bob", None, "2026-11-15", house.now)
    house.wait(hours=2)
    assert swept(house) == [(2, "unassigned", "unanswered", "dai", None), (1, "assigned", "time_off", "bob", "dai")]


@settings(max_examples=60)
@given(seeds)
def test_a_second_sweep_does_nothing_whoever_covers_for_whom(seed: int) -> None:
    chance, names = Random(seed), ["ann", "bob", "cem", "dai"][: 2 + seed % 3]
    team = [
        make_agent(
            name, capacity=chance.randint(1, 2), cover=chance.choice([other for other in names if other != name])
        )
        for name in names
    ]
    house = House(
        with_leader(
            *team,
            escalation=Escalation(warm=(EscalationStep(2 * HOUR, chance.choice(["reassign", "pool"])),)),
            reclaim=TWO_CLOCKS._replace(no_contact=6 * HOUR, max_hops=2),
            time_off=TimeOff(chance.choice(["cover", "rotate"])),
        )
    )
    for _ in range(3):
        house.deal(chance.randint(1, 6))
        for number in range(1, house.leads() + 1):
            if house.lead(number).state in HELD and chance.random() < 0.5:
                house.contact(number, chance.choice(["reached", "no_answer"]))
        house.wait(minutes=chance.choice([0, 30]))
        until = house.now + timedelta(days=chance.randint(10, 20))
        go_away(house.session, chance.choice(names), None, until.date().isoformat(), house.now)
        house.wait(hours=chance.choice([1, 2, 6, 24]))
        swept(house)


# --- hops -----------------------------------------------------------------------------------------------------


def test_what_an_isa_hands_off_goes_to_the_field_by_the_rules_however_often_it_was_taken_back_before() -> None:
    isas = [make_agent(name, role="isa") for name in ("ida", "ivo", "iva")]
    first = Rule("first", to=Target("role", ("isa",)), then="qualify", otherwise="everyone")
    house = House(
        with_leader(*make_team(3), *isas, rules=(first, Rule("everyone")), reclaim=TWO_CLOCKS._replace(max_hops=1))
    )
    house.route()
    for _ in range(2):
        house.wait(hours=73)
        house.sweep()
    assert (house.lead(1).agent, house.lead(1).reason) == ("lena", "max_hops")
    house.step("transfer", 1, to="iva")
    assert house.step("handoff", 1, override=True, met=[]).agent == "a01"
    house.wait(hours=73)
    house.sweep()
    assert house.lead(1).agent == "a02"
    house.wait(hours=73)
    house.sweep()
    assert (house.lead(1).agent, house.lead(1).reason) == ("lena", "max_hops")
    assert house.problems() == []


def test_a_lead_whose_person_shows_intent_in_nurture_is_dealt_as_hot_however_often_it_was_taken_back() -> None:
    house = House(with_leader(*make_team(4), reclaim=TWO_CLOCKS._replace(max_hops=1)))
    house.route()
    for _ in range(2):
        house.wait(hours=73)
        house.sweep()
    assert house.lead(1).agent == "lena"
    house.step("incubate", 1)
    house.wait(days=14)
    touched = house.step("touch", 1, intent="yes")
    assert (touched.agent, touched.quality) == ("a03", "hot")
    assert house.problems() == []
