"""What a step by hand prints: the lead as it then is, in one line or as JSON."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState
from leadrouter.reports.lead import lead_view
from leadrouter.reports.wording import age, print_json, shown_due
from leadrouter.store import queries


def show_step(
    connection: sqlite3.Connection,
    state: LeadState,
    policy: Policy,
    now: datetime,
    *,
    at: datetime | None = None,
    as_json: bool,
    quiet: bool,
) -> None:
    """The lead after the step; `at` is the past moment that was recorded."""
    if as_json:
        print_json(lead_view(queries.lead(connection, state.lead), policy))
    elif not quiet:
        due = shown_due(state, policy)
        what = f", next due {age(due, now)}" if due is not None and due > now else ""
        holder = f" with {named(policy, state.agent)}" if state.agent else ""
        past = f" (recorded for {wall_clock(at, policy.team.timezone)})" if at is not None and at != now else ""
        sys.stdout.write(f"lead {state.lead} is {state.state}{holder}{what}{past}\n")
