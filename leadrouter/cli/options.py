"""Options that commands share, each defined once. What was given with them is read in `given` and `dates`.

Options that go together are in `records`. The shell asks for the options at every TAB, so nothing else is in here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leadrouter.cli import completion

Db = Annotated[
    Path, typer.Option("--db", envvar="LEADROUTER_DB", help="The database file.", show_default="leadrouter.db")
]
Now = Annotated[
    str | None,
    typer.Option("--now", envvar="LEADROUTER_NOW", help="Pretend it is this moment (ISO 8601).", metavar="ISO"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Run the same decisions and write nothing.")]
NoNotify = Annotated[bool, typer.Option("--no-notify", help="Leave telling people to the next `notify` or `reclaim`.")]
By = Annotated[str | None, typer.Option("--by", help="Who does this (default: the system user).", metavar="NAME")]
At = Annotated[
    str | None,
    typer.Option(
        "--at", help="When it was, on the team's clock: 2026-11-22T09:30, yesterday 15:00, 2h ago.", metavar="WHEN"
    ),
]
NoPager = Annotated[
    bool,
    typer.Option("--no-pager", envvar="LEADROUTER_NO_PAGER", help="Never stop after a page.", show_envvar=False),
]
LeadName = Annotated[
    str,
    typer.Argument(
        metavar="LEAD",
        help="External id or number; id:17 and ext:17 say which.",
        show_default=False,
        autocompletion=completion.leads,
    ),
]
AgentName = Annotated[
    str,
    typer.Argument(
        metavar="AGENT", help="The agent's id, or the name.", show_default=False, autocompletion=completion.agents
    ),
]


def agent_option(name: str, about: str) -> Any:
    """An option that takes an agent's id, or the name."""
    return typer.Option(name, metavar="AGENT", help=about, autocompletion=completion.agents)


DataFile = Annotated[str, typer.Argument(metavar="FILE", help="A CSV or JSON lines file, also gzipped; - for stdin.")]
DateOrder = Annotated[
    str | None,
    typer.Option(
        "--dates",
        metavar="ORDER",
        help="dmy, mdy or ymd, where dates do not tell.",
        autocompletion=completion.words_of("leadrouter.domain.preset", "DATE_ORDERS"),
    ),
]
Rejects = Annotated[
    str | None, typer.Option("--rejects", metavar="FILE", help="Where bad rows go (default: FILE.rejects.csv).")
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="DATE", help="Only leads that came in on this day or later: 2026-10-01, monday, 2w ago."
    ),
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Only leads that came in until this day, inclusive.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in your own words.")]
NeededReason = Annotated[str, typer.Option("--reason", help="Why, in your own words; it is kept and shown.")]
