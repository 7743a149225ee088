"""Names that command terminals, pose as markup or formulas, or hide: in leads, the policy, arguments, files."""

from __future__ import annotations

import csv
import json
import re
import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.cells import cell_len

from leadrouter.hostile import UNSEEN

from .program import Program, Result, a_copy
from .terminal import terminal

UNSEEN_SIGNS = {chr(sign) for sign in UNSEEN} - {"\n"}

MARKUP, EMOJI, FORMULA = "[red]Aina[/red] [link=http://x]", "Bala :smile: *b* _i_ `c` | d", "=cmd|'/c calc'!A1"
SCRIPT, SQL = "<script>alert(1)</script>", "Robert'); DROP TABLE leads; --"
WIDE, RIGHT, JOINED, HEAP = "陈伟 全角", "محمد נורית", "نرم‌افزار 👩‍👧", "Z̃̃a̅lgo"

CONFIG = {
    "team": {"name": SCRIPT, "timezone": "Asia/Kuala_Lumpur", "region": "MY", "leader": "a"},
    "agents": [
        {"id": "a", "name": MARKUP, "groups": ["[bold]g"], "territories": ["[x]</td>"], "specialties": ["=1+1"]},
        {"id": "b", "name": EMOJI, "groups": ["[bold]g"]},
        {"id": "c", "name": FORMULA},
        {"id": "d", "name": SQL},
        {"id": "e", "name": WIDE},
        {"id": "f", "name": RIGHT},
        {"id": "g", "name": JOINED},
        {"id": "h", "name": HEAP, "role": "isa"},
    ],
    "territories": {"[x]</td>": {"areas": ["[/]"]}},
    "rules": [
        {"name": "+1 [blink]", "when": {"territory": "[x]</td>"}, "to": {"territory": "[x]</td>"}},
        {"name": "@pool", "when": {"source": "pool"}, "then": "pool"},
        {"name": "-first", "when": {"source": "raw"}, "then": "qualify"},
        {"name": "[/g]", "when": {"source": "[red]src"}, "to": {"group": "[bold]g"}},
        {"name": "<b>everyone</b>", "to": "all"},
    ],
    "reclaim": {"no_contact": "3d"},
}

NAMES_OF_AGENTS = [MARKUP, EMOJI, FORMULA, SQL, WIDE, RIGHT, JOINED, HEAP]

NAMES = [
    *(MARKUP, EMOJI, FORMULA, SCRIPT, SQL, WIDE, RIGHT, JOINED, "+60", "-1", "@SUM(A1)", "{name} %s ${HOME}"),
    *("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b2J", "a\x00b", "a\x7f\x08\x08b", "\u202egnp.exe", "\u2066x\u2069"),
    *("\u200fabc\u200e", "in\u200bvis\u00adible", "\u3164", "Z" + "\u0301" * 200, "two\nlines\rand\ttab", "x\u2028y"),
    "\U000e0041\U000e0042tagged",
]
TO_MEND = range(10, len(NAMES), 4)
"""Rows whose date cannot be read."""

