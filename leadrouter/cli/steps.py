"""Steps of one lead by hand that its agent or the broker takes: from the first contact to the end, and corrections."""

from __future__ import annotations

from typing import Annotated

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
    pairs,
    plain,
)
from leadrouter.cli.run_step import NeededReason, Reason, run_step
from leadrouter.domain.history import MOST_VALUE
from leadrouter.errors import WrongUsage

app = typer.Typer()


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
    from leadrouter.usecases.drafts import CHANNELS, OUTCOMES

    for option, value, known in (("--channel", channel, CHANNELS), ("--outcome", outcome, OUTCOMES)):
        if value not in known:
            raise WrongUsage(f"{option} {value} is unknown", f"known: {', '.join(known)}")
    details = {"channel": channel, "outcome": outcome}
    run_step("contact", lead, db, now, by, at=at, as_json=as_json, quiet=quiet, details=details)


@app.command("appointment")
def appointment(
    lead: LeadName,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records that agent and person are to meet: the person was reached, and the clock of conversion stops.

    Example: leadrouter appointment 17
    """
    run_step("appointment", lead, db, now, by, at=at, as_json=as_json, quiet=quiet)


@app.command("no-show")
def no_show(
    lead: LeadName,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records that the person did not come; the clock of conversion starts again.

    Example: leadrouter no-show 17
    """
    run_step("no-show", lead, db, now, by, at=at, as_json=as_json, quiet=quiet)


@app.command("extend")
def extend(
    lead: LeadName,
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="How many days longer.")],
    reason: NeededReason,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Lets an agent hold a lead for longer than the policy says, once, before it is taken back.

    Example: leadrouter extend 17 --days 14 --reason "viewing after the holidays"
    """
    run_step("extend", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet, details={"days": days})


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
    run_step("won", lead, db, now, by, at=at, as_json=as_json, quiet=quiet, details={"value": value})


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
    run_step("lost", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


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
    run_step("void", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


@app.command("transfer")
def transfer(
    lead: LeadName,
    to: Annotated[str, typer.Option("--to", metavar="AGENT", help="Who gets it.")],
    reason: NeededReason,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Moves a lead to another agent by hand. It takes nobody's turn and is named in the audit.

    Example: leadrouter transfer 17 --to bala --reason "speaks Tamil"
    """
    run_step("transfer", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet, details={"to": to})


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
    run_step("reopen", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


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
