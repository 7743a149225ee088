"""A page in a terminal: tables that fit its width, marks drawn with block characters, alarms in red and with a sign."""

from __future__ import annotations

from textwrap import fill

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from leadrouter.reports.lines import say
from leadrouter.reports.page import Bar, Cell, Interval, Mark, Page, Spark, Table
from leadrouter.reports.tables import ALARM, console, fitted, longest_word, say_in, warning

NARROW, WIDE = 12, 28
"""How wide marks are drawn below and from a terminal of ROOMY columns."""

ROOMY = 110
EIGHTHS = " ▏▎▍▌▋▊▉"
HEIGHTS = "▁▂▃▄▅▆▇█"


def show_page(page: Page) -> None:
    """Prints the page."""
    out = console()
    say_in("bold", page.title)
    say(*page.verdict)
    say_in(ALARM, *(f"! {alarm}" for alarm in page.alarms))
    say("")
    for section in page.sections:
        say_in("bold", section.title.upper())
        say(*section.sentences)
        for table in section.tables:
            show(table, out)
    if page.footer:
        say_in("dim", page.footer)


def show(table: Table, out: Console) -> None:
    """Prints one table under its title, and an empty line after it."""
    width = WIDE if out.width >= ROOMY else NARROW
    made = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    columns = [(column, [column.show(entry) for entry in table.entries]) for column in table.filled()]
    for column, cells in columns:
        longest = longest_word(column.title, *(cell.text for cell in cells))
        made.add_column(
            Text(_in_lines(column.title, cells) if column.right else column.title),
            justify="right" if column.right else "left", no_wrap=column.right, overflow="fold", min_width=longest,
        )  # fmt: skip
    for row in zip(*(cells for _, cells in columns), strict=True):
        made.add_row(*(_cell(cell, width) for cell in row))
    if table.title:
        say_in("bold", table.title)
    out.print(fitted(made, out))
    if table.note:
        say_in("dim", table.note)
    say("")


def _in_lines(title: str, cells: list[Cell]) -> str:
    """The title over a column of figures, in several lines where it is wider than all of them."""
    widest = max(len(cell.text) + 2 * cell.alarm for cell in cells)
    return fill(title, max(widest, TITLE, longest_word(title)), break_long_words=False)


TITLE = 9
"""Titles up to here stay in one line."""


def _cell(cell: Cell, width: int) -> Text:
    if cell.mark is not None:
        return Text(drawn(cell.mark, width), no_wrap=True)
    return warning(cell.text) if cell.alarm else Text(cell.text)


def drawn(mark: Mark, width: int) -> str:
    """A mark in so many characters."""
    if isinstance(mark, Bar):
        return _bar(mark, width)
    return _interval(mark, width) if isinstance(mark, Interval) else spark(mark)


def _bar(mark: Bar, width: int) -> str:
    whole, rest = divmod(round(mark.length * width * 8), 8)
    cells = list(("█" * whole + (EIGHTHS[rest] if rest else "")).ljust(width)[:width])
    if mark.tick is not None:
        place = _place(mark.tick, width)
        cells[place] = "┃" if cells[place] == "█" else "|"
    return "".join(cells).rstrip()


def _interval(mark: Interval, width: int) -> str:
    cells = [" "] * width
    if mark.tick is not None:
        cells[_place(mark.tick, width)] = "|"
    for place in range(_place(mark.low, width), _place(mark.high, width) + 1):
        cells[place] = "┼" if cells[place] == "|" else "─"
    cells[_place(mark.middle, width)] = "●"
    return "".join(cells).rstrip()


def spark(mark: Spark) -> str:
    """A line of small columns, from the least to the most of the values; a gap where there is none."""
    known = [value for value in mark.values if value is not None]
    least, most = min(known, default=0), max(known, default=0)
    reach = (most - least) or 1
    return "".join(" " if value is None else HEIGHTS[round((value - least) / reach * 7)] for value in mark.values)


def _place(share: float, width: int) -> int:
    return min(width - 1, max(0, round(share * (width - 1))))
