"""What commands say: people by name, leads as they were typed, moments on the team's clock, one of a thing as one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .history import History
from .program import Program, a_copy

TEAM = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: mei, currency: MYR}
agents:
  - {id: mei, name: Mei Tan, role: leader}
  - {id: aina, name: Aina Yusof}
  - {id: bala, name: Bala Krishnan}
rules:
  - {name: shelf, when: {source: shelf}, then: pool}
  - {name: everyone, to: all}
"""
LEAD, POOLED = "HR-1", "HR-2"
SET_TIER = ("tiers", "--set", "bala=B", "--reason", "x")
AFTERNOON = "2026-11-20T15:00+08:00"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("words"))
    program.file("team.yaml", TEAM)
    program.well("load", "team.yaml")
    program.well("route", "--external-id", LEAD)
    program.well("route", "--external-id", POOLED, "--source", "shelf")
    return program


@pytest.fixture
def desk(once: Program, tmp_path: Path) -> Program:
    """HR-1 with Aina since ten o'clock, HR-2 in the pool."""
    return a_copy(once, tmp_path)


# --- people and leads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "refused", "names"),
    [
        pytest.param(("won", LEAD), ("won", LEAD), "Aina Yusof", id="a step that the state does not allow"),
        pytest.param((), ("transfer", LEAD, "--to", "aina", "--reason", "x"), "Aina Yusof", id="a transfer to them"),
        pytest.param((), ("request", LEAD, "--agent", "aina"), "Aina Yusof", id="a request of the holder"),
        pytest.param(
            ("request", LEAD, "--agent", "bala"), ("request", LEAD, "--agent", "mei"), "Bala Krishnan",
            id="a request before another is answered",
        ),
        pytest.param((), ("contact", LEAD, "--at", "2026-11-20T09:00"), "Aina Yusof", id="a moment before it came"),
        pytest.param(("away", "bala"), ("claim", POOLED, "--agent", "bala"), "Bala Krishnan", id="a claim while away"),
        pytest.param((), ("back", "bala"), "Bala Krishnan", id="coming back from nowhere"),
        pytest.param(
            (), ("credit", "mei", "1", "--rotation", "everyone", "--reason", "x"), "Mei Tan", id="no turn"
        ),
        pytest.param((), ("complaint", "bala", "--answer", "x"), "Bala Krishnan", id="an answer to no complaint"),
        pytest.param((), ("notify", "--test", "bala"), "Bala Krishnan", id="a message to who has no channel"),
        pytest.param(
            SET_TIER, SET_TIER, "Bala Krishnan",
            id="a tier that they have",
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_the_person_and_the_lead_as_people_do(
    before: tuple[str, ...], refused: tuple[str, ...], names: str, desk: Program
) -> None:
    if before:
        desk.well(*before)
    told = desk.run(*refused, "--json").error
    assert names in told["message"]
    assert not re.search(r"\b(aina|bala|mei)\b", told["message"]), "an id is for commands"
    assert "lead" not in told["message"] or re.search(r"lead HR-[12]\b", told["message"])


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("away", "bala"), "Bala Krishnan is away"), (SET_TIER, "Bala Krishnan goes"),
        (("credit", "bala", "1", "--rotation", "everyone", "--reason", "x"), "Bala Krishnan: +1 lead in everyone"),
        (("complaint", "bala", "--about", "x"), "of Bala Krishnan is recorded; 1 complaint open"),
    ],
)  # fmt: skip
def test_what_is_done_for_a_person_names_them(arguments: tuple[str, ...], names: str, desk: Program) -> None:
    assert names in desk.well(*arguments).out


@pytest.mark.parametrize(("typed", "called"), [(LEAD, "HR-1"), ("1", "1"), ("id:1", "1"), ("ext:HR-1", "HR-1")])
def test_a_lead_is_called_what_it_was_called_in_the_command(typed: str, called: str, desk: Program) -> None:
    assert f"lead {called} is contacted with Aina Yusof" in desk.well("contact", typed).out
    assert f"lead {called} was routed" in desk.well("explain", typed).out
    assert f"lead {called} is contacted" in desk.run("accept", typed).err


def test_a_rejected_outcome_says_whose_the_lead_is_by_name(desk: Program) -> None:
    desk.file("outcomes.csv", "lead,what,agent\nHR-1,won,Bala Krishnan\n")
    assert desk.run("record", "outcomes.csv").code == 3
    rejects = (desk.folder / "outcomes.csv.rejects.csv").read_text(encoding="utf-8")
    assert "lead HR-1 is with Aina Yusof, not with Bala Krishnan" in rejects


# --- a request ------------------------------------------------------------------------------------------------


def test_a_request_says_who_asks_for_what_and_whose_answer_it_waits_for(desk: Program) -> None:
    asked = desk.well("request", LEAD, "--agent", "bala").out
    assert "Bala Krishnan asks for lead HR-1, which stays assigned with Aina Yusof" in asked
    assert "Mei Tan answers with: leadrouter request HR-1 --approve, or --refuse" in asked
    assert desk.well("request", LEAD, "--refuse").out.startswith(
        "the request is refused; lead HR-1 is assigned with Aina"
    )
    desk.well("request", LEAD, "--agent", "bala")
    assert "approved; lead HR-1 is assigned with Bala Krishnan" in desk.well("request", LEAD, "--approve").out


