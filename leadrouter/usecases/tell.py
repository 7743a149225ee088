"""What the calendar asks to be told, put into the outbox: the digests of the day and the report of the month.

Both are asked for again and again, by every sweep and by `notify`; the outbox keeps each once. Nothing is sent here.
"""

from __future__ import annotations

from datetime import datetime

from leadrouter.domain.journal import Journal
from leadrouter.domain.notices import Notice, timed
from leadrouter.store import policies
from leadrouter.usecases.session import Session


def due_notices(session: Session, journal: Journal, now: datetime) -> list[Notice]:
    """The notices of this day and month, whether they are in the outbox already or not."""
    if not journal.desk.policy.reached:
        return []
    return list(timed(journal.desk, now, policies.first_loaded(session.connection)))


def post_due_notices(session: Session, now: datetime) -> None:
    """The same in a transaction of its own."""
    with session.writing() as journal:
        journal.notices += due_notices(session, journal, now)
