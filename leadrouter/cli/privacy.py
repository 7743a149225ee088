"""`forget` and `export`: a person's data is theirs, to be given out and to be erased."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from leadrouter.cli import completion
from leadrouter.cli.given import DEFAULT_DB, stdin_bytes
from leadrouter.cli.office import Office
from leadrouter.cli.options import By, Db, DryRun, Json, Now, Quiet
from leadrouter.errors import Busy, UnusableFile, WrongUsage
from leadrouter.private import owner_only

app = typer.Typer()

Who = Annotated[
    str | None,
    typer.Argument(
        metavar="[LEAD]",
        help="A lead of theirs, or their e-mail or phone (+60...).",
        show_default=False,
        autocompletion=completion.leads,
    ),
]


@app.command("forget")
def forget(
    lead: Who = None,
    allow: Annotated[
        str | None,
        typer.Option(
            "--allow", metavar="WHO", help="Take somebody off the list, by e-mail, phone or id (- reads it from stdin)."
        ),
    ] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    by: By = None,
) -> None:
    """Erases a person: all their leads, what they said and what was noted of them, down to the bytes of the file.

    What the leads came to stays in the figures. Open ones are closed as lost, and their agents are told. Whoever
    imports the person again is told, and nothing is kept. Exit code 6: erased, but another process still reads the
    file; once that has ended, `forget` by the number it named, or the next `reclaim`, sees to the bytes.

    Example: leadrouter forget 17 --dry-run
    """
    from leadrouter.domain.speech import counted
    from leadrouter.reports import forgotten
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases import erase

    if (lead is None) == (allow is None):
        raise WrongUsage(
            "who is to be forgotten?", "name a lead of theirs, or take somebody off the list with --allow WHO"
        )
    office = Office(db, now)
    session = office.session(by, dry_run=dry_run)
    if allow is not None:
        from leadrouter.usecases.suppression import allow as take_off

        who = stdin_bytes().read().decode(errors="replace") if allow == "-" else allow
        leads = take_off(session, erase.person_meant(who.strip()), office.now)
        if as_json:
            print_json({"allowed": leads})
        elif not quiet:
            may = "would be" if dry_run else "is"
            say(f"the person of {counted(len(leads), 'erased lead')} {may} off the list, and may come again")
        return
    done = erase.forget(session, lead or "", office.now)
    scrubbed = not dry_run and erase.finish(office.connection, wait=True)
    forgotten.show(done, session.policy.policy, scrubbed=scrubbed, as_json=as_json, quiet=quiet, dry_run=dry_run)
    if not (scrubbed or dry_run):
        again = f"id:{done.leads[0].lead}" if done.leads else lead
        raise Busy(
            "erased, but another process reads the file, and the erased bytes are still in it",
            f"end what reads it (a dashboard, Datasette), then again: leadrouter forget {again}",
        )


@app.command("export")
def export(
    lead: Who = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to a file that only you can read.")
    ] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Gives out everything held of one person, as JSON; without LEAD, all leads as CSV (with --json: JSON lines).

    What a person is entitled to see: all their leads, inquiries, notes, what happened, who was told. The CSV has the
    columns of a lead file: `import --history` reads it again, and no cell of it can become a formula.

    Example: leadrouter export 17
    """
    from leadrouter.domain.speech import counted
    from leadrouter.reports import people
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import json_text
    from leadrouter.store.people import held
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.erase import whose

    office = Office(db, now)
    with reading(office.connection):
        if lead is not None:
            theirs = whose(office.connection, lead)
            leads = [held(office.connection, number) for number in theirs.leads]
            text = json_text(people.person_view(theirs, leads, policy_in_force(office.connection)))
        with _written_to(out) as file:
            if lead is not None:
                file.write(text)
                count = len(leads)
            else:
                write = people.write_lines if as_json else people.write_table
                count = write(office.connection, file)
    if out is not None and not quiet:
        say(f"{counted(count, 'lead')} in {out}", to=sys.stderr)


@contextmanager
def _written_to(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file of the owner alone: people lie in it in the clear."""
    if path is None:
        yield sys.stdout
        return
    try:
        with open(path, "w", encoding="utf-8", newline="", opener=owner_only) as file:
            yield file
    except OSError as error:
        raise UnusableFile(f"cannot write {path}: {error.strerror}", "choose another place") from None
