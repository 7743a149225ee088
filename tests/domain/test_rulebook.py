"""A policy made ready: names resolved in the order of the roster, rotations by their names."""

from __future__ import annotations

import pytest

from leadrouter.domain.policy import Rule, Target
from leadrouter.domain.rulebook import Rulebook, rotation_name
from tests.factories import make_agent, make_policy

TEAM = (make_agent("zoe", groups=("west",)), make_agent("bala"), make_agent("aina", groups=("west",)))
RULES = (
    Rule("dear", ("price", "above", 1e6), Target("group", ("west",)), rotation="homes"),
    Rule("west", ("area", "in", ("west",)), Target("agents", ("aina", "zoe"))),
    Rule("everyone", rotation="homes"),
)
BOOK = Rulebook(make_policy(TEAM, rules=RULES))


def test_whom_a_rule_names_stands_in_the_order_of_the_roster() -> None:
    assert {rule: [agent.id for agent in named] for rule, named in BOOK.named.items()} == {
        "dear": ["zoe", "aina"], "west": ["zoe", "aina"], "everyone": ["zoe", "bala", "aina"],
    }  # fmt: skip
    assert list(BOOK.roster) == ["zoe", "bala", "aina"]


def test_the_last_rule_takes_every_lead() -> None:
    assert BOOK.catch_all.name == "everyone"
    assert [test is None for test in BOOK.tests] == [False, False, True]


def test_rules_that_name_one_rotation_share_it() -> None:
    rotations = {name: [rule.name for rule in rules] for name, rules in BOOK.rotations().items()}
    assert rotations == {"homes": ["dear", "everyone"], "west": ["west"]}


@pytest.mark.parametrize(
    ("rule", "quality", "name"),
    [
        (Rule("west"), "warm", "west"),
        (Rule("west"), "cold", "west"),
        (Rule("west"), "hot", "west/hot"),
        (Rule("west", rotation="homes"), "warm", "homes"),
        (Rule("west", rotation="homes"), "hot", "homes/hot"),
    ],
)
def test_a_rotation_is_called_by_its_own_name_or_its_rules(rule: Rule, quality: str, name: str) -> None:
    assert rotation_name(rule, quality) == name
