"""The people who get in touch in October, all invented, and the files that bring some of them.

MARK stands in every word that a person could have said, so that it can be looked for where no person belongs.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kuala_Lumpur")
MARK, PHONE = "zqperson", "+6012731"
BEGIN = datetime(2026, 10, 1, 8, 0, tzinfo=ZONE)
END = datetime(2026, 10, 31, 20, 50, tzinfo=ZONE)

SINGLE, FILES, IN_A_FILE = 250, 6, 25
"""So many come one by one, so many files with so many new people in each: 400 in all."""

FILE_DAYS = (2, 6, 9, 14, 21, 28)
COST = {"paid ad": 40.0, "portal": 22.5, "old list": 3.0}


class Person(NamedTuple):
    """One enquiry, as a lead's own fields."""

    at: datetime
    fields: dict[str, Any]

    @property
    def email(self) -> str:
        return str(self.fields["email"])


def a_person(chance: Random, number: int, at: datetime, sources: dict[str, int]) -> Person:
    source = chance.choices(list(sources), list(sources.values()))[0]
    fields: dict[str, Any] = {
        "name": f"{MARK} Number{number}", "email": f"{MARK}.{number}@example.com", "source": source,
        "message": f"{MARK} would like to know more",
    }  # fmt: skip
    if number % 3:
        fields["phone"] = f"{PHONE}{number:05}"
    if source in COST:
        fields["cost"] = COST[source]
    if source in ("portal", "website", "referral"):
        fields["intent"] = "seller" if chance.random() < 0.15 else "buyer"
    if chance.random() < 0.6:
        fields["price"] = 2_500_000 if chance.random() < 0.15 else chance.randint(300, 1500) * 1000
    return Person(at, fields)


def one_by_one(chance: Random) -> list[Person]:
    """Those who come one by one, at all hours, more of them in the afternoon."""
    sources = {"portal": 30, "website": 25, "referral": 15, "paid ad": 15, "old list": 5}
    moments: list[datetime] = []
    while len(moments) < SINGLE:
        hour = int(chance.triangular(0, 24, 15))
        at = BEGIN.replace(hour=hour) + timedelta(days=chance.randrange(31), minutes=chance.randrange(60))
        if BEGIN < at < END - timedelta(hours=2):
            moments.append(at)
    return [a_person(chance, number, at, sources) for number, at in enumerate(sorted(moments), 1)]


def a_file(chance: Random, day: int, which: int) -> list[dict[str, Any]]:
    """The new people of one file, with ids of their own; they asked some hours before the file came."""
    at = BEGIN.replace(day=day, hour=10)
    sources = {"portal": 12, "website": 5, "old list": 8}
    people = [a_person(chance, 1000 + 100 * which + row, at, sources) for row in range(IN_A_FILE)]
    return [
        {"external_id": f"F{which}-{row}", "received_at": f"{at - timedelta(minutes=10 * row):%Y-%m-%dT%H:%M%z}"}
        | person.fields
        for row, person in enumerate(people)
    ]  # fmt: skip


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows as a CSV file."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def past_leads() -> list[dict[str, Any]]:
    """What the brokerage did in August and September: 24 that ended, and six that Bala and Chong still work on."""
    rows = []
    for number in range(30):
        came = datetime(2026, 8 + number % 2, 1 + number % 25, 11, 0, tzinfo=ZONE)
        row = {
            "external_id": f"P-{number}", "name": f"{MARK} Past{number}", "email": f"{MARK}.past{number}@example.com",
            "source": "referral", "received_at": came.isoformat(), "state": "contacted",
            "contacted_at": (came + timedelta(hours=1)).isoformat(),
            "agent": ("aina", "bala", "chong", "devi")[number % 4],
        }  # fmt: skip
        if number < 24:
            row |= {"state": "won" if number % 4 == 0 else "lost", "closed_at": (came + timedelta(days=5)).isoformat()}
            row["value"] = "410000" if number % 4 == 0 else ""
        else:
            row["agent"] = ("bala", "chong")[number % 2]
        rows.append(row)
    return rows
