"""`record`: what became of leads, many at a time."""

from __future__ import annotations

from typing import Annotated

import typer

from leadrouter.cli.given import DEFAULT_DB, date_order, pairs, stdin_bytes
from leadrouter.cli.office import Office
from leadrouter.cli.options import By, DataFile, DateOrder, Db, DryRun, Json, Now, Quiet, Rejects

app = typer.Typer()


@app.command("record")
def record(
    file: DataFile,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="HEADER=FIELD", help="FIELD: external_id, what, at, agent, value, reason, met or ignore."
        ),
    ] = None,
    dates: DateOrder = None,
    rejects: Rejects = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    by: By = None,
) -> None:
    """Records the outcomes in a file: lead, what, when, agent, value, reason.

    What is contact, appointment, no_show, handoff (a column met says which criteria are), won, lost, void or rate.
    Recording a file again changes nothing. A row that
    a lead's state does not allow goes to the rejects file, and the rest goes on: exit code 3.

    Example: leadrouter record outcomes.csv
    """
    from leadrouter.cli.bulk import in_bulk, passing, reject_later, rejects_at
    from leadrouter.intake.outcome_file import OutcomeRow, open_outcomes
    from leadrouter.reports import imported
    from leadrouter.usecases.batch import record_outcomes

    office = Office(db, now)
    session = office.session(by, dry_run=dry_run)
    with open_outcomes(
        file,
        timezone=office.timezone,
        mapping=pairs(mapping, "--map"),
        dates=date_order(dates),
        stdin=stdin_bytes() if file == "-" else None,
    ) as outcomes:
        path = rejects_at(rejects, outcomes)
        with in_bulk("record", outcomes, path, office, dry_run=dry_run, quiet=quiet, as_json=as_json) as run:
            rows = passing(outcomes, run.rejects, OutcomeRow, lambda row: (row, row.outcome))
            record_outcomes(session, rows, office.now, run.tick, run.done, reject_later(run.rejects))
    imported.show_record(run.done, outcomes.name, run.rejected_to, as_json=as_json, quiet=quiet, dry_run=dry_run)
    run.finish(in_part=False)
