"""Moments, days and months that a command was given, by the team's clock. What people say in words is in `times`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from leadrouter.errors import WrongUsage

if TYPE_CHECKING:
    from leadrouter.cli.office import Office

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Moments outside these years are slips; the calendar could not reckon with all of them."""

ISO = r"\d{4}-"
"""What begins like this is read as ISO 8601 alone, and a slip in it is no word."""


def moment(text: str, timezone: str | None, option: str) -> datetime:
    """An ISO 8601 moment as aware UTC to the second; without an offset it is on the team's wall clock."""
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
    if first and last:
        in_order(first, last)
    return first, last


def in_order(first: str, last: str) -> None:
    """Raises WrongUsage where the last date is before the first."""
    if last < first:
        raise WrongUsage(f"--to {last} is before --from {first}", "give the earlier day first")


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
