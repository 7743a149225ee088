"""The section about what is kept of people, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouter.domain import speech
from leadrouter.reports.policy.told import Sentence, Told


def keeping(told: Told) -> Iterator[Sentence]:
    """How long; and what asking to be forgotten does."""
    closed = told.policy.retention.closed
    if closed is not None:
        after = f"{speech.duration(closed)} after their lead was closed"
        yield Sentence("retention", f"What a person said is erased {after}; the lead stays in the figures.")
    asks = "Whoever asks to be forgotten is erased with all their leads, and not recorded again by an import"
    yield Sentence("forgotten", f"{asks}; a lead that was open is closed as lost.")
