"""A brokerage with results: past leads of a known mix, straight through the use cases, on a clock that moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import Agent, Policy, Rule
from leadrouter.store import desks
from leadrouter.usecases.past import keep_past
from leadrouter.usecases.tiers import Standing, standing
from tests.factories import make_agent, make_policy
from tests.usecases.house import House

TIERED = (Rule("everyone", strategy="performance"),)
CLOSES = timedelta(days=30)
"""How long after it came in a lead of earlier times was won or lost."""


def team(**tiers: str | None) -> tuple[Agent, ...]:
    """Agents by id, each with the tier written in the policy."""
    return tuple(make_agent(agent, tier=tier, capacity=100_000) for agent, tier in tiers.items())


def tiered_policy(*agents: Agent, **fields: Any) -> Policy:
    return make_policy(agents, **({"rules": TIERED} | fields))


class ResultsHouse(House):
    """A house whose agents have a past."""

    def had(
        self, agent: str | None, leads: int, won: int, *, days_ago: float = 100, source: str = "portal", **fields: Any
    ) -> None:
        """So many leads of earlier times, received one a minute until so many days ago, the wins spread evenly."""
        rows = []
        for number in range(leads):
            received = self.now - timedelta(days=days_ago) - timedelta(minutes=leads - number)
            self.came += 1
            facts = Lead(external_id=f"past-{self.came}", source=source, received_at=iso(received))
            how = "won" if (number + 1) * won // leads > number * won // leads else "lost"
            closed = min(received + CLOSES, self.now)
            rows.append(PastLead(facts, agent, how, closed_at=closed, value=100.0 if how == "won" else None))
        rows = [row._replace(facts=row.facts._replace(**fields)) for row in rows]
        assert {kept.what for kept in keep_past(self.session, rows, self.now)} <= {"new"}

    def desk(self) -> Desk:
        return desks.load_desk(self.connection)

    def standing(self, since: datetime | None = None, until: datetime | None = None) -> Standing:
        return standing(self.connection, self.desk(), self.now, since, until)

    def tiers(self) -> dict[str, str | None]:
        """The tiers that were applied."""
        return {agent: state.tier for agent, state in self.desk().agents.items()}


def differing(house: ResultsHouse, won: Iterable[int], leads: int = 300, **fields: Any) -> None:
    """Everybody on the roster had so many leads, and won these."""
    for agent, wins in zip(house.desk().policy.roster, won, strict=True):
        house.had(agent, leads, wins, **fields)
