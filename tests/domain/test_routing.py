"""From a case to a decision: which rule, who stands where, who gets it, and where a lead comes to rest."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from leadrouter.domain.classify import classify
from leadrouter.domain.decision import ITS_OWN, Bench, Case, Decision, LineUp, Seat, lineup_data, lineup_from
from leadrouter.domain.events import data_text
from leadrouter.domain.policy import WEIGHT_UNIT, Agent, Policy, Rule, Target, Team
from leadrouter.domain.promises import Reclaim
from leadrouter.domain.rounds import UNIT, Panel
from leadrouter.domain.routing import decide, line_up
from tests.domain.drawn import Move, drawn_branch, live, moves, seeds
from tests.factories import START, Branch, make_agent, make_case, make_policy, make_team, picture, replayed

LEADER = make_agent("lena", role="leader")
SENIORS = Target("group", ("seniors",))
PORTAL = ("source", "in", ("portal",))
DEAR = ("price", "between", (1_000_000.0, None))


def seniors_first(*, otherwise: str | None = None, agents: tuple[Agent, ...] = ()) -> Policy:
    """Expensive leads to the seniors, portal leads to a backup, all else to everyone."""
    team = agents or (make_agent("aina", groups=("seniors",), capacity=1), make_agent("bala"), make_agent("chong"))
    return make_policy(
        team,
        rules=(
            Rule("dear", DEAR, SENIORS, otherwise=otherwise),
            Rule("portal", PORTAL, Target("agents", ("bala",))),
            Rule("everyone"),
        ),
    )


def route(branch: Branch, **fields: object) -> Decision:
    """The decision for one new lead, which stays undecided."""
    lead = branch.receive(**fields)
    case = classify(branch.facts[lead.lead], lead, branch.desk.policy, branch.now, "new")
    return decide(case, branch.desk, branch.desk.policy, branch.now)


# --- which rule -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule", "agent", "unmet"),
    [
        pytest.param({"price": 2e6}, "dear", "aina", (), id="the first rule"),
        pytest.param({"price": 2e6, "source": "portal"}, "dear", "aina", (), id="the first of two that match"),
        pytest.param({"source": "portal"}, "portal", "bala", (("dear", "price"),), id="a later rule"),
        pytest.param({}, "everyone", "aina", (("dear", "price"), ("portal", "source")), id="the catch-all"),
    ],
)
def test_the_first_rule_that_matches_decides(
    fields: dict[str, object], rule: str, agent: str, unmet: tuple[tuple[str, str], ...]
) -> None:
    decision = route(Branch(seniors_first()), **fields)
    assert decision.lineup is not None
    assert (decision.lineup.rule, decision.lineup.unmet, decision.agent) == (rule, unmet, agent)


@pytest.mark.parametrize(
    ("otherwise", "rule", "asked"),
    [
        pytest.param(None, "everyone", ["dear"], id="the catch-all without an else"),
        pytest.param("portal", "portal", ["dear"], id="its else, whose own condition is not asked"),
        pytest.param("everyone", "everyone", ["dear"], id="an else that is the catch-all"),
    ],
)
def test_a_rule_with_nobody_free_hands_on(otherwise: str | None, rule: str, asked: list[str]) -> None:
    branch = Branch(seniors_first(otherwise=otherwise))
    branch.route(price=2e6)
    decision = route(branch, price=2e6)
    assert decision.lineup is not None
    assert (decision.lineup.rule, [bench.rule for bench in decision.lineup.benches]) == (rule, asked)
    assert decision.lineup.skipped()["aina"] == "capacity"
    assert decision.agent == "bala"


def test_an_else_with_nobody_free_hands_on_to_its_own_and_in_the_end_to_the_catch_all() -> None:
    team = tuple(make_agent(name, groups=(name,), capacity=1) for name in ("one", "two", "three"))
    rules = (
        Rule("first", DEAR, Target("group", ("one",)), otherwise="second"),
        Rule("second", PORTAL, Target("group", ("two",)), otherwise="third"),
        Rule("third", PORTAL, Target("group", ("three",))),
        Rule("everyone"),
    )
    branch = Branch(make_policy((*team, make_agent("four")), rules=rules))
    assert [branch.route(price=2e6).agent for _ in range(4)] == ["one", "two", "three", "four"]
    lineup = branch.desk.panels[branch.desk.leads[4].turn_panel]
    assert [bench.rule for bench in lineup.benches] == ["first", "second", "third"]
    assert lineup.rule == "everyone"


def test_where_nobody_is_free_the_lead_waits_with_everyones_reason() -> None:
    branch = Branch(seniors_first(agents=make_team(2, capacity=1)))
    branch.deal(2)
    decision = route(branch, price=2e6)
    assert (decision.outcome, decision.agent, decision.reason) == ("unassigned", None, "all_skipped")
    assert decision.lineup is not None
    assert decision.lineup.skipped() == {"a01": "capacity", "a02": "capacity"}
    assert decision.lineup.rotation is None
    assert decision.lineup.panel == ()


def test_where_the_rules_name_nobody_the_lead_waits_and_says_so() -> None:
    branch = Branch(make_policy([LEADER]))
    decision = route(branch)
    assert (decision.outcome, decision.reason) == ("unassigned", "nobody_named")


# --- who is picked --------------------------------------------------------------------------------------------


def test_the_only_one_able_to_take_it_is_told_apart_from_the_one_owed_most() -> None:
    assert route(Branch(make_policy(1))).reason == "only_one"
    assert route(Branch(make_policy(2))).reason == "most_owed"


def test_skipped_agents_earn_nothing() -> None:
    branch = Branch(make_policy(3))
    branch.pause("a02")
    branch.deal(10)
    assert branch.desk.ledger.account("everyone", "a02") == (0, 0, 0)
    assert branch.desk.ledger.account("everyone", "a01").due == 5 * UNIT


def test_rules_may_name_one_rotation_together() -> None:
    rules = (Rule("dear", DEAR, rotation="homes"), Rule("everyone", rotation="homes"))
    branch = Branch(make_policy(2, rules=rules))
    assert [branch.route(price=price).agent for price in (2e6, None, 2e6, None)] == ["a01", "a02", "a01", "a02"]
    assert set(branch.desk.ledger.credit) == {"homes"}


@pytest.mark.parametrize(("quality", "rotation"), [("hot", "everyone/hot"), ("warm", "everyone"), ("cold", "everyone")])
def test_hot_leads_have_their_own_turn(quality: str, rotation: str) -> None:
    lineup = route(Branch(make_policy(2)), quality=quality).lineup
    assert lineup is not None
    assert lineup.rotation == rotation


# --- leads taken back -----------------------------------------------------------------------------------------


def test_whoever_held_the_lead_before_is_skipped() -> None:
    branch = Branch(make_policy(3))
    branch.route()
    assert branch.reclaim(1).agent == "a02"
    assert branch.reclaim(1).agent == "a03"
    assert branch.desk.panels[branch.desk.leads[1].turn_panel].skipped() == {"a01": "past_holder", "a02": "past_holder"}


@pytest.mark.parametrize(
    ("hops", "outcome"),
    [pytest.param(3, "most_owed", id="the third time"), pytest.param(4, "max_hops", id="the fourth time")],
)
def test_a_lead_goes_through_the_rules_again_three_times_by_default(hops: int, outcome: str) -> None:
    branch = Branch(make_policy(9))
    case = make_case(branch.policy, occasion="reclaimed", excluded=("a01",), hops=hops)
    assert decide(case, branch.desk, branch.desk.policy, branch.now).reason == outcome


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_the_number_of_times_is_the_policys(limit: int) -> None:
    branch = Branch(make_policy(9, reclaim=Reclaim(max_hops=limit)))
    branch.route()
    reasons = [branch.reclaim(1).reason for _ in range(limit + 1)]
    assert reasons == ["most_owed"] * limit + ["max_hops"]


@pytest.mark.parametrize(
    ("leader", "outcome", "agent"),
    [pytest.param("lena", "assigned", "lena", id="with the leader"), pytest.param(None, "pooled", None, id="pool")],
)
def test_a_lead_always_comes_to_rest_in_a_named_place(leader: str | None, outcome: str, agent: str | None) -> None:
    branch = Branch(make_policy([make_agent("aina"), LEADER], team=Team(leader=leader)))
    branch.route()
    decision = branch.reclaim(1)
    assert decision == Decision(outcome, agent, "no_one_left", turn=False)
    lead = branch.desk.leads[1]
    assert (lead.state, lead.agent, lead.resting) == (outcome, agent, True)
    assert lead.due_at == START + timedelta(days=7)  # the leader is reminded, nothing moves it


def test_a_lead_waits_while_somebody_who_never_held_it_may_still_come_back() -> None:
    branch = Branch(make_policy(3))
    branch.pause("a03")
    branch.route()
    branch.reclaim(1)
    assert branch.reclaim(1).reason == "all_skipped"
    assert branch.retry(1).outcome == "unassigned"
    branch.back("a03")
    assert branch.retry(1).agent == "a03"


def test_whoever_has_left_is_not_waited_for() -> None:
    branch = Branch(make_policy([make_agent("aina"), make_agent("bala", left="2026-01-01")]))
    branch.route()
    assert branch.reclaim(1).reason == "no_one_left"


# --- laws -----------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(seeds, moves)
def test_deciding_changes_nothing_and_answers_the_same_again(seed: int, history: list[Move]) -> None:
    branch = live(drawn_branch(seed, 1 + seed % 8), history)
    desk, rulebook = branch.desk, branch.desk.policy
    before = picture(desk)
    again = replayed(branch.events(), branch.rulebook)
    for number, facts in branch.facts.items():
        case = classify(facts, desk.leads[number], rulebook, branch.now, "new")
        first = decide(case, desk, rulebook, branch.now)
        assert decide(case, desk, rulebook, branch.now) == first
        assert decide(case, again, again.policy, branch.now) == first
    assert picture(desk) == before


@settings(max_examples=60)
@given(seeds, moves)
def test_a_remembered_line_up_is_the_one_that_would_be_drawn_up_now(seed: int, history: list[Move]) -> None:
    branch = live(drawn_branch(seed, 1 + seed % 8), history)
    for number, facts in branch.facts.items():
        case = classify(facts, branch.desk.leads[number], branch.desk.policy, branch.now, "new")
        remembered = line_up(case, branch.desk, branch.desk.policy, branch.now)
        branch.desk.forget_plan()
        assert line_up(case, branch.desk, branch.desk.policy, branch.now) == remembered


def test_a_line_up_is_the_same_after_a_journey_through_the_file() -> None:
    seats = (Seat("aina", WEIGHT_UNIT, None), Seat("bala", 840, None), Seat("chong", 2520, "hours"))
    lineup = LineUp(
        "everyone", "everyone/hot", "weighted", seats, (("dear", "price"),),
        (Bench("portal", "portal", (Seat("bala", 840, "past_holder"),)),), (), Panel((("aina", 3), ("bala", 1))),
    )  # fmt: skip
    assert lineup_from(json.loads(data_text(lineup_data(lineup)))) == lineup
    assert lineup.skipped() == {"bala": "past_holder", "chong": "hours"}


# --- leads of one kind ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", Case._fields)
def test_leads_are_of_one_kind_if_they_differ_in_nothing_but_what_is_their_own(field: str) -> None:
    case = make_case(make_policy())
    other: dict[str, Any] = {field: ("something", "else")}
    assert (case.kind() == case._replace(**other).kind()) == (field in ITS_OWN)


OTHERWISE: dict[str, Any] = {
    "lead": 9, "occasion": "reclaimed", "why": "given", "offers": 2, "known": "bala", "requested": "bala"
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(ITS_OWN))
def test_on_what_is_a_leads_own_no_candidate_depends(field: str) -> None:
    everyone = Rule("everyone", prefer=("requested", "relationship", "language", "nearest", "time"))
    policy = make_policy(seniors_first().agents, rules=(Rule("dear", DEAR, SENIORS), everyone))
    case = make_case(policy, unmet=("price", None), language="ms", kilometres=(("chong", 3),))
    other: dict[str, Any] = {field: OTHERWISE[field]}
    one, two = (Branch(policy).desk for _ in range(2))
    assert line_up(case, one, one.policy, START) == line_up(case._replace(**other), two, two.policy, START)
