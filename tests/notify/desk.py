"""A house whose people can be told, and what its outbox says."""

from __future__ import annotations

from typing import Any

from leadrouter.domain.policy import Agent, Policy, Team
from leadrouter.domain.telling import Channel, Notify
from leadrouter.notify.delivery import deliver
from leadrouter.store.outbox import Delivered
from tests.factories import make_agent, make_policy
from tests.usecases.house import House


def told_by(agent: str, *urls: str, **fields: Any) -> Agent:
    """An agent with these channels."""
    return make_agent(agent, notify=tuple(map(Channel, urls)), **fields)


def told_policy(*agents: Agent, leader: str | None = None, notify: Notify | None = None, **fields: Any) -> Policy:
    """A policy for these agents."""
    return make_policy(agents, team=Team(leader=leader), notify=notify or Notify(), **fields)


def send(house: House, **options: Any) -> Delivered:
    """One run of delivering at the house's moment. `environment` is empty unless it is given."""
    environment = options.pop("environment", {})
    return deliver(house.connection, house.now, environment, **options)


def outbox(house: House) -> list[tuple[str, str, str, str, int]]:
    """(kind, person, channel, state, attempts) of every notice, in order."""
    return house.connection.execute(
        "SELECT kind, person, channel, state, attempts FROM notices ORDER BY notice"
    ).fetchall()


def states(house: House) -> list[str]:
    """What became of each notice, in order."""
    return [state for _, _, _, state, _ in outbox(house)]
