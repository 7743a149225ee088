"""Turn-taking over whole histories: the documented order, who earns, who is skipped, and nobody flooded."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from itertools import cycle, islice
from math import ceil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.apply import rounds_in
from leadrouter.domain.classify import classify
from leadrouter.domain.desk import Desk
from leadrouter.domain.policy import RAMP_UP, RampStep, Rule, Target
from leadrouter.domain.rounds import UNIT, panel_of
from leadrouter.domain.routing import line_up
from leadrouter.domain.rulebook import Rulebook
from tests.domain.drawn import Move, drawn_branch, live, lived, moves, seeds
from tests.factories import PLENTY, START, WEIGHTS, Branch, by_campaign, make_agent, make_policy, make_team

SIZES = range(1, 21)
EXAMPLES = 8

weights = st.sampled_from(WEIGHTS)


# --- any team, any history ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_credits_of_every_rotation_sum_to_zero_after_every_move(size: int, seed: int, history: list[Move]) -> None:
    branch = drawn_branch(seed, size)
    ledger = branch.desk.ledger
    for _ in lived(branch, history):
        for credits in ledger.credit.values():
            assert sum(credits.values()) == 0
        for agent, total in ledger.total.items():
            assert total == sum(credits.get(agent, 0) for credits in ledger.credit.values())


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_credit_is_due_less_received_and_corrections_and_nothing_else(
    size: int, seed: int, history: list[Move]
) -> None:
    branch = live(drawn_branch(seed, size), history)
    due: dict[tuple[str, str], int] = defaultdict(int)
    paid, corrected, received = due.copy(), due.copy(), due.copy()
    for event in branch.events():
        for entry, turns in rounds_in(event, branch.desk.panels):
            for agent, weight in entry.panel:
                (due if turns else corrected)[entry.rotation, agent] += entry.quantum * weight
            whole = entry.quantum * entry.panel.weights
            (paid if turns else corrected)[entry.rotation, entry.payer] -= whole
            received[entry.rotation, entry.payer] += turns
            assert not turns or UNIT - entry.panel.weights < abs(whole) <= UNIT
    for rotation in branch.desk.ledger.credit:
        for agent, account in branch.desk.ledger.accounts(rotation).items():
            key = (rotation, agent)
            assert account == (due[key] + paid[key] + corrected[key], due[key], received[key])


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_the_router_gives_nobody_a_lead_beyond_their_capacity_or_limits(
    size: int, seed: int, history: list[Move]
) -> None:
    branch = drawn_branch(seed, size)
    for lead in lived(branch, history):
        if lead is not None and lead.agent is not None and lead.turn_panel:
            agent, state = branch.desk.policy.roster[lead.agent], branch.desk.agents[lead.agent]
            assert state.open <= agent.capacity
            assert agent.per_day is None or state.day_count <= agent.per_day
            assert agent.per_hour is None or state.hour_count <= agent.per_hour


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_skipped_and_eligible_together_are_everyone_the_rules_name(size: int, seed: int, history: list[Move]) -> None:
    branch = drawn_branch(seed, size)
    for lead in lived(branch, history):
        if lead is None or not branch.events()[-1].data.get("panel"):
            continue
        lineup = branch.desk.panels[branch.events()[-1].data["panel"]]
        rulebook = branch.desk.policy
        asked = [(bench.rule, bench.seats) for bench in lineup.benches]
        for rule, seats in [*asked, (lineup.rule, lineup.seats)] if lineup.rotation else asked:
            assert [seat.agent for seat in seats] == [agent.id for agent in rulebook.named[rule]]
        eligible = [agent for agent, _ in lineup.panel]
        assert eligible == [seat.agent for seat in lineup.seats if seat.skip is None]
        assert not set(eligible) & {seat.agent for seat in lineup.seats if seat.skip is not None}
        assert all(seat.skip for bench in lineup.benches for seat in bench.seats)
        assert lead.agent in eligible if lead.agent else not eligible


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_the_order_of_the_roster_does_not_change_who_is_skipped(size: int, seed: int, history: list[Move]) -> None:
    branch = live(drawn_branch(seed, size), history)
    shuffled = list(branch.policy.agents)
    Random(seed).shuffle(shuffled)
    other = Desk(lambda _: Rulebook(branch.policy._replace(agents=tuple(shuffled))))
    other.adopt(1)
    other.agents, other.ledger = branch.desk.agents, branch.desk.ledger
    for number, facts in branch.facts.items():
        case = classify(facts, branch.desk.leads[number], branch.desk.policy, branch.now, "new")
        one = line_up(case, branch.desk, branch.desk.policy, branch.now)
        two = line_up(case, other, other.policy, branch.now)
        assert (one.rule, one.skipped(), dict(one.panel)) == (two.rule, two.skipped(), dict(two.panel))


# --- the documented order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, 61))
def test_equal_agents_take_turns_in_the_order_of_the_roster_forever(size: int) -> None:
    team = make_team(size, capacity=PLENTY)
    assert Branch(make_policy(team)).deal(500) == list(islice(cycle(agent.id for agent in team), 500))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 17, 23, 30, 47, 60])
def test_loading_the_same_policy_again_and_again_does_not_break_the_order(size: int) -> None:
    team = make_team(size, capacity=PLENTY)
    branch = Branch(make_policy(team))
    winners = []
    for number in range(500):
        if number % 3 == 0:
            branch.load(make_policy(team))
        winners.append(branch.route().agent)
    assert winners == list(islice(cycle(agent.id for agent in team), 500))


@settings(max_examples=20)
@given(st.integers(1, 20), st.sampled_from(WEIGHTS))
def test_equal_weights_of_any_size_are_equal(size: int, weight: int) -> None:
    team = make_team(size, capacity=PLENTY, weight=weight)
    assert Branch(make_policy(team)).deal(3 * size) == [agent.id for agent in team] * 3


def test_both_names_of_turn_taking_deal_alike() -> None:
    team = [make_agent(f"a{n}", weight=weight, capacity=PLENTY) for n, weight in enumerate(WEIGHTS)]
    dealt = [Branch(make_policy(team, rules=(Rule("everyone", strategy=name),))).deal(300) for name in
             ("round_robin", "weighted")]  # fmt: skip
    assert dealt[0] == dealt[1]


def test_hot_leads_turn_separately_and_in_the_same_order() -> None:
    branch = Branch(make_policy(3))
    dealt = [(quality, branch.route(quality=quality).agent) for quality in ("hot", "warm", "cold") * 30]
    counts = Counter(dealt)
    assert all(counts["hot", agent] == 10 for agent in ("a01", "a02", "a03"))
    assert set(branch.desk.ledger.credit) == {"everyone", "everyone/hot"}


@given(st.lists(st.sampled_from(WEIGHTS), min_size=2, max_size=12))
@settings(max_examples=40)
def test_after_a_full_cycle_everyone_has_received_in_proportion_to_their_weight(chosen: list[int]) -> None:
    team = [make_agent(f"a{n:02}", weight=weight, capacity=PLENTY) for n, weight in enumerate(chosen)]
    panel = dict(panel_of((agent.id, agent.weight) for agent in team))
    assert Counter(Branch(make_policy(team)).deal(sum(panel.values()))) == panel


# --- ties -----------------------------------------------------------------------------------------------------


def test_a_tie_goes_to_who_has_waited_longest_for_a_lead_of_any_kind() -> None:
    branch = Branch(make_policy(3))
    branch.transfer(branch.receive().lead, "a01")
    assert branch.deal(6) == ["a02", "a03", "a01", "a02", "a03", "a01"]


def test_a_tie_among_those_who_never_had_a_lead_goes_by_the_roster() -> None:
    team = (make_agent("zoe"), make_agent("bala"), make_agent("aina"))
    assert Branch(make_policy(team)).deal(3) == ["zoe", "bala", "aina"]


def test_the_first_lead_of_another_rotation_goes_to_who_is_owed_most_over_all() -> None:
    branch = Branch(make_policy(2, rules=by_campaign(west=Target(), east=Target())))
    assert [branch.route(campaign=name).agent for name in ("west", "east", "west", "east")] == [
        "a01", "a02", "a02", "a01",
    ]  # fmt: skip


# --- coming and going -----------------------------------------------------------------------------------------


def no_flood(branch: Branch, agent: str, window: int = 30) -> None:
    """In no number of leads from here on does an agent get more than their share, rounded up, and one."""
    shares, got = 0.0, 0
    for _ in range(window):
        lead = branch.route()
        panel = dict(branch.desk.panels[lead.turn_panel].panel)
        shares += panel[agent] / sum(panel.values())
        got += lead.agent == agent
        assert got <= ceil(shares - 1e-9) + 1


@settings(max_examples=60)
@given(st.lists(weights, min_size=2, max_size=12), st.integers(0, 11), st.integers(0, 40), st.integers(1, 60))
def test_an_agent_back_from_time_off_gets_no_flood(chosen: list[int], who: int, before: int, away: int) -> None:
    team = [make_agent(f"a{n:02}", weight=weight, capacity=PLENTY) for n, weight in enumerate(chosen)]
    branch, agent = Branch(make_policy(team)), team[who % len(team)].id
    branch.deal(before)
    branch.pause(agent)
    assert agent not in branch.deal(away)
    branch.back(agent)
    no_flood(branch, agent)


@settings(max_examples=60)
@given(st.lists(weights, min_size=1, max_size=12), weights, st.integers(0, 60), st.sampled_from((RAMP_UP, ())))
def test_a_joiner_gets_no_flood(chosen: list[int], weight: int, before: int, ramp_up: tuple[RampStep, ...]) -> None:
    team = [make_agent(f"a{n:02}", weight=weight, capacity=PLENTY) for n, weight in enumerate(chosen)]
    branch = Branch(make_policy(team, ramp_up=ramp_up))
    branch.deal(before)
    branch.load(make_policy([*team, make_agent("new", weight=weight, capacity=PLENTY)], ramp_up=ramp_up))
    no_flood(branch, "new")


@settings(max_examples=60)
@given(st.lists(weights, min_size=2, max_size=12), st.integers(0, 11), st.integers(0, 60))
def test_a_leaver_leaves_the_others_no_more_than_a_residue(chosen: list[int], who: int, before: int) -> None:
    team = [make_agent(f"a{n:02}", weight=weight, capacity=PLENTY) for n, weight in enumerate(chosen)]
    branch, gone = Branch(make_policy(team)), team[who % len(team)]
    branch.deal(before)
    branch.load(make_policy([agent for agent in team if agent is not gone]))
    others = sum(agent.weight for agent in team if agent is not gone)
    credits = branch.desk.ledger.credit.get("everyone", {})
    assert abs(credits.get(gone.id, 0)) < others
    assert abs(sum(credit for agent, credit in credits.items() if agent != gone.id)) < others
    assert gone.id not in branch.deal(40)


@pytest.mark.parametrize("size", [2, 3, 5, 8])
def test_after_a_pause_turns_go_on_where_they_were_and_not_from_the_top(size: int) -> None:
    team = make_team(size, capacity=PLENTY)
    branch = Branch(make_policy(team))
    first = branch.deal(1)
    branch.pause(team[-1].id)
    branch.back(team[-1].id)
    assert first + branch.deal(2 * size - 1) == [agent.id for agent in team] * 2


# --- ramp-up --------------------------------------------------------------------------------------------------


def with_a_newcomer(joined: str) -> Branch:
    return Branch(make_policy([*make_team(5, capacity=PLENTY), make_agent("new", capacity=PLENTY, joined=joined)]))


@pytest.mark.parametrize(
    ("now", "turns"),
    [
        pytest.param("2026-03-02T00:00:00+00:00", (1, 3), id="first day: every third turn"),
        pytest.param("2026-03-16T23:59:59+00:00", (1, 3), id="last second of day 15: every third turn"),
        pytest.param("2026-03-17T00:00:00+00:00", (1, 2), id="day 16: every second turn"),
        pytest.param("2026-03-31T23:59:59+00:00", (1, 2), id="last second of day 30: every second turn"),
        pytest.param("2026-04-01T00:00:00+00:00", (1, 1), id="day 31: every turn"),
    ],
)
def test_a_new_agent_gets_every_third_then_every_second_then_every_turn(now: str, turns: tuple[int, int]) -> None:
    branch = with_a_newcomer("2026-03-02")
    branch.now = datetime.fromisoformat(now)
    newcomers, others = turns
    for _ in range(4):
        expected = {agent.id: others for agent in make_team(5)} | {"new": newcomers}
        assert Counter(branch.deal(5 * others + newcomers)) == expected


def test_whoever_appears_in_a_later_load_joined_that_day_and_ramps_up() -> None:
    branch = Branch(make_policy(5))
    branch.load(make_policy([*make_team(5, capacity=PLENTY), make_agent("new", capacity=PLENTY)]))
    assert branch.desk.agents["new"].joined == START.date().isoformat()
    assert branch.deal(16).count("new") == 1


def test_whoever_is_there_at_the_first_load_is_established() -> None:
    branch = Branch(make_policy(3))
    assert branch.desk.agents["a01"].joined is None
    assert branch.deal(3).count("a01") == 1


def test_a_joining_day_in_the_file_wins_over_the_day_of_loading() -> None:
    branch = with_a_newcomer("2025-01-01")
    assert branch.deal(6).count("new") == 1
