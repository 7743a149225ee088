"""Steps of one lead by hand that its agent or the broker takes: from the first contact to the end, and corrections."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.completion import words_of
from leadrouter.cli.given import one_of, pairs, plain
from leadrouter.cli.office import Office
from leadrouter.cli.options import LeadName, NeededReason, Reason, agent_option
from leadrouter.cli.records import Doing, Step, expanded
from leadrouter.cli.run_step import run_step
from leadrouter.errors import WrongUsage

app = typer.Typer()

Channel = Annotated[
    str,
    typer.Option(
        "--channel",
        help="call, sms, email, chat or visit.",
        autocompletion=words_of("leadrouter.usecases.drafts", "CHANNELS"),
    ),
]
Outcome = Annotated[
    str,
    typer.Option(
        "--outcome",
        help="reached, no_answer, voicemail, busy or wrong_number.",
        autocompletion=words_of("leadrouter.usecases.drafts", "OUTCOMES"),
    ),
]


@app.command("contact")
@expanded
def contact(
    options: Step,
    lead: LeadName,
    channel: Channel = "call",
    outcome: Outcome = "reached",
) -> None:
    """Records an attempt to reach the person. The first one meets the promise; `reached` makes the lead contacted.

    Example: leadrouter contact 17 --outcome no_answer
    """
    from leadrouter.usecases.drafts import CHANNELS, OUTCOMES

    details = {
        "channel": one_of(CHANNELS, channel, "--channel"),
        "outcome": one_of(OUTCOMES, outcome, "--outcome"),
    }
    run_step("contact", lead, options, details=details)


@app.command("appointment")
@expanded
def appointment(options: Step, lead: LeadName) -> None:
    """Records that agent and person are to meet: the person was reached, and the clock of conversion stops.

    Example: leadrouter appointment 17
    """
    run_step("appointment", lead, options)


@app.command("no-show")
@expanded
def no_show(options: Step, lead: LeadName) -> None:
    """Records that the person did not come; the clock of conversion starts again.

    Example: leadrouter no-show 17
    """
    run_step("no-show", lead, options)


@app.command("extend")
@expanded
def extend(
    options: Step,
    lead: LeadName,
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="How many days longer.")],
    reason: NeededReason,
) -> None:
    """Lets an agent hold a lead for longer than the policy says, once, before it is taken back.

    Example: leadrouter extend 17 --days 14 --reason "viewing after the holidays"
    """
    run_step("extend", lead, options, reason=reason, details={"days": days})


@app.command("won")
@expanded
def won(
    options: Step,
    lead: LeadName,
    value: Annotated[
        str | None, typer.Option("--value", metavar="AMOUNT", help="What the deal was worth: 480000, RM 1.2m.")
    ] = None,
) -> None:
    """Records that the lead became a sale.

    Example: leadrouter won 17 --value 480000
    """
    from leadrouter.intake.amounts import money
    from leadrouter.intake.cells import BadValue

    try:
        worth = None if value is None else money(value)
    except BadValue as error:
        raise WrongUsage(f"--value {value} is not an amount", error.hint) from None
    run_step("won", lead, options, details={"value": worth})


@app.command("lost")
@expanded
def lost(options: Step, lead: LeadName, reason: Reason = None) -> None:
    """Records that the lead ended without a sale.

    Example: leadrouter lost 17 --reason "bought elsewhere"
    """
    run_step("lost", lead, options, reason=reason)


@app.command("void")
@expanded
def void(options: Step, lead: LeadName, reason: Reason = None) -> None:
    """Records that the lead was junk, a duplicate or a wrong number; the agent gets the turn back.

    Example: leadrouter void 17 --reason "wrong number"
    """
    run_step("void", lead, options, reason=reason)


@app.command("transfer")
@expanded
def transfer(
    options: Step,
    lead: LeadName,
    to: Annotated[str, agent_option("--to", "Who gets it.")],
    reason: NeededReason,
) -> None:
    """Moves a lead to another agent by hand. It takes nobody's turn and is named in the audit.

    Example: leadrouter transfer 17 --to bala --reason "speaks Tamil"
    """
    run_step("transfer", lead, options, reason=reason, details={"to": to})


@app.command("reopen")
@expanded
def reopen(options: Step, lead: LeadName, reason: NeededReason) -> None:
    """Opens a closed lead again, with its agent and a fresh clock; mends a slip of the hand.

    Example: leadrouter reopen 17 --reason "closed the wrong one"
    """
    run_step("reopen", lead, options, reason=reason)


@app.command("edit")
@expanded
def edit(
    options: Doing,
    lead: LeadName,
    name: Annotated[str | None, typer.Option("--name")] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    phone: Annotated[str | None, typer.Option("--phone")] = None,
    more: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Any other field.")] = None,
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
    office = Office(options.db, options.now)
    session = office.session(options.by)
    corrected = corrections(given, region=office.region, timezone=office.timezone)
    state = correct(session, lead, corrected, office.now)
    show_step(
        office.connection, "edit", lead, state, session.policy.policy, office.now, as_json=options.as_json,
        quiet=options.quiet,
    )  # fmt: skip
