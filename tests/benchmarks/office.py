"""Files to measure on: invented leads as CSV, and databases that already hold many of them. All from fixed seeds."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.store.database import connect
from leadrouter.usecases.past import keep_past
from leadrouter.usecases.session import Session
from tests.benchmarks.measure import LEADROUTER, run

HEADER = "external_id,name,email,phone,source,intent,property_type,price,postcode,area,language,message"
SOURCES = ("portal", "paid ad", "referral", "website", "walk-in")
AREAS = ("Bangsar", "Mont Kiara", "Cheras", "Petaling Jaya")


def policy(folder: Path, agents: int = 20) -> Path:
    """A team of equal agents with a leader, everything else as it is by default."""
    path = folder / f"team{agents}.yaml"
    names = ", ".join(f"A{number:02}" for number in range(agents))
    path.write_text(
        f"team: {{timezone: Asia/Kuala_Lumpur, region: MY, leader: a00, capacity: 1000000}}\nagents: [{names}]\n"
    )
    return path


def leads(folder: Path, count: int, first: int = 0) -> Path:
    """So many leads of twelve columns, phones as people write them, every person another one."""
    path = folder / f"leads-{first}-{count}.csv"
    if path.exists():
        return path
    chance = Random(first)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for number in range(first, first + count):
            writer.writerow(
                (
                    f"L-{number:08}",
                    f"Person {number}",
                    f"person{number}@example.com",
                    f"01{chance.randint(2, 9)}{number:07}"[:11],
                    chance.choice(SOURCES),
                    chance.choice(("buyer", "seller", "rental")),
                    chance.choice(("condo", "terrace", "bungalow")),
                    chance.randint(300, 3000) * 1000,
                    chance.randint(50000, 59999),
                    chance.choice(AREAS),
                    chance.choice(("ms", "en", "zh")),
                    "Please call me about this place",
                )
            )
    return path


def empty(folder: Path, name: str, agents: int = 20) -> Path:
    """A database with a policy and no leads."""
    database = folder / name
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    run([LEADROUTER, "load", str(policy(folder, agents)), "--db", str(database), "--quiet"], folder=folder)
    return database


def dealt(folder: Path, count: int) -> Path:
    """A database in which so many leads were dealt at one moment; made once for all benchmarks of a run."""
    database = folder / f"dealt-{count}.db"
    if not database.exists():
        _import(empty(folder, database.name), leads(folder, count), folder)
    return database


def grown(folder: Path, count: int) -> Path:
    """A database as it is after years: so many leads, of which RECENT are open and the others were lost long ago."""
    database = folder / f"grown-{count}.db"
    if not database.exists():
        session = Session(connect(empty(folder, database.name)), "benchmark")
        then = "2024-05-01T00:00:00Z"
        for start in range(RECENT, count, 1000):
            numbers = range(start, min(start + 1000, count))
            rows = [
                PastLead(Lead(f"P-{number}", email=f"past{number}@example.com", received_at=then), "a07", "lost")
                for number in numbers
            ]
            keep_past(session, rows, MOMENT)
        session.connection.close()
        _import(database, leads(folder, RECENT), folder)
    return database


RECENT = 300
"""Leads that a busy team has open at a time."""

MOMENT = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)


def _import(database: Path, file: Path, folder: Path) -> None:
    now = MOMENT.isoformat()
    run([LEADROUTER, "import", str(file), "--db", str(database), "--quiet", "--now", now], folder=folder)
