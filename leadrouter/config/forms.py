"""How values may be written, in the language of JSON Schema: what editors complete, and mark while somebody types.

Hung onto the types of `values` and `schema`, so that a key and its form stand in one line. A form is milder than
the check: whatever `check` accepts must pass, since an editor that cries wolf is switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

Json = dict[str, Any]

SCALAR: Json = {"type": ["string", "number", "boolean"]}
"""Any single value: an editor reads `5`, `no` and `true` as more than text."""

NULL: Json = {"type": "null"}

WHEN: Json = {"$comment": "a condition"}
"""Stands for a condition until `json_schema` puts the real form there: pydantic knows no form that holds itself."""


class Form:
    """The form of one type, in place of the one pydantic would find; made from it where `make` takes an argument."""

    def __init__(self, make: Callable[[GetJsonSchemaHandler, CoreSchema], Json]) -> None:
        self._make = make

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        return self._make(handler, core)


def fixed(form: Json) -> Form:
    """This form, whatever the type is."""
    return Form(lambda handler, core: dict(form))


def words(known: Callable[[], Iterable[str]]) -> Form:
    """One of these words, offered as they are and accepted in any case. They are looked up when the schema is made."""
    return Form(lambda handler, core: one_word(known()))


def one_word(known: Iterable[str]) -> Json:
    """One of these words, in any case. Some editors read `off` as false."""
    listed = list(known)
    false = [{"const": False}] if "off" in listed else []
    return {"anyOf": [{"enum": listed}, {"type": "string", "pattern": in_any_case(listed)}, *false]}


def in_any_case(known: Iterable[str]) -> str:
    """A pattern for these words: JSON Schema has no flag for it."""
    return rf"^\s*({'|'.join(map(_letters, known))})\s*$"


def _letters(word: str) -> str:
    return "".join(f"[{sign.upper()}{sign.lower()}]" if sign.isalpha() else sign for sign in word)


def text(pattern: str, example: str, *also: str) -> Form:
    """Text of a shape; `also` are words that may stand instead."""
    return fixed(shaped(pattern, example, *also))


def shaped(pattern: str, example: str, *also: str) -> Json:
    """The same as a form to build with."""
    shape: Json = {"type": "string", "pattern": pattern, "examples": [example]}
    return {"anyOf": [shape, one_word(also)]} if also else shape


def numeric(pattern: str, least: float, *also: str) -> Form:
    """A number, also as text of a shape such as `1/3` or `95%`."""
    options: list[Json] = [{"type": "number", "minimum": least}, {"type": "string", "pattern": pattern}]
    return fixed({"anyOf": [*options, *([one_word(also)] if also else [])]})


FLAGS = ("yes", "no", "on", "off", "true", "false")
SWITCH: Json = {"anyOf": [{"type": "boolean"}, one_word(FLAGS)]}


def one_or_many(handler: GetJsonSchemaHandler, core: CoreSchema) -> Json:
    """A list, or a single value where a list may stand."""
    form = handler(core)
    return {"anyOf": [form, form["items"]]}


def many_or(*also: str) -> Form:
    """The same, or a word that stands for no list at all."""

    def make(handler: GetJsonSchemaHandler, core: CoreSchema) -> Json:
        form = handler(core)
        lists = [option for option in form.get("anyOf", [form]) if option != NULL]
        return {"anyOf": [*lists, *(option["items"] for option in lists), one_word(also)]}

    return Form(make)


def or_switch(handler: GetJsonSchemaHandler, core: CoreSchema) -> Json:
    """A section, or on or off."""
    form = handler(core)
    return {"anyOf": [*form.get("anyOf", [form]), SWITCH]}
