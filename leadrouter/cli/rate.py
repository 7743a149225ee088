"""`rate`: how satisfied the person was, as they said it."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.options import LeadName
from leadrouter.cli.records import Step, expanded
from leadrouter.cli.run_step import run_step

app = typer.Typer()


@app.command("rate")
@expanded
def rate(
    options: Step,
    lead: LeadName,
    score: Annotated[int, typer.Argument(metavar="1..5", min=1, max=5, help="5 is best.", show_default=False)],
) -> None:
    """Records how satisfied the person was with the agent, 1 to 5; the report shows the mean of each agent's month.

    Example: leadrouter rate 17 5
    """
    run_step("rate", lead, options, details={"score": score})
