"""`backup`: a proved copy of the file, while others go on writing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leadrouter.cli.given import DEFAULT_DB
from leadrouter.cli.office import Office
from leadrouter.cli.options import Db, Json, Now, Quiet

app = typer.Typer()


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an earlier backup there.")] = False,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Writes a copy of the file as it is at one moment, proves it as `verify` does, and prints its head hash.

    Others go on writing meanwhile, and `forget` will name the copy. It is a database like any other: name it with
    --db, or put it in the place of a lost one. Exit code 1 when the proof finds something; it never overwrites an
    earlier backup then.

    Example: leadrouter backup leads-monday.db
    """
    from leadrouter.reports.proof import show_backup
    from leadrouter.store.copies import note_copy
    from leadrouter.usecases.backup import back_up

    office = Office(db, now)

    def noted(path: Path) -> None:
        note_copy(office.connection, "backup", path, office.now)

    verdict = back_up(office.connection, db, file, replace=force, about_to_write=noted)
    show_backup(verdict, file, as_json=as_json, quiet=quiet)
    if not verdict.ok:
        raise typer.Exit(1)
