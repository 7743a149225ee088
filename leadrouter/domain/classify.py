"""The first half of a lead's way: from the person's data to a Case in words of the policy.

The only code that looks at a lead's facts. What comes out holds no text of the person, so everything behind
it can be logged, explained and replayed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import is_open
from leadrouter.domain.decision import Case
from leadrouter.domain.geography import kilometres, territories_of
from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import Question, folded
from leadrouter.domain.policy import QUALITIES, Agent
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import LeadState

BARRED = {"unclaimed": "pool", "opening": "hold", "handoff": "qualify", "touch": "incubate"}
"""Occasion -> what a rule may not do with the lead then: it has just come from there."""


def classify(
    facts: Lead, lead: LeadState, policy: Rulebook, now: datetime, occasion: str, known: str | None = None
) -> Case:
    """What the policy has to say about a lead: its quality and why, the rules it meets, the words rules choose by.

    `known` is the agent who knows the person from an earlier lead, if there is one.
    """
    territories = territories_of(facts, policy.policy.territories) if policy.policy.territories else ()
    question = Question(facts, policy.policy.team, now, territories=territories, known=known)
    question.quality, why = ("hot", "touch") if lead.showed_intent else quality_of(question, policy)
    barred = _barred(lead, occasion, question)
    unmet = tuple(
        [
            "occasion" if rule.then in barred else test(question) if test else None
            for rule, test in zip(policy.policy.rules, policy.tests, strict=True)
        ]
    )
    words = _words(facts, territories, policy, question) if policy.chooses else {}
    return Case(
        lead.lead, occasion, question.quality, why, unmet, lead.excluded, lead.declined, lead.hops, lead.offers,
        handed_off="qualify" in barred, known=known, **words,
    )  # fmt: skip


def _barred(lead: LeadState, occasion: str, question: Question) -> set[str]:
    """What no rule may do with the lead now. Once handed off it is not qualified again, whoever loses it later; once
    the person showed intent it is not put back into nurture.
    """
    barred = {BARRED[occasion]} if occasion in BARRED else set()
    if "hold" in barred and question.value("hours") == "closed":
        barred.clear()  # the opening was missed: it waits for the next one
    if lead.handed_off_at is not None:
        barred.add("qualify")
    if lead.showed_intent:
        barred.add("incubate")
    return barred


def quality_of(question: Question, policy: Rulebook) -> tuple[str, str]:
    """Hot, warm or cold, and why: given with the lead, else the first quality rule met, else warm (DOMAIN, 8)."""
    given = question.lead.quality
    if given in QUALITIES:
        return given, "given"
    for quality, field, test in policy.qualities:
        if test(question) is None:
            return quality, field
    return "warm", "default"


def _words(facts: Lead, territories: tuple[str, ...], policy: Rulebook, question: Question) -> dict[str, Any]:
    """What the lead asks for, as far as it is a word of the policy: nothing else of the person gets through."""
    agents, words = policy.policy.agents, policy.vocabulary
    specialties, features = _specialties(facts, words["specialty"]) if words["specialty"] else ((), ())
    return {
        "specialties": specialties,
        "features": features,
        "source": _one_of(words["source"], facts.source),
        "language": _one_of(words["language"], facts.language),
        "channel": _one_of(words["channel"], facts.preferred_channel),
        "territories": territories,
        "out_of_price": tuple(agent.id for agent in policy.choosy if not _in_band(facts.price, agent)),
        "off_time": _off_time(facts.preferred_time, agents, question) if policy.prefers("time") else (),
        "kilometres": _distances(facts, agents) if policy.prefers("nearest") else (),
        "requested": policy.agent_named(facts.requested_agent),
    }


def _specialties(facts: Lead, known: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The specialties that the lead asks for, and those among them that it names as features."""
    features = _listed(facts.features) if facts.features else set()
    asked = {folded(text) for text in (facts.intent, facts.property_type) if text} | features
    if facts.tags:
        asked |= _listed(facts.tags)
    return tuple(word for word in known if word in asked), tuple(word for word in known if word in features)


def _one_of(known: tuple[str, ...], text: str | None) -> str | None:
    """The word of the policy that a text is, if it is one."""
    if not known or text is None:
        return None
    word = folded(text)
    return word if word in known else None


def _listed(text: str) -> set[str]:
    return {folded(part) for part in text.split(",")} - {""}


def _in_band(price: float | None, agent: Agent) -> bool:
    """Whether the agent serves this price; a lead without a price is served by everybody."""
    if price is None or agent.price is None:
        return True
    low, high = agent.price
    return (low is None or price >= low) and (high is None or price <= high)


def _off_time(preferred: str | None, agents: tuple[Agent, ...], question: Question) -> tuple[str, ...]:
    """The agents who do not work at the time of day the person prefers (`18:30`, or the start of `18:00-20:00`)."""
    try:
        hour, minute = map(int, (preferred or "").partition("-")[0].strip().split(":"))
        moment = question.there.replace(hour=hour, minute=minute)
    except ValueError:
        return ()
    return tuple(agent.id for agent in agents if not is_open(agent.hours, moment))


def _distances(facts: Lead, agents: tuple[Agent, ...]) -> tuple[tuple[str, int], ...]:
    """Whole kilometres from each agent's base, for agents who have one."""
    if facts.lat is None or facts.lon is None:
        return ()
    here = (facts.lat, facts.lon)
    return tuple((agent.id, round(kilometres(here, agent.base))) for agent in agents if agent.base is not None)
