"""Expected shares are those that are dealt: weights over sums, per rule, and per word where a strategy serves one."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from leadrouter.domain.policy import WEIGHT_UNIT, Policy, Rule, Target, Territory
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.shares import Kind, expected_shares, share_changes
from tests.factories import PLENTY, START, WEIGHTS, Branch, make_agent, make_policy


def shares(policy: Policy) -> dict[Kind, dict[str, Fraction]]:
    return expected_shares(Rulebook(policy), {}, START)


def test_equal_agents_have_equal_shares() -> None:
    assert shares(make_policy(4)) == {Kind("everyone"): dict.fromkeys(["a01", "a02", "a03", "a04"], Fraction(1, 4))}


def test_absences_hours_and_limits_do_not_count_but_who_has_left_does() -> None:
    team = [
        make_agent("ann"),
        make_agent("ben", time_off=((START.date().isoformat(), "2030-01-01"),), hours=((6, 0, 60),)),
        make_agent("cem", left="2026-01-01"),
        make_agent("dai", joined="2030-01-01"),
    ]
    assert shares(make_policy(team)) == {Kind("everyone"): {"ann": Fraction(1, 2), "ben": Fraction(1, 2)}}


def test_a_new_agent_has_the_share_of_the_ramp_up() -> None:
    team = [make_agent("ann"), make_agent("ben", joined=START.date().isoformat())]
    assert shares(make_policy(team))[Kind("everyone")]["ben"] == Fraction(1, 4)


def test_a_strategy_that_serves_words_has_a_share_for_each() -> None:
    team = [
        make_agent("ann", specialties=("buyer", "luxury")),
        make_agent("ben", specialties=("buyer",)),
        make_agent("cem", territories=("west",)),
    ]
    rules = (
        Rule("known", ("source", "in", ("x",)), strategy="specialty"),
        Rule("home", strategy="territory"),
    )
    found = shares(make_policy(team, rules=rules, territories=(Territory("west"), Territory("east"))))
    assert found == {
        Kind("known", "buyer"): {"ann": Fraction(1, 2), "ben": Fraction(1, 2)},
        Kind("known", "luxury"): {"ann": Fraction(1)},
        Kind("home", "west"): {"cem": Fraction(1)},
    }


def test_rules_that_give_leads_to_nobody_have_no_shares() -> None:
    policy = make_policy(2, rules=(Rule("left", ("source", "in", ("x",)), then="pool"), Rule("everyone")))
    assert list(shares(policy)) == [Kind("everyone")]


@pytest.mark.parametrize("strategy", ["round_robin", "weighted", "performance"])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_dealt_is_what_was_expected(strategy: str, seed: int) -> None:
    chance = Random(seed)
    team = [
        make_agent(f"a{n}", weight=chance.choice(WEIGHTS), tier=chance.choice("ABC"), capacity=PLENTY)
        for n in range(chance.randint(2, 7))
    ]
    policy = make_policy(team, rules=(Rule("everyone", strategy=strategy),))
    dealt = Counter(Branch(policy).deal(600))
    for agent, part in shares(policy)[Kind("everyone")].items():
        assert dealt[agent] == pytest.approx(600 * part, abs=2)


def test_changes_name_who_gains_and_who_loses_and_follow_a_renamed_rule() -> None:
    before = make_policy([make_agent("ann"), make_agent("ben")], rules=(Rule("old"),))
    after = make_policy(
        [make_agent("ann", weight=2 * WEIGHT_UNIT), make_agent("ben")], rules=(Rule("new", to=Target()),)
    )
    found = share_changes(shares(before), shares(after), {"old": "new"})
    assert [(change.agent, change.kind.rule, change.before, change.after) for change in found] == [
        ("ann", "new", Fraction(1, 2), Fraction(2, 3)),
        ("ben", "new", Fraction(1, 2), Fraction(1, 3)),
    ]
