"""`accept` and `decline`: an agent answers an offer."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.completion import words_of
from leadrouter.cli.options import LeadName
from leadrouter.cli.records import Step, expanded
from leadrouter.cli.run_step import run_step

app = typer.Typer()


@app.command("accept")
@expanded
def accept(options: Step, lead: LeadName) -> None:
    """Takes the lead that is on offer; the clocks of first contact start now.

    An offer that lapsed may still be taken for as long as no sweep has passed it on.

    Example: leadrouter accept 17
    """
    run_step("accept", lead, options)


@app.command("decline")
@expanded
def decline(
    options: Step,
    lead: LeadName,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="busy, too_far, not_my_field, conflict, or your own words.",
            autocompletion=words_of("leadrouter.usecases.drafts", "DECLINE_REASONS"),
        ),
    ],
) -> None:
    """Does not take the lead that is on offer; it goes to the next agent at once.

    Whether that costs the turn is said by the policy (acceptance.declined_costs_turn).

    Example: leadrouter decline 17 --reason busy
    """
    from leadrouter.usecases.drafts import DECLINE_REASONS

    code = reason.strip().casefold().replace(" ", "_")
    known = code in DECLINE_REASONS
    details = {"reason": code if known else "other"}
    note = None if known else reason
    run_step("decline", lead, options, reason=note, details=details)
