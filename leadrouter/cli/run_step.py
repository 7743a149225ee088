"""What every command of one step does: open the file, take the step, show the lead as it then is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leadrouter.cli.options import Office, moment, words

Reason = Annotated[str | None, typer.Option("--reason", help="Why, in your own words.")]
NeededReason = Annotated[str, typer.Option("--reason", help="Why, in your own words; it is kept and shown.")]


def run_step(
    step: str,
    lead: str,
    db: Path,
    now: str | None,
    by: str | None,
    *,
    at: str | None = None,
    reason: str | None = None,
    as_json: bool,
    quiet: bool,
    details: dict[str, Any] | None = None,
) -> None:
    """Opens the office, takes the step and shows the lead as it then is."""
    from leadrouter.reports.steps import show_step
    from leadrouter.usecases.steps import take_step

    office = Office(db, now)
    past = moment(at, office.timezone, "--at")
    session = office.session(by)
    state = take_step(session, step, lead, office.now, at=past, note=words(reason, "--reason"), details=details)
    show_step(office.connection, state, session.policy.policy, office.now, as_json=as_json, quiet=quiet)
