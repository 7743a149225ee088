"""From a person's data to words of the policy, and nothing of the person in them."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouter.domain.classify import classify, quality_of
from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import Question
from leadrouter.domain.policy import Rule
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import LeadState
from tests.factories import START, make_lead, make_policy

RULES = (Rule("dear", ("price", "above", 1e6)), Rule("hot", ("quality", "in", ("hot",))), Rule("everyone"))


@pytest.mark.parametrize(
    ("given", "quality", "why"),
    [("hot", "hot", "given"), ("warm", "warm", "given"), ("cold", "cold", "given"), (None, "warm", "default"),
     ("scorching", "warm", "default"), ("Hot", "warm", "default")],
)  # fmt: skip
def test_a_quality_given_with_the_lead_counts_and_all_others_are_warm(
    given: str | None, quality: str, why: str
) -> None:
    policy = Rulebook(make_policy(1))
    assert quality_of(Question(Lead(quality=given), policy.policy.team, START), policy) == (quality, why)


@pytest.mark.parametrize(
    ("fields", "unmet"),
    [
        ({}, ("price", "quality", None)),
        ({"price": 2e6}, (None, "quality", None)),
        ({"quality": "hot", "price": 1.0}, ("price", None, None)),
    ],
)
def test_a_case_says_of_each_rule_which_field_failed(fields: dict[str, Any], unmet: tuple[str | None, ...]) -> None:
    case = classify(make_lead(**fields), LeadState(1), Rulebook(make_policy(1, rules=RULES)), START, "new")
    assert case.unmet == unmet


def test_a_policy_of_one_rule_takes_every_lead() -> None:
    assert classify(make_lead(), LeadState(1), Rulebook(make_policy(1)), START, "new").unmet == (None,)


def test_a_case_remembers_what_the_lead_has_been_through() -> None:
    state = LeadState(7, past_holders=("aina", "bala"), excluded=("aina",), hops=2)
    case = classify(make_lead(), state, Rulebook(make_policy(1)), START, "reclaimed")
    assert (case.lead, case.occasion, case.excluded, case.hops) == (7, "reclaimed", ("aina",), 2)


QUALIFY = (Rule("first", None, then="qualify"), Rule("someday", None, then="incubate"), Rule("everyone"))


@pytest.mark.parametrize("occasion", ["new", "reclaimed", "expired", "retry", "handoff", "touch"])
def test_what_was_handed_off_or_showed_intent_does_not_go_back(occasion: str) -> None:
    policy = Rulebook(make_policy(1, rules=QUALIFY))
    handed = classify(make_lead(), LeadState(1, handed_off_at=START), policy, START, occasion)
    ready = classify(make_lead(), LeadState(1, showed_intent=True), policy, START, occasion)
    assert (handed.unmet[0], ready.unmet[1], ready.unmet[2]) == ("occasion", "occasion", None)
    assert (ready.quality, ready.why) == ("hot", "touch")


def test_a_case_holds_no_word_of_the_person() -> None:
    secret = {field: f"secret-{field}" for field in Lead._fields if field not in ("cost", "price", "lat", "lon")}
    facts = Lead(**secret)._replace(custom='{"secret":"secret"}')  # type: ignore[arg-type]
    case = classify(facts, LeadState(1), Rulebook(make_policy(1, rules=RULES)), START, "new")
    assert "secret" not in repr(case)
