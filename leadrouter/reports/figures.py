"""Small reckonings that every report shares: rounding, quotients, spans between moments, the order of agents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadrouter.domain.policy import Policy


def rounded(value: float | None, digits: int = 1) -> float | None:
    """A figure as JSON shows it; nothing to measure stays None."""
    return None if value is None else round(value, digits)


def divided(part: float, whole: float) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None


def minutes(since: str, until: str) -> float:
    """Minutes from one ISO moment to another; none where the clock was set back in between."""
    return max(0.0, (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds() / 60)


def days(since: str, until: str) -> float:
    """The same in days."""
    return minutes(since, until) / 1440


def place(policy: Policy, agent: str) -> tuple[int, str]:
    """Where an agent stands on the roster; those who have left come last."""
    order = [entry.id for entry in policy.agents]
    return (order.index(agent) if agent in order else len(order), agent)


def promised_entry(given: Sequence[int]) -> dict[str, Any]:
    """Promises in seconds, the latest last, as minutes: that one, and those that leads were given before it."""
    *earlier, latest = (seconds / 60 for seconds in given)
    return {"promised_minutes": latest, "earlier_promises": earlier}
