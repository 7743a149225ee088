"""CSV as it is found: separators, quotes, line ends, and quotes that run away."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.errors import UnusableFile
from leadrouter.intake import rows
from leadrouter.intake.rows import ROW_LIMIT, Cells, Lines, read_header, read_rows, separator_of

OPEN, TORN, LONG = rows._OPEN_QUOTE, rows._TORN, rows._TOO_LONG


def read(text: str) -> tuple[list[str], list[Cells]]:
    lines = Lines(io.StringIO(text, newline=""))
    header, separator = read_header(lines)
    return header, list(read_rows(lines, separator, len(header)))


def cells_of(text: str) -> list[list[str]]:
    """The rows under a header, none of them at fault."""
    found = read(text)[1]
    assert [row.fault for row in found] == [None] * len(found)
    return [row.cells for row in found]


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("email,name", ","),
        ("email;name", ";"),
        ("email\tname", "\t"),
        ("email|name", "|"),
        ("email", ","),
        ('"Last, first; or so",email;name;phone', ";"),
        ('"a,b,c,d";email', ";"),
        ('name;"a,b,c', ";"),
        ("Name, first;email;phone", ";"),
    ],
)
def test_the_separator_follows_from_the_header(header: str, separator: str) -> None:
    assert separator_of(header) == separator


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("a,b\nc,d\n", [["a", "b"], ["c", "d"]], id="LF"),
        pytest.param("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]], id="CRLF"),
        pytest.param("a,b\rc,d\r", [["a", "b"], ["c", "d"]], id="CR"),
        pytest.param("a,b\nc,d", [["a", "b"], ["c", "d"]], id="no line end at the end"),
        pytest.param('"a\nb",c\n', [["a\nb", "c"]], id="a quoted line end"),
        pytest.param('"a ""b"", c",d\n', [['a "b", c', "d"]], id="doubled quotes"),
        pytest.param('5" pipe,d\n', [['5" pipe', "d"]], id="a quote inside an open cell"),
        pytest.param("\n\na,b\n\r\n\nc,d\n\n", [["a", "b"], ["c", "d"]], id="blank lines"),
        pytest.param("a\n", [["a", ""]], id="a short row is filled up"),
        pytest.param("a,b,, ,\n", [["a", "b"]], id="empty cells too many"),
        pytest.param("a\0,b\n", [["a\0", "b"]], id="a NUL"),
        pytest.param(" a , b \n", [[" a ", " b "]], id="spaces stay"),
        pytest.param(",\n", [["", ""]], id="empty cells"),
        pytest.param(",,,,\n", [], id="nothing but separators"),
    ],
)
def test_rows_are_what_stands_in_the_file(body: str, expected: list[list[str]]) -> None:
    assert cells_of("h1,h2\n" + body) == expected


def test_a_row_knows_the_line_it_starts_on() -> None:
    found = read('\n\nh1,"h\n2"\n\na,b\n"c\nd\ne",f\r\n\r\ng,h\ri,j')[1]
    assert [(row.line, row.cells[0]) for row in found] == [(6, "a"), (7, "c\nd\ne"), (11, "g"), (12, "i")]


def test_more_cells_than_columns_is_a_fault() -> None:
    assert read("h1,h2\na,b,c\n")[1] == [Cells(2, ["a", "b", "c"], LONG)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            '1,"Ada,x\n"2",Bob,y\n3,Cy,z\n',
            [Cells(2, ["1", '"Ada', "x"], OPEN), Cells(3, ["2", "Bob", "y"]), Cells(4, ["3", "Cy", "z"])],
            id="up to the next quote: only its own row is lost",
        ),
        pytest.param(
            '1,Ada,"call me\n2,Bob,y\n3,Cy,z\n',
            [Cells(2, ["1", "Ada", '"call me'], OPEN), Cells(3, ["2", "Bob", "y"]), Cells(4, ["3", "Cy", "z"])],
            id="up to the end of the file",
        ),
        pytest.param(
            '1,Ada,"a 5" pipe"\n2,Bob,y\n',
            [Cells(2, ["1", "Ada", '"a 5" pipe"'], OPEN), Cells(3, ["2", "Bob", "y"])],
            id="a quote that is not doubled",
        ),
        pytest.param(
            '1,Ada,"first\nsecond 5" line"\n2,Bob,y\n',
            [Cells(2, ["1", "Ada", '"first'], OPEN), Cells(3, ['second 5" line"'], TORN), Cells(4, ["2", "Bob", "y"])],
            id="the rest of the torn row does not become a lead",
        ),
        pytest.param(
            '1,"Ada,x\n2,Bob,"two\nlines"\n3,Cy,z\n',
            [Cells(2, ["1", '"Ada', "x"], OPEN), Cells(3, ["2", "Bob", "two\nlines"]), Cells(5, ["3", "Cy", "z"])],
            id="a row of two lines behind it is whole",
        ),
        pytest.param(
            '1,"Ada,x\n2,Bob\n3,"Cy"\n4,Di\n',
            [
                Cells(2, ["1", '"Ada', "x"], OPEN),
                Cells(3, ["2", "Bob"], TORN),
                Cells(4, ["3", "Cy"], TORN),
                Cells(5, ["4", "Di", ""]),
            ],
            id="a short row is doubtful only near it",
        ),
    ],
)
def test_an_open_quote_costs_its_own_row_only(body: str, expected: list[Cells]) -> None:
    assert read("id,name,message\n" + body)[1] == expected


def test_an_open_quote_may_not_swallow_more_than_a_mebibyte() -> None:
    count = 3 * ROW_LIMIT // 10
    found = read('id,name\n0,"open\n' + "1234,6789\n" * count + '2,"b"\n')[1]
    assert found[0] == Cells(2, ["0", '"open'], OPEN)
    assert [row.fault for row in found[1:]] == [None] * (count + 1)
    assert found[-1] == Cells(count + 3, ["2", "b"])


@pytest.mark.parametrize("more", [0, 1, 3 * ROW_LIMIT])
def test_a_line_of_more_than_a_mebibyte_is_a_fault_and_the_rest_goes_on(more: int) -> None:
    found = read("id,name\n1,a\n2," + "x" * (ROW_LIMIT + more) + "\n3,c\n")[1]
    assert [(row.line, row.fault) for row in found] == [(2, None), (3, rows._ROW_TOO_LONG), (4, None)]
    assert found[1].cells == ["2", "x" * (ROW_LIMIT - 2)]
    assert found[2] == Cells(4, ["3", "c"])


def test_a_header_of_more_than_a_mebibyte_is_refused() -> None:
    with pytest.raises(UnusableFile, match="the first line is longer than 1 MiB"):
        read("x" * (2 * ROW_LIMIT))


def test_a_header_with_control_characters_is_no_text() -> None:
    with pytest.raises(UnusableFile, match="not a text file"):
        read("id,na\x01me\n1,a\n")


def test_a_short_last_row_without_a_line_end_was_cut_off() -> None:
    assert read("id,name\n1,a\n2")[1] == [Cells(2, ["1", "a"]), Cells(3, ["2"], rows._CUT_OFF)]


@pytest.mark.parametrize("text", ["id,name\n1\n2", "id,name\n1,a\n2\n", "id,name\n1,a\n2,"])
def test_a_short_last_row_is_whole_in_a_ragged_file_or_with_a_line_end(text: str) -> None:
    assert read(text)[1][-1] == Cells(3, ["2", ""])


@pytest.mark.parametrize("first", ["sep=;", "SEP=; ", "\nsep=;"])
def test_a_line_that_tells_the_separator_is_no_header(first: str) -> None:
    assert read(f"{first}\nid,x;name\n1;a,b\n")[:2] == (["id,x", "name"], [Cells(first.count("\n") + 3, ["1", "a,b"])])


def test_a_file_of_quotes_is_given_up_and_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line opens a quote that the next one closes and opens again; every row would be a mebibyte long."""
    monkeypatch.setattr(rows, "_REREAD_LIMIT", 2 * ROW_LIMIT)
    with pytest.raises(UnusableFile, match="too many cells open with a quotation mark"):
        read("id,name\n" + 'a","\n' * 300_000)


