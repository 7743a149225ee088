"""`report`: the month-end audit, and one cut of a period at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from leadrouter.cli.completion import words_of
from leadrouter.cli.dates import date_option, in_order, moments_between, month_option
from leadrouter.cli.given import DEFAULT_DB, one_of
from leadrouter.cli.office import Office
from leadrouter.cli.options import AgentName, Db, From, Json, NoPager, Now, To
from leadrouter.cli.records import expanded
from leadrouter.domain.calendar import local_date
from leadrouter.domain.months import months_until
from leadrouter.errors import WrongUsage

app = typer.Typer()
report = typer.Typer(
    help="The month-end audit, and one cut of a period at a time.\n\nExample: leadrouter report monthly"
)
app.add_typer(report, name="report")

Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Also write it as a page for a browser.", dir_okay=False)
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="DIR", help="Also write every table as a CSV file.", file_okay=False)
]


class Shown(NamedTuple):
    """The options of every report: the forms it comes in."""

    html: Html = None
    csv: Csv = None
    db: Db = DEFAULT_DB
    now: Now = None
    as_json: Json = False
    no_pager: NoPager = False


Month = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Default: this month.")]


@report.command("monthly")
@expanded
def monthly(options: Shown, month: Month = None) -> None:
    """The audit of a month: verdict, due against received, first contacts, conversion, closings, what to look into.

    Example: leadrouter report monthly --month 2026-10 --html october.html
    """
    from leadrouter.reports.monthly import monthly_report
    from leadrouter.reports.monthly_page import monthly_page
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    chosen = month_option(month, office.now, office.timezone)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        data = monthly_report(office.connection, policy, chosen, office.now)
    _give(data, lambda: monthly_page(data, policy), {"month": chosen}, options)


@report.command("agent")
@expanded
def agent(options: Shown, name: AgentName, since: From = None, until: To = None) -> None:
    """What one agent may see: own results beside the team's, the tier and what earns the next, first contacts.

    Example: leadrouter report agent aina
    """
    from leadrouter.reports.agent import agent_report
    from leadrouter.reports.agent_page import agent_page
    from leadrouter.store.desks import load_desk
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.session import roster_agent
    from leadrouter.usecases.tiers import standing

    office = Office(options.db, options.now)
    window = moments_between(since, until, office)
    with reading(office.connection):
        desk = load_desk(office.connection)
        chosen = roster_agent(desk.policy.policy, name)
        data = agent_report(office.connection, desk, standing(office.connection, desk, office.now, *window), chosen)
    _give(data, lambda: agent_page(data), data["period"], options)


@report.command("isa")
@expanded
def isa(options: Shown, since: From = None, until: To = None) -> None:
    """Inside sales in a period: appointments, no-shows, show-to-win, and conversion by isa and by field agent apart.

    Example: leadrouter report isa --from 2026-10-01 --to 2026-10-31
    """
    from leadrouter.reports import isa as isas
    from leadrouter.reports.isa_page import isa_page
    from leadrouter.store.inside import histories
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    first, last = _dates(since, until, office, months=1)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        found = histories(office.connection, *isas.period(first, last, office.timezone))
        data = isas.isa_report(found, first, last, office.timezone)
    _give(data, lambda: isa_page(data, policy), {"from": first, "to": last}, options)


def _cut(
    cut: str, since: str | None, until: str | None, options: Shown, *, methods: tuple[str, ...] | None = None
) -> None:
    """One cut of the leads that came in between two dates."""
    from leadrouter.reports.cuts import cut_report, method_report
    from leadrouter.reports.cuts_page import cut_page
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    dates = _dates(since, until, office)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        if methods is None:
            data = cut_report(office.connection, policy, cut, dates, office.now)
        else:
            data = method_report(office.connection, policy, methods, dates, office.now)
    _give(data, lambda: cut_page(data, policy), {"from": dates[0], "to": dates[1]}, options)


def _dates(since: str | None, until: str | None, office: Office, months: int = 12) -> tuple[str, str]:
    """The dates asked for; without any, so many months up to today."""
    last = date_option(until, "--to", office) or local_date(office.now, office.timezone)
    first = date_option(since, "--from", office) or f"{months_until(last[:7], months)[0]}-01"
    in_order(first, last)
    return first, last


@report.command("source")
@expanded
def source(options: Shown, since: From = None, until: To = None) -> None:
    """Where leads come from: conversion with its uncertainty, cost per lead and per win, value.

    Example: leadrouter report source --from 2026-01-01
    """
    _cut("source", since, until, options)


@report.command("territory")
@expanded
def territory(options: Shown, since: From = None, until: To = None) -> None:
    """The same by where leads are, as the policy draws the map; a lead in two territories counts in both.

    Example: leadrouter report territory
    """
    _cut("territory", since, until, options)


@report.command("quality")
@expanded
def quality(options: Shown, since: From = None, until: To = None) -> None:
    """The same for hot, warm and cold leads.

    Example: leadrouter report quality
    """
    _cut("quality", since, until, options)


@report.command("method")
@expanded
def method(
    options: Shown,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ONE OTHER]",
            help="Which two to compare.",
            show_default=False,
            autocompletion=words_of("leadrouter.domain.strategies", "STRATEGIES"),
        ),
    ] = None,
    since: From = None,
    until: To = None,
) -> None:
    """Two strategies compared honestly: were the leads comparable, and is the gap more than chance?

    Without names, the two that dealt most leads.

    Example: leadrouter report method round_robin fastest --from 2026-01-01
    """
    from leadrouter.domain.strategies import STRATEGIES

    chosen = tuple(names or ())
    if len(chosen) not in (0, 2) or len(set(chosen)) != len(chosen):
        raise WrongUsage("which two strategies?", "name two, or none for the two that dealt most")
    for name in chosen:
        one_of(tuple(STRATEGIES), name, "strategy")
    _cut("method", since, until, options, methods=chosen)


@report.command("trend")
@expanded
def trend(options: Shown, month: Month = None) -> None:
    """Twelve months up to this one: leads, conversion, sales, first contacts, and what happened around them.

    Example: leadrouter report trend
    """
    from leadrouter.reports.cuts import trend_report
    from leadrouter.reports.cuts_page import trend_page
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    chosen = month_option(month, office.now, office.timezone)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        data = trend_report(office.connection, policy, chosen, office.now)
    _give(data, lambda: trend_page(data, policy), {"until": chosen}, options)


def _give(data: dict[str, Any], page: Any, period: dict[str, str], options: Shown) -> None:
    """The report in every form that was asked for; without a file, or with --json, also on stdout."""
    if options.html is not None:
        from leadrouter.reports.html_page import write_html

        write_html(page(), options.html)
    if options.csv is not None:
        from leadrouter.reports.csv_files import write_csv

        write_csv(page(), options.csv, period)
    if options.as_json:
        from leadrouter.reports.wording import print_json

        print_json(data)
    elif options.html is None and options.csv is None:
        from leadrouter.reports.on_screen import show_page

        show_page(page())
