"""What commands cost on a large file against the same on a small one: cost follows the work, not the history."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import office
from tests.benchmarks.measure import LEADROUTER, Command, Figure, compared, run

SMALL = 1_000
MONTH = 20_000


def figures(folder: Path, full: bool) -> Iterator[Figure]:
    """A thousand leads against a hundred thousand, or with --full a million."""
    large = 1_000_000 if full else 100_000
    few, many = office.grown(folder, SMALL), office.grown(folder, large)
    for what, command in COMMANDS.items():
        yield compared(
            f"{what}, {large:,} leads",
            _on(many, command),
            _on(few, command),
            against=f"{SMALL:,} leads",
            folder=folder,
            budget=1.2,
        )
    alone, among = _a_month(folder, office.empty(folder, "alone.db")), _a_month(folder, _copy(many, folder))
    month: Command = ("report", "monthly", "--month", "2026-11", "--now", "2026-11-30T18:00+08:00")
    yield compared(
        f"report monthly, a month of {MONTH:,} among {large:,}",
        _on(among, month),
        _on(alone, month),
        against="that month alone",
        folder=folder,
        budget=1.3,
        times=5,
    )


SOON = ("--now", "2026-10-15T10:01+08:00")
COMMANDS: dict[str, Command] = {
    "route": ("route", "--email", "somebody@example.com", *SOON),
    "open": ("open", *SOON),
    "explain": ("explain", "L-00000017", *SOON),
    "reclaim, nothing due": ("reclaim", "--quiet", *SOON),
}


def _on(database: Path, command: Command) -> Command:
    return [LEADROUTER, *command, "--db", str(database)]


def _copy(database: Path, folder: Path) -> Path:
    return Path(shutil.copy(database, folder / "among.db"))


def _a_month(folder: Path, database: Path) -> Path:
    """The same month of leads into a file, beside whatever it holds."""
    file = str(office.leads(folder, MONTH, first=50_000_000))
    run([*_on(database, ("import", file)), "--quiet", "--now", "2026-11-10T10:00+08:00"], folder=folder)
    return database
