"""What the shell may rely on (CONTRACT): exit codes, streams and JSON keys of every command."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any, NamedTuple

import pytest

from leadrouter import __version__
from leadrouter.cli.app import COMMANDS

from .history import History
from .program import Program

LATER = "2026-11-07T10:00+08:00"
"""After the end of the story that `lived_in` comes from."""

Command = tuple[str, ...]


class Row(NamedTuple):
    """One command: how it succeeds, how it fails, and with which exit code and word it says so."""

    works: Command
    fails: Command
    code: int
    error: str


TABLE = {
    "init": Row(("init", "new.yaml"), ("init", "team.yaml"), 4, "unusable_file"),
    "check": Row(("check", "team.yaml"), ("check", "leads.csv"), 4, "unusable_file"),
    "policy": Row(("policy",), ("policy", "--version", "99"), 2, "wrong_usage"),
    "simulate": Row(("simulate", "later.yaml"), ("simulate", "nowhere.yaml"), 4, "unusable_file"),
    "load": Row(("load", "later.yaml"), ("load", "nowhere.yaml"), 4, "unusable_file"),
    "route": Row(("route", "--email", "new@example.com"), ("route", "--name", "Nobody"), 2, "bad_value"),
    "import": Row(("import", "new.csv"), ("import", "nowhere.csv"), 4, "unusable_file"),
    "record": Row(("record", "told.csv"), ("record", "nowhere.csv"), 4, "unusable_file"),
    "open": Row(("open",), ("open", "--agent", "nobody"), 2, "wrong_usage"),
    "show": Row(("show", "id:1"), ("show", "999"), 2, "wrong_usage"),
    "explain": Row(("explain", "id:1"), ("explain", "999"), 2, "wrong_usage"),
    "accept": Row(("accept", "id:9"), ("accept", "id:1"), 7, "refused"),
    "decline": Row(("decline", "id:9", "--reason", "busy"), ("decline", "id:1", "--reason", "busy"), 7, "refused"),
    "appointment": Row(("appointment", "id:4"), ("appointment", "id:1"), 7, "refused"),
    "no-show": Row(("no-show", "id:11"), ("no-show", "id:4"), 7, "refused"),
    "extend": Row(
        ("extend", "id:11", "--days", "3", "--reason", "away"),
        ("extend", "id:8", "--days", "3", "--reason", "away"), 7, "refused",
    ),
    "pool": Row(("pool",), ("pool", "--db", "nowhere.db"), 5, "no_database"),
    "claim": Row(("claim", "id:10", "--agent", "aina"), ("claim", "id:10", "--agent", "bala"), 7, "refused"),
    "release": Row(("release", "id:4"), ("release", "id:1"), 7, "refused"),
    "request": Row(("request", "id:12", "--agent", "bala"), ("request", "id:12", "--approve"), 7, "refused"),
    "complaint": Row(("complaint", "bala", "--answer", "so it is"), ("complaint", "chong"), 2, "wrong_usage"),
    "handoff": Row(("handoff", "id:15"), ("handoff", "id:4"), 7, "refused"),
    "incubate": Row(("incubate", "id:15"), ("incubate", "id:14"), 7, "refused"),
    "touch": Row(("touch", "id:14", "--intent", "no"), ("touch", "id:14", "--intent", "perhaps"), 2, "wrong_usage"),
    "due": Row(("due",), ("due", "--isa", "nobody"), 2, "wrong_usage"),
    "contact": Row(("contact", "id:4"), ("contact", "id:1"), 7, "refused"),
    "won": Row(("won", "id:4"), ("won", "id:1"), 7, "refused"),
    "lost": Row(("lost", "id:4"), ("lost", "id:1"), 7, "refused"),
    "void": Row(("void", "id:4"), ("void", "id:1"), 7, "refused"),
    "transfer": Row(
        ("transfer", "id:4", "--to", "chong", "--reason", "asked"),
        ("transfer", "id:1", "--to", "chong", "--reason", "asked"), 7, "refused",
    ),
    "reopen": Row(
        ("reopen", "id:1", "--reason", "slip"), ("reopen", "id:4", "--reason", "slip"), 7, "refused"
    ),
    "edit": Row(("edit", "id:4", "--name", "Dan Example"), ("edit", "id:4"), 2, "wrong_usage"),
    "rotation": Row(("rotation",), ("rotation", "--db", "nowhere.db"), 5, "no_database"),
    "away": Row(("away", "chong"), ("away", "chong", "--until", "2026-01-01"), 2, "wrong_usage"),
    "back": Row(("back", "chong"), ("back", "bala"), 7, "refused"),
    "credit": Row(
        ("credit", "bala", "1/2", "--rotation", "everyone", "--reason", "twice"),
        ("credit", "bala", "1/2", "--rotation", "nowhere", "--reason", "twice"), 2, "wrong_usage",
    ),
    "tiers": Row(("tiers",), ("tiers", "--apply"), 7, "refused"),
    "report agent": Row(("report", "agent", "bala"), ("report", "agent", "nobody"), 2, "wrong_usage"),
    "reclaim": Row(("reclaim",), ("reclaim", "--db", "nowhere.db"), 5, "no_database"),
    "notify": Row(("notify",), ("notify", "--list", "--retry"), 2, "wrong_usage"),
    "report monthly": Row(("report", "monthly"), ("report", "monthly", "--month", "May"), 2, "wrong_usage"),
    "report isa": Row(("report", "isa"), ("report", "isa", "--from", "May"), 2, "wrong_usage"),
    "report source": Row(("report", "source"), ("report", "source", "--from", "May"), 2, "wrong_usage"),
    "report territory": Row(
        ("report", "territory"), ("report", "territory", "--from", "2026-11-02", "--to", "2026-11-01"), 2, "wrong_usage"
    ),
    "report quality": Row(("report", "quality"), ("report", "quality", "--db", "nowhere.db"), 5, "no_database"),
    "report method": Row(("report", "method"), ("report", "method", "weighted"), 2, "wrong_usage"),
    "report trend": Row(("report", "trend"), ("report", "trend", "--month", "May"), 2, "wrong_usage"),
    "dashboard": Row(("dashboard",), ("dashboard", "--db", "nowhere.db"), 5, "no_database"),
    "rate": Row(("rate", "id:4", "5"), ("rate", "id:4", "6"), 2, "wrong_usage"),
    "verify": Row(("verify",), ("verify", "--expect", "no hash"), 2, "wrong_usage"),
    "backup": Row(("backup", "new.db"), ("backup", "leadrouter.db"), 2, "wrong_usage"),
    "log": Row(("log",), ("log", "--kind", "nothing"), 2, "wrong_usage"),
    "export": Row(("export", "id:4"), ("export", "999"), 2, "wrong_usage"),
    "forget": Row(("forget", "id:4"), ("forget", "999"), 2, "wrong_usage"),
}  # fmt: skip


@pytest.fixture
def office(lived_in: Program) -> Program:
    """A copy of the file in which every command was at work, with files to give to the commands beside it."""
    lived_in.file("new.csv", "email,name\nnew@example.com,New Example\n")
    lived_in.file("told.csv", "lead,what,value\nid:4,rate,5\n")
    return lived_in


def test_the_table_names_every_command() -> None:
    assert {name.split()[0] for name in TABLE} == set(COMMANDS)


@pytest.mark.parametrize("name", TABLE)
def test_success_prints_data_on_stdout_and_nothing_else(name: str, office: Program) -> None:
    if name == "back":
        office.well("away", "chong", now=LATER)
    works = office.run(*TABLE[name].works, "--json", now=LATER, fresh=True)
    assert (works.code, works.err) == (0, "")
    check_json(works.data)


def test_plain_success_prints_on_stdout_alone_too(history: History) -> None:
    """The story runs every command once without --json; only the import, with a row that is rejected, ends in 3."""
    for step in history.steps:
        assert step.result.code == (3 if step.arguments[0] == "import" else 0), step
        assert step.result.err == "", step
        assert step.result.out.strip() != "", step
    told = {step.arguments[0] for step in history.steps}
    assert told == set(COMMANDS)


@pytest.mark.parametrize("name", TABLE)
def test_an_error_leaves_stdout_empty_and_is_json_on_stderr(name: str, office: Program) -> None:
    fails = office.run(*TABLE[name].fails, "--json", now=LATER)
    assert (fails.code, fails.out) == (TABLE[name].code, "")
    assert set(json.loads(fails.err)) == {"error"}
    assert set(fails.error) == {"code", "message", "hint"}
    assert fails.error["code"] == TABLE[name].error
    assert fails.error["message"] != ""
    assert fails.error["hint"] != ""


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("route", "--name", "Nobody"), id="refused by us"),
        pytest.param(("route", "--nonsense"), id="an option nobody knows"),
        pytest.param(("nonsense",), id="a command nobody knows"),
        pytest.param(("show",), id="an argument missing"),
        pytest.param(("won", "id:4", "--value", "much"), id="a value of another kind"),
        pytest.param(
            ("report",),
            id="half a command",
        ),
    ],
)
def test_wrong_usage_is_told_on_stderr(arguments: Command, lived_in: Program) -> None:
    fails = lived_in.run(*arguments)
    assert fails.code == 2
    assert fails.out == ""
    assert fails.err != ""
    assert "Traceback" not in fails.err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("route", "--nonsense", "--json"), id="an option nobody knows"),
        pytest.param(("nonsense", "--json"), id="a command nobody knows"),
        pytest.param(("show", "--json"), id="an argument missing"),
        pytest.param(("won", "id:4", "--value", "much", "--json"), id="a value of another kind"),
        pytest.param(("--nonsense", "rotation", "--json"), id="an option before the command"),
    ],
)
def test_wrong_usage_is_json_where_json_is_asked_for(arguments: Command, lived_in: Program) -> None:
    fails = lived_in.run(*arguments)
    assert (fails.code, fails.out) == (2, "")
    assert fails.error["code"] == "wrong_usage"


# --- exit codes -----------------------------------------------------------------------------------------------


def test_0_when_all_is_well(lived_in: Program) -> None:
    assert lived_in.run("verify").code == 0


def test_1_when_verify_finds_something(lived_in: Program) -> None:
    with closing(sqlite3.connect(lived_in.database, isolation_level=None)) as connection:
        connection.execute("UPDATE leads SET value = 1 WHERE lead = 1")
    found = lived_in.run("verify")
    assert (found.code, found.err) == (1, "")
    assert "lead 1: value" in found.out


def test_3_when_a_row_is_rejected(loaded: Program) -> None:
    loaded.file("leads.csv", "email,name\nann@example.com,Ann Example\n,Nobody\n")
    done = loaded.run("import", "leads.csv", "--json")
    assert (done.code, done.err) == (3, "")
    assert (done.data["new"], done.data["rejected"]) == (1, 1)
    assert done.data["rejects_file"] == "leads.csv.rejects.csv"
    assert (loaded.folder / "leads.csv.rejects.csv").read_text(encoding="utf-8-sig").startswith('"line","reason"')


@pytest.mark.parametrize("command", [("route", "--email", "ann@example.com"), ("import", "leads.csv")])
def test_3_when_a_lead_could_not_be_assigned(command: Command, loaded: Program) -> None:
    loaded.file("leads.csv", "email,name\nann@example.com,Ann Example\n")
    for agent in ("aina", "bala", "chong"):
        loaded.well("away", agent)
    done = loaded.run(*command, "--json")
    assert (done.code, done.err) == (3, "")
    assert loaded.rows("SELECT state, reason FROM leads") == [("unassigned", "all_skipped")]


def test_3_when_an_import_breaks_off_after_its_first_batch(loaded: Program) -> None:
    """The same import again continues, so it is done in part; 4 would say that nothing was written."""
    people = "".join(f"person{number}@example.com,Person {number}\n" for number in range(50_000))
    (loaded.folder / "leads.csv.gz").write_bytes(gzip.compress(f"email,name\n{people}".encode())[:60_000])
    stopped = loaded.run("import", "leads.csv.gz", "--json")
    assert loaded.count("leads") > 0
    assert stopped.code == 3
    assert "damaged or cut off" in stopped.error["message"]


def test_5_when_there_is_no_database(program: Program) -> None:
    missing = program.run("rotation")
    assert (missing.code, missing.out) == (5, "")
    assert "leadrouter load" in missing.err


def test_6_when_another_process_holds_the_lock(loaded: Program) -> None:
    with closing(sqlite3.connect(loaded.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        busy = loaded.run("route", "--email", "ann@example.com", "--json", env={"LEADROUTER_TIMEOUT": "0.3"})
        assert (busy.code, busy.out) == (6, "")
        assert busy.error["code"] == "busy"
        other.execute("ROLLBACK")
    loaded.well("route", "--email", "ann@example.com")


# --- JSON -----------------------------------------------------------------------------------------------------

KEYS: dict[str, tuple[Command, set[str]]] = {
    "route": (
        ("route", "--email", "new@example.com"),
        {"lead", "state", "agent", "rule", "strategy", "quality", "reason", "skipped", "due", "duplicate_of"},
    ),
    "import": (
        ("import", "new.csv"),
        {"file", "rows", "new", "inquiries", "unchanged", "test_rows", "rejected", "by_state", "by_agent",
         "rejects_file"},
    ),
    "rotation": (("rotation",), {"rotations"}),
    "open": (("open",), {"agents"}),
    "open --agent": (("open", "--agent", "aina"), {"leads"}),
    "reclaim": (("reclaim",), {"at", "changes", "next_due"}),
    "explain": (("explain", "id:4"), {"lead", "decisions", "history"}),
    "report monthly": (
        ("report", "monthly"),
        {"month", "distribution", "totals", "conversion", "ripeness", "response", "response_by_quality", "skips",
         "acceptance", "reclaimed", "escalated", "overrides", "closed", "costs", "satisfaction", "complaints",
         "changes", "triggers", "head"},
    ),
    "report source": (("report", "source"), {"from", "to", "by", "source", "costs", "ripeness"}),
    "report territory": (("report", "territory"), {"from", "to", "by", "territory", "ripeness"}),
    "report quality": (("report", "quality"), {"from", "to", "by", "quality", "ripeness"}),
    "report method": (("report", "method"), {"from", "to", "by", "method", "comparison"}),
    "report trend": (("report", "trend"), {"to", "trend"}),
    "dashboard": (("dashboard",), {"at", "agents", "due", "waiting", "rotations", "last_sweep"}),
    "show": (
        ("show", "id:1"),
        {"lead", "external_id", "state", "agent", "quality", "rule", "received_at", "assigned_at", "contacted_at",
         "closed_at", "due", "hops", "inquiries", "isa"},
    ),
    "simulate": (("simulate", "later.yaml"), {"leads", "different", "agents", "estimate"}),
    "due": (("due",), {"leads"}),
    "report isa": (("report", "isa"), {"from", "to", "isas", "field_agents"}),
    "verify": (("verify",), {"events", "ok", "head", "replayed", "not_replayed", "problems"}),
}  # fmt: skip

INNER: dict[str, dict[str, set[str]]] = {
    "rotation": {
        "rotations": {"rotation", "agents"},
        "rotations.agents": {"agent", "weight", "credit", "due", "received", "next_up", "skipped"},
    },
    "open": {"agents": {"agent", "open", "capacity", "overdue", "oldest"}},
    "open --agent": {"leads": {"lead", "state", "quality", "assigned_at", "due"}},
    "due": {"leads": {"lead", "isa", "next_touch", "incubated_at"}},
    "report isa": {
        "isas": {"isa", "leads", "appointments", "no_show_rate", "show_to_win", "handed_off", "won", "rate"},
        "field_agents": {"agent", "handed_off", "won", "rate", "low", "high"},
    },
    "reclaim": {"changes": {"lead", "what", "reason", "from", "to"}},
    "simulate": {"agents": {"agent", "actual", "simulated"}, "estimate": {"won", "low", "high"}},
    "explain": {
        "decisions": {"at", "rule", "strategy", "agent", "reason", "candidates", "skipped", "shares", "credits"},
        "history": {"at", "what", "agent", "reason"},
    },
    "report monthly": {
        "distribution": {
            "rotation", "tier", "agent", "due", "received", "difference", "explained", "full_share", "lost_to",
        },
        "distribution.lost_to": {"capacity", "time_off", "hours", "limits"},
        "conversion": {"agent", "source", "quality", "method"},
        "conversion.agent": {"name", "leads", "won", "rate", "low", "high", "index"},
        "conversion.source": {"name", "leads", "won", "rate", "low", "high", "index"},
        "conversion.quality": {"name", "leads", "won", "rate", "low", "high", "index"},
        "conversion.method": {"name", "leads", "won", "rate", "low", "high", "index"},
        "response": {
            "agent", "quality", "contacted_in_sla", "mean_minutes", "median_minutes", "receipt_to_contact_minutes"
        },
    },
}  # fmt: skip
"""Command -> place inside its JSON -> the keys that every entry there has."""


@pytest.mark.parametrize("name", KEYS)
def test_json_has_the_keys_of_the_contract(name: str, lived_in: Program) -> None:
    command, keys = KEYS[name]
    lived_in.file("new.csv", "email,name\nnew@example.com,New Example\n")
    shown = lived_in.run(*command, "--json", now="2026-11-10T10:00+08:00")
    assert (shown.code, shown.err) == (0, "")
    assert keys <= set(shown.data)
    check_json(shown.data)
    for place, inner in INNER.get(name, {}).items():
        entries = at_place(shown.data, place.split("."))
        assert entries, place
        for entry in entries:
            assert inner <= set(entry), place


def at_place(data: Any, path: list[str]) -> list[Any]:
    """Every entry at a place, lists on the way walked through."""
    found = [data]
    for key in path:
        found = [entry[key] for entry in found]
        found = [part for entry in found for part in (entry if isinstance(entry, list) else [entry])]
    return found


def check_json(data: Any, key: str = "") -> None:
    """Times are UTC ISO 8601, an absent value is null and never an empty text (CONTRACT)."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            check_json(value, str(name))
    elif isinstance(data, list):
        for value in data:
            check_json(value, key)
    else:
        assert data != "", key
        looks_like_a_time = isinstance(data, str) and re.match(r"\d{4}-\d\d-\d\dT", data)
        if looks_like_a_time or (data is not None and (key == "at" or key.endswith("_at"))):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data), (key, data)


