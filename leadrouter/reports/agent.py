"""`report agent`: what one agent may see, and what one can hand to them. Own numbers and the team's sums alone.

The same figures as `tiers`, with the mix they come from. Nothing of a lead's person is in it; decides nothing.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from leadrouter.domain import calendar
from leadrouter.domain.desk import Desk
from leadrouter.domain.policy import QUALITIES
from leadrouter.reports.figures import promised_entry
from leadrouter.reports.tiers import agent_entry, days_of, figures_entry, pledge_entry, rounded
from leadrouter.store.results import Count
from leadrouter.usecases import results
from leadrouter.usecases.results import NO_WORK, AgentWork
from leadrouter.usecases.tiers import Standing, figures_window


def agent_report(connection: sqlite3.Connection, desk: Desk, standing: Standing, agent: str) -> dict[str, Any]:
    """The whole report. Who is not reviewed (a leader, an inside sales agent) has figures and first contacts alone."""
    policy = desk.policy.policy
    since, until = figures_window(standing, desk)
    work = results.work(connection, since, until, standing.at, agent)
    did = work.get(agent, NO_WORK)
    entry = next((entry for entry in standing.reviews if entry.agent == agent), None)
    pledge = pledge_entry(desk, results.pledged(connection, desk, {agent: did}, since, until))
    return {
        "agent": agent,
        "name": desk.policy.roster[agent].name,
        "team": policy.team.name,
        "date": calendar.local_date(standing.at, policy.team.timezone),
        "mature_days": standing.maturity.days,
        "mature_share": policy.tiers.mature if standing.maturity.learned else None,
        "adjusted_for": list(policy.tiers.adjust_for),
        "team_result": {
            "leads": standing.leads,
            "won": standing.won,
            "rate": rounded(standing.won / standing.leads if standing.leads else None),
            "rate_per_holder": rounded(standing.merit.rate),
        },
        "review": {"last": standing.reviewed_on, "next": standing.due_on},
        "result": agent_entry(entry, desk, standing, did) if entry else None,
        "mix": {
            "quality": _cut(standing, agent, lambda count: count.quality),
            "source": _cut(standing, agent, lambda count: count.source),
        },
        "period": days_of(since, until, policy),
        "figures": figures_entry(did),
        "contacts": _contacts(did),
        "target": policy.sla.target,
        "pledge": {
            "group": pledge["group"],
            "member": next((member for member in pledge["members"] if member["agent"] == agent), None),
        },
    }


def _cut(standing: Standing, agent: str, name_of: Callable[[Count], str]) -> list[dict[str, Any]]:
    """The agent's mature leads by one property, largest first, each beside the rate of all who held such leads."""
    own: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    everybody: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for count in standing.counts:
        for counted in (everybody, own) if count.agent == agent else (everybody,):
            counted[name_of(count)][0] += count.leads
            counted[name_of(count)][1] += count.won
    return [
        {
            "name": name,
            "leads": leads,
            "won": won,
            "rate": rounded(won / leads),
            "team_rate": rounded(everybody[name][1] / everybody[name][0]),
        }
        for name, (leads, won) in sorted(own.items(), key=lambda item: (-item[1][0], item[0]))
    ]


def _contacts(did: AgentWork) -> list[dict[str, Any]]:
    return [
        {
            "quality": quality,
            **promised_entry(found.given),
            "promises": found.made,
            "kept": found.kept,
            "rate": rounded(found.rate),
            "median_minutes": rounded(found.median_minutes, 1),
        }
        for quality in QUALITIES
        if (found := did.promises.get(quality)) is not None
    ]
