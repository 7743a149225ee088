"""A type takes what its reading function reads, and what the type itself allows beside it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from leadrouter.config import values


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param(values.Flag, "off", False, id="flag"),
        pytest.param(values.DurationOrOff, "OFF", None, id="duration off"),
        pytest.param(values.DurationOrOff, "2h", 7200, id="duration"),
        pytest.param(values.PositiveOrOff, "off", None, id="count off"),
        pytest.param(values.PositiveOrOff, "3", 3, id="count"),
        pytest.param(values.Many[values.Word], "Buyer", ("buyer",), id="a list of one"),
        pytest.param(values.Many[values.Word], ["Buyer", "b"], ("buyer", "b"), id="a list"),
        pytest.param(values.Region, "my", "MY", id="region"),
        pytest.param(values.Currency, "myr", "MYR", id="currency"),
    ],
)
def test_a_type_reads_its_text(kind: Any, text: object, value: object) -> None:
    assert TypeAdapter(kind).validate_python(text) == value
