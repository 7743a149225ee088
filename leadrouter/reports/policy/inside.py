"""The sections about inside sales: who qualifies first, what a hand-off needs, nurture and what it earns."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouter.domain import speech
from leadrouter.domain.policy import QUALITIES
from leadrouter.reports.policy.told import Sentence, Told


def handing_off(told: Told) -> Iterator[Sentence]:
    """Where somebody qualifies leads: their promise, the checklist, and who has the lead afterwards."""
    if not _inside_sales(told):
        return
    policy = told.policy
    isas = [agent for agent in told.rulebook.roster.values() if agent.role == "isa"]
    yield Sentence("isas", f"Inside sales agents qualify leads, and hand off what is ready: {told.names(isas)}.")
    promised = {quality: getattr(policy.isa, quality) for quality in QUALITIES}
    windows = [f"{quality} within {speech.duration(time)}" for quality, time in promised.items() if time]
    if windows:
        yield Sentence("promise", f"Their first contact is promised: {speech.listed(windows)}.")
    for intent, criteria in policy.handoff.criteria:
        if criteria:
            text = f"A {intent} lead is handed off once these are met: {speech.listed(criteria)}"
            yield Sentence(f"criteria {intent}", f"{text}; who overrides that gives a name and a reason.")
    after = "goes through the rules to a field agent, and is not qualified again"
    yield Sentence("once", f"A lead that was handed off {after}.")


def nurture(told: Told) -> Iterator[Sentence]:
    """Where leads can be kept for nurture: touches, what wakes a lead, and the fee."""
    if not (_inside_sales(told) or any(rule.then == "incubate" for rule in told.policy.rules)):
        return
    entry = told.policy.incubation
    touch = speech.duration(entry.next_touch)
    yield Sentence("touch", f"A lead in nurture is due for a touch every {touch}; {told.leader()} is told.")
    wakes = " So does an inquiry of the person." if entry.inquiry_wakes else ""
    yield Sentence("intent", f"A touch that shows intent sends it through the rules as hot.{wakes}")
    if entry.charges:
        share = f"{entry.fee_share or 0:.0%} of the commission"
        owed = speech.money(told.policy.team.currency, entry.fee) if entry.fee is not None else share
        yield Sentence("fee", f"Whoever wins a lead out of nurture owes {owed} for it.")


def _inside_sales(told: Told) -> bool:
    return any(rule.then == "qualify" for rule in told.policy.rules) or any(
        agent.role == "isa" for agent in told.policy.agents
    )
