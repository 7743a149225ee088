"""Prices in words and ranges: what each says, and what is no price."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.intake.amounts import UNITS, Amount, amount, money
from leadrouter.intake.cells import BadValue


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("RM 1.2m", 1_200_000),
        ("RM1.2 juta", 1_200_000),
        ("$450k", 450_000),
        ("AED 2,355,000", 2_355_000),
        ("1.5 million", 1_500_000),
        ("80 lakh", 8_000_000),
        ("₹1.5 Cr", 15_000_000),
        ("12,50,000", 1_250_000),
        ("1.200.000 EUR", 1_200_000),
        ("1.234.567,50 €", 1_234_567.5),
        ("1 200 000", 1_200_000),
        ("1.2m MYR", 1_200_000),
    ],
)
def test_one_sum_says_all_that_the_cell_says(text: str, value: float) -> None:
    assert amount(text) == Amount(value, exact=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5Cr-2Cr", 20_000_000),
        ("450-600k", 600_000),
        ("1.5m - 2", 2_000_000),
        ("RM500,000 to RM750,000", 750_000),
        ("AED 1.5M – 2M", 2_000_000),
        ("450000-1m", 1_000_000),
        ("up to 80 lakh", 8_000_000),
        ("< 500k", 500_000),
        ("500k+", 500_000),
        ("about RM 900k", 900_000),
    ],
)
def test_a_range_or_a_bound_gives_its_upper_end_and_is_not_all(text: str, value: float) -> None:
    assert amount(text) == Amount(value, exact=False)


@pytest.mark.parametrize(
    "text", ["", "2 BHK", "3-4 rooms", "2024-01-02", "to be discussed", "-5", "2m-1m", "1-2-3", "500000-", "k", "1e9m"]
)
def test_what_is_no_sum_of_money_is_none(text: str) -> None:
    assert amount(text) is None


@given(st.integers(1, 999), st.sampled_from(sorted(UNITS)), st.sampled_from(["", "RM ", "$"]))
def test_a_unit_multiplies(number: int, unit: str, currency: str) -> None:
    assert amount(f"{currency}{number}{unit}") == Amount(number * UNITS[unit], exact=True)


@pytest.mark.parametrize(
    ("text", "value"), [("480000", 480_000), ("RM 1.2m", 1_200_000), ("450.000", 450_000), ("0", 0), ("1e15", 1e15)]
)
def test_what_a_deal_was_worth_is_read_in_digits_and_in_words(text: str, value: float) -> None:
    assert money(text) == value


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1e400", "1e16", "a lot", "2 BHK"])
def test_what_is_no_worth_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="cannot be read as an amount"):
        money(text)


@given(st.text(max_size=30))
def test_no_text_is_too_strange(text: str) -> None:
    amount(text)
