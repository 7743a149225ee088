"""`report monthly`: the audit of one month as data, put together from the parts that the other modules reckon out.

Reads that month, and of the month before what a comparison needs. Shown by `monthly_page`; nothing here is printed
and nothing of a person is in it but the words of their source.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain.events import iso
from leadrouter.domain.months import month_before, month_period, same_stage
from leadrouter.domain.policy import Policy
from leadrouter.reports import changes, conduct, dealt, money, triggers
from leadrouter.reports.cohort import Cohort, conversion, ripeness, sales_took
from leadrouter.reports.fees import fees_due
from leadrouter.reports.response import Response
from leadrouter.store import desks, monthly, queries


def monthly_report(connection: sqlite3.Connection, policy: Policy, month: str, now: datetime) -> dict[str, Any]:
    """The whole report of one month (`YYYY-MM`, the team's), with the keys of CONTRACT."""
    zone = policy.team.timezone
    period, earlier = month_period(month, zone), month_before(month)
    cohort = Cohort(connection, period, policy)
    response = Response(connection, cohort.leads, policy, now)
    this = changes.this_month(cohort, response)
    last = changes.month_before(connection, policy, month_period(earlier, zone), same_stage(month, now, zone), now)
    audit = dealt.audit(connection, cohort.panels, month, period, iso(now))
    happened = monthly.happened(
        connection,
        (*conduct.OFFERS, *conduct.MOVED, *conduct.OVERRIDES, "complained", "complaint_answered"),
        period,
    )
    acceptance = conduct.acceptance(happened, policy)
    complaints = conduct.complaints(connection, period, happened, policy, now)
    moved = conduct.moved(happened, policy)
    forgotten = iso(now - timedelta(seconds=policy.sla.cold))
    waiting = queries.waiting_leads(connection)
    held, head = queries.open_counts(connection), desks.read_head(connection)
    return {
        "month": month,
        "team": policy.team.name,
        "as_of": iso(now),
        "begun": period.start <= iso(now),
        "running": period.start <= iso(now) < period.end,
        "largest_deviation": round(dealt.largest_deviation(audit), 4),
        "distribution": dealt.lines(audit, policy),
        "totals": dealt.totals(audit, cohort.leads, policy),
        "skips": {agent: dict(reasons) for agent, reasons in sorted(audit.skips.items())},
        "acceptance": acceptance,
        "reclaimed": moved["reclaimed"],
        "escalated": moved["escalated"],
        "released": moved["released"],
        "taken_offline": moved["taken_offline"],
        "overrides": conduct.overrides(happened),
        "waiting": waiting,
        "response": response.lines(),
        "response_by_quality": response.by_quality(),
        "told": conduct.told(monthly.told(connection, period)),
        "received": len(cohort.leads),
        "void": len(cohort.leads) - len(cohort.counted),
        "conversion": conversion(cohort),
        "ripeness": ripeness(cohort.counted, sales_took(connection, now), now),
        "closed": money.closings(monthly.closed(connection, period)),
        "closed_undated": money.undated(cohort.leads),
        "costs": money.costs(cohort.leads),
        "fees_due": fees_due(connection, *period),
        "satisfaction": conduct.satisfaction(monthly.ratings(connection, month), policy),
        "complaints": complaints,
        "open": {agent.id: held.get(agent.id, 0) for agent in policy.agents},
        "compared_with": {"month": earlier, "until": last.period.end},
        "changes": changes.changes(connection, this, last),
        "triggers": [
            *triggers.unassigned(waiting["unassigned"], queries.unassigned_lately(connection)),
            *triggers.promises_missed(this, last, policy.sla.target),
            *triggers.methods_apart([this, last]),
            *triggers.sources_changed(this, last),
            *triggers.declining(acceptance),
            *triggers.voiding(cohort.leads),
            *triggers.untouched(
                queries.cold_untried(connection), queries.cold_waiting(connection, forgotten), policy, iso(now)
            ),
            *triggers.complaints_open(complaints),
        ],
        "head": {"events": head.seq, "hash": head.hash.hex()},
    }
