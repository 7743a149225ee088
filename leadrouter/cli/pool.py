"""`pool`, `claim`, `release` and `request`: leads that agents take, give up or ask for themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.office import Office
from leadrouter.cli.options import LeadName, Reason, agent_option
from leadrouter.cli.records import Looking, Step, expanded
from leadrouter.cli.run_step import run_step
from leadrouter.errors import WrongUsage

app = typer.Typer()


@app.command("pool")
@expanded
def pool(options: Looking) -> None:
    """Lists the leads that anyone may claim. With `pool: {blind: yes}` names and contacts stay hidden until then.

    Example: leadrouter pool
    """
    from leadrouter.reports import pool as report
    from leadrouter.reports.wording import print_json
    from leadrouter.store import queries
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        listed = queries.pooled_leads(office.connection)
    if options.as_json:
        print_json(report.as_json(listed, policy))
    else:
        report.show(listed, policy, office.now)


@app.command("claim")
@expanded
def claim(options: Step, lead: LeadName, agent: Annotated[str, agent_option("--agent", "Who takes it.")]) -> None:
    """Takes a lead from the pool. The first one wins; the others are told so with exit code 7.

    Example: leadrouter claim 17 --agent bala
    """
    run_step("claim", lead, options, details={"agent": agent})


@app.command("release")
@expanded
def release(options: Step, lead: LeadName, reason: Reason = None) -> None:
    """Gives a lead up to the pool. Who gave it up is not dealt it again and cannot claim it back.

    Example: leadrouter release 17 --reason "no time before June"
    """
    run_step("release", lead, options, reason=reason)


@app.command("request")
@expanded
def request(
    options: Step,
    lead: LeadName,
    agent: Annotated[str | None, agent_option("--agent", "Who asks for the lead.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="The broker gives it to who asked.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="The broker does not.")] = False,
    reason: Reason = None,
) -> None:
    """An agent asks for a lead, or the broker answers. Until then it stays where it is, and `open` lists the request.

    Example: leadrouter request 17 --agent bala --reason "sold them their last flat"
    """
    chosen = [step for step, given in (("request", agent), ("approve", approve), ("refuse", refuse)) if given]
    if len(chosen) != 1:
        raise WrongUsage("who asks, or what is the answer?", "give one of --agent AGENT, --approve and --refuse")
    details = {"agent": agent} if agent else {}
    run_step(chosen[0], lead, options, reason=reason, details=details)
