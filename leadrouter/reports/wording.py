"""Words and small shapes that every view shares: ages, spans, reasons, JSON.

Plain text only; tables are in `tables`, so that a command that prints one line does not load Rich. What refusals say
too is in the domain: `naming` has the names, `speech` the counts, `calendar` the moments.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain import decision, skips
from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.deadlines import promised_at
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState

DRY = ["dry run, nothing was written; this would happen:"]
"""What a command says before that, as lines."""

_MISSING_REASON = "for a reason this version does not know"


def print_json(data: Mapping[str, Any]) -> None:
    """JSON on stdout, readable and stable."""
    sys.stdout.write(json_text(data))


def json_text(data: Mapping[str, Any]) -> str:
    """The same as a text."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in the two largest units: `3d 4h`, `2h 5m`, `8m`; `in 2h` for what is ahead."""
    if moment > now:
        return f"in {span(moment - now)}"
    return span(now - moment)


def ago(moment: datetime, now: datetime) -> str:
    """`3d 4h ago`, `just now`."""
    return f"{span(now - moment)} ago" if now - moment >= timedelta(minutes=1) else "just now"


def when_words(moment: datetime, now: datetime, timezone: str) -> str:
    """A moment as an age and on the team's clock: `3d 4h ago, Mon 26 Oct 09:00`; `in 2h, ...` for what is ahead."""
    told = ago(moment, now) if moment - now < timedelta(minutes=1) else age(moment, now)
    return f"{told}, {wall_clock(moment, timezone, now)}"


def day_words(moment: datetime, now: datetime, timezone: str) -> str:
    """The day of a moment on the team's calendar: `Sat 28 Nov`."""
    return wall_clock(moment, timezone, now).rpartition(" ")[0]


def due_words(due: datetime, now: datetime) -> str:
    """When something falls due: `in 2h`, `2h late`. What is late gets a sign where it is shown."""
    return f"{span(now - due)} late" if due < now else age(due, now)


def span(length: timedelta) -> str:
    """A length of time in its one or two largest units."""
    minutes = int(length.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}d {hours}h" if hours and days < 10 else f"{days}d"
    if hours:
        return f"{hours}h {minutes}m" if minutes else f"{hours}h"
    return f"{minutes}m"


def span_of_minutes(minutes: float) -> str:
    """The same of a number of minutes."""
    return span(timedelta(minutes=minutes))


def skip_words(code: str) -> str:
    """A skip in words."""
    return skips.REASONS.get(code, code)


def decision_words(code: str | None) -> str:
    """The reason of a decision in words."""
    return decision.REASONS.get(code or "", _MISSING_REASON)


def first_contact_due(lead: LeadState, policy: Policy) -> datetime | None:
    """When the first contact is promised; None once there was an attempt or nobody holds the lead."""
    if lead.attempts or lead.state not in ("assigned", "qualifying", "appointment"):
        return None
    return promised_at(lead, policy)


def shown_due(lead: LeadState, policy: Policy) -> datetime | None:
    """What `due` means wherever it is shown: the promised first contact, after it the next clock."""
    return first_contact_due(lead, policy) or lead.due_at
