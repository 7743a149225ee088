"""Values as a JSON Schema allows them, and on a whim others: what somebody who follows an editor may write.

hypothesis-jsonschema would do this; it has stood still since February 2024, and our schema needs a dozen keywords.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

WORDS = ("aina", "Bala", "west", "a", "all", "portal", "buyer", "hot", "A", "UTC", "off", "0", "1", "7d", "50%")
HOSTILE = (
    *("[red]x[/red]", ":smile:", "=1+1", "<script>", "'; DROP TABLE leads; --", "{lead}", "${HOME}", "../../passwd"),
    *("\x1b[31m", "\u202eabc", "\x00", "\u200f", "Z" + "\u0301" * 40, "陈伟", "محمد"),
    *("x" * 3000, "9" * 400, "1e999", "nan", "-1"),
)
TEXTS = st.sampled_from(WORDS * 6 + HOSTILE) | st.text(max_size=6)
NUMBERS = st.integers(0, 60) | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "number": NUMBERS,
    "string": TEXTS,
    "array": st.lists(ANYTHING, max_size=2),
    "object": st.dictionaries(TEXTS, ANYTHING, max_size=2),
}


class Schema:
    """Draws from a schema. `wild` is how often, in so many of a thousand places, anything at all stands instead."""

    def __init__(self, schema: Json, wild: int = 0) -> None:
        self._whole = schema
        self._wild = wild

    def values(self) -> st.SearchStrategy[Any]:
        """Whole documents."""
        return self._any_of(self._whole)

    def sections(self) -> st.SearchStrategy[Json]:
        """One or two sections, to be put into a document that is right."""
        known = self._whole["properties"]
        names = st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=2, unique=True)
        return names.flatmap(lambda keys: st.fixed_dictionaries({key: self._any_of(known[key], 1) for key in keys}))

    def _any_of(self, schema: Json, depth: int = 0) -> st.SearchStrategy[Any]:
        @st.composite
        def drawn(draw: st.DrawFn) -> Any:
            if depth and self._wild and draw(st.integers(0, 999)) < self._wild:
                return draw(ANYTHING)
            return self._one(draw, schema, depth)

        return drawn()

    def _one(self, draw: st.DrawFn, schema: Json, depth: int) -> Any:
        if "$ref" in schema:
            return self._one(draw, self._whole["$defs"][schema["$ref"].rpartition("/")[2]], depth)
        if "anyOf" in schema:
            return draw(self._any_of(draw(st.sampled_from(schema["anyOf"])), depth + 1))
        if "enum" in schema:
            return draw(st.sampled_from(schema["enum"]))
        if "const" in schema:
            return schema["const"]
        if "examples" in schema and draw(st.integers(0, 9)):
            return draw(st.sampled_from(schema["examples"]))
        if "pattern" in schema:
            return draw(st.from_regex(schema["pattern"]))
        if "properties" in schema or isinstance(schema.get("additionalProperties"), dict):
            return self._pairs(draw, schema, depth)
        if "items" in schema:
            least = schema.get("minItems", 0)
            return draw(st.lists(self._any_of(schema["items"], depth + 1), min_size=least, max_size=max(least, 3)))
        kinds = schema.get("type")
        if isinstance(kinds, list):
            kinds = draw(st.sampled_from(kinds))
        if kinds in ("number", "integer") and "minimum" in schema:
            return schema["minimum"] + draw(st.integers(0, 40))
        return draw(OF_TYPE[kinds] if kinds else ANYTHING)

    def _pairs(self, draw: st.DrawFn, schema: Json, depth: int) -> Json:
        known: Json = schema.get("properties", {})
        others = schema.get("additionalProperties")
        most = min(schema.get("maxProperties", 4 if depth else 6), max(1, len(known)))
        keys = draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=most)) if known else []
        keys = list(dict.fromkeys([*schema.get("required", []), *keys]))
        if not keys and known and schema.get("minProperties"):
            keys = [draw(st.sampled_from(sorted(known)))]
        pairs = {key: draw(self._any_of(known[key], depth + 1)) for key in keys}
        if isinstance(others, dict) and not known:
            pairs = draw(st.dictionaries(TEXTS, self._any_of(others, depth + 1), min_size=1, max_size=3))
        return pairs
