"""A real file for each text, and what reading it gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadrouter.config import Configuration, InvalidConfiguration, Problem, read_config, schema
from leadrouter.config.entry import Entry

Read = Callable[[str], Configuration]
Refuse = Callable[[str], tuple[Problem, ...]]

ENTRIES: list[type[Entry]] = [
    kind for kind in vars(schema).values() if isinstance(kind, type) and issubclass(kind, Entry) and kind is not Entry
]
"""Every kind of `key: value` pairs that the schema knows."""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a text that is a valid configuration."""

    def reading(text: str) -> Configuration:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return read_config(path)

    return reading


@pytest.fixture
def refuse(read: Read) -> Refuse:
    """Reads a text that is not valid, and returns its problems."""

    def refusing(text: str) -> tuple[Problem, ...]:
        with pytest.raises(InvalidConfiguration) as caught:
            read(text)
        return caught.value.problems

    return refusing
