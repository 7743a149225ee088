"""A backup is one moment of the file, proved before it counts; what breaks off leaves an earlier one as it was."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from leadrouter.errors import LeadrouterError, UnusableFile, WrongUsage
from leadrouter.store import database
from leadrouter.usecases.backup import back_up
from leadrouter.usecases.verify import verify
from tests.factories import make_policy

from .house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An office with a file and five leads."""
    house = House(make_policy(3), tmp_path / "leadrouter.db")
    house.deal(5)
    return house


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def make(house: House, target: Path, *, replace: bool = False) -> str:
    assert house.path is not None
    return back_up(house.connection, house.path, target, replace=replace).head


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def restored_from(target: Path) -> House:
    """An office that goes on with a backup, for persons who are new to it."""
    restored = House(make_policy(3), target)
    restored.came = 100
    return restored


def test_a_backup_is_the_file_and_its_head_is_told(house: House, target: Path) -> None:
    assert make(house, target) == verify(house.connection).head
    assert content(target) == list(house.connection.iterdump())
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {path.name for path in target.parent.glob("backup*")} == {"backup.db"}, "nothing is left beside it"


def test_a_backup_can_be_worked_on(house: House, target: Path) -> None:
    make(house, target)
    restored = restored_from(target)
    restored.deal(3)
    assert restored.leads() == 8
    assert restored.problems() == []


def test_a_restored_backup_that_went_its_own_way_is_found(house: House, target: Path) -> None:
    backed_up = make(house, target)
    house.deal(2)
    later = verify(house.connection).head
    assert verify(house.connection, expect=backed_up).problems == [], "it grew out of the backup"
    restored = restored_from(target)
    for _ in range(2):
        assert verify(restored.connection, expect=backed_up).problems == []
        assert "restored" in " ".join(verify(restored.connection, expect=later).problems)
        restored.deal(4)


def test_a_step_that_is_not_committed_is_not_in_it_and_keeps_it_waiting_for_nothing(house: House, target: Path) -> None:
    assert house.path is not None
    with closing(database.connect(house.path)) as reader, house.session.writing():
        house.connection.execute("UPDATE agents SET open = 99")
        assert back_up(reader, house.path, target).ok
        house.connection.execute("UPDATE agents SET open = open")
    with closing(sqlite3.connect(target)) as copied:
        assert copied.execute("SELECT max(open) FROM agents").fetchone() == (2,)


def test_an_earlier_backup_is_only_overwritten_on_request(house: House, target: Path) -> None:
    make(house, target)
    before = target.read_bytes()
    house.deal(1)
    with pytest.raises(UnusableFile, match="is there already"):
        make(house, target)
    assert target.read_bytes() == before
    assert make(house, target, replace=True) == verify(house.connection).head
    assert content(target) == list(house.connection.iterdump())


@pytest.mark.parametrize("name", ["leadrouter.db", "leadrouter.db-wal", "link", "../{folder}/leadrouter.db"])
@pytest.mark.parametrize("replace", [False, True])
def test_the_database_is_never_its_own_backup(name: str, replace: bool, house: House, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("leadrouter.db")
    with pytest.raises(WrongUsage, match="the database itself"):
        make(house, tmp_path / name.format(folder=tmp_path.name), replace=replace)
    assert house.problems() == []


@pytest.mark.parametrize("place", ["nowhere/backup.db", "leadrouter.db/backup.db", "."])
def test_a_place_where_no_file_can_be_is_refused(place: str, house: House, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile):
        make(house, tmp_path / place)


def test_what_a_killed_backup_left_is_named_and_replaced_on_request(house: House, target: Path) -> None:
    part = target.with_name("backup.db.part")
    part.write_bytes(b"half of a copy")
    with pytest.raises(UnusableFile, match="was killed"):
        make(house, target)
    assert part.read_bytes() == b"half of a copy"
    make(house, target, replace=True)
    assert not part.exists()


def test_a_copy_that_does_not_prove_itself_is_told_and_replaces_nothing(house: House, target: Path) -> None:
    make(house, target)
    before = target.read_bytes()
    house.connection.execute("UPDATE leads SET hops = 7 WHERE lead = 1")
    with pytest.raises(LeadrouterError, match="does not prove itself: lead 1"):
        make(house, target, replace=True)
    assert target.read_bytes() == before
    assert house.path is not None
    another = target.with_name("another.db")
    verdict = back_up(house.connection, house.path, another)
    assert verdict.problems == house.problems() != []
    assert another.exists(), "the only copy there may be"


class Striking(sqlite3.Connection):
    """A connection whose copying fails when the copy is made, as on a full disk."""

    strike: Callable[[], None]

    def backup(self, *arguments: object, **options: object) -> None:
        super().backup(*arguments, **options)  # type: ignore[arg-type]
        self.strike()


@pytest.mark.parametrize("fault", [sqlite3.OperationalError("ours"), KeyboardInterrupt(), OSError(28, "No space")])
def test_whatever_breaks_off_leaves_an_earlier_backup_and_no_half_one(
    fault: BaseException, house: House, target: Path
) -> None:
    make(house, target)
    before = target.read_bytes()
    assert house.path is not None

    def strike() -> None:
        raise fault

    with closing(sqlite3.connect(house.path, isolation_level=None, factory=Striking)) as connection:
        connection.strike = strike
        with pytest.raises((type(fault), LeadrouterError)):
            back_up(connection, house.path, target, replace=True)
    assert target.read_bytes() == before
    assert {path.name for path in target.parent.glob("backup*")} == {"backup.db"}


def test_of_two_backups_to_one_name_none_puts_the_others_half_in_place(house: House, target: Path) -> None:
    """The second one, which was told to overwrite, takes the name of the first one's unfinished copy."""
    assert house.path is not None
    part = target.with_name("backup.db.part")

    def another_begins() -> None:
        part.unlink()
        part.write_bytes(target.with_name("leadrouter.db").read_bytes())

    with closing(sqlite3.connect(house.path, isolation_level=None, factory=Striking)) as connection:
        connection.strike = another_begins
        house.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with pytest.raises(LeadrouterError, match="another backup writes"):
            back_up(connection, house.path, target, replace=True)
    assert not target.exists()
