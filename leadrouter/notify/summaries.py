"""What a digest and the month's report say: figures of the file, no word that a lead's person gave away."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import datetime

from leadrouter.domain import calendar
from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.deadlines import NEVER
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.reports.monthly import monthly_report
from leadrouter.reports.wording import shown_due
from leadrouter.store import queries

MOST_LEADS = 10
"""So many leads are named in a digest, those due first; the rest are counted."""


def digest(connection: sqlite3.Connection, policy: Policy, agent: str, now: datetime) -> dict[str, str] | None:
    """An agent's open leads, and what is due today; None where there is nothing to say."""
    entry = next((entry for entry in policy.agents if entry.id == agent), None)
    timezone = (entry.timezone if entry else None) or policy.team.timezone
    today = calendar.local_date(now, timezone)
    leads = [row.state for row in queries.open_leads(connection, agent)]
    pool = queries.waiting_leads(connection)["pooled"]
    if not (leads or pool):
        return None
    due = {lead.lead: at for lead in leads if (at := shown_due(lead, policy)) is not None}
    leads.sort(key=lambda lead: (due.get(lead.lead, NEVER), lead.lead))
    lines = [f"{lead.lead} {lead.state}, {lead.quality}{_by(due.get(lead.lead), timezone)}" for lead in leads]
    if len(lines) > MOST_LEADS:
        lines[MOST_LEADS:] = [f"and {len(lines) - MOST_LEADS} more"]
    ahead = [at for at in due.values() if at >= now]
    return {
        "agent": named(policy, agent),
        "date": today,
        "open": str(len(leads)),
        "overdue": str(len(due) - len(ahead)),
        "today": str(sum(calendar.local_date(at, timezone) == today for at in ahead)),
        "leads": "\n".join(lines),
        "pool": str(pool) if pool else "",
    }


def _by(due: datetime | None, timezone: str) -> str:
    return f", due {wall_clock(due, timezone)}" if due is not None else ""


def month_end(connection: sqlite3.Connection, policy: Policy, month: str, now: datetime) -> dict[str, str]:
    """The month in a few lines: what came in, and what each agent was due and got, over all rotations."""
    report = monthly_report(connection, policy, month, now)
    due: dict[str, float] = defaultdict(float)
    received: dict[str, int] = defaultdict(int)
    for line in report["distribution"]:
        due[line["agent"]] += line["due"]
        received[line["agent"]] += line["received"]
    lines = [f"{counted(report['received'], 'lead')} came in."]
    lines += [f"{named(policy, agent)}: received {received[agent]}, due {due[agent]:.2f}" for agent in due]
    lines.append(f"The whole audit: leadrouter report monthly --month {month}")
    return {"month": month, "report": "\n".join(lines)}
