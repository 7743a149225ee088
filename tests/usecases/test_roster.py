"""The team over time: loading policies, joining and leaving, time off, corrections of credit."""

from __future__ import annotations

from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.policy import RAMP_UP, Agent, Policy, RampStep, Rule, Target, Team
from leadrouter.domain.promises import Sla
from leadrouter.domain.rounds import UNIT
from leadrouter.errors import NoDatabase, Refused, WrongUsage
from leadrouter.usecases.roster import come_back, correct_credit, go_away
from leadrouter.usecases.session import Session
from leadrouter.usecases.sweep import sweep
from tests.factories import PLENTY, START, WEIGHTS, make_agent, make_policy, make_team
from tests.usecases.house import House, blank

# --- loading --------------------------------------------------------------------------------------------------


def test_loading_the_same_policy_again_changes_nothing() -> None:
    house = House(make_policy(3))
    events = house.events()
    again = house.load(make_policy(3))
    assert (again.version, again.new, again.changes) == (1, False, [])
    assert house.events() == events


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 34, 60])
def test_the_order_goes_on_over_many_loads_and_restarts(size: int) -> None:
    team = make_team(size, capacity=PLENTY)
    house = House(make_policy(team))
    got: list[str | None] = []
    for number in range(60):
        if number % 2:
            house.load(make_policy(team))
        else:
            house.load(make_policy(team, sla=Sla(hot=60 + number)))
        if number % 3 == 0:
            house.forget()
        got += house.deal(1 + number % 4)
    assert got == list(islice(cycle(agent.id for agent in team), len(got)))
    assert house.problems() == []


def saved(house: House, policy: Policy) -> set[int]:
    """The leads whose rows a load writes."""
    house.connection.execute("CREATE TEMP TABLE saved (lead INTEGER)")
    house.connection.execute(
        "CREATE TEMP TRIGGER writes AFTER UPDATE ON leads BEGIN INSERT INTO saved VALUES (NEW.lead); END"
    )
    house.load(policy)
    found = {lead for (lead,) in house.connection.execute("SELECT lead FROM saved")}
    house.connection.execute("DROP TRIGGER writes")
    house.connection.execute("DROP TABLE saved")
    return found


def test_a_load_writes_the_leads_that_fall_due_at_another_time_and_no_others() -> None:
    """It holds the lock for as long as that takes, and a team may have very many leads."""
    team = make_team(2, capacity=PLENTY)
    house = House(make_policy(team, sla=Sla(hot=600)))
    house.deal(4, quality="hot")
    house.deal(4)
    house.contact(8)
    house.step("lost", 2)
    assert saved(house, make_policy((team[0]._replace(weight=7), team[1]), sla=Sla(hot=600))) == set()
    assert saved(house, make_policy(team, sla=Sla(hot=300))) == {1, 3, 4}
    house.wait(minutes=4)
    assert saved(house, make_policy(team, sla=Sla(hot=60))) == {1, 3, 4}, "their clocks start again"
    house.wait(days=9)  # all are overdue since long: that their agent leaves moves no deadline
    leavers = {lead for lead in range(1, 9) if lead != 2 and house.lead(lead).agent == team[1].id}
    assert saved(house, make_policy(team[:1], sla=Sla(hot=60))) == leavers
    assert saved(house, make_policy(team, sla=Sla(hot=60))) == leavers, "and when they are back"
    assert house.problems() == []


def test_nothing_is_done_before_a_policy_is_loaded() -> None:
    session = Session(blank(), "tester", dry_run=True)
    with pytest.raises(NoDatabase):
        sweep(session, START)


def test_a_rule_that_changed_its_name_alone_takes_its_accounts_along() -> None:
    dear = ("price", "above", 1e6)
    house = House(make_policy(3, rules=(Rule("dear", dear), Rule("everyone"))))
    house.deal(4, price=2e6)
    house.deal(2, price=2e6, quality="hot")
    before = house.credits("dear"), house.credits("dear/hot")
    house.load(make_policy(3, rules=(Rule("costly", dear), Rule("everyone"))))
    assert (house.credits("costly"), house.credits("costly/hot")) == before
    assert house.deal(1, price=2e6) == ["a02"]
    assert house.problems() == []


