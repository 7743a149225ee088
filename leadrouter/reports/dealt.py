"""How the leads of a month were dealt: due against received by rotation and over all, skips, and the mix of qualities.

Everything follows from the month's tallies and from its own leads; see `domain.fairness`.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from leadrouter.domain.fairness import TAKERS, Distribution, Line, distribution
from leadrouter.domain.months import Period
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.domain.rounds import leads as in_leads
from leadrouter.reports.cohort import mix
from leadrouter.reports.figures import divided, place, rounded
from leadrouter.store import monthly, queries
from leadrouter.store.monthly import CohortLead

HOT = "/hot"


def audit(connection: sqlite3.Connection, panels: queries.Panels, month: str, period: Period, now: str) -> Distribution:
    """The distribution audit of a month. What waits when the month ends is counted in it, and so what waits by `now`;
    in one that has not begun nothing does.
    """
    waiting = monthly.still_waiting(connection, month) if period.start <= now else []
    tallies = [*monthly.tallies(connection, month), *waiting]
    return distribution(tallies, panels, monthly.corrections(connection, period))


def largest_deviation(found: Distribution) -> float:
    """How far anybody is from what they were due, in leads, where turns decide; leads outside the turns taken out."""
    return max((abs(line.off_turn) for agents in found.lines.values() for line in agents.values()), default=0.0)


def lines(found: Distribution, policy: Policy) -> list[dict[str, Any]]:
    """Each agent in each rotation, with the keys of CONTRACT."""
    return [
        {"rotation": rotation, **_line(agent, line)}
        for rotation, agents in sorted(found.lines.items())
        for agent, line in sorted(agents.items(), key=lambda entry: place(policy, entry[0]))
    ]


def _line(agent: str, line: Line) -> dict[str, Any]:
    return {
        "tier": line.tier,
        "agent": agent,
        "due": round(in_leads(line.due), 4),
        "received": line.received,
        "difference": round(line.difference, 4),
        "explained": {word: round(leads, 4) for word, leads in line.explained.items() if leads},
        "full_share": round(in_leads(line.full_share), 4),
        "lost_to": {reason: round(in_leads(line.lost_to[reason]), 4) for reason in TAKERS},
    }


def totals(found: Distribution, leads: Sequence[CohortLead], policy: Policy) -> list[dict[str, Any]]:
    """Each agent over all rotations: fair in each must stay fair in sum, in volume, in hot leads and in their mix.

    `of_tier` is what they received over the mean of their tier, where tiers share the leads.
    """
    sums: dict[str, Line] = defaultdict(Line)
    hot: dict[str, Line] = defaultdict(Line)
    for rotation, agents in found.lines.items():
        for agent, line in agents.items():
            for total in (sums[agent], *([hot[agent]] if rotation.endswith(HOT) else [])):
                total.due += line.due
                total.received += line.received
                total.full_share += line.full_share
                total.lost_to.update(line.lost_to)
                total.tier = line.tier or total.tier
                for word, moved in line.explained.items():
                    total.explained[word] += moved
    qualities = mix([lead for lead in leads if lead.state != "void"])
    tiers: dict[str, list[int]] = defaultdict(list)
    for total in sums.values():
        if total.tier:
            tiers[total.tier].append(total.received)
    return [
        _line(agent, sums[agent]) | {
            "hot_due": round(in_leads(hot[agent].due), 4),
            "hot_received": hot[agent].received,
            "of_tier": _over_mean(sums[agent], tiers),
            **{quality: qualities[agent][quality] for quality in QUALITIES},
        }
        for agent in sorted(sums.keys() | qualities.keys(), key=lambda agent: place(policy, agent))
    ]  # fmt: skip


def _over_mean(total: Line, tiers: dict[str, list[int]]) -> float | None:
    received = tiers[total.tier] if total.tier else []
    return rounded(divided(total.received * len(received), sum(received)), 2)