@pytest.mark.parametrize("text", ['"email,name\n1,2\n', '"email"x,name\n', '"' + "a\n" * ROW_LIMIT])
def test_a_header_with_open_quotes_is_refused(text: str) -> None:
    with pytest.raises(UnusableFile, match="quotation marks of the first line"):
        read(text)


@pytest.mark.parametrize("text", ["", "\n\r\n  \n", "\n" * (ROW_LIMIT + 1)])
def test_a_file_without_a_header_is_refused(text: str) -> None:
    with pytest.raises(UnusableFile, match="empty"):
        read(text)


CELL = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(["", " ", '"', "\n", "\r\n", ",", ";", "'"])


@given(
    st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)),
    st.sampled_from(rows.SEPARATORS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_whatever_csv_writes_comes_back(
    table: list[list[str]], separator: str, line_end: str, sparing_quotes: bool
) -> None:
    text = io.StringIO(newline="")
    # Only with CRLF does Python 3.11 quote both a lone CR and a lone LF inside a cell.
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL if sparing_quotes and line_end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting)
    header = [f"h{number}" for number in range(len(table[0]) if table else 2)]
    writer.writerow(header)
    writer.writerows(table)
    if len(header) == 1 and separator != ",":  # nothing in one column tells the separator
        return
    back_header, back = read(text.getvalue())
    assert back_header == header
    assert [row.cells for row in back] == table
    assert not any(row.fault for row in back)


@given(st.text('"a,;\n\r ', max_size=60))
def test_no_line_is_lost_whatever_the_quotes(body: str) -> None:
    """Every letter of the file is in a row or in a fault, once, and lines only go up."""
    found = read("id,name\n" + body)[1]
    assert sum(cell.count("a") for row in found for cell in row.cells) == body.count("a")
    assert all(one.line < other.line for one, other in pairwise(found))
    assert all(len(row.cells) == 2 for row in found if not row.fault)
