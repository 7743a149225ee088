"""`to` of a rule: all, or exactly one set of agents, as in `{group: fast}`; how it is read, and its form for editors.

Whether there is such a group, agent or territory is for `compile`.
"""

from __future__ import annotations

from typing import Any

from leadrouter.config import forms, values, words
from leadrouter.config.problems import shown, unknown
from leadrouter.domain.policy import ROLES, TIERS, Target

TARGETS = ("group", "role", "agents", "specialty", "source", "language", "territory", "tier")


def read_target(value: Any) -> Target:
    """The target that is written; raises ValueError with the way out."""
    if isinstance(value, str):
        if value.casefold() == "all":
            return Target()
        raise ValueError(f"unknown {shown(value)}; write all, or what it is, as in {{group: {words.word(value)}}}")
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(f"expected all or exactly one of {', '.join(TARGETS)}, as in {{group: fast}}")
    kind, named = next(iter(value.items()))
    if kind not in TARGETS:
        raise ValueError(unknown(kind, ("all", *TARGETS)))
    read = {"role": words.choice(ROLES), "tier": words.choice(TIERS), "agents": words.name}.get(kind, words.word)
    found = []
    for text in values.listed(named):
        if not isinstance(text, str) or not text:
            raise ValueError(f"{kind}: expected a name or a list of names, found {shown(text)}")
        found.append(read(text))
    if not found:
        raise ValueError(f"{kind}: the list is empty; name at least one, or write all")
    return Target(kind, tuple(dict.fromkeys(found)))


_NAMES: forms.Json = {"anyOf": [forms.SCALAR, {"type": "array", "items": forms.SCALAR, "minItems": 1}]}
FORM: forms.Json = {
    "anyOf": [
        forms.one_word(["all"]),
        {
            "type": "object",
            "properties": dict.fromkeys(TARGETS, _NAMES),
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]
}
