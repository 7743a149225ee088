"""Teams whose truth is known, since they were drawn: what a judgement of them is measured against."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from leadrouter.domain.merit import Held

SOURCES = {"database": 0.5, "portal": 0.8, "website": 1.2, "referral": 2.0}
"""How well a source converts, for the same agent."""


class KnownTeam(NamedTuple):
    """What the agents held and won, and the rate that each would have in truth with the team's mix of leads."""

    held: list[Held]
    truth: dict[str, float]


def drawn_team(
    seed: int, rates: list[float], leads: tuple[int, int] = (60, 200), *, favoured: bool = True
) -> KnownTeam:
    """A team of these true rates. `favoured`: the weaker the agent, the better the sources of their leads."""
    chance = Random(seed)
    held = []
    for place, rate in enumerate(sorted(rates)):
        strong = place / (len(rates) - 1) if favoured else 0.5
        mix = [0.1 + 0.6 * strong, 0.2 + 0.2 * strong, 0.3 - 0.1 * strong, 0.4 - 0.35 * strong]
        dealt = chance.choices(list(SOURCES), mix, k=chance.randint(*leads))
        for source, factor in SOURCES.items():
            count = dealt.count(source)
            won = sum(chance.random() < min(0.95, rate * factor) for _ in range(count))
            held.append(Held(f"a{place + 1:02}", (source, "warm"), count, won))
    total = sum(entry.leads for entry in held)
    usual = sum(entry.leads * SOURCES[entry.kind[0]] for entry in held) / total
    return KnownTeam(held, {f"a{place + 1:02}": rate * usual for place, rate in enumerate(sorted(rates))})


FIFTEEN = [0.08 + 0.22 * place / 14 for place in range(15)]
"""Fifteen agents, from 8 to 30 percent."""

ALIKE = [0.16] * 15
"""Fifteen who differ by nothing."""


def rank_correlation(first: dict[str, float], second: dict[str, float]) -> float:
    """Spearman's: 1 where two figures put the agents into the same order; ties share their rank."""
    ranks = [_ranks(figures) for figures in (first, second)]
    middle = (len(first) + 1) / 2
    together = sum((ranks[0][agent] - middle) * (ranks[1][agent] - middle) for agent in first)
    alone = [sum((rank[agent] - middle) ** 2 for agent in first) for rank in ranks]
    return float(together / (alone[0] * alone[1]) ** 0.5)


def _ranks(figures: dict[str, float]) -> dict[str, float]:
    ordered = sorted(figures.values())
    return {
        agent: ordered.index(value) + (ordered.count(value) + 1) / 2  # the mean rank of equal ones
        for agent, value in figures.items()
    }
