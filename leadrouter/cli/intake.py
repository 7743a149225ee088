"""`route` and `import`: leads come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadrouter.cli import completion
from leadrouter.cli.given import DEFAULT_DB, date_order, json_object, pairs, plain, stdin_bytes
from leadrouter.cli.office import Office
from leadrouter.cli.options import (
    By,
    DataFile,
    DateOrder,
    Db,
    DryRun,
    Json,
    NoNotify,
    Now,
    Quiet,
    Rejects,
    agent_option,
)
from leadrouter.errors import DONE_IN_PART, Refused, WrongUsage

if TYPE_CHECKING:
    from leadrouter.domain.lead import Lead
    from leadrouter.domain.preset import Preset
    from leadrouter.intake.table import LeadFile
    from leadrouter.usecases.session import Session

app = typer.Typer()

PresetName = Annotated[
    str | None,
    typer.Option(
        "--preset",
        metavar="NAME",
        help="Whose file this is, such as facebook or hubspot.",
        autocompletion=completion.presets,
    ),
]


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
    quality: Annotated[
        str | None,
        typer.Option(
            "--quality",
            help="hot, warm or cold.",
            autocompletion=completion.words_of("leadrouter.domain.policy", "QUALITIES"),
        ),
    ] = None,
    message: Annotated[str | None, typer.Option("--message")] = None,
    requested_agent: Annotated[str | None, agent_option("--requested-agent", "Whom they ask for.")] = None,
    more: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any other field, or one of your own.")
    ] = None,
    preset: PresetName = None,
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
    keeps personal data out of it; with --preset the keys are those of that system. Exit code 3: recorded, but nobody
    could take it.

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
        given.update(json_object(stdin_bytes().read(), unfold=preset is not None))
    elif stdin is not None:
        raise WrongUsage(f"unexpected {stdin}", "give the lead as options, or as JSON on stdin with -")
    office = Office(db, now)
    session = office.session(by, dry_run=dry_run)
    if requested_agent is not None:
        from leadrouter.domain.naming import agents_meant

        meant = agents_meant(requested_agent, session.policy.policy.agents)
        if len(meant) == 1:  # anybody else is noted as they are asked for: the lead is not lost for it
            given["requested_agent"] = meant[0].id
    if preset is None:
        lead = lead_from_values(given, region=office.region, timezone=office.timezone, now=office.now)
        ids_of = "enquiry"
    else:
        lead, ids_of = _as_that_system_says(given, preset, session, office)
    taken = receive(session, [lead], office.now, ids_of)[0]
    if taken.what == "suppressed":
        raise Refused(
            "this person asked to be forgotten; nothing was kept",
            "if they come by themselves: leadrouter forget --allow WHO (their e-mail, phone or id), then route again",
        )
    arrivals.show_route(taken, session.policy, as_json=as_json, quiet=quiet, dry_run=dry_run)
    if session.told and not (dry_run or no_notify):
        from leadrouter.cli.hand_over import hand_over

        hand_over(office, db, now, as_json=as_json)
    if taken.what == "new" and taken.state.state == "unassigned":  # said once, as by `import`: again is no news
        raise typer.Exit(DONE_IN_PART)


def _as_that_system_says(given: dict[str, str], name: str, session: Session, office: Office) -> tuple[Lead, str]:
    """The lead under a preset's keys, and what its id numbers."""
    from leadrouter.intake.presets import choose
    from leadrouter.intake.reading import one_lead

    preset = choose(list(given), name, _own_presets(session))
    if preset is None:
        raise WrongUsage(f"--preset {name} names no preset", "leave it out")
    return one_lead(given, preset, region=office.region, timezone=office.timezone, now=office.now), preset.ids


@app.command("import")
def import_(
    file: DataFile,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEADER=FIELD", help="What a column means; FIELD may be ignore or custom."),
    ] = None,
    preset: PresetName = None,
    history: Annotated[
        bool, typer.Option("--history", help="Past leads: they keep their owner and state, and nothing is routed.")
    ] = False,
    reassign: Annotated[
        bool,
        typer.Option(
            "--reassign", help="Deal the leads out anew although a column says whose they are, or that they are closed."
        ),
    ] = False,
    dates: DateOrder = None,
    rejects: Rejects = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    no_notify: NoNotify = False,
    by: By = None,
) -> None:
    """Records and routes every lead of a file, in its order.

    Importing a file again changes nothing; after an interruption it finishes the work. Bad rows go to the rejects
    file with their line and reason, and the rest goes on; so do leads whose status says that they are won, lost or
    void. --dry-run shows which column goes where. Exit code 3: some rows rejected or leads unassigned.

    Example: leadrouter import leads.csv --map "Channel=source"
    """
    from leadrouter.cli.bulk import in_bulk, passing, reject_later, rejects_at
    from leadrouter.intake.table import PastRow, Row, open_leads
    from leadrouter.reports import imported
    from leadrouter.usecases.batch import Ended, import_leads, import_past

    def to_deal(row: Row) -> Lead | Ended:
        return row.lead if row.ended is None or reassign else Ended(row.lead, row.ended, row)

    office = Office(db, now)
    session = office.session(by, dry_run=dry_run)
    with open_leads(
        file,
        region=office.region,
        timezone=office.timezone,
        mapping=pairs(mapping, "--map"),
        stdin=stdin_bytes() if file == "-" else None,
        preset=preset,
        own=_own_presets(session),
        dates=date_order(dates),
        now=office.now,
        history=history,
    ) as leads:
        _check_owner(leads, history=history, reassign=reassign)
        path = rejects_at(rejects, leads)
        with in_bulk("import", leads, path, office, dry_run=dry_run, quiet=quiet, as_json=as_json) as run:
            if history:
                past = passing(leads, run.rejects, PastRow, lambda row: (row, row.past))
                import_past(session, past, office.now, run.tick, run.done, reject_later(run.rejects), leads.ids_of)
            else:
                new = passing(leads, run.rejects, Row, to_deal)
                import_leads(session, new, office.now, run.tick, run.done, reject_later(run.rejects), leads.ids_of)
    imported.show_import(
        run.done, leads, run.rejected_to, path, session.policy, as_json=as_json, quiet=quiet, dry_run=dry_run,
        history=history, reassign=reassign,
    )  # fmt: skip
    if session.told and not (dry_run or no_notify):
        from leadrouter.cli.hand_over import hand_over

        hand_over(office, db, now, as_json=as_json)
    run.finish(in_part=not history and bool(run.done.by_state.get("unassigned")))


def _own_presets(session: Session) -> tuple[Preset, ...]:
    """The broker's own presets, of the policy in force."""
    return session.policy.policy.presets


def _check_owner(leads: LeadFile, *, history: bool, reassign: bool) -> None:
    """Nobody's clients are dealt out anew by accident."""
    if history and reassign:
        raise WrongUsage("--history keeps the owners, --reassign does not", "give one of the two")
    if leads.owner_column and not history and not reassign:
        raise WrongUsage(
            f"the column {leads.owner_column} says whose leads these are",
            "past leads keep their owners with --history; deal them out anew with --reassign, or leave the column out "
            f'with --map "{leads.owner_column}=ignore"',
        )
