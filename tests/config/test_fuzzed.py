"""Whatever our own schema allows, and slips from it: `check` ends with 0 or 4, and what it accepts routes a lead."""

from __future__ import annotations

import copy
import io
import json
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from leadrouter.cli.app import build
from leadrouter.config import read_config
from leadrouter.config.json_schema import json_schema
from tests.usecases.house import House

from .drawn import Schema
from .test_garbage import VALID

COMMANDS = build()
TOLD: Counter[int] = Counter()
"""Exit codes seen."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzzed") / "policy.yaml"


def outcome(path: Path, tree: Any) -> int:
    """The exit code of `check`; a policy that it accepts must deal out leads and stand up to `verify`."""
    path.write_bytes(json.dumps(tree).encode("utf-8", "surrogatepass"))
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = COMMANDS.main(["check", str(path), "--db", str(path.with_name("none.db"))], standalone_mode=False) or 0
    TOLD[code] += 1
    if code == 4:
        assert (out.getvalue(), err.getvalue()[:7]) == ("", "error: ")
        return 4
    assert (code, err.getvalue()) == (0, "")
    house = House(read_config(path).policy)
    for number, facts in enumerate(({}, {"price": 900000.0, "source": "portal", "intent": "buyer", "area": "west"}), 1):
        state = house.route(**facts)
        assert (state.lead, state.state) not in ((number, ""), (number, None))
    house.wait(days=40)
    house.sweep()
    assert house.problems() == []
    return 0


@given(sections=Schema(json_schema()).sections())
@settings(max_examples=100)
def test_a_section_as_the_schema_allows_it_routes_or_is_refused(path: Path, sections: Any) -> None:
    outcome(path, right() | sections)


@given(sections=Schema(json_schema(), wild=60).sections())
@settings(max_examples=100)
def test_wrong_types_anywhere_in_a_section_are_refused_and_never_crash(path: Path, sections: Any) -> None:
    outcome(path, right() | sections)


@given(tree=Schema(json_schema(), wild=20).values())
@settings(max_examples=50)
def test_a_whole_file_after_the_schema_never_crashes(path: Path, tree: Any) -> None:
    outcome(path, tree)


def test_both_ends_were_seen() -> None:
    """A generator whose files are all refused, or all accepted, would prove little."""
    told = Counter(TOLD)
    if sum(told.values()) < 200:
        pytest.skip("the tests above ran in another process")
    assert min(told[0], told[4]) >= 40, told


def right() -> dict[str, Any]:
    """A file that is right, to put sections into."""
    tree = copy.deepcopy(VALID)
    tree["rules"][5]["rotation"] = "b"
    return tree
