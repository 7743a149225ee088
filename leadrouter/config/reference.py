"""The reference of the configuration: every key with its form, its default and what it means, as the README shows it.

Defaults and meanings are those that `init --full` writes, forms those of the JSON Schema, so nothing is said twice. No
words about single keys here: they belong into `starter`, beside the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from leadrouter.config import forms, values
from leadrouter.config.json_schema import json_schema
from leadrouter.config.starter import starter_text

NAMED = {"westside": "NAME", "harbour": "NAME", "my_portal": "NAME"}
"""Keys of the starter that are names of your own."""

NO_DEFAULTS = ("agents[].name", "agents[].id", "rules[].name")
"""Keys whose value in the starter is an example."""

_KEY = re.compile(r"(?P<indent> *)(?P<example># +)?(?P<item>- )?(?P<key>\w+):(?P<rest> .*|)")
_REMARK = re.compile(r"(?P<value>.*?)(?:(?:^|\s)\s*# ?(?P<remark>.*))?")


def _pattern(read: Any) -> str:
    """By what the text of a number is known."""
    return str(TypeAdapter(read).json_schema()["anyOf"][1]["pattern"])


_NUMBERS = {
    _pattern(values.Positive): "whole number",
    _pattern(values.TierShare): "whole number",
    _pattern(values.Years): "number",
    _pattern(values.Weight): "number or fraction",
    _pattern(values.Percent): "share like `95%`",
}
"""Any other number is written as its meaning shows."""


class Key(NamedTuple):
    """One key: where it stands (`agents[].weight`), and in words what it takes, has by default and means."""

    path: str
    form: str
    default: str
    meaning: str


def reference() -> list[Key]:
    """Every key in the order of `init --full`. What stands in one line there (`{hot: 30d, ...}`) is one key here."""
    schema = json_schema()
    found: dict[str, Key] = {}
    for path, default, meaning in _written(starter_text(full=True)):
        form = _in_words(_at(schema, path), schema)
        default = {"null": "", "{}": "", "[]": ""}.get(default, default)
        found[path] = Key(path, form, default, meaning)
    return list(found.values())


def reference_table() -> str:
    """The same as a table in Markdown."""
    lines = ["| key | takes | default | meaning |", "| --- | --- | --- | --- |"]
    for key in reference():
        shown = f"`{key.path}`" if "." in key.path else f"**`{key.path}`**"
        default = f"`{key.default}`" if key.default else ""
        lines.append(f"| {shown} | {_cell(key.form)} | {_cell(default)} | {_cell(_escaped(key.meaning))} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _escaped(text: str) -> str:
    """Without signs that Markdown would read as its own, but for words in backquotes."""
    return re.sub(r"[*$<_]", lambda hit: "\\" + hit[0], text) if "`" not in text else text


def _written(text: str) -> Iterator[tuple[str, str, str]]:
    """(path, default, meaning) of each line with a key; a later line about the same key says the last word."""
    above: list[tuple[int, str]] = []
    last: list[str] = []
    for line in text.splitlines()[3:]:
        hit = _KEY.fullmatch(line)
        if hit is None:
            remark = line.strip()
            if last and remark.startswith("#"):
                last[2] += " " + remark.lstrip("# ")
            elif last and remark.startswith("- {"):
                last[1] = f"{last[1]}, {remark[2:]}".removeprefix(", ")
            continue
        if last:
            yield last[0], last[1], last[2]
        # `# - name:` stands two to the left of what it would be without the sign
        indent = len(hit["indent"]) + len(hit["example"] or "  ") - 2 + len(hit["item"] or "")
        above = [(depth, path) for depth, path in above if depth < indent]
        parent = above[-1][1] if above else ""
        key = NAMED.get(hit["key"], hit["key"])
        path = f"{parent}{'[]' if parent in ('agents', 'rules') else ''}.{key}" if parent else key
        above.append((indent, path))
        parts = _REMARK.fullmatch(hit["rest"].strip())
        assert parts is not None
        value, remark = parts["value"].strip(), parts["remark"] or ""
        if hit["example"] or path in NO_DEFAULTS:
            value, remark = "", "; ".join(part for part in (value and f"such as {value}", remark) if part)
        last = [path, value, remark]
    yield last[0], last[1], last[2]


def _at(schema: forms.Json, path: str) -> forms.Json:
    """The form of the key at this path."""
    form = schema
    for key in path.replace("[]", "").split("."):
        form = next(
            option.get("properties", {}).get(key) or option["additionalProperties"]
            for option in _inside(form, schema)
            if key in option.get("properties", {}) or isinstance(option.get("additionalProperties"), dict)
        )
    return form


def _inside(form: forms.Json, schema: forms.Json) -> Iterator[forms.Json]:
    """Every form that may stand here, alone or in a list."""
    form = _resolved(form, schema)
    choices = form.get("anyOf", []) + ([form["items"]] if "items" in form else [])
    if not choices:
        yield form
    for choice in choices:
        yield from _inside(choice, schema)


def _resolved(form: forms.Json, schema: forms.Json) -> forms.Json:
    found: Any = schema["$defs"][form["$ref"].rpartition("/")[2]] if "$ref" in form else form
    return dict(found)


def _options(form: forms.Json, schema: forms.Json) -> list[forms.Json]:
    """What may stand here, choices between choices as one list."""
    form = _resolved(form, schema)
    if "anyOf" not in form:
        return [form]
    return [part for option in form["anyOf"] for part in _options(option, schema)]


def _in_words(form: forms.Json, schema: forms.Json) -> str:
    """What may be written, the fullest way first."""
    if form.get("$ref", "").endswith("/When"):
        return "conditions"
    options = _options(form, schema)
    patterns = [option["pattern"] for option in options if "pattern" in option]
    for option in options:
        if option.get("type") == "array":
            inner = _in_words(option["items"], schema)
            beside = _words(options, but=_words(_options(option["items"], schema)))
            return "; ".join([f"list: {inner}", *(f"or {word}" for word in beside)])
    said: list[str] = []
    for option in options:
        if option.get("type") == "object":
            said.append(_pairs(option))
        elif "minimum" in option:
            said.append(next((_NUMBERS[pattern] for pattern in patterns if pattern in _NUMBERS), "as shown"))
        elif "examples" in option:
            said.append(f"like `{option['examples'][0]}`")
        elif option == {"type": "boolean"} and {"type": "string"} in options and not said:
            said.append("text")
    return _either(said + _words(options))


def _either(said: list[str]) -> str:
    *first, last = said
    return f"{', '.join(first)} or {last}" if first else last


def _words(options: list[forms.Json], but: Sequence[str] = ()) -> list[str]:
    """The words among the options; yes, on and true are the same."""
    words = dict.fromkeys(word for option in options for word in option.get("enum", ()))
    if set(forms.FLAGS) <= set(words):
        return ["`on`", "`off`"] if any(option.get("type") == "object" for option in options) else ["`yes`", "`no`"]
    return [f"`{word}`" for word in words if f"`{word}`" not in but]


def _pairs(form: forms.Json) -> str:
    keys = list(form.get("properties", {}))
    return "several keys" if len(keys) > 4 else f"`{{{', '.join(keys)}}}`" if keys else "`name: value`"
