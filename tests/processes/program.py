"""The program as a user's shell runs it: a process of its own, in a folder of its own, at a pretended moment."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from leadrouter.usecases.verify import verify

from .forks import Forks

NOW = "2026-11-20T10:00+08:00"

TEAM = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina, capacity: 100000}
agents: [Aina, Bala, Chong]
"""

PATIENCE = 60.0
"""Seconds after which a process that should long be done, or a condition that should long hold, fails the test."""


@dataclass(frozen=True)
class Result:
    """What the shell sees."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """Stderr as the JSON of an error."""
        return json.loads(self.err)["error"]


class Program:
    """Runs `python -m leadrouter` in one folder. Nothing of the caller's own LEADROUTER_ settings gets in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "leadrouter.db"

    def file(self, name: str, text: str) -> Path:
        """A text file in the folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(
        self,
        *arguments: object,
        stdin: str | bytes = "",
        now: str = NOW,
        env: Mapping[str, str] | None = None,
        python: tuple[str, ...] = (),
        before: Callable[[], object] | None = None,
        fresh: bool = False,
    ) -> Result:
        """One command to its end. `python` are options of the interpreter, `before` runs in the child first; `fresh`
        starts an interpreter of its own where none of these does (see `forks`).
        """
        if not (stdin or env or python or before or fresh):
            code, out, err = _forks().run([*map(str, arguments)], self.folder, environment(now), PATIENCE)
            return Result(code, out.decode(), err.decode())
        done = subprocess.run(
            _command(arguments, python),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(now, env),
            timeout=PATIENCE,
            check=False,
            preexec_fn=before,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def well(self, *arguments: object, stdin: str | bytes = "", now: str = NOW) -> Result:
        """A command that must succeed without a word on stderr."""
        result = self.run(*arguments, stdin=stdin, now=now)
        assert (result.code, result.err) == (0, ""), result
        return result

    def together(self, *commands: tuple[str, ...], env: Mapping[str, str] | None = None) -> list[Result]:
        """Commands that do not wait for each other, side by side; their results in order."""
        with ThreadPoolExecutor(os.cpu_count() or 1) as lanes:
            return list(lanes.map(lambda command: self.run(*command, env=env), commands))

    @contextmanager
    def running(
        self,
        *arguments: object,
        now: str = NOW,
        env: Mapping[str, str] | None = None,
        before: Callable[[], object] | None = None,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A command while it runs; killed at the end if it still does."""
        process = subprocess.Popen(
            _command(arguments, ()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=environment(now, env),
            preexec_fn=before,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a plain connection reads."""
        return rows(self.database, sql, *values)

    def problems(self) -> list[str]:
        """What `verify` finds, asked without a process of its own."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE, isolation_level=None)) as connection:
            return verify(connection).problems

    def count(self, table: str) -> int:
        """How many rows a table has, as far as other processes can see; 0 while there is no such table."""
        try:
            return int(self.rows(f"SELECT count(*) FROM {table}")[0][0]) if self.database.exists() else 0
        except sqlite3.OperationalError:
            return 0


def a_copy(program: Program, folder: Path) -> Program:
    """The same folder again, to be changed."""
    shutil.copytree(program.folder, folder, dirs_exist_ok=True)
    return Program(folder)


def rows(database: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a plain connection reads."""
    with closing(sqlite3.connect(database, timeout=PATIENCE)) as connection:
        return connection.execute(sql, values).fetchall()


def dump(database: Path) -> list[str]:
    """Everything that a database holds, as SQL."""
    with closing(sqlite3.connect(database, timeout=PATIENCE)) as connection:
        return list(connection.iterdump())


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Looks again and again until the condition holds; fails when it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain for: {what}"
        time.sleep(0.001)


@cache
def _forks() -> Forks:
    forks = Forks(environment(NOW))
    atexit.register(forks.close)
    return forks


def _command(arguments: tuple[object, ...], python: tuple[str, ...]) -> list[str]:
    return [sys.executable, *python, "-m", "leadrouter", *map(str, arguments)]


_OURS_OR_THE_TERMINALS = ("LEADROUTER_", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING")


def environment(now: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Of the caller's own only what is neither ours nor about the terminal."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_OURS_OR_THE_TERMINALS)}
    return plain | {"LEADROUTER_NOW": now} | dict(more or {})
