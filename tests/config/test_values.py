"""Shares, weights, counts, names and ids, as they may and may not be written."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from leadrouter.config import values
from leadrouter.domain.policy import WEIGHT_UNIT


@pytest.mark.parametrize(
    ("text", "share"), [("95%", 0.95), ("0.95", 0.95), ("100%", 1.0), ("1", 1.0), ("0%", 0.0), ("99.5 %", 0.995)]
)
def test_a_share_is_written_in_percent_or_as_a_fraction_of_one(text: str, share: float) -> None:
    assert values.percent(text) == share


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
    assert values.weight(text) == parts


@given(st.fractions(min_value=Fraction(1, 2520), max_value=1000, max_denominator=999_999))
def test_a_weight_is_never_off_by_more_than_half_a_2520th(weight: Fraction) -> None:
    assert abs(values.weight(str(weight)) - weight * WEIGHT_UNIT) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "yes"), [("yes", True), ("On", True), ("TRUE", True), ("no", False), ("off", False), ("false", False)]
)
def test_a_flag_is_yes_or_no_in_three_ways_of_saying_it(text: str, yes: bool) -> None:
    assert values.flag(text) is yes


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("Aina Yusof", "aina-yusof", id="two words"),
        pytest.param("  Núria   Peña ", "nuria-pena", id="accents"),
        pytest.param("Mary O'Brien-Smith", "mary-obrien-smith", id="quote and hyphen"),
        pytest.param("Łukasz Żak", "lukasz-zak", id="letters that do not decompose"),
        pytest.param("Søren Weiß", "soren-weiss", id="more of them"),
        pytest.param("R2 D2", "r2-d2", id="digits"),
        pytest.param("陈伟 Wei", "wei", id="ASCII part alone"),
        pytest.param("陈 伟", "陈-伟", id="no ASCII at all"),
        pytest.param("ЮЛИЯ", "юлия", id="casefolded"),
        pytest.param("நளினி", "நளினி", id="marks are letters"),
        pytest.param("!?", "", id="no letters"),
    ],
)
def test_a_name_gives_an_id(name: str, slug: str) -> None:
    assert values.slug(name) == slug


@given(st.text(max_size=60))
def test_an_id_made_from_a_name_is_empty_or_made_of_what_an_id_may_hold(name: str) -> None:
    slug = values.slug(name)
    assert all(c.isalnum() or c == "-" or not c.isascii() for c in slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@pytest.mark.parametrize("text", ["aina", "Aina_2.b-c", "陈伟", "7", "நளினி"])
def test_an_id_of_letters_digits_and_three_signs_is_kept_as_written(text: str) -> None:
    assert values.identifier(text) == text


def test_names_have_single_spaces_and_words_no_case() -> None:
    assert values.name("  Aina \u00a0 Yusof ") == "Aina Yusof"
    assert values.word(" Paid  AD ") == "paid ad"
    assert values.name("Nu\u0301ria") == "N\u00faria"
    assert values.name("x" * 200) == "x" * 200


def test_counts_include_their_bounds() -> None:
    assert [values.count(1)("1"), values.count(0)("0"), values.count(1)("1000000")] == [1, 0, 1_000_000]


def test_a_choice_of_forty_is_listed_in_full() -> None:
    with pytest.raises(ValueError, match=r", 38, 39$"):
        values.choice(map(str, range(40)))("x")


@pytest.mark.parametrize(
    ("read", "text", "part"),
    [
        (values.percent, "95", "write it as 95% or 0.95"),
        (values.percent, "101%", "is not a share"),
        (values.percent, "-1%", "is not a share"),
        (values.percent, "nan", "is not a share"),
        (values.weight, "0", "out of range"),
        (values.weight, "0.0001", "out of range"),
        (values.weight, "1001", "out of range"),
        (values.weight, "1/0", "is not a weight"),
        (values.weight, "-1", "is not a weight"),
        (values.weight, "1,5", "write it as 1, 1.5 or 1/3"),
        (values.weight, "1e9", "is not a weight"),
        (values.weight, "9" * 5000, "is not a weight"),
        (values.flag, "maybe", "'maybe' is neither yes nor no"),
        (values.count(1), "0", "'0' is not a whole number from 1 to 1000000"),
        (values.count(0), "-1", "is not a whole number from 0"),
        (values.count(1), "1.0", "is not a whole number"),
        (values.count(1), "1000001", "is not a whole number"),
        (values.count(1), "٣", "is not a whole number"),
        (values.region, "MYS", "is not a country code of 2 letters, such as MY"),
        (values.region, "uk", "write GB"),
        (values.region, "éé", "is not a country code"),
        (values.letters(3, "currency", "MYR"), "RM", "is not a currency of 3 letters, such as MYR"),
        (values.choice(("hot", "warm")), "hott", "unknown 'hott'; known: hot, warm. Did you mean 'hot'?"),
        (values.choice(("hot", "warm")), "x", "unknown 'x'; known: hot, warm"),
        (values.choice(("x",)), "y" * 99, "unknown '" + "y" * 59 + "…'"),
        (values.choice(map(str, range(41))), "x", ", 38, 39, …"),
        (values.choice(("Hot",)), "HOTT", "Did you mean 'Hot'?"),
        (values.name, "x" * 201, "is longer than 200 characters"),
        (values.identifier, "aina yusof", "'aina yusof' is not an id"),
        (values.identifier, "-aina", "beginning with a letter or digit"),
        (values.identifier, "a/b", "is not an id"),
        (values.rotation_name, "west/HOT", "must not end in '/hot'"),
        (values.rotation_name, "west/tiers", "must not end in '/tiers'"),
    ],
)
def test_what_cannot_be_read_says_the_text_at_fault_and_the_way_out(
    read: Callable[[str], Any], text: str, part: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(part)):
        read(text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param(values.Flag, "off", False, id="flag"),
        pytest.param(values.DurationOrOff, "OFF", None, id="duration off"),
        pytest.param(values.DurationOrOff, "2h", 7200, id="duration"),
        pytest.param(values.PositiveOrOff, "off", None, id="count off"),
        pytest.param(values.PositiveOrOff, "3", 3, id="count"),
        pytest.param(values.Many[values.Word], "Buyer", ("buyer",), id="a list of one"),
        pytest.param(values.Many[values.Word], ["Buyer", "b"], ("buyer", "b"), id="a list"),
        pytest.param(values.Region, "my", "MY", id="region"),
        pytest.param(values.Currency, "myr", "MYR", id="currency"),
    ],
)
def test_a_type_reads_its_text(kind: Any, text: object, value: object) -> None:
    assert TypeAdapter(kind).validate_python(text) == value
