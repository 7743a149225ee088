"""`route` and `import`: leads come in."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from leadrouter.cli.options import By, Db, DryRun, Json, Now, Office, Quiet

app = typer.Typer()

DONE_IN_PART = 3


@app.command("route")
def route(
    source_line: Annotated[
        str | None, typer.Argument(metavar="[-]", help="- reads one JSON object with the lead from stdin.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name")] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    phone: Annotated[str | None, typer.Option("--phone")] = None,
    external_id: Annotated[str | None, typer.Option("--external-id", help="Its id where it came from.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Where it came from: portal, referral, ...")] = None,
    campaign: Annotated[str | None, typer.Option("--campaign")] = None,
    intent: Annotated[str | None, typer.Option("--intent", help="buyer, seller, rental, ...")] = None,
    price: Annotated[str | None, typer.Option("--price")] = None,
    postcode: Annotated[str | None, typer.Option("--postcode")] = None,
    area: Annotated[str | None, typer.Option("--area")] = None,
    language: Annotated[str | None, typer.Option("--language")] = None,
    quality: Annotated[str | None, typer.Option("--quality", help="hot, warm or cold.")] = None,
    message: Annotated[str | None, typer.Option("--message")] = None,
    requested_agent: Annotated[str | None, typer.Option("--requested-agent")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any other field or custom field.")
    ] = None,
    db: Db = ...,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    by: By = None,
) -> None:
    """Routes one new lead and says who got it and why.

    An e-mail, a phone or an external id is enough. Personal data on a command line is seen by others on the same
    machine: `leadrouter route -` reads it from stdin. Exit code 3: recorded, but nobody could take it.

    Example: leadrouter route --name "Dewi" --phone "+60 12-345 6789" --source portal
    """
