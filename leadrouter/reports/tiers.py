"""`tiers` as data, with the keys of CONTRACT: each agent's numbers, verdict, tier, proposal and path, and the team's.

Rendered by `tiers_tables`; nothing here is printed, and nothing of a person is in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain import calendar
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.merit import ERROR_RATE
from leadrouter.domain.policy import WEIGHT_UNIT, Policy
from leadrouter.domain.reviews import Review
from leadrouter.domain.routing import tiers_of
from leadrouter.domain.tiers import caps_bite
from leadrouter.reports.paths import path
from leadrouter.store.desks import load_desk
from leadrouter.usecases import results
from leadrouter.usecases.results import NO_WORK, AgentWork, Member, Mix
from leadrouter.usecases.tiers import Move, Standing, figures_window


def tiers_report(connection: sqlite3.Connection, desk: Desk, standing: Standing) -> dict[str, Any]:
    """Everything that `tiers` shows. `rate`, `low` and `high` are the adjusted, shrunk rate and its 95 % interval."""
    policy = desk.policy.policy
    since, until = figures_window(standing, desk)
    did = results.work(connection, since, until, standing.at)
    agents = [agent_entry(entry, desk, standing, did.get(entry.agent, NO_WORK)) for entry in standing.reviews]
    return {
        "team": policy.team.name,
        "at": iso(standing.at),
        "leads": standing.leads,
        "won": standing.won,
        "rate": rounded(standing.won / standing.leads if standing.leads else None),
        "mature_days": standing.maturity.days,
        "dated_wins": standing.maturity.wins,
        "adjusted_for": list(policy.tiers.adjust_for),
        "error_rate": ERROR_RATE,
        "confidence": policy.tiers.confidence,
        "review": {"last": standing.reviewed_on, "next": standing.due_on, "due": review_due(standing)},
        "coaching": [entry.agent for entry in standing.reviews if entry.coaching_due],
        "agents": agents,
        "capped": capped(desk, standing.at),
        "mix": [mix_entry(mix) for mix in results.mix_by_tier(connection, desk, since, until)],
        "figures": days_of(since, until, policy),
        "pledge": pledge_entry(desk, results.pledged(connection, desk, did, since, until)),
    }


def days_of(since: datetime, until: datetime, policy: Policy) -> dict[str, str]:
    """The first and the last day of the team between two moments, the later one exclusive."""
    last = calendar.local_date(until - timedelta(seconds=1), policy.team.timezone)
    return {"from": calendar.local_date(since, policy.team.timezone), "to": last}


def review_due(standing: Standing) -> bool:
    """Whether a review would say something: its time has come, and somebody has leads enough."""
    return standing.is_due and any(entry.verdict != "too_few" for entry in standing.reviews)


def agent_entry(entry: Review, desk: Desk, standing: Standing, did: AgentWork) -> dict[str, Any]:
    """One agent's line."""
    policy, merit = desk.policy.policy, standing.merit_of(entry.agent)
    today = calendar.local_date(standing.at, policy.team.timezone)
    young = standing.young.get(entry.agent, (0, 0))
    return {
        "agent": entry.agent,
        "leads": merit.leads if merit else 0,
        "won": merit.won if merit else 0,
        "expected": rounded(merit.expected if merit else None, 2),
        "raw_rate": rounded(merit.won / merit.leads if merit else None),
        "rate": rounded(merit.rate if merit else None),
        "low": rounded(merit.low if merit else None),
        "high": rounded(merit.high if merit else None),
        "index": rounded(merit.index if merit else None, 3),
        "verdict": entry.verdict,
        "tier": entry.tier,
        "proposed": entry.proposed,
        "finding": entry.finding,
        "mark": entry.mark,
        "probability": rounded(entry.probability),
        "reviews": {"found": entry.in_a_row, "needed": entry.needed} if entry.needed else None,
        "coaching_due": entry.coaching_due,
        "path": path(entry, merit, desk.policy.roster[entry.agent], desk.agents[entry.agent], policy, today),
        "young": {"leads": young[0], "won": young[1]},
        "figures": figures_entry(did),
    }


def figures_entry(did: AgentWork) -> dict[str, Any]:
    """The five figures of an agent's window, mature or not."""
    return {
        "leads": did.leads,
        "won": did.won,
        "conversion": rounded(did.conversion),
        "contact_minutes": rounded(did.all_promises.median_minutes, 1),
        "contacted_in_sla": rounded(did.all_promises.rate),
        "promises": did.all_promises.made,
        "kept": did.all_promises.kept,
        "appointments": did.appointments,
        "appointment_rate": rounded(did.appointment_rate),
        "average_deal": rounded(did.deal, 2),
    }


def mix_entry(mix: Mix) -> dict[str, Any]:
    """What one tier was dealt; also for the monthly report."""
    return {"tier": mix.tier, "leads": mix.leads, "qualities": dict(mix.qualities), "sources": dict(mix.sources)}


def capped(desk: Desk, now: datetime) -> list[dict[str, Any]]:
    """The rules whose tiers are so crowded that the shares had to be capped, with what each tier is due instead."""
    found = []
    for rule in desk.policy.policy.rules:
        tiers = tiers_of(rule, desk, desk.policy, now)
        if caps_bite({tier.tier: len(tier.agents) for tier in tiers}, desk.policy.policy):
            due = {tier.tier: round(tier.weight / WEIGHT_UNIT, 4) for tier in tiers}
            found.append({"rule": rule.name, "heads": {tier.tier: len(tier.agents) for tier in tiers}, "due": due})
    return found


def pledge_entry(desk: Desk, members: Iterable[Member]) -> dict[str, Any]:
    """The pledge: its group, and of each member the promises and what leaving would change."""
    return {
        "group": desk.policy.policy.pledge.group,
        "members": [
            {
                "agent": member.agent,
                "promises": member.promises.made,
                "kept": member.promises.kept,
                "missed": member.promises.made - member.promises.kept,
                "rate": rounded(member.promises.rate),
                "leaving": [
                    {
                        "rule": lost.rule.rule,
                        "share": round(lost.rule.share, 4),
                        "others": lost.rule.others,
                        "leads": lost.mine,
                        "of": lost.all,
                    }
                    for lost in member.leaving
                ],
            }
            for member in members
        ],
    }


def applied_report(
    connection: sqlite3.Connection, standing: Standing, moves: Iterable[Move], *, dry_run: bool
) -> dict[str, Any]:
    """What `tiers --apply` did: the figures it rests on, and the moves; the tiers are those from before."""
    desk = load_desk(connection)
    agents = [agent_entry(entry, desk, standing, NO_WORK) for entry in standing.reviews]
    for entry in agents:
        del entry["figures"]  # of a window, and nothing that a review rests on
    return {"at": iso(standing.at), "dry_run": dry_run, "applied": applied_entry(moves), "agents": agents}


def applied_entry(moves: Iterable[Move]) -> list[dict[str, str]]:
    """What `tiers --apply` moved."""
    return [{"agent": move.agent, "from": move.before, "to": move.after} for move in moves]


def rounded(value: float | None, digits: int = 4) -> float | None:
    """A figure as JSON shows it; None stays."""
    return None if value is None else round(value, digits)


def called(report: Mapping[str, Any], verdict: str) -> list[str]:
    """The agents with this verdict."""
    return [entry["agent"] for entry in report["agents"] if entry["verdict"] == verdict]
