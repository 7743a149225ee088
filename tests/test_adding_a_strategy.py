"""Adding a way of distributing is one function and one row: here it is done, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadrouter.domain.desk import Desk
from leadrouter.domain.strategies import STRATEGIES, Contest, Strategy
from tests.trade.office import an_office


def last_on_the_roster(contest: Contest, desk: Desk) -> str:
    """Everything to whoever stands last."""
    return max(contest.panel, key=lambda entry: list(desk.policy.roster).index(entry[0]))[0]


def test_a_strategy_is_a_function_and_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STRATEGIES, "last", Strategy(pick=last_on_the_roster, reason="drawn"))
    with an_office(tmp_path) as office:
        office.load("agents: [A, B, C]\nrules: [{name: odd, to: {agents: [a, b]}, strategy: last}]\n")
        assert office.agents(3) == ["b", "b", "b"]
        assert office.explain(1)["strategy"] == "last"
        assert office.verify().problems == []


def test_every_strategy_has_its_line_in_the_readme() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in STRATEGIES if f"| `{name}` |" not in text] == []
