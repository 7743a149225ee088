"""The rejects file: complete, private, harmless to open, and importable again as it is."""

from __future__ import annotations

import csv
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouter.domain.lead import Lead
from leadrouter.errors import LeadrouterError, WrongUsage
from leadrouter.hostile import HIDDEN
from leadrouter.intake.rejects import RejectsWriter
from leadrouter.intake.table import LeadFile, Rejected, Row, open_leads

from .conftest import Opener, rejected_of, rows_of


def write_rejects(leads: LeadFile, path: Path) -> int:
    """What an import does with the rows it cannot use."""
    with RejectsWriter(str(path), leads) as rejects:
        for row in leads:
            if isinstance(row, Rejected):
                rejects.write(row)
    return rejects.written


def table_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))


def reopen(path: Path) -> LeadFile:
    return open_leads(str(path), region="MY", timezone="UTC", mapping={})


def test_rejected_rows_are_written_with_their_line_and_reason(open_text: Opener, tmp_path: Path) -> None:
    leads = open_text('Name;Mobile\nAda;none\nBo;0123456789\n"Cy, the\nthird";\n')
    path = tmp_path / "rejects.csv"
    assert write_rejects(leads, path) == 2
    assert table_of(path) == [
        ["line", "reason", "Name", "Mobile"],
        ["2", "phone cannot be read", "Ada", "none"],
        ["4", "no e-mail, phone or external id", "Cy, the\nthird", ""],
    ]


