"""`away`, `back`, `credit` and `complaint`: time off, pauses, corrections by hand, and what agents object to."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import Annotated

import typer

from leadrouter.cli import completion
from leadrouter.cli.dates import date_option
from leadrouter.cli.given import words
from leadrouter.cli.office import Office
from leadrouter.cli.options import AgentName
from leadrouter.cli.records import Doing, expanded
from leadrouter.errors import WrongUsage

app = typer.Typer()

AMOUNT = r"[+-]?\d{1,4}([./]\d{1,3})?"
"""Leads as people write them: `1`, `-1`, `0.5`, `1/2`."""


@app.command("away")
@expanded
def away(
    options: Doing,
    agent: AgentName,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day off: 2026-12-20, tomorrow, monday.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day off, inclusive.")] = None,
) -> None:
    """Records time off (with dates) or a pause that lasts until `back` (without --until).

    Whoever is away is skipped, earns nothing meanwhile and comes back to no flood.

    Example: leadrouter away bala --from 2026-12-20 --until 2026-12-31
    """
    from leadrouter.domain.events import moment
    from leadrouter.domain.naming import named
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import day_words, print_json
    from leadrouter.usecases.roster import go_away

    office = Office(options.db, options.now)
    first, last = date_option(since, "--from", office, ahead=True), date_option(until, "--until", office, ahead=True)
    session = office.session(options.by)
    agent, (begins, ends), already = go_away(session, agent, first, last, office.now)
    if options.as_json:
        print_json({"agent": agent, "from": begins, "until": ends})
    elif not options.quiet:
        told = "now" if first is None and not already else day_words(moment(begins), office.now, office.timezone)
        day = day_words(moment(ends) - timedelta(seconds=1), office.now, office.timezone) if ends else ""
        how = f"until {day}, inclusive" if ends else f"until: leadrouter back {agent}"
        say(f"{named(session.policy.policy, agent)} is away {'already, ' * already}from {told} {how}")


@app.command("back")
@expanded
def back(options: Doing, agent: AgentName) -> None:
    """Ends the pause or time off that runs now; future time off stays.

    Example: leadrouter back bala
    """
    from leadrouter.domain.naming import named
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import come_back

    office = Office(options.db, options.now)
    session = office.session(options.by)
    agent, ended = come_back(session, agent, office.now)
    if options.as_json:
        print_json({"agent": agent, "ended": ended})
    elif not options.quiet:
        say(f"{named(session.policy.policy, agent)} is back")


@app.command("credit", context_settings={"ignore_unknown_options": True})
@expanded
def credit(
    options: Doing,
    agent: AgentName,
    leads: Annotated[str, typer.Argument(metavar="N", help="Leads owed to the agent: 1, 1/2, -1.")],
    rotation: Annotated[
        str, typer.Option("--rotation", metavar="R", help="In which rotation.", autocompletion=completion.rotations)
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept and shown in the audit.")],
) -> None:
    """Corrects what an agent is owed, paid by the others of the rotation. A negative N takes away.

    Example: leadrouter credit bala 1 --rotation everyone --reason "lead came twice"
    """
    from leadrouter.domain.naming import named
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import correct_credit

    try:
        amount = Fraction(leads if re.fullmatch(AMOUNT, leads, flags=re.ASCII) else "")
    except (ValueError, ZeroDivisionError):
        raise WrongUsage(f"{leads} is not a number of leads", "write it as 1, 0.5, 1/2 or -1") from None
    if amount == 0 or abs(amount) > 1000:
        raise WrongUsage(f"{leads} leads cannot be credited", "give a number between -1000 and 1000, not 0")
    office = Office(options.db, options.now)
    session = office.session(options.by)
    agent = correct_credit(session, agent, amount, rotation, words(reason, "--reason"), office.now)
    if options.as_json:
        print_json({"agent": agent, "leads": float(amount), "rotation": rotation})
    elif not options.quiet:
        leads = f"{float(amount):+g} {'lead' if abs(amount) == 1 else 'leads'}"
        say(f"{named(session.policy.policy, agent)}: {leads} in {rotation}, paid by the others")


@app.command("complaint")
@expanded
def complaint(
    options: Doing,
    agent: AgentName,
    about: Annotated[str | None, typer.Option("--about", help="What the agent complains of, in their words.")] = None,
    reply: Annotated[
        str | None, typer.Option("--answer", metavar="TEXT", help="The answer; it is closed then.")
    ] = None,
    number: Annotated[int | None, typer.Option("--number", help="Which one, where several are open.")] = None,
) -> None:
    """Records an agent's complaint, which stays in the report until it is answered.

    Example: leadrouter complaint bala --about "no seller leads for two weeks"
    """
    from leadrouter.domain.naming import named
    from leadrouter.domain.speech import counted
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.complaints import answer, complain

    if (about is None) == (reply is None):
        raise WrongUsage("what is the complaint, or the answer?", "give either --about TEXT or --answer TEXT")
    answered, said = words(reply, "--answer"), words(about, "--about")
    office = Office(options.db, options.now)
    session = office.session(options.by)
    if said is not None:
        done = complain(session, agent, said, office.now)
    else:
        done = answer(session, agent, number, answered or "", office.now)
    if options.as_json:
        print_json({"agent": done.agent, "complaint": done.number, "open": done.open})
    elif not options.quiet:
        what = "recorded" if answered is None else "answered"
        who = named(session.policy.policy, done.agent)
        say(f"complaint {done.number} of {who} is {what}; {counted(done.open, 'complaint')} open")
