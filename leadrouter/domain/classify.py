"""The first half of a lead's way: from the person's data to a Case in words of the policy.

The only code that looks at a lead's facts. What comes out holds no text of the person, so everything behind
it can be logged, explained and replayed.
"""

from __future__ import annotations

from datetime import datetime

from leadrouter.domain.decision import Case
from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import Question
from leadrouter.domain.policy import QUALITIES
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import LeadState


def classify(facts: Lead, lead: LeadState, policy: Rulebook, now: datetime, occasion: str) -> Case:
    """What the policy has to say about a lead: its quality and why, and for each rule whether it is met."""
    quality, why = quality_of(facts)
    unmet: tuple[str | None, ...] = ()
    if len(policy.tests) > 1:
        question = Question(facts, quality, policy.policy.team, now)
        unmet = tuple(test(question) if test else None for test in policy.tests)
    else:
        unmet = (None,)
    return Case(lead.lead, occasion, quality, why, unmet, lead.past_holders, lead.hops)


def quality_of(facts: Lead) -> tuple[str, str]:
    """Hot, warm or cold, and where it came from: given with the lead, or warm by default (DOMAIN section 8)."""
    if facts.quality in QUALITIES:
        return facts.quality, "given"
    return "warm", "default"
