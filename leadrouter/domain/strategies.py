"""How one of the candidates is picked. A strategy is a row of STRATEGIES: adding one touches this file alone.

Each says how candidates are weighed, who must serve what the lead is about, who is kept, and how one is picked
among those left. All of it is pure: it reads the desk, never changes it. What a rule does instead of picking
(`then`) and what it prefers are not strategies; they stand in `routing` and `narrowing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from leadrouter.domain.decision import Case
from leadrouter.domain.policy import WEIGHT_UNIT, Agent
from leadrouter.domain.rounds import Panel

if TYPE_CHECKING:
    from leadrouter.domain.desk import Desk

FASTEST_WITHIN = 1.2
"""`fastest`: those within 20 % of the best median take turns (DOMAIN section 4)."""


SKILL_STEPS = 20
"""`hunt_group` tells skills apart to a twentieth, so that weights stay small enough to share a lead exactly."""


SKILL_UNIT = 1000
"""Skills are kept in thousandths of the shrunk index."""


class Contest(NamedTuple):
    """One pick: the lead's case, the rotation, and who is still in with which weight."""

    case: Case
    rotation: str
    panel: Panel


class Candidate(NamedTuple):
    """One agent to be weighed: `weight` in 2520ths, ramp-up applied."""

    agent: Agent
    weight: int


Weigh = Callable[[Sequence[Candidate], "Desk"], list[int]]
Keep = Callable[[Sequence[str], "Desk"], set[str]]
Pick = Callable[[Contest, "Desk"], str]


def roster_weights(candidates: Sequence[Candidate], desk: Desk) -> list[int]:
    """The agent's weight in the policy, times the ramp-up."""
    return [candidate.weight for candidate in candidates]


def most_owed(contest: Contest, desk: Desk) -> str:
    """Whoever is owed most once this lead's shares are earned.

    By `2 x credit in this rotation + credit over all rotations`, so that fair in each stays fair in sum; a tie goes
    to who has waited longest for a lead of any rotation, then by roster order (DESIGN, the ledger).
    """
    here, everywhere, turns = desk.ledger.standing(contest.rotation, contest.panel)
    agents = desk.agents
    shares = 3 * contest.panel.quantum * (turns + 1)
    best, best_owed = "", 0
    for agent, weight in contest.panel:
        owed = 2 * here[agent] + everywhere[agent] + shares * weight
        if owed > best_owed or not best or (owed == best_owed and agents[agent].last_lead < agents[best].last_lead):
            best, best_owed = agent, owed
    return best


def fast_enough(agents: Sequence[str], desk: Desk) -> set[str]:
    """Those whose median time to first contact is within 20 % of the best; unknown counts as the team's median."""
    from statistics import median  # 3 ms, and few policies ask who is fastest

    medians = {agent: median(desk.agents[agent].contacts) for agent in agents if desk.agents[agent].contacts}
    if not medians:
        return set(agents)
    every = [seconds for state in desk.agents.values() for seconds in state.contacts]
    speed = {agent: medians.get(agent, median(every)) for agent in agents}
    best = min(speed.values())
    return {agent for agent in agents if speed[agent] <= best * FASTEST_WITHIN}


def room_and_skill(candidates: Sequence[Candidate], desk: Desk) -> list[int]:
    """`hunt_group`: share follows skill x free capacity. Skill is the shrunk index of the latest review, 1 if unknown,
    times the weight in the policy.
    """
    found = []
    for agent, weight in candidates:
        state = desk.agents[agent.id]
        skill = weight * (state.skill or SKILL_UNIT) * SKILL_STEPS // (WEIGHT_UNIT * SKILL_UNIT)
        found.append(max(1, agent.capacity - state.open) * max(1, skill))
    return found


def most_room(contest: Contest, desk: Desk) -> str:
    """`least_busy`: fewest open leads relative to capacity, then who has waited longest, then roster order."""

    def load(entry: tuple[int, str]) -> tuple[float, int, int]:
        place, agent = entry
        state = desk.agents[agent]
        return state.open / desk.policy.roster[agent].capacity, state.last_lead, place

    return min(enumerate(agent for agent, _ in contest.panel), key=load)[1]


def drawn(contest: Contest, desk: Desk) -> str:
    """`random`: drawn by weight from sha256 of seed, lead and hop, so that anyone can draw again and get the same."""
    case = contest.case
    text = f"{desk.policy.policy.team.seed}/{case.lead}/{case.hops}"
    ticket = int.from_bytes(hashlib.sha256(text.encode()).digest()) % contest.panel.weights
    for agent, weight in contest.panel:
        if ticket < weight:
            return agent
        ticket -= weight
    raise AssertionError("a ticket is below the sum of the weights")


class Strategy(NamedTuple):
    """One way of distributing.

    `serving`: what candidates must serve (see `narrowing.serves`). `keep`: who stays in. `tiered`: tiers share the
    leads first. `settled` false: the weights change with every lead, so line-ups are not remembered. `reason`:
    the code that says why somebody was picked among several.
    """

    weigh: Weigh = roster_weights
    pick: Pick = most_owed
    serving: str | None = None
    keep: Keep | None = None
    tiered: bool = False
    settled: bool = True
    reason: str = "most_owed"

    @property
    def by_credit(self) -> bool:
        """Whether what agents are owed decides; otherwise only the record of due and received is kept."""
        return self.pick is most_owed


STRATEGIES: dict[str, Strategy] = {
    "round_robin": Strategy(),
    "weighted": Strategy(),
    "performance": Strategy(tiered=True),
    "specialty": Strategy(serving="specialty"),
    "source_specialist": Strategy(serving="source"),
    "territory": Strategy(serving="territory"),
    "language": Strategy(serving="language"),
    "fastest": Strategy(keep=fast_enough),
    "hunt_group": Strategy(weigh=room_and_skill, settled=False),
    "least_busy": Strategy(pick=most_room, reason="least_busy"),
    "random": Strategy(pick=drawn, reason="drawn"),
}
