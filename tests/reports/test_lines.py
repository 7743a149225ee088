"""Lines for people fit the screen: folded at words, columns kept, commands in one piece; in a pipe they stay whole."""

from __future__ import annotations

import io

import pytest

from leadrouter.reports.lines import folded, say

LONG = "lead 41: Muhammad Hafizuddin bin Ismail -> offered to Chong Wei Liang; nobody tried to reach the person"


@pytest.mark.parametrize(
    ("line", "width", "shown"),
    [
        pytest.param("as it is", 8, ["as it is"], id="what fits is left alone"),
        pytest.param("one two three", 9, ["one two", "  three"], id="at words, the rest two to the right"),
        pytest.param("  one two three", 11, ["  one two", "    three"], id="the more so where it began to the right"),
        pytest.param(
            "state:    won with Aina Yusof", 20, ["state:    won with", "          Aina Yusof"], id="under its column"
        ),
        pytest.param(
            "a command of many words   what it is for", 30, ["a command of many words   what", "  it is for"],
            id="unless the column is a narrow one at the end",
        ),
        pytest.param("error: it is not so", 15, ["error: it is", "       not so"], id="an error, apart from its hint"),
        pytest.param(
            "take it off: leadrouter forget --allow WHO", 34, ["take it off:", "  leadrouter forget --allow WHO"],
            id="a command at the end, in one piece",
        ),
        pytest.param(
            "take it off: leadrouter forget --allow WHO", 20, ["take it off:", "  leadrouter forget", "  --allow WHO"],
            id="unless it has no room on any line",
        ),
        pytest.param("to 2026-10-26T09:30Z now", 12, ["to", "  2026-10-26T09:30Z", "  now"], id="words are whole"),
        pytest.param("陳大文 林美美 now", 13, ["陳大文 林美美", "  now"], id="wide letters take two columns"),
        pytest.param("Jose\u0301 Pe now", 7, ["Jose\u0301 Pe", "  now"], id="marks take none"),
        pytest.param("one\ntwo three", 5, ["one", "two", "  three"], id="line ends stay"),
    ],
)  # fmt: skip
def test_a_line_is_folded_where_it_does_not_fit(line: str, width: int, shown: list[str]) -> None:
    assert list(folded(line, width)) == shown
    assert list(folded(line, None)) == line.split("\n"), "where nothing is cut off it is whole"


def test_nothing_is_lost_at_any_width() -> None:
    for width in range(1, len(LONG) + 2):
        assert " ".join(folded(LONG, width)).split() == LONG.split()


@pytest.mark.parametrize(("columns", "lines"), [(None, 1), ("", 1), ("0", 1), ("wide", 1), ("80", 2), ("40", 3)])
def test_a_pipe_folds_nothing_unless_somebody_says_how_wide_it_is(
    columns: str | None, lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    out = io.StringIO()
    say(LONG, to=out)
    assert len(out.getvalue().splitlines()) == lines
    assert out.getvalue().endswith("person\n")
