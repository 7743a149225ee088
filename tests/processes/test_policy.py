"""`policy`, `check`, `load` and `simulate` as the shell sees them: what is said before anything takes effect."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .history import History
from .program import TEAM, Program, dump

MORE_BALA = TEAM.replace("agents: [Aina, Bala, Chong]", "agents: [Aina, {name: Bala, weight: 2}, Chong]")


def test_load_and_check_say_whose_share_changes_before_it_takes_effect(loaded: Program) -> None:
    loaded.file("more.yaml", MORE_BALA)
    before = dump(loaded.database)
    checked = loaded.run("check", "more.yaml")
    assert checked.code == 0
    for line in ("Aina: from 1 in 3 to 1 in 4", "Bala: from 1 in 3 to 1 in 2", "agent bala: weight 1 -> 2"):
        assert line in checked.out
    assert dump(loaded.database) == before
    shares = loaded.run("check", "more.yaml", "--json").data["shares"]
    assert {(entry["agent"], entry["before"], entry["after"]) for entry in shares} == {
        ("aina", 0.3333, 0.25), ("bala", 0.3333, 0.5), ("chong", 0.3333, 0.25),
    }  # fmt: skip
    tried = loaded.run("load", "more.yaml", "--dry-run").out
    done = loaded.run("load", "more.yaml")
    assert tried.splitlines()[1:] == done.out.splitlines()[1:]
    assert "Bala: from 1 in 3 to 1 in 2 of the leads of rule everyone" in done.out
    assert "says what the policy in force says" in loaded.run("check", "more.yaml").out


def test_check_needs_no_database_and_makes_none(program: Program) -> None:
    assert "would change" not in program.well("check", "team.yaml").out
    program.file("leadrouter.db", "no database at all")
    assert program.well("check", "team.yaml").out.endswith("nothing wrong\n")
    assert sorted(path.name for path in program.folder.iterdir()) == ["leadrouter.db", "team.yaml"]


@pytest.mark.parametrize(
    ("size", "rule", "said", "unsaid"),
    [
        (6, "round_robin", "turns with skips", "tiers are hardly"),
        (6, "performance", "tiers are hardly more than single people", "no rule shares by tier"),
        (12, "round_robin", "no rule shares by tier yet", "turns with skips"),
        (12, "performance", "tiers reward results", "no rule shares by tier"),
        (25, "territory", "no rule deals or prefers by specialty yet", "by territory yet"),
    ],
)
def test_advice_fits_the_size_of_the_team(size: int, rule: str, said: str, unsaid: str, program: Program) -> None:
    agents = ", ".join(f"{{name: A{number}, tier: A}}" for number in range(size))
    program.file("team.yaml", f"team: {{timezone: UTC}}\nagents: [{agents}]\nrules: [{{to: all, strategy: {rule}}}]\n")
    advised = program.run("check", "team.yaml", "--advise").out
    assert said in advised
    assert unsaid not in advised
    assert said not in program.run("check", "team.yaml").out


def test_the_schema_comes_with_init_and_from_check(program: Program) -> None:
    program.well("init", "new.yaml")
    schema = json.loads((program.folder / "leadrouter.schema.json").read_text())
    assert (
        (program.folder / "new.yaml").read_text().startswith("# yaml-language-server: $schema=leadrouter.schema.json\n")
    )
    assert program.well("check", "--schema").data == schema
    assert program.run("check").code == 2


def test_check_prints_every_key_of_a_configuration(program: Program) -> None:
    assert "| `reclaim.no_contact` | like `72h` or `off` | `72h` |" in program.well("check", "--keys").out
    keys = {key["path"]: key for key in program.well("check", "--keys", "--json").data["keys"]}
    assert keys["team.capacity"] == {
        "path": "team.capacity",
        "form": "whole number",
        "default": "15",
        "meaning": "open leads at a time, for each agent without a capacity of their own",
    }


def test_init_leaves_a_file_of_somebody_else_alone(program: Program) -> None:
    program.file("leadrouter.schema.json", "{}")
    program.well("init", "new.yaml")
    assert (program.folder / "leadrouter.schema.json").read_text() == "{}"


def test_policy_tells_any_version_and_how_two_differ(loaded: Program) -> None:
    loaded.file("more.yaml", MORE_BALA + "reclaim: {no_contact: 24h}\n")
    loaded.run("load", "more.yaml", "--by", "mei")
    now, before = loaded.well("policy").out, loaded.well("policy", "--version", "1").out
    assert "after 1 day without an attempt" in now
    assert "after 3 days without an attempt" in before
    told = loaded.well("policy", "--diff", "1").out
    assert "was: A lead is taken back after 3 days" in told
    assert "now: A lead is taken back after 1 day" in told
    assert "now: everyone; Aina 1 in 4, Bala 1 in 2, Chong 1 in 4" in told
    assert loaded.well("policy", "--diff", "2..2").out == "both say the same\n"
    history = loaded.well("policy", "--history").out
    assert history.index("version 2") < history.index("agent bala: weight 1 -> 2") < history.index("version 1")
    assert "by mei" in history
    assert loaded.run("policy", "--diff", "later").code == 2
    assert loaded.run("policy", "--diff", "1..9").code == 2


def test_policy_as_markdown_and_json_says_the_same(history: History) -> None:
    data = history.program.well("policy", "--json").data
    text = history.program.well("policy", "--markdown").out
    for section in data["sections"]:
        assert f"## {section['title']}" in text
        for sentence in section["sentences"]:
            assert sentence["text"].replace("_", "\\_") in text
    assert data["version"] == history.program.count("policies")


def test_names_cannot_become_markup(program: Program) -> None:
    program.file("team.yaml", "agents: ['[red]A*|x', B]\n")
    program.run("load", "team.yaml")
    assert "\\[red\\]A\\*\\|x" in program.well("policy", "--markdown").out
    assert "[red]A*|x" in program.well("policy").out


def test_simulate_shows_both_sides_and_writes_nothing(loaded: Program) -> None:
    for person in range(6):
        loaded.well("route", "--email", f"p{person}@example.com")
    loaded.file("more.yaml", MORE_BALA)
    before = dump(loaded.database)
    found = loaded.well("simulate", "more.yaml", "--json").data
    assert dump(loaded.database) == before
    assert {entry["agent"]: (entry["actual"], entry["simulated"]) for entry in found["agents"]} == {
        "aina": (2, 2), "bala": (2, 3), "chong": (2, 1),
    }  # fmt: skip
    assert (found["leads"], found["forgotten"]) == (6, 0)
    assert found["estimate"]["low"] <= found["estimate"]["won"] <= found["estimate"]["high"]
    shown = loaded.well("simulate", "more.yaml").out
    for words in ("nothing was written", "would be", "with 95 % between", "Assumed: each lead is won as often"):
        assert words in shown
    same = loaded.well("simulate", "team.yaml", "--json").data
    assert same["different"] == 0


def test_simulate_of_days_without_leads_is_refused(loaded: Program) -> None:
    loaded.well("route", "--email", "a@example.com")
    assert loaded.run("simulate", "team.yaml", "--from", "2020-01-01", "--to", "2020-01-02").code == 2
    assert loaded.run("simulate", "team.yaml", "--from", "2020-01-03", "--to", "2020-01-01").code == 2


def test_why_not_me(history: History) -> None:
    """Each way of not getting a lead that the story has, for one agent."""
    program = history.program
    told = {
        (lead, agent): program.well("explain", f"id:{lead}", "--agent", agent).out
        for lead, agent in ((1, "aina"), (1, "bala"), (2, "chong"), (10, "bala"))
    }
    assert "Aina got it" in told[1, "aina"]
    assert "Aina was owed more, this rotation counting twice beside all: Bala stood at" in told[1, "bala"]
    assert "Rule luxury does not name Chong" in told[2, "chong"]
    assert "the rule leaves it to whoever claims it first (rule leftovers)" in told[10, "bala"]
    data = program.well("explain", "id:1", "--agent", "Bala", "--json").data
    assert (data["lead"], data["agent"]) == (1, "bala")
    assert {"at", "rule", "went_to", "outcome", "reason", "words"} == set(data["decisions"][0])
    assert program.run("explain", "id:1", "--agent", "nobody").code == 2


def test_check_looks_at_a_file_that_another_process_writes(loaded: Program, tmp_path: Path) -> None:
    with closing(sqlite3.connect(loaded.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert loaded.run("check", "team.yaml", env={"LEADROUTER_TIMEOUT": "0.3"}).code == 0
        other.execute("ROLLBACK")
