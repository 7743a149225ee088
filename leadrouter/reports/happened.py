"""What an event says, in words: agents by name, moments on the team's clock, codes as people call them.

`details` is what `log` shows beside kind and agent, `sentence` the whole of a step as `explain` tells it. Why a
decision fell as it did is told in `explanation`; what JSON shows of an event is its data as they are.
"""

from __future__ import annotations

import re
from typing import Any

from leadrouter.domain import deadlines, decision
from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import Event, moment
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import duration, listed, money

UNSPOKEN = frozenset(
    {"rounds", "panel", "sha256", "seats", "credit", "note", "benches", "unmet", "tiers", "after", "hop", "row", "list",
     "undated"}
)  # fmt: skip
"""Data of events that `explain` tells, or that people cannot read."""

SENTENCES = {
    "past": "it was recorded with its owner {agent}",
    "accepted": "{agent} accepted it",
    "declined": "{agent} declined it",
    "expired": "the offer to {agent} lapsed",
    "claimed": "{agent} claimed it from the pool",
    "released": "{agent} gave it up to the pool",
    "requested": "{agent} asked for it",
    "request_refused": "the request of {agent} was refused",
    "transferred": "transferred from {from} to {agent}",
    "reclaimed": "taken back from {agent}",
    "handed_off": "{agent} handed it off",
}
"""Kind -> a step that somebody else may have to know of: who gave, and who has it."""

MOVES = frozenset({"past", "accepted", "claimed", "released", "transferred", "reclaimed", "handed_off"})
"""Kinds that say who has a lead from then on, or no longer, without being a decision."""

SHORT = {"most_owed": "first in turn", "only_one": "the only one able to take it"}
"""Reasons of decisions that a table has no room for in full."""


def sentence(event: Event, policy: Policy) -> str:
    """A step that was no decision: what was done, to or by whom, and what was said of it."""
    words = event.kind.replace("_", " ")
    if event.kind in SENTENCES:
        gave = named(policy, event.data["from"]) if event.data.get("from") else "nobody"
        words = SENTENCES[event.kind].format_map({"agent": named(policy, event.agent), "from": gave})
        event = event._replace(data={key: value for key, value in event.data.items() if key != "from"})
        return ": ".join(filter(None, (words, details(event, policy))))
    return ", ".join(filter(None, (words, details(event, policy))))


def told(event: Event, policy: Policy) -> str:
    """The same with who did it; what a clock does is nobody's doing."""
    words = sentence(event, policy)
    return words if event.data.get("reason") in deadlines.REASONS else f"{words}, by {event.by}"


def details(event: Event, policy: Policy) -> str:
    """What an event's data says, in a few words."""
    spoken = {key: value for key, value in event.data.items() if key not in UNSPOKEN and value not in (None, [])}
    return ", ".join(filter(None, (_said(event, key, value, policy) for key, value in spoken.items())))


def quality_words(why: str) -> str:
    """Where a quality came from."""
    words = {
        "given": "it came with the lead",
        "default": "no rule of quality says otherwise",
        "touch": "the person showed intent while in nurture",
    }
    return words.get(why, f"by its {why}")


def reason_words(code: str) -> str:
    """A code of why something happened; one that a person chose from a list is a word as it is."""
    if code in SHORT:
        return SHORT[code]
    return deadlines.REASONS.get(code) or decision.REASONS.get(code) or BY_HAND.get(code) or code.replace("_", " ")


BY_HAND = {
    "forgotten": "the person is forgotten",
    "asked": "the person asked for it",
    "retention": "the policy keeps it no longer",
    "inquired": "the person asked again",
    "requested": "as requested",
}
"""Reasons that no clock and no decision has."""


def _said(event: Event, key: str, value: Any, policy: Policy) -> str:
    """One thing that an event says."""
    if key in ("reason", "state", "outcome", "quality"):
        return reason_words(value) if key == "reason" else str(value).replace("_", " ")
    if key == "why":
        return "as it came" if value == "given" else quality_words(value)
    if key == "occasion":
        return f"since {decision.OCCASIONS.get(value, str(value))}"
    if key == "turn":
        return "takes nobody's turn"
    if key == "payer":
        payer = named(policy, value)
        return f"it is the turn of {payer} again" if event.kind == "reopened" else f"the turn of {payer} is given back"
    if key == "told":
        return f"{named(policy, value)} is told"
    if key == "intent":
        return "showed intent" if value == "yes" else "no intent yet"
    if key == "fields":
        return listed(str(field) for field in value)
    return f"{CALLED.get(key, key.replace('_', ' '))} {_shown(event, key, value, policy)}"


CALLED = {"seconds": "time", "channel": "by", "next": "next touch"}
"""Data of events that people call by another name."""


def _shown(event: Event, key: str, value: Any, policy: Policy) -> str:
    if key == "value":
        return money(policy.team.currency, value)
    if key == "seconds":
        return duration(value)
    if key == "known" or (key, event.kind) == ("from", "transferred"):
        return named(policy, value)
    if isinstance(value, list):
        parts = [_shown(event, "", part, policy) for part in value if part is not None]
        return (" to " if key == "" else " + ").join(parts)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return wall_clock(moment(value), policy.team.timezone, event.at)
    return str(value)


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
"""A moment as events hold it."""
