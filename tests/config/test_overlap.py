"""What one test holds of another, held against what `domain.matching` does with leads."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.config.overlap import Pattern, implies, lies_in, meet
from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import Question, compile_condition, postcode_in
from leadrouter.domain.policy import Condition, Team

CODES = ["".join(code) for length in (1, 2, 3) for code in product("0125", repeat=length)]
NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)

codes = st.sampled_from(CODES)
ranges = st.tuples(codes, codes).filter(lambda ends: len(ends[0]) == len(ends[1])).map(sorted)
patterns = (
    st.tuples(st.just("is"), codes)
    | st.tuples(st.just("prefix"), codes)
    | ranges.map(lambda ends: ("range", ends[0], ends[1]))
)
numbers = st.none() | st.integers(0, 4).map(float)
tests = (
    st.tuples(st.just("source"), st.just("in"), st.lists(st.sampled_from("ab"), min_size=1).map(tuple))
    | st.tuples(st.just("source"), st.just("present"), st.just(()))
    | st.tuples(st.just("price"), st.just("between"), st.tuples(numbers, numbers))
    | st.tuples(st.just("price"), st.sampled_from(["above", "below"]), st.integers(0, 4).map(float))
    | st.tuples(st.just("postcode"), st.just("like"), st.lists(patterns, min_size=1, max_size=2).map(tuple))
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    tests,
    lambda inner: (
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.tuples(st.just("not"), inner)
    ),
    max_leaves=4,
)
LEADS = [
    Lead(source=source, price=price, postcode=postcode)
    for source, price, postcode in product(
        (None, "a", "b", "c"), (None, 0.0, 1.0, 1.5, 2.0, 4.0, 5.0), (None, *CODES[::7])
    )
]
QUESTIONS = [Question(lead, Team(), NOW) for lead in LEADS]


@given(condition=conditions, other=conditions)
@settings(deadline=None, max_examples=300)
def test_what_is_implied_holds_for_every_lead(condition: Condition, other: Condition) -> None:
    if implies(condition, other):
        first, second = compile_condition(condition), compile_condition(other)
        assert all(second(question) is None for question in QUESTIONS if first(question) is None)


@given(condition=conditions)
def test_every_condition_implies_itself(condition: Condition) -> None:
    assert implies(condition, condition)


@given(first=patterns, second=patterns)
@settings(max_examples=300)
def test_patterns_meet_when_a_postcode_is_of_both(first: Pattern, second: Pattern) -> None:
    both = any(postcode_in(code, (first,)) and postcode_in(code, (second,)) for code in CODES)
    assert meet(first, second) == meet(second, first) == both


@given(pattern=patterns, wider=st.lists(patterns, min_size=1, max_size=2).map(tuple))
@settings(max_examples=300)
def test_a_pattern_lies_in_others_only_when_all_its_postcodes_do(pattern: Pattern, wider: tuple[Pattern, ...]) -> None:
    if lies_in(pattern, wider):
        assert all(postcode_in(code, wider) for code in CODES if postcode_in(code, (pattern,)))
