"""Rich tables with the house's manners: lead data is never markup, piped output is plain and uncut."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from leadrouter.hostile import GONE
from leadrouter.reports.lines import folded, width_of

PIPED_WIDTH = 200


class Plain(Console):
    """A console on which no text can command the terminal. Rich gives what is unseen no width, so columns stay."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(segment.text.translate(_GONE), segment.style)


_GONE = {sign: nothing for sign, nothing in GONE.items() if chr(sign) != "\n"}


def console() -> Console:
    """Stdout as a console. Off a terminal Rich would be 80 wide and fold cells, so it is wide unless COLUMNS says."""
    chosen = sys.stdout.isatty() or "COLUMNS" in os.environ
    beyond = getattr(sys.stdout, "rich_proxied_file", None)  # a live display puts a proxy of its own before the door
    return Plain(file=beyond, highlight=False, soft_wrap=False, width=None if chosen else PIPED_WIDTH)


def say_in(style: str, *lines: str) -> None:
    """Lines for people (`lines`) in a style of Rich's."""
    for line in lines:
        shown = "\n".join(folded(line, width_of(sys.stdout)))
        console().print(Text(shown, style=style), soft_wrap=True)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, right: str = "") -> None:
    """Prints a compact table under its title. A column whose letter at the same place of `right` is `r` is
    right-aligned."""
    lines = list(rows)
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        numeric = right[place : place + 1] == "r"
        longest = longest_word(column, *(str(row[place]) for row in lines))
        made.add_column(
            column, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold", min_width=longest
        )
    for row in lines:
        made.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    out = console()
    if title:
        say_in("bold", title)
    out.print(fitted(made, out))


LONGEST = 16
"""Longer words than this may be broken."""


def longest_word(*texts: str) -> int:
    """No column gets narrower than its words: another one can give way."""
    return min(LONGEST, max(len(word) for text in texts for word in (text.split() or [""])))


def fitted(table: Table, out: Console) -> Table:
    """The table, whose words may be broken after all where they do not fit side by side: nothing is cut off."""
    if Measurement.get(out, out.options.update(max_width=UNBOUND), table).minimum > out.width:
        for column in table.columns:
            column.min_width = None
    return table


UNBOUND = 10_000
"""Wider than any table, so that its own least width shows."""


ALARM = "red"
"""The style of what should alarm; beside it stands a sign, for those who see no red."""


def warning(text: str) -> Text:
    """Overdue and the like."""
    return Text(f"! {text}", style=ALARM)
