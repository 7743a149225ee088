"""A folder with the program in it, and a file in which every command has been at work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .history import History, live
from .program import TEAM, Program, a_copy


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    """As many lanes as the machine has processors: cases that each take a process run side by side."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as lanes:
        yield lanes


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty folder, with a configuration beside it."""
    program = Program(tmp_path)
    program.file("team.yaml", TEAM)
    return program


@pytest.fixture(scope="session")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("loaded"))
    program.file("team.yaml", TEAM)
    program.well("load", "team.yaml")
    return program


@pytest.fixture
def loaded(loaded_once: Program, tmp_path: Path) -> Program:
    """The same with the configuration in force."""
    return a_copy(loaded_once, tmp_path)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A file in which every command has been at work. For looking at: whoever changes it takes a copy."""
    return live(tmp_path_factory.mktemp("history"))


@pytest.fixture
def lived_in(history: History, tmp_path: Path) -> Program:
    """A copy of it to work on."""
    return a_copy(history.program, tmp_path)