SOURCES = ["pool", "raw", "web", "=HYPERLINK(1)", "<img src=x onerror=alert(1)>", "[red]src", "\x1b[8mhidden", "陈伟网"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Every hostile name came in, as somebody's name, message, note and reason, and leads are in every state."""
    program = Program(tmp_path_factory.mktemp("hostile"))
    program.file("team.yaml", json.dumps(CONFIG, ensure_ascii=False))
    program.well("load", "team.yaml", "--by", "\x1b[1mboss")
    with (program.folder / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["external_id", "name", "phone", "source", "area", "message", "date", "[bold]own\u202e"])
        for number, name in enumerate(NAMES):
            source = SOURCES[number % len(SOURCES)]
            date = "someday" if number in TO_MEND else "2026-11-19"
            writer.writerow([f"E{number}{name}", name, f"+60123450{number:03}", source, "[/]", name, date, name])
    imported = program.run("import", "leads.csv")
    assert imported.code == 3, imported.err
    first = [lead for (lead,) in program.rows("SELECT lead FROM leads WHERE state = 'assigned' ORDER BY lead")]
    program.well("contact", first[0], "--outcome", "no_answer")
    program.well("lost", first[1], "--reason", MARKUP + "\x1b[31m")
    program.well("void", first[2], "--reason", FORMULA)
    program.well("transfer", first[3], "--to", "b", "--reason", SCRIPT, "--by", "\u202eboss[red]")
    program.well("complaint", "a", "--about", HEAP + "\x9b2J")
    program.well("route", "-", stdin=json.dumps({"name": NAMES[12], "phone": "+60111111111", "source": "web"}))
    return program


VIEWS = [
    *(("open",), ("open", "--agent", "a"), ("pool",), ("due",), ("rotation",), ("log", "--all", "--limit", "500")),
    *(("show", "id:1"), ("show", "id:2"), ("explain", "id:1"), ("explain", "id:2", "--agent", "b"), ("dashboard",)),
    *(("policy",), ("policy", "--markdown"), ("policy", "--history"), ("tiers",), ("verify",), ("notify", "--list")),
    *(("reclaim", "--dry-run"), ("simulate", "team.yaml"), ("check", "team.yaml"), ("load", "team.yaml", "--dry-run")),
    *(("import", "leads.csv", "--dry-run"), ("report", "monthly", "--month", "2026-11"), ("report", "source")),
    *(("report", "agent", "a"), ("report", "territory"), ("report", "quality"), ("report", "trend")),
    *(("route", "--name", NAMES[12], "--phone", "+60122222222", "--dry-run"), ("export", "id:1"), ("export",)),
    ("forget", "id:1", "--dry-run"),
]
"""Commands that show what came in."""

NO_JSON = (("policy", "--markdown"), ("export",))


def ran(program: Program, command: tuple[str, ...], *more: str) -> Result:
    done = program.run(*command, *more, env={"COLUMNS": "120"})
    assert done.code in (0, 3), (command, done.err)
    assert "Traceback" not in done.err
    return done


def test_no_view_lets_anything_unseen_through(office: Program) -> None:
    """Neither for people nor as JSON, which stays JSON."""
    commands = [*VIEWS, *((*command, "--json") for command in VIEWS if command not in NO_JSON)]
    for command, done in zip(commands, office.together(*commands, env={"COLUMNS": "120"}), strict=True):
        assert done.code in (0, 3), (command, done.err)
        assert "Traceback" not in done.err
        assert not UNSEEN_SIGNS & set(done.out + done.err), command
        assert not re.search("[\u0300-\u036f]{5}", done.out), command
        if command[-1] == "--json":
            json.loads(done.out)


def test_markup_is_shown_as_it_was_written(office: Program) -> None:
    for command in ("open", "rotation", "policy"):
        text = " ".join(ran(office, (command,)).out.split())
        for name in (MARKUP, EMOJI, FORMULA, SQL, WIDE, RIGHT, JOINED):
            assert name in text, (command, name)


def test_columns_stay_under_their_titles(office: Program) -> None:
    """Measured in cells of the terminal: wide letters take two, marks and joiners none."""
    title, *lines = ran(office, ("open",)).out.partition(" agent ")[2].splitlines()
    end = cell_len(f" agent {title.partition('capacity')[0]}capacity")
    rows = [line for line in lines if re.match(r" .* 15(?: |$)", line)]
    assert len(rows) == len(NAMES_OF_AGENTS)
    for name, row in zip(NAMES_OF_AGENTS, rows, strict=True):
        assert row.startswith(f" {name} ")
        shown = " " + name + re.match(r"[ \d]*? 15(?= |$)", row[len(name) + 1 :])[0]  # type: ignore[index]
        assert cell_len(shown) == end, row


def test_the_policy_to_hand_out_cannot_become_markup(office: Program) -> None:
    text = ran(office, ("policy", "--markdown")).out
    assert "\\<script\\>alert(1)\\</script\\>" in text
    assert "\\[red\\]Aina\\[/red\\]" in text
    assert "Bala :smile: \\*b\\* \\_i\\_ \\`c\\` \\| d" in text


# --- what is written ------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.handlers: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on") or name == "src"}


@pytest.mark.parametrize("report", [("monthly", "--month", "2026-11"), ("source",), ("agent", "a"), ("territory",)])
def test_a_report_that_is_written_down_runs_nothing(report: tuple[str, ...], office: Program, tmp_path: Path) -> None:
    ran(office, ("report", *report, "--html", str(tmp_path / "r.html"), "--csv", str(tmp_path / "csv")))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    elements = Elements(page)
    assert not elements.found & {"script", "img", "b", "a\x00"}
    assert elements.handlers == set()
    assert not UNSEEN_SIGNS & set(page)
    for path in (tmp_path / "csv").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell) or not re.match(r"\s*[=+\-@＝＋－＠]", cell), cell
        assert not UNSEEN_SIGNS - {"\r"} & set(path.read_text(encoding="utf-8"))


