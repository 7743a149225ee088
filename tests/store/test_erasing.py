"""The bytes: what SQLite leaves in the gaps of pages it once split is gone too."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from leadrouter.domain.lead import Lead
from leadrouter.store.copies import copies, note_copy
from leadrouter.usecases.erase import finish, forget
from leadrouter.usecases.steps import edit
from tests.factories import make_policy
from tests.usecases.house import House


def bytes_of(house: House) -> bytes:
    assert house.path is not None
    return b"".join(path.read_bytes() for path in house.path.parent.glob("leadrouter.db*"))


@pytest.fixture
def crowd(tmp_path: Path) -> tuple[House, list[str]]:
    """Two thousand people with words in no order, so that every index was split many times; the words of 300."""
    house, chance = House(make_policy(3), tmp_path / "leadrouter.db"), Random(5)
    words = [f"{chance.randrange(16**12):012x}" for _ in range(2000)]
    for start in range(0, 2000, 100):
        house.receive(*[Lead(external_id=f"X{word}", email=f"{word}@x.com") for word in words[start : start + 100]])
    return house, chance.sample(words, 300)


def test_no_byte_is_left_even_where_pages_were_split(crowd: tuple[House, list[str]]) -> None:
    house, words = crowd
    for word in words:
        forget(house.session, f"X{word}", house.now)
    assert finish(house.connection, wait=False)
    left = bytes_of(house)
    assert [word for word in words if word.encode() in left] == []
    assert house.problems() == []


def test_before_that_they_are_still_there_and_it_is_remembered(crowd: tuple[House, list[str]]) -> None:
    house, words = crowd
    forget(house.session, f"X{words[0]}", house.now)
    assert words[0].encode() in bytes_of(house)
    assert house.connection.execute("SELECT count(*) FROM unscrubbed").fetchone() == (1,)
    assert finish(house.connection, wait=False)
    assert house.connection.execute("SELECT count(*) FROM unscrubbed").fetchone() == (0,)


def corrected(house: House, words: list[str]) -> None:
    """Every one of these people has another address now."""
    for number, word in enumerate(words):
        edit(house.session, f"X{word}", {"email": f"right{number}@x.com"}, house.now)


def test_what_was_corrected_is_gone_with_the_next_erasure(crowd: tuple[House, list[str]]) -> None:
    house, words = crowd
    corrected(house, words[1:])
    forget(house.session, f"X{words[0]}", house.now)
    assert finish(house.connection, wait=False)
    left = bytes_of(house)
    assert [word for word in words[1:] if f"{word}@x.com".encode() in left] == []
    assert house.problems() == []


def test_or_by_writing_the_file_anew_as_the_readme_says(crowd: tuple[House, list[str]]) -> None:
    house, words = crowd
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    found = re.search(r'`sqlite3 leadrouter\.db\s+"(PRAGMA[^"]*)"`', readme)
    assert found is not None
    corrected(house, words)
    assert any(f"{word}@x.com".encode() in bytes_of(house) for word in words), "until then"
    for statement in found[1].split(";"):
        house.connection.execute(statement)
    left = bytes_of(house)
    assert [word for word in words if f"{word}@x.com".encode() in left] == []
    assert house.problems() == []


def test_copies_are_remembered_once_by_their_whole_path(tmp_path: Path) -> None:
    house = House(path=tmp_path / "leadrouter.db")
    note_copy(house.connection, "rejects", Path("r.csv"), house.now)
    note_copy(house.connection, "backup", tmp_path / "b.db", house.now)
    note_copy(house.connection, "rejects", Path("r.csv"), house.wait(hours=1))
    found = [(copy.kind, copy.path, copy.at) for copy in copies(house.connection)]
    assert found == [
        ("rejects", str(Path("r.csv").absolute()), "2026-03-02T10:00:00Z"),
        ("backup", str(tmp_path / "b.db"), "2026-03-02T09:00:00Z"),
    ]
