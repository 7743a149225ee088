"""Deciding alone: how fast `decide` is, and how fair its turns are beside the ways other systems take turns."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from leadrouter.domain.classify import classify
from leadrouter.domain.routing import decide
from leadrouter.domain.state import LeadState
from tests.benchmarks.measure import Figure
from tests.domain import test_streams as streams
from tests.domain.test_streams import Distance
from tests.factories import Branch, make_lead, make_policy

DECISIONS = 20_000
LEADS = 5_000
SEEDS = range(3)


def figures(folder: Path, full: bool) -> Iterator[Figure]:
    """classify and decide for one lead, against the bare arithmetic of whoever is owed most."""
    for agents in (15, 200):
        branch, facts = Branch(make_policy(agents)), make_lead()
        desk = branch.desk
        started = time.process_time()
        for number in range(DECISIONS):
            decide(classify(facts, LeadState(number), desk.policy, branch.now, "new"), desk, desk.policy, branch.now)
        ours = DECISIONS / (time.process_time() - started)
        bare = _bare(agents)
        what = f"decisions a second, {agents} agents"
        yield Figure(what, f"{ours:,.0f}", f"the bare turn {bare:,.0f}", bare / ours)


def _bare(agents: int) -> float:
    """Turns a second of the plainest loop that takes fair turns."""
    owed = dict.fromkeys(range(agents), 0)
    started = time.process_time()
    for _ in range(DECISIONS):
        for agent in owed:
            owed[agent] += 1
        owed[max(owed, key=owed.__getitem__)] -= agents
    return DECISIONS / (time.process_time() - started)


# --- fairness ---------------------------------------------------------------------------------------------------

Pick = Callable[[list[str], dict[str, int], Random], str]


def fairness(folder: Path, full: bool) -> Iterator[Figure]:
    """The largest distance between received and due, through the real pipeline; the budget is 1.1 x "most owed" of a
    prototype, as leads. Beside it what pointer, chance and fewest leads do to the same stream."""
    for stream, prototype in STREAMS.items():
        ours = [Distance(stream(Random(seed), LEADS)) for seed in SEEDS]
        worst = sum(distance.in_one for distance in ours) / len(ours)
        others = ", ".join(f"{name} {_distance(stream, pick):.1f}" for name, pick in OTHERS.items())
        yield Figure(stream.__name__.replace("_", " "), "leads away", others, worst, round(1.1 * prototype, 2))


STREAMS: dict[streams.Stream, float] = {
    streams.five_equal: 0.80,
    streams.twelve_with_weights: 0.90,
    streams.shared_territories: 1.06,
    streams.a_random_half: 1.00,
    streams.two_weeks_off_each: 0.98,
    streams.time_off_and_capacity: 1.32,
    streams.four_joiners: 0.91,
}
"""Stream -> the distance that PERFORMANCE measured for a prototype of taking turns by what is owed."""


def _pointer() -> Pick:
    """The next one in a fixed circle who is able to take it."""
    circle: list[str] = []
    last = [-1]

    def pick(able: list[str], had: dict[str, int], chance: Random) -> str:
        circle.extend(agent for agent in able if agent not in circle)
        while True:
            last[0] = (last[0] + 1) % len(circle)
            if circle[last[0]] in able:
                return circle[last[0]]

    return pick


OTHERS: dict[str, Callable[[], Pick]] = {
    "pointer": _pointer,
    "chance": lambda: lambda able, had, chance: chance.choice(able),
    "fewest": lambda: lambda able, had, chance: min(able, key=lambda agent: had[agent]),
}


def _distance(stream: streams.Stream, make: Callable[[], Pick]) -> float:
    pick, had, chance = make(), defaultdict[str, int](int), Random(1)

    def dealt() -> Iterator[streams.Dealt]:
        for rotation, shares, _ in stream(Random(0), LEADS):
            winner = pick(list(shares), had, chance)
            had[winner] += 1
            yield rotation, shares, winner

    return Distance(dealt()).in_one
