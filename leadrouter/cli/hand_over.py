"""After the commit of `route`, `import` and `reclaim`: what they have to tell is delivered, and cannot fail them.

`route` and `import` hand over to a process of its own, so that nobody waits for a slow service. `reclaim` delivers
itself, for a bounded time: cron and systemd end what their job leaves behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from leadrouter.cli.app import complain
from leadrouter.cli.office import Office
from leadrouter.errors import LeadrouterError

ALIVE = timedelta(minutes=3)
"""How long a process that delivers may be at it."""

SWEEP_SECONDS = 20
"""How long `reclaim` begins new attempts."""


def hand_over(office: Office, db: Path, now: str | None, *, as_json: bool) -> None:
    """Starts `leadrouter notify` on its own, unless one is at it, and does not wait for it. What it does not get done,
    cron's next does.
    """
    from leadrouter.notify import NOT_INSTALLED, is_installed
    from leadrouter.store import outbox

    if not is_installed():
        complain("not_told", *NOT_INSTALLED, as_json=as_json)
        return
    command = [sys.executable, "-P", "-m", "leadrouter", "notify", "--quiet", "--db", str(db.absolute())]
    nowhere = subprocess.DEVNULL
    try:
        if not outbox.claim(office.connection, office.now, office.now + ALIVE):
            return
        subprocess.Popen(  # noqa: S603 - our own program
            [*command, *(["--now", now] if now else [])],
            stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True,
        )  # fmt: skip
    except (OSError, LeadrouterError):
        complain("not_told", "nobody was told yet", "tell them with: leadrouter notify", as_json=as_json)


def deliver_now(office: Office, *, as_json: bool) -> None:
    """Delivers what waits. What was given up is told on stderr; a fault never fails the command."""
    from leadrouter.store import outbox

    try:
        if not outbox.waits(office.connection, office.now):
            return
        from leadrouter.notify import delivery

        sys.stdout.flush()
        done = delivery.deliver(office.connection, office.now, os.environ, seconds=SWEEP_SECONDS)
    except LeadrouterError as error:
        complain("not_told", error.message, error.hint, as_json=as_json)
        return
    if done.dead:
        from leadrouter.domain.speech import counted

        gone = f"{counted(done.dead, 'notice')} could not be delivered"
        complain("not_told", gone, "see: leadrouter notify --list", as_json=as_json)
