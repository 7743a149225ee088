"""Who asked to be forgotten is not recorded again by a file that still knows them; and taking somebody off that list.

The list holds salted hashes, so whoever comes is hashed too and compared as persons are known again. An e-mail or an id
tells surely; by a phone alone nobody is turned away who is known here and was not forgotten: couples share one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from itertools import product

from leadrouter.domain.erasure import disguised, forms, probably, surely
from leadrouter.domain.lead import Lead, Person, same_person
from leadrouter.domain.persons import Traces, everything_of
from leadrouter.errors import WrongUsage
from leadrouter.store import suppression
from leadrouter.store.leads import known_persons
from leadrouter.usecases.session import Session


class Suppressed:
    """Answers for the rows of one batch, in their order: whether it is of somebody who is not to be recorded."""

    def __init__(self, connection: sqlite3.Connection, rows: Sequence[Lead]) -> None:
        self._connection = connection
        self._salt = suppression.list_salt(connection)
        hidden = [disguised(form, self._salt) for row in rows for form in forms(row)]
        self._listed = [entry.person for entry in suppression.listed(connection, hidden)]
        self._came: list[Person] = []

    def __call__(self, row: Lead) -> bool:
        if not self._listed:
            return False
        coming = [disguised(form, self._salt) for form in forms(row)]
        pairs = list(product(self._listed, coming))
        if any(surely(entry, form) for entry, form in pairs):
            return True
        if any(probably(entry, form) for entry, form in pairs) and not self._is_known(row):
            return True
        self._came.append(Person.of(row))
        return False

    def _is_known(self, row: Lead) -> bool:
        """Whether somebody is recorded, or came in with this batch, who could be meant."""
        given = ([value] if value else [] for value in (row.email, row.phone))
        recorded = [known.who for known in known_persons(self._connection, *given)]
        return any(same_person(who, row) for who in (*recorded, *self._came))


def allow(session: Session, who: Person, now: datetime) -> list[int]:
    """Takes somebody off the list, by what they may come again with; returns the erased leads that it was of.

    Raises WrongUsage where nobody like that is on it.
    """
    connection = session.connection
    with session.writing() as journal:
        hidden = disguised(who, suppression.list_salt(connection))
        found = {entry.lead for entry in suppression.listed(connection, [hidden])}
        if not found:
            raise WrongUsage("nobody with this e-mail, phone or id is on the list", "write it as it was recorded")

        def traces(leads: set[int]) -> Traces:
            return {lead: suppression.entries_of(connection, lead) for lead in leads}

        def look(emails: set[str], phones: set[str], numbers: set[str]) -> Traces:
            asked = [Person(None, None, value, None) for value in emails]
            asked += [Person(None, None, None, value) for value in phones]
            asked += [Person(value, None, None, None) for value in numbers]
            return traces({entry.lead for entry in suppression.listed(connection, asked)})

        theirs = everything_of(traces(found), look).leads
        for lead in theirs:
            suppression.take_off_list(connection, lead)
            journal.record("allowed", now, lead=lead)
    return list(theirs)
