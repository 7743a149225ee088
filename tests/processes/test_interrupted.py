"""Ctrl-C: it is said what is recorded and how to go on, with the exit code that shells know; whole steps are kept."""

from __future__ import annotations

import json
import random
import re
import signal
from pathlib import Path

import pytest

from .program import Program, wait_until
from .test_kills import mixed_rows

INTERRUPTED = 130


@pytest.mark.parametrize("form", [(), ("--json",), ("--quiet",)], ids=["plain", "JSON", "quiet"])
def test_an_import_that_is_interrupted_says_what_is_recorded_and_goes_on_later(
    form: tuple[str, ...], loaded: Program
) -> None:
    loaded.file("leads.csv", mixed_rows(random.Random(5), 20_000))
    with loaded.running("import", "leads.csv", *form) as importing:
        wait_until(lambda: loaded.count("leads") > 0, "the first batch")
        importing.send_signal(signal.SIGINT)
        out, err = importing.communicate()
    assert importing.returncode == INTERRUPTED
    recorded = loaded.count("leads") + loaded.count("inquiries")
    assert 0 < recorded < 20_000
    said = json.loads(err)["error"]["hint"] if form == ("--json",) else err.decode().splitlines()[1].strip()
    assert said == f"{recorded:,} rows recorded; the same import again continues"
    if form == ("--json",):
        told = json.loads(out)
        assert told["new"] + told["inquiries"] == recorded
        assert json.loads(err)["error"]["code"] == "interrupted"
    elif not form:
        assert re.search(rf"= {loaded.count('leads'):,} new \+ {loaded.count('inquiries')} inquiries", out.decode())
    assert loaded.problems() == []


def test_a_command_that_waits_for_its_input_can_be_interrupted(loaded: Program) -> None:
    with loaded.running("import", "-") as waiting:
        wait_until(lambda: Path(f"{loaded.database}-shm").exists(), "the file, open")
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate()
    assert (waiting.returncode, out) == (INTERRUPTED, b"")
    assert err.decode() == "error: interrupted\n  what was reported is kept; the same command again does the rest\n"
    assert loaded.count("leads") == 0


def test_an_interruption_before_the_command_begins_is_no_traceback(loaded: Program) -> None:
    """While the program is still being read: a module of the library says when."""
    (loaded.folder / "sitecustomize.py").write_text(STRIKE_AT_TYPER, encoding="utf-8")
    early = loaded.run("rotation", env={"PYTHONPATH": str(loaded.folder)})
    assert (early.code, early.out, early.err) == (INTERRUPTED, "", "error: interrupted\n")


STRIKE_AT_TYPER = """\
import os, signal, sys
class Strike:
    def find_spec(self, name, path=None, target=None):
        if name == "typer.main":
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Strike())
"""