def test_without_a_rejected_row_there_is_no_file(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    assert write_rejects(open_text("email\nada@example.com\n"), path) == 0
    assert not path.exists()


@pytest.mark.parametrize("exists", [False, True])
def test_only_the_owner_may_read_it(open_text: Opener, tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "rejects.csv"
    if exists:
        write_rejects(open_text("email\nada\n"), path)
        path.chmod(0o644)
    write_rejects(open_text("email\nada\n"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(table_of(path)) == 2


def test_a_pipe_is_handed_the_rows_each_time_as_nothing_lies_there_that_could_be_lost(open_text: Opener) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as read:
        for _ in range(2):
            assert write_rejects(open_text("email\nada\n"), Path(f"/dev/fd/{writing}")) == 1
        os.close(writing)
        told = read.read().decode("utf-8-sig")
    assert told.count("ada") == 2


def test_a_file_that_somebody_mended_is_left_as_it_is(open_text: Opener, tmp_path: Path) -> None:
    path, beside = tmp_path / "rejects.csv", tmp_path / "rejects-2.csv"
    write_rejects(open_text("email\nada\nbo\n"), path)
    mended = path.read_bytes().replace(b'"ada"', b'"ada@example.com"')
    path.write_bytes(mended)
    for _ in range(2):  # the second time the file beside it is the one that may give way
        with RejectsWriter(str(path), leads := open_text("email\nada\nbo\n")) as rejects:
            for row in rejected_of(leads):
                rejects.write(row)
        assert (rejects.path, path.read_bytes()) == (str(beside), mended)
        assert [row[2] for row in table_of(beside)] == ["email", "ada", "bo"]
    assert {entry.name for entry in tmp_path.iterdir()} == {"leads.csv", "rejects.csv", "rejects-2.csv"}
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600


@pytest.mark.parametrize("kept", [b"", b"email\nmine@example.com\n"])
def test_nothing_but_rejects_gives_way_to_rejects(open_text: Opener, tmp_path: Path, kept: bytes) -> None:
    path = tmp_path / "rejects.csv"
    path.write_bytes(kept)
    write_rejects(open_text("email\nada\n"), path)
    assert path.read_bytes() == kept or not kept


@given(before=st.lists(st.integers(0, 2), max_size=4), then=st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_no_row_of_an_earlier_file_is_lost(
    tmp_path_factory: pytest.TempPathFactory, before: list[int], then: list[int]
) -> None:
    """Whatever was rejected before: its bytes stand in a file still, and the rows of now in the one that is named."""
    folder = tmp_path_factory.mktemp("again", numbered=True)
    source, path = folder / "leads.csv", folder / "rejects.csv"
    for rows in (before, then):
        source.write_text("email\n" + "".join(f"no{row}\n" for row in rows) + "ada@example.com\n", encoding="utf-8")
        was = path.read_bytes() if path.exists() else b""
        with RejectsWriter(str(path), leads := reopen(source)) as rejects:
            for row in leads:
                if isinstance(row, Rejected):
                    rejects.write(row)
        assert not was or path.read_bytes().startswith(was)
    assert [row[2] for row in table_of(Path(rejects.path))[1:]] == [f"no{row}" for row in then]
    assert (rejects.path == str(path)) == (then[: len(before)] == before)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+60", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1", "＝1", "＋81", "=cmd|'/c calc'!A1", "=HYPERLINK(1)"],
)
def test_a_cell_cannot_become_a_formula(open_text: Opener, tmp_path: Path, cell: str) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text(f'email,"{cell}"\nada,"{cell}"\n'), path)
    header, row = table_of(path)
    assert header[3] == row[3] == "'" + cell


def test_a_phone_survives_the_apostrophe(open_text: Opener, tmp_path: Path) -> None:
    """The row is mended by its date; its phone was right all along."""
    path = tmp_path / "rejects.csv"
    write_rejects(open_text("phone,date\n+60123456789,someday\n"), path)
    path.write_text(path.read_text(encoding="utf-8").replace("someday", "2026-03-01"), encoding="utf-8")
    lead = Lead(phone="+60123456789", received_at="2026-03-01T00:00:00Z")
    assert [row.lead for row in rows_of(reopen(path))] == [lead]


def test_it_can_be_imported_as_it_is(open_text: Opener, tmp_path: Path) -> None:
    leads = open_text("email,phone,notes,agent\nada,none,-hello,Aina\n")
    path, again = tmp_path / "rejects.csv", tmp_path / "again.csv"
    write_rejects(leads, path)
    second = reopen(path)
    assert second.columns == leads.columns
    assert second.owner_column == "agent"
    assert write_rejects(second, again) == 1
    assert table_of(again) == table_of(path)  # not one column wider


def test_a_mended_row_brings_nothing_of_the_two_columns_along(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text("email,foo\nada,bar\n"), path)
    path.write_text(path.read_text(encoding="utf-8").replace('"ada"', '"ada@example.com"'), encoding="utf-8")
    assert [row.lead for row in rows_of(reopen(path))] == [Lead(email="ada@example.com", custom='{"foo":"bar"}')]


def test_it_can_be_imported_without_its_first_two_columns(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text("phone,date\n+60123456789,someday\n"), path)
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([["phone", "date"], ["'+60123456789", "2026-03-01"]])
    assert [row.lead.phone for row in rows_of(reopen(path))] == ["+60123456789"]


def test_a_reason_column_elsewhere_is_an_ordinary_column(open_text: Opener) -> None:
    leads = open_text("email,line,reason\nada@example.com,7,moved\n")
    assert [row.lead.custom for row in rows_of(leads)] == ['{"line":"7","reason":"moved"}']


def test_a_header_full_of_semicolons_comes_back(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text('email,"a;b;c;d;e;f;g"\nada,x\n'), path)
    assert reopen(path).header == ("email", "a;b;c;d;e;f;g")


def test_stray_bytes_come_out_as_they_went_in(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text("name,email\nJosé Nuñez,j@example.com\n".encode() + b"Ren\xe9,r@example.com\n"), path)
    assert b"Ren\xe9" in path.read_bytes()
    assert [row.reason for row in rejected_of(reopen(path))] == ["text is not readable as UTF-8"]


def test_the_file_being_imported_is_not_overwritten(open_text: Opener, tmp_path: Path) -> None:
    leads = open_text("email\nada\n")
    with pytest.raises(WrongUsage, match="the file being imported"):
        RejectsWriter(leads.name, leads)
    link = tmp_path / "link.csv"
    link.symlink_to(leads.name)
    with pytest.raises(WrongUsage, match="the file being imported"):
        RejectsWriter(str(link), leads)


def test_an_impossible_place_is_refused_before_the_first_row(open_text: Opener, tmp_path: Path) -> None:
    leads = open_text("email\nada\n")
    for place in (tmp_path, tmp_path / "none" / "rejects.csv"):
        with pytest.raises(WrongUsage, match="cannot be written there"):
            RejectsWriter(str(place), leads)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_told_and_not_a_traceback(open_text: Opener) -> None:
    leads = open_text("email\n" + "ada\n" * 10)
    with pytest.raises(LeadrouterError, match="a rejected row cannot be written"):
        write_rejects(leads, Path("/dev/full"))


def test_a_device_keeps_its_permissions(open_text: Opener) -> None:
    before = Path(os.devnull).stat().st_mode
    assert write_rejects(open_text("email\nada\n"), Path(os.devnull)) == 1
    assert Path(os.devnull).stat().st_mode == before


CELL = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["=1", "+60", "'+60", "''", "\t", "\r"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELL, min_size=2, max_size=2))
def test_rejecting_twice_is_rejecting_once(tmp_path: Path, cells: list[str]) -> None:
    """Whatever a row held, importing its rejects file rejects the same row for the same reason."""
    source, first, second = tmp_path / "leads.csv", tmp_path / "first.csv", tmp_path / "second.csv"
    with source.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
            [["email", "date", "name", "notes"], ["ada@example.com", "someday", *cells]]
        )
    if b"\0" in source.read_bytes():
        return
    assert write_rejects(reopen(source), first) == 1
    assert write_rejects(reopen(first), second) == 1
    assert table_of(first) == table_of(second)
    lead = [row for row in reopen(first) if isinstance(row, Row)]
    assert lead == []


