"""Receiving leads: `route` takes one, `import` many; both come through `receive`, so that N of one are one of N.

A row is already recorded, an inquiry of a known person, or a new lead (DOMAIN section 3). What a batch needs
to know is looked up once for the whole batch; the lock is held only while `receive` runs.

Whose the id is decides what a row with a known id means. Where it numbers the enquiry, the row is recorded already,
whatever it says. Where it numbers the person (most CRMs), only the same content is recorded already; another is an
inquiry of that person while a lead of theirs is open, else a new lead, for the agent who knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.decision import Decision
from leadrouter.domain.events import iso
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead, Person, commitment, digest, enquiry_digest, facts_text, received, same_person
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.store import desks
from leadrouter.store import leads as store
from leadrouter.usecases.session import Session
from leadrouter.usecases.settle import deal_again, settle


class Received(NamedTuple):
    """What became of one row: `what` is new, inquiry, unchanged, suppressed or ended; `state` the lead as it now is (of
    one that is not kept none: its number is 0).
    """

    what: str
    state: LeadState
    decision: Decision | None


def identity_of(row: Lead, ids_of: str) -> bytes | None:
    """What makes a row the same as one before: its content; None where its id does, as that of an enquiry."""
    if row.external_id is None:
        return digest(row)
    return enquiry_digest(row) if ids_of == "person" else None


def receive(
    session: Session, rows: Sequence[Lead], now: datetime, ids_of: str = "enquiry", ended: Container[int] = ()
) -> list[Received]:
    """Records and routes the rows in their order, in one transaction. `ids_of`: what their ids number; `ended`: places
    of rows whose lead was closed elsewhere. Unless it is recorded already, such a row is neither a lead nor an inquiry.
    """
    identities = [identity_of(row, ids_of) for row in rows]
    results = []
    with session.writing() as journal:
        known = KnownBefore(session, rows, identities)
        is_suppressed = suppressed(session, rows)
        desks.load_leads(session.connection, journal.desk, known.at_hand())
        new: list[store.NewLead] = []
        inquiries: list[store.NewInquiry] = []
        first = store.next_number(session.connection)
        for place, (row, identity) in enumerate(zip(rows, identities, strict=True)):
            facts = received(row, iso(now))
            recorded = known.recorded(row, identity)
            if recorded is None and is_suppressed(row):
                results.append(Received("suppressed", LeadState(0), None))
                continue
            if recorded is None and place in ended:
                results.append(Received("ended", LeadState(0), None))
                continue
            person = known.open_lead_of(row, journal) if recorded is None else None
            if recorded is not None:
                desks.load_leads(session.connection, journal.desk, [recorded])
                results.append(Received("unchanged", journal.desk.leads[recorded], None))
            elif person is not None:
                inquiries.append(inquiry(journal, person.lead, facts, identity, now))
                known.add(person._replace(who=Person.of(row)._replace(name=person.who.name)), identity)
                state = journal.desk.leads[person.lead]
                first_told = new[person.lead - first].facts if person.lead >= first else None
                decision = wake(session, journal, state, first_told, now)
                results.append(Received("inquiry", state, decision))
            else:
                agent = known.agent_of(row)
                lead, decision = new_lead(journal, first + len(new), facts, identity, now, agent)
                new.append(lead)
                known.add(store.Known(lead.state.lead, Person.of(row), "received", None), identity)
                results.append(Received("new", lead.state, decision))
        store.insert_leads(session.connection, new)
        store.insert_inquiries(session.connection, inquiries)
        journal.desk.changes.leads.difference_update(lead.state.lead for lead in new)
    return results


def suppressed(session: Session, rows: Sequence[Lead]) -> Callable[[Lead], bool]:
    """Who among these asked to be forgotten, asked row by row in their order. Most files know nobody who did."""
    if not store.is_anybody_suppressed(session.connection):
        return lambda row: False
    from leadrouter.usecases.suppression import Suppressed

    return Suppressed(session.connection, rows)


def new_lead(
    journal: Journal, number: int, facts: Lead, identity: bytes | None, now: datetime, known: str | None
) -> tuple[store.NewLead, Decision]:
    """Routes a lead that gets this number; the caller inserts it with its facts."""
    salt = journal.new_salt()
    state = journal.desk.leads[number] = LeadState(number)
    committed = commitment(facts_text(facts), salt, identity)
    decision = settle(journal, facts, state, "new", now, known=known, commitment=committed)
    return store.NewLead(facts, salt, identity, state), decision


def inquiry(journal: Journal, lead: int, facts: Lead, identity: bytes | None, now: datetime) -> store.NewInquiry:
    """Records that a known person asked again; the caller inserts the inquiry with its facts."""
    salt, text = journal.new_salt(), facts_text(facts)
    event = journal.record("inquired", now, lead=lead, facts=commitment(text, salt, identity))
    return store.NewInquiry(lead, event.seq, facts.external_id, facts.email, facts.phone, identity, text, salt)


def wake(session: Session, journal: Journal, lead: LeadState, facts: Lead | None, now: datetime) -> Decision | None:
    """Who asks again while in nurture shows intent by it. `facts` are those of a lead that came in this very batch."""
    if lead.state != "incubating" or not journal.desk.policy.policy.incubation.inquiry_wakes:
        return None
    journal.record("touched", now, lead=lead.lead, agent=lead.isa, data={"intent": "yes", "reason": "inquired"})
    if facts is not None:
        return settle(journal, facts, lead, "touch", now)
    return deal_again(session.connection, journal, lead, "touch", now)


class KnownBefore:
    """Who and what is already recorded, for one batch: looked up once, kept up to date as the batch goes on.

    A row with both an id and an identity has the id of a person.
    """

    def __init__(self, session: Session, rows: Sequence[Lead], identities: Sequence[bytes | None]) -> None:
        connection = session.connection
        pairs = list(zip(rows, identities, strict=True))
        enquiries = {row.external_id for row, identity in pairs if row.external_id and identity is None}
        numbers = {row.external_id for row, identity in pairs if row.external_id and identity is not None}
        self._ids = store.recorded_ids(connection, enquiries)
        self._digests = store.recorded_digests(connection, {identity for identity in identities if identity})
        self._numbers = numbers
        self._by_number: dict[str, list[store.Known]] = {}
        self._by_email: dict[str, list[store.Known]] = {}
        self._by_phone: dict[str, list[store.Known]] = {}
        emails = {row.email for row in rows if row.email}
        phones = {row.phone for row in rows if row.phone}
        for person in store.known_persons(connection, emails, phones, numbers):
            self._file(person)

    def at_hand(self) -> Iterable[int]:
        """Leads of known persons that are not closed: an inquiry may land on one of them."""
        groups = (*self._by_number.values(), *self._by_email.values(), *self._by_phone.values())
        return sorted({person.lead for group in groups for person in group if person.state not in CLOSED})

    def recorded(self, row: Lead, identity: bytes | None) -> int | None:
        """The lead this very row was recorded as, or as an inquiry on, before."""
        return self._ids.get(row.external_id or "") if identity is None else self._digests.get(identity)

    def open_lead_of(self, row: Lead, journal: Journal) -> store.Known | None:
        """The latest lead of the same person that is not closed; an id tells more than an e-mail, that than a phone."""
        if self._never_met(row):
            return None
        leads = journal.desk.leads
        theirs = self._by_number.get(row.external_id or "", ()) if self._numbers else ()
        for group in (theirs, self._by_email.get(row.email or "", ()), self._by_phone.get(row.phone or "", ())):
            hits = [
                person
                for person in group
                if (group is theirs or same_person(person.who, row))
                and person.lead in leads
                and leads[person.lead].state not in CLOSED
            ]
            if hits:
                return max(hits, key=lambda person: person.lead)
        return None

    def agent_of(self, row: Lead) -> str | None:
        """The agent who knows the person from the latest closed lead somebody had (DOMAIN section 3, relationship)."""
        if self._never_met(row):
            return None
        number = row.external_id if row.external_id in self._numbers else None
        groups = (
            self._by_number.get(number or "", ()),
            self._by_email.get(row.email or "", ()),
            self._by_phone.get(row.phone or "", ()),
        )
        return store.agent_who_knows(row, [person for group in groups for person in group], number)

    def add(self, person: store.Known, identity: bytes | None) -> None:
        """Remembers a row of this batch: the person may ask again in the next one, by what they gave in this."""
        if identity is not None:
            self._digests[identity] = person.lead
        elif person.who.external_id:
            self._ids[person.who.external_id] = person.lead
        self._file(person)

    def _never_met(self, row: Lead) -> bool:
        """Whether nothing that the row gives is anybody's: so with most rows, and answered first."""
        return not self._numbers and row.email not in self._by_email and row.phone not in self._by_phone

    def _file(self, person: store.Known) -> None:
        number, _, email, phone = person.who
        if number in self._numbers:
            self._by_number.setdefault(number or "", []).append(person)
        if email:
            self._by_email.setdefault(email, []).append(person)
        if phone:
            self._by_phone.setdefault(phone, []).append(person)
