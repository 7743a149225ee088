"""What a step by hand prints: the lead as it then is, in one line or as JSON."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from shlex import quote

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.naming import as_typed, named
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState
from leadrouter.reports.lead import lead_view
from leadrouter.reports.lines import say
from leadrouter.reports.wording import age, print_json, shown_due
from leadrouter.store import queries


def show_step(
    connection: sqlite3.Connection,
    step: str,
    typed: str,
    state: LeadState,
    policy: Policy,
    now: datetime,
    *,
    at: datetime | None = None,
    as_json: bool,
    quiet: bool,
) -> None:
    """The lead after the step; `typed` is what it was called, `at` the past moment that was recorded."""
    if as_json:
        print_json(lead_view(queries.lead(connection, state.lead), policy))
    elif not quiet:
        say(*step_lines(step, typed, state, policy, now, at))


def step_lines(
    step: str, typed: str, state: LeadState, policy: Policy, now: datetime, at: datetime | None = None
) -> list[str]:
    """What was done, where the lead does not show it, and the lead as it then is."""
    called, due = as_typed(typed), shown_due(state, policy)
    ahead = f", next due {age(due, now)}" if due is not None and due > now else ""
    holder = f" with {named(policy, state.agent)}" if state.agent else ""
    past = f" (recorded for {wall_clock(at, policy.team.timezone, now)})" if at is not None and at != now else ""
    if step == "request":
        asker, broker = named(policy, state.requested_by), named(policy, policy.team.leader or "the broker")
        return [
            f"{asker} asks for lead {called}, which stays {state.state}{holder}{ahead}{past}",
            f"  {broker} answers with: leadrouter request {quote(typed)} --approve, or --refuse",
        ]
    answer = f"{ANSWERS[step]}; " if step in ANSWERS else ""
    return [f"{answer}lead {called} is {state.state}{holder}{ahead}{past}"]


ANSWERS = {"approve": "the request is approved", "refuse": "the request is refused"}
"""Steps that the state of the lead does not tell by itself, and what is said of them."""