def test_the_rejects_file_is_imported_again_without_damage(office: Program, tmp_path: Path) -> None:
    program = a_copy(office, tmp_path)
    rejects = program.folder / "leads.csv.rejects.csv"
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(rows) == len(TO_MEND)
    assert {row[header.index("phone")][:4] for row in rows} == {"'+60"}
    for row in rows:
        assert not any(re.match(r"\s*[=+\-@]", cell) for cell in row)
        assert not UNSEEN_SIGNS - {"\r", "\t", "\u2028"} & set("".join(row))
    rejects.write_bytes(rejects.read_bytes().replace(b"someday", b"2026-11-19"))
    done = program.well("import", "leads.csv.rejects.csv", "--json").data
    assert (done["new"], done["rejected"]) == (len(rows), 0)
    phones = {phone for (phone,) in program.rows("SELECT phone FROM leads")}
    assert {f"+60123450{number:03}" for number in range(len(NAMES))} <= phones
    assert program.well("import", "leads.csv.rejects.csv", "--json").data["unchanged"] == len(rows)
    assert program.problems() == []


def test_names_are_values_and_no_statements(office: Program) -> None:
    assert office.count("leads") > 20
    names = {name for (name,) in office.rows("SELECT name FROM leads")}
    assert {SQL, MARKUP, FORMULA, SCRIPT, WIDE, RIGHT, JOINED} <= names
    assert office.problems() == []


# --- arguments, names of files, a database that somebody edited ------------------------------------------------

ATTACK = "\x1b[31m\x07\x9b2J\u202e\u200f\u2066x\r"


QUOTED: list[tuple[str, ...]] = [
    ("show", ATTACK),
    ("show", f"--{ATTACK}"),
    (ATTACK,),
    ("open", "--agent", ATTACK),
    ("log", "--limit", ATTACK),
    ("log", "--kind", ATTACK),
    ("show", "1", "--now", ATTACK),
    ("report", "monthly", "--month", ATTACK),
    ("import", ATTACK),
    ("import", "leads.csv", "--map", f"{ATTACK}=phone"),
    ("import", "leads.csv", "--preset", ATTACK),
    ("import", "leads.csv", "--rejects", f"none/{ATTACK}"),
    ("route", ATTACK),
    ("route", "--set", ATTACK),
    ("check", ATTACK),
    ("load", ATTACK),
    ("open", "--db", ATTACK),
    ("policy", "--version", ATTACK),
    ("transfer", "1", "--to", ATTACK, "--reason", "x"),
    ("verify", "--expect", ATTACK),
]
"""Commands that are refused, and say what was wrong with what."""


def test_an_error_that_quotes_an_argument_spells_it_out(office: Program) -> None:
    commands = [*QUOTED, *((*arguments, "--json") for arguments in QUOTED)]
    for command, done in zip(commands, office.together(*commands), strict=True):
        assert done.code in (1, 2, 4, 5, 7), command
        assert "Traceback" not in done.err
        assert not UNSEEN_SIGNS & set(done.err + done.out), command


def test_names_of_files_cannot_command_the_terminal(office: Program, tmp_path: Path) -> None:
    program = a_copy(office, tmp_path)
    name = ATTACK + "leads.csv"
    (program.folder / name).write_text("phone,na\x1b[31mme\n+60133333333,Ada\nnone,\x1b[31mBo\n", encoding="utf-8")
    (program.folder / (ATTACK + ".yaml")).write_text("agents: [Aina]\nsla: {hot: 1}\n", encoding="utf-8")
    for arguments in (("import", name, "--dry-run"), ("import", name), ("check", ATTACK + ".yaml")):
        done = program.run(*arguments)
        assert done.code in (3, 4)
        assert not UNSEEN_SIGNS & set(done.out + done.err)


def test_a_database_that_somebody_edited_cannot_either(office: Program, tmp_path: Path) -> None:
    """Past every cleaning: the text stands in the file itself."""
    program = a_copy(office, tmp_path)
    with closing(sqlite3.connect(program.database)) as connection, connection:
        connection.execute("UPDATE leads SET name = ?1, external_id = ?1 || lead, source = ?1", (ATTACK,))
        connection.execute("UPDATE notes SET text = ?", (ATTACK,))
    seen = ""
    for command in (("pool",), ("show", "id:1"), ("explain", "id:2"), ("report", "source"), ("log",), ("verify",)):
        for form in ((), ("--json",)):
            done = program.run(*command, *form)
            assert "Traceback" not in done.err
            assert not UNSEEN_SIGNS & set(done.out + done.err)
            seen += done.out
    assert "[31m" in seen


