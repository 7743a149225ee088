"""The dashboard in a real terminal of 80 by 24, and where there is none."""

from __future__ import annotations

import re

import pytest

from .program import Program
from .terminal import TEN_PAST, terminal

MANY = "team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: a01, capacity: 9}\nagents: [%s]\n"


@pytest.fixture
def busy(program: Program) -> Program:
    """Thirty agents, more than a screen holds, and three leads."""
    program.file("team.yaml", MANY % ", ".join(f"A{number:02}" for number in range(1, 31)))
    program.well("load", "team.yaml")
    for number in range(3):
        program.well("route", "--email", f"p{number}@example.com", "--name", "Zqname Example", "--quality", "hot")
    return program


def screens(seen: str) -> list[list[str]]:
    """The screens that were drawn, line by line, without colours."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", seen)
    drawn = re.split(r"\x1b\[H", plain)[1:]
    return [re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", screen).rstrip("\r\n").split("\r\n") for screen in drawn]


def test_it_fits_80_by_24_is_drawn_again_and_quits_with_q(busy: Program) -> None:
    with terminal(busy, "dashboard", "--every", "0.2") as opened:
        opened.wait_for("q quits")
        busy.well("route", "--email", "new@example.com", "--quality", "hot")
        opened.wait_for("   4 A04")
        opened.press("q")
        assert opened.ended() == 0
    drawn = [screen for screen in screens(opened.seen) if any("q quits" in line for line in screen)]
    assert len(drawn) >= 2
    for screen in drawn:
        assert len(screen) <= 24
        assert max(len(line) for line in screen) <= 80
    assert "Zqname" not in opened.seen
    assert opened.seen.index("\x1b[?1049h") < opened.seen.index("\x1b[?1049l"), "the terminal is given back as it was"


def test_where_not_all_agents_fit_the_rest_is_counted(busy: Program) -> None:
    with terminal(busy, "dashboard", "--every", "0.2") as opened:
        opened.wait_for("q quits")
        opened.press("q")
        opened.ended()
    last = next(screen for screen in screens(opened.seen) if any("q quits" in line for line in screen))
    shown = [line for line in last if re.match(r"A\d\d ", line)]
    (more,) = [line for line in last if line.startswith("and ")]
    assert len(shown) + int(more.split()[1]) == 30


def test_long_names_and_what_is_late_are_whole_on_a_screen_of_80_columns(program: Program) -> None:
    names = ["Rosalind Fernandez", "Muhammad Hafizuddin bin Ismail", "Chong Wei Liang Alexander"]
    program.file("team.yaml", MANY.replace("a01", "rosalind-fernandez") % ", ".join(names))
    assert program.run("load", "team.yaml").code == 0, program.run("load", "team.yaml").err
    for number in range(3):
        program.well("route", "--email", f"p{number}@example.com", "--quality", "hot")
    with terminal(program, "dashboard", env={"LEADROUTER_NOW": "2026-11-22T12:34+08:00"}) as opened:
        opened.wait_for("q quits")
        opened.press("q")
        opened.ended()
    screen = next(screen for screen in screens(opened.seen) if any("q quits" in line for line in screen))
    assert (len(screen) <= 24, max(map(len, screen)) <= 80, "…" in opened.seen) == (True, True, False)
    words = {word for line in screen for word in line.split()}
    assert {word for name in names for word in name.split()} <= words
    assert any("2d 2h late" in line for line in screen)


def test_off_a_terminal_it_prints_once_all_of_it(busy: Program) -> None:
    shown = busy.well("dashboard", now=TEN_PAST).out
    assert "\x1b" not in shown
    assert all(f"A{number:02}" in shown for number in range(1, 31))
    assert "Zqname" not in shown


def test_as_json_it_tells_what_is_at_risk_and_what_is_late(busy: Program) -> None:
    def looked_at(minute: str) -> tuple[int, int]:
        agents = busy.well("dashboard", "--json", now=f"2026-11-20T10:{minute}+08:00").data["agents"]
        return sum(agent["at_risk"] for agent in agents), sum(agent["overdue"] for agent in agents)

    assert looked_at("09") == (0, 0)
    assert looked_at("11") == (3, 0), "in the last third of their fifteen minutes"
    assert looked_at("16") == (0, 3)
    (first, *_) = busy.well("dashboard", "--json").data["due"]
    assert (first["lead"], first["agent"], first["what"]) == (1, "a01", "contact")
