"""Names, ids, codes and choices, as they may and may not be written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.config import words


@pytest.mark.parametrize(
    ("text", "yes"), [("yes", True), ("On", True), ("TRUE", True), ("no", False), ("off", False), ("false", False)]
)
def test_a_flag_is_yes_or_no_in_three_ways_of_saying_it(text: str, yes: bool) -> None:
    assert words.flag(text) is yes


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
    assert words.slug(name) == slug


@given(st.text(max_size=60))
def test_an_id_made_from_a_name_is_empty_or_made_of_what_an_id_may_hold(name: str) -> None:
    slug = words.slug(name)
    assert all(c.isalnum() or c == "-" or not c.isascii() for c in slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@pytest.mark.parametrize("text", ["aina", "Aina_2.b-c", "陈伟", "7", "நளினி"])
def test_an_id_of_letters_digits_and_three_signs_is_kept_as_written(text: str) -> None:
    assert words.identifier(text) == text


def test_names_have_single_spaces_and_words_no_case() -> None:
    assert words.name("  Aina \u00a0 Yusof ") == "Aina Yusof"
    assert words.word(" Paid  AD ") == "paid ad"
    assert words.name("Nu\u0301ria") == "N\u00faria"
    assert words.name("x" * 200) == "x" * 200


def test_a_choice_of_forty_is_listed_in_full() -> None:
    with pytest.raises(ValueError, match=r", 38, 39$"):
        words.choice(map(str, range(40)))("x")


@pytest.mark.parametrize(
    ("read", "text", "part"),
    [
        (words.flag, "maybe", "'maybe' is neither yes nor no"),
        (words.region, "MYS", "is not a country code of 2 letters, such as MY"),
        (words.region, "uk", "write GB"),
        (words.region, "éé", "is not a country code"),
        (words.letters(3, "currency", "MYR"), "RM", "is not a currency of 3 letters, such as MYR"),
        (words.choice(("hot", "warm")), "hott", "unknown 'hott'; known: hot, warm. Did you mean 'hot'?"),
        (words.choice(("hot", "warm")), "x", "unknown 'x'; known: hot, warm"),
        (words.choice(("x",)), "y" * 99, "unknown '" + "y" * 59 + "…'"),
        (words.choice(map(str, range(41))), "x", ", 38, 39, …"),
        (words.choice(("Hot",)), "HOTT", "Did you mean 'Hot'?"),
        (words.name, "x" * 201, "is longer than 200 characters"),
        (words.identifier, "aina yusof", "'aina yusof' is not an id"),
        (words.identifier, "-aina", "beginning with a letter or digit"),
        (words.identifier, "a/b", "is not an id"),
        (words.rotation_name, "west/HOT", "must not end in '/hot'"),
        (words.rotation_name, "west/tiers", "must not end in '/tiers'"),
    ],
)
def test_what_cannot_be_read_says_the_text_at_fault_and_the_way_out(
    read: Callable[[str], Any], text: str, part: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(part)):
        read(text)
