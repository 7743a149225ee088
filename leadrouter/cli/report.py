"""`report`: the month-end audit, and one cut of a period at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leadrouter.cli.options import DEFAULT_DB, Db, Json, Now, Office, month_option

app = typer.Typer()
report = typer.Typer(help="The month-end audit, and one cut of a period at a time.")
app.add_typer(report, name="report")

Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Also write it as a page for a browser.", dir_okay=False)
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="DIR", help="Also write every table as a CSV file.", file_okay=False)
]


@report.command("monthly")
def monthly(
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Default: this month.")] = None,
    html: Html = None,
    csv: Csv = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """The audit of a month: verdict, due against received, first contacts, conversion, closings, what to look into.

    Example: leadrouter report monthly --month 2026-10 --html october.html
    """
    from leadrouter.reports.monthly import monthly_report
    from leadrouter.reports.monthly_page import monthly_page
    from leadrouter.store.database import reading
    from leadrouter.store.policies import policy_in_force

    office = Office(db, now)
    chosen = month_option(month, office.now, office.timezone)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        data = monthly_report(office.connection, policy, chosen, office.now)
    _give(data, lambda: monthly_page(data, policy), {"month": chosen}, html, csv, as_json=as_json)


def _give(
    data: dict[str, Any], page: Any, period: dict[str, str], html: Path | None, csv: Path | None, *, as_json: bool
) -> None:
    """The report in every form that was asked for; without a file, or with --json, also on stdout."""
    if html is not None:
        from leadrouter.reports.html_page import write_html

        write_html(page(), html)
    if csv is not None:
        from leadrouter.reports.csv_files import write_csv

        write_csv(page(), csv, period)
    if as_json:
        from leadrouter.reports.wording import print_json

        print_json(data)
    elif html is None and csv is None:
        from leadrouter.reports.on_screen import show_page

        show_page(page())
