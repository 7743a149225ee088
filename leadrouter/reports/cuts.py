"""`report source`, `territory`, `quality`, `method` and `trend`: one cut of a stretch of time as data.

The leads are those that came in during it; the trend has one line for each month. Shown by `cuts_page`.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadrouter.domain.events import iso
from leadrouter.domain.metrics import mean_and_median
from leadrouter.domain.months import dates_period, month_period, months_until
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import CLOSED
from leadrouter.reports import conduct, money
from leadrouter.reports.cohort import Cohort, Cut, by_cut, ripeness, sales_took
from leadrouter.reports.comparison import comparison, most_used
from leadrouter.reports.figures import days, divided, minutes, rounded
from leadrouter.reports.response import Response
from leadrouter.store import monthly
from leadrouter.store.monthly import CohortLead

TREND_MONTHS = 12

Dates = tuple[str, str]
"""The first and the last date of the team, both inclusive."""


def cut_report(connection: sqlite3.Connection, policy: Policy, cut: str, dates: Dates, now: datetime) -> dict[str, Any]:
    """The leads of a time by one cut: how many, what became of them, how soon they were contacted, their cost."""
    cohort = Cohort(connection, dates_period(*dates, policy.team.timezone), policy)
    return _by(cohort, cut, dates, sales_took(connection, now), now)


def _by(cohort: Cohort, cut: str, dates: Dates, took: Sequence[float], now: datetime) -> dict[str, Any]:
    chosen = cohort.cuts()[cut]
    more = _more(cohort.leads, chosen)
    return {
        "from": dates[0],
        "to": dates[1],
        "team": cohort.policy.team.name,
        "as_of": iso(now),
        "by": cut,
        cut: [entry | more[entry["name"]] for entry in by_cut(cohort.leads, chosen)],
        "costs": money.costs(cohort.leads) if cut == "source" else [],
        "ripeness": ripeness(cohort.counted, took, now),
    }


def _more(leads: Sequence[CohortLead], cut: Cut) -> dict[str, dict[str, Any]]:
    """Name -> leads still open and lost, the value won, days to a sale and minutes to a contact in the median."""
    groups: dict[str, list[CohortLead]] = defaultdict(list)
    for lead in leads:
        for name in cut(lead):
            groups[name].append(lead)
    return {name: _became(group) for name, group in groups.items()}


def _became(leads: list[CohortLead]) -> dict[str, Any]:
    won = [lead for lead in leads if lead.state == "won"]
    took = [days(lead.received_at, lead.closed_at) for lead in won if lead.closed_at]
    waited = [minutes(lead.received_at, lead.contacted_at) for lead in leads if lead.contacted_at]
    return {
        "open": sum(lead.state not in CLOSED for lead in leads),
        "lost": sum(lead.state == "lost" for lead in leads),
        "value": round(sum(lead.value or 0.0 for lead in won), 2),
        "median_days": rounded(mean_and_median(took)[1]),
        "receipt_to_contact_minutes": rounded(mean_and_median(waited)[1]),
    }


def method_report(
    connection: sqlite3.Connection, policy: Policy, methods: Sequence[str], dates: Dates, now: datetime
) -> dict[str, Any]:
    """The same by method, and two of them compared: the two that dealt most, unless said which."""
    cohort = Cohort(connection, dates_period(*dates, policy.team.timezone), policy)
    took, chosen = sales_took(connection, now), list(methods) or most_used(cohort)[:2]
    compared = comparison(cohort, chosen[0], chosen[1], took, now) if len(chosen) == 2 else None
    return _by(cohort, "method", dates, took, now) | {"comparison": compared}


def trend_report(connection: sqlite3.Connection, policy: Policy, month: str, now: datetime) -> dict[str, Any]:
    """Twelve months up to this one, each with its own figures: by receipt, by closing and by what happened, apart."""
    took = sales_took(connection, now)
    months = [_month(connection, policy, name, took, now) for name in months_until(month, TREND_MONTHS)]
    return {"to": month, "team": policy.team.name, "as_of": iso(now), "trend": months}


def _month(
    connection: sqlite3.Connection, policy: Policy, month: str, took: Sequence[float], now: datetime
) -> dict[str, Any]:
    period = month_period(month, policy.team.timezone)
    cohort = Cohort(connection, period, policy)
    response = Response(connection, cohort.leads, policy, now)
    kept, settled = (sum(counts[place] for counts in response.by_agent().values()) for place in (0, 1))
    won = sum(lead.state == "won" for lead in cohort.counted)
    ripe, closed = ripeness(cohort.counted, took, now), money.closings(monthly.closed(connection, period))
    waited = [minutes(lead.received_at, lead.contacted_at) for lead in cohort.counted if lead.contacted_at]
    satisfied = conduct.satisfaction(monthly.ratings(connection, month), policy)
    ratings = sum(entry["ratings"] for entry in satisfied)
    return {
        "month": month,
        "received": len(cohort.leads),
        "void": len(cohort.leads) - len(cohort.counted),
        "won_of_them": won,
        "rate": rounded(divided(won, len(cohort.counted)), 4),
        "maturing": ripe["maturing"],
        "won": closed["won"],
        "lost": closed["lost"],
        "value": closed["value"],
        "in_time": rounded(divided(kept, settled), 4),
        "receipt_to_contact_minutes": rounded(mean_and_median(waited)[1]),
        "reclaimed": monthly.how_many(connection, ("reclaimed",), period),
        "declined": monthly.how_many(connection, ("declined", "expired"), period),
        "satisfaction": rounded(divided(sum(entry["mean"] * entry["ratings"] for entry in satisfied), ratings), 2),
    }
