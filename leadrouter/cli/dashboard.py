"""`dashboard`: the day at a glance, drawn again every few seconds until `q`; keys are read here alone."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from leadrouter.cli.given import DEFAULT_DB
from leadrouter.cli.office import Office, clock
from leadrouter.cli.options import Db, Json, Now

app = typer.Typer()


@app.command("dashboard")
def dashboard(
    every: Annotated[float, typer.Option("--every", min=0.2, max=3600, help="Seconds until it is drawn again.")] = 5.0,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Shows who has what, what is due next, which promises are at risk and whose turn it is, live; quits with q.

    Prints once where it does not write to a terminal.

    Example: leadrouter dashboard --every 2
    """
    from leadrouter.reports.wording import print_json

    office = Office(db, now)
    if as_json:
        print_json(_look(office)[0])
        return
    from rich.live import Live

    from leadrouter.reports.dashboard import screen
    from leadrouter.reports.tables import console

    out = console()
    if not sys.stdout.isatty():
        out.print(screen(*_look(office), office.now, out.width, None))
        return
    live = Live(console=out, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
    with _keys() as pressed, live:
        while True:
            office.now = clock(now, office.timezone)
            live.update(screen(*_look(office), office.now, out.width, out.height), refresh=True)
            try:
                if pressed(every) in ("q", "Q"):
                    return
            except KeyboardInterrupt:
                return  # the other way to leave


def _look(office: Office) -> tuple[dict[str, Any], Any]:
    """The dashboard's data and the policy, as the file has them at this moment."""
    from leadrouter.reports.dashboard import view
    from leadrouter.store import queries, sweeps
    from leadrouter.store.desks import load_desk
    from leadrouter.store.transactions import reading

    with reading(office.connection):
        desk = load_desk(office.connection)
        leads, waiting = queries.open_leads(office.connection), queries.waiting_leads(office.connection)
        last = sweeps.last_sweep(office.connection)
    return view(desk, leads, waiting, last, office.now), desk.policy.policy


@contextmanager
def _keys() -> Iterator[Callable[[float], str]]:
    """A function that waits so many seconds for a key, unseen on the screen; where there are no keys it only waits."""
    if not sys.stdin.isatty() or sys.platform == "win32":
        yield _wait
        return
    import select
    import termios
    import tty

    def pressed(seconds: float) -> str:
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return sys.stdin.read(1) if ready else ""

    kept = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield pressed
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, kept)


def _wait(seconds: float) -> str:
    time.sleep(seconds)
    return ""