def test_a_void_of_a_lead_dealt_before_its_rotation_was_renamed_gives_the_turn_back() -> None:
    dear = ("price", "above", 1e6)
    house = House(make_policy(3, rules=(Rule("dear", dear), Rule("everyone"))))
    house.deal(1, price=2e6)
    house.load(make_policy(3, rules=(Rule("costly", dear), Rule("everyone"))))
    house.step("void", 1)
    assert house.credits("costly") == {"a01": 0.0, "a02": 0.0, "a03": 0.0}


def test_a_rotation_that_was_renamed_leaves_others_alone_whose_names_begin_alike() -> None:
    dear, west = ("price", "above", 1e6), ("area", "in", ("west",))
    house = House(make_policy(3, rules=(Rule("west", dear), Rule("west/side", west), Rule("everyone"))))
    house.deal(1, area="west")
    before = house.credits("west/side")
    house.load(make_policy(3, rules=(Rule("costly", dear), Rule("west/side", west), Rule("everyone"))))
    assert house.credits("west/side") == before


# --- joining and leaving --------------------------------------------------------------------------------------


def ahead(house: House, agent: str, count: int, share: Fraction) -> Fraction:
    """How far an agent ever gets ahead of this share of the next leads, counting one by one."""
    got, furthest = 0, Fraction(0)
    for number, winner in enumerate(house.deal(count), start=1):
        got += winner == agent
        furthest = max(furthest, got - share * number)
    return furthest


weights = st.lists(st.sampled_from(WEIGHTS), min_size=2, max_size=8)


def team_of(chosen: list[int]) -> list[Agent]:
    return [make_agent(f"a{n:02}", weight=weight, capacity=PLENTY) for n, weight in enumerate(chosen)]


@settings(max_examples=15)
@given(weights, st.integers(0, 40), st.sampled_from(WEIGHTS), st.sampled_from((RAMP_UP, ())))
def test_a_joiner_is_not_flooded(chosen: list[int], before: int, weight: int, ramp_up: tuple[RampStep, ...]) -> None:
    house = House(make_policy(team_of(chosen), ramp_up=ramp_up))
    house.deal(before)
    house.load(make_policy([*team_of(chosen), make_agent("new", weight=weight, capacity=PLENTY)], ramp_up=ramp_up))
    mine = Fraction(weight, 3 if ramp_up else 1)
    assert ahead(house, "new", 60, mine / (sum(chosen) + mine)) < 2


@settings(max_examples=15)
@given(weights, st.integers(0, 40), st.integers(0, 7), st.integers(1, 60))
def test_an_agent_back_from_time_off_is_not_flooded(chosen: list[int], before: int, who: int, away: int) -> None:
    house = House(make_policy(team_of(chosen)))
    agent = team_of(chosen)[who % len(chosen)]
    house.deal(before)
    go_away(house.session, agent.id, None, None, house.now)
    assert agent.id not in house.deal(away)
    come_back(house.session, agent.id, house.now)
    assert ahead(house, agent.id, 60, Fraction(agent.weight, sum(chosen))) < 2


