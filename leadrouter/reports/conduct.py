"""What happened around the leads of a month: offers, reclaims, escalations, ratings, complaints, decisions by hand.

Counted by when it happened, whatever month the lead came in.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain.events import iso
from leadrouter.domain.metrics import mean_and_median
from leadrouter.domain.months import Period
from leadrouter.domain.policy import Policy
from leadrouter.reports.figures import days, divided, place, rounded
from leadrouter.store import monthly
from leadrouter.store.monthly import Happened

OFFERS = ("offered", "accepted", "declined", "expired")
MOVED = ("reclaimed", "escalated", "released", "taken_offline")
OVERRIDES = ("transferred", "credited", "reopened", "tier_set", "handed_off")


def acceptance(happened: Iterable[Happened], policy: Policy) -> list[dict[str, Any]]:
    """Per agent: offers made, accepted, declined (with the reasons as codes), expired; the share accepted of those
    answered or lapsed."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for event in happened:
        agent = event.agent or ""
        if event.kind in OFFERS:
            counts[agent][event.kind] += 1
        if event.kind == "declined":
            reasons[agent][str(event.data["reason"])] += 1
    return [
        {
            "agent": agent,
            **{kind: counts[agent][kind] for kind in OFFERS},
            "rate": rounded(divided(counts[agent]["accepted"], sum(counts[agent][kind] for kind in OFFERS[1:])), 4),
            "reasons": dict(sorted(reasons[agent].items())),
        }
        for agent in sorted(counts, key=lambda agent: place(policy, agent))
    ]


def moved(happened: Iterable[Happened], policy: Policy) -> dict[str, dict[str, dict[str, int]]]:
    """By kind, then agent, then reason: leads taken back, leader told, leads given up, agents taken offline."""
    found: dict[str, dict[str, Counter[str]]] = {kind: defaultdict(Counter) for kind in MOVED}
    for event in happened:
        if event.kind in MOVED:
            reason = str(event.data["reason"]) if event.kind in ("reclaimed", "escalated") else event.kind
            found[event.kind][event.agent or ""][reason] += 1
    return {
        kind: {
            agent: dict(sorted(agents[agent].items())) for agent in sorted(agents, key=lambda name: place(policy, name))
        }
        for kind, agents in found.items()
    }


def overrides(happened: Iterable[Happened]) -> list[dict[str, Any]]:
    """What people decided against the turns or the checklist: who did it, for whom, what."""
    return [
        {
            "event": event.event,
            "what": event.kind,
            "lead": event.lead,
            "agent": event.agent,
            "by": event.by,
            "reason": event.data.get("reason"),
        }
        for event in happened
        if event.kind in OVERRIDES and _by_a_person(event)
    ]


def _by_a_person(event: Happened) -> bool:
    """Whether an event was an override: a complete hand-off is none, nor what the sweep does for time off."""
    return "missing" in event.data if event.kind == "handed_off" else event.data.get("reason") != "time_off"


def satisfaction(scores: dict[str, dict[int, int]], policy: Policy) -> list[dict[str, Any]]:
    """Per agent: how often they were rated, the mean, and how many ratings were 1 or 2."""
    return [
        {
            "agent": agent,
            "ratings": sum(given.values()),
            "mean": rounded(divided(sum(score * times for score, times in given.items()), sum(given.values())), 2),
            "low": given.get(1, 0) + given.get(2, 0),
        }
        for agent, given in sorted(scores.items(), key=lambda entry: place(policy, entry[0]))
    ]


def complaints(
    connection: sqlite3.Connection, period: Period, happened: Iterable[Happened], policy: Policy, now: datetime
) -> list[dict[str, Any]]:
    """Per agent: complaints made and answered in the month; those open now that were made before its end, and the age
    of the oldest in days."""
    made: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for event in happened:
        made[event.agent or ""] += event.kind == "complained"
        answered[event.agent or ""] += event.kind == "complaint_answered"
    open_: dict[str, list[str]] = defaultdict(list)
    for complaint in monthly.open_complaints(connection, period.end):
        open_[complaint.agent].append(complaint.at)
    agents = {agent for agent in made if made[agent] or answered[agent]} | open_.keys()
    return [
        {
            "agent": agent,
            "made": made[agent],
            "answered": answered[agent],
            "open": len(open_[agent]),
            "oldest_days": rounded(days(min(open_[agent]), iso(now))) if open_[agent] else None,
        }
        for agent in sorted(agents, key=lambda agent: place(policy, agent))
    ]


def told(waits: Mapping[str, list[float]]) -> list[dict[str, Any]]:
    """Per agent: how long it took until they knew of what they were given, in minutes."""
    return [
        {
            "agent": agent,
            "notices": len(minutes),
            "mean_minutes": rounded(mean_and_median(minutes)[0]),
            "median_minutes": rounded(mean_and_median(minutes)[1]),
            "longest_minutes": rounded(max(minutes)),
        }
        for agent, minutes in waits.items()
    ]
