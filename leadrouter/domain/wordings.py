"""The words of each notice: the defaults, which words in braces they may hold, and how these are filled in.

Text for people, so it is kept as text. What a lead's person gave away (`PERSONAL`) stands only where nobody else
reads it: `notify/` leaves it empty everywhere else, and a line that then says nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

WORDS: dict[str, tuple[str, str]] = {
    "offer": ("Lead {lead} is on offer to you", "{about}\nAccept or decline it by {due}."),
    "assignment": ("Lead {lead} is yours", "{about}\n{contact}\n{message}\nFirst contact by {due}."),
    "handoff": ("Lead {lead} is handed over to you", "{about}\n{contact}\n{message}\nFirst contact by {due}."),
    "warning": ("Lead {lead}: first contact by {due}", "Nobody has tried to reach the person yet.\n{about}\n{contact}"),
    "reclaimed": ("Lead {lead} is no longer yours", "Reason: {reason}."),
    "pool": ("Lead {lead} can be claimed", "{about}\n{contact}\nThe first who claims it gets it."),
    "escalation": ("Lead {lead} needs you", "It is with {agent}.\nReason: {reason}.\n{about}"),
    "undelivered": ("{agent} could not be told", "Not delivered: {what}."),
    "digest": (
        "Your leads on {date}",
        "{open} open, {overdue} overdue, {today} due today.\n{leads}\nIn the pool: {pool}.",
    ),
    "month_end": ("{team}, {month}", "{report}"),
}
"""Kind -> (title, text)."""

PERSONAL = ("name", "phone", "email", "contact", "message")
"""Words in braces that stand for what a person gave away."""

PLACEHOLDERS = (
    "lead", "about", *PERSONAL, "quality", "source", "intent", "area", "price", "rule", "agent", "from", "reason",
    "due", "team", "what", "date", "open", "overdue", "today", "pool", "leads", "month", "report",
)  # fmt: skip
"""Words in braces that a text may hold. One that a kind of notice knows nothing of stays empty."""

TROUBLES = {
    "no_secret": "a variable of the environment is not set",
    "no_service": "the address is not one that apprise knows",
    "no_channel": "the policy no longer has this channel",
    "not_accepted": "the service could not be reached or did not accept it",
    "no_answer": "the service did not answer in time",
}
"""Everything that keeps a notice from being delivered. The code is all that is kept and shown of it."""

_BRACES = re.compile(r"\{(\w*)\}")


def placeholders(text: str) -> list[str]:
    """The words in braces of a text."""
    return _BRACES.findall(text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its words in braces filled in. Lines in which all of them are empty are left out."""
    lines = []
    for line in text.splitlines():
        words = placeholders(line)
        if not words or any(values.get(word) for word in words):
            lines.append(_BRACES.sub(lambda hit: values.get(hit[1], ""), line))
    return "\n".join(lines)