def test_without_a_leader_it_is_the_broker_who_answers(desk: Program) -> None:
    desk.file("team.yaml", TEAM.replace("leader: mei, ", "").replace(", role: leader", ""))
    assert desk.run("load", "team.yaml", "--quiet").code == 0
    asked = desk.well("request", "ext:HR-1", "--agent", "bala").out
    assert "the broker answers with: leadrouter request ext:HR-1 --approve, or --refuse" in asked


# --- the team's clock -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("contact", LEAD, "--at", "2026-11-20T09:00"), "came to Aina Yusof only on Fri 20 Nov 10:00"),
        (("contact", LEAD, "--at", "2026-11-20T16:00"), "Fri 20 Nov 16:00 is still to come: now is Fri 20 Nov 15:00"),
        (("contact", LEAD, "--at", "2027-11-20T16:00"), "Sat 20 Nov 2027 16:00 is still to come"),
        (
            ("simulate", "team.yaml", "--from", "2026-12-01"),
            "--from 2026-12-01 is still to come: now is Fri 20 Nov 15:00",
        ),
        (("simulate", "team.yaml", "--from", "2026-12-01", "--to", "2026-12-31"), "--from 2026-12-01 is still to come"),
    ],
)
def test_moments_in_refusals_are_the_teams(arguments: tuple[str, ...], says: str, desk: Program) -> None:
    refused = desk.run(*arguments, now=AFTERNOON)
    assert refused.code in (2, 7)
    assert says in refused.err
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", refused.err)


def test_the_log_and_the_explanation_say_names_and_moments_and_lengths_as_people_do(desk: Program) -> None:
    desk.well("away", "bala")
    desk.well("back", "bala")
    desk.well("away", "bala", "--from", "2027-01-04", "--until", "2027-01-05")
    desk.well("extend", LEAD, "--days", "10", "--reason", "x")
    desk.well("transfer", LEAD, "--to", "bala", "--reason", "x")
    shown = " ".join(desk.well("log").out.split())
    assert "from Mon 04 Jan 2027 00:00, until Wed 06 Jan 2027 00:00" in shown
    assert "ended Fri 20 Nov 10:00" in shown
    assert "time 10 days" in shown
    assert "from Aina Yusof" in shown
    assert "transferred from Aina Yusof" in desk.well("explain", LEAD).out
    assert not re.search(r"\d{4}-\d\d-\d\dT", shown)


def test_no_code_stands_in_the_log_or_in_an_explanation(history: History) -> None:
    """Whatever holds an underscore, or names a key of the data before its value, is for programs; a strategy is a word
    of the policy.
    """
    program = history.program
    leads = [number for (number,) in program.rows("SELECT lead FROM leads ORDER BY lead")]
    shown = program.well("log", "--limit", 500).out
    shown += "".join(program.well("explain", f"id:{number}").out for number in leads)
    assert not re.search(r"[a-z]_[a-z]", shown.replace("by round_robin", ""))
    assert not re.search(
        r"\b(?:reason|quality|occasion|payer|outcome|why) [a-z]", shown.replace("rule of quality ", "")
    )


def test_why_not_somebody_tells_what_was_done_by_hand_and_who_has_the_lead(desk: Program) -> None:
    desk.well("transfer", LEAD, "--to", "bala", "--reason", "x")
    desk.well("release", LEAD, "--reason", "x")
    assert "holds it now" not in desk.well("explain", LEAD, "--agent", "bala").out
    desk.well("claim", LEAD, "--agent", "mei")
    for agent in ("aina", "bala", "mei"):
        told = desk.well("explain", LEAD, "--agent", agent).out
        steps = ("transferred from Aina Yusof to Bala Krishnan", "Bala Krishnan gave it up", "Mei Tan claimed it")
        assert sorted(steps, key=told.index) == list(steps)
        assert told.endswith("Mei Tan holds it now.\n")
    moves = desk.well("explain", LEAD, "--agent", "mei", "--json").data["moves"]
    assert [(move["what"], move["agent"]) for move in moves] == [
        ("transferred", "bala"), ("released", "bala"), ("claimed", "mei")
    ]  # fmt: skip


# --- one and many ---------------------------------------------------------------------------------------------


def test_one_of_a_thing_is_one(program: Program) -> None:
    program.file("one.yaml", "team: {timezone: UTC, region: MY}\nagents: [Aina]\nrules: [{name: everyone, to: all}]\n")
    program.file("one.csv", "email\nann@example.com\n")
    assert "1 agent, 1 rule;" in program.run("check", "one.yaml", "--advise").out
    assert "one.yaml: 1 agent: below" in program.run("check", "one.yaml", "--advise").out
    assert "first policy: 1 agent (Aina), 1 rule" in program.run("load", "one.yaml").out
    assert "1 row = 1 new + 0 inquiries" in program.run("import", "one.csv").out
    program.file("again.csv", "email,message\nann@example.com,again\n")
    assert "1 row = 0 new + 1 inquiry" in program.run("import", "again.csv").out
    assert "1 decision the same" in program.run("verify").out
    program.run("away", "aina")
    program.file("two.csv", "email\nben@example.com\n")
    assert "1 lead could not be assigned yet" in program.run("import", "two.csv").out
    shown = program.run("report", "monthly").out + program.run("policy").out + program.run("tiers").out
    assert (
        re.findall(r"(?<![\d.,])\b1 (?:leads|agents|rules|days|rows|problems|events|things|inquiries)\b", shown) == []
    )
