"""The reference says something of every key, and nothing else than the schema and the starter say."""

from __future__ import annotations

import re

import pytest

from leadrouter.config.entry import Entry
from leadrouter.config.reference import Key, reference, reference_table

from .conftest import ENTRIES

KEYS = {key.path: key for key in reference()}


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_key_of_the_schema_stands_in_the_reference(entry: type[Entry]) -> None:
    said = set(re.findall(r"\w+", " ".join(" ".join(key) for key in KEYS.values())))
    assert entry.known_keys() <= said


@pytest.mark.parametrize("key", [key for key in KEYS.values() if "." in key.path], ids=lambda key: key.path)
def test_every_key_says_what_it_means(key: Key) -> None:
    assert key.meaning
    assert key.form


@pytest.mark.parametrize(
    ("path", "form", "default"),
    [
        pytest.param("team.order", "`roster`, `experience` or `random`", "roster", id="words"),
        pytest.param("agents[].per_day", "whole number or `off`", "off", id="a number or off"),
        pytest.param("agents[].weight", "number or fraction", "1", id="a fraction"),
        pytest.param("agents[].id", "text", "", id="an example is no default"),
        pytest.param("rules[].when", "conditions", "", id="conditions"),
        pytest.param("rules[].overlap", "`turns` or `last`", "turns", id="in a list of entries"),
        pytest.param("sla.offline", "`{misses, within}`, `on` or `off`", "off", id="a section or a switch"),
        pytest.param("tiers.shares", "`{A, B, C}`", "{A: 40, B: 35, C: 25}", id="keys in one line"),
        pytest.param(
            "tiers.adjust_for",
            "list: `source`, `quality` or `territory`; or `nothing`",
            "[source, quality]",
            id="a list",
        ),
        pytest.param("pool.blind", "`yes` or `no`", "no", id="a flag"),
        pytest.param("presets.NAME.ids", "`enquiry` or `person`", "", id="under a name of your own"),
        pytest.param(
            "escalation.warm", "list: `{after, do}`; or `off`", "[{after: sla, do: notify_leader}]", id="entries"
        ),
    ],
)
def test_form_and_default_are_those_of_the_program(path: str, form: str, default: str) -> None:
    assert KEYS[path][1:3] == (form, default)


def test_a_list_over_two_lines_is_one_default() -> None:
    assert KEYS["ramp_up"].default == "{until_day: 15, weight: 1/3}, {until_day: 30, weight: 1/2}"


def test_a_remark_over_two_lines_is_one_meaning() -> None:
    assert KEYS["rules[].to"].meaning.endswith("{language: x} {territory: x} {tier: x}")


def test_no_sign_of_a_meaning_is_taken_for_markdown() -> None:
    (row,) = [line for line in reference_table().splitlines() if line.startswith("| `agents[].notify`")]
    assert "\\${NTFY\\_TOKEN}" in row
    assert row.count("|") == 5
