"""Everyday comfort at the command line: names for ids, times in words, amounts in a currency, narrow tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from .program import Program, a_copy

TEAM = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: mei, currency: MYR}
agents:
  - {id: mei, name: Mei Tan, role: leader}
  - {id: aina, name: Aina Yusof}
  - {id: bala, name: Bala Krishnan}
  - {id: grace, name: Grace Tan}
rules:
  - {name: dear, when: {price: ">= 2000000"}, to: all}
  - {name: shelf, when: {source: shelf}, then: pool}
  - {name: everyone, to: all}
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("everyday"))
    program.file("team.yaml", TEAM)
    program.well("load", "team.yaml", now="2026-11-18T10:00+08:00")
    program.well("route", "--email", "ann@example.com", now="2026-11-18T10:00+08:00")
    program.well(
        "route", "--email", "somebody.of.a.long.name@example.com", "--name", "Ben Example", "--source", "shelf",
        "--price", "1250000", "--area", "Petaling Jaya", "--intent", "buyer",
    )  # fmt: skip
    return program


@pytest.fixture
def desk(opened: Program, tmp_path: Path) -> Program:
    """Lead 1 with Aina since two days, lead 2 in the pool."""
    return a_copy(opened, tmp_path)


# --- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("away", "Bala Krishnan"),
        ("away", "KRISHNAN"),
        ("open", "--agent", "bala krishnan"),
        ("transfer", "1", "--to", "Bala", "--reason", "asked"),
        ("claim", "2", "--agent", "krishnan"),
        ("request", "1", "--agent", "Bala Krishnan"),
        ("explain", "1", "--agent", "krishnan"),
        ("log", "--agent", "krishnan"),
        ("report", "agent", "krishnan"),
        ("complaint", "krishnan", "--about", "too few"),
        ("credit", "krishnan", "1", "--rotation", "everyone", "--reason", "twice"),
        ("tiers", "--set", "Bala Krishnan=A", "--reason", "known"),
        ("due", "--isa", "krishnan"),
    ],
    ids=" ".join,
)
def test_wherever_an_agent_is_asked_for_a_name_will_do(arguments: tuple[str, ...], desk: Program) -> None:
    desk.well(*arguments)


def test_a_lead_that_asks_for_an_agent_by_part_of_the_name_is_understood(desk: Program) -> None:
    desk.well("route", "--email", "new@example.com", "--requested-agent", "krishnan")
    desk.well("route", "--email", "newer@example.com", "--requested-agent", "somebody else")
    asked = desk.rows("SELECT requested_agent FROM leads WHERE lead > 2 ORDER BY lead")
    assert asked == [("bala",), ("somebody else",)]


def test_a_name_that_several_have_lists_those_it_may_be(desk: Program) -> None:
    refused = desk.run("away", "tan", "--json")
    assert refused.code == 2
    assert refused.error["message"] == "tan may be any of 2 agents"
    assert refused.error["hint"] == "say which: mei (Mei Tan), grace (Grace Tan)"


@pytest.mark.parametrize(
    ("arguments", "guess"),
    [
        pytest.param(("away", "balla"), "bala", id="an agent"),
        pytest.param(("away", "Krishnann"), "bala", id="an agent by name"),
        pytest.param(("credit", "aina", "1", "--rotation", "everone", "--reason", "x"), "everyone", id="a rotation"),
        pytest.param(("import", "team.yaml", "--preset", "hubspt"), "hubspot", id="a preset"),
        pytest.param(("contact", "1", "--outcome", "reachd"), "reached", id="a word of an option"),
        pytest.param(("report", "method", "round_robbin", "fastest"), "round_robin", id="a strategy"),
        pytest.param(("log", "--kind", "asigned"), "assigned", id="a kind of event"),
        pytest.param(("reclam",), "reclaim", id="a command"),
        pytest.param(("report", "montly"), "monthly", id="a command of a group"),
        pytest.param(("contact", "1", "--outcom", "reached"), "--outcome", id="an option"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["for people", "as JSON"])
def test_a_slip_is_answered_with_the_nearest_word(
    arguments: tuple[str, ...], guess: str, form: tuple[str, ...], desk: Program
) -> None:
    refused = desk.run(*arguments, *form)
    assert (refused.code, refused.out) == (2, "")
    told = f"{refused.error['message']} {refused.error['hint']}" if form else refused.err
    hint = told.lower().split("did you mean" if "did you mean" in told.lower() else "possible options")[1]
    assert guess in hint.split("?")[0].split("known")[0]


# --- times ----------------------------------------------------------------------------------------------------


def test_at_takes_a_past_moment_in_words_and_says_which_it_understood(desk: Program) -> None:
    done = desk.well("contact", "1", "--at", "yesterday 15:00")
    assert "recorded for Thu 19 Nov 15:00" in done.out
    assert desk.rows("SELECT contacted_at FROM leads WHERE lead = 1") == [("2026-11-19T07:00:00Z",)]


def test_at_still_takes_iso_and_refuses_what_is_still_to_come(desk: Program) -> None:
    desk.well("contact", "1", "--at", "2026-11-19T15:00")
    refused = desk.run("contact", "1", "--at", "today 23:00")
    assert refused.code == 2
    assert "is still to come: now is Fri 20 Nov 10:00" in refused.err
    assert desk.rows("SELECT attempts FROM leads WHERE lead = 1") == [(1,)]


@pytest.mark.parametrize(
    ("command", "words", "meant"),
    [
        pytest.param(("away", "bala", "--json"), ("--from", "tomorrow"), ("--from", "2026-11-21"), id="away from"),
        pytest.param(("away", "bala", "--json"), ("--until", "monday"), ("--until", "2026-11-23"), id="away until"),
        pytest.param(("incubate", "1", "--json"), ("--next", "in 2 weeks"), ("--next", "2026-12-04"), id="nurture"),
        pytest.param(("report", "source", "--json"), ("--from", "monday"), ("--from", "2026-11-16"), id="report from"),
        pytest.param(("report", "isa", "--json"), ("--to", "yesterday"), ("--to", "2026-11-19"), id="report to"),
        pytest.param(("tiers", "--json"), ("--from", "30 days ago"), ("--from", "2026-10-21"), id="tiers"),
        pytest.param(("simulate", "team.yaml", "--json"), ("--from", "wed"), ("--from", "2026-11-18"), id="simulate"),
    ],
)
def test_a_date_is_taken_in_words(
    command: tuple[str, ...], words: tuple[str, ...], meant: tuple[str, ...], desk: Program, tmp_path: Path
) -> None:
    """A weekday is the next one where something is planned, and the last one where a report looks back."""
    as_iso = a_copy(desk, tmp_path / "iso").well(*command, *meant)
    assert desk.well(*command, *words) == as_iso


@pytest.mark.parametrize("words", ["friday", "soon", "2026-13-01", "yesterday 15:00"])
def test_words_that_name_no_single_date_are_refused(words: str, desk: Program) -> None:
    for command in (("away", "bala", "--from"), ("incubate", "1", "--next"), ("report", "source", "--to")):
        refused = desk.run(*command, words)
        assert (refused.code, refused.out) == (2, "")
        assert words in refused.err
    assert desk.rows("SELECT state FROM leads WHERE lead = 1") == [("assigned",)]


# --- money ----------------------------------------------------------------------------------------------------


def test_amounts_are_shown_with_the_teams_currency(desk: Program) -> None:
    desk.well("won", "1", "--value", "480000")
    for arguments in (("show", "1"), ("log",), ("explain", "1"), ("report", "monthly")):
        assert "MYR 480,000" in desk.well(*arguments).out, arguments
    assert "the price is at least MYR 2,000,000" in desk.well("policy").out
    assert "price MYR" in desk.well("pool").out


def test_a_value_is_read_from_an_option_as_from_a_file(desk: Program) -> None:
    desk.well("won", "1", "--value", "RM 1.2m")
    assert "MYR 1,200,000" in desk.well("show", "1").out
    refused = desk.run("won", "2", "--value", "a lot", "--json")
    assert refused.code == 2
    assert "Write it as 480000" in refused.error["hint"]


def test_without_a_currency_they_are_bare(desk: Program) -> None:
    desk.file("team.yaml", TEAM.replace(", currency: MYR", ""))
    desk.well("load", "team.yaml", "--quiet")
    desk.well("won", "1", "--value", "480000")
    assert "value:             480,000" in desk.well("show", "1").out


# --- narrow terminals -----------------------------------------------------------------------------------------


def test_the_pool_fits_80_columns_without_breaking_a_word(desk: Program) -> None:
    shown = desk.run("pool", env={"COLUMNS": "80"}).out
    assert max(map(len, shown.splitlines())) <= 80
    for word in ("quality", "about", "price", "1,250,000", "waits", "dealt", "Example", "Petaling", "warm"):
        assert word in shown.split() or f"{word}," in shown.split(), word


# --- small things ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [("--answer", ""), ("--about", " "), ("--answer", "yes", "--about", "why")])
def test_a_complaint_and_an_answer_need_words_and_are_one_at_a_time(said: tuple[str, ...], desk: Program) -> None:
    before = desk.count("events")
    assert desk.run("complaint", "aina", *said).code == 2
    assert desk.count("events") == before


def test_a_lead_nobody_can_take_is_news_once_whether_routed_or_imported(desk: Program) -> None:
    """Exit code 3 tells what this run recorded; the same again records nothing, and is no news."""
    for agent in ("mei", "aina", "bala", "grace"):
        desk.well("away", agent, "--quiet")
    desk.file("one.csv", "id\nL-1\n")
    again = ("route", "--external-id", "L-2", "--json")
    assert (desk.run("import", "one.csv").code, desk.run("import", "one.csv").code) == (3, 0)
    assert (desk.run(*again).code, desk.run(*again).code) == (3, 0)
    assert desk.run(*again).data["state"] == "unassigned", "what it is is told all the same"


def test_a_number_where_a_section_stands_is_told_what_may_stand_there(program: Program) -> None:
    program.file("team.yaml", "agents: [Aina]\nreclaim: {attempts: 3}\n")
    refused = program.run("check", "team.yaml")
    assert refused.code == 4
    assert "write on, off, or what it holds" in refused.err


def test_init_from_a_list_names_the_rows_it_leaves_out(program: Program) -> None:
    program.file("agents.csv", "Name,Weight,Shoe\nAina Yusof,1.5,38\nBala,heavy,40\n")
    done = program.run("init", "made.yaml", "--from", "agents.csv")
    assert done.code == 3
    assert done.err.startswith("agents.csv:3: left out: weight: 'heavy'")
    assert "not used: Shoe" in done.out
    assert program.run("check", "made.yaml").code == 0
    assert "never overwrites" not in done.out
    assert program.run("init", "made.yaml", "--from", "agents.csv").code == 4, "it is there already"


def test_init_from_standard_input_and_as_json(program: Program) -> None:
    done = program.run("init", "made.yaml", "--from", "-", "--size", "25", "--json", stdin="Name\nAina\nBala\n")
    assert (done.code, done.err) == (0, "")
    assert done.data["left_out"] == []
    assert "prefer: [relationship, territory, specialty]" in (program.folder / "made.yaml").read_text(encoding="utf-8")


def test_time_off_is_answered_with_days_and_said_to_be_there_already(desk: Program) -> None:
    assert desk.well("away", "bala").out == "Bala Krishnan is away from now until: leadrouter back bala\n"
    assert (
        "away already, from Fri 20 Nov until: leadrouter" in desk.well("away", "bala", now="2026-11-21T10:00+08:00").out
    )
    dated = ("away", "aina", "--from", "monday", "--until", "2027-01-04")
    assert "is away from Mon 23 Nov until Mon 04 Jan 2027, inclusive" in desk.well(*dated).out
    assert "is away already, from Mon 23 Nov until" in desk.well(*dated).out


# --- one lead -------------------------------------------------------------------------------------------------


def test_show_says_whom_to_call_what_they_said_and_why_the_lead_was_lost(desk: Program) -> None:
    desk.well("edit", "2", "--phone", "012-345 6789", "--set", "message=evenings\nonly")
    desk.well("claim", "2", "--agent", "bala")
    shown = desk.well("show", "2").out
    for words in ("Ben Example", "+60123456789", "somebody.of.a.long.name@example.com", "evenings only"):
        assert words in shown
    desk.well("lost", "2", "--reason", "bought elsewhere")
    assert "bought elsewhere" in desk.well("show", "2").out
    told = desk.well("show", "2", "--json").data
    assert (told["name"], told["closing_reason"]) == ("Ben Example", "bought elsewhere")
    desk.well("forget", "2")
    assert "Ben" not in desk.well("show", "2").out
    assert "elsewhere" not in desk.well("show", "2").out
    assert desk.well("show", "2", "--json").data["phone"] is None


def test_show_names_nobody_who_lies_in_a_blind_pool(desk: Program) -> None:
    desk.file("team.yaml", TEAM + "pool: {blind: yes}\n")
    desk.well("load", "team.yaml")
    assert "Ben Example" not in desk.well("show", "2").out
    assert desk.well("show", "2", "--json").data["email"] is None
    desk.well("claim", "2", "--agent", "bala")
    assert "Ben Example" in desk.well("show", "2").out


def test_a_moment_of_another_year_has_its_year_and_one_ahead_says_so(desk: Program) -> None:
    assert "Wed 18 Nov 2026" in desk.well("show", "1", now="2027-01-04T10:00+08:00").out
    assert "Wed 18 Nov 2026" in desk.well("explain", "1", now="2027-01-04T10:00+08:00").out
    ahead = desk.well("show", "1", now="2026-11-15T10:00+08:00").out
    assert "in 3d, Wed 18 Nov 10:00" in ahead
    assert "just now" not in ahead


def test_what_is_late_is_said_in_one_way(desk: Program) -> None:
    """In the list of a team and of an agent, of one lead and on the dashboard."""
    for command in (("open",), ("open", "--agent", "aina"), ("show", "1"), ("dashboard",)):
        assert "! 1d 22h late" in desk.well(*command).out, command
