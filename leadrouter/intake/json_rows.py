"""JSON lines -> rows of cells under one header, as `rows` makes them of CSV. One object a line is one row.

The header grows as lines with further keys come. What stands inside other values is unfolded here: lists of plain
values into one text, objects and the named answers of lead ads into keys of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from leadrouter.errors import UnusableFile
from leadrouter.intake.json_object import KEY_TWICE, NOT_AN_OBJECT, NoObject, object_of
from leadrouter.intake.rows import Cells, Lines, RowTooLong

_HEADER_ROWS = 200
"""Lines whose keys make the header that the file is judged by."""

_DEEPEST = 4
"""Levels of objects that are unfolded; what lies deeper stays JSON text."""

_NAMES, _VALUES = ("name", "column_id"), ("values", "value", "string_value")
"""Keys by which Meta's and Google's lead forms name an answer and hold it."""

_TOO_LONG = "the line is longer than 1 MiB; only its beginning is kept here"
FAULTS = (NOT_AN_OBJECT, KEY_TWICE, _TOO_LONG)
"""Reasons why a line has no cells: its one cell is the line itself."""


class JsonRows:
    """The rows of a text of JSON lines. `header` is what the keys have come to so far."""

    def __init__(self, lines: Lines) -> None:
        self._places: dict[str, int] = {}
        rows = self._read(lines)
        first = list(islice(rows, _HEADER_ROWS))
        if all(row.fault for row in first):
            raise UnusableFile("no line of it is a JSON object", "Write each lead as one object on a line of its own.")
        self._rows = chain(first, rows)

    @property
    def header(self) -> list[str]:
        """The keys, in the order in which they first came."""
        return list(self._places)

    def __iter__(self) -> Iterator[Cells]:
        for row in self._rows:
            if not row.fault:
                row.cells.extend([""] * (len(self._places) - len(row.cells)))
            yield row

    def _read(self, lines: Lines) -> Iterator[Cells]:
        while True:
            lines.start_row()
            start = lines.number + 1
            try:
                line = next(lines, None)
            except RowTooLong:
                yield Cells(start, [lines.row[0]], _TOO_LONG)
                continue
            if line is None:
                return
            if line.strip():
                try:
                    yield self._cells(start, flat(object_of(line)))
                except (NoObject, RecursionError) as error:
                    yield Cells(start, [line.strip()], getattr(error, "fault", NOT_AN_OBJECT))

    def _cells(self, start: int, values: dict[str, str]) -> Cells:
        for key in values:
            self._places.setdefault(key, len(self._places))
        cells = [""] * len(self._places)
        for key, text in values.items():
            cells[self._places[key]] = text
        return Cells(start, cells)


def flat(value: dict[str, Any]) -> dict[str, str]:
    """An object as plain texts under its keys; absent values are left out."""
    found: dict[str, str] = {}
    _unfold(value, "", found)
    return found


def _unfold(value: dict[str, Any], before: str, found: dict[str, str]) -> None:
    for key, part in value.items():
        name = before + key
        answers = _answers(part)
        if answers is not None:
            _unfold(answers, before, found)
        elif isinstance(part, dict) and name.count(".") < _DEEPEST:
            _unfold(part, f"{name}.", found)
        elif part is not None:
            found[name] = _text(part)


def _answers(value: Any) -> dict[str, Any] | None:
    """The answers to a form as one object, where a list of `{"name": ..., "values": [...]}` gives them."""
    if not isinstance(value, list) or not value or not all(isinstance(part, dict) for part in value):
        return None
    named = {}
    for part in value:
        name = next((part[key] for key in _NAMES if isinstance(part.get(key), str)), None)
        held = next((part[key] for key in _VALUES if key in part), None)
        if name is None or isinstance(held, dict):
            return None
        named[name] = held
    return named


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        return ", ".join(_text(part) for part in value if part is not None)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
