"""A busy brokerage, from a seed: every step that a lead's state allows, under policies with every clock there is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from leadrouter.domain.lifecycle import allowed
from leadrouter.errors import Refused, WrongUsage
from leadrouter.usecases.drafts import DECLINE_REASONS
from leadrouter.usecases.roster import come_back, go_away
from tests.usecases.house import House
from tests.usecases.test_any_way import BEFORE_CLOCK_CHANGES, drawn_policy

DETAILS: dict[str, Callable[[Random, str], dict[str, Any]]] = {
    "contact": lambda chance, agent: {"channel": "call", "outcome": chance.choice(["reached", "no_answer"])},
    "decline": lambda chance, agent: {"reason": chance.choice(DECLINE_REASONS)},
    "extend": lambda chance, agent: {"days": chance.randint(1, 4)},
    "won": lambda chance, agent: {"value": 1000.0 * chance.randint(1, 9)},
    "handoff": lambda chance, agent: {"met": [], "override": True},
    "touch": lambda chance, agent: {"intent": chance.choice(["yes", "no"])},
    "rate": lambda chance, agent: {"score": chance.randint(1, 5)},
    "claim": lambda chance, agent: {"agent": agent},
    "request": lambda chance, agent: {"agent": agent},
    "transfer": lambda chance, agent: {"to": agent},
}
"""What a step needs to be told."""


OFTEN = ("accept", "decline", "contact", "appointment", "claim", "handoff")


def busy_house(seed: int, moves: int = 80) -> House:
    """So many moves: a third of them leads that come in, a third steps, a third time, sweeps and people's absences."""
    chance = Random(seed)
    zone = chance.choice(sorted(BEFORE_CLOCK_CHANGES))
    house = House(drawn_policy(chance, zone), now=chance.choice(BEFORE_CLOCK_CHANGES[zone]))
    for _ in range(moves):
        with contextlib.suppress(Refused, WrongUsage):
            _move(house, chance, zone)
    return house


def _move(house: House, chance: Random, zone: str) -> None:
    agents = house.session.policy.policy.agents
    agent = chance.choice(agents).id
    what = chance.random()
    if what < 0.3 or not house.leads():
        quality, intent = chance.choice(["hot", "cold", None, None]), chance.choice(["buyer", None])
        house.deal(chance.randint(1, 3), quality=quality, intent=intent)
    elif what < 0.65:
        lead = house.lead(chance.randint(1, house.leads()))
        steps = [step for step in allowed(lead) if step != "edit"]
        (step,) = chance.choices(steps, [5 if step in OFTEN else 1 for step in steps])
        late = timedelta(minutes=chance.choice([0, chance.randint(0, 90)]))
        details = DETAILS[step](chance, agent) if step in DETAILS else {}
        house.step(step, lead.lead, house.now - late, **details)
    elif what < 0.85:
        house.wait(minutes=chance.choice([1, 4, 16, 31, 121, 6 * 60, 24 * 60, 3 * 24 * 60]))
        if chance.random() < 0.7:
            house.sweep()
    elif what < 0.93:
        house.receive(house.person(email=f"person{chance.randint(1, house.came)}@example.com"))
    elif what < 0.96:
        until = chance.choice([None, (house.now + timedelta(days=2)).date().isoformat()])
        go_away(house.session, agent, None, until, house.now)
    elif what < 0.98:
        come_back(house.session, agent, house.now)
    else:
        house.load(drawn_policy(chance, zone))
