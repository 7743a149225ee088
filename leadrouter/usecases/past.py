"""Leads of earlier times: they enter with their owner and what became of them, and are never routed.

So tiers, relationships and reports have a past on day one. A row that is recorded already is unchanged; an owner
nobody knows, or whom two agents share a name with, makes a rejected row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from leadrouter.domain.classify import quality_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.geography import territories_of
from leadrouter.domain.lead import Lead, commitment, digest, facts_text
from leadrouter.domain.matching import Question
from leadrouter.domain.state import LeadState
from leadrouter.errors import WrongUsage
from leadrouter.store import leads as store
from leadrouter.usecases.session import Session

STATES = ("qualifying", "assigned", "contacted", "appointment", "won", "lost", "void")
"""What a past lead may have become; `qualifying` is with an isa, also an outside one. Without a state it is the latest
that its moments speak of.
"""


class PastLead(NamedTuple):
    """One lead of earlier times; moments in UTC. `agent` is an id or a name, None if nobody had it."""

    facts: Lead
    agent: str | None = None
    state: str | None = None
    contacted_at: datetime | None = None
    appointment_at: datetime | None = None
    closed_at: datetime | None = None
    value: float | None = None
    reason: str | None = None


class Kept(NamedTuple):
    """What became of one row: `what` is new, unchanged or rejected, with the reason."""

    what: str
    lead: LeadState | None = None
    reason: str | None = None


def keep_past(session: Session, rows: Sequence[PastLead], now: datetime) -> list[Kept]:
    """Records the rows in their order, in one transaction."""
    identities = [None if row.facts.external_id else digest(row.facts) for row in rows]
    with session.writing() as journal:
        connection, desk = session.connection, journal.desk
        ids = store.recorded_ids(connection, {row.facts.external_id for row in rows if row.facts.external_id})
        digests = store.recorded_digests(connection, {identity for identity in identities if identity})
        known: set[str | bytes] = {*ids, *digests}
        new: list[store.NewLead] = []
        results = []
        first = store.next_number(connection)
        for row, identity in zip(rows, identities, strict=True):
            key = row.facts.external_id or identity or b""
            if key in known:
                results.append(Kept("unchanged"))
                continue
            try:
                agent = past_agent(desk, row.agent)
            except WrongUsage as error:
                results.append(Kept("rejected", reason=f"{error.message}; {error.hint}"))
                continue
            known.add(key)
            facts = row.facts if row.facts.received_at else row.facts._replace(received_at=iso(now))
            salt = journal.new_salt()
            state = desk.leads[first + len(new)] = LeadState(first + len(new))
            committed = commitment(facts_text(facts), salt, identity)
            data = _data(row, facts, desk, agent, now)
            journal.record("past", now, lead=state.lead, agent=agent, data=data, facts=committed, note=row.reason)
            new.append(store.NewLead(facts, salt, identity, state))
            results.append(Kept("new", state))
        store.insert_leads(connection, new)
        desk.changes.leads.difference_update(lead.state.lead for lead in new)
    return results


def past_agent(desk: Desk, name: str | None) -> str | None:
    """The agent meant, by id or name, also one who has left. Raises WrongUsage, with the nearest id."""
    if name is None or name in desk.agents:
        return name
    words: dict[str, list[str]] = {}
    for agent in desk.policy.policy.agents:
        for word in {agent.id.casefold(), agent.name.casefold()}:
            words.setdefault(word, []).append(agent.id)
    meant = words.get(name.casefold(), [])
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise WrongUsage(f"{len(meant)} agents have the owner's name", f"write the id: {', '.join(meant)}")
    near = get_close_matches(name.casefold(), words, n=1)
    hint = f"nearest: {words[near[0]][0]}" if near else "add them to the agents, with `left` if they have gone"
    raise WrongUsage("the owner is no agent on the roster", hint)


def _data(row: PastLead, facts: Lead, desk: Desk, agent: str | None, now: datetime) -> dict[str, object]:
    """What the event says: state, quality, and the moments and value that are known."""
    territories = territories_of(facts, desk.policy.policy.territories)
    quality, _ = quality_of(Question(facts, desk.policy.policy.team, now, territories=territories), desk.policy)
    state = row.state or _latest(row)
    if agent is None and state in ("qualifying", "assigned", "contacted", "appointment"):
        state = "pooled"  # nobody has it: anyone may claim it
    contacted = row.contacted_at or row.appointment_at
    known = {
        "contacted": iso(contacted) if contacted else None,
        "appointment": iso(row.appointment_at) if row.appointment_at else None,
        "closed": iso(row.closed_at) if row.closed_at and state in ("won", "lost", "void") else None,
        "value": row.value if state == "won" else None,
    }
    return {"state": state, "quality": quality, **{key: value for key, value in known.items() if value is not None}}


def _latest(row: PastLead) -> str:
    if row.closed_at is not None:
        return "won" if row.value is not None else "lost"
    if row.appointment_at is not None:
        return "appointment"
    return "contacted" if row.contacted_at is not None else "assigned"
