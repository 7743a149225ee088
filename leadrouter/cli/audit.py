"""`reclaim`, `report` and `verify`: the clocks, the month-end audit, and the proof."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.options import (
    DEFAULT_DB,
    By,
    Db,
    DryRun,
    Json,
    NoNotify,
    Now,
    Office,
    Quiet,
    date_option,
    month_option,
)
from leadrouter.cli.tiers import From, To, bounds
from leadrouter.errors import WrongUsage

app = typer.Typer()
report = typer.Typer(help="The month-end audit.")
app.add_typer(report, name="report")


@app.command("reclaim")
def reclaim(
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    no_notify: NoNotify = False,
    by: By = None,
) -> None:
    """Carries out everything that has fallen due, and nothing else; for cron. Running it twice does nothing more.

    Example: leadrouter reclaim --quiet
    """
    from leadrouter.reports import sweeps
    from leadrouter.usecases.sweep import sweep

    office = Office(db, now)
    session = office.session(by, dry_run=dry_run)
    swept = sweep(session, office.now)
    sweeps.show(swept, session.policy.policy, as_json=as_json, quiet=quiet, dry_run=dry_run)
    if session.policy.reached and not (dry_run or no_notify):
        from leadrouter.cli.hand_over import deliver_now

        deliver_now(office, as_json=as_json)


@report.command("monthly")
def monthly(
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Default: this month.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """The audit of a month: due against received, skips, first contacts, conversion, open leads.

    Example: leadrouter report monthly --month 2026-10
    """
    from leadrouter.reports.monthly import monthly_report
    from leadrouter.reports.wording import print_json
    from leadrouter.store.database import reading
    from leadrouter.store.policies import policy_in_force

    office = Office(db, now)
    chosen = month_option(month, office.now, office.timezone)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        data = monthly_report(office.connection, policy, chosen, office.now)
    if as_json:
        print_json(data)
        return
    from leadrouter.reports import monthly_tables

    monthly_tables.show(data, policy)


@report.command("agent")
def agent(
    name: Annotated[str, typer.Argument(metavar="AGENT", help="The agent's id, or the name.")],
    first: From = None,
    last: To = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """What one agent may see: own results beside the team's, the tier and what earns the next, first contacts.

    Example: leadrouter report agent aina
    """
    from leadrouter.reports import agent_page
    from leadrouter.reports.agent import agent_report
    from leadrouter.reports.wording import print_json
    from leadrouter.store.database import reading
    from leadrouter.store.desks import load_desk
    from leadrouter.usecases.session import roster_agent
    from leadrouter.usecases.tiers import standing

    office = Office(db, now)
    window = bounds(office, first, last)
    with reading(office.connection):
        desk = load_desk(office.connection)
        chosen = roster_agent(desk.policy.policy, name)
        data = agent_report(office.connection, desk, standing(office.connection, desk, office.now, *window), chosen)
    if as_json:
        print_json(data)
    else:
        agent_page.show(data)


@report.command("isa")
def isa(
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day; default: the first of this month.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day; default: today.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Inside sales in a period: appointments, no-shows, show-to-win, and conversion by isa and by field agent apart.

    Example: leadrouter report isa --from 2026-10-01 --to 2026-10-31
    """
    from leadrouter.domain.calendar import local_date
    from leadrouter.reports import isa as isas
    from leadrouter.reports.wording import print_json
    from leadrouter.store.database import reading
    from leadrouter.store.inside import histories
    from leadrouter.store.policies import policy_in_force

    office = Office(db, now)
    last = date_option(until, "--to") or local_date(office.now, office.timezone)
    first = date_option(since, "--from") or f"{last[:7]}-01"
    if first > last:
        raise WrongUsage(f"--from {first} is after --to {last}", "give them in order")
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        found = histories(office.connection, *isas.period(first, last, office.timezone))
        data = isas.isa_report(found, first, last, office.timezone)
    if as_json:
        print_json(data)
    else:
        isas.show(data, policy)


@app.command("verify")
def verify(
    expect: Annotated[
        str | None,
        typer.Option("--expect", metavar="HASH", help="A head hash kept elsewhere; it must be in the chain."),
    ] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Proves the file: the chain of events, every stored figure, the books, and each decision replayed.

    Exit code 1 when it finds something.

    Example: leadrouter verify
    """
    from leadrouter.reports import proof
    from leadrouter.store.database import connect
    from leadrouter.usecases.verify import verify as prove

    if expect is not None and (len(expect) < 8 or not all(sign in "0123456789abcdef" for sign in expect.lower())):
        raise WrongUsage("--expect is not a hash", "give at least the first 8 digits that `verify` printed as head")
    verdict = prove(connect(db), expect)
    proof.show(verdict, as_json=as_json, quiet=quiet)
    if not verdict.ok:
        raise typer.Exit(1)
