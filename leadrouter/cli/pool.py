"""`pool`, `claim`, `release` and `request`: leads that agents take, give up or ask for themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.options import DEFAULT_DB, At, By, Db, Json, LeadName, Now, Office, Quiet
from leadrouter.cli.run_step import Reason, run_step
from leadrouter.errors import WrongUsage

app = typer.Typer()

Claimer = Annotated[str, typer.Option("--agent", metavar="AGENT", help="Who takes it.")]


@app.command("pool")
def pool(db: Db = DEFAULT_DB, now: Now = None, as_json: Json = False) -> None:
    """Lists the leads that anyone may claim. With `pool: {blind: yes}` names and contacts stay hidden until then.

    Example: leadrouter pool
    """
    from leadrouter.reports import pool as report
    from leadrouter.reports.wording import print_json
    from leadrouter.store import queries
    from leadrouter.store.database import reading
    from leadrouter.store.policies import policy_in_force

    office = Office(db, now)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        listed = queries.pooled_leads(office.connection)
    if as_json:
        print_json(report.as_json(listed, policy))
    else:
        report.show(listed, policy, office.now)


@app.command("claim")
def claim(
    lead: LeadName,
    agent: Claimer,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Takes a lead from the pool. The first one wins; the others are told so with exit code 7.

    Example: leadrouter claim 17 --agent bala
    """
    run_step("claim", lead, db, now, by, at=at, as_json=as_json, quiet=quiet, details={"agent": agent})


@app.command("release")
def release(
    lead: LeadName,
    reason: Reason = None,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Gives a lead up to the pool. Who gave it up is not dealt it again and cannot claim it back.

    Example: leadrouter release 17 --reason "no time before June"
    """
    run_step("release", lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet)


@app.command("request")
def request(
    lead: LeadName,
    agent: Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="Who asks for the lead.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="The broker gives it to who asked.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="The broker does not.")] = False,
    reason: Reason = None,
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """An agent asks for a lead, or the broker answers. Until then it stays where it is, and `open` lists the request.

    Example: leadrouter request 17 --agent bala --reason "sold them their last flat"
    """
    chosen = [step for step, given in (("request", agent), ("approve", approve), ("refuse", refuse)) if given]
    if len(chosen) != 1:
        raise WrongUsage("who asks, or what is the answer?", "give one of --agent AGENT, --approve and --refuse")
    details = {"agent": agent} if agent else {}
    run_step(chosen[0], lead, db, now, by, at=at, reason=reason, as_json=as_json, quiet=quiet, details=details)
