"""The pledge: who is in it, and what leaving it would change."""

from __future__ import annotations

import pytest

from leadrouter.domain.pledge import Leaving, leaving, members
from leadrouter.domain.policy import WEIGHT_UNIT, Pledge, Rule, Target
from tests.factories import make_agent, make_policy

AINA = make_agent("aina", groups=("eteam",), weight=2 * WEIGHT_UNIT)
BALA = make_agent("bala", groups=("eteam", "nights"))
CHONG = make_agent("chong")
NIGHT = Rule("night", ("hours", "is", "closed"), Target("group", ("eteam",)))
EITHER = Rule("either", ("quality", "is", "hot"), Target("group", ("eteam", "nights")))
POLICY = make_policy([AINA, BALA, CHONG], rules=(NIGHT, EITHER, Rule("everyone")))
ALL = {"aina", "bala", "chong"}


def test_members_are_the_agents_of_the_group_that_the_policy_names() -> None:
    assert [agent.id for agent in members(POLICY)] == ["aina", "bala"]
    assert members(POLICY._replace(pledge=Pledge("nights"))) == [BALA]
    assert members(POLICY._replace(pledge=Pledge("nobody"))) == []


def test_leaving_costs_the_share_of_every_rule_that_names_the_group() -> None:
    assert leaving(AINA, POLICY, ALL) == [Leaving("night", 2 / 3, 1), Leaving("either", 2 / 3, 1)]


def test_a_rule_that_names_the_agent_otherwise_too_is_not_lost() -> None:
    assert leaving(BALA, POLICY, ALL) == [Leaving("night", 1 / 3, 1)]


@pytest.mark.parametrize(("active", "share", "others"), [({"aina"}, 1.0, 0), (ALL, 2 / 3, 1)])
def test_only_those_who_are_there_share(active: set[str], share: float, others: int) -> None:
    assert leaving(AINA, POLICY, active)[0] == Leaving("night", share, others)


def test_who_never_was_a_member_loses_nothing() -> None:
    assert leaving(CHONG, POLICY, ALL) == []
