"""`notify`: what waits in the outbox is delivered, listed, tried again; and handing it over after another command."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from leadrouter.cli import completion
from leadrouter.cli.given import DEFAULT_DB
from leadrouter.cli.office import Office
from leadrouter.cli.options import Db, Json, NoPager, Now, Quiet
from leadrouter.errors import DONE_IN_PART, WrongUsage

app = typer.Typer()


@app.command("notify")
def notify(
    list_: Annotated[bool, typer.Option("--list", help="What waits and what was given up; sends nothing.")] = False,
    test: Annotated[
        str | None,
        typer.Option(
            "--test",
            metavar="AGENT",
            help="Sends one message, also to @team or @leader.",
            autocompletion=completion.told,
        ),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Tries again what was given up.")] = False,
    within: Annotated[
        int, typer.Option("--within", metavar="SECONDS", help="How long to begin new attempts.", min=1, max=3600)
    ] = 40,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    no_pager: NoPager = False,
) -> None:
    """Delivers what waits to be told, for cron; `route`, `import` and `reclaim` do so themselves.

    What cannot be delivered is tried again after 1, 2, 4 ... minutes; what is given up stays in the list, and the
    leader is told. Exit code 3: something could not be delivered.

    Example: leadrouter notify --list
    """
    from leadrouter.notify import delivery
    from leadrouter.reports import told
    from leadrouter.store import outbox
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    if sum((list_, retry, test is not None)) > 1:
        raise WrongUsage("--list, --test and --retry exclude each other", "give one of them")
    office = Office(db, now)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
    if list_:
        from leadrouter.cli.paging import paged

        with paged(off=no_pager or as_json):
            told.show_list(outbox.listed(office.connection), policy, office.now, as_json=as_json)
        return
    if test is not None:
        from leadrouter.usecases.session import roster_agent

        person = test if test.startswith("@") else roster_agent(policy, test)
        answers = delivery.test(policy, person, os.environ)
        told.show_test(answers, as_json=as_json, quiet=quiet)
        if any(answer.trouble for answer in answers):
            raise typer.Exit(DONE_IN_PART)
        return
    from leadrouter.usecases.tell import post_due_notices

    post_due_notices(office.session(), office.now)
    if retry:
        outbox.revive(office.connection, office.now)
    done = delivery.deliver(office.connection, office.now, os.environ, seconds=within)
    told.show_delivered(done, outbox.counts(office.connection), policy, as_json=as_json, quiet=quiet)
    if done.failed or done.dead:
        raise typer.Exit(DONE_IN_PART)
