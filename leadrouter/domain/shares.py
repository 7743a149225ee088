"""What share of a rule's leads each agent may expect while everybody is present: weights over sums, as in routing.

Taken from the line-ups of routing itself, on a desk where nobody is away, full or outside their hours, so that it
cannot say anything else than what is dealt. Where a strategy serves what the lead is about, each word has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.decision import Case, LineUp, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.policy import Rule
from leadrouter.domain.routing import WITHOUT_AGENT, seats_of, tiers_of
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import AgentState
from leadrouter.domain.strategies import STRATEGIES


class Kind(NamedTuple):
    """The leads of a rule; `word` where its strategy serves one specialty, source, language or territory at a time."""

    rule: str
    word: str | None = None


Shares = dict[Kind, dict[str, Fraction]]
"""Kind of leads -> agent -> share; whoever gets none of them is left out."""


def expected_shares(policy: Rulebook, agents: Mapping[str, AgentState], now: datetime) -> Shares:
    """The shares on a date. `agents` are the states of those who are at a desk already; others join on that date."""
    desk = everybody_present(policy, agents, now)
    found: Shares = {}
    for rule in policy.policy.rules:
        if rule.then in WITHOUT_AGENT:
            continue
        for word in _words(rule, policy):
            shares = _shared(_line_up(rule, word, desk, now))
            if shares or word is None:
                found[Kind(rule.name, word)] = shares
    return found


def everybody_present(policy: Rulebook, agents: Mapping[str, AgentState], now: datetime) -> Desk:
    """A desk on which nobody is skipped but those who have left or not joined yet."""
    today = calendar.local_date(now, policy.policy.team.timezone)
    present = policy.policy._replace(
        agents=tuple(agent._replace(hours=None, time_off=()) for agent in policy.policy.agents)
    )
    desk = Desk(lambda version: Rulebook(present))
    desk.adopt(1)
    for agent in present.agents:
        known = agents.get(agent.id)
        if known is None or not known.active:
            joined = agent.joined or (today if agents else None)
            desk.agents[agent.id] = AgentState(agent.id, joined=joined)
        else:
            desk.agents[agent.id] = replace(known, open=0, day_count=0, hour_count=0, absences=(), offline_since=None)
    return desk


def _words(rule: Rule, policy: Rulebook) -> Iterable[str | None]:
    serving = STRATEGIES[rule.strategy].serving
    if serving is None:
        return (None,)
    if serving == "territory":
        return [territory.name for territory in policy.policy.territories]
    return policy.vocabulary[serving]


_ABOUT: dict[str, Callable[[Case, str], Case]] = {
    "specialty": lambda case, word: case._replace(specialties=(word,)),
    "source": lambda case, word: case._replace(source=word),
    "language": lambda case, word: case._replace(language=word),
    "territory": lambda case, word: case._replace(territories=(word,)),
}
"""What a strategy serves -> a case that is about one word of it."""


def _line_up(rule: Rule, word: str | None, desk: Desk, now: datetime) -> LineUp:
    case = Case(0, "new", "warm", "default", ())
    if word is not None:
        case = _ABOUT[STRATEGIES[rule.strategy].serving or ""](case, word)
    seats = seats_of(rule, case, desk, desk.policy, now, narrow=False)
    tiers = tiers_of(rule, desk, desk.policy, now)
    return LineUp(rule.name, rule.name, rule.strategy, seats, (), (), tiers, shares_of(seats))


def _shared(lineup: LineUp) -> dict[str, Fraction]:
    if not lineup.panel:
        return {}
    groups = lineup.tier_panel() if lineup.tiers else ((None, 1),)
    whole = sum(weight for _, weight in groups)
    found: dict[str, Fraction] = {}
    for tier, part in groups:
        members = lineup.members(tier)
        for agent, weight in members:
            found[agent] = found.get(agent, Fraction(0)) + Fraction(part * weight, whole * members.weights)
    return found


class ShareChange(NamedTuple):
    """One agent's share of one kind of leads, before and after."""

    agent: str
    kind: Kind
    before: Fraction
    after: Fraction


def share_changes(before: Shares, after: Shares, renamed: Mapping[str, str]) -> list[ShareChange]:
    """Every share that differs, kind by kind. `renamed`: old -> new name of rules that changed nothing but the name.

    A rule that was not there before took nothing from anybody by itself; what it deals now is told as new.
    """
    old = {Kind(renamed.get(kind.rule, kind.rule), kind.word): shares for kind, shares in before.items()}
    found = []
    for kind, shares in after.items():
        had = old.get(kind, {})
        for agent in dict.fromkeys((*had, *shares)):
            was, is_now = had.get(agent, Fraction(0)), shares.get(agent, Fraction(0))
            if was != is_now:
                found.append(ShareChange(agent, kind, was, is_now))
    return found
