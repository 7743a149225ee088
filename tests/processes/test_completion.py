"""The shell's TAB, by the protocol that the shells speak with the program: ids and words, quietly, never a write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from .history import MARKS, History
from .program import Program, Result, a_copy, dump
from .test_start import heavy, loaded_by_completion

NAMES = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina}
agents: [{id: aina, name: Zqaina Yusof}, {id: bala, name: Zqbala Krishnan}]
rules:
  - {name: homes, when: {intent: buyer}, to: all}
  - {name: shelf, when: {source: shelf}, then: pool}
  - {name: everyone, to: all, rotation: the rest}
presets: {my portal: {columns: {Buyer: name}}}
"""


def bash(program: Program, line: str, env: Mapping[str, str] | None = None) -> Result:
    """What bash is told for a line whose last word is being written."""
    words = line.split(" ")
    return program.run(
        env={"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_LEADROUTER_COMPLETE": "complete_bash"}
        | dict(env or {})
    )


def zsh(program: Program, line: str) -> Result:
    """What zsh evaluates for the same."""
    return program.run(env={"_TYPER_COMPLETE_ARGS": line, "_LEADROUTER_COMPLETE": "complete_zsh"})


def offered(program: Program, line: str) -> list[str]:
    done = bash(program, line)
    assert (done.code, done.err) == (0, "")
    return done.out.split()


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Two agents; lead 3 is in the pool, 4 is won, of 12 in all. For looking at alone."""
    program = Program(tmp_path_factory.mktemp("office"))
    program.file("team.yaml", NAMES)
    program.well("load", "team.yaml")
    leads = [{"external_id": f"L-{number}", "name": "Zqname Example"} for number in range(1, 13)]
    leads[2]["source"] = "shelf"
    program.file("leads.jsonl", "".join(json.dumps(lead) + "\n" for lead in leads))
    program.well("import", "leads.jsonl", "--quiet")
    program.well("won", "id:4")
    return program


@pytest.fixture
def office(looked_at: Program, tmp_path: Path) -> Program:
    """A copy of it, to be changed."""
    return a_copy(looked_at, tmp_path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("leadrouter re", ["record", "reopen", "release", "request", "reclaim", "report"], id="commands"),
        pytest.param("leadrouter report m", ["monthly", "method"], id="commands of a group"),
        pytest.param("leadrouter away ", ["aina", "bala"], id="agents"),
        pytest.param("leadrouter open --agent b", ["bala"], id="an agent as an option"),
        pytest.param("leadrouter transfer 1 --to a", ["aina"], id="to an agent"),
        pytest.param("leadrouter tiers --set bala=", ["bala=A", "bala=B", "bala=C"], id="a tier of an agent"),
        pytest.param("leadrouter claim ", ["3"], id="leads in the pool"),
        pytest.param("leadrouter reopen ", ["4"], id="closed leads"),
        pytest.param("leadrouter show 1", ["1", "12", "11", "10"], id="leads by number"),
        pytest.param("leadrouter show L-3", ["L-3"], id="leads by external id"),
        pytest.param("leadrouter contact L-1", ["L-1", "L-10", "L-11", "L-12"], id="leads that somebody works on"),
        pytest.param("leadrouter contact L-4", [], id="a closed lead is none of them"),
        pytest.param("leadrouter credit aina 1 --rotation h", ["homes", "homes/hot"], id="rules"),
        pytest.param("leadrouter import f.csv --preset hu", ["hubspot"], id="presets"),
        pytest.param("leadrouter import f.csv --preset my", ["my", "portal"], id="a preset of one's own"),
        pytest.param("leadrouter contact 1 --outcome v", ["voicemail"], id="words of an option"),
        pytest.param("leadrouter log --kind voi", ["voided"], id="kinds of events"),
        pytest.param("leadrouter route --qual", ["--quality"], id="options"),
        pytest.param("leadrouter import ", [], id="files are the shell's"),
    ],
)
def test_bash_is_offered_what_fits(line: str, words: list[str], looked_at: Program) -> None:
    assert offered(looked_at, line) == words


def test_zsh_is_offered_the_same(looked_at: Program) -> None:
    done = zsh(looked_at, "leadrouter away ")
    assert (done.code, done.err) == (0, "")
    assert done.out == '_arguments \'*: :(("aina"\n"bala"))\'\n'


def test_the_file_is_the_one_that_the_line_or_the_environment_names(office: Program) -> None:
    office.database.rename(office.folder / "other.db")
    assert offered(office, "leadrouter away ") == []
    assert offered(office, "leadrouter away --db other.db ") == ["aina", "bala"]
    assert bash(office, "leadrouter away ", {"LEADROUTER_DB": "other.db"}).out.split() == ["aina", "bala"]


def test_no_name_and_no_address_is_offered(history: History) -> None:
    """External ids are what people type here; those of this file hold a mark, and are left out of the question."""
    for line in ("leadrouter show ", "leadrouter show 1", "leadrouter away ", "leadrouter credit aina 1 --rotation "):
        shown = bash(history.program, line).out + zsh(history.program, line).out
        assert shown != ""
        assert [mark for mark in MARKS if mark in shown] == []
    history_names = ("Aina", "Bala", "Chong")
    assert [name for name in history_names if name in bash(history.program, "leadrouter away ").out] == []


def test_an_external_id_that_is_an_address_is_not_offered(office: Program) -> None:
    office.well("route", "--external-id", "ann@example.com")
    office.well("route", "--external-id", "ann-1")
    assert offered(office, "leadrouter show ann") == ["ann-1"]


def test_looking_changes_no_byte_and_leaves_no_file(looked_at: Program) -> None:
    before, names = looked_at.database.read_bytes(), sorted(path.name for path in looked_at.folder.iterdir())
    for line in ("leadrouter show ", "leadrouter away ", "leadrouter credit aina 1 --rotation "):
        assert offered(looked_at, line) != []
    assert looked_at.database.read_bytes() == before
    assert sorted(path.name for path in looked_at.folder.iterdir()) == names


def test_what_a_killed_process_left_in_the_log_is_seen_and_left_there(office: Program) -> None:
    """The log beside the file holds what was committed last; a look does not move it into the file."""
    office.run(python=("-c", KILLED))
    log = office.folder / "leadrouter.db-wal"
    assert log.stat().st_size > 0
    before = office.database.read_bytes()
    assert offered(office, "leadrouter show L-99") == ["L-99"]
    assert (office.database.read_bytes(), log.stat().st_size > 0) == (before, True)


KILLED = """
import os
from leadrouter.cli import app
app.build()(["route", "--external-id", "L-99"], standalone_mode=False)
os._exit(1)
"""
"""A route whose process ends before it has closed the file."""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no database at all, whatever it is called" * 50, id="no database"),
        pytest.param(b"SQLite format 3\0" + b"\xff" * 4000, id="broken"),
    ],
)
def test_where_nothing_can_be_read_nothing_is_offered_and_nothing_said(content: bytes, office: Program) -> None:
    office.database.write_bytes(content)
    for line in ("leadrouter show 1", "leadrouter away ", "leadrouter credit aina 1 --rotation "):
        done = bash(office, line)
        assert (done.code, done.out.strip(), done.err) == (0, "", "")
    assert office.database.read_bytes() == content


def test_while_another_process_writes_the_last_state_is_offered(office: Program) -> None:
    before = dump(office.database)
    with closing(sqlite3.connect(office.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert offered(office, "leadrouter away ") == ["aina", "bala"]
        other.execute("ROLLBACK")
    assert dump(office.database) == before


def test_it_loads_nothing_heavy_for_agents_and_leads(looked_at: Program) -> None:
    for line in ("leadrouter away ", "leadrouter show 1", "leadrouter re"):
        assert heavy(loaded_by_completion(looked_at, line)) == set(), line
