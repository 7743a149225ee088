"""`away`, `back`, `credit` and `complaint`: time off, pauses, corrections by hand, and what agents object to."""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from typing import Annotated

import typer

from leadrouter.cli.options import DEFAULT_DB, By, Db, Json, Now, Office, Quiet, date_option, words
from leadrouter.errors import WrongUsage

app = typer.Typer()

AMOUNT = r"[+-]?\d{1,4}([./]\d{1,3})?"
"""Leads as people write them: `1`, `-1`, `0.5`, `1/2`."""

AgentName = Annotated[str, typer.Argument(metavar="AGENT", help="The agent's id, or the name.")]


@app.command("away")
def away(
    agent: AgentName,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day off.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day off, inclusive.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records time off (with dates) or a pause that lasts until `back` (without --until).

    Whoever is away is skipped, earns nothing meanwhile and comes back to no flood.

    Example: leadrouter away bala --from 2026-12-20 --until 2026-12-31
    """
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import go_away

    office = Office(db, now)
    first, last = date_option(since, "--from"), date_option(until, "--until")
    agent, (begins, ends) = go_away(office.session(by), agent, first, last, office.now)
    if as_json:
        print_json({"agent": agent, "from": begins, "until": ends})
    elif not quiet:
        how = f"until {last}, inclusive" if last else f"until: leadrouter back {agent}"
        sys.stdout.write(f"{agent} is away from {first or 'now'} {how}\n")


@app.command("back")
def back(
    agent: AgentName,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Ends the pause or time off that runs now; future time off stays.

    Example: leadrouter back bala
    """
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import come_back

    office = Office(db, now)
    agent, ended = come_back(office.session(by), agent, office.now)
    if as_json:
        print_json({"agent": agent, "ended": ended})
    elif not quiet:
        sys.stdout.write(f"{agent} is back\n")


@app.command("credit", context_settings={"ignore_unknown_options": True})
def credit(
    agent: AgentName,
    leads: Annotated[str, typer.Argument(metavar="N", help="Leads owed to the agent: 1, 1/2, -1.")],
    rotation: Annotated[str, typer.Option("--rotation", metavar="R", help="In which rotation.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept and shown in the audit.")],
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Corrects what an agent is owed, paid by the others of the rotation. A negative N takes away.

    Example: leadrouter credit bala 1 --rotation everyone --reason "lead came twice"
    """
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import correct_credit

    try:
        amount = Fraction(leads if re.fullmatch(AMOUNT, leads, flags=re.ASCII) else "")
    except (ValueError, ZeroDivisionError):
        raise WrongUsage(f"{leads} is not a number of leads", "write it as 1, 0.5, 1/2 or -1") from None
    if amount == 0 or abs(amount) > 1000:
        raise WrongUsage(f"{leads} leads cannot be credited", "give a number between -1000 and 1000, not 0")
    office = Office(db, now)
    agent = correct_credit(office.session(by), agent, amount, rotation, words(reason, "--reason"), office.now)
    if as_json:
        print_json({"agent": agent, "leads": float(amount), "rotation": rotation})
    elif not quiet:
        sys.stdout.write(f"{agent}: {float(amount):+g} leads in {rotation}, paid by the others\n")


@app.command("complaint")
def complaint(
    agent: AgentName,
    about: Annotated[str | None, typer.Option("--about", help="What the agent complains of, in their words.")] = None,
    reply: Annotated[
        str | None, typer.Option("--answer", metavar="TEXT", help="The answer; it is closed then.")
    ] = None,
    number: Annotated[int | None, typer.Option("--number", help="Which one, where several are open.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records an agent's complaint, which stays in the report until it is answered.

    Example: leadrouter complaint bala --about "no seller leads for two weeks"
    """
    from leadrouter.reports.wording import counted, print_json
    from leadrouter.usecases.complaints import answer, complain

    if (about is None) == (reply is None):
        raise WrongUsage("what is the complaint, or the answer?", "give either --about TEXT or --answer TEXT")
    office = Office(db, now)
    session, said = office.session(by), words(about or reply, "--answer" if reply else "--about") or ""
    done = answer(session, agent, number, said, office.now) if reply else complain(session, agent, said, office.now)
    if as_json:
        print_json({"agent": done.agent, "complaint": done.number, "open": done.open})
    elif not quiet:
        what = "answered" if reply else "recorded"
        sys.stdout.write(f"complaint {done.number} of {done.agent} is {what}; {counted(done.open, 'complaint')} open\n")
