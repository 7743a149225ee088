"""`policy` and `simulate`: what the rules are, in plain sentences, and what others would have done. Write nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.options import DEFAULT_DB, Db, Json, Now, Office, date_option
from leadrouter.cli.setup import Config

app = typer.Typer()


@app.command("simulate")
def simulate(
    config: Config,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="From this day on; default: the first lead.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Up to and with this day.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Sends the recorded leads through another policy, side by side with what happened. Writes nothing.

    Leads come at their real times, people are away as they were, and each lead is worked and closed as it was.

    Example: leadrouter simulate next.yaml --from 2026-10-01 --to 2026-10-31
    """
    from leadrouter.config import read_config
    from leadrouter.reports import simulation
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.simulate import simulate as tried
    from leadrouter.usecases.simulate import window

    policy = read_config(config).policy
    office = Office(db, now)
    first, last = window(date_option(since, "--from"), date_option(until, "--to"), office.now, office.timezone)
    found = tried(office.connection, policy, first, last)
    if as_json:
        print_json(simulation.as_json(found, policy))
    else:
        simulation.show(found, policy)
