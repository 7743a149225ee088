"""Erasing people: one who asks for it, with all their leads, and those whom the policy keeps no longer.

What a lead came to stays, so that no figure of a report moves because somebody was forgotten; what was said goes, and
the event commits to what is left. An open lead is closed as lost first: nobody should work on an empty shell. The bytes
go last (`finish`): a crash before that leaves a mark, and the next sweep goes on from there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from leadrouter.domain.calendar import local_date, start_of
from leadrouter.domain.erasure import Words, disguised, forms, list_text, speaks_of, what_stays, words_of
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Person, commitment, facts_text
from leadrouter.domain.persons import Theirs, everything_of
from leadrouter.domain.state import CLOSED
from leadrouter.errors import WrongUsage
from leadrouter.store import copies, desks, erasing, suppression
from leadrouter.store.copies import Copy
from leadrouter.store.leads import KeptFacts, find_lead, is_unscrubbed, known_persons
from leadrouter.usecases.session import Session


class Erased(NamedTuple):
    """One lead whose person is erased now: the state it was in, and who had it open."""

    lead: int
    was: str
    agent: str | None


class Forgotten(NamedTuple):
    """What was erased, and what was not. `doubtful`: leads that are theirs or another's with the same phone.
    `mentioned`: leads of others that name them. `copies`: files outside.
    """

    leads: list[Erased]
    inquiries: int
    notes: int
    doubtful: tuple[int, ...]
    mentioned: list[int]
    copies: list[Copy]


def person_meant(name: str) -> Person:
    """Somebody named by an e-mail, a phone in international form, or an external id."""
    if "@" in name:
        return Person(None, None, name.casefold(), None)
    return Person(None, None, None, name) if name.startswith("+") else Person(name, None, None, None)


def whose(connection: sqlite3.Connection, name: str) -> Theirs:
    """The leads of the person meant: by a lead of theirs, or by their e-mail or phone. Raises WrongUsage."""
    _, _, email, phone = person_meant(name)
    if email is None and phone is None:
        leads = [find_lead(connection, name)]
    else:
        given = ([email] if email else [], [phone] if phone else [])
        leads = sorted({known.lead for known in known_persons(connection, *given)})
        if not leads:
            raise WrongUsage("nobody with this e-mail or phone is recorded", "name a lead of theirs, by number or id")
    first, *others = leads
    found = everything_of(erasing.traces(connection, [first]), partial(erasing.look, connection))
    if set(others) - {*found.leads, *found.doubtful}:
        raise WrongUsage(
            f"more than one person has this phone: leads {', '.join(map(str, leads))}", "name a lead, as id:17"
        )
    return found


def forget(session: Session, name: str, now: datetime) -> Forgotten:
    """Erases a person with all their leads, and puts them on the list of those who are not to be recorded again.

    The bytes are gone after `finish`. Forgetting somebody twice changes nothing. Raises WrongUsage.
    """
    connection = session.connection
    with session.writing() as journal:
        leads, doubtful = whose(connection, name)
        said = [facts for lead in leads for facts in erasing.everything_said(connection, lead)]
        words = words_of(form for facts in said for form in forms(facts))
        elsewhere = [
            event for event, lead, text in erasing.notes(connection) if lead not in leads and speaks_of(text, words)
        ]
        erasing.erase_notes(connection, elsewhere)
        done = _erase(session, journal, leads, words, now, "asked", elsewhere)
    mentioned = {lead for lead, text in erasing.spoken(connection) if lead not in doubtful and speaks_of(text, words)}
    return done._replace(
        notes=done.notes + len(elsewhere),
        doubtful=doubtful,
        mentioned=sorted(mentioned),
        copies=copies.copies(connection),
    )


def forget_old(session: Session, now: datetime, at_once: int) -> list[Erased]:
    """Erases what the policy keeps no longer: leads that were closed so long before this day began for the team.

    Once a day, since the file is written anew after it. Nobody comes onto the list: they may enquire again.
    """
    policy = session.policy.policy
    if policy.retention.closed is None:
        return []
    today = start_of(local_date(now, policy.team.timezone), policy.team.timezone)
    cutoff = today - timedelta(seconds=policy.retention.closed)
    erased: list[Erased] = []
    while old := erasing.closed_before(session.connection, cutoff, at_once):
        with session.writing() as journal:
            erased += _erase(session, journal, old, words_of(()), now, "retention").leads
    return erased


def finish(connection: sqlite3.Connection, *, wait: bool) -> bool:
    """Sees that nothing erased is left in the bytes of the file and its log; false where another process reads it."""
    return not is_unscrubbed(connection) or erasing.scrub(connection, wait=wait)


def _erase(
    session: Session,
    journal: Journal,
    leads: Iterable[int],
    words: Words,
    now: datetime,
    reason: str,
    elsewhere: Iterable[int] = (),
) -> Forgotten:
    connection, territories = session.connection, journal.desk.policy.policy.territories
    desks.load_leads(connection, journal.desk, leads)
    listing = suppression.list_salt(connection) if reason == "asked" else None
    erased, inquiries, notes = [], 0, 0
    for number in leads:
        lead = journal.desk.leads[number]
        if lead.forgotten_at is not None:
            continue
        erased.append(Erased(number, lead.state, lead.agent))
        first, *more = erasing.everything_said(connection, number)
        if lead.state not in CLOSED:
            journal.record("lost", now, lead=number, agent=lead.agent, data={"reason": "forgotten"})
        stays = KeptFacts(what_stays(first, territories, words), journal.new_salt(), None)
        of_inquiries, of_notes = erasing.erase_lead(connection, number, stays)
        inquiries, notes = inquiries + of_inquiries, notes + of_notes
        data: dict[str, Any] = {"reason": reason, **({"notes": list(elsewhere)} if elsewhere else {})}
        elsewhere = ()
        listed, salt = [], journal.new_salt()
        if listing is not None:
            hidden = {disguised(form, listing) for facts in (first, *more) for form in forms(facts)}
            listed = sorted(hidden, key=Person.order)
            data["list"] = commitment(list_text(listed, listing), salt).hex()
        committed = commitment(facts_text(stays.facts), stays.salt or b"")
        event = journal.record("forgotten", now, lead=number, data=data, facts=committed)
        suppression.put_on_list(connection, event.seq, number, listed, salt)
        erasing.to_be_scrubbed(connection, now)
    return Forgotten(erased, inquiries, notes, (), [], [])
