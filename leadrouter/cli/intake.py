"""`route` and `import`: leads come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from leadrouter.cli.app import complain
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
    json_object,
    pairs,
    plain,
    stdin_bytes,
)
from leadrouter.errors import LeadrouterError, WrongUsage

if TYPE_CHECKING:
    from leadrouter.domain.lead import Lead
    from leadrouter.intake.rejects import RejectsWriter
    from leadrouter.intake.table import LeadFile

app = typer.Typer()

DONE_IN_PART = 3


@app.command("route")
def route(
    stdin: Annotated[
        str | None, typer.Argument(metavar="[-]", help="- reads the lead as one JSON object from stdin.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The person's name.")] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="With country code, or of the team's region.")] = None,
    external_id: Annotated[str | None, typer.Option("--external-id", help="Its id where it came from.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Where it came from: portal, referral ...")] = None,
    intent: Annotated[str | None, typer.Option("--intent", help="buyer, seller, rental ...")] = None,
    price: Annotated[str | None, typer.Option("--price")] = None,
    postcode: Annotated[str | None, typer.Option("--postcode")] = None,
    area: Annotated[str | None, typer.Option("--area")] = None,
    language: Annotated[str | None, typer.Option("--language")] = None,
    quality: Annotated[str | None, typer.Option("--quality", help="hot, warm or cold.")] = None,
    message: Annotated[str | None, typer.Option("--message")] = None,
    requested_agent: Annotated[str | None, typer.Option("--requested-agent")] = None,
    more: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any other field, or one of your own.")
    ] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    no_notify: NoNotify = False,
    by: By = None,
) -> None:
    """Routes one new lead and says who got it and why.

    An e-mail, a phone or an external id is enough. Others on the same machine can read a command line: `route -`
    keeps personal data out of it. Exit code 3: recorded, but nobody could take it.

    Example: leadrouter route --name "Dewi Lim" --phone "+60 12-345 6789" --source portal
    """
    from leadrouter.intake.values import lead_from_values
    from leadrouter.reports import arrivals
    from leadrouter.usecases.receive import receive

    given = plain(
        {
            "name": name, "email": email, "phone": phone, "external_id": external_id, "source": source,
            "intent": intent, "price": price, "postcode": postcode, "area": area, "language": language,
            "quality": quality, "message": message, "requested_agent": requested_agent,
        }
    )  # fmt: skip
    given.update(pairs(more, "--set"))
    if stdin == "-":
        given.update(json_object(stdin_bytes().read()))
    elif stdin is not None:
        raise WrongUsage(f"unexpected {stdin}", "give the lead as options, or as JSON on stdin with -")
    office = Office(db, now)
    lead = lead_from_values(given, region=office.region, timezone=office.timezone)
    session = office.session(by, dry_run=dry_run)
    taken = receive(session, [lead], office.now)[0]
    arrivals.show_route(taken, session.policy, as_json=as_json, quiet=quiet, dry_run=dry_run)
    if session.told and not (dry_run or no_notify):
        from leadrouter.cli.hand_over import hand_over

        hand_over(office, db, now, as_json=as_json)
    if taken.state.state == "unassigned":
        raise typer.Exit(DONE_IN_PART)


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A CSV file with a header; - for stdin.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEADER=FIELD", help="What a column means; FIELD may be ignore."),
    ] = None,
    reassign: Annotated[
        bool, typer.Option("--reassign", help="Deal the leads out anew although a column says whose they are.")
    ] = False,
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help="Where bad rows go (default: FILE.rejects.csv).")
    ] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    no_notify: NoNotify = False,
    by: By = None,
) -> None:
    """Records and routes every lead of a CSV file, in its order.

    Importing a file again changes nothing; after an interruption it finishes the work. Bad rows go to the rejects
    file with their line and reason, and the rest goes on. Exit code 3: some rows rejected or leads unassigned.

    Example: leadrouter import leads.csv --map "Channel=source"
    """
    from leadrouter.intake.rejects import RejectsWriter
    from leadrouter.intake.table import open_leads
    from leadrouter.reports import arrivals
    from leadrouter.reports.progress import progress
    from leadrouter.usecases.batch import Imported, import_leads

    office = Office(db, now)
    rejects_file = rejects or ("rejects.csv" if file == "-" else f"{file}.rejects.csv")
    stdin = stdin_bytes() if file == "-" else None
    meaning = pairs(mapping, "--map")
    with open_leads(file, region=office.region, timezone=office.timezone, mapping=meaning, stdin=stdin) as leads:
        if leads.owner_column and not reassign:
            raise WrongUsage(
                f"the column {leads.owner_column} says whose leads these are",
                f'deal them out anew with --reassign, or leave the column out with --map "{leads.owner_column}=ignore"',
            )
        session = office.session(by, dry_run=dry_run)
        broken = None
        keep = RejectsWriter(rejects_file, leads) if not dry_run else None
        with keep or nullcontext(), progress(leads, quiet=quiet or as_json) as tick:
            summary = Imported()
            try:
                import_leads(session, _usable(leads, keep), office.now, tick, summary)
            except LeadrouterError as error:
                if not summary.recorded:
                    raise
                broken = error
    written = rejects_file if summary.rejected and not dry_run else None
    arrivals.show_import(summary, leads, written, session.policy, as_json=as_json, quiet=quiet, dry_run=dry_run)
    if session.told and not (dry_run or no_notify):
        from leadrouter.cli.hand_over import hand_over

        hand_over(office, db, now, as_json=as_json)
    if broken is not None:
        hint = "what was read is kept; the same import again continues"
        complain(broken.code, broken.message, hint, as_json=as_json)
    if broken is not None or summary.rejected or summary.by_state.get("unassigned"):
        raise typer.Exit(DONE_IN_PART)


def _usable(leads: LeadFile, rejects: RejectsWriter | None) -> Iterator[Lead | None]:
    """The leads of the file; None for a row that went to the rejects."""
    from leadrouter.intake.table import Rejected

    for row in leads:
        if isinstance(row, Rejected):
            if rejects is not None:
                rejects.write(row)
            yield None
        else:
            yield row.lead
