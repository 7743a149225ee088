"""Routing one lead and writing down what was decided: classify -> decide -> event. Every way in comes through here."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from leadrouter.domain.classify import classify
from leadrouter.domain.decision import Case, Decision
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead
from leadrouter.domain.routing import decide
from leadrouter.domain.state import LeadState
from leadrouter.store.leads import agent_who_knows, known_persons, read_facts


def settle(
    journal: Journal,
    facts: Lead,
    lead: LeadState,
    occasion: str,
    now: datetime,
    *,
    known: str | None = None,
    commitment: bytes | None = None,
) -> Decision:
    """Decides where the lead goes now and records it. A retry that changes nothing writes nothing.

    `known` is the agent who knows the person from an earlier lead.
    """
    desk = journal.desk
    case = classify(facts, lead, desk.policy, now, occasion, known)
    decision = decide(case, desk, desk.policy, now)
    if lead.state == decision.outcome == "unassigned":
        return decision
    data = _data(case, decision)
    if decision.lineup is not None:
        data["panel"] = journal.panel(decision.lineup, now)
        if case.territories and desk.policy.deals_by_the_last:
            data["territories"] = list(case.territories)
    if decision.outcome == "unassigned" and desk.policy.policy.team.leader:
        data["told"] = desk.policy.policy.team.leader
    journal.record(decision.outcome, now, lead=lead.lead, agent=decision.agent, data=data, facts=commitment)
    return decision


def deal_again(
    connection: sqlite3.Connection, journal: Journal, lead: LeadState, occasion: str, now: datetime
) -> Decision:
    """Routes a recorded lead once more, with its facts as they are now. The desk must hold the lead."""
    facts, known = _as_known(connection, lead)
    return settle(journal, facts, lead, occasion, now, known=known)


def would_become(
    connection: sqlite3.Connection, journal: Journal, lead: LeadState, occasion: str, now: datetime
) -> str:
    """The state that the lead would get if it were dealt now."""
    facts, known = _as_known(connection, lead)
    policy = journal.desk.policy
    case = classify(facts, lead, policy, now, occasion, known)
    return decide(case, journal.desk, policy, now).outcome


def _as_known(connection: sqlite3.Connection, lead: LeadState) -> tuple[Lead, str | None]:
    """A lead's facts, and the agent who knows the person."""
    facts, _, digest = read_facts(connection, lead.lead)
    return facts, who_knows(connection, facts, digest)


def who_knows(connection: sqlite3.Connection, facts: Lead, digest: bytes | None) -> str | None:
    """The agent who knows the person from an earlier lead."""
    number = facts.external_id if digest else None  # a row with both came from a file that numbers persons
    persons = known_persons(connection, *([value] if value else [] for value in (facts.email, facts.phone, number)))
    return agent_who_knows(facts, persons, number)


def _data(case: Case, decision: Decision) -> dict[str, Any]:
    """What the event says of the decision; what is usual is left out, since most events would repeat it."""
    data: dict[str, Any] = {"reason": decision.reason, "quality": case.quality}
    if decision.tier is not None:
        data["tier"] = decision.tier
    if not decision.turn and decision.agent is not None:
        data["turn"] = False
    if case.why != "default":
        data["why"] = case.why
    if case.occasion != "new":
        data["occasion"] = case.occasion
    if case.known is not None:
        data["known"] = case.known
    return data
