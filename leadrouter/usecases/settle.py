"""Routing one lead and writing down what was decided: classify -> decide -> event. Every way in comes through here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadrouter.domain.classify import classify
from leadrouter.domain.decision import Decision
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead
from leadrouter.domain.routing import decide
from leadrouter.domain.state import LeadState


def settle(
    journal: Journal, facts: Lead, lead: LeadState, occasion: str, now: datetime, commitment: bytes | None = None
) -> Decision:
    """Decides where the lead goes now and records it. A retry that changes nothing writes nothing."""
    desk = journal.desk
    case = classify(facts, lead, desk.policy, now, occasion)
    decision = decide(case, desk, desk.policy, now)
    if occasion == "retry" and decision.outcome == lead.state:
        return decision
    data: dict[str, Any] = {"reason": decision.reason, "quality": case.quality}
    if decision.lineup is not None:
        data["panel"] = journal.panel(decision.lineup, now)
    if case.why != "default":
        data["why"] = case.why
    if occasion != "new":
        data["occasion"] = occasion
    journal.record(decision.outcome, now, lead=lead.lead, agent=decision.agent, data=data, facts=commitment)
    return decision
