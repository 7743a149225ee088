"""`reclaim` and `verify`: the clocks and the proof."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from leadrouter.cli.given import DEFAULT_DB
from leadrouter.cli.office import Office
from leadrouter.cli.options import By, Db, DryRun, Json, NoNotify, Now, Quiet
from leadrouter.errors import WrongUsage

app = typer.Typer()


@app.command("reclaim")
def reclaim(
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    no_notify: NoNotify = False,
    by: By = None,
) -> None:
    """Carries out everything that has fallen due, and nothing else; for cron. Running it twice does nothing more.

    Example: leadrouter reclaim --quiet
    """
    from leadrouter.reports import sweeps
    from leadrouter.reports.lines import say
    from leadrouter.store.leads import is_unscrubbed
    from leadrouter.usecases.sweep import sweep

    office = Office(db, now)
    session = office.session(by, dry_run=dry_run)
    swept = sweep(session, office.now)
    sweeps.show(swept, session.policy.policy, as_json=as_json, quiet=quiet, dry_run=dry_run)
    if is_unscrubbed(office.connection) and not dry_run:
        from leadrouter.usecases.erase import finish

        if not finish(office.connection, wait=False) and not quiet:
            say(
                "what was erased still lies in the file: another process reads it; the next sweep tries again",
                to=sys.stderr,
            )
    if session.policy.reached and not (dry_run or no_notify):
        from leadrouter.cli.hand_over import deliver_now

        deliver_now(office, as_json=as_json)


@app.command("verify")
def verify(
    expect: Annotated[
        str | None,
        typer.Option("--expect", metavar="HASH", help="A head hash kept elsewhere; it must be in the chain."),
    ] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Proves the file: the chain of events, every stored figure, the books, and each decision replayed.

    Exit code 1 when it finds something.

    Example: leadrouter verify
    """
    from leadrouter.reports import proof
    from leadrouter.store.database import connect
    from leadrouter.usecases.verify import verify as prove

    if expect is not None and (len(expect) < 8 or not all(sign in "0123456789abcdef" for sign in expect.lower())):
        raise WrongUsage("--expect is not a hash", "give at least the first 8 digits that `verify` printed as head")
    verdict = prove(connect(db), expect)
    proof.show(verdict, as_json=as_json, quiet=quiet)
    if not verdict.ok:
        raise typer.Exit(1)
