"""sqlite3's errors as ours: what went wrong with the file, and the way out. Nothing is opened or tried again here.

SQLite says why in its extended code (https://sqlite.org/rescode.html); its own text names tables and files, never
values. What only a slip of our own can raise (a constraint, a misuse, a syntax error) stays what it is.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from leadrouter.errors import Busy, LeadrouterError, NoDatabase

LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
"""Primary codes that pass: somebody else has the file. PROTOCOL is the race of many who open one WAL at once."""

WRITE_PROTECTED = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})

RESTORE = "put a backup in its place (README: Backup and restore); what is still readable: leadrouter verify"


def is_locked(error: sqlite3.Error) -> bool:
    """Whether trying again may help."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in LOCKED


def is_write_protected(error: sqlite3.Error) -> bool:
    """Whether the file could not be opened to write into, or the files that SQLite needs beside it not be made."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in WRITE_PROTECTED and code != sqlite3.SQLITE_READONLY_DBMOVED


def told(error: BaseException, path: Path | None = None) -> LeadrouterError | None:
    """An error of sqlite3 as one of ours; None for what is no fault of the file but a bug."""
    if not isinstance(error, sqlite3.Error):
        return None
    where = f" ({path})" if path else ""
    name = getattr(error, "sqlite_errorname", "") or ""
    match name.split("_")[1:]:
        case ["BUSY" | "LOCKED" | "PROTOCOL", *_]:
            return Busy(f"the database is busy{where}", "another process is writing; try again")
        case ["NOTADB", *_]:
            return not_ours(path)
        case ["READONLY", "DBMOVED"]:
            return moved(path)
        case ["CANTOPEN" | "PERM" | "READONLY" | "AUTH", *_]:
            return NoDatabase(
                f"the database cannot be opened for writing{where}",
                "check the folder's permissions, and that the disk is not read-only",
            )
        case ["FULL", *_]:
            return LeadrouterError(f"the disk is full{where}", "make room and try again; what was reported is kept")
        case ["IOERR", *_]:
            return LeadrouterError(
                f"the disk failed or is full: {error}{where}", "check the disk and try again; what was reported is kept"
            )
        case ["CORRUPT", *_]:
            return LeadrouterError(f"the database is damaged: {error}{where}", RESTORE)
        case ["NOLFS" | "TOOBIG" | "NOMEM", *_]:
            return LeadrouterError(f"the database cannot be used here: {error}{where}", "")
        case [] if "decode" in str(error):  # text that is no UTF-8: raised by the module itself, without a code
            return LeadrouterError(f"the database is damaged: a text in it cannot be read{where}", RESTORE)
    return None


def not_ours(path: Path | None) -> NoDatabase:
    """There is something, but it is no database of ours: what it is instead, and what is meant."""
    if path is not None and path.is_dir():
        hint = f"name the file in it, as --db {path / 'leadrouter.db'}"
        return NoDatabase(f"{path} is not a leadrouter database, but a folder", hint)
    if path is not None and not _begins_as_sqlite(path):
        return NoDatabase(
            f"{path} is not a leadrouter database, nor any other",
            "--db (or LEADROUTER_DB) names the database, which is made by: leadrouter load CONFIG",
        )
    return NoDatabase(
        f"{path or 'this'} is not a leadrouter database, but another program's",
        "name ours, or a new file for leadrouter load, with --db (or LEADROUTER_DB)",
    )


def _begins_as_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def moved(path: Path | None) -> NoDatabase:
    """The file is no longer the one that was opened."""
    return NoDatabase(
        f"{path or 'the database'} was removed or replaced while this ran; nothing of this step is in it",
        "see which file is right, then give the same command again",
    )


def outdated(path: Path) -> NoDatabase:
    """An earlier program's file that cannot be brought up to date."""
    return NoDatabase(
        f"{path} was written by an earlier leadrouter, and cannot be brought up to date where nothing may be written",
        "copy it into a folder of your own, and name the copy with --db",
    )