FIELDS = ["email", "name", "phone", "message", "date", "notes"]
HOSTILE = st.text(st.characters(codec="utf-8"), max_size=12) | st.text(
    "=+-@＝'\t\r\n\x00\x1b\x9b\u202e\u200b\ufeff\x0b\x0c\x85\u2028\xa0 a1\"", max_size=8
)


@given(cells=st.lists(HOSTILE, min_size=4, max_size=4))
def test_a_mended_row_is_the_lead_it_would_have_been(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    """The apostrophes cost nothing: whatever stands in the other cells, the row means what it meant."""
    folder = tmp_path_factory.mktemp("mended", numbered=True)
    right, wrong, rejects = (folder / name for name in ("right.csv", "wrong.csv", "rejects.csv"))
    for path, date in ((right, "2026-03-01"), (wrong, "someday")):
        name, phone, message, notes = cells
        with path.open("w", encoding="utf-8-sig", newline="") as text:
            csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
                [FIELDS, ["ada@example.com", name, phone, message, date, notes]]
            )
    if b"\0" in right.read_bytes()[:1024]:  # refused as a whole: no text file
        return
    assert write_rejects(reopen(wrong), rejects) == 1
    kept = rejects.read_bytes().decode("utf-8-sig")
    assert not {ord(sign) for sign in kept} & HIDDEN.keys()
    rejects.write_bytes(kept.replace("someday", "2026-03-01").encode("utf-8-sig"))
    assert [row.lead for row in rows_of(reopen(rejects))] == [row.lead for row in rows_of(reopen(right))]


def test_a_phone_with_a_country_code_and_a_formula_come_back_unharmed(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text('phone,name,date\n+60123456789,"=1+1, Ltd",someday\n＋60123456788,-Ada-,someday\n'), path)
    assert [row[2:4] for row in table_of(path)[1:]] == [["'+60123456789", "'=1+1, Ltd"], ["'＋60123456788", "'-Ada-"]]
    path.write_text(path.read_text(encoding="utf-8").replace("someday", "2026-03-01"), encoding="utf-8")
    found = [(row.lead.phone, row.lead.name) for row in rows_of(reopen(path))]
    assert found == [("+60123456789", "=1+1, Ltd"), ("+60123456788", "-Ada-")]


def test_a_command_for_a_terminal_does_not_stand_in_it(open_text: Opener, tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(open_text("email,name\nada,\x1b]0;owned\x07\u202eAda\x9b2J\n"), path)
    assert table_of(path)[1][3] == "]0;ownedAda2J"
