"""What every command of one step does: open the file, take the step, show the lead as it then is."""

from __future__ import annotations

from typing import Any

from leadrouter.cli.dates import date_option, past_moment
from leadrouter.cli.given import words
from leadrouter.cli.office import Office
from leadrouter.cli.records import Step


def run_step(
    step: str,
    lead: str,
    options: Step,
    *,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
    following: str | None = None,
) -> None:
    """Opens the office, takes the step and shows the lead as it then is. `following` is the day that --next names."""
    from leadrouter.reports.steps import show_step
    from leadrouter.usecases.steps import take_step

    office = Office(options.db, options.now)
    past = past_moment(options.at, office)
    if following is not None:
        details = {**(details or {}), "next": date_option(following, "--next", office, ahead=True)}
    session = office.session(options.by)
    state = take_step(session, step, lead, office.now, at=past, note=words(reason, "--reason"), details=details)
    policy = session.policy.policy
    show_step(
        office.connection, step, lead, state, policy, office.now, at=past, as_json=options.as_json,
        quiet=options.quiet,
    )  # fmt: skip
