"""`policy` and `simulate`: what the rules are, in plain sentences, and what others would have done. Write nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.dates import between
from leadrouter.cli.office import Office
from leadrouter.cli.records import Looking, expanded
from leadrouter.cli.setup import Config
from leadrouter.errors import WrongUsage

app = typer.Typer()


@app.command("policy")
@expanded
def policy(
    options: Looking,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="An earlier version.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Every version, and what it changed.")] = False,
    diff: Annotated[
        str | None,
        typer.Option("--diff", metavar="A..B", help="How two versions differ; A alone: from today's."),
    ] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, to hand out.")] = False,
) -> None:
    """The policy in force in plain sentences and tables, made from the very objects that route.

    Example: leadrouter policy --markdown
    """
    from leadrouter.reports.policy import show
    from leadrouter.reports.policy.sections import differences
    from leadrouter.reports.policy.versions import changes_of, told_version, versions
    from leadrouter.reports.wording import print_json
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    with reading(office.connection):
        kept = versions(office.connection)
        if history:
            changes = changes_of(office.connection, kept)
        elif diff is not None:
            first, last = _two_versions(diff, kept[-1].version)
            old, new = (told_version(office.connection, number, office.now) for number in (first, last))
        else:
            chosen = version if version is not None else kept[-1].version
            told = told_version(office.connection, chosen, office.now)
    if history:
        if options.as_json:
            print_json({"versions": show.history_json(kept, changes)})
        else:
            show.show_history(kept, changes, office.timezone, office.now)
    elif diff is not None:
        found = differences(old.sections, new.sections)
        if options.as_json:
            print_json({"from": first, "to": last, "differences": [entry._asdict() for entry in found]})
        else:
            show.show_differences(found)
    elif options.as_json:
        print_json({"version": chosen, "sections": show.as_json(told.sections)})
    elif as_markdown:
        typer.echo(show.markdown(told.title, told.sections), nl=False)
    else:
        show.on_screen(told.title, told.sections)


def _two_versions(text: str, latest: int) -> tuple[int, int]:
    """`2..4`, or `2` for that against the one in force. Raises WrongUsage."""
    first, dots, last = text.partition("..")
    if not first.strip().isdigit() or (dots and not last.strip().isdigit()):
        raise WrongUsage(f"--diff {text} names no two versions", "write it as 2..4, or 2 against the one in force")
    return int(first), int(last) if dots else latest


@app.command("simulate")
@expanded
def simulate(
    options: Looking,
    config: Config,
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DATE", help="From this day on (2026-10-01, monday, 2w ago); default: the first lead."
        ),
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Up to and with this day.")] = None,
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
    office = Office(options.db, options.now)
    first, last = window(*between(since, until, office), office.now, office.timezone)
    found = tried(office.connection, policy, first, last)
    if options.as_json:
        print_json(simulation.as_json(found, policy))
    else:
        simulation.show(found, policy)
