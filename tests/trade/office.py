"""A small office for tests that start from YAML and a lead: real files, the real way through, no shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leadrouter.config import read_config
from leadrouter.domain.policy import Policy
from leadrouter.intake.values import lead_from_values
from leadrouter.reports import explanation
from leadrouter.store import database, queries
from leadrouter.usecases.receive import Received, receive
from leadrouter.usecases.roster import Loaded, load_policy
from leadrouter.usecases.session import Session
from leadrouter.usecases.steps import take_step
from leadrouter.usecases.sweep import Swept, sweep
from leadrouter.usecases.verdict import Verdict
from leadrouter.usecases.verify import verify

MONDAY_NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)


class Office:
    """One file and a clock that moves when told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = database.connect(folder / "leads.db", create=True)
        self.session = Session(self.connection, "tester")
        self.now = MONDAY_NOON
        self.serial = 0

    def load(self, text: str) -> Loaded:
        """Puts a configuration in force."""
        path = self.folder / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        configuration = read_config(path)
        return load_policy(self.session, configuration.policy, configuration.text, self.now)

    @property
    def policy(self) -> Policy:
        return self.session.policy.policy

    def route(self, **values: Any) -> Received:
        """Routes one lead of a new person, unless an e-mail says who it is."""
        self.serial += 1
        given = {"email": f"person{self.serial}@example.com", **values}
        given = {key: str(value) for key, value in given.items() if value is not None}
        lead = lead_from_values(given, region="MY", timezone=self.policy.team.timezone)
        return receive(self.session, [lead], self.now)[0]

    def agents(self, count: int, **values: Any) -> list[str]:
        """Who gets each of the next leads of one kind."""
        return [str(self.route(**values).state.agent) for _ in range(count)]

    def step(self, step: str, lead: int, **details: Any) -> None:
        """Takes one step of a lead by hand."""
        if step == "contact":
            details = {"channel": "call", "outcome": "reached", **details}
        take_step(self.session, step, str(lead), self.now, details=details)

    def later(self, **span: float) -> None:
        """Moves the clock."""
        self.now += timedelta(**span)

    def sweep(self) -> Swept:
        return sweep(self.session, self.now)

    def verify(self) -> Verdict:
        return verify(self.connection)

    def explain(self, lead: int) -> dict[str, Any]:
        """What `explain --json` says of a lead's latest decision."""
        history = queries.history(self.connection, lead)
        decisions = list(explanation.explained(self.connection, history))
        latest: dict[str, Any] = explanation.as_json(lead, decisions, history)["decisions"][-1]
        return latest

    def words(self, lead: int) -> str:
        """The latest decision in sentences."""
        history = queries.history(self.connection, lead)
        return " ".join(explanation.sentences(list(explanation.explained(self.connection, history))[-1], self.policy))


@contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    """An office that closes its file."""
    office = Office(folder)
    try:
        yield office
    finally:
        office.connection.close()
