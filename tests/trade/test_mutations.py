"""Files that were damaged on their way: never a traceback, never half a row, never a file that verify complains of.

A few hundred damages are tried in each run; `LEADROUTER_MUTATIONS=10000` tries as many more of the same stream.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
from collections.abc import Callable

import pytest

from leadrouter.domain.lead import Lead
from leadrouter.errors import UnusableFile
from leadrouter.intake.table import FormTest, LeadFile, Rejected, Row, open_leads
from leadrouter.usecases.batch import Imported, import_leads
from leadrouter.usecases.verify import verify
from tests.usecases.house import House

DAMAGES = int(os.environ.get("LEADROUTER_MUTATIONS", "200"))
PARTS = 8
HEADER = ["lead id", "name", "email", "phone", "source", "price", "date", "message"]


def rows() -> list[list[str]]:
    people = ["Ada Example", 'Bo "the Boss" Sample', "José Nuñez", "Dewi, Lim", "李雷"]
    return [
        [
            f"L-{number}", people[number % 5], f"person{number}@example.com", f"+6012345678{number % 10}", "portal",
            f"RM {number}00,000", f"2026-03-{number + 1:02}", "call me\nafter six" if number % 3 else "",
        ]
        for number in range(12)
    ]  # fmt: skip


def table(separator: str = ",", line_end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows()])
    return text.getvalue()


def facebook() -> str:
    head = "id\tcreated_time\tform_id\tis_organic\tplatform\tfull_name\temail\tphone_number\n"
    return head + "".join(
        f"l:{row[0]}\t{row[6]}T10:00:00+08:00\tf:1\tfalse\tfb\t{row[1]}\t{row[2]}\tp:{row[3]}\n" for row in rows()
    ).replace('"', "")


def json_lines() -> str:
    return "".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) + "\n" for row in rows())


FILES = {
    "UTF-8": table().encode(),
    "semicolons, with a mark": table(";", "\n").encode("utf-8-sig"),
    "cp1252": table("|", "\r").encode("cp1252", errors="replace"),
    "UTF-16 lead ads": facebook().encode("utf-16"),
    "UTF-16 big endian, unmarked": table("\t").encode("utf-16-be"),
    "JSON lines": json_lines().encode(),
    "gzip": gzip.compress(table().encode(), mtime=0),
}


def flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def lose(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 2, 7, 100)) :]


def repeat(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[max(0, start - 60) : start] * chance.choice((1, 3)) + data[start:]


def quote(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + chance.choice((b'"', b'""', b'"\n', b"\0", b"{", b"\r", b"\\")) + data[start:]


def swell(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    grown = chance.choice((b"x" * 70_000, b"x" * 1_100_000, b'"' * 1_100_000, b"\x80" * 1_100_000, b"ab\n" * 2_000))
    return data[:start] + grown + data[start:]


KINDS: list[Callable[[bytes, random.Random], bytes]] = [flip, flip, cut, cut, lose, repeat, quote, quote, swell]


def opened(data: bytes) -> LeadFile:
    return open_leads("-", region="MY", timezone="Asia/Kuala_Lumpur", mapping={}, stdin=io.BytesIO(data))


def leads_of(data: bytes) -> list[Lead]:
    with opened(data) as file:
        return [row.lead for row in file if isinstance(row, Row)]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_gives_whole_rows_and_reasons_and_nothing_else(part: int) -> None:
    for number in range(part, DAMAGES, PARTS):
        chance = random.Random(number)
        name = chance.choice(list(FILES))
        damage = chance.choice(KINDS)
        data = damage(FILES[name], chance)
        house, done = House(), Imported()
        try:
            with opened(data) as file:
                usable: list[Lead | None] = []
                for row in file:
                    assert isinstance(row, Row | Rejected | FormTest)
                    usable.append(row.lead if isinstance(row, Row) else None)
            import_leads(house.session, usable, house.now, lambda _: None, done, lambda row, why: None)
        except UnusableFile:
            pass  # said in a sentence, with exit code 4
        except Exception as error:
            raise AssertionError(f"{damage.__name__} of {name}, number {number}") from error
        assert done.rows == done.new + done.inquiries + done.unchanged + done.test_rows + done.rejected
        count = house.connection.execute("SELECT (SELECT count(*) FROM leads), (SELECT count(*) FROM inquiries)")
        assert count.fetchone() == (done.new, done.inquiries)
        assert verify(house.connection).problems == []


@pytest.mark.parametrize("name", [name for name in FILES if name != "gzip"])
def test_a_file_cut_anywhere_gives_its_first_rows_and_not_a_part_of_the_next(name: str) -> None:
    """But for the last cell of a row: whether that was cut cannot be known."""
    whole, data = leads_of(FILES[name]), FILES[name]
    last = "phone" if "ads" in name else "message"
    assert len(whole) == 12
    for end in range(2, len(data), 2 if "UTF-16" in name else 1):
        try:
            found = leads_of(data[:end])
        except UnusableFile:
            continue
        custom = {"custom": None, last: None}
        for lead, original in zip(found, whole, strict=False):
            assert lead == original or (lead is found[-1] and lead._replace(**custom) == original._replace(**custom)), (
                end
            )


def test_a_gzip_file_that_was_cut_off_says_so() -> None:
    for end in range(20, len(FILES["gzip"]) - 1, 7):
        with pytest.raises(UnusableFile, match="damaged or cut off"):
            leads_of(FILES["gzip"][:end])
