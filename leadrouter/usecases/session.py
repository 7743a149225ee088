"""A session: one connection, the desk on top of it, and the journal of what this process makes happen.

Every writing step goes through `writing()`. The desk is kept between transactions and loaded anew only if
another process has written meanwhile. No step is taken here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from leadrouter.domain.journal import Journal
from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import Rulebook
from leadrouter.errors import NoDatabase, WrongUsage
from leadrouter.store import database, desks, transactions
from leadrouter.store.leads import new_salt


class Session:
    """What a command needs to write. `by` is who did it, as the events will say; `told` counts the notices that were
    put into the outbox. With `gives_way` others have the lock first.
    """

    def __init__(self, connection: sqlite3.Connection, by: str, *, dry_run: bool = False) -> None:
        self.connection = database.rehearsal(connection) if dry_run else connection
        self.by = by
        self.told = 0
        self.gives_way = False
        self._journal: Journal | None = None

    @contextmanager
    def writing(self, *, first_policy: bool = False) -> Iterator[Journal]:
        """One transaction: lock, desk, the caller's events, save, commit. Either all of it is in the file or none."""
        try:
            with transactions.writing(self.connection, gives_way=self.gives_way):
                journal = self._current()
                if journal.desk.version == 0 and not first_policy:
                    raise NoDatabase("no policy has been loaded yet", "load one with: leadrouter load CONFIG")
                yield journal
                told = len(journal.notices)
                desks.save(self.connection, journal)
            self.told += told
        except BaseException:
            self._journal = None
            raise

    @property
    def policy(self) -> Rulebook:
        """The policy that the latest transaction worked under, or the one in force before the first."""
        return (self._journal.desk if self._journal else desks.load_desk(self.connection)).policy

    def _current(self) -> Journal:
        head = desks.read_head(self.connection)
        if self._journal is None or self._journal.head != head:
            desk = desks.load_desk(self.connection)
            self._journal = Journal(desk, head, self.by, lambda key: desks.find_panel(self.connection, key), new_salt)
        self._journal.desk.leads.clear()
        return self._journal


def roster_agent(policy: Policy, name: str) -> str:
    """The id of the agent meant: an id on the roster, a name, or words of a name that only one agent has.

    Raises WrongUsage with those it may be, or the nearest one.
    """
    known = [agent.id for agent in policy.agents]
    if name in known:
        return name
    from leadrouter.domain.naming import agent_like, agents_meant

    hits = agents_meant(name, policy.agents)
    if len(hits) == 1:
        return hits[0].id
    if hits:
        listed = ", ".join(f"{agent.id} ({agent.name})" for agent in hits)
        raise WrongUsage(f"{name} may be any of {len(hits)} agents", f"say which: {listed}")
    like = agent_like(name, policy.agents)
    guess = f"did you mean {like.id}? " if like else ""
    raise WrongUsage(f"no agent {name} on the roster", f"{guess}known: {', '.join(known)}")
