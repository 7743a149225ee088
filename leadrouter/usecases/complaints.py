"""An agent's complaint: recorded, open in the report until it is answered. What was said stays in an erasable note."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.naming import named
from leadrouter.errors import Refused
from leadrouter.usecases.session import Session, roster_agent


class Complaint(NamedTuple):
    """One complaint: whose, its number, how many of theirs are open now."""

    agent: str
    number: int
    open: int


def complain(session: Session, name: str, words: str, now: datetime) -> Complaint:
    """Records a complaint under the number of its event."""
    with session.writing() as journal:
        agent = roster_agent(journal.desk.policy.policy, name)
        event = journal.record("complained", now, agent=agent, note=words)
        return Complaint(agent, event.seq, len(journal.desk.agents[agent].complaints))


def answer(session: Session, name: str, number: int | None, words: str, now: datetime) -> Complaint:
    """Answers one open complaint; without a number the only one. Raises Refused where there is none, or several."""
    with session.writing() as journal:
        policy = journal.desk.policy.policy
        agent = name if name in journal.desk.agents else roster_agent(policy, name)
        who, waiting = named(policy, agent), journal.desk.agents[agent].complaints
        known = ", ".join(map(str, waiting)) or "none"
        if number is None and not waiting:
            raise Refused(f"{who} has no open complaint", "record one with --about TEXT")
        if number is None and len(waiting) > 1:
            raise Refused(f"{who} has {len(waiting)} open complaints", f"say which with --number: {known}")
        chosen = waiting[0] if number is None else number
        if chosen not in waiting:
            raise Refused(f"complaint {chosen} of {who} is not open", f"open: {known}")
        journal.record("complaint_answered", now, agent=agent, data={"complaint": chosen}, note=words)
        return Complaint(agent, chosen, len(journal.desk.agents[agent].complaints))
