"""Dates that are not ISO: each form, and the order of day and month, which only a whole file can tell."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.errors import UnusableFile
from leadrouter.intake.dates import moment, orders_of, readings

from .conftest import Opener, rejected_of, rows_of

KL = ZoneInfo("Asia/Kuala_Lumpur")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22/06/2025", "2025-06-21T16:00:00Z"),
        ("22.06.2025 09:30", "2025-06-22T01:30:00Z"),
        ("06/22/2025, 9:30:05 PM", "2025-06-22T13:30:05Z"),
        ("06-22-2025 12:05 a.m.", "2025-06-21T16:05:00Z"),
        ("2025/6/2 9:30", "2025-06-02T01:30:00Z"),
        ("2025-06-22 09:30:00 UTC", "2025-06-22T09:30:00Z"),
        ("2025-06-22 09:30:00 +0100", "2025-06-22T08:30:00Z"),
        ("22 June 2025", "2025-06-21T16:00:00Z"),
        ("22nd Jun, 2025 at 9:30 am", "2025-06-22T01:30:00Z"),
        ("22-Jun-25", "2025-06-21T16:00:00Z"),
        ("Sunday, June 22, 2025 09:30", "2025-06-22T01:30:00Z"),
        ("1 Ogos 2025", "2025-07-31T16:00:00Z"),
        ("05/05/2025", "2025-05-04T16:00:00Z"),
        ("1750000000", "2025-06-15T15:06:40Z"),
        ("1750000000123", "2025-06-15T15:06:40Z"),
    ],
)
def test_a_date_that_tells_by_itself_needs_no_order(text: str, expected: str) -> None:
    assert moment(text, KL, None) == expected


@pytest.mark.parametrize("text", ["", "soon", "31/02/2025", "22/22/2025", "1/2", "12:30", "22 Foo 2025", "1/2/3/4"])
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert readings(text) == {}
    assert moment(text, KL, "dmy") is None


def test_two_readings_need_an_order() -> None:
    assert moment("03/04/2025", UTC, None) is None
    assert moment("03/04/2025", UTC, "dmy") == "2025-04-03T00:00:00Z"
    assert moment("03/04/2025", UTC, "mdy") == "2025-03-04T00:00:00Z"
    assert moment("25/06/22", UTC, "ymd") == "2025-06-22T00:00:00Z"
    assert moment("25/06/2022", UTC, "mdy") is None


@pytest.mark.parametrize(
    ("texts", "orders"),
    [
        pytest.param(["03/04/2025", "22/06/2025"], {"dmy"}, id="one cell tells for all"),
        pytest.param(["03/04/2025", "06/22/2025"], {"mdy"}, id="month first"),
        pytest.param(["03/04/2025", "05/06/2025"], {"dmy", "mdy"}, id="nothing tells"),
        pytest.param(["22/06/2025", "06/22/2025"], set(), id="they contradict each other"),
        pytest.param(["03/03/2025", "4 May 2025", "2025/01/02"], {"dmy"}, id="nothing has to be told"),
        pytest.param(["soon", ""], {"dmy"}, id="no date at all"),
        pytest.param(["03/04/25", "13/04/25"], {"dmy"}, id="two digits of a year stand at the end"),
    ],
)
def test_a_column_has_the_orders_that_read_all_of_it(texts: list[str], orders: set[str]) -> None:
    assert orders_of(texts) == orders


DAYS = st.dates(date(1990, 1, 1), date(2089, 12, 31))


@given(st.lists(DAYS, min_size=1, max_size=30), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%y"]))
def test_an_order_that_is_told_is_the_one_it_was_written_in(days: list[date], form: str) -> None:
    texts = [day.strftime(form) for day in days]
    written = "dmy" if form.startswith("%d") else "mdy"
    orders = orders_of(texts)
    assert written in orders or all(day.day == day.month for day in days)
    for day, text in zip(days, texts, strict=True):
        assert readings(text)[written].date() in (day, day.replace(year=2000 + day.year % 100))


def test_the_order_is_told_by_a_row_far_behind_the_first(open_text: Opener) -> None:
    rows = "".join(f"p{number}@example.com,03/04/2025\n" for number in range(5000))
    leads = open_text(f"email,date\n{rows}late@example.com,13/04/2025\n")
    assert leads.dates == "dmy"
    assert {row.lead.received_at for row in rows_of(leads)} == {"2025-04-02T16:00:00Z", "2025-04-12T16:00:00Z"}


def test_a_packed_file_tells_it_too(open_text: Opener) -> None:
    rows = "".join(f"p{number}@example.com,03/04/2025\n" for number in range(5000))
    assert open_text(gzip.compress(f"email,date\n{rows}z@example.com,04/13/2025\n".encode())).dates == "mdy"


def test_a_row_that_does_not_fit_the_order_said_is_rejected(open_text: Opener) -> None:
    leads = open_text("email,date\na@example.com,13/04/2025\nb@example.com,04/13/2025\n", dates="mdy")
    assert [row.reason for row in rejected_of(leads)] == ["received_at is not in the order mdy"]


def test_a_preset_settles_only_what_the_dates_leave_open(open_text: Opener) -> None:
    header = "ID,Date Added,Stage,Lead Source,Assigned To,Email 1\n"
    assert open_text(header + "1,03/04/2025,Lead,Web,Bala,a@example.com\n").dates == "mdy"
    assert open_text(header + "1,13/04/2025,Lead,Web,Bala,a@example.com\n").dates == "dmy"


def test_iso_dates_and_a_file_without_dates_need_no_order(open_text: Opener) -> None:
    assert open_text("email,date\na@example.com,2025-04-03\nb@example.com,\n").dates is None
    assert open_text("email\na@example.com\n").dates is None


def test_what_cannot_be_told_is_refused_with_a_way_out(tmp_path: Path, open_text: Opener) -> None:
    with pytest.raises(UnusableFile) as caught:
        open_text("email,date\na@example.com,03/04/2025\n")
    assert "--dates dmy" in caught.value.hint
    assert rows_of(open_text("email,date\na@example.com,03/04/2025\n", dates="mdy"))[0].lead.received_at == (
        datetime(2025, 3, 3, 16, tzinfo=UTC).isoformat()[:19] + "Z"
    )
