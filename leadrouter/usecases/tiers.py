"""Results and tiers: judging everybody by their mature leads, recording a review, and moving who has earned it.

Looking writes nothing. A review and its moves are events with the figures they rest on; a person may put an agent
into a tier by hand, with a reason. How results are judged is in `domain.merit`, what they mean in `domain.reviews`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.geography import territories_of
from leadrouter.domain.maturity import KNOWN_FROM
from leadrouter.domain.merit import Held, Merit, TeamMerit, judge
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Agent, Policy
from leadrouter.domain.reviews import Review, next_review, review
from leadrouter.domain.speech import counted
from leadrouter.domain.strategies import SKILL_UNIT
from leadrouter.domain.tiers import standing_tier
from leadrouter.errors import Refused
from leadrouter.store import results
from leadrouter.store.results import EVER, Window
from leadrouter.usecases.session import Session, roster_agent

END = "9999"
"""Later than every moment in the file."""

USUAL_DAYS = 60
"""How long a lead takes to mature while fewer than KNOWN_FROM wins have a date: as long as the slower trades need
(DOMAIN section 7: medians from 15 to 61 days).
"""


class Maturity(NamedTuple):
    """Leads are judged from the age of `days`; `wins` with a date say so, unless they are fewer than KNOWN_FROM."""

    days: int
    wins: int

    @property
    def learned(self) -> bool:
        """Whether the days are the team's own."""
        return self.wins >= KNOWN_FROM


class Standing(NamedTuple):
    """How everybody stands: `since` to `until` bound when judged leads came in (None: a review's own choice).

    `leads` and `won` count each mature lead once, `counts` for each who held it; `young` are those not yet mature, as
    agent -> (leads, won so far). `reviewed_on` and `due_on` are the team's dates of the last and the next review, None
    before the first.
    """

    at: datetime
    since: datetime | None
    until: datetime | None
    maturity: Maturity
    leads: int
    won: int
    counts: tuple[results.Count, ...]
    merit: TeamMerit
    reviews: tuple[Review, ...]
    young: Mapping[str, tuple[int, int]]
    reviewed_on: str | None
    due_on: str | None
    is_due: bool

    def merit_of(self, agent: str) -> Merit | None:
        """An agent's merit; None without mature leads."""
        return self.merit.agents.get(agent)


class Move(NamedTuple):
    """An agent who has another tier now."""

    agent: str
    before: str
    after: str


