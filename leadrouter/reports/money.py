"""What the month was worth and what it cost: sales by when they closed, and the price of leads by their source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from leadrouter.domain.metrics import mean_and_median
from leadrouter.reports.cohort import NO_SOURCE
from leadrouter.reports.figures import days, divided, rounded
from leadrouter.store.monthly import ClosedLead, CohortLead


def closings(leads: Iterable[ClosedLead]) -> dict[str, Any]:
    """What was closed in a period, whenever it came in: altogether, by agent and by source."""
    everything = list(leads)
    return {
        **_closed(everything),
        "agent": _by(everything, lambda lead: lead.agent or ""),
        "source": _by(everything, lambda lead: lead.source or NO_SOURCE),
    }


def _by(leads: list[ClosedLead], name_of: Callable[[ClosedLead], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[ClosedLead]] = defaultdict(list)
    for lead in leads:
        groups[name_of(lead)].append(lead)
    return [{"name": name or None, **_closed(group)} for name, group in sorted(groups.items())]


def _closed(leads: list[ClosedLead]) -> dict[str, Any]:
    """Counts by end, the value of the sales where it is known, and the days from lead to sale in the median."""
    won = [lead for lead in leads if lead.state == "won"]
    values = [lead.value for lead in won if lead.value is not None]
    took = [days(lead.received_at, lead.closed_at) for lead in won]
    return {
        "won": len(won),
        "lost": sum(lead.state == "lost" for lead in leads),
        "void": sum(lead.state == "void" for lead in leads),
        "value": round(sum(values), 2),
        "mean_value": rounded(mean_and_median(values)[0], 2),
        "median_days": rounded(mean_and_median(took)[1]),
    }


def undated(leads: Iterable[CohortLead]) -> dict[str, int]:
    """How many of these leads ended on a day that nobody has told, by end: no period can count them as closed in it."""
    ends = [lead.state for lead in leads if lead.closed_at is None]
    return {end: ends.count(end) for end in ("won", "lost", "void")}


def costs(leads: Iterable[CohortLead]) -> list[dict[str, Any]]:
    """Cost per lead and per win by source, of the leads whose cost is known; junk cost money too."""
    groups: dict[str, list[CohortLead]] = defaultdict(list)
    for lead in leads:
        if lead.cost is not None:
            groups[lead.source or NO_SOURCE].append(lead)
    found = []
    for source, group in sorted(groups.items()):
        cost, won = sum(lead.cost or 0.0 for lead in group), sum(lead.state == "won" for lead in group)
        found.append(
            {
                "source": source,
                "leads": len(group),
                "cost": round(cost, 2),
                "cost_per_lead": rounded(divided(cost, len(group)), 2),
                "won": won,
                "cost_per_win": rounded(divided(cost, won), 2),
                "value": round(sum(lead.value or 0.0 for lead in group if lead.state == "won"), 2),
            }
        )
    return found
