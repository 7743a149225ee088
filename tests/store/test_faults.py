"""What SQLite says went wrong, as the user is told it: which exit code, and that no code is forgotten."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from leadrouter.errors import Busy, LeadrouterError, NoDatabase
from leadrouter.store import faults

TOLD = {
    "BUSY": Busy, "LOCKED": Busy, "PROTOCOL": Busy,
    "NOTADB": NoDatabase, "CANTOPEN": NoDatabase, "PERM": NoDatabase, "READONLY": NoDatabase, "AUTH": NoDatabase,
    "FULL": LeadrouterError, "IOERR": LeadrouterError, "CORRUPT": LeadrouterError,
    "NOLFS": LeadrouterError, "TOOBIG": LeadrouterError, "NOMEM": LeadrouterError,
}  # fmt: skip
"""Primary code -> what it becomes."""

BUGS = {"CONSTRAINT", "MISUSE", "RANGE", "MISMATCH", "ERROR", "INTERNAL", "ABORT", "INTERRUPT", "SCHEMA", "FORMAT",
        "EMPTY", "NOTFOUND"}  # fmt: skip
"""Primary codes that only a slip of our own can raise, or that nobody meets without asking for them."""

NO_ERRORS = {"OK", "ROW", "DONE", "NOTICE", "WARNING"}

CODES = {
    name: code
    for name, code in vars(sqlite3).items()
    if name.startswith("SQLITE_") and isinstance(code, int) and code & 0xFF <= 101 and name.split("_")[1] in
    TOLD.keys() | BUGS | NO_ERRORS
}  # fmt: skip


def raised(name: str) -> sqlite3.OperationalError:
    """An error as the module raises it: with the name and number of its code."""
    error = sqlite3.OperationalError("words of SQLite")
    error.sqlite_errorname, error.sqlite_errorcode = name, CODES[name]
    return error


def test_every_primary_code_of_sqlite_is_known_here() -> None:
    primary = {0: "OK", **{code: name for name, code in CODES.items() if code < 0xFF}}
    every = set(range(27)) | {27, 28, 100, 101}
    assert every - primary.keys() == set()


@pytest.mark.parametrize("name", [name for name in CODES if name.split("_")[1] in TOLD])
def test_a_fault_of_the_file_is_told_with_its_exit_code_and_where_it_is(name: str) -> None:
    told = faults.told(raised(name), Path("some.db"))
    assert told is not None
    assert type(told) is TOLD[name.split("_")[1]]
    assert "some.db" in told.message


@pytest.mark.parametrize("name", [name for name in CODES if name.split("_")[1] in BUGS])
def test_a_bug_stays_a_bug(name: str) -> None:
    assert faults.told(raised(name)) is None


def test_what_sqlite_did_not_raise_is_none_of_its_faults() -> None:
    assert faults.told(ValueError("locked")) is None
    assert faults.told(sqlite3.OperationalError("locked")) is None


@pytest.mark.parametrize("name", [name for name in CODES if name.split("_")[1] in ("BUSY", "LOCKED", "PROTOCOL")])
def test_what_passes_is_waited_for(name: str) -> None:
    assert faults.is_locked(raised(name))


@pytest.mark.parametrize("name", ["SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_CORRUPT", "SQLITE_READONLY"])
def test_what_does_not_pass_is_not_waited_for(name: str) -> None:
    assert not faults.is_locked(raised(name))


def test_a_text_that_cannot_be_read_is_damage() -> None:
    """The module raises it itself, without a code."""
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT CAST(x'ff' AS TEXT)").fetchone()
    told = faults.told(caught.value)
    assert told is not None
    assert "damaged" in told.message
