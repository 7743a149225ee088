"""What one command costs as a whole process, against a bare Typer program and against `sqlite-utils insert`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import office
from tests.benchmarks.measure import BIN, LEADROUTER, Command, Figure, compared

HELLO = """\
import typer

app = typer.Typer()


@app.command()
def hello(name: str = "you") -> None:
    print(f"hello {name}")


app()
"""

NOW = ("--now", "2026-10-15T10:01+08:00")


def figures(folder: Path, full: bool) -> Iterator[Figure]:
    """A file of 100,000 leads and 20 agents; nothing is due a minute after they came."""
    hello = folder / "hello.py"
    hello.write_text(HELLO)
    row = folder / "row.json"
    row.write_text('{"name": "Dewi Lim", "phone": "+60123456789", "source": "portal"}')
    database = ("--db", str(office.grown(folder, 100_000)), *NOW)
    bare: Command = [sys.executable, str(hello)]
    one_row: Command = [str(BIN / "sqlite-utils"), "insert", str(folder / "rows.db"), "leads", str(row)]
    route: Command = [LEADROUTER, "route", "--phone", "+60123456789", "--source", "portal", *database]
    commands: list[tuple[str, Command, float]] = [
        ("route", route, 2.0),
        ("contact", [LEADROUTER, "contact", "L-00000017", *database], 2.0),
        ("reclaim, nothing due", [LEADROUTER, "reclaim", "--quiet", *database], 2.0),
        ("rotation", [LEADROUTER, "rotation", *database], 3.0),
        ("open", [LEADROUTER, "open", *database], 3.0),
        ("explain", [LEADROUTER, "explain", "L-00000017", *database], 3.0),
    ]
    for name, command, budget in commands:
        yield compared(name, command, bare, against="hello Typer", folder=folder, budget=budget)
    yield compared("route", route, one_row, against="sqlite-utils insert", folder=folder, budget=1.0)
