"""Histories of a brokerage, move by move, through the use cases alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from leadrouter.domain.policy import Policy, Team
from leadrouter.domain.promises import DAY, HOUR, Reclaim
from leadrouter.errors import Refused
from leadrouter.usecases.roster import come_back, correct_credit, go_away
from tests.domain.drawn import RULES, ZONES, Move, drawn_agent, drawn_team
from tests.factories import make_agent, make_policy
from tests.usecases.house import House

MOVES = (
    "route", "route", "route", "batch", "again", "contact", "won", "lost", "void", "reopen", "transfer", "away", "back",
    "wait", "wait", "sweep", "join", "leave", "clocks", "credit", "forget",
)  # fmt: skip

moves = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 999)), min_size=5, max_size=40)

LEADER = make_agent("lena", role="leader")


def drawn_policy(seed: int, size: int) -> Policy:
    """A team of this size under rules with groups, an else and a shared rotation; half of them have a leader."""
    chance = Random(seed)
    leader = chance.random() < 0.5
    team = (*drawn_team(seed, size), *((LEADER,) if leader else ()))
    zone = chance.choice(ZONES)
    return make_policy(team, rules=RULES, team=Team(timezone=zone, leader="lena" if leader else None))


def live(house: House, history: Iterable[Move]) -> House:
    """Carries out a whole history; a step that is refused leaves everything as it was."""
    for what, number in history:
        with contextlib.suppress(Refused):
            _take(house, what, number)
    return house


def _take(house: House, what: str, number: int) -> None:
    policy = house.session.policy.policy
    someone = policy.agents[number % len(policy.agents)]
    known = house.leads()
    lead = 1 + number % max(known, 1)
    match what:
        case "route":
            house.route(quality=("hot", None)[number % 2], price=(3e6, None, None)[number % 3])
        case "batch":
            house.deal(number % 7, source=("portal", "website")[number % 2])
        case "again" if known:
            house.receive(house.person(email=f"person{lead}@example.com"))
        case "wait":
            house.wait(minutes=(7, 61, 24 * 60, 5 * 24 * 60 + 11)[number % 4])
        case "sweep":
            house.sweep()
        case "away":
            go_away(house.session, someone.id, None, ("2027-01-01", None)[number % 2], house.now)
        case "back":
            come_back(house.session, someone.id, house.now)
        case "credit" if someone.role == "agent" and len(policy.agents) > 2:
            correct_credit(house.session, someone.id, Fraction(number - 500, 60), "homes", "a test", house.now)
        case "forget":
            house.forget()
        case "join" | "leave" | "clocks":
            house.load(_changed(policy, what, number))
        case "contact" if known:
            house.contact(lead, ("reached", "no_answer")[number % 2])
        case "transfer" if known:
            house.step("transfer", lead, to=someone.id)
        case "won" | "lost" | "void" | "reopen" if known:
            house.step(what, lead)


def _changed(policy: Policy, what: str, number: int) -> Policy:
    agents = policy.agents
    if what == "join":
        return policy._replace(agents=(*agents, drawn_agent(Random(number), f"j{number:03}{len(agents)}")))
    if what == "clocks":
        hours = (1, 30, 72, None)[number % 4]
        reclaim = Reclaim(hours and hours * HOUR, (2 * DAY, None, 14 * DAY)[number % 3], number % 4)
        return policy._replace(reclaim=reclaim)
    leaver = agents[number % len(agents)]
    if leaver.role == "leader" or len(agents) < 3:
        return policy
    return policy._replace(agents=tuple(agent for agent in agents if agent is not leaver))
