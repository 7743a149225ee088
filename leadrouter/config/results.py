"""From the document to the marks of the tiers: rates, how sure a review must be, and marks that must be in order."""

from __future__ import annotations

from leadrouter.config.problems import Findings
from leadrouter.config.schema import Document
from leadrouter.domain.policy import FINDINGS_KEPT, Promote, Promotion, Tiers

STEP_INTO_B = Tiers().promote.B.at - Tiers().B
"""Where the mark of B is written and no other for promotion, those below are asked for so much more, as by default."""


def tiers(document: Document, findings: Findings) -> Tiers:
    """The marks, with what is left out filled in from what is written."""
    entry = document.tiers
    written = {key: value for key, value in entry.written().items() if key not in ("shares", "promote")}
    if "adjust_for" in written:
        written["adjust_for"] = tuple(dict.fromkeys(entry.adjust_for))
    found = Tiers(**written)
    into_b = found.promote.B.at if entry.B is None else min(1.0, round(found.B + STEP_INTO_B, 4))
    promote = Promote(
        Promotion(found.A)._replace(**entry.promote.A.written()),
        Promotion(into_b)._replace(**entry.promote.B.written()),
    )
    if found.B >= found.A:
        place = ("tiers", "A" if entry.B is None else "B")
        findings.add(place, f"B begins at {found.B:.0%}, not below A at {found.A:.0%}; write a lower rate for B")
    _check(found, promote, findings)
    return found._replace(promote=promote)


def _check(found: Tiers, promote: Promote, findings: Findings) -> None:
    for tier, mark in (("A", found.A), ("B", found.B)):
        place, asked = ("tiers", "promote", tier), getattr(promote, tier)
        if asked.at < mark:
            message = f"{asked.at:.0%} is below {mark:.0%}, where {tier} begins; write at least that"
            findings.add((*place, "at"), message)
        if asked.reviews > FINDINGS_KEPT:
            findings.add((*place, "reviews"), f"at most {FINDINGS_KEPT} reviews in a row can be asked for")
