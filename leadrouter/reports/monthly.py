"""`report monthly`: the audit of one month as data: distribution, response, conversion, skips, open leads, triggers.

Reads that month alone: the tallies, the leads that came in and the leads that were closed. Rendered by
`monthly_tables`; nothing here is printed and nothing of a person is in it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain import calendar
from leadrouter.domain.decision import LineUp
from leadrouter.domain.events import iso
from leadrouter.domain.fairness import Line, distribution
from leadrouter.domain.ledger import leads as in_leads
from leadrouter.domain.metrics import mean_and_median, rate
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.domain.response import Stint, kept_promise, stints
from leadrouter.reports.fees import fees_due
from leadrouter.store import monthly, queries
from leadrouter.store.monthly import CohortLead


def monthly_report(connection: sqlite3.Connection, policy: Policy, month: str, now: datetime) -> dict[str, Any]:
    """The whole report of one month (`YYYY-MM`, the team's), with the keys of CONTRACT."""
    panels = queries.Panels(connection)
    start, end = bounds(month, policy.team.timezone)
    audit = distribution(monthly.tallies(connection, month), panels, monthly.corrections(connection, start, end))
    leads = monthly.cohort(connection, start, end)
    response = _response(connection, leads, policy, now)
    before = _response(
        connection, monthly.cohort(connection, *bounds(_month_before(month), policy.team.timezone)), policy, now
    )
    closed = monthly.closed(connection, start, end)
    held = queries.open_leads(connection)
    return {
        "month": month,
        "team": policy.team.name,
        "largest_deviation": round(audit.largest_deviation, 4),
        "distribution": [
            _line(rotation, agent, line)
            for rotation, lines in sorted(audit.lines.items())
            for agent, line in sorted(lines.items(), key=lambda entry: _place(policy, entry[0]))
        ],
        "skips": {agent: dict(reasons) for agent, reasons in sorted(audit.skips.items())},
        "reclaimed": monthly.reclaimed(connection, start, end),
        "overrides": monthly.overrides(connection, start, end),
        "waiting": queries.waiting_leads(connection),
        "response": response,
        "told": _told(monthly.told(connection, start, end)),
        "received": len(leads),
        "conversion": _conversion(leads, panels, {agent.id for agent in policy.agents if agent.role == "isa"}),
        "closed": closed._asdict(),
        "fees_due": fees_due(connection, start, end),
        "open": {
            agent.id: sum(row.state.agent == agent.id for row in held)
            for agent in policy.agents
        },
        "triggers": _triggers(response, before, policy),
    }  # fmt: skip


def bounds(month: str, timezone: str) -> tuple[str, str]:
    """The UTC moments at which a month begins and ends on the team's wall clock."""
    return (
        iso(calendar.start_of(f"{month}-01", timezone)),
        iso(calendar.start_of(f"{_month_after(month)}-01", timezone)),
    )


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"


def _line(rotation: str, agent: str, line: Line) -> dict[str, Any]:
    return {
        "rotation": rotation,
        "tier": line.tier,
        "agent": agent,
        "due": round(in_leads(line.due), 4),
        "received": line.received,
        "difference": round(line.difference, 4),
        "explained": {word: round(leads, 4) for word, leads in line.explained.items() if leads},
        "full_share": round(in_leads(line.full_share), 4),
        "lost_to": {
            reason: round(in_leads(line.lost_to[reason]), 4) for reason in ("capacity", "time_off", "hours", "limits")
        },
    }


def _place(policy: Policy, agent: str) -> tuple[int, str]:
    order = [entry.id for entry in policy.agents]
    return (order.index(agent) if agent in order else len(order), agent)


# --- response -------------------------------------------------------------------------------------------------


def _response(
    connection: sqlite3.Connection, leads: Iterable[CohortLead], policy: Policy, now: datetime
) -> list[dict[str, Any]]:
    """Per agent and quality: promises kept, minutes to the first attempt, and from receipt to it.

    Of a past lead only the last is known: nothing was promised for it, nor is it known when its agent got it.
    """
    kept: dict[tuple[str, str], list[bool]] = defaultdict(list)
    minutes: dict[tuple[str, str], list[float]] = defaultdict(list)
    waited: dict[tuple[str, str], list[float]] = defaultdict(list)
    for lead in leads:
        if lead.past and lead.agent is not None and lead.contacted_at is not None:
            waited[lead.agent, lead.quality].append((lead.contacted_at - lead.received_at).total_seconds() / 60)
        for stint in _stints_of(connection, lead):
            key = (stint.agent, lead.quality)
            own = getattr(policy.isa, lead.quality) if stint.qualifying else None
            promise = kept_promise(stint, own or policy.sla.promised(lead.quality), now)
            if promise is not None:
                kept[key].append(promise)
            if stint.attempted_at is not None:
                minutes[key].append((stint.attempted_at - stint.since).total_seconds() / 60)
                waited[key].append((stint.attempted_at - lead.received_at).total_seconds() / 60)
    found = []
    measured = kept.keys() | waited.keys()
    for agent, quality in sorted(measured, key=lambda key: (_place(policy, key[0]), QUALITIES.index(key[1]))):
        promises = kept[agent, quality]
        mean, middle = mean_and_median(minutes[agent, quality])
        found.append(
            {
                "agent": agent,
                "quality": quality,
                "leads": len(promises),
                "kept": sum(promises),
                "contacted_in_sla": round(sum(promises) / len(promises), 4) if promises else None,
                "mean_minutes": _rounded(mean),
                "median_minutes": _rounded(middle),
                "receipt_to_contact_minutes": _rounded(mean_and_median(waited[agent, quality])[1]),
            }
        )
    return found


def _told(minutes: Mapping[str, list[float]]) -> list[dict[str, Any]]:
    """Per agent: how long it took until they knew of what they were given."""
    return [
        {
            "agent": agent,
            "notices": len(waits),
            "mean_minutes": _rounded(mean_and_median(waits)[0]),
            "median_minutes": _rounded(mean_and_median(waits)[1]),
            "longest_minutes": _rounded(max(waits)),
        }
        for agent, waits in minutes.items()
    ]


def _stints_of(connection: sqlite3.Connection, lead: CohortLead) -> list[Stint]:
    """Who held it from when to when; for a void lead, or a past one, nothing was promised to anybody."""
    if lead.state == "void" or lead.past:
        return []
    if lead.past_holders or lead.isa is not None:
        return stints(queries.history(connection, lead.lead))
    if lead.agent is None or lead.assigned_at is None:
        return []
    return [Stint(lead.agent, lead.assigned_at, lead.attempted_at, lead.closed_at)]


# --- conversion -----------------------------------------------------------------------------------------------


def _conversion(
    leads: Iterable[CohortLead], panels: Mapping[int, LineUp], isas: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """By agent, source, quality and method: the leads that came in this month and what became of them so far.

    Inside sales agents are measured by themselves, in `report isa`.

    `index` is wins over the wins that the team's rates would give: for agents the rates of their own mix of sources
    and qualities, for the rest the rate of the whole month.
    """
    counted = [lead for lead in leads if lead.state != "void"]
    overall = rate(sum(lead.state == "won" for lead in counted), len(counted)).rate or 0.0

    def method(lead: CohortLead) -> str:
        if lead.panel:
            return panels[lead.panel].strategy
        if lead.past:
            return "before leadrouter"
        return "outside the turns" if lead.agent else "nobody yet"

    by: dict[str, Callable[[CohortLead], str]] = {
        "source": lambda lead: lead.source or "(none)",
        "quality": lambda lead: lead.quality,
        "method": method,
    }
    found = {"agent": [entry for entry in _by_agent(counted) if entry["name"] not in isas]}
    for cut, name_of in by.items():
        groups: dict[str, list[CohortLead]] = defaultdict(list)
        for lead in counted:
            groups[name_of(lead)].append(lead)
        found[cut] = [
            _rated(name, len(group), sum(lead.state == "won" for lead in group), overall * len(group))
            for name, group in sorted(groups.items())
        ]
    return found


def _by_agent(counted: list[CohortLead]) -> list[dict[str, Any]]:
    """A lead counts for every agent who held it, its win for the last (DOMAIN section 7)."""
    mix: dict[tuple[str | None, str], list[bool]] = defaultdict(list)
    for lead in counted:
        mix[lead.source, lead.quality].append(lead.state == "won")
    held: dict[str, int] = defaultdict(int)
    won: dict[str, int] = defaultdict(int)
    expected: dict[str, float] = defaultdict(float)
    for lead in counted:
        outcomes = mix[lead.source, lead.quality]
        for agent in {*lead.past_holders, *([lead.agent] if lead.agent else [])}:
            held[agent] += 1
            expected[agent] += sum(outcomes) / len(outcomes)
        if lead.state == "won" and lead.agent:
            won[lead.agent] += 1
    return [_rated(agent, held[agent], won[agent], expected[agent]) for agent in sorted(held)]


def _rated(name: str, leads: int, won: int, expected: float) -> dict[str, Any]:
    found = rate(won, leads)
    return {
        "name": name,
        "leads": leads,
        "won": won,
        "rate": _rounded(found.rate, 4),
        "low": _rounded(found.low, 4),
        "high": _rounded(found.high, 4),
        "index": round(won / expected, 2) if expected else None,
    }


# --- triggers -------------------------------------------------------------------------------------------------


def _triggers(response: list[dict[str, Any]], before: list[dict[str, Any]], policy: Policy) -> list[dict[str, Any]]:
    """Promises missed two months running (DOMAIN section 11), with the numbers behind."""
    now, then = _kept_by_agent(response), _kept_by_agent(before)
    target = policy.sla.target
    return [
        {
            "trigger": "sla_missed_two_months",
            "agent": agent,
            "rate": round(now[agent], 4),
            "before": round(then[agent], 4),
        }
        for agent in now
        if agent in then and now[agent] < target and then[agent] < target
    ]


def _kept_by_agent(response: list[dict[str, Any]]) -> dict[str, float]:
    leads: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    for entry in response:
        leads[entry["agent"]] += entry["leads"]
        kept[entry["agent"]] += entry["kept"]
    return {agent: kept[agent] / leads[agent] for agent in leads if leads[agent]}


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
