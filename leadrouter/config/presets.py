"""From the document to a broker's own presets: what files of their systems look like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadrouter.config.problems import Findings, shown, unknown
from leadrouter.config.schema import Document
from leadrouter.config.words import name
from leadrouter.domain.history import PAST_STATES
from leadrouter.domain.policy import QUALITIES
from leadrouter.domain.preset import LEAD_FIELDS, Preset

_WORDS_OF = {"state": PAST_STATES, "quality": QUALITIES}
"""Fields whose words are leadrouter's own."""


def presets(document: Document, findings: Findings) -> Iterator[Preset]:
    """The presets in their order; pairs in place of mappings, so that a policy cannot change."""
    for written, entry in document.presets.items():
        place = ("presets", written)
        told: dict[str, Any] = entry.written()
        for field, words in entry.words.items():
            if field not in (*LEAD_FIELDS, "state"):
                findings.add((*place, "words", field), unknown(field, (*LEAD_FIELDS, "state"), "field "))
            for said, meant in words.items():
                if field in _WORDS_OF and meant not in _WORDS_OF[field]:
                    findings.add((*place, "words", field, said), unknown(meant, _WORDS_OF[field], f"{field} "))
        if not entry.columns and not findings.places():
            findings.add(place, f"{shown(written)} says nothing of its columns; write columns: {{Header: field}}")
        told |= {key: tuple(told[key].items()) for key in ("columns", "prefixes", "test_rows") if key in told}
        if "words" in told:
            told["words"] = tuple((field, tuple(words.items())) for field, words in entry.words.items())
        told["found_by"] = (entry.found_by,) if entry.found_by else ()
        yield Preset(**(told | {"name": _name(written, findings)}))


def _name(written: str, findings: Findings) -> str:
    try:
        return name(written)
    except ValueError as error:
        findings.add(("presets", written), str(error))
        return written