def standing(
    connection: sqlite3.Connection,
    desk: Desk,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Standing:
    """How everybody stands: by the leads that a review reads, or by those that came in between two moments."""
    policy = desk.policy.policy
    maturity = _maturity(connection, policy.tiers.mature)
    mature = now - timedelta(days=maturity.days) + timedelta(seconds=1)
    end = iso(min(mature, until) if until else mature)
    if since is None and until is None:
        window = Window(EVER, end, iso(now - timedelta(seconds=policy.tiers.within)), policy.tiers.leads)
    else:
        window = Window(iso(since) if since else EVER, end, EVER)
    counts = tuple(results.held(connection, window, by_place="territory" in policy.tiers.adjust_for))
    team = judge((Held(c.agent, _kind(c, policy), c.leads, c.won) for c in counts), policy.tiers.leads)
    today = calendar.local_date(now, policy.team.timezone)
    reviewed_on, due_on = _last_review(desk, policy)
    is_due = due_on is None or due_on <= today
    reviews = tuple(
        review(agent, desk.agents[agent.id], team.agents.get(agent.id), policy, today, is_due=is_due)
        for agent in reviewed_agents(desk)
    )
    young = _young(connection, Window(max(end, window.since), iso(until) if until else END, EVER))
    leads, won = results.totals(connection, window)
    return Standing(now, since, until, maturity, leads, won, counts, team, reviews, young, reviewed_on, due_on, is_due)


def _young(connection: sqlite3.Connection, window: Window) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for count in results.held(connection, window):
        leads, won = found.get(count.agent, (0, 0))
        found[count.agent] = (leads + count.leads, won + count.won)
    return found


def figures_window(standing: Standing, desk: Desk) -> tuple[datetime, datetime]:
    """Which leads the figures beside a standing are about: the same window, or all that a review looks back on."""
    back = standing.at - timedelta(seconds=desk.policy.policy.tiers.within)
    return standing.since or back, standing.until or standing.at + timedelta(seconds=1)


def reviewed_agents(desk: Desk) -> list[Agent]:
    """Those whose results are reviewed: the active agents of the roster, in the order of turns; no leader, no ISA."""
    return [agent for agent in desk.policy.roster.values() if agent.role == "agent" and desk.agents[agent.id].active]


def _maturity(connection: sqlite3.Connection, share: float) -> Maturity:
    wins, days = results.days_to_close(connection, share)
    return Maturity(ceil(days) if days is not None and wins >= KNOWN_FROM else USUAL_DAYS, wins)


def _kind(count: results.Count, policy: Policy) -> tuple[str, ...]:
    words = {"source": count.source, "quality": count.quality}
    if "territory" in policy.tiers.adjust_for:
        words["territory"] = "+".join(territories_of(count.place, policy.territories)) or "(none)"
    return tuple(words[word] for word in policy.tiers.adjust_for)


def _last_review(desk: Desk, policy: Policy) -> tuple[str | None, str | None]:
    """The team's dates of the last review and of the next."""
    last = max((state.reviewed_at for state in desk.agents.values() if state.reviewed_at), default=None)
    if last is None:
        return None, None
    date = calendar.local_date(datetime.fromisoformat(last), policy.team.timezone)
    return date, next_review(date, policy.tiers.review)


# --- writing --------------------------------------------------------------------------------------------------


def apply_review(session: Session, now: datetime) -> tuple[Standing, list[Move]]:
    """Records the review that is due, one event for each agent, and the moves that are earned.

    Raises Refused where none is due yet, or where nobody has enough leads to be judged.
    """
    with session.writing() as journal:
        found = standing(session.connection, journal.desk, now)
        if not found.is_due:
            hint = f"the next is due on {found.due_on}; before that, by hand: leadrouter tiers --set AGENT=TIER"
            raise Refused(f"results were reviewed on {found.reviewed_on}", hint)
        if all(entry.verdict == "too_few" for entry in found.reviews):
            least = journal.desk.policy.policy.tiers.leads
            old = f"{counted(least, 'lead')} older than {counted(found.maturity.days, 'day')}"
            raise Refused(f"nobody has {old} to be judged by", "see how many there are with: leadrouter tiers")
        moves = []
        for entry in found.reviews:
            figures = _figures(entry, found.merit_of(entry.agent))
            journal.record("reviewed", now, agent=entry.agent, data=figures)
            if entry.moves:
                data = {"from": entry.tier, "to": entry.proposed, "reviews": entry.in_a_row, **figures}
                journal.record("tier_moved", now, agent=entry.agent, data=data)
                moves.append(Move(entry.agent, entry.tier, entry.proposed))
        return found, moves


def _figures(entry: Review, merit: Merit | None) -> dict[str, Any]:
    """What a review rests on. Skill is kept of those who can be judged; what is unknown is left out."""
    data: dict[str, Any] = {"tier": entry.tier, "finding": entry.finding, "verdict": entry.verdict}
    if merit is not None:
        figures = ("expected", "index", "rate", "low", "high")
        data |= {"leads": merit.leads, "won": merit.won}
        data |= {name: round(getattr(merit, name), 4) for name in figures}
        if merit.verdict != "too_few":
            data["skill"] = max(1, round(merit.index * SKILL_UNIT))
    if entry.mark is not None and entry.probability is not None:
        data |= {"mark": entry.mark, "probability": round(entry.probability, 4)}
    return data


def set_tier(session: Session, name: str, tier: str, reason: str, now: datetime) -> Move:
    """Puts an agent into a tier by hand. The reason is kept beside the event. Raises Refused where it is theirs."""
    with session.writing() as journal:
        policy = journal.desk.policy
        agent = roster_agent(policy.policy, name)
        state = journal.desk.agents[agent]
        before = standing_tier(policy.roster[agent], state)
        if state.tier == tier:
            raise Refused(f"{named(policy.policy, agent)} is in tier {tier} already", "name another tier")
        journal.record("tier_set", now, agent=agent, data={"from": before, "to": tier}, note=reason)
        return Move(agent, before, tier)
