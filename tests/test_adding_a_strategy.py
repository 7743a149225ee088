"""Adding a way of distributing is one function and one row: here it is done, and nothing else is touched."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from leadrouter.domain import strategies
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


def test_the_one_that_the_readme_adds_takes_under_twenty_lines_and_passes_its_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    code = text.split("<!-- a strategy -->\n```python\n")[1].split("```")[0]
    written = text.split("<!-- its test -->\n```python\n")[1].split("```")[0]
    assert len(code.splitlines()) < 20
    function, row = code.split("\n\n\n")
    there = dict(vars(strategies))
    exec(f"from __future__ import annotations\n{function}\nADDED = {{{row}}}", there)  # noqa: S102  the README's own
    for name, strategy in there["ADDED"].items():
        monkeypatch.setitem(STRATEGIES, name, strategy)
    own: dict[str, Any] = {"an_office": an_office, "Counter": Counter}
    exec(f"from __future__ import annotations\n{written}", own)  # noqa: S102
    (test,) = [part for name, part in own.items() if name.startswith("test_")]
    test(tmp_path)
