"""The words that other systems use for where a lead stands, and for what happened to it. Tables, and looking up.

An ambiguous word ("closed": sold here, lost there) is left out on purpose: a preset says what its system means.
"""

from __future__ import annotations

from collections.abc import Mapping

from leadrouter.intake.cells import custom_key

STATUSES = {
    "assigned": "new, new lead, lead, leads, open, fresh, uncontacted, not contacted, open not contacted, attempted, "
    "attempted contact, attempted to contact, no answer, received, waiting, baru, unassigned, held, pooled, offered, "
    "incubating",  # the last five are what `export` calls leads that nobody works on
    "contacted": "contact, contact made, connected, in progress, working, working contacted, qualified, qualifying, "
    "active, engaged, nurture, nurturing, nurture contacted, hot, warm, cold, prospect, follow up, interested, "
    "bad timing, marketing qualified lead, sales qualified lead, mql, sql, open deal, opportunity, reached, dihubungi",
    "appointment": "appointment set, met, met with customer, showing, showings, showing homes, viewing, viewed, "
    "viewing booked, site visit, visit, negotiation, negotiating, offer, offer made, submitting offers, under offer, "
    "under contract, contract, booking, booked, reserved, reservation, pending, temujanji",
    "won": "sold, closed won, won deal, converted, closed converted, customer, success, successful, deal won, "
    "purchased, bought, past client, terjual",
    "lost": "closed lost, dead, dead lead, closed not converted, unqualified, disqualified, not interested, archived, "
    "archive, unresponsive, not responsive, rejected, cancelled, canceled, dropped, deal lost, gagal",
    "void": "junk, spam, trash, duplicate, fake, invalid, wrong number, bad number, test, test lead, blocked",
}
"""State of a past lead -> what files call it, beside its own name."""

HAPPENINGS = {
    "contact": "contacted, call, called, reached, first contact, contact made, qualified, qualification",
    "appointment": "appointment set, meeting, met, viewing, showing, site visit, visit",
    "handoff": "handed off, hand off, handed over, hand over",
    "no_show": "no show, noshow, did not come, missed appointment",
    "won": "sold, sale, closed won, converted, booking completed",
    "lost": "closed lost, dead, not interested",
    "void": "voided, junk, spam, duplicate, fake, invalid, wrong number",
    "rate": "rated, rating, satisfaction, review, feedback, score",
}
"""What a row of `record` may say -> what files call it, beside its own name."""


def _lookup(table: Mapping[str, str]) -> dict[str, str]:
    return {custom_key(word): meant for meant, words in table.items() for word in (meant, *words.split(","))}


_STATUSES, _HAPPENINGS = _lookup(STATUSES), _lookup(HAPPENINGS)

ORDER = ("assigned", "contacted", "appointment", "void", "lost", "won")
"""Of two states that one row speaks of, the later one here holds: a customer stays one, whatever else is noted."""


def state_of(text: str, own: Mapping[str, str]) -> str | None:
    """The state that a status means, by a preset's own words first; None for a word nobody has told us."""
    word = custom_key(text)
    return own.get(word) or _STATUSES.get(word)


def happening_of(text: str) -> str | None:
    """What a row of outcomes says happened."""
    return _HAPPENINGS.get(custom_key(text))
