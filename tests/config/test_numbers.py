"""Shares, weights and counts, as they may and may not be written."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.config import numbers
from leadrouter.domain.policy import WEIGHT_UNIT


@pytest.mark.parametrize(
    ("text", "share"), [("95%", 0.95), ("0.95", 0.95), ("100%", 1.0), ("1", 1.0), ("0%", 0.0), ("99.5 %", 0.995)]
)
def test_a_share_is_written_in_percent_or_as_a_fraction_of_one(text: str, share: float) -> None:
    assert numbers.percent(text) == share


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1", 2520),
        ("2", 5040),
        ("1.5", 3780),
        ("1/3", 840),
        ("2/7", 720),
        ("0.333", 839),
        ("1/2520", 1),
        ("1/5039", 1),
        ("1000", 2_520_000),
    ],
)
def test_a_weight_is_rounded_to_2520ths(text: str, parts: int) -> None:
    assert numbers.weight(text) == parts


@given(st.fractions(min_value=Fraction(1, 2520), max_value=1000, max_denominator=999_999))
def test_a_weight_is_never_off_by_more_than_half_a_2520th(weight: Fraction) -> None:
    assert abs(numbers.weight(str(weight)) - weight * WEIGHT_UNIT) <= Fraction(1, 2)


def test_counts_include_their_bounds() -> None:
    assert [numbers.count(1)("1"), numbers.count(0)("0"), numbers.count(1)("1000000")] == [1, 0, 1_000_000]


@pytest.mark.parametrize(
    ("read", "text", "part"),
    [
        (numbers.percent, "95", "write it as 95% or 0.95"),
        (numbers.percent, "101%", "is not a share"),
        (numbers.percent, "-1%", "is not a share"),
        (numbers.percent, "nan", "is not a share"),
        (numbers.weight, "0", "out of range"),
        (numbers.weight, "0.0001", "out of range"),
        (numbers.weight, "1001", "out of range"),
        (numbers.weight, "1/0", "is not a weight"),
        (numbers.weight, "-1", "is not a weight"),
        (numbers.weight, "1,5", "write it as 1, 1.5 or 1/3"),
        (numbers.weight, "1e9", "is not a weight"),
        (numbers.weight, "9" * 5000, "is not a weight"),
        (numbers.count(1), "0", "'0' is not a whole number from 1 to 1000000"),
        (numbers.count(0), "-1", "is not a whole number from 0"),
        (numbers.count(1), "1.0", "is not a whole number"),
        (numbers.count(1), "1000001", "is not a whole number"),
        (numbers.count(1), "٣", "is not a whole number"),
    ],
)
def test_what_cannot_be_read_says_the_text_at_fault_and_the_way_out(
    read: Callable[[str], Any], text: str, part: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(part)):
        read(text)
