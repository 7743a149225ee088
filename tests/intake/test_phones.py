"""Phones: what is read as E.164, what is not, and that the shortcut and the library never disagree."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.intake import phones
from leadrouter.intake.phones import phone


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        pytest.param("012-345 6789", "MY", "+60123456789", id="national"),
        pytest.param("+60 12-345 6789", "MY", "+60123456789", id="international"),
        pytest.param("0060123456789", "MY", "+60123456789", id="dialled from inside the country"),
        pytest.param("60123456789", "MY", "+60123456789", id="the plus was lost"),
        pytest.param("60123456789.0", "MY", "+60123456789", id="exported as a float"),
        pytest.param("Tel: 012-345 6789", "MY", "+60123456789", id="a word before it"),
        pytest.param("012-345 6789 ext 12", "MY", "+60123456789", id="an extension"),
        pytest.param("+600123456789", "MY", "+60123456789", id="with a zero too many"),
        pytest.param("＋６０１２３４５６７８９", "MY", "+60123456789", id="wide digits"),
        pytest.param("+442083661177", "MY", "+442083661177", id="of another country"),
        pytest.param("+442083661177", None, "+442083661177", id="a plus needs no region"),
        pytest.param("+390612345678", None, "+390612345678", id="an Italian zero stays"),
        pytest.param("012-345 6789", None, "0123456789", id="without a region the digits"),
        pytest.param("(012) 345.6789", None, "0123456789", id="the usual punctuation"),
        pytest.param("٠١٢٣٤٥٦", None, "0123456", id="digits of other scripts"),
        pytest.param("12345", None, None, id="five digits are none"),
        pytest.param("call 0123456789", None, None, id="words without a region"),
        pytest.param("012-345 6789 / 03-7890 1234", None, None, id="two phones without a region"),
        pytest.param("012-345 6789 / 03-7890 1234", "MY", None, id="two phones"),
        pytest.param("345 6789", "US", None, id="only dialable in its town"),
        pytest.param("6.01235E+11", "MY", None, id="a spreadsheet's shorthand has lost digits"),
        pytest.param("+999123456789", "MY", None, id="no such country"),
        pytest.param("+0012125550123", "US", None, id="no country begins with zero"),
        pytest.param("n/a", "MY", None, id="not a number"),
        pytest.param("+", "MY", None, id="a plus alone"),
        pytest.param("0123456789", "XX", None, id="no such region"),
        pytest.param("1" * 300, "MY", None, id="far too long"),
    ],
)
def test_a_phone_becomes_e164_where_it_can_be_read(text: str, region: str | None, number: str | None) -> None:
    assert phone(text, region) == number


CALLING_CODES = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)).map(str) | st.just("")


@given(CALLING_CODES, st.text("0123456789", max_size=16), st.sampled_from(["MY", "US", "IT", None]))
def test_the_shortcut_never_says_other_than_the_library(code: str, rest: str, region: str | None) -> None:
    text = f"+{code}{rest}"
    if phones._is_e164(text):
        assert phones._parsed(text, region) == text


REGIONS = st.sampled_from(
    ["MY", "SG", "AE", "US", "CA", "GB", "ES", "IT", "DE", "FR", "IN", "AU", "MX", "AR", "BR", "XX"]
)


@given(
    REGIONS,
    st.sampled_from(["", "0", "1", "00", "60", "0060", "44", "34"]),
    st.text("0123456789", min_size=1, max_size=13),
    st.text(" ()./-", max_size=2),
)
def test_nor_does_the_shortcut_for_numbers_without_a_country(region: str, first: str, rest: str, marks: str) -> None:
    text = f"{first}{rest[:3]}{marks}{rest[3:]}"
    found = phones._national(text, region)
    assert found is None or found == phones._parsed(text, region)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("012-345 6789", "MY"),
        ("123456789", "MY"),
        ("(415) 555-2671", "US"),
        ("612 34 56 78", "ES"),
        ("050 123 4567", "AE"),
    ],
)
def test_the_shortcut_is_taken_for_ordinary_national_numbers(text: str, region: str) -> None:
    assert phones._national(text, region) == phones._parsed(text, region) is not None


def test_the_shortcut_is_taken_for_ordinary_numbers() -> None:
    """Otherwise the law above would say nothing."""
    for text in ("+60123456789", "+12025550123", "+442083661177", "+971501234567"):
        assert phones._is_e164(text)


@given(st.text(min_size=1), st.sampled_from(["MY", "US", None]))
def test_no_text_makes_a_phone_fail(text: str, region: str | None) -> None:
    number = phone(text, region)
    assert number is None or number.removeprefix("+").isdecimal()