def test_in_a_terminal_the_colours_are_ours_alone(office: Program, tmp_path: Path) -> None:
    """Also on the way to a pager, and out of a database that somebody edited."""
    program = a_copy(office, tmp_path)
    with closing(sqlite3.connect(program.database)) as connection, connection:
        connection.execute("UPDATE leads SET name = ?1, external_id = ?1 || lead", (ATTACK,))
    pager = program.file("pager", "#!/bin/sh\ntee paged.txt\n")
    pager.chmod(0o755)
    shown = ""
    for command in (("pool",), ("open",), ("log", "--all", "--limit", "200"), ("show", "id:1")):
        with terminal(program, *command, env={"PAGER": str(pager)}) as opened:
            assert opened.ended() == 0
            shown += opened.seen
    with terminal(program, "import", "leads.csv") as opened:  # with its progress bar
        assert opened.ended() == 3
        assert "\x1b[" in opened.seen
        assert "\\u001b" not in opened.seen
    paged = (program.folder / "paged.txt").read_text(encoding="utf-8")
    for text in (shown, paged):
        assert "\x1b[1m" in text
        assert not {"\x07", "\x9b", "\u202e", "\u200f", "\u2066"} & set(text)
        assert "\x1b[31m[" not in text
    assert "\\u001b[31m\\u0007\\u009b2J" in shown


def test_a_list_of_hostile_names_becomes_a_configuration_of_them_and_nothing_else(program: Program) -> None:
    """Not even the name of the list gets out of its remark."""
    names = [*NAMES[:7], "a: b # c", "*x", "&y", "!!python/object:os.system", '"', "'", "- z", "{a}", "null", "\\x1b"]
    source = program.folder / "list\nagents: [Eve]\n\u202e.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["Name"], *([name] for name in names)])
    made = program.run("init", "made.yaml", "--from", source.name)
    assert made.code in (0, 3), made.err
    assert not UNSEEN_SIGNS & set(made.out + made.err + (program.folder / "made.yaml").read_text(encoding="utf-8"))
    assert program.run("load", "made.yaml").code == 0
    loaded = {name for (name,) in program.rows("SELECT name FROM team")}
    assert loaded <= set(names)
    assert len(loaded) >= len(names) - 3


# --- bounds ---------------------------------------------------------------------------------------------------

GIBIBYTE = 2**30
BOMBS: dict[str, Callable[[], str]] = {
    "10 MB": lambda: "agents: [Aina]\n" + "# a remark\n" * 950_000,
    "10 MB in one word": lambda: "agents: [" + "x" * 10_000_000 + "]",
    "aliases": lambda: "\n".join(
        ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    ),
    "deep": lambda: "agents: " + "[" * 900_000,
    "deep pairs": lambda: "{a: " * 240_000,
    "agents": lambda: "agents: [" + ",".join(f"a{n}" for n in range(49_900)) + "]",
    "agents with a slip each": lambda: "agents:\n" + "".join(f"- {{nme: a{n}}}\n" for n in range(16_000)),
    "keys": lambda: "".join(f"agnets{n}: 1\n" for n in range(24_000)),
    "holidays": lambda: "team: {holidays: [" + ",".join(
        f"{year}-01-{day:02}..{year}-12-{day:02}" for year in range(1000, 2400) for day in range(1, 29)
    )[:900_000].rpartition(",")[0] + "]}\nagents: [A]",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_configuration_made_to_exhaust_is_refused_quickly(bomb: str, program: Program) -> None:
    program.file("bomb.yaml", BOMBS[bomb]())
    began = time.perf_counter()
    done = program.run("load", "bomb.yaml", before=lambda: resource.setrlimit(resource.RLIMIT_AS, (GIBIBYTE,) * 2))
    assert time.perf_counter() - began < 20  # two seconds where nothing else runs
    assert done.code == 4
    assert len(done.err) < 100_000
    assert not program.database.exists()


def test_after_two_hundred_problems_the_rest_is_left_for_the_next_time(program: Program) -> None:
    program.file("wrong.yaml", BOMBS["keys"]())
    done = program.run("check", "wrong.yaml")
    assert done.code == 4
    assert done.err.count("unknown key") == 200
    assert "There is more behind them" in done.err


def test_an_import_that_meets_a_bomb_keeps_what_came_before_it(loaded: Program) -> None:
    import gzip

    with gzip.open(loaded.folder / "leads.csv.gz", "wb") as file:
        file.write(b"email,name\nada@example.com,Ada\n" + b"\n" * 20 * 2**20)
    done = loaded.run("import", "leads.csv.gz", before=lambda: resource.setrlimit(resource.RLIMIT_AS, (GIBIBYTE,) * 2))
    assert done.code in (3, 4)
    assert "200 times its size" in done.err
    assert loaded.problems() == []
