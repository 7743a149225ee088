"""A brokerage with a database: every step through the use cases, on a clock that only the test moves."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from leadrouter.domain.events import Event
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import Policy
from leadrouter.domain.rounds import UNIT
from leadrouter.domain.state import AgentState, LeadState
from leadrouter.store import database, desks, queries, schema
from leadrouter.usecases.receive import Received, receive
from leadrouter.usecases.roster import Loaded, load_policy
from leadrouter.usecases.session import Session
from leadrouter.usecases.steps import take_step
from leadrouter.usecases.sweep import Swept, sweep
from leadrouter.usecases.verify import verify
from tests.factories import START, make_policy, read_event


@cache
def blank() -> sqlite3.Connection:
    """A database in memory with the schema and nothing in it, to copy from."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    schema.migrate(connection)
    connection.execute("COMMIT")
    return connection


class House:
    """A session with a policy in force: on a real file if a path is given, else on a database in memory."""

    def __init__(self, policy: Policy | None = None, path: Path | None = None, now: datetime = START) -> None:
        self.now = now
        self.path = path
        self.came = 0
        self.session = self.open()
        self.load(policy or make_policy())

    def open(self) -> Session:
        """Another session, as another process would have it (in memory: the first one)."""
        if self.path is not None:
            return Session(database.connect(self.path, create=True), "tester")
        session = Session(blank(), "tester", dry_run=True)
        session.connection.execute("PRAGMA foreign_keys = ON")
        return session

    def forget(self) -> None:
        """Goes on with a desk read from the database, as after a restart."""
        self.session = Session(self.session.connection, "tester")

    @property
    def connection(self) -> sqlite3.Connection:
        return self.session.connection

    def wait(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now

    def load(self, policy: Policy) -> Loaded:
        return load_policy(self.session, policy, "text", self.now)

    def receive(self, *rows: Lead, ids_of: str = "enquiry") -> list[Received]:
        return receive(self.session, rows, self.now, ids_of)

    def person(self, **fields: Any) -> Lead:
        """A lead of somebody who never asked before."""
        self.came += 1
        return Lead(**({"name": f"Person {self.came}", "email": f"person{self.came}@example.com"} | fields))

    def route(self, **fields: Any) -> LeadState:
        """One new lead of a new person."""
        return self.receive(self.person(**fields))[0].state

    def deal(self, count: int, **fields: Any) -> list[str | None]:
        """So many leads of new persons in one batch, and who got each."""
        return [taken.state.agent for taken in self.receive(*[self.person(**fields) for _ in range(count)])]

    def contact(self, lead: int, outcome: str = "reached", at: datetime | None = None) -> LeadState:
        return self.step("contact", lead, at, channel="call", outcome=outcome)

    def step(self, step: str, lead: int, at: datetime | None = None, **details: Any) -> LeadState:
        return take_step(self.session, step, f"id:{lead}", self.now, at=at, details=details)

    def sweep(self) -> Swept:
        return sweep(self.session, self.now)

    def leads(self) -> int:
        """How many leads there are; they are numbered from one."""
        return int(self.connection.execute("SELECT count(*) FROM leads").fetchone()[0])

    def lead(self, number: int) -> LeadState:
        """A lead as the file has it."""
        return queries.lead(self.connection, number).state

    def agent(self, agent: str) -> AgentState:
        return desks.load_desk(self.connection).agents[agent]

    def events(self) -> list[Event]:
        return events_in(self.connection)

    def kinds(self) -> Counter[str]:
        return Counter(event.kind for event in self.events())

    def credits(self, rotation: str = "everyone") -> dict[str, float]:
        """What each agent is owed, in leads."""
        rows = self.connection.execute("SELECT agent, credit FROM rotations WHERE rotation = ?", (rotation,))
        return {agent: credit / UNIT for agent, credit in rows}

    def problems(self) -> list[str]:
        """What `verify` finds."""
        return verify(self.connection).problems


def events_in(connection: sqlite3.Connection) -> list[Event]:
    """The whole chain of a database."""
    columns = "seq, at, kind, lead, agent, by, policy, engine, data, facts"
    return [read_event(row) for row in connection.execute(f"SELECT {columns} FROM events ORDER BY seq")]
