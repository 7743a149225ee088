"""Files as brokers have them, through the program: what a file that is no table gets, dry runs, history, outcomes."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest

from .program import Program, dump

NOT_A_TABLE = {
    "empty": b"",
    "blank": b"\n \r\n",
    "header only": b"email,name\n",
    "binary": bytes(range(256)) * 50,
    "image": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "damaged gzip": gzip.compress(b"email\na@example.com\n" * 500)[:60],
    "JSON array": b'[{"email": "a@example.com"}]',
    "nothing that identifies": b"name,age\nAda,36\n",
    "dates of two readings": b"email,date\na@example.com,03/04/2025\n",
}


@pytest.mark.parametrize("name", [*NOT_A_TABLE, "xlsx"])
@pytest.mark.parametrize("command", ["import", "record"])
def test_what_is_no_table_is_refused_with_4_and_nothing_is_written(name: str, command: str, loaded: Program) -> None:
    path = loaded.folder / "file"
    if name == "xlsx":
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("xl/workbook.xml", "<workbook/>")
    else:
        path.write_bytes(NOT_A_TABLE[name])
    before = dump(loaded.database)
    files = {found.name for found in loaded.folder.iterdir()}
    refused = loaded.run(command, "file", "--json")
    assert (refused.code, refused.out) == (4, "")
    assert refused.error["message"].startswith("file: ")
    assert refused.error["hint"]
    assert dump(loaded.database) == before
    assert {found.name for found in loaded.folder.iterdir()} == files


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("email\tname\nada@example.com\tAda\n".encode("utf-16"), id="UTF-16"),
        pytest.param(gzip.compress(b"email;name\r\nada@example.com;Ada\r\n"), id="gzip"),
        pytest.param(b'{"email": "ada@example.com", "name": "Ada"}\n', id="JSON lines"),
        pytest.param(b"sep=|\remail|name\rada@example.com|Ada\r", id="CR and a line that tells the separator"),
    ],
)
@pytest.mark.parametrize("stdin", [False, True], ids=["file", "stdin"])
def test_what_is_a_table_is_imported_from_a_file_and_from_stdin(content: bytes, stdin: bool, loaded: Program) -> None:
    (loaded.folder / "file").write_bytes(content)
    done = loaded.well("import", "-", stdin=content) if stdin else loaded.well("import", "file")
    assert "1 row = 1 new" in done.out
    assert loaded.rows("SELECT email, name FROM leads") == [("ada@example.com", "Ada")]


HUBSPOT = """\
Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,Original Source,Pets
1,Ada,Example,ada@example.com,,Bala,Unqualified,2026-01-05 10:00,Organic,dog
2,Bo,Sample,bo@example.com,,bela,New,2026-01-06 10:00,Paid,
3,Cy,Sample,cy@example.com,,,Odd word,2026-01-07 10:00,Paid,
"""


def test_a_dry_run_says_first_where_each_column_goes_and_what_is_ignored(loaded: Program) -> None:
    loaded.file("crm.csv", HUBSPOT)
    refused = loaded.run("import", "crm.csv", "--dry-run")
    assert (refused.code, "--history" in refused.err, "--reassign" in refused.err) == (2, True, True)
    tried = loaded.run("import", "crm.csv", "--dry-run", "--reassign")
    lines = tried.out.splitlines()
    assert lines[0] == "crm.csv: UTF-8, comma-separated; preset hubspot, ids number the person"
    shown = {words[0].strip(): words[1].strip() for line in lines if len(words := line.split(" -> ")) == 2}
    assert (shown["Record ID"], shown["Create Date"]) == ("external_id", "received_at")
    assert (shown["Contact owner"], shown["Pets"]) == ("agent", "custom.pets")
    assert "  ignored: Lead Status" in lines
    assert lines.index("dry run, nothing was written; this would happen:") > lines.index("  ignored: Lead Status")
    assert loaded.count("leads") == 0
    columns = loaded.run("import", "crm.csv", "--dry-run", "--reassign", "--json").data["columns"]
    assert columns[0] == {"header": "Record ID", "goes_to": "external_id"}


def test_a_header_is_shown_whole_so_that_map_can_name_it(loaded: Program) -> None:
    header = "what is your budget for the new home, all costs included?"
    loaded.file("ads.csv", f"email,{header.replace(',', '')}\nann@example.com,500k\n")
    shown = loaded.well("import", "ads.csv", "--dry-run").out
    named = next(line for line in shown.splitlines() if "budget" in line).split("  ->")[0].strip()
    assert "price" in loaded.well("import", "ads.csv", "--dry-run", "--map", f"{named}=price").out


def test_history_keeps_owners_and_lists_those_whom_nobody_knows(loaded: Program) -> None:
    loaded.file("crm.csv", HUBSPOT)
    done = loaded.run("import", "crm.csv", "--history", "--json")
    assert done.code == 3
    counts = {key: done.data[key] for key in ("rows", "new", "inquiries", "unchanged", "test_rows", "rejected")}
    assert counts == {"rows": 3, "new": 1, "inquiries": 0, "unchanged": 0, "test_rows": 0, "rejected": 2}
    assert (done.data["by_state"], done.data["by_agent"]) == ({"lost": 1}, {"bala": 1})
    assert (done.data["unknown_owners"], done.data["unknown_statuses"]) == ({"bela": 1}, {"Odd word": 1})
    text = loaded.run("import", "crm.csv", "--history").out
    assert "3 rows = 0 new + 0 inquiries + 1 unchanged + 2 rejected" in text
    assert "unknown owner bela (1): nearest: bala" in text
    assert "unknown status Odd word (1)" in text
    rejects = (loaded.folder / "crm.csv.rejects.csv").read_text(encoding="utf-8-sig")
    mended = rejects.replace("bela", "bala").replace("Odd word", "New")
    loaded.file("mended.csv", mended)
    assert "2 rows = 2 new" in loaded.well("import", "mended.csv", "--history").out
    assert loaded.rows("SELECT external_id, state, agent FROM leads ORDER BY external_id") == [
        ("1", "lost", "bala"), ("2", "assigned", "bala"), ("3", "pooled", None),
    ]  # fmt: skip
    assert loaded.problems() == []


def test_a_new_enquiry_of_a_known_person_does_not_vanish(loaded: Program) -> None:
    """A CRM numbers persons: in a file, as JSON lines and through route with its preset."""
    head, first, *_ = HUBSPOT.replace(",Bala,Unqualified,", ",,New,").splitlines()
    loaded.file("crm.csv", f"{head}\n{first}\n")
    assert "1 new" in loaded.well("import", "crm.csv", "--reassign").out
    assert "1 unchanged" in loaded.well("import", "crm.csv", "--reassign").out
    loaded.file("again.csv", f"{head}\n{first.replace('dog', 'cat')}\n")
    assert "1 inquiry" in loaded.well("import", "again.csv", "--reassign").out
    loaded.well("lost", "id:1")
    values = dict(zip(head.split(","), first.replace("dog", "horse").split(","), strict=True))
    del values["Contact owner"]
    taken = loaded.well("route", "-", "--preset", "hubspot", "--json", stdin=json.dumps(values)).data
    assert (taken["lead"], taken["duplicate_of"], taken["reason"]) == (2, None, "relationship")
    assert (
        loaded.well("route", "-", "--preset", "hubspot", "--json", stdin=json.dumps(values)).data["duplicate_of"] == 2
    )
    line = json.dumps(values | {"Pets": "bird"})
    assert "1 inquiry" in loaded.well("import", "-", stdin=line + "\n").out


STATUSES = """\
lead_id,email,Status
L-1,ann@example.com,Sold
L-2,ben@example.com,New
L-3,cat@example.com,closed lost
L-4,dan@example.com,Junk
L-5,eve@example.com,Gold member
L-6,fay@example.com,
"""


def recorded(program: Program) -> list[tuple[str, str]]:
    return [
        (external, "dealt" if state == "assigned" else state)
        for external, state in program.rows("SELECT external_id, state FROM leads ORDER BY external_id")
    ]


def test_what_is_closed_elsewhere_is_not_dealt_out_and_can_be_kept_as_past(loaded: Program) -> None:
    """Nobody wants a sold lead dealt out again. What is open, or has a status nobody knows, is dealt out as ever."""
    loaded.file("leads.csv", STATUSES)
    dealt = [("L-2", "dealt"), ("L-5", "dealt"), ("L-6", "dealt")]
    tried = loaded.run("import", "leads.csv", "--dry-run")
    assert (tried.code, "6 rows = 3 new" in tried.out) == (3, True)
    assert "ignored" not in tried.out
    assert "ignored" not in loaded.run("import", "leads.csv", "--dry-run", "--reassign").out
    named = tried.out.split("keep them as past leads with: leadrouter ")[1].splitlines()[0]
    done = loaded.run("import", "leads.csv", "--json")
    assert (done.code, done.data["rejected"], done.data["new"]) == (3, 3, 3)
    assert done.data["closed_elsewhere"] == {"won": 1, "lost": 1, "void": 1}
    assert recorded(loaded) == dealt
    told = loaded.run("import", "leads.csv").out
    assert "closed elsewhere already (1 won, 1 lost, 1 void)" in told
    command = told.split("keep them as past leads with: leadrouter ")[1].splitlines()[0]
    assert command == named, "a dry run names the command that is right after the real one"
    assert "3 rows = 3 new" in loaded.well(*command.split()).out
    assert recorded(loaded) == sorted([*dealt, ("L-1", "won"), ("L-3", "lost"), ("L-4", "void")])
    assert "6 rows = 0 new + 0 inquiries + 6 unchanged + 0 rejected" in loaded.well("import", "leads.csv").out
    assert loaded.problems() == []


def test_the_summary_says_what_was_not_understood(loaded: Program) -> None:
    """A phone that a spreadsheet spoilt costs its row nothing, and is not dropped without a word."""
    loaded.file("leads.csv", "email,phone,Colour\nann@example.com,4.47701E+11,red\nben@example.com,nobody,\n")
    tried = loaded.well("import", "leads.csv", "--dry-run")
    assert "2 phones" in tried.out
    assert loaded.well("import", "leads.csv", "--dry-run", "--json").data["unread"] == {"phone": 2}
    done = loaded.well("import", "leads.csv")
    assert "2 phones" in done.out
    assert "custom fields: Colour" in done.out
    assert loaded.well("import", "leads.csv", "--quiet").out == ""


def test_a_lead_of_the_future_is_refused(loaded: Program) -> None:
    loaded.file("leads.csv", "email,date\nann@example.com,12/25/2027\nben@example.com,11/19/2026\n")
    assert "2 rows = 1 new + 0 inquiries + 0 unchanged + 1 rejected" in loaded.run("import", "leads.csv").out
    alone = loaded.run("route", "--email", "eve@example.com", "--set", "received_at=2027-12-25")
    assert (alone.code, "future" in alone.err) == (2, True)
    assert loaded.count("leads") == 1


def test_rows_that_were_mended_outlast_another_import_of_the_same_file(loaded: Program) -> None:
    """Whoever mends by hand and then imports the wrong file again loses nothing, and is told where the rows are."""
    loaded.file("leads.csv", "email,phone\nann@example.com,\n,none\n,nobody\n")
    assert loaded.run("import", "leads.csv").code == 3
    rejects = loaded.folder / "leads.csv.rejects.csv"
    rejects.write_bytes(rejects.read_bytes().replace(b'"none"', b'"012-345 6789"'))
    again = loaded.run("import", "leads.csv")
    assert "leads.csv.rejects-2.csv" in again.out
    assert loaded.run("import", "leads.csv", "--json").data["rejects_file"] == "leads.csv.rejects-2.csv"
    assert "2 rows = 1 new + 0 inquiries + 0 unchanged + 1 rejected" in loaded.run("import", rejects.name).out
    listed = loaded.well("forget", "1").out
    assert "leads.csv.rejects-2.csv" in listed


@pytest.mark.parametrize(
    "option", [("--reassign",), ("--map", "Status=ignore"), ("--map", "Status=custom")], ids=" ".join
)
def test_who_wants_closed_leads_dealt_out_says_so(option: tuple[str, ...], loaded: Program) -> None:
    loaded.file("leads.csv", STATUSES)
    assert "6 rows = 6 new" in loaded.well("import", "leads.csv", *option).out


def test_a_lead_that_was_dealt_here_and_closed_elsewhere_since_stays_what_it_is(loaded: Program) -> None:
    """The next export of the same file says that it was sold: recorded already. Under another id it is no inquiry."""
    head, first, *_ = STATUSES.splitlines()
    loaded.file("leads.csv", f"{head}\n{first.replace('Sold', 'New')}\n")
    assert "1 new" in loaded.well("import", "leads.csv").out
    loaded.file("leads.csv", f"{head}\n{first}\n")
    assert "0 new + 0 inquiries + 1 unchanged + 0 rejected" in loaded.well("import", "leads.csv").out
    loaded.file("other.csv", f"{head}\n{first.replace('L-1', 'X-1')}\n")
    assert "0 new + 0 inquiries + 0 unchanged + 1 rejected" in loaded.run("import", "other.csv").out
    assert loaded.count("inquiries") == 0


def test_a_preset_knows_its_own_words_for_closed(loaded: Program) -> None:
    """In a file, and where one lead is given with its keys."""
    head, first, *_ = HUBSPOT.splitlines()
    values = dict(zip(head.split(","), first.split(","), strict=True))
    del values["Contact owner"]
    given = json.dumps(values)
    assert loaded.run("import", "-", "--json", stdin=given + "\n").data["closed_elsewhere"] == {"lost": 1}
    refused = loaded.run("route", "-", "--preset", "hubspot", stdin=given)
    assert (refused.code, "says that this lead is lost" in refused.err) == (2, True)
    assert loaded.count("leads") == 0


def test_test_rows_are_dropped_and_counted(loaded: Program) -> None:
    rows = "l:1\t2026-01-01T10:00:00+00:00\tf:1\tfb\tada@example.com\nl:2\t2026-01-01\tf:1\tfb\t<test lead: dummy>\n"
    content = "id\tcreated_time\tform_id\tplatform\temail\n" + rows
    (loaded.folder / "ads.csv").write_bytes(content.encode("utf-16"))
    assert (
        "2 rows = 1 new + 0 inquiries + 0 unchanged + 1 test row + 0 rejected" in loaded.well("import", "ads.csv").out
    )


def test_a_preset_of_the_configuration_is_found_in_the_database(loaded: Program) -> None:
    team = (loaded.folder / "team.yaml").read_text()
    loaded.file(
        "team.yaml", team + "presets: {my portal: {found_by: [Ref, Buyer], columns: {Ref: external_id, Buyer: name}}}\n"
    )
    assert "preset my portal: added" in loaded.well("load", "team.yaml").out
    loaded.file("portal.csv", "Ref,Buyer\nR-1,Ada Example\n")
    assert loaded.well("import", "portal.csv", "--json").data["preset"] == "my portal"
    assert loaded.rows("SELECT external_id, name FROM leads") == [("R-1", "Ada Example")]
    unknown = loaded.run("import", "portal.csv", "--preset", "my portl")
    assert (unknown.code, "Did you mean my_portal" in unknown.err) == (2, True)


def test_the_order_of_dates_can_be_said(loaded: Program) -> None:
    loaded.file("leads.csv", "email,date\na@example.com,03/04/2026\n")
    assert "--dates dmy" in loaded.run("import", "leads.csv").err
    loaded.well("import", "leads.csv", "--dates", "dmy")
    assert loaded.rows("SELECT received_at FROM leads") == [("2026-04-02T16:00:00Z",)]
    assert loaded.run("import", "leads.csv", "--dates", "us").code == 2


def test_outcomes_are_recorded_once_and_bad_rows_go_to_the_rejects(loaded: Program) -> None:
    loaded.file("past.csv", "id,agent,status,date\nP-1,bala,Sold,2026-01-05\nP-2,chong,Lost,2026-01-06\n")
    loaded.well("import", "past.csv", "--history")
    outcomes = "id,outcome,date,value,agent\nP-1,won,2026-02-01,500000,bala\nP-2,won,2026-02-01,1,chong\nP-9,lost,,,\n"
    loaded.file("told.csv", outcomes)
    done = loaded.run("record", "told.csv", "--json")
    assert done.code == 3
    assert (done.data["rows"], done.data["new"], done.data["rejected"]) == (3, 1, 2)
    assert done.data["by_what"] == {"won": 1}
    again = loaded.run("record", "told.csv")
    assert "3 rows = 0 new + 1 unchanged + 2 rejected" in again.out
    rejects = (loaded.folder / "told.csv.rejects.csv").read_text(encoding="utf-8-sig")
    assert "won needs a lead that an agent holds; lead P-2 is lost" in rejects
    assert "no lead P-9" in rejects
    assert loaded.rows("SELECT state, closed_at, value FROM leads WHERE lead = 1") == [
        ("won", "2026-01-31T16:00:00Z", 500_000.0)
    ]
    assert loaded.problems() == []
