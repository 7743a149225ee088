"""The five figures of a window, checked by hand, and the pledge with what leaving it would change."""

from __future__ import annotations

from datetime import timedelta

from leadrouter.domain.pledge import Leaving
from leadrouter.domain.policy import Rule, Target
from leadrouter.domain.promises import HOUR
from leadrouter.store import monthly
from leadrouter.usecases.results import NO_PROMISES, NO_WORK, Lost, Promises, mix_by_tier, pledged, work
from leadrouter.usecases.tiers import set_tier
from tests.factories import START, make_agent, make_policy
from tests.usecases.results_house import ResultsHouse, team, tiered_policy

SINCE, UNTIL = START - timedelta(days=1), START + timedelta(days=10)


def test_the_five_figures_by_hand() -> None:
    """Four warm leads (2 h are promised): reached after 10 and 30 minutes, after 3 hours, and not yet. One is won."""
    house = ResultsHouse(make_policy(1))
    first, second, third, _ = (house.route() for _ in range(4))
    for lead, minutes in ((first, 10), (second, 30), (third, 180)):
        house.now = START + timedelta(minutes=minutes)
        house.contact(lead.lead)
    house.step("appointment", first.lead)
    house.step("appointment", second.lead)
    house.step("won", first.lead, value=500_000.0)
    found = work(house.connection, SINCE, UNTIL, house.now)["a01"]
    assert (found.leads, found.won, found.conversion) == (4, 1, 0.25)
    assert (found.appointments, found.appointment_rate, found.deal) == (2, 0.5, 500_000.0)
    # the fourth promise is broken too: three hours have passed without an attempt
    assert found.all_promises == Promises(4, 2, 30.0)
    assert found.all_promises.rate == 0.5
    assert found.promises == {"warm": found.all_promises._replace(given=(2 * HOUR,))}


def test_a_promise_that_is_still_open_counts_neither_way() -> None:
    house = ResultsHouse(make_policy(1))
    house.route()
    found = work(house.connection, SINCE, UNTIL, house.now)["a01"]
    assert found.all_promises == NO_PROMISES
    assert (NO_WORK.conversion, NO_WORK.appointment_rate, NO_PROMISES.rate) == (None, None, None)


def test_only_leads_of_the_window_count() -> None:
    house = ResultsHouse(make_policy(1))
    house.route()
    assert work(house.connection, SINCE, START, house.now) == {}
    assert work(house.connection, START, START + timedelta(seconds=1), house.now)["a01"].leads == 1


def test_how_long_sales_take_is_asked_of_the_latest_two_hundred() -> None:
    house = ResultsHouse(make_policy(1))
    house.had("a01", 201, 201)
    assert len(monthly.latest_wins(house.connection, "9999")) == 200


def test_a_lead_outside_the_turns_of_tiers_is_in_the_mix_of_the_tier_its_agent_has() -> None:
    rules = (Rule("web", ("source", "in", ("web",))), Rule("everyone", strategy="performance"))
    house = ResultsHouse(make_policy([*team(ann="A"), make_agent("mei", role="leader")], rules=rules))
    set_tier(house.session, "ann", "B", "reason", START)
    house.route(source="web", quality="hot")
    house.route(source="portal")
    other = house.route(source="web")
    house.step("transfer", other.lead, to="mei")
    (mix,) = mix_by_tier(house.connection, house.desk(), SINCE, UNTIL)
    assert (mix.tier, mix.leads) == ("B", 2)  # a leader has no tier
    assert mix.qualities == {"hot": 1, "warm": 1}
    assert list(mix.sources.items()) == [("portal", 1), ("web", 1)]


def test_the_mix_is_that_of_the_tier_whose_turn_it_was() -> None:
    house = ResultsHouse(tiered_policy(*team(ann="A")))
    house.route()
    set_tier(house.session, "ann", "C", "reason", START)
    house.route()
    assert [(mix.tier, mix.leads) for mix in mix_by_tier(house.connection, house.desk(), SINCE, UNTIL)] == [
        ("A", 1),
        ("C", 1),
    ]


def test_the_pledge_shows_misses_and_what_leaving_would_change() -> None:
    rules = (Rule("hot ones", ("quality", "in", ("hot",)), Target("group", ("eteam",))), Rule("everyone"))
    agents = [make_agent("ann", groups=("eteam",)), make_agent("ben", groups=("eteam",)), make_agent("cat")]
    house = ResultsHouse(make_policy(agents, rules=rules))
    hot = [house.route(quality="hot") for _ in range(4)]  # 15 minutes are promised
    house.wait(minutes=10)
    house.contact(next(lead.lead for lead in hot if lead.agent == "ann"))
    house.wait(minutes=20)
    did = work(house.connection, SINCE, UNTIL, house.now)
    ann, ben = pledged(house.connection, house.desk(), did, SINCE, UNTIL)
    assert (ann.agent, ann.promises.made, ann.promises.kept) == ("ann", 2, 1)
    assert (ben.agent, ben.promises.made, ben.promises.kept) == ("ben", 2, 0)
    assert ann.leaving == (Lost(Leaving("hot ones", 0.5, 1), 2, 4),)


def test_without_the_group_there_is_no_pledge() -> None:
    house = ResultsHouse(make_policy(2))
    assert pledged(house.connection, house.desk(), {}, SINCE, UNTIL) == []
