"""What `simulate` prints: what would have been, beside what was; an estimate with its interval and its assumption."""

from __future__ import annotations

from statistics import fmean, median
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.comparison import Side
from leadrouter.domain.estimate import ASSUMPTION
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.reports.wording import skip_words, span_of_minutes
from leadrouter.usecases.simulate import Simulated


def as_json(found: Simulated, policy: Policy) -> dict[str, Any]:
    """The comparison for scripts. `policy` is the one that was tried."""
    wins = found.estimate
    return {
        "from": iso(found.since),
        "to": iso(found.until),
        "leads": found.leads,
        "past_leads": found.past,
        "different": found.different,
        "forgotten": found.forgotten,
        "untried": found.untried,
        "agents": [_agent(agent, found) for agent in _agents(found, policy)],
        "sides": {"actual": _side(found.actual), "simulated": _side(found.simulated)},
        "estimate": {
            "actual": wins.actual,
            "won": round(wins.won, 1),
            "low": round(wins.low, 1),
            "high": round(wins.high, 1),
            "assumption": ASSUMPTION,
        },
        "left_out": dict(found.left_out),
        "closed_on_unknown_day": found.guessed,
    }


def _agents(found: Simulated, policy: Policy) -> list[str]:
    """Everyone who got a lead or was skipped, in the order of the roster; those who are not on it last."""
    order = [agent.id for agent in policy.agents]
    seen = {agent for side in (found.actual, found.simulated) for agent in (*side.first.values(), *side.skips)}
    return [agent for agent in order if agent in seen] + sorted(seen - set(order))


def _agent(agent: str, found: Simulated) -> dict[str, Any]:
    actual, simulated = found.actual, found.simulated
    return {
        "agent": agent,
        "actual": _first(actual, agent),
        "simulated": _first(simulated, agent),
        "peak": {"actual": actual.peak.get(agent, 0), "simulated": simulated.peak.get(agent, 0)},
        "due": {"actual": _two(actual.due.get(agent)), "simulated": _two(simulated.due.get(agent))},
        "received": {"actual": actual.received[agent], "simulated": simulated.received[agent]},
        "skipped": {"actual": dict(actual.skips.get(agent, {})), "simulated": dict(simulated.skips.get(agent, {}))},
    }


def _first(side: Side, agent: str) -> int:
    return sum(holder == agent for holder in side.first.values())


def _side(side: Side) -> dict[str, Any]:
    waited = side.waited
    return {
        "deviation": round(side.deviation, 4) if side.due else None,
        "waited_minutes": {
            "mean": round(fmean(waited), 1) if waited else None,
            "median": round(median(waited), 1) if waited else None,
            "longest": round(max(waited), 1) if waited else None,
        },
        "nobody": side.nobody,
        "taken_back": side.taken_back,
    }


def _two(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def show(found: Simulated, policy: Policy) -> None:
    """The comparison on a screen."""
    from leadrouter.reports.lines import say
    from leadrouter.reports.tables import show_table

    zone = policy.team.timezone
    first, last = wall_clock(found.since, zone, found.until), wall_clock(found.until, zone)
    opening = [
        f"{counted(found.leads, 'lead')} that came in from {first} to {last}; nothing was written.",
        f"{counted(found.different, 'lead')} would have gone to somebody else first.",
    ]
    say(*opening)
    rows = [
        [
            named(policy, agent), f"{_first(found.actual, agent):,}", f"{_first(found.simulated, agent):,}",
            f"{_first(found.simulated, agent) - _first(found.actual, agent):+,}",
            f"{found.actual.peak.get(agent, 0):,}", f"{found.simulated.peak.get(agent, 0):,}",
        ]
        for agent in _agents(found, policy)
    ]  # fmt: skip
    columns = ("agent", "was", "would be", "change", "peak was", "would be")
    show_table("whom the leads reached first, and the most held at once", columns, rows, right="_rrrrr")
    turns = [
        [named(policy, agent), *(text for side in (found.actual, found.simulated) for text in _turns(side, agent))]
        for agent in _agents(found, policy)
        if agent in found.actual.due or agent in found.simulated.due
    ]
    if turns:
        both = ("agent", "due was", "received", "due would be", "received")
        show_table("by turns, each time a lead was dealt, also anew", both, turns, right="_rrrr")
    skips = _skips(found, policy)
    if skips:
        show_table("skipped", ("agent", "since the agent", "was", "would be"), skips, right="__rr")
    show_table("all together", ("", "was", "would be"), _figures(found), right="_rr")
    say(*closing_words(found))


def _turns(side: Side, agent: str) -> tuple[str, str]:
    """What an agent was due in all rotations together, and what they received for it."""
    return (f"{side.due[agent]:.2f}", f"{side.received[agent]:,}") if agent in side.due else ("", "")


def _skips(found: Simulated, policy: Policy) -> list[list[str]]:
    """How often each agent was passed over and why, on either side."""
    was, would_be = found.actual.skips, found.simulated.skips
    return [
        [named(policy, agent), skip_words(reason), f"{was[agent][reason]:,}", f"{would_be[agent][reason]:,}"]
        for agent in _agents(found, policy)
        for reason in sorted({*was.get(agent, ()), *would_be.get(agent, ())})
    ]


def _figures(found: Simulated) -> list[list[str]]:
    sides = (found.actual, found.simulated)
    return [
        ["farthest from what was due", *(f"{side.deviation:.2f} leads" if side.due else "not known" for side in sides)],
        [
            "waited for an agent, median",
            *(span_of_minutes(median(side.waited)) if side.waited else "" for side in sides),
        ],
        ["waited for an agent, longest", *(span_of_minutes(max(side.waited)) if side.waited else "" for side in sides)],
        ["reached nobody", *(f"{side.nobody:,}" for side in sides)],
        ["taken back by a clock", *(f"{side.taken_back:,}" for side in sides)],
    ]


def closing_words(found: Simulated) -> list[str]:
    """The estimate and what it rests on, and all that could not be carried over."""
    wins = found.estimate
    low, high = f"{wins.low:,.0f}", f"{wins.high:,.0f}"
    lines = [
        f"Won: {wins.actual:,} so far; it would be about {wins.won:,.0f}, with 95 % between {low} and {high}."
        + (
            " The difference is no more than chance."
            if wins.low <= wins.actual <= wins.high and found.different
            else ""
        ),
        f"Assumed: {ASSUMPTION}. People work at the times they did, whoever has the lead; offers that were not made "
        "then are accepted at once; clocks are carried out when they strike.",
    ]
    if found.untried:
        lines.append(
            f"No contact is recorded of {found.untried:,} of {counted(found.leads, 'lead')}: in what would have been, "
            "their clocks strike as if nobody had called."
        )
    if found.past:
        lines.append(f"{counted(found.past, 'lead')} of earlier times came in when they were received.")
    if found.guessed:
        lines.append(f"{counted(found.guessed, 'lead')} closed on a day nobody knows: taken as after the usual time.")
    if found.forgotten:
        lines.append(f"Left out: {counted(found.forgotten, 'lead')} whose facts are erased.")
    if found.left_out:
        told = ", ".join(f"{kind} {times:,}" for kind, times in sorted(found.left_out.items()))
        lines.append(f"Steps that no longer fitted and were left out: {told}.")
    return lines
