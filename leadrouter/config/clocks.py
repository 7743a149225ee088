"""From the document to the clocks of the policy: what is switched on or off, and steps that must follow each other."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouter.config.problems import Findings, Place
from leadrouter.config.schema import Document, EscalationStepEntry
from leadrouter.domain.policy import QUALITIES
from leadrouter.domain.promises import (
    ASKING,
    MINUTE,
    Acceptance,
    Attempts,
    Escalation,
    EscalationStep,
    Hold,
    Offline,
    Reclaim,
    Sla,
)


def acceptance(document: Document) -> Acceptance:
    """Off unless it is written; what is left out of it has the defaults of `on`."""
    entry = document.acceptance
    return Acceptance() if entry is None else ASKING._replace(**entry.written())


def sla(document: Document) -> Sla:
    """The promises, and how many broken ones take an agent offline."""
    written = document.sla.written()
    offline = written.pop("offline", None)
    return Sla(**written, offline=None if offline is None else Offline(**offline.written()))


def reclaim(document: Document) -> Reclaim:
    """The clocks that take a lead back; a section that is off switches off all in it."""
    written = document.reclaim.written()
    if "attempts" in written:
        attempts = written["attempts"]
        written["attempts"] = None if attempts is None else Attempts(**attempts.written())
    if "hold" in written:
        hold = written["hold"]
        written["hold"] = Hold(None, None, None) if hold is None else Hold(**hold.written())
    return Reclaim(**written)


def escalation(document: Document, promise: Sla, findings: Findings) -> Escalation:
    """The steps of each quality, in growing order. Without any of its own, a hot lead is dealt anew after half an hour,
    or after twice the promise where that is later.
    """
    usual = Escalation()
    later = max(30 * MINUTE, 2 * promise.hot)
    usual = usual._replace(hot=(usual.hot[0], usual.hot[1]._replace(after=later)))
    entry = document.escalation
    if entry is None:
        off = "escalation" in document.model_fields_set
        return Escalation((), (), ()) if off else usual
    steps = {
        quality: tuple(_steps(getattr(entry, quality), promise.promised(quality), ("escalation", quality), findings))
        for quality in QUALITIES
        if quality in entry.model_fields_set
    }
    return usual._replace(**steps, backup=entry.backup)


def _steps(
    entries: tuple[EscalationStepEntry, ...], promise: int, place: Place, findings: Findings
) -> Iterator[EscalationStep]:
    latest, final = 0, False
    for number, entry in enumerate(entries):
        after = entry.after or promise
        if final:
            findings.add(
                (*place, number), "no step comes after one that takes the lead away; write it before or leave it out"
            )
        elif after <= latest:
            findings.add((*place, number, "after"), "comes before the step above; write the steps in the order of time")
        latest, final = after, entry.do != "notify_leader"
        yield EscalationStep(entry.after, entry.do)
