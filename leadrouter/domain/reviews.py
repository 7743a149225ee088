"""Reviews: what an agent's results say of their tier, what would earn the next one, and when coaching is due.

A move needs reviews in a row that find the true rate beyond a mark with the policy's probability; losing a tier takes
as many as getting into it, and it is one tier at a time. How results are judged is in `merit`. Nothing moves here:
moves are events, which a person applies.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from leadrouter.domain.merit import Merit
from leadrouter.domain.policy import REVIEWS, TIERS, Agent, Policy, Promotion
from leadrouter.domain.state import AgentState
from leadrouter.domain.tiers import PROBATION, tier_of

COACHING_AFTER = 2
"""Below in so many reviews in a row: coaching is due (DOMAIN section 7)."""


Finding = tuple[str, str, str]
"""What one review found: (tier, finding, verdict)."""


class Review(NamedTuple):
    """One agent's results held against the tiers.

    `tier` is the one they turn in now, `finding` one of up, down, stay, too_few, probation, and `proposed` the tier
    that it points to. `probability` is that of a true rate beyond `mark`: below it for down, else above it.
    `in_a_row` counts the reviews that found the same, this one included if it is one; `needed` of them make the move.
    `wins_needed` of the same leads would find the next tier; None if no number would.
    """

    agent: str
    tier: str
    verdict: str
    finding: str
    proposed: str
    mark: float | None = None
    probability: float | None = None
    in_a_row: int = 0
    needed: int = 0
    wins_needed: int | None = None
    below_in_a_row: int = 0

    @property
    def moves(self) -> bool:
        """Whether enough reviews in a row found it: the tier is earned, or lost."""
        return self.finding in ("up", "down") and self.in_a_row >= self.needed

    @property
    def coaching_due(self) -> bool:
        """Whether the latest reviews found the agent below the team or below their tier."""
        return self.below_in_a_row >= COACHING_AFTER


def review(agent: Agent, state: AgentState, merit: Merit | None, policy: Policy, today: str, *, is_due: bool) -> Review:
    """Holds one agent's merit (None: no mature leads) against the tiers, on a date of the team.

    `is_due`: this look counts as a review, beside those the desk remembers.
    """
    found = _found(tier_of(agent, state, policy, today), agent.id, merit, policy)

    def same(before: Finding) -> bool:
        return before[:2] == (found.tier, found.finding)

    def below(before: Finding) -> bool:
        return before[1] == "down" or before[2] == "below"

    this = (found.tier, found.finding, found.verdict)
    every = (*state.findings, this) if is_due else state.findings
    return found._replace(in_a_row=_latest(every, same), below_in_a_row=_latest(every, below))


def _latest(findings: Sequence[Finding], what: Callable[[Finding], bool]) -> int:
    """How many of the latest, without a break, are so."""
    return len(list(takewhile(what, reversed(findings))))


def _found(tier: str, agent: str, merit: Merit | None, policy: Policy) -> Review:
    if tier == PROBATION:
        return Review(agent, tier, merit.verdict if merit else "too_few", "probation", tier)
    if merit is None or merit.verdict == "too_few":
        return Review(agent, tier, "too_few", "too_few", tier)
    asked, above, under = policy.tiers, tier_above(tier), tier_below(tier)
    if under is not None:
        kept, reviews = getattr(asked, tier), getattr(asked.promote, tier).reviews
        short = 1 - merit.chance_above(kept)
        if short >= asked.confidence:
            return Review(agent, tier, merit.verdict, "down", under, kept, short, needed=reviews)
    if above is None:
        return Review(agent, tier, merit.verdict, "stay", tier, kept, 1 - short, needed=reviews)
    promotion: Promotion = getattr(asked.promote, above)
    beyond = merit.chance_above(promotion.at)
    found = ("up", above) if beyond >= asked.confidence else ("stay", tier)
    wins = _wins_needed(merit, promotion.at, asked.confidence)
    return Review(agent, tier, merit.verdict, *found, promotion.at, beyond, needed=promotion.reviews, wins_needed=wins)


def _wins_needed(merit: Merit, mark: float, confidence: float) -> int | None:
    """The fewest wins of these leads that would put the true rate above the mark; by halving, since more never hurt."""
    if merit.chance_above(mark, merit.leads) < confidence:
        return None
    low, high = 0, merit.leads
    while low < high:
        middle = (low + high) // 2
        if merit.chance_above(mark, middle) >= confidence:
            high = middle
        else:
            low = middle + 1
    return high


def tier_above(tier: str) -> str | None:
    """The next better tier, None for the best."""
    place = TIERS.index(tier)
    return TIERS[place - 1] if place else None


def tier_below(tier: str) -> str | None:
    """The next tier down, None for the last."""
    place = TIERS.index(tier) + 1
    return TIERS[place] if place < len(TIERS) else None


def next_review(last: str | None, every: str) -> str | None:
    """The date on which a review is due, so many months after the last (an ISO date); None: at once."""
    if last is None:
        return None
    day = date.fromisoformat(last)
    months = day.year * 12 + day.month - 1 + REVIEWS[every]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])).isoformat()
