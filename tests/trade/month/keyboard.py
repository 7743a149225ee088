"""The keyboard of a brokerage: commands typed one after the other, in this process or as one of their own.

Every command goes through the same table, options and errors as in the shell. What is counted is which were used.
"""

from __future__ import annotations

import io
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from leadrouter.cli.app import build
from tests.processes.program import Program, Result

PARTED = frozenset({"report"})
"""Commands whose next word is a command too."""


class Keyboard:
    """Types commands in one folder, at moments that the caller names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = Program(folder)
        self.used: Counter[str] = Counter()
        self.processes: Counter[str] = Counter()
        self.said: list[str] = []
        """All that commands which may tell nobody about a person have said."""
        self._commands = build()

    def type(self, now: datetime, *arguments: object, stdin: str = "", code: int = 0, process: bool = False) -> Result:
        """One command to its end, which must come with this exit code."""
        words = [str(argument) for argument in arguments]
        name = " ".join(words[: 1 + (words[0] in PARTED)])
        self.used[name] += 1
        if process:
            self.processes[name] += 1
            result = self.program.run(*words, stdin=stdin, now=now.isoformat())
        else:
            result = self._here(now, words, stdin)
        assert result.code == code, (now.isoformat(), words, result)
        return result

    def ask(self, now: datetime, *arguments: object, stdin: str = "", code: int = 0, process: bool = False) -> Any:
        """The same with --json: what it answered."""
        return self.type(now, *arguments, "--json", stdin=stdin, code=code, process=process).data

    def attempt(self, now: datetime, *arguments: object) -> Any:
        """A command that may be refused (exit code 7): what it answered, or None."""
        words = [*map(str, arguments), "--json"]
        self.used[words[0]] += 1
        result = self._here(now, words, "")
        assert result.code in (0, 7), (now.isoformat(), words, result)
        return result.data if result.code == 0 else None

    def look(self, now: datetime, *arguments: object, process: bool = False) -> str:
        """A command that shows something to anyone; what it said is kept, to be searched for words of people."""
        self.said.append(self.type(now, *arguments, process=process).out)
        return self.said[-1]

    def _here(self, now: datetime, words: list[str], stdin: str) -> Result:
        out, err = io.StringIO(), io.StringIO()
        where = ["--db", str(self.program.database), "--now", now.isoformat()]
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode()))
        with (
            patch("sys.stdin", typed), chdir(self.folder), redirect_stdout(out), redirect_stderr(err),
            connections_closed(),
        ):  # fmt: skip
            code = self._commands.main([*words, *where], standalone_mode=False)
        return Result(code or 0, out.getvalue(), err.getvalue())


@contextmanager
def connections_closed() -> Iterator[None]:
    """A command leaves its connections to the end of its process, which does not come here: they are closed for it."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def remembered(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    with patch("sqlite3.connect", remembered):
        try:
            yield
        finally:
            for connection in opened:
                connection.close()
