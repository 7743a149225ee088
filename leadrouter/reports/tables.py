"""Rich tables with the house's manners: lead data is never markup, piped output is plain and uncut."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 200


def console() -> Console:
    """Stdout as a console. Off a terminal Rich would be 80 wide and fold cells, so it is wide unless COLUMNS says."""
    chosen = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, soft_wrap=False, width=None if chosen else PIPED_WIDTH)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, right: str = "") -> None:
    """Prints a compact table under its title. A column whose letter at the same place of `right` is `r` is
    right-aligned."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        numeric = right[place : place + 1] == "r"
        made.add_column(column, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    if title:
        console().print(Text(title, style="bold"))
    console().print(made)


def warning(text: str) -> Text:
    """Overdue and the like: red, and with a sign for those who see no red."""
    return Text(f"! {text}", style="red")
