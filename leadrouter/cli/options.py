"""Options that commands share, the clock (read here and nowhere else), and opening a session with them.

Options that go together are in `records`. What only a running command needs is imported in the functions: the shell
asks for the options at every TAB.
"""

from __future__ import annotations

import getpass
import os
import re
import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadrouter.cli import completion
from leadrouter.errors import NoDatabase, WrongUsage

if TYPE_CHECKING:
    from leadrouter.usecases.session import Session

Db = Annotated[
    Path, typer.Option("--db", envvar="LEADROUTER_DB", help="The database file.", show_default="leadrouter.db")
]
Now = Annotated[
    str | None,
    typer.Option("--now", envvar="LEADROUTER_NOW", help="Pretend it is this moment (ISO 8601).", metavar="ISO"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Run the same decisions and write nothing.")]
NoNotify = Annotated[bool, typer.Option("--no-notify", help="Leave telling people to the next `notify` or `reclaim`.")]
By = Annotated[str | None, typer.Option("--by", help="Who does this (default: the system user).", metavar="NAME")]
At = Annotated[
    str | None,
    typer.Option(
        "--at", help="When it was, on the team's clock: 2026-11-22T09:30, yesterday 15:00, 2h ago.", metavar="WHEN"
    ),
]
NoPager = Annotated[
    bool,
    typer.Option("--no-pager", envvar="LEADROUTER_NO_PAGER", help="Never stop after a page.", show_envvar=False),
]
LeadName = Annotated[
    str,
    typer.Argument(
        metavar="LEAD",
        help="External id or number; id:17 and ext:17 say which.",
        show_default=False,
        autocompletion=completion.leads,
    ),
]
AgentName = Annotated[
    str,
    typer.Argument(
        metavar="AGENT", help="The agent's id, or the name.", show_default=False, autocompletion=completion.agents
    ),
]


def agent_option(name: str, about: str) -> Any:
    """An option that takes an agent's id, or the name."""
    return typer.Option(name, metavar="AGENT", help=about, autocompletion=completion.agents)


DataFile = Annotated[str, typer.Argument(metavar="FILE", help="A CSV or JSON lines file, also gzipped; - for stdin.")]
DateOrder = Annotated[
    str | None,
    typer.Option(
        "--dates",
        metavar="ORDER",
        help="dmy, mdy or ymd, where dates do not tell.",
        autocompletion=completion.words_of("leadrouter.domain.preset", "DATE_ORDERS"),
    ),
]
Rejects = Annotated[
    str | None, typer.Option("--rejects", metavar="FILE", help="Where bad rows go (default: FILE.rejects.csv).")
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="DATE", help="Only leads that came in on this day or later: 2026-10-01, monday, 2w ago."
    ),
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Only leads that came in until this day, inclusive.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in your own words.")]
NeededReason = Annotated[str, typer.Option("--reason", help="Why, in your own words; it is kept and shown.")]

DEFAULT_DB = Path("leadrouter.db")

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Moments outside these years are slips; the calendar could not reckon with all of them."""

ISO = r"\d{4}-"
"""What begins like this is read as ISO 8601 alone, and a slip in it is no word."""

CLOCK_SLACK = timedelta(minutes=1)
"""What clocks are put right by without anybody noticing."""


def moment(text: str | None, timezone: str | None, option: str) -> datetime | None:
    """An ISO 8601 moment as aware UTC to the second; without an offset it is on the team's wall clock."""
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsage(f"{option} {text} is not a moment", "write it as 2026-11-22T09:30+08:00") from None
    if parsed.tzinfo is None:
        from leadrouter.domain.calendar import zone

        parsed = parsed.replace(tzinfo=zone(timezone or "UTC"))
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise WrongUsage(f"{option} {text} is out of range", "write it as 2026-11-22T09:30+08:00")
    return parsed.astimezone(UTC).replace(microsecond=0)


def past_moment(text: str | None, office: Office) -> datetime | None:
    """What `--at` says: ISO 8601, or a past moment in plain words such as `yesterday 15:00`. Raises WrongUsage."""
    if text is None:
        return None
    try:
        return moment(text, office.timezone, "--at")
    except WrongUsage:
        if re.match(ISO, text.strip()):
            raise
    from leadrouter.cli.times import spoken

    return spoken(text, office.now, office.timezone, "--at")


def one_of(known: Sequence[str], text: str, option: str) -> str:
    """A word that must be one of these. Raises WrongUsage, with the nearest one."""
    if text in known:
        return text
    from leadrouter.domain.naming import way_out

    raise WrongUsage(f"{option} {text} is unknown", way_out(text, known))


def date_option(text: str | None, option: str, office: Office, *, ahead: bool = False) -> str | None:
    """An ISO date, or a day in plain words such as `monday`: the last one, or `ahead` the next. Raises WrongUsage."""
    if text is None:
        return None
    try:
        parsed = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        if re.match(ISO, text.strip()):
            raise WrongUsage(f"{option} {text} is not a date", "write it as 2026-12-24") from None
        from leadrouter.cli.times import spoken_day

        parsed = spoken_day(text, office.now, office.timezone, option, ahead=ahead)
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise WrongUsage(f"{option} {text} is out of range", "write it as 2026-12-24")
    return parsed.isoformat()


def between(since: str | None, until: str | None, office: Office) -> tuple[str | None, str | None]:
    """Two dates of the team, `--from` and `--to`, as far as they are given. Raises WrongUsage."""
    first, last = date_option(since, "--from", office), date_option(until, "--to", office)
    if first and last and last < first:
        raise WrongUsage(f"--to {last} is before --from {first}", "give the earlier day first")
    return first, last


def moments_between(since: str | None, until: str | None, office: Office) -> tuple[datetime | None, datetime | None]:
    """The moments from the first to the end of the last of these days."""
    from leadrouter.domain.calendar import day_after, start_of

    first, last = between(since, until, office)
    zone = office.timezone
    return start_of(first, zone) if first else None, start_of(day_after(last), zone) if last else None


def month_option(text: str | None, now: datetime, timezone: str) -> str:
    """A month of the team as `2026-10`; this one by default. Raises WrongUsage."""
    from leadrouter.domain.calendar import month_of

    chosen = text or month_of(now, timezone)
    try:
        parsed = datetime.strptime(chosen, "%Y-%m")  # noqa: DTZ007 - a month has no zone
    except ValueError:
        parsed = None
    if parsed is None or not FIRST_YEAR <= parsed.year <= LAST_YEAR or len(chosen) != 7:
        raise WrongUsage(f"--month {chosen} is not a month", "write it as 2026-10")
    return chosen


def date_order(text: str | None) -> str | None:
    """The order of day, month and year in dates that do not tell. Raises WrongUsage."""
    from leadrouter.domain.preset import DATE_ORDERS

    return None if text is None else one_of(DATE_ORDERS, text, "--dates")


def words(text: str | None, option: str) -> str | None:
    """Free text of a person in one clean line, for the log and the screen. Raises WrongUsage if nothing is left."""
    if text is None:
        return None
    from leadrouter.intake.cells import one_line

    cleaned = one_line(text)
    if not cleaned:
        raise WrongUsage(f"{option} is empty", "say it in a few words")
    return cleaned


def clock(now: str | None, timezone: str | None) -> datetime:
    """This moment, or the one that `--now` pretends."""
    return moment(now, timezone, "--now") or datetime.now(UTC).replace(microsecond=0)


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
        if newest is not None and self.now < newest - CLOCK_SLACK and not dry_run:
            warn_of_clock(self.now, newest, self.timezone)
        return Session(self.connection, words(by, "--by") or system_user(), dry_run=dry_run)


def system_user() -> str:
    """Who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"uid {os.getuid()}"
