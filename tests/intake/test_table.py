"""A whole lead file: leads and rejected rows in order, or one sentence saying why the file cannot be used."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.lead import Lead
from leadrouter.errors import LeadrouterError, UnusableFile, WrongUsage
from leadrouter.intake.table import LeadFile, Rejected, Row, open_leads
from leadrouter.intake.values import BadValue, lead_from_values

from .conftest import Opener, rejected_of, rows_of


def open_bytes(content: bytes) -> LeadFile:
    return open_leads("-", region="MY", timezone="UTC", mapping={}, stdin=io.BytesIO(content))


def test_rows_become_leads_in_file_order(open_text: Opener) -> None:
    leads = open_text("Full name,Mobile,E-mail\nAda Example,012-345 6789,Ada@example.com\nBo,,bo@example.org\n")
    assert list(leads) == [
        Row(2, Lead(name="Ada Example", phone="+60123456789", email="ada@example.com"), None),
        Row(3, Lead(name="Bo", email="bo@example.org"), None),
    ]


def test_a_row_is_what_the_same_values_would_be(open_text: Opener) -> None:
    """One code path: `route` and `import` must not differ about a person."""
    values = {
        "email": "Ada@Example.com",
        "price": "AED 2,355,000",
        "quality": "Hot",
        "received_at": "2026-03-01 09:30",
        "first_name": "Ada",
        "Customer Type": "Investor",
        "lat": "north",
    }
    text = io.StringIO()
    csv.writer(text).writerows([values.keys(), values.values()])
    expected = lead_from_values(values, region="MY", timezone="Asia/Kuala_Lumpur")
    assert [row.lead for row in rows_of(open_text(text.getvalue()))] == [expected]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_dialect_gives_the_same_lead(
    open_text: Opener, encoding: str, separator: str, line_end: str
) -> None:
    lines = (separator.join(cells) for cells in (["email", "name"], ["jose@example.com", '"José\nNuñez"'], ["", ""]))
    leads = open_text(line_end.join(lines).encode(encoding))
    assert [row.lead for row in rows_of(leads)] == [Lead(email="jose@example.com", name="José Nuñez")]


def test_a_phone_only_row_is_a_lead_and_a_blank_email_stays_blank(open_text: Opener) -> None:
    leads = open_text("email,phone\nada@example.com,0123456789\n,0123456780\n")
    assert [(row.lead.email, row.lead.phone) for row in rows_of(leads)] == [
        ("ada@example.com", "+60123456789"),
        (None, "+60123456780"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("Ada,,,", "no e-mail, phone or external id", id="nobody"),
        pytest.param("Ada,ada,,", "e-mail cannot be read", id="an unreadable e-mail"),
        pytest.param("Ada,,none,", "phone cannot be read", id="an unreadable phone"),
        pytest.param("Ada,ada@example.com,,soon", "received_at cannot be read: use YYYY-MM-DD or ISO 8601"),
        pytest.param("Ada,ada@example.com,,,x", "more cells than the header has columns", id="too many cells"),
        pytest.param("x" * 70_000 + ",ada@example.com,,", "a cell is longer than 65,536 characters", id="a long cell"),
    ],
)
def test_a_bad_row_is_rejected_and_the_rest_goes_on(open_text: Opener, row: str, reason: str) -> None:
    leads = open_text(f"name,email,phone,date\n{row}\nBo,bo@example.org,,\n")
    bad, good = list(leads)
    assert bad == Rejected(2, reason, tuple(row.split(",")))
    assert isinstance(good, Row)
    assert good.line == 3


def test_a_stray_byte_rejects_its_row_alone(open_text: Opener) -> None:
    leads = open_text("name,email\nJosé Nuñez,jose@example.com\n".encode() + b"Ren\xe9,rene@example.com\nBo,bo@x.com\n")
    good, bad, other = list(leads)
    assert isinstance(good, Row)
    assert bad == Rejected(3, "text is not readable as UTF-8", ("Ren\udce9", "rene@example.com"))
    assert isinstance(other, Row)


def test_a_stray_byte_in_an_ignored_column_harms_nobody(open_text: Opener) -> None:
    content = "name,email\nJosé Nuñez,jose@example.com\n".encode() + b"Ren\xe9,rene@example.com\n"
    assert len(rows_of(open_text(content, {"name": "ignore"}))) == 2


def test_an_open_quote_rejects_its_row_and_names_its_line(open_text: Opener) -> None:
    leads = open_text('email,message\na@example.com,"call me\nb@example.com,hello\n')
    bad, good = list(leads)
    assert isinstance(bad, Rejected)
    assert (bad.line, bad.cells) == (2, ("a@example.com", '"call me'))
    assert isinstance(good, Row)
    assert (good.line, good.lead.email) == (3, "b@example.com")


def test_blank_lines_and_rows_of_blanks_are_no_rows(open_text: Opener) -> None:
    leads = open_text("email,name\n\nada@example.com,Ada\n,\n ,\t\n\n")
    assert [row.line for row in rows_of(leads)] == [3]


def test_the_owner_column_is_found_and_kept_out_of_the_lead(open_text: Opener) -> None:
    leads = open_text("email,Assigned To\nada@example.com, Aina \nbo@example.org,\n")
    assert leads.owner_column == "Assigned To"
    assert [(row.owner, row.lead.custom) for row in rows_of(leads)] == [("Aina", None), (None, None)]


def test_without_an_owner_column_there_is_no_owner(open_text: Opener) -> None:
    leads = open_text("email,requested agent\nada@example.com,Aina\n")
    assert leads.owner_column is None
    assert [(row.owner, row.lead.requested_agent) for row in rows_of(leads)] == [(None, "Aina")]


def test_unknown_columns_are_kept_by_name(open_text: Opener) -> None:
    leads = open_text("email,Zeta,Customer Type,,Zeta\na@example.com,z,Investor,n,\nb@example.com,,,,\n")
    assert [row.lead.custom for row in rows_of(leads)] == [
        '{"column_4":"n","customer_type":"Investor","zeta":"z"}',
        None,
    ]


def test_a_map_names_a_column_the_words_do_not_know(open_text: Opener) -> None:
    leads = open_text("Kontakt,Name\nada@example.com,Ada\n", {"Kontakt": "email"})
    assert [row.lead.email for row in rows_of(leads)] == ["ada@example.com"]


def test_a_wrong_map_is_wrong_usage(open_text: Opener) -> None:
    with pytest.raises(WrongUsage):
        open_text("email\nada@example.com\n", {"email": "mail"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"email,name\n", "there is a header and no row under it"),
        (b"email,name\n\n,\n,,,\n", None),
        (b"PK\x03\x04", "Excel workbook"),
        (b"name,age\nAda,36\n", "no column is known as e-mail, phone or external id; found: name, age"),
        (b"ada@example.com,Ada\nbo@example.com,Bo\n", "the first line looks like a lead"),
        (b'"email\nada@example.com\n', "the quotation marks of the first line do not match"),
        (b"," * 3000 + b"email\na\n", "more than 2,000 cells"),
        (b"x" * 70_000 + b",email\na,b\n", "the first line cannot be read: a cell is longer"),
        (b"x" * 1_100_000, "the first line is longer than 1 MiB"),
        (b'[{"email": "ada@example.com"}]', "one JSON array"),
        (b'[\n{"email": "ada@example.com"}\n]', "one JSON array"),
        (b"{broken\n{again\n", "no line of it is a JSON object"),
        (b'{"name": "Ada"}\n', "no column is known as e-mail, phone or external id; found: name"),
        (b"email,date\na@b.co,03/04/2025\n", "the dates in date could be day first or month first"),
        (b"email,date\na@b.co,13/04/2025\nc@b.co,04/13/2025\n", "some dates in date are day first and others"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_with_its_name(content: bytes, message: str | None) -> None:
    if message is None:  # rows of blanks only: nothing to do, and nothing wrong
        assert list(open_bytes(content)) == []
        return
    with pytest.raises(UnusableFile) as caught:
        open_bytes(content)
    assert caught.value.message.startswith("standard input: ")
    assert message in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 4


def test_a_path_is_named_as_the_user_typed_it(tmp_path: Path) -> None:
    path = str(tmp_path / "none.csv")
    with pytest.raises(UnusableFile) as caught:
        open_leads(path, region=None, timezone="UTC", mapping={})
    assert caught.value.message == f"{path}: no such file"


def test_a_fault_far_inside_the_file_is_named_too() -> None:
    content = gzip.compress(b"email\n" + b"".join(b"%d@example.com\n" % number for number in range(99_999)))
    leads = open_bytes(content[:-20])
    with pytest.raises(UnusableFile, match="standard input: this gzip file is damaged or cut off"):
        list(leads)


def test_progress_goes_from_nothing_to_the_whole_file(open_text: Opener) -> None:
    leads = open_text("email\n" + "ada@example.com\n" * 50_000)
    assert leads.size == 800_006
    seen = [leads.bytes_read for _ in leads]
    assert seen[0] < 300_000
    assert seen == sorted(seen)
    assert leads.bytes_read == leads.size


def test_standard_input_has_no_size_and_is_left_open() -> None:
    stdin = io.BytesIO(b"email\nada@example.com\n")
    with open_leads("-", region=None, timezone="UTC", mapping={}, stdin=stdin) as leads:
        assert leads.size is None
        assert len(list(leads)) == 1
    assert not stdin.closed


def test_memory_does_not_grow_with_the_file(open_text: Opener) -> None:
    leads = open_text("email,name,notes\n" + "ada@example.com,Ada,hello there\n" * 40_000)
    tracemalloc.start()
    for _ in leads:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 700_000  # the sample twice, buffers and a row; the file has 1,280,000 bytes


def test_a_file_is_closed_when_reading_stops_early(open_text: Opener) -> None:
    with open_text("email\nada@example.com\nbo@example.org\n") as leads:
        assert next(iter(leads))


@given(st.binary(max_size=400), st.sampled_from([b"", b"email,name\n", b"phone;message\r\n", b"\xef\xbb\xbfid\n"]))
def test_random_bytes_are_rows_or_an_unusable_file(content: bytes, header: bytes) -> None:
    try:
        found = list(open_bytes(header + content))
    except UnusableFile:
        return
    for row in found:
        if isinstance(row, Rejected):
            assert row.reason
        else:
            assert isinstance(row, Row)
            assert row.lead.email or row.lead.phone or row.lead.external_id


FIELDS = st.lists(st.sampled_from(["email", "phone", "price", "name", "Foo", "quality", "message"]), unique=True)
CELL = st.text(max_size=12) | st.sampled_from(["ada@example.com", "0123456789", "RM 1", "hot", "'=1", "nan", " "])


@given(FIELDS, st.data())
def test_every_written_row_comes_back_as_the_lead_of_its_values(fields: list[str], data: st.DataObject) -> None:
    header = ["external_id", *fields]
    table = data.draw(st.lists(st.lists(CELL, min_size=len(header), max_size=len(header)), min_size=1, max_size=5))
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([header, *table])
    expected: list[Lead | str] = []
    for cells in table:
        try:
            expected.append(lead_from_values(dict(zip(header, cells, strict=True)), region="MY", timezone="UTC"))
        except BadValue as error:
            if any(cell.strip() for cell in cells):
                expected.append(error.message)
    found: list[Lead | str] = []
    try:
        # The mark says UTF-8; lone surrogates, which hypothesis loves, are stray bytes at best.
        content = text.getvalue().encode("utf-8-sig", errors="surrogateescape")
    except UnicodeEncodeError:
        return
    if b"\0" in content[:1024]:
        return
    for row in open_bytes(content):
        assert isinstance(row, Row | Rejected)
        found.append(row.lead if isinstance(row, Row) else row.reason)
    assert found == expected


def test_every_error_is_one_of_ours() -> None:
    assert issubclass(UnusableFile, LeadrouterError)


def test_a_rejected_row_never_tells_of_the_person(open_text: Opener) -> None:
    leads = open_text("name,email,date\nAda Example,ada,\nBo Example,bo@example.com,someday\nCy Example,,\n")
    reasons = " ".join(row.reason for row in rejected_of(leads))
    assert not any(word in reasons for word in ("Ada", "Bo ", "Cy", "someday", "example.com"))


# --- cells that were not understood -----------------------------------------------------------------------------


def test_cells_that_could_not_be_read_are_counted_where_their_row_is_a_lead_all_the_same(open_text: Opener) -> None:
    """A row that nobody could be reached by is rejected with its reason; a second number that is none is kept."""
    leads = open_text(
        "email,phone,mobile,price\n"
        "ada@example.com,4.47701E+11,,\n"
        "bo@example.com,not a phone,012-345 6789,to be discussed\n"
        "cy,012-345 6788,,RM 1.2m\n"
        "dee@example.com,012-345 6787 / office,,1.5Cr-2Cr\n"
        ",not a phone,,\n"
    )
    assert [type(row) for row in leads] == [Row] * 4 + [Rejected]
    assert leads.unread == {"phone": 2, "email": 1, "price": 1}


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "taken"),
    [
        pytest.param("12/25/2027", False, id="next year"),
        pytest.param("2026-11-21T12:00:01Z", False, id="more than a day ahead"),
        pytest.param("2026-11-21T12:00:00Z", True, id="a day ahead: another zone, or a clock that is fast"),
        pytest.param("2026-11-21", True, id="today where the sun rises first"),
        pytest.param("1700000000", True, id="seconds since 1970"),
        pytest.param("4000000000", False, id="too many of them"),
    ],
)
@pytest.mark.parametrize("history", [False, True])
def test_no_lead_has_come_in_later_than_now(received: str, taken: bool, history: bool, open_text: Opener) -> None:
    [row] = open_text(f"email,date\nada@example.com,{received}\n", now=NOON, history=history)
    assert isinstance(row, Rejected) is not taken
    assert not isinstance(row, Rejected) or row.reason == "received_at is in the future"


def test_a_status_that_holds_rows_back_is_no_column_that_is_ignored(open_text: Opener) -> None:
    header = "Id,LastName,OwnerId,LeadSource,Status,IsConverted\n"
    row = "00Q1,Lim,005A,Web,Open,false\n"

    def told(**options: Any) -> dict[str, bool]:
        return {column.header: column.tells_ends for column in open_text(header + row, **options).columns}

    assert [name for name, tells in told().items() if tells] == ["Status"]
    assert not any(told(history=True).values())
    assert not any(told(mapping={"Status": "ignore"}).values())
