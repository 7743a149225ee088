"""From the tree to the Document: every fault of form, told at its place and in plain words.

The only module that reads pydantic's errors. Whether the parts fit each other is `compile`'s question; to let
it ask about a file with faults too, what cannot be read is cut out here and the rest handed on.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from leadrouter.config.entry import Entry
from leadrouter.config.problems import Findings, Place, shown, unknown
from leadrouter.config.schema import Document
from leadrouter.domain.naming import nearest

_ENTRIES = ("agents", "rules")
"""Lists whose entries keep their number when one of them is cut out."""


def read_document(tree: dict[str, Any], findings: Findings) -> Document:
    """The document, without the parts that `findings` now complains of."""
    rest = copy.deepcopy(tree)
    while True:
        try:
            return Document.model_validate(rest)
        except ValidationError as error:
            faults = error.errors(include_url=False)
        told = set(findings.places())
        for fault in faults:
            place = fault["loc"]
            if findings.written(place) not in told:
                findings.add(place, _plain_words(fault))
            _cut(rest, place[:-1] if fault["type"] == "missing" else place)


def _plain_words(fault: ErrorDetails) -> str:
    place = fault["loc"]
    match fault["type"]:
        case "value_error":
            return str(fault["ctx"]["error"])
        case "extra_forbidden":
            return _unknown_key(str(place[-1]), place[:-1], fault["input"])
        case "missing":
            return f"{place[-1]} is missing"
        case "model_type" | "dict_type":
            return f"expected `key: value` pairs, found {shown(fault['input'])}"
    return f"{shown(fault['input'])} cannot stand here"


def _unknown_key(key: str, place: Place, value: object) -> str:
    known = _keys(place)
    said = unknown(key, known, "key ")
    if value is None and not nearest(key, known):
        said += ". If this belongs to the text before it, put quotes around the whole text"
    return said


def _keys(place: Place) -> list[str]:
    """The keys that are known at a place, in the order of the schema."""
    entry: type[Entry] = Document
    named = False  # whether the next part is a name that the broker chose, as under `territories`
    for part in place:
        if isinstance(part, str) and not named:
            fields = {field.alias or name: field.annotation for name, field in entry.model_fields.items()}
            entry = _entry_in(fields[part]) or entry
            named = get_origin(fields[part]) is dict
        else:
            named = False
    return [field.alias or name for name, field in entry.model_fields.items()]


def _entry_in(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next(filter(None, map(_entry_in, get_args(annotation))), None)


def _cut(tree: dict[str, Any], place: Place) -> None:
    """Takes out the smallest part around a place that can be missing without shifting its neighbours."""
    spot: Any = tree
    around: tuple[Any, Any] | None = None
    for depth, part in enumerate(place):
        if isinstance(spot, Mapping) and part in spot:
            around = (spot, part)
        elif isinstance(spot, list):
            if depth == 1 and place[0] in _ENTRIES:
                around = (spot, part)
        else:
            break
        spot = spot[part]
    if around:
        parent, part = around
        if isinstance(parent, list):
            parent[part] = {}
        else:
            parent.pop(part)
