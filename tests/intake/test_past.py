"""Rows of past leads: whose they were, what became of them and when, from the words that files use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadrouter.domain.history import OUTCOMES, PAST_STATES, Outcome, PastLead
from leadrouter.domain.lead import Lead
from leadrouter.errors import UnusableFile, WrongUsage
from leadrouter.intake import statuses
from leadrouter.intake.outcome_file import OutcomeFile, OutcomeRow, open_outcomes
from leadrouter.intake.statuses import HAPPENINGS, STATUSES, state_of
from leadrouter.intake.table import PastRow, Rejected

from .conftest import Opener


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def past_of(open_text: Opener, content: str, **more: object) -> list[PastLead | str]:
    leads = open_text(content, history=True, timezone="UTC", **more)
    return [
        row.past if isinstance(row, PastRow) else row.reason for row in leads if isinstance(row, PastRow | Rejected)
    ]


def test_a_row_says_whose_it_was_and_what_became_of_it(open_text: Opener) -> None:
    content = (
        "Lead_ID,Lead_Date,Agent_ID,Lead_Status,First Contact,Site_Visit_Date,Sale Date,Sale Value (AED),Lost Reason\n"
        'L-1,2024-01-01,AGT-1,Sold,2024-01-05,2024-01-09,2024-03-01,"AED 1,774,000",\n'
        "L-2,2024-01-02,,Lost,,,,,too expensive\n"
    )
    assert past_of(open_text, content) == [
        PastLead(
            Lead(external_id="L-1", received_at="2024-01-01T00:00:00Z"), "AGT-1", "won", at("2024-01-05"),
            at("2024-01-09"), at("2024-03-01"), 1_774_000.0,
        ),
        PastLead(Lead(external_id="L-2", received_at="2024-01-02T00:00:00Z"), None, "lost", reason="too expensive"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("L-1,Keys handed over,,", "the status is none that is known"),
        ("L-1,won,some day,", "closed_at cannot be read: use YYYY-MM-DD or ISO 8601"),
        ("L-1,won,,a lot", "the value cannot be read as an amount"),
        ("L-1,won,,-5", "the value cannot be read as an amount"),
    ],
)
def test_what_cannot_be_read_rejects_its_row(open_text: Opener, row: str, reason: str) -> None:
    assert past_of(open_text, f"id,status,close date,value\n{row}\nL-2,lost,,\n") == [
        reason,
        PastLead(Lead(external_id="L-2"), state="lost"),
    ]


def test_unknown_statuses_are_counted_for_the_summary(open_text: Opener) -> None:
    leads = open_text("id,status\n1,Foo\n2,Bar\n3,Foo\n", history=True)
    list(leads)
    assert leads.unknown_statuses == {"Foo": 2, "Bar": 1}


def test_without_history_a_status_is_a_custom_field(open_text: Opener) -> None:
    leads = open_text("id,status\n1,Sold\n")
    assert [column.goes_to for column in leads.columns] == ["external_id", "custom.status"]
    with pytest.raises(WrongUsage) as caught:
        open_text("id,status\n1,Sold\n", mapping={"status": "state"})
    assert caught.value.hint == "Say --history too."


@pytest.mark.parametrize(("table", "known"), [(STATUSES, PAST_STATES), (HAPPENINGS, OUTCOMES)])
def test_the_tables_of_words_speak_of_every_state_once(table: dict[str, str], known: tuple[str, ...]) -> None:
    assert set(table) == set(known)
    words = [word.strip() for meant, words in table.items() for word in (meant, *words.split(","))]
    assert len(words) == len(set(words))
    assert set(statuses.ORDER) == set(PAST_STATES)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Sold", "won"), ("Closed - Converted", "won"), ("LOST", "lost"), ("Site Visit", "appointment"),
        ("under_offer", "appointment"), ("Open - Not Contacted", "assigned"), ("Working - Contacted", "contacted"),
        ("Junk", "void"), ("Closed", None), ("", None),
    ],
)  # fmt: skip
def test_a_status_is_known_by_its_words(word: str, state: str | None) -> None:
    assert state_of(word, {}) == state


def test_a_presets_own_words_come_first() -> None:
    assert state_of("Sold", {"sold": "lost"}) == "lost"


# --- outcomes -------------------------------------------------------------------------------------------------


def outcomes_of(folder_open: OutcomeFile) -> list[Outcome | str]:
    return [row.outcome if isinstance(row, OutcomeRow) else row.reason for row in folder_open]


def opened(tmp_path: Path, content: str, **more: object) -> OutcomeFile:
    path = tmp_path / "outcomes.csv"
    path.write_text(content, encoding="utf-8")
    return open_outcomes(str(path), timezone="UTC", mapping={}, **more)  # type: ignore[arg-type]


def test_outcomes_are_read_by_their_own_names_or_usual_ones(tmp_path: Path) -> None:
    content = (
        "Lead_ID,Outcome,Date,Agent_ID,Sale_Value_AED,Reason\n"
        "L-1,contacted,2024-01-10,AGT-1,,\n"
        "L-1,Won,2024-02-26,AGT-1,1774000.0,\n"
        "L-2,lost,,,,went cold\n"
        "L-3,No Show,2024-03-01 10:00,,,\n"
        "L-1,rating,2024-04-01,,5,\n"
    )
    assert outcomes_of(opened(tmp_path, content)) == [
        Outcome("L-1", "contact", at("2024-01-10"), "AGT-1"),
        Outcome("L-1", "won", at("2024-02-26"), "AGT-1", 1_774_000.0),
        Outcome("L-2", "lost", reason="went cold"),
        Outcome("L-3", "no_show", at("2024-03-01T10:00")),
        Outcome("L-1", "rate", at("2024-04-01"), value=5.0),
    ]
    handed = 'lead,what,agent,Criteria met\nid:17,Handed off,callco,"timeline, condition"\n'
    assert outcomes_of(opened(tmp_path, handed)) == [
        Outcome("id:17", "handoff", None, "callco", met="timeline, condition")
    ]
    exact = "lead,what,at,agent,value,reason\nid:17,won,2024-02-26,,,\n"
    assert outcomes_of(opened(tmp_path, exact)) == [Outcome("id:17", "won", at("2024-02-26"))]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",won,", "no lead is named"),
        ("L-1,danced,", "what happened is none of contact, appointment, no_show, handoff, won, lost, void, rate"),
        ("L-1,,2024-01-01", "what happened is none of contact, appointment, no_show, handoff, won, lost, void, rate"),
        ("L-1,won,soon", "the date cannot be read: use YYYY-MM-DD or ISO 8601"),
    ],
)
def test_an_outcome_that_cannot_be_read_is_rejected_and_the_rest_goes_on(tmp_path: Path, row: str, reason: str) -> None:
    found = outcomes_of(opened(tmp_path, f"lead,what,at\n{row}\nL-2,void,2024-01-02\n"))
    assert found == [reason, Outcome("L-2", "void", at("2024-01-02"))]


def test_the_order_of_dates_is_decided_for_the_whole_file(tmp_path: Path) -> None:
    found = outcomes_of(opened(tmp_path, "lead,what,at\n1,won,03/04/2024\n2,won,22/04/2024\n"))
    assert found[0] == Outcome("1", "won", at("2024-04-03"))
    with pytest.raises(UnusableFile, match="day first or month first"):
        opened(tmp_path, "lead,what,at\n1,won,03/04/2024\n")
    assert outcomes_of(opened(tmp_path, "lead,what,at\n1,won,03/04/2024\n", dates="mdy")) == [
        Outcome("1", "won", at("2024-03-04"))
    ]


@pytest.mark.parametrize("header", ["lead,when\n1,2024-01-01\n", "what,when\nwon,2024-01-01\n"])
def test_a_file_without_lead_or_outcome_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(UnusableFile, match="no column says"):
        opened(tmp_path, header)


def test_outcomes_come_as_json_lines_too(tmp_path: Path) -> None:
    lines = (
        '{"lead": 1, "what": "won"}\n{"lead": "2", "what": "won", "value": 5e5, "at": "2024-01-01T08:00:00+08:00"}\n'
    )
    assert outcomes_of(opened(tmp_path, lines)) == [
        Outcome("1", "won"),
        Outcome("2", "won", at("2024-01-01"), value=500_000.0),
    ]
