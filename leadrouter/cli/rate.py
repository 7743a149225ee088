"""`rate`: how satisfied the person was, as they said it."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.options import DEFAULT_DB, At, By, Db, Json, LeadName, Now, Quiet
from leadrouter.cli.run_step import run_step

app = typer.Typer()


@app.command("rate")
def rate(
    lead: LeadName,
    score: Annotated[int, typer.Argument(metavar="1..5", min=1, max=5, help="5 is best.", show_default=False)],
    at: At = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Records how satisfied the person was with the agent, 1 to 5; the report shows the mean of each agent's month.

    Example: leadrouter rate 17 5
    """
    run_step("rate", lead, db, now, by, at=at, as_json=as_json, quiet=quiet, details={"score": score})
