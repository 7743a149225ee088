"""`handoff`, `incubate`, `touch` and `due`: inside sales qualify leads, hand them off, or nurture them until ready."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from leadrouter.cli.given import one_of
from leadrouter.cli.office import Office
from leadrouter.cli.options import LeadName, Reason, agent_option
from leadrouter.cli.records import Looking, Step, expanded
from leadrouter.cli.run_step import run_step
from leadrouter.errors import WrongUsage

app = typer.Typer()

Next = Annotated[
    str | None,
    typer.Option(
        "--next",
        metavar="DATE",
        help="When to be in touch next: 2026-12-01, friday, in 2 weeks; else by the policy's cadence.",
    ),
]


@app.command("handoff")
@expanded
def handoff(
    options: Step,
    lead: LeadName,
    met: Annotated[str, typer.Option("--met", metavar="A,B,C", help="The criteria that are met.")] = "",
    reason: Reason = None,
) -> None:
    """An isa hands a qualified lead off; the rules choose the field agent. Both stay on the lead to the end.

    Refused with what is missing of the policy's checklist, unless somebody overrides it with --by and --reason; the
    monthly report names them.

    Example: leadrouter handoff 17 --met "valuation,timeline,motivation,condition"
    """
    words = [word.strip() for word in met.split(",") if word.strip()]
    details = {"met": words, "override": options.by is not None and reason is not None}
    run_step("handoff", lead, options, reason=reason, details=details)


@app.command("incubate")
@expanded
def incubate(options: Step, lead: LeadName, following: Next = None, reason: Reason = None) -> None:
    """Puts a lead that is not ready into nurture: nobody's capacity, but on the list of `due` when its time comes.

    Example: leadrouter incubate 17 --next 2026-12-01
    """
    run_step("incubate", lead, options, reason=reason, following=following)


@app.command("touch")
@expanded
def touch(
    options: Step,
    lead: LeadName,
    intent: Annotated[str, typer.Option("--intent", metavar="yes|no", help="Whether the person is ready now.")],
    following: Next = None,
    reason: Reason = None,
) -> None:
    """Records that the desk was in touch with a lead in nurture. Intent deals it out at once, as hot.

    Example: leadrouter touch 17 --intent no --next 2027-03-01
    """
    said = one_of(("yes", "no"), intent.strip().casefold(), "--intent")
    if said == "yes" and following is not None:
        raise WrongUsage("--next has no use with --intent yes", "the lead is dealt out now; leave --next out")
    run_step("touch", lead, options, reason=reason, details={"intent": said}, following=following)


@app.command("due")
@expanded
def due(
    options: Looking,
    days: Annotated[int, typer.Option("--days", min=0, max=3660, help="Also what falls due in so many days.")] = 0,
    isa: Annotated[str | None, agent_option("--isa", "Only this isa's.")] = None,
) -> None:
    """Lists the leads in nurture that are to be touched now, the longest overdue first.

    Example: leadrouter due --days 7
    """
    from leadrouter.reports import due as report
    from leadrouter.reports.wording import print_json
    from leadrouter.store.inside import leads_to_touch
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.session import roster_agent

    office = Office(options.db, options.now)
    until = office.now + timedelta(days=days)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        isa = roster_agent(policy, isa) if isa is not None else None
        listed = report.to_touch(leads_to_touch(office.connection, until), policy, until, isa)
    if options.as_json:
        print_json(report.as_json(listed))
    else:
        report.show(listed, policy, office.now)
