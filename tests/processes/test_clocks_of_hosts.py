"""The clocks of the machines: hosts in other time zones, a clock that was set back."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import cycle, pairwise
from pathlib import Path

import pytest

from .program import TEAM, Program, dump

HOSTS = ("UTC", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")

WORK: tuple[tuple[str, ...], ...] = (
    ("route", "--email", "ann@example.com", "--quality", "hot"),
    ("contact", "1", "--outcome", "no_answer", "--at", "2026-11-20T10:00"),
    ("away", "bala", "--until", "2026-11-21"),
    ("show", "1"),
    ("open",),
    ("reclaim", "--json"),
    ("report", "monthly"),
)
"""Dates and moments without an offset are the team's."""


def test_what_is_said_and_recorded_is_the_same_whatever_time_zone_the_host_is_in(tmp_path: Path) -> None:
    """All on one host, and every command on another one than the command before: byte for byte the same."""
    said: list[list[str]] = []
    for name, hosts in {"one": HOSTS[:1], "many": HOSTS}.items():
        program = Program(tmp_path / name)
        program.folder.mkdir()
        program.file("team.yaml", TEAM)
        said.append([])
        for command, host in zip((("load", "team.yaml"), *WORK), cycle(hosts), strict=False):
            done = program.run(*command, env={"TZ": host})
            assert (done.code, done.err) == (0, ""), (host, command)
            said[-1].append(done.out.rsplit("head", 1)[0] if command[0] == "report" else done.out)
        assert set(program.rows("SELECT at FROM events")) == {("2026-11-20T02:00:00Z",)}
        assert program.problems() == []
    assert said[0] == said[1]


def test_two_hosts_with_their_own_clocks_record_in_one_order(loaded: Program) -> None:
    """Without --now: the clock is read, whatever zone it is shown in."""
    for number, host in enumerate(HOSTS):
        done = loaded.run("route", "--email", f"{number}@example.com", now="", env={"TZ": host, "LEADROUTER_NOW": ""})
        assert done.code == 0, done.err
    moments = [datetime.fromisoformat(at) for (at,) in loaded.rows("SELECT at FROM events WHERE lead > 0 ORDER BY seq")]
    assert all(one <= other for one, other in pairwise(moments))
    assert (moments[-1] - moments[0]).total_seconds() < 300, "no zone is taken for another moment"


# --- set back -------------------------------------------------------------------------------------------------

NOON = "2026-11-20T12:00+08:00"
TEN = "2026-11-20T10:00+08:00"
WARNING = "warning: it is 2026-11-20 10:00, but something was recorded at 2026-11-20 12:00 already\n"


@pytest.fixture
def ahead(loaded: Program) -> Program:
    """Somebody's clock stood at noon when they routed a hot lead; it is ten."""
    loaded.well("route", "--email", "ann@example.com", "--quality", "hot", now=NOON)
    return loaded


@pytest.mark.parametrize(
    "command",
    [("route", "--email", "ben@example.com"), ("contact", "1"), ("reclaim",), ("import", "new.csv"), ("away", "bala")],
    ids=lambda command: command[0],
)
def test_a_clock_that_was_set_back_is_told_and_the_work_goes_on(command: tuple[str, ...], ahead: Program) -> None:
    ahead.file("new.csv", "email\nnew@example.com\n")
    done = ahead.run(*command, now=TEN)
    assert done.code == 0
    assert done.err.startswith(WARNING)
    assert len(done.err.splitlines()) == 2
    assert ahead.problems() == []


def test_the_hint_is_true_whichever_of_the_two_clocks_was_wrong(loaded: Program) -> None:
    """Somebody slipped by years with --now: nothing is to be set right, and it is not said for years."""
    loaded.well("route", "--email", "ann@example.com", now="2036-11-20T10:00+08:00")
    hint = loaded.run("route", "--email", "ben@example.com", now=TEN).err.splitlines()[1]
    assert "if the clock is behind, set it right, or leave out --now" in hint
    more = int(re.search(r"if it was ahead then, go on: .* for (\d+) more events at most", hint)[1])  # type: ignore[index]
    emails = "".join(f"{number}@example.com\n" for number in range(more))
    loaded.file("more.csv", f"email\n{emails}")
    assert loaded.run("import", "more.csv", now=TEN).err.startswith("warning: ")
    loaded.well("route", "--email", "last@example.com", now=TEN)


def test_the_order_is_that_of_recording_and_the_deadlines_are_those_of_the_right_clock(ahead: Program) -> None:
    before = dict(ahead.rows("SELECT lead, due_at FROM leads"))
    ahead.run("route", "--email", "ben@example.com", "--quality", "hot", now=TEN)
    assert ahead.rows("SELECT lead, at FROM events WHERE kind = 'assigned' ORDER BY seq") == [
        (1, "2026-11-20T04:00:00Z"), (2, "2026-11-20T02:00:00Z"),
    ]  # fmt: skip
    assert ahead.rows("SELECT due_at FROM leads WHERE lead = 2") == [("2026-11-20T02:15:00Z",)]
    assert dict(ahead.rows("SELECT lead, due_at FROM leads"))[1] == before[1], "what was promised stays promised"
    swept = ahead.run("reclaim", "--json", now="2026-11-20T10:20+08:00")
    assert [change["lead"] for change in swept.data["changes"]] == [2]
    assert ahead.problems() == []


def test_nobody_answers_before_they_were_asked(ahead: Program) -> None:
    """A contact at ten for a lead that came at noon took no time, not minus two hours."""
    ahead.run("contact", "1", now=TEN)
    report = ahead.run("report", "monthly", "--json", now=NOON).data
    assert [(line["mean_minutes"], line["receipt_to_contact_minutes"]) for line in report["response"]] == [(0, 0)]
    assert {change["what"]: change["now"] for change in report["changes"]}["hot_minutes"] == 0


def test_the_warning_goes_on_until_the_clock_is_right_and_not_longer(ahead: Program) -> None:
    """One event under the wrong clock does not hide that others are ahead of it."""
    for number in range(3):
        assert ahead.run("route", "--email", f"{number}@example.com", now=TEN).err.startswith(WARNING)
    ahead.well("route", "--email", "last@example.com", now=NOON)


def test_less_than_a_minute_is_how_clocks_are_put_right(ahead: Program) -> None:
    ahead.well("route", "--email", "ben@example.com", now="2026-11-20T11:59:00+08:00")


@pytest.mark.parametrize("command", [("rotation",), ("open",), ("report", "monthly"), ("verify",)], ids=" ".join)
def test_who_only_looks_may_look_at_any_moment(command: tuple[str, ...], ahead: Program) -> None:
    before = dump(ahead.database)
    ahead.well(*command, now=TEN)
    assert dump(ahead.database) == before


def test_a_rehearsal_warns_of_nothing_since_nothing_is_recorded(ahead: Program) -> None:
    ahead.well("route", "--email", "ben@example.com", "--dry-run", now=TEN)
