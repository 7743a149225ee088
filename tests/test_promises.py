"""The README's promises name tests that exist, run, and can fail: a promise without such a test is a wish."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
SWITCHED_OFF = {"skip", "xfail"}
"""Marks that leave a test out on every machine; where one lacks what a test needs, it may say so with a reason."""

ASSERTING = {"raises", "well"}
"""What fails by itself: `pytest.raises`, and a program that must do well."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _promises() -> list[str]:
    section = (ROOT / "README.md").read_text().split("## Promises, and the tests that hold them\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return rows[2:]


@cache
def _definitions(file: str) -> dict[str, Definition]:
    """The functions and classes of a file by name, and state machines by the name that pytest knows them by."""
    module = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = {node.name: node for node in module.body if isinstance(node, Definition)}
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Attribute(value=ast.Name(machine), attr="TestCase")):
                found[name] = found[machine]
    return found


def _said(node: ast.AST) -> Iterator[str]:
    """Every name in a piece of code."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def _can_fail(file: str, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a test asserts something or expects an error, itself or in a function of its file that it names."""
    node = _definitions(file)[name]
    if any(isinstance(part, ast.Assert) for part in ast.walk(node)):
        return True
    said = set(_said(node))
    own = (said & _definitions(file).keys()) - seen - {name}
    return bool(said & ASSERTING) or any(_can_fail(file, other, seen | own | {name}) for other in own)


@pytest.mark.parametrize("promise", _promises())
def test_each_promise_of_the_readme_names_tests_that_run_and_can_fail(promise: str) -> None:
    named = TEST.findall(promise)
    assert named, "no test is named"
    for file, test in named:
        definitions = _definitions(file)
        tests = [test] if test else [name for name in definitions if re.match("test_|Test", name)]
        assert tests, f"{file} has no tests"
        for name in tests:
            assert name in definitions, f"{file} has no {name}"
            marks = {word for mark in definitions[name].decorator_list for word in _said(mark)}
            assert not SWITCHED_OFF & marks, f"{file}::{name} is switched off"
            assert _can_fail(file, name), f"{file}::{name} asserts nothing"