def test_the_counts_of_an_import_add_up_to_its_rows(lived_in: Program) -> None:
    done = lived_in.run("import", "leads.csv", "--json", now=LATER)
    parts = ("new", "inquiries", "unchanged", "test_rows", "rejected")
    assert sum(done.data[part] for part in parts) == done.data["rows"] == 7
    assert sum(done.data["by_state"].values()) == done.data["new"]


def test_an_agent_given_by_name_is_told_by_id(loaded: Program) -> None:
    assert loaded.well("away", "Bala", "--json").data["agent"] == "bala"
    assert loaded.well("back", "BALA", "--json").data["agent"] == "bala"
    credit = ("credit", "Bala", "1", "--rotation", "everyone", "--reason", "twice", "--json")
    assert loaded.well(*credit).data["agent"] == "bala"


# --- help -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLE)
def test_help_holds_an_example(name: str, history: History) -> None:
    shown = history.program.run(*name.split(), "--help")
    assert (shown.code, shown.err) == (0, "")
    assert f"Example: leadrouter {name}" in " ".join(shown.out.split())


def test_help_tells_the_exit_codes_and_every_command(program: Program) -> None:
    shown = program.well("--help").out
    for word in (
        "0 done",
        "2 wrong usage",
        "3 done in part",
        "4 unusable file",
        "5 no database",
        "6 busy",
        "7 refused",
    ):
        assert word in " ".join(shown.split())
    for name in COMMANDS:
        assert re.search(rf"\b{name}\b", shown)


def test_version_is_printed(program: Program) -> None:
    assert program.well("--version").out == f"leadrouter {__version__}\n"
