"""Whether a file writes the day or the month first: told from its own dates before a row is handed on.

Most files need no look beyond the first rows. Where those leave it open, a file is read once more to its end, and a
stream is refused: a guess would put leads into the wrong month in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from leadrouter.errors import UnusableFile
from leadrouter.intake.cells import moment
from leadrouter.intake.dates import orders_of, readings
from leadrouter.intake.rows import Cells
from leadrouter.intake.sheet import Sheet, open_sheet


def settle_order(sheet: Sheet, headers: Sequence[str], peeked: Sequence[Cells], usual: str | None) -> str | None:
    """The order of the dates in these columns; None where none of the first rows has one that needs an order.

    `usual` is the order that this kind of file has where its dates do not tell. Raises UnusableFile.
    """
    places = [sheet.header.index(header) for header in headers]
    first = list(_dates(peeked, places))
    if not first:
        return None
    orders = orders_of(first)
    if len(orders) > 1 and sheet.size is not None:
        with open_sheet(sheet.name) as again:
            orders = orders_of(_dates(again, [again.header.index(header) for header in headers]))
    if len(orders) > 1 and usual is None:
        raise UnusableFile(
            f"the dates in {_listed(headers)} could be day first or month first",
            "Say which: --dates dmy (22/06/2025) or --dates mdy (06/22/2025).",
        )
    if not orders:
        raise UnusableFile(
            f"some dates in {_listed(headers)} are day first and others month first",
            "Say which is right, --dates dmy or --dates mdy; rows that do not fit are then rejected.",
        )
    return usual if len(orders) > 1 else orders.pop()


def _dates(rows: Iterable[Cells], places: Sequence[int]) -> Iterator[str]:
    """The cells that are dates but not ISO."""
    for _, cells, fault in rows:
        for place in places:
            text = cells[place].strip() if not fault and place < len(cells) else ""
            if text and moment(text, UTC) is None and readings(text):
                yield text


def _listed(headers: Sequence[str]) -> str:
    return ", ".join(header.strip()[:40] for header in headers)
