"""One cell at a time: what is read, what is refused, what is cleaned away."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.intake import cells
from leadrouter.intake.amounts import money
from leadrouter.intake.cells import CELL_LIMIT, BadValue


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param("  Ada Example ", "Ada Example", id="trimmed"),
        pytest.param("", "", id="empty stays empty"),
        pytest.param(" \t\r\n ", "", id="white space is empty"),
        pytest.param("Jose\u0301", "José", id="composed to NFC"),
        pytest.param("Ada\x00\x1b[31m", "Ada[31m", id="control characters go"),
        pytest.param("Ada\x9b", "Ada", id="C1 control characters go"),
        pytest.param("\u202dAda\u202c \u2066Example\u2069", "Ada Example", id="direction overrides and isolates go"),
        pytest.param("\ufeffada@\u200bexample.com", "ada@example.com", id="spaces of no width go"),
        pytest.param("Ada\xa0Example", "Ada Example", id="a space that does not break is a space"),
        pytest.param("Ada\r\nExample\tRoad", "Ada Example Road", id="line ends and tabs become spaces"),
        pytest.param("نور", "نور", id="other scripts stay"),
        pytest.param("'+60123456789", "+60123456789", id="the apostrophe of a rejects file goes"),
        pytest.param("'=1+1", "=1+1", id="the same before a formula"),
        pytest.param("''tis", "''tis", id="another apostrophe stays"),
        pytest.param("'t Hart", "'t Hart", id="a name may begin with one"),
        pytest.param("O'Example", "O'Example", id="or have one inside"),
    ],
)
def test_a_cell_becomes_clean_text(cell: str, text: str) -> None:
    assert cells.one_line(cell) == text


def test_a_message_keeps_its_lines() -> None:
    assert cells.many_lines(" Hello\r\n\tcall me\rplease\x07 ") == "Hello\n call me\nplease"


@pytest.mark.parametrize("read", [cells.one_line, cells.many_lines])
def test_a_cell_may_hold_64_ki_characters_and_no_more(read: object) -> None:
    assert callable(read)
    assert len(read("x" * CELL_LIMIT)) == CELL_LIMIT
    with pytest.raises(BadValue, match="longer than 65,536 characters"):
        read("x" * (CELL_LIMIT + 1))


def test_a_stray_byte_is_refused_without_showing_the_text() -> None:
    with pytest.raises(BadValue) as caught:
        cells.one_line("Jos\udce9 Example")
    assert caught.value.message == "text is not readable as UTF-8"
    assert caught.value.exit_code == 2


@given(st.text())
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    """Importing an export again must find the same facts. Apostrophes apart: each reading may take one off."""
    try:
        once = cells.one_line(text.replace("'", ""))
    except BadValue:
        return
    assert cells.one_line(once) == once
    assert once == once.strip()
    assert not any(ord(mark) < 32 or 0x7F <= ord(mark) < 0xA0 for mark in once)


@given(st.text(st.characters(codec="utf-8")))
def test_a_plain_text_needs_only_trimming(text: str) -> None:
    if cells.is_plain(text):
        assert cells.one_line(text) == text.strip()
        assert cells.many_lines(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada@Example.COM", "ada@example.com"),
        ("ada+list@example.org", "ada+list@example.org"),
        ("ada@host", "ada@host"),
        ("ada", None),
        ("@example.com", None),
        ("ada@", None),
        ("@", None),
        ("ada@@example.com", None),
        ("ada@example.com, bob@example.com", None),
        ("Ada Example <ada@example.com>", None),
        ("ada @example.com", None),
        ("ada@exam\u2003ple.com", None),
    ],
)
def test_an_email_has_one_at_sign_and_no_spaces(text: str, address: str | None) -> None:
    assert cells.email(text) == address


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("450000", 450000.0),
        ("450000.50", 450000.5),
        ("-3.5", -3.5),
        ("1.5E+06", 1500000.0),
        ("2,355,000", 2355000.0),
        ("2,355,000.75", 2355000.75),
        ("23,55,000", 2355000.0),
        ("AED 2,355,000", 2355000.0),
        ("aed2355000", 2355000.0),
        ("2,355,000 AED", 2355000.0),
        ("$450000", 450000.0),
        ("US$ 450,000", 450000.0),
        ("-$450", -450.0),
        ("RM 500 000", 500000.0),
        ("RM500\xa0000", 500000.0),
        ("Rs. 500", 500.0),
        ("€1'200", 1200.0),
        ("₹ 1,50,000", 150000.0),
        ("nan", None),
        ("inf", None),
        ("-Infinity", None),
        ("1e999", None),
        ("1_000", None),
        ("2.355.000", None),
        ("1,5", None),
        ("12,34", None),
        ("1,234 567", None),
        ("$.50", None),
        ("RM 1.2m", None),
        ("500k", None),
        ("3 BHK", None),
        ("max 500000", None),
        ("500000-700000", None),
        ("AED", None),
        (",", None),
        ("about half a million", None),
    ],
)
def test_a_number_may_have_separators_and_a_currency_and_nothing_else(text: str, value: float | None) -> None:
    assert cells.number(text) == value


@given(
    st.integers(1_000, 10**9),
    st.sampled_from(["{}", "{} EUR", "{} €", "{}€", "€ {}", "€{}", "EUR {}", "{} RM", "RM {}", "Rs. {}", "{} Rs."]),
)
def test_thousands_may_be_set_off_by_points_whichever_side_the_currency_stands_on(sum_: int, form: str) -> None:
    with_points = form.format(f"{sum_:,}".replace(",", "."))
    assert cells.price(with_points) == money(with_points) == sum_


@pytest.mark.parametrize(
    ("text", "value"), [("450.5 EUR", 450.5), ("450.00 €", 450.0), ("0.500", 0.5), ("1.250 sqft", None)]
)
def test_a_price_with_another_point_is_what_it_says(text: str, value: float | None) -> None:
    assert cells.price(text) == value


@given(st.text(min_size=1))
def test_a_number_is_finite_or_none(text: str) -> None:
    value = cells.number(text)
    assert value is None or math.isfinite(value)


@pytest.mark.parametrize("text", ["9" * CELL_LIMIT + "x", "1," * 30_000, "111," * 16_000, "$" * CELL_LIMIT])
def test_a_hostile_number_is_refused_quickly(text: str) -> None:
    assert cells.number(text) is None


def test_a_place_lies_on_the_globe() -> None:
    assert cells.latitude("3.1390") == 3.139
    assert cells.latitude("-90") == -90
    assert cells.latitude("101.7") is None
    assert cells.latitude("3,139") is None  # a decimal comma, not three thousand degrees
    assert cells.longitude("101.7") == 101.7
    assert cells.longitude("181") is None
    assert cells.longitude("east") is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2026-03-01", "2026-02-28T16:00:00Z", id="a date is the team's midnight"),
        pytest.param("2026-03-01 09:30", "2026-03-01T01:30:00Z", id="a time without an offset is the team's"),
        pytest.param("2026-03-01 09:30:15", "2026-03-01T01:30:15Z", id="seconds"),
        pytest.param("2026-03-01T09:30:15.999", "2026-03-01T01:30:15Z", id="parts of a second are dropped"),
        pytest.param("2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z", id="UTC"),
        pytest.param("2026-03-01T09:30:00+02:00", "2026-03-01T07:30:00Z", id="an offset"),
        pytest.param("2026-03-01T09:30:00.000+0000", "2026-03-01T09:30:00Z", id="as Salesforce writes it"),
        pytest.param("01/03/2026", None, id="slashes could be either order"),
        pytest.param("2026-02-30", None, id="no such day"),
        pytest.param("1 March 2026", None, id="words"),
        pytest.param("45000", None, id="a spreadsheet's day number"),
        pytest.param("0001-01-01", None, id="before all time"),
        pytest.param("9999-12-31T23:59:59-10:00", None, id="after all time"),
    ],
)
def test_a_moment_is_iso_and_becomes_utc(text: str, at: str | None) -> None:
    assert cells.moment(text, ZoneInfo("Asia/Kuala_Lumpur")) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2026-01-15 12:00", "2026-01-15T17:00:00Z", id="winter"),
        pytest.param("2026-07-15 12:00", "2026-07-15T16:00:00Z", id="summer"),
        pytest.param("2026-11-01 01:30", "2026-11-01T05:30:00Z", id="the hour that comes twice: the first"),
        pytest.param("2026-03-08 02:30", "2026-03-08T07:30:00Z", id="the hour that does not come"),
    ],
)
def test_a_local_time_follows_daylight_saving(text: str, at: str) -> None:
    assert cells.moment(text, ZoneInfo("America/New_York")) == at


@pytest.mark.parametrize(("text", "word"), [("hot", "hot"), ("WARM", "warm"), ("Cold", "cold"), ("A", None)])
def test_quality_is_one_of_three_words(text: str, word: str | None) -> None:
    assert cells.quality(text) == word


@pytest.mark.parametrize(
    ("header", "key"),
    [("Customer Type", "customer_type"), (" Budget (AED) ", "budget_aed"), ("État", "état"), ("?!", ""), ("", "")],
)
def test_a_custom_key_is_the_header_in_small_letters(header: str, key: str) -> None:
    assert cells.custom_key(header) == key
