"""What is longer than the screen is shown page by page: in a real terminal, and nowhere else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from .program import Program, a_copy
from .terminal import TEN_PAST, terminal

FORTY = f"""\
team: {{timezone: Asia/Kuala_Lumpur, region: MY, leader: a01}}
agents: [{", ".join(f"A{number:02}" for number in range(1, 41))}]
"""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Forty agents: a table that no screen of 24 lines holds; and a pager that notes what it was given."""
    program = Program(tmp_path_factory.mktemp("crowd"))
    program.file("team.yaml", FORTY)
    program.well("load", "team.yaml")
    pager = program.file("pager", "#!/bin/sh\necho PAGED\ntee paged.txt\necho $LESS > less.txt\n")
    pager.chmod(0o755)
    return program


@pytest.fixture
def long(crowd: Program, tmp_path: Path) -> Program:
    """A copy of it."""
    return a_copy(crowd, tmp_path)


def seen(program: Program, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """What a person sees in a terminal of 24 lines, once the command has ended well."""
    with terminal(program, *arguments, env={"PAGER": f"{program.folder}/pager", **(env or {})}) as opened:
        assert opened.ended() == 0
        return opened.seen


def test_a_table_longer_than_the_screen_goes_through_the_pager_with_its_colours(long: Program) -> None:
    shown = seen(long, "open")
    assert shown.startswith("PAGED")
    paged = (long.folder / "paged.txt").read_text(encoding="utf-8")
    assert "A40" in paged
    assert "\x1b[1m" in paged, "the title is bold, as without a pager"
    assert (long.folder / "less.txt").read_text(encoding="utf-8").strip() == "FRX"


@pytest.mark.parametrize(
    "arguments", [("rotation",), ("policy",), ("policy", "--markdown"), ("log", "--limit", "99"), ("tiers",)]
)
def test_all_that_a_command_shows_is_in_its_pages_however_it_is_written(
    arguments: tuple[str, ...], long: Program
) -> None:
    """Tables, plain lines and Markdown go different ways to the screen."""
    piped = long.run(*arguments, env={"COLUMNS": "80"}, now=TEN_PAST).out
    shown = seen(long, *arguments)
    paged = re.sub(r"\x1b\[[0-9;]*m", "", (long.folder / "paged.txt").read_text(encoding="utf-8"))
    assert shown.startswith("PAGED")
    assert paged.split() == piped.split()


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        pytest.param(("show", "1"), {}, id="a few lines"),
        pytest.param(("open", "--no-pager"), {}, id="switched off by the option"),
        pytest.param(("open",), {"LEADROUTER_NO_PAGER": "1"}, id="switched off by the environment"),
        pytest.param(("open",), {"PAGER": "cat"}, id="a pager that pages nothing"),
        pytest.param(("open",), {"PAGER": ""}, id="no pager at all"),
        pytest.param(("open",), {"PAGER": "no-such-pager"}, id="one that is not there"),
        pytest.param(("open", "--json"), {}, id="JSON"),
    ],
)
def test_otherwise_it_is_printed_as_it_is(arguments: tuple[str, ...], env: Mapping[str, str], long: Program) -> None:
    long.well("route", "--email", "a@example.com")
    shown = seen(long, *arguments, env=env)
    assert "PAGED" not in shown
    assert shown.strip() != ""


def test_what_is_paged_commands_no_terminal_either(long: Program) -> None:
    """Pages are made behind the door that spells out what is unseen, not in front of it."""
    long.well("route", "--external-id", "L-1")
    with closing(sqlite3.connect(long.database)) as connection, connection:
        connection.execute("UPDATE leads SET external_id = 'L' || char(27) || ']0;owned' || char(7)")
    with terminal(long, "show", "id:1", rows=5, env={"PAGER": f"{long.folder}/pager"}) as opened:
        assert opened.ended() == 0
    paged = (long.folder / "paged.txt").read_text(encoding="utf-8")
    assert "L\\u001b]0;owned\\u0007" in paged


def test_a_pipe_and_a_file_never_meet_the_pager(long: Program) -> None:
    piped = long.run("open", env={"PAGER": f"{long.folder}/pager"})
    assert (piped.code, piped.err) == (0, "")
    assert "A40" in piped.out
    assert not (long.folder / "paged.txt").exists()


def test_ours_goes_before_the_pager_of_everything(long: Program) -> None:
    assert "PAGED" not in seen(long, "open", env={"LEADROUTER_PAGER": "cat"})


def test_a_reader_who_quits_early_ends_it_well(long: Program) -> None:
    (long.folder / "pager").write_text("#!/bin/sh\nhead -1 >/dev/null\n", encoding="utf-8")
    assert seen(long, "open") == ""


def test_an_error_in_the_middle_is_not_swallowed(long: Program) -> None:
    with terminal(long, "show", "99", env={"PAGER": f"{long.folder}/pager"}) as opened:
        assert opened.ended() == 2
    assert "no lead 99" in opened.seen
    assert not (long.folder / "paged.txt").exists()
