"""Characters that are no text: which they are, how they are shown, and what a spreadsheet would run."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.hostile import GONE, MOST_MARKS, UNSEEN, as_cell, is_open, unheaped, visible, would_run
from leadrouter.intake.cells import BadValue, one_line

JOINERS = {0x200C, 0x200D}
SHOWN_THOUGH_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Signs that stand before numbers in Arabic, Syriac and Kaithi: of category Cf, and seen."""

NOTATION = range(0x13430, 0x13456)
"""Of hieroglyphs, which no terminal shows anyway."""

TEXT = st.text(st.characters(codec="utf-8")) | st.text("\x00\x1b\x9b\u202e\u2066\u200b=+'\t\r\n\x85 a\u0301")


def test_every_control_and_format_character_is_unseen() -> None:
    for sign in range(0x110000):
        if unicodedata.category(chr(sign)) in ("Cc", "Cf", "Zl", "Zp") and sign not in NOTATION:
            assert (sign in GONE) == (sign not in JOINERS | SHOWN_THOUGH_FORMATS), hex(sign)


@pytest.mark.parametrize("sign", ["\u3164", "\uffa0", "\u115f", "\u1160", "\u034f", "\u17b4"])
def test_letters_without_a_shape_are_unseen(sign: str) -> None:
    assert sign.isprintable()
    assert ord(sign) in UNSEEN
    assert one_line(f"Ada{sign}") == "Ada"
    assert not is_open(f"Ada{sign}")


@pytest.mark.parametrize(
    "name",
    [
        "José Núñez",
        "محمد",
        "נורית",
        "陈伟",
        "நளினி",
        "Nguyễn Thị Ánh",
        "कृष्ण",
        "نرم‌افزار",
        "👩‍👧 Ada",
        "กี่",
        "葛\U000e0100",
    ],
)
def test_names_of_people_stay_as_they_are(name: str) -> None:
    assert one_line(name) == unicodedata.normalize("NFC", name)
    assert visible(name) == name


def test_a_heap_of_marks_is_cut_down() -> None:
    assert unheaped("Z" + "\u0301" * 300 + "oe") == "Z" + "\u0301" * MOST_MARKS + "oe"
    assert one_line("ก" + "\u0e47" * 300) == "ก" + "\u0e47" * MOST_MARKS
    assert not is_open("a" + "\u0e47" * 5)


@given(TEXT)
def test_what_is_shown_holds_nothing_unseen_but_line_ends_and_tabs(text: str) -> None:
    assert not {ord(sign) for sign in visible(text)} & ({*UNSEEN} - {9, 10})
    assert visible(visible(text)) == visible(text)


@given(TEXT)
def test_json_that_is_made_visible_says_the_same(text: str) -> None:
    assert json.loads(visible(json.dumps({"text": text}, ensure_ascii=False))) == {"text": text}


@pytest.mark.parametrize("before", ["", " ", "\t", "\x00", "\u200b", "\ufeff", "\u202e", " \x00 ", "\x1b" * 500])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_formula_is_one_whatever_stands_unseen_before_it(before: str, sign: str) -> None:
    assert would_run(f"{before}{sign}1+1")
    assert as_cell(f"{before}{sign}1+1").startswith("'")


@pytest.mark.parametrize("text", ["", " ", "Ada", "a=1", "1-2", "'=1", "(+60) 12", "\u200bAda"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert not would_run(text)
    assert as_cell(text) == text


@given(TEXT)
def test_a_cell_that_went_through_a_spreadsheets_file_reads_as_before(text: str) -> None:
    try:
        assert one_line(as_cell(text)) == one_line(text)
    except BadValue:
        with pytest.raises(BadValue):
            one_line(text)
