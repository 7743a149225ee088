"""Slips of the hand and strange surroundings: an error of a few lines, and a file that is as good as before.

A traceback is always a bug (CONTRACT).
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .program import Program

LATER = "2026-11-07T10:00+08:00"

ROUTE = ("route", "--email", "new@example.com")

SLIPS: dict[str, tuple[str, ...]] = {
    "the end of time": (*ROUTE, "--now", "9999-12-31T23:59Z"),
    "looking at the end of time": ("rotation", "--now", "9999-12-31T23:59Z"),
    "a year without its thousands": (*ROUTE, "--now", "0206-10-31T10:00Z"),
    "the beginning of time": (*ROUTE, "--now", "0001-01-01T00:00Z"),
    "no moment at all": (*ROUTE, "--now", "yesterday"),
    "a month of the year 0": ("report", "monthly", "--month", "0000-05"),
    "the first month of all": ("report", "monthly", "--month", "0001-01"),
    "the last month of all": ("report", "monthly", "--month", "9999-12"),
    "a month in other digits": ("report", "monthly", "--month", "٢٠٢٦-١١"),
    "away for ever": ("away", "chong", "--until", "9999-12-31"),
    "away since ever": ("away", "chong", "--from", "0001-01-01"),
    "a step long ago": ("contact", "id:4", "--at", "0206-10-31T10:00Z"),
    "more events than there are numbers": ("log", "--limit", "99999999999999999999"),
    "a lead beyond all numbers": ("show", "9" * 30),
    "a lead without a name": ("show", ""),
    "half a character in a lead's name": ("show", "\udcff"),
    "half a character in an agent's name": ("open", "--agent", "\udcff"),
    "half a character in --by": (*ROUTE, "--by", "\udcff"),
    "half a character in --set": (*ROUTE, "--set", "\udcff=1"),
    "half a character in --name": (*ROUTE, "--name", "\udcff"),
    "half a character in --reason": ("void", "id:4", "--reason", "\udcff"),
    "half a character in --rotation": ("credit", "bala", "1", "--rotation", "\udcff", "--reason", "twice"),
    "a value that is no number": ("won", "id:4", "--value", "nan"),
    "an endless value": ("won", "id:4", "--value", "inf"),
    "a value too large": ("won", "id:4", "--value", "1e400"),
    "a value below zero": ("won", "id:4", "--value", "-1"),
    "a credit too large": ("credit", "bala", "1e9", "--rotation", "everyone", "--reason", "twice"),
    "a credit of nothing": ("credit", "bala", "0", "--rotation", "everyone", "--reason", "twice"),
    "a transfer without a reason": ("transfer", "id:4", "--to", "chong", "--reason", " "),
    "a reopening without a reason": ("reopen", "id:1", "--reason", ""),
    "a credit without a reason": ("credit", "bala", "1", "--rotation", "everyone", "--reason", ""),
    "an external id that another lead has": ("edit", "id:4", "--set", "external_id=E-2"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_refused_in_a_few_lines_and_does_no_harm(name: str, lived_in: Program) -> None:
    result = lived_in.run(*SLIPS[name], now=LATER)
    assert "Traceback" not in result.err
    assert result.code in (2, 7)
    assert result.out == ""
    assert 1 <= len(result.err.splitlines()) <= 8
    assert lived_in.problems() == []


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        ("0.5", 0.5),
        ("0", 0.0),
        ("", 30.0),
        ("soon", 30.0),
        pytest.param("nan", 30.0),
    ],
)
def test_a_timeout_is_always_a_time(timeout: str, seconds: float) -> None:
    code = "from leadrouter.store import transactions; print(transactions.TIMEOUT)"
    environment = {**os.environ, "LEADROUTER_TIMEOUT": timeout}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert float(done.stdout) == seconds


def command(program: Program, line: str) -> subprocess.CompletedProcess[bytes]:
    """A line as a shell runs it: `leadrouter` stands for the program."""
    whole = line.replace("leadrouter", f"{sys.executable} -m leadrouter", 1)
    return subprocess.run(["bash", "-c", whole], cwd=program.folder, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "line",
    [
        "leadrouter rotation > /dev/full",
        "leadrouter log --json > /dev/full",
        "leadrouter rotation --json >&-",
        "leadrouter import one.csv <&-",
        "leadrouter route - <&-",
        "leadrouter log --json | head -c 1",
        "leadrouter log | true",
    ],
)
def test_a_stream_that_is_full_or_closed_is_no_traceback(line: str, lived_in: Program) -> None:
    lived_in.file("one.csv", "email\nnew@example.com\n")
    assert b"Traceback" not in command(lived_in, line).stderr


@pytest.mark.parametrize("terminal", [pytest.param("latin-1")])
def test_names_that_the_terminal_cannot_show_are_no_traceback(terminal: str, program: Program) -> None:
    program.file("team.yaml", "team: {leader: ayna, timezone: UTC, region: MY}\nagents: [{id: ayna, name: 陳}, Bala]\n")
    for arguments in (("load", "team.yaml"), ("rotation",), ("rotation", "--json")):
        shown = program.run(*arguments, env={"PYTHONIOENCODING": terminal})
        assert (shown.code, shown.err) == (0, "")
