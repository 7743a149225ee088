"""Steps of one lead by hand: contact, won, lost, void, transfer, reopen, edit."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from leadrouter.cli.options import (
    DEFAULT_DB,
    At,
    By,
    Db,
    Json,
    LeadName,
    Now,
    Office,
    Quiet,
    moment,
    pairs,
    plain,
    words,
)
from leadrouter.errors import WrongUsage

app = typer.Typer()

MOST_VALUE = 1e15
"""No deal is worth more."""

Reason = Annotated[str | None, typer.Option("--reason", help="Why, in your own words.")]
NeededReason = Annotated[str, typer.Option("--reason", help="Why, in your own words; it is kept and shown.")]


def _step(
    step: str,
    lead: str,
    db: Any,
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


@app.command("contact")
def contact(
    lead: LeadName,
    channel: Annotated[str, typer.Option("--channel", help="call, sms, email, chat or visit.")] = "call",
    outcome: Annotated[
        str, typer.Option("--outcome", help="reached, no_answer, voicemail, busy or wrong_number.")
    ] = "reached",
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records an attempt to reach the person. The first one meets the promise; `reached` makes the lead contacted.

    Example: leadrouter contact 17 --outcome no_answer
    """
    from leadrouter.usecases.steps import CHANNELS, OUTCOMES

    for option, value, known in (("--channel", channel, CHANNELS), ("--outcome", outcome, OUTCOMES)):
        if value not in known:
            raise WrongUsage(f"{option} {value} is unknown", f"known: {', '.join(known)}")
    details = {"channel": channel, "outcome": outcome}
    _step("contact", lead, db, now, by, at=at, as_json=as_json, quiet=quiet, details=details)


@app.command("won")
def won(
    lead: LeadName,
    value: Annotated[float | None, typer.Option("--value", min=0, help="What the deal was worth.")] = None,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records that the lead became a sale.

    Example: leadrouter won 17 --value 480000
    """
    if value is not None and not value <= MOST_VALUE:  # also for NaN
        raise WrongUsage(f"--value {value} is not an amount", "write it as 480000")
    _step("won", lead, db, now, by, at=at, as_json=as_json, quiet=quiet, details={"value": value})


@app.command("lost")
def lost(
    lead: LeadName,
    reason: Reason = None,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records that the lead ended without a sale.

    Example: leadrouter lost 17 --reason "bought elsewhere"
    """
    _step("lost", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


@app.command("void")
def void(
    lead: LeadName,
    reason: Reason = None,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records that the lead was junk, a duplicate or a wrong number; the agent gets the turn back.

    Example: leadrouter void 17 --reason "wrong number"
    """
    _step("void", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


@app.command("transfer")
def transfer(
    lead: LeadName,
    to: Annotated[str, typer.Option("--to", metavar="AGENT", help="Who gets it.")],
    reason: NeededReason,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Moves a lead to another agent by hand. It takes nobody's turn and is named in the audit.

    Example: leadrouter transfer 17 --to bala --reason "speaks Tamil"
    """
    _step("transfer", lead, db, now, by, reason=reason, as_json=as_json, quiet=quiet, details={"to": to})


@app.command("reopen")
def reopen(
    lead: LeadName,
    reason: NeededReason,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Opens a closed lead again, with its agent and a fresh clock; mends a slip of the hand.

    Example: leadrouter reopen 17 --reason "closed the wrong one"
    """
    _step("reopen", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


@app.command("edit")
def edit(
    lead: LeadName,
    name: Annotated[str | None, typer.Option("--name")] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    phone: Annotated[str | None, typer.Option("--phone")] = None,
    more: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Any other field.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Corrects what is known of a lead. The log says which fields, never what they held; nothing is routed anew.

    Example: leadrouter edit 17 --phone "+60 12-345 6780"
    """
    from leadrouter.intake.corrections import corrections
    from leadrouter.reports.steps import show_step
    from leadrouter.usecases.steps import edit as correct

    given = plain({"name": name, "email": email, "phone": phone}) | pairs(more, "--set")
    if not given:
        raise WrongUsage("nothing to correct", "give --name, --email, --phone or --set FIELD=VALUE")
    office = Office(db, now)
    session = office.session(by)
    corrected = corrections(given, region=office.region, timezone=office.timezone)
    state = correct(session, lead, corrected, office.now)
    show_step(office.connection, state, session.policy.policy, office.now, as_json=as_json, quiet=quiet)