@settings(max_examples=25)
@given(weights, st.integers(0, 40), st.integers(0, 7))
def test_a_leaver_leaves_no_more_than_a_residue_and_gets_nothing_more(chosen: list[int], before: int, who: int) -> None:
    house = House(make_policy(team_of(chosen)))
    gone = team_of(chosen)[who % len(chosen)]
    house.deal(before)
    house.deal(before // 2, quality="hot")
    others = [agent for agent in team_of(chosen) if agent != gone]
    house.load(make_policy(others))
    for rotation in ("everyone", "everyone/hot"):
        credits = house.credits(rotation)
        assert abs(credits.pop(gone.id, 0.0)) * UNIT < sum(agent.weight for agent in others)
    assert gone.id not in house.deal(30)
    assert not house.agent(gone.id).active
    assert house.problems() == []


def test_two_who_leave_together_leave_nothing_to_each_other() -> None:
    house = House(make_policy(4))
    house.deal(6)
    house.load(make_policy(make_team(2, capacity=PLENTY)))
    credits = house.credits()
    assert [credits["a03"], credits["a04"]] == [0.0, 0.0]
    assert credits["a01"] + credits["a02"] == 0
    assert house.problems() == []


def test_whoever_comes_back_starts_where_they_were_left_and_ramps_up_again() -> None:
    house = House(make_policy(2))
    house.deal(3)
    house.load(make_policy(make_team(1, capacity=PLENTY)))
    house.wait(days=100)
    house.load(make_policy(2))
    assert (house.agent("a02").joined, house.agent("a02").active) == ("2026-06-10", True)
    assert house.deal(8).count("a02") == 2


def test_dates_of_joining_and_leaving_are_those_of_the_teams_zone() -> None:
    zone = Team(timezone="Asia/Kuala_Lumpur")
    house = House(make_policy(1, team=zone), now=START.replace(hour=15, minute=59))
    house.load(make_policy([*make_team(1), make_agent("late")], team=zone))
    house.wait(minutes=1)
    house.load(make_policy([*make_team(1), make_agent("late"), make_agent("later")], team=zone))
    assert [house.agent(agent).joined for agent in ("a01", "late", "later")] == [None, "2026-03-02", "2026-03-03"]


TIERED = (Rule("everyone", strategy="performance"),)


def tiered(*names: str) -> Policy:
    """One agent in tier A, and these in tier B."""
    team = [make_agent("top", tier="A", capacity=PLENTY)]
    return make_policy([*team, *(make_agent(name, tier="B", capacity=PLENTY) for name in names)], rules=TIERED)


def test_agents_called_like_tiers_take_turns_like_any_others() -> None:
    plain = {"x": "A", "y": "B", "top": "top"}
    assert House(tiered("A", "B")).deal(40) == [plain[agent or ""] for agent in House(tiered("x", "y")).deal(40)]


def test_when_an_agent_called_like_a_tier_leaves_the_tier_keeps_what_it_is_owed() -> None:
    house = House(tiered("A", "B"))
    house.deal(11)
    before = house.credits("everyone/tiers")
    house.load(tiered("B"))
    assert house.credits("everyone/tiers") == before


# --- time off -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "begins", "ends"),
    [
        pytest.param("Asia/Kuala_Lumpur", "2026-03-04T16:00:00Z", "2026-03-05T16:00:00Z", id="ahead of UTC"),
        pytest.param("America/Los_Angeles", "2026-03-05T08:00:00Z", "2026-03-06T08:00:00Z", id="behind UTC"),
        pytest.param("UTC", "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z", id="UTC"),
    ],
)
def test_one_day_off_is_that_whole_day_in_the_teams_zone(zone: str, begins: str, ends: str) -> None:
    house = House(make_policy(2, team=Team(timezone=zone)))
    assert go_away(house.session, "a01", "2026-03-05", "2026-03-05", house.now) == ("a01", (begins, ends), False)


def test_time_off_across_a_clock_change_ends_at_local_midnight() -> None:
    house = House(make_policy(2, team=Team(timezone="Europe/Berlin")))
    away = go_away(house.session, "a01", "2026-03-28", "2026-03-29", house.now)
    assert away.absence == ("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z")


def test_coming_back_ends_what_runs_now_and_leaves_the_holiday_ahead() -> None:
    house = House(make_policy(2))
    go_away(house.session, "a01", None, None, house.now)
    go_away(house.session, "a01", None, "2026-03-09", house.now)
    go_away(house.session, "a01", "2026-12-20", "2026-12-31", house.now)
    assert house.deal(2) == ["a02", "a02"]
    assert come_back(house.session, "a01", house.now) == ("a01", 2)
    assert len(house.agent("a01").absences) == 1
    assert house.route().agent == "a01"
    with pytest.raises(Refused):
        come_back(house.session, "a01", house.now)


def test_the_same_time_off_twice_is_recorded_once() -> None:
    house = House(make_policy(2))
    go_away(house.session, "a01", "2026-03-05", "2026-03-06", house.now)
    events = house.events()
    assert go_away(house.session, "a01", "2026-03-05", "2026-03-06", house.now).already
    assert house.events() == events


def test_a_pause_within_a_pause_is_none() -> None:
    house = House(make_policy(2))
    paused = go_away(house.session, "a01", None, None, house.now)
    house.wait(hours=1)
    events = house.events()
    assert go_away(house.session, "a01", None, None, house.now) == paused._replace(already=True)
    assert house.events() == events
    assert not go_away(house.session, "a01", None, "2026-03-09", house.now).already


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param("2026-03-06", "2026-03-05", id="ends before it begins"),
        pytest.param(None, "2026-03-01", id="over already"),
        pytest.param("2026-02-01", "2026-03-01", id="all of it is over"),
    ],
)
def test_time_off_that_cannot_be_is_refused(since: str | None, until: str) -> None:
    house = House(make_policy(2))
    with pytest.raises(WrongUsage):
        go_away(house.session, "a01", since, until, house.now)
    assert house.agent("a01").absences == ()


