"""The JSON Schema of the configuration, made from the same objects that read it: for editors that complete and mark.

`check` stays the judge: what it accepts, the schema accepts (a law in the tests), not the other way round.
"""

from __future__ import annotations

from typing import Any

from leadrouter.config import forms
from leadrouter.config.conditions import READERS
from leadrouter.config.schema import Document
from leadrouter.domain.policy import QUALITIES

MADE_BY = "made by: leadrouter check --schema"
"""By this our schema is known again: `init` writes it anew, and leaves any other file of that name alone."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of a whole file."""
    made: dict[str, Any] = _tidy(Document.model_json_schema(by_alias=True, mode="validation"))
    made["$defs"]["When"] = _conditions()
    made["properties"]["quality"] = {
        "anyOf": [{"type": "object", "properties": dict.fromkeys(QUALITIES, _AGAIN)}, forms.NULL]
    }
    head = {
        "$schema": _DIALECT,
        "title": "A leadrouter configuration",
        "$comment": MADE_BY,
    }
    return head | made


_AGAIN: forms.Json = {"$ref": "#/$defs/When"}


def _conditions() -> forms.Json:
    """The fields that a `when` may test, and `any` and `not`."""
    value = {"anyOf": [forms.SCALAR, {"type": "array", "items": forms.SCALAR, "minItems": 1}]}
    return {
        "type": "object",
        "properties": {
            **dict.fromkeys(READERS, value),
            "any": {"type": "array", "items": _AGAIN, "minItems": 1},
            "not": _AGAIN,
        },
        "patternProperties": {r"^custom\.": value},
        "additionalProperties": False,
    }


def _tidy(form: Any) -> Any:
    """Without what pydantic adds for itself: a title for every key, defaults that are only its own."""
    if isinstance(form, list):
        return [_tidy(part) for part in form]
    if not isinstance(form, dict):
        return form
    if form.get("$comment") == forms.WHEN["$comment"]:
        return _AGAIN
    kept: forms.Json = {}
    for key, value in form.items():
        if key in ("properties", "$defs", "patternProperties"):
            kept[key] = {name: _tidy(part) for name, part in value.items()}
        elif key == "description" or (key in ("title", "default") and not isinstance(value, dict)):
            continue
        elif key == "anyOf":
            kept[key] = _flat(_tidy(value))
        elif key != "default":
            kept[key] = _tidy(value)
    return kept


def _flat(options: list[Any]) -> list[Any]:
    """Choices between choices as one list, each once."""
    found: list[Any] = []
    for option in options:
        for part in option["anyOf"] if set(option) == {"anyOf"} else [option]:
            found += [part] if part not in found else []
    return found
