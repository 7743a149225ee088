"""`tiers`: results, proposed moves and the path upward; recording a review; a tier by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from leadrouter.cli import completion
from leadrouter.cli.dates import moments_between
from leadrouter.cli.given import DEFAULT_DB, words
from leadrouter.cli.office import Office
from leadrouter.cli.options import By, Db, DryRun, From, Json, NoPager, Now, Quiet, To
from leadrouter.domain.policy import TIERS
from leadrouter.errors import WrongUsage

if TYPE_CHECKING:
    from leadrouter.usecases.session import Session
    from leadrouter.usecases.tiers import Move

app = typer.Typer()


@app.command("tiers")
def tiers(
    first: From = None,
    last: To = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Record the review that is due, and the moves earned.")
    ] = False,
    put: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="AGENT=TIER",
            help="A tier by hand; needs --reason.",
            autocompletion=completion.tiers_by_hand,
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; it is kept and shown in the audit.")] = None,
    db: Db = DEFAULT_DB,
    now: Now = None,
    by: By = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    no_pager: NoPager = False,
) -> None:
    """Results judged fairly: against each agent's own mix of leads, with chance allowed for; and what they mean.

    Only leads old enough to have closed count. Nothing moves unless --apply or --set says so.

    Example: leadrouter tiers --apply
    """
    window = first is not None or last is not None
    if (apply or put) and window:
        raise WrongUsage("a review chooses its leads itself", "leave --from and --to out")
    if apply and put:
        raise WrongUsage("one step at a time", "give either --apply or --set")
    if (put is None) != (reason is None):
        raise WrongUsage("a tier by hand needs a reason, and a reason a tier", "give --set AGENT=TIER --reason TEXT")
    office = Office(db, now)
    if put is not None:
        _set(office, put, words(reason, "--reason") or "", by, as_json=as_json, quiet=quiet, dry_run=dry_run)
    elif apply:
        _apply(office, by, as_json=as_json, quiet=quiet, dry_run=dry_run)
    else:
        from leadrouter.cli.paging import paged

        with paged(off=no_pager or as_json):
            _show(office, moments_between(first, last, office), as_json=as_json)


def _show(office: Office, window: tuple[datetime | None, datetime | None], *, as_json: bool) -> None:
    from leadrouter.reports.tiers import tiers_report
    from leadrouter.reports.wording import print_json
    from leadrouter.store.desks import load_desk
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.tiers import standing

    with reading(office.connection):
        desk = load_desk(office.connection)
        report = tiers_report(office.connection, desk, standing(office.connection, desk, office.now, *window))
    if as_json:
        print_json(report)
        return
    from leadrouter.reports import tiers_tables

    tiers_tables.show(report, desk.policy.policy)


def _apply(office: Office, by: str | None, *, as_json: bool, quiet: bool, dry_run: bool) -> None:
    from leadrouter.domain.speech import counted
    from leadrouter.reports.lines import say
    from leadrouter.reports.tiers import applied_report
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.tiers import apply_review

    session = office.session(by, dry_run=dry_run)
    found, moves = apply_review(session, office.now)
    if as_json:
        print_json(applied_report(session.connection, found, moves, dry_run=dry_run))
    elif not quiet:
        _tell(moves, session, dry_run=dry_run)
        say(f"{counted(len(found.reviews), 'agent')} reviewed, {counted(len(moves), 'move')}")


def _set(office: Office, put: str, reason: str, by: str | None, *, as_json: bool, quiet: bool, dry_run: bool) -> None:
    from leadrouter.reports.tiers import applied_entry
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.tiers import set_tier

    agent, sign, tier = put.rpartition("=")
    if not sign or not agent.strip() or tier.strip().upper() not in TIERS:
        raise WrongUsage(
            f"--set {put} names no agent and tier", f"write it as AGENT=TIER, TIER being {', '.join(TIERS)}"
        )
    session = office.session(by, dry_run=dry_run)
    move = set_tier(session, agent.strip(), tier.strip().upper(), reason, office.now)
    if as_json:
        print_json({"dry_run": dry_run, "applied": applied_entry([move])})
    elif not quiet:
        _tell([move], session, dry_run=dry_run)


def _tell(moves: list[Move], session: Session, *, dry_run: bool) -> None:
    from leadrouter.domain.naming import named
    from leadrouter.reports.lines import say

    policy, goes = session.policy.policy, "would go" if dry_run else "goes"
    say(*(f"{named(policy, move.agent)} {goes} from tier {move.before} to tier {move.after}" for move in moves))
