"""The open file with the team's clock, which is read here and nowhere else: what a command works with.

What only some commands need is imported where it is needed, since every command comes through here.
"""

from __future__ import annotations

import getpass
import os
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from leadrouter.cli.given import words
from leadrouter.errors import NoDatabase

if TYPE_CHECKING:
    from leadrouter.usecases.session import Session

CLOCK_SLACK = timedelta(minutes=1)
"""What clocks are put right by without anybody noticing."""


def clock(now: str | None, timezone: str | None) -> datetime:
    """This moment, or the one that `--now` pretends."""
    if now is None:
        return datetime.now(UTC).replace(microsecond=0)
    from leadrouter.cli.dates import moment

    return moment(now, timezone, "--now")


def warn_of_clock(now: datetime, newest: datetime, timezone: str) -> None:
    """Says on stderr that it is earlier than it was. Which of the two clocks was wrong, only people know."""
    from leadrouter.domain.calendar import local
    from leadrouter.reports.lines import say
    from leadrouter.store.queries import LATEST

    told, then = (local(at, timezone).strftime("%Y-%m-%d %H:%M") for at in (now, newest))
    say(
        f"warning: it is {told}, but something was recorded at {then} already",
        "  if the clock is behind, set it right, or leave out --now; if it was ahead then, go on: what is recorded now "
        f"counts as done at its own time, and this is said for {LATEST} more events at most",
        to=sys.stderr,
    )


class Office:
    """An open file with the team's clock: what a command works with."""

    def __init__(self, path: Path, now: str | None, *, create: bool = False, dry_run: bool = False) -> None:
        from leadrouter.store import database, queries, transactions

        if create and dry_run and not path.exists():
            path = Path(":memory:")  # a dry run makes no file
        self.connection: sqlite3.Connection = database.connect(path, create=create)
        with transactions.reading(self.connection):
            team = queries.team(self.connection)
        if team is None and not create:
            raise NoDatabase(f"no policy has been loaded into {path}", "load one with: leadrouter load CONFIG")
        self.timezone: str = team.timezone if team else "UTC"
        self.region: str | None = team.region if team else None
        self.now = clock(now, self.timezone)
        self.pretended = now is not None and now == os.environ.get("LEADROUTER_NOW")

    def session(self, by: str | None = None, *, dry_run: bool = False) -> Session:
        """A session in which things may happen. `dry_run` works on a copy in memory.

        Warns of a clock that stands before what has happened already, whoever set it. Events keep the order in which
        they were recorded, each with the moment it was told: taking the latest moment instead would keep a file that
        once was ahead by a year there for a year.
        """
        from leadrouter.store import queries, transactions
        from leadrouter.usecases.session import Session

        with transactions.reading(self.connection):
            newest = queries.newest_moment(self.connection)
        if self.pretended and sys.stderr.isatty():
            from leadrouter.domain.calendar import wall_clock
            from leadrouter.reports.lines import say

            say(f"pretending that it is {wall_clock(self.now, self.timezone)} (LEADROUTER_NOW)", to=sys.stderr)
        if newest is not None and self.now < newest - CLOCK_SLACK and not dry_run:
            warn_of_clock(self.now, newest, self.timezone)
        return Session(self.connection, words(by, "--by") or system_user(), dry_run=dry_run)


def system_user() -> str:
    """Who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"uid {os.getuid()}"
