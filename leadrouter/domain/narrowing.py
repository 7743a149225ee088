"""What a rule prefers: each preference keeps the candidates that fit, if there are any, and leaves the rest otherwise.

Whoever is narrowed out earns nothing for this lead. Adding a preference is a function and a row in NARROW;
`requested` and `relationship` name one person and are handled in `routing.decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from leadrouter.domain.decision import Case
from leadrouter.domain.policy import Agent

Fits = Callable[[Case, Sequence[Agent]], set[str]]


def serves(kind: str, agent: Agent, case: Case) -> bool:
    """Whether an agent serves what the lead is about: its specialty, source, language or territory."""
    match kind:
        case "specialty":
            return not set(agent.specialties).isdisjoint(case.specialties)
        case "source":
            return case.source in agent.sources
        case "language":
            return case.language in agent.languages
        case "territory":
            return not set(agent.territories).isdisjoint(case.territories)
    raise AssertionError(f"unknown kind {kind}")


def _serving(kind: str) -> Fits:
    return lambda case, agents: {agent.id for agent in agents if serves(kind, agent, case)}


def _features(case: Case, agents: Sequence[Agent]) -> set[str]:
    """Those who know most of the features the person wants."""
    known = {agent.id: len(set(agent.specialties).intersection(case.features)) for agent in agents}
    most = max(known.values(), default=0)
    return {agent for agent, count in known.items() if count == most > 0}


def _channel(case: Case, agents: Sequence[Agent]) -> set[str]:
    return {agent.id for agent in agents if case.channel in agent.channels}


def _time(case: Case, agents: Sequence[Agent]) -> set[str]:
    return {agent.id for agent in agents if agent.id not in case.off_time}


def _experience(case: Case, agents: Sequence[Agent]) -> set[str]:
    """The most experienced of them."""
    most = max((agent.experience or 0.0 for agent in agents), default=0.0)
    return {agent.id for agent in agents if (agent.experience or 0.0) == most > 0}


def _nearest(case: Case, agents: Sequence[Agent]) -> set[str]:
    """Those whose base is nearest, to the kilometre."""
    away = dict(case.kilometres)
    nearest = min((away[agent.id] for agent in agents if agent.id in away), default=None)
    return {agent.id for agent in agents if nearest is not None and away.get(agent.id) == nearest}


NARROW: dict[str, Fits] = {
    "language": _serving("language"),
    "specialty": _serving("specialty"),
    "source": _serving("source"),
    "territory": _serving("territory"),
    "features": _features,
    "channel": _channel,
    "time": _time,
    "experience": _experience,
    "nearest": _nearest,
}
