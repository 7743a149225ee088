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
from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead, commitment, facts_text
from leadrouter.domain.matching import Question
from leadrouter.domain.state import LeadState
from leadrouter.errors import WrongUsage
from leadrouter.store import leads as store
from leadrouter.usecases.receive import identity_of, suppressed
from leadrouter.usecases.session import Session


class Kept(NamedTuple):
    """What became of one row: `what` is new, unchanged, suppressed or rejected, with the reason."""

    what: str
    lead: LeadState | None = None
    reason: str | None = None
    owner: str | None = None  # where it is the owner that nobody knows
    nearest: str | None = None


class UnknownOwner(WrongUsage):
    """An owner who is no agent, or more than one. `hint` says which id is near, or how to tell."""


class Owners:
    """The agents that files may name, by id or name, whatever the capitals; those who have left too."""

    def __init__(self, desk: Desk) -> None:
        self._ids = desk.agents.keys()
        self._words: dict[str, list[str]] = {}
        for agent in desk.policy.policy.agents:
            for word in {agent.id.casefold(), agent.name.casefold()}:
                self._words.setdefault(word, []).append(agent.id)

    def agent(self, name: str | None) -> str | None:
        """The id of the agent meant, None if nobody is named. Raises UnknownOwner."""
        if name is None or name in self._ids:
            return name
        meant = self._words.get(name.casefold(), [])
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise UnknownOwner(f"{len(meant)} agents have the owner's name", f"write the id: {', '.join(meant)}")
        near = get_close_matches(name.casefold(), self._words, n=1)
        unlike = "add them to the agents, with `left` if they have gone"
        hint = f"nearest: {self._words[near[0]][0]}" if near else unlike
        raise UnknownOwner("the owner is no agent on the roster", hint)


def keep_past(session: Session, rows: Sequence[PastLead], now: datetime, ids_of: str = "enquiry") -> list[Kept]:
    """Records the rows in their order, in one transaction. `ids_of`: what their ids number, as for `receive`."""
    identities = [identity_of(row.facts, ids_of) for row in rows]
    with session.writing() as journal:
        connection, desk = session.connection, journal.desk
        pairs = zip(rows, identities, strict=True)
        enquiries = {row.facts.external_id for row, identity in pairs if row.facts.external_id and identity is None}
        ids = store.recorded_ids(connection, enquiries)
        digests = store.recorded_digests(connection, {identity for identity in identities if identity})
        known: set[str | bytes] = {*ids, *digests}
        is_suppressed = suppressed(session, [row.facts for row in rows])
        owners = Owners(desk)
        new: list[store.NewLead] = []
        results = []
        first = store.next_number(connection)
        for row, identity in zip(rows, identities, strict=True):
            key = identity or row.facts.external_id or ""
            if key in known:
                results.append(Kept("unchanged"))
                continue
            if is_suppressed(row.facts):
                results.append(Kept("suppressed"))
                continue
            try:
                agent = owners.agent(row.agent)
            except UnknownOwner as error:
                reason = f"{error.message}; {error.hint}"
                results.append(Kept("rejected", reason=reason, owner=row.agent, nearest=error.hint))
                continue
            if (ahead := _ahead(row, now)) is not None:
                results.append(Kept("rejected", reason=f"{ahead} is in the future"))
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


def _data(row: PastLead, facts: Lead, desk: Desk, agent: str | None, now: datetime) -> dict[str, object]:
    """What the event says: state, quality, and the moments and value that are known."""
    territories = territories_of(facts, desk.policy.policy.territories)
    quality, _ = quality_of(Question(facts, desk.policy.policy.team, now, territories=territories), desk.policy)
    state = row.state or _latest(row)
    if state in ("assigned", "contacted", "appointment"):
        if agent is None:
            state = "pooled"  # nobody has it: anyone may claim it
        elif agent in desk.policy.roster and desk.policy.roster[agent].role == "isa":
            state = "qualifying"  # also where the isa is an outside one
    contacted = row.contacted_at or row.appointment_at
    known = {
        "contacted": iso(contacted) if contacted else None,
        "appointment": iso(row.appointment_at) if row.appointment_at else None,
        "closed": iso(row.closed_at) if row.closed_at and state in ("won", "lost", "void") else None,
        "value": row.value if state == "won" else None,
    }
    return {"state": state, "quality": quality, **{key: value for key, value in known.items() if value is not None}}


def _ahead(row: PastLead, now: datetime) -> str | None:
    """The moment of a past lead that has not come yet: a slip, for it is past."""
    moments = {"contacted_at": row.contacted_at, "appointment_at": row.appointment_at, "closed_at": row.closed_at}
    return next((name for name, at in moments.items() if at is not None and at > now), None)


def _latest(row: PastLead) -> str:
    if row.closed_at is not None:
        return "won" if row.value is not None else "lost"
    if row.appointment_at is not None:
        return "appointment"
    return "contacted" if row.contacted_at is not None else "assigned"