# --- corrections of credit ------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(weights, st.integers(0, 30), st.fractions(-20, 20, max_denominator=12).filter(bool))
def test_a_correction_is_paid_by_the_others_and_sums_to_zero(chosen: list[int], before: int, leads: Fraction) -> None:
    house = House(make_policy(team_of(chosen)))
    house.deal(before)
    credits = house.credits()
    correct_credit(house.session, "a00", leads, "everyone", "a test", house.now)
    after = house.credits()
    assert sum(round(credit * UNIT) for credit in after.values()) == 0
    others = sum(chosen[1:])
    for number, weight in enumerate(chosen):
        agent = f"a{number:02}"
        expected = leads if number == 0 else -leads * weight / others
        assert abs(after.get(agent, 0.0) - credits.get(agent, 0.0) - expected) < 1e-3
    assert house.problems() == []


def test_a_lead_credited_comes_on_top_of_the_turns_and_its_reason_is_kept() -> None:
    house = House(make_policy(3))
    house.deal(3)
    correct_credit(house.session, "a03", Fraction(1), "everyone", "a lead came twice", house.now)
    got = house.deal(9)
    assert got[0] == "a03"
    assert got.count("a03") == 4
    assert house.connection.execute("SELECT text FROM notes").fetchall() == [("a lead came twice",)]


def two_groups() -> Policy:
    team = (make_agent("aina", groups=("west",)), make_agent("bala", groups=("west",)), make_agent("chong"))
    rules = (Rule("west", ("area", "in", ("west",)), Target("group", ("west",))), Rule("everyone"))
    return make_policy(team, rules=rules)


@pytest.mark.parametrize("rotation", ["west", "west/hot"])
def test_only_those_who_turn_in_a_rotation_pay_for_it(rotation: str) -> None:
    house = House(two_groups())
    correct_credit(house.session, "aina", Fraction(1), rotation, "a test", house.now)
    assert house.credits(rotation) == {"aina": 1.0, "bala": -1.0}


@pytest.mark.parametrize(
    ("agent", "rotation", "error"),
    [
        pytest.param("aina", "north", WrongUsage, id="no such rotation"),
        pytest.param("chong", "west", WrongUsage, id="who takes no turns there"),
        pytest.param("nobody", "west", WrongUsage, id="nobody on the roster"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(agent: str, rotation: str, error: type[Exception]) -> None:
    house = House(two_groups())
    with pytest.raises(error):
        correct_credit(house.session, agent, Fraction(1), rotation, "a test", house.now)
    assert house.credits() == {}


def test_where_nobody_else_could_pay_a_correction_is_refused() -> None:
    house = House(make_policy(1))
    with pytest.raises(Refused):
        correct_credit(house.session, "a01", Fraction(1), "everyone", "a test", house.now)


# --- another process ------------------------------------------------------------------------------------------


def test_a_desk_kept_in_memory_is_read_anew_when_another_process_has_written(tmp_path: Path) -> None:
    house = House(make_policy(3), tmp_path / "leads.db")
    other = House(make_policy(3), tmp_path / "leads.db")
    other.came = 100
    got = [taking.route().agent for taking in (house, other, other, house, house, other)]
    assert got == ["a01", "a02", "a03", "a01", "a02", "a03"]
    assert house.problems() == []
    house.connection.close()
    other.connection.close()


def test_a_dry_run_is_the_same_answer_and_leaves_the_file_alone(tmp_path: Path) -> None:
    house = House(make_policy(3), tmp_path / "leads.db")
    house.deal(4)
    events = house.events()
    rehearsal = House.__new__(House)
    rehearsal.__dict__.update(house.__dict__)
    rehearsal.session = Session(house.connection, "tester", dry_run=True)
    assert rehearsal.deal(5) == ["a02", "a03", "a01", "a02", "a03"]
    assert house.events() == events
    house.connection.close()
