"""The text of one JSON object -> its values as they were written, or why it is none.

Python's reader turns `1e999` into infinity, drops digits of long numbers and the first of two equal keys: here a number
stays the text it is, and a key that stands twice is a fault, since nobody can tell which of the two is meant.
"""

from __future__ import annotations

import json
from typing import Any

NOT_AN_OBJECT = "this line is not one JSON object"
KEY_TWICE = "a key stands twice in one JSON object"


class NoObject(ValueError):
    """The text is no JSON object that can be used. `fault` is one of the sentences above and repeats nothing of it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def object_of(text: str | bytes) -> dict[str, Any]:
    """The object, numbers as text. Raises NoObject."""
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_once)
    except NoObject:
        raise
    except (ValueError, RecursionError):
        raise NoObject(NOT_AN_OBJECT) from None
    if not isinstance(value, dict):
        raise NoObject(NOT_AN_OBJECT)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NoObject(KEY_TWICE)
    return found
