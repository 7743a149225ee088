"""The schema for editors: whatever `check` accepts passes, and what people get wrong most is marked."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from leadrouter.config import InvalidConfiguration, read_config, starter_text
from leadrouter.config.entry import Entry
from leadrouter.config.json_schema import json_schema
from leadrouter.config.source import read_source
from leadrouter.domain.strategies import STRATEGIES, Strategy

from .conftest import ENTRIES
from .test_garbage import TREES, VALID

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
EDITOR = Draft202012Validator(SCHEMA)

MARKED = {
    "a misspelt key": {"agnets": ["Aina"]},
    "a misspelt key of an agent": {"agents": [{"name": "Aina", "wieght": 2}]},
    "an unknown strategy": {"agents": ["A"], "rules": [{"to": "all", "strategy": "robin"}]},
    "an unknown role": {"agents": [{"name": "A", "role": "boss"}]},
    "a duration without its unit": {"agents": ["A"], "sla": {"hot": 15}},
    "a day that is none": {"agents": [{"name": "A", "joined": "1st of March"}]},
    "an unknown field in a condition": {"agents": ["A"], "rules": [{"when": {"prise": ">= 5"}, "to": "all"}]},
    "two destinations at once": {"agents": ["A"], "rules": [{"to": {"group": "x", "role": "isa"}}]},
    "a negative weight": {"agents": [{"name": "A", "weight": -1}]},
    "a list where one value stands": {"team": {"timezone": ["UTC"]}},
}


def as_an_editor_reads(tree: Any) -> Any:
    """Scalars as YAML 1.2 has them: plain numbers, true and false are no text."""
    if isinstance(tree, dict):
        return {key: as_an_editor_reads(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_an_editor_reads(value) for value in tree]
    if isinstance(tree, str) and re.fullmatch(r"-?[0-9]+", tree):
        return int(tree)
    if isinstance(tree, str) and re.fullmatch(r"-?[0-9]+\.[0-9]+", tree):
        return float(tree)
    return {"true": True, "false": False}.get(tree, tree) if isinstance(tree, str) else tree


def marks(tree: Any) -> list[str]:
    """What an editor would underline, however it reads scalars."""
    return [
        f"{error.json_path}: {error.message}"
        for way in (tree, as_an_editor_reads(tree))
        for error in EDITOR.iter_errors(way)
    ]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [starter_text(), starter_text(full=True), (ROOT / "sample_config.yaml").read_text()])
def test_files_that_are_right_are_not_marked(text: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    assert marks(read_source(path).tree) == []


@pytest.mark.parametrize("tree", MARKED.values(), ids=MARKED)
def test_slips_are_marked(tree: dict[str, Any]) -> None:
    assert marks(tree) != []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editor")


@given(data=st.data(), garbage=st.lists(TREES, min_size=1, max_size=2))
@settings(max_examples=150)
def test_what_check_accepts_is_not_marked(folder: Path, data: Any, garbage: list[Any]) -> None:
    tree = copy.deepcopy(VALID)
    tree["rules"][5]["rotation"] = "b"
    for piece in garbage:
        spot: Any = tree
        place = data.draw(st.sampled_from(list(tree)))
        if isinstance(tree[place], dict | list) and tree[place]:
            spot = tree[place]
            place = data.draw(st.sampled_from(list(spot) if isinstance(spot, dict) else list(range(len(spot)))))
        spot[place] = piece
    path = folder / "policy.yaml"
    path.write_bytes(json.dumps(tree).encode("utf-8", "surrogatepass"))
    try:
        read_config(path)
    except InvalidConfiguration:
        return
    assert marks(read_source(path).tree) == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_key_is_in_it(entry: type[Entry]) -> None:
    found = SCHEMA if entry.__name__ == "Document" else SCHEMA["$defs"][entry.__name__]
    whole = found.get("properties") or found["anyOf"][0]["properties"]
    assert set(whole) == entry.known_keys()


def test_a_strategy_that_is_added_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STRATEGIES, "youngest", Strategy())
    assert '"youngest"' in json.dumps(json_schema())
