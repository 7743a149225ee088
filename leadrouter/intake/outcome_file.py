"""A file of outcomes -> `Outcome` records: which lead, what happened, when, by whom (CONTRACT, `record`).

The same tables as for leads, with other columns. What is not known is ignored: an outcome has no custom fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

from leadrouter.domain.history import OUTCOMES, Outcome
from leadrouter.errors import UnusableFile
from leadrouter.intake.aliases import OUTCOME_ALIASES, outcome_meaning
from leadrouter.intake.amounts import money
from leadrouter.intake.cells import BadValue, one_line
from leadrouter.intake.columns import mapped
from leadrouter.intake.orders import settle_order
from leadrouter.intake.sheet import Sheet, SheetReader, naming, reading
from leadrouter.intake.statuses import happening_of
from leadrouter.intake.table import Rejected
from leadrouter.intake.values import moment_reader

NEEDED = {"external_id": "lead", "what": "outcome"}
"""Columns without which a file tells nothing, and what one might be called."""


class OutcomeRow(NamedTuple):
    """One usable row, with its cells: it may yet be rejected for what the lead does not allow."""

    line: int
    outcome: Outcome
    cells: tuple[str, ...]


class OutcomeFile(SheetReader):
    """An open file of outcomes. Iterate over it once; it closes at the end of that, or as a context manager."""

    def __init__(self, sheet: Sheet, *, timezone: str, mapping: Mapping[str, str], dates: str | None) -> None:
        super().__init__(sheet)
        self._mapping, self._timezone = mapping, timezone
        self._places = self._columns(sheet.header)
        if dates is None and "at" in self._places:
            dates = settle_order(sheet, [sheet.header[self._places["at"]]], self.peek(), None)
        self._moment = moment_reader("the date", timezone, dates)

    def __iter__(self) -> Iterator[OutcomeRow | Rejected]:
        with self, naming(self.name):
            width = len(self.header)
            for line, cells, fault in self._rows:
                if fault:
                    yield Rejected(line, fault, tuple(cells))
                    continue
                if len(cells) > width:  # JSON lines may bring further keys
                    self._places, width = self._columns(self.header), len(cells)
                try:
                    yield OutcomeRow(line, self._outcome(cells), tuple(cells))
                except BadValue as error:
                    if any(map(str.strip, cells)):  # a row of empty cells is a blank line
                        yield Rejected(line, error.message, tuple(cells))

    def _columns(self, header: Sequence[str]) -> dict[str, int]:
        """Field -> the column that holds it: as the user says, else by its name, the more usual word first."""
        names = [name.strip() for name in header]
        said = mapped(names, self._mapping, (*OUTCOME_ALIASES, "ignore"))
        places = {field: index for index, field in said.items() if field != "ignore"}
        known = [(word, index) for index, name in enumerate(names) if (word := outcome_meaning(name))]
        for word, index in sorted(known, key=lambda hit: (hit[0].rank, hit[1])):
            if index not in said and word.field not in places:
                places[word.field] = index
        for field, usual in NEEDED.items():
            if field not in places:
                listed = ", ".join(name[:40] for name in names[:40]) or "nothing"
                raise UnusableFile(
                    f"no column says {usual}; found: {listed}", f'Say which it is, as in --map "Header={field}".'
                )
        return places

    def _outcome(self, cells: Sequence[str]) -> Outcome:
        texts = {field: one_line(cells[index]) or None for field, index in self._places.items()}
        lead, said, at = texts["external_id"], texts["what"], texts.get("at")
        if lead is None:
            raise BadValue("no lead is named")
        what = happening_of(said) if said else None
        if what is None:
            known = ", ".join(OUTCOMES[:-1])
            raise BadValue(f"what happened is none of {known} and {OUTCOMES[-1]}")
        value = texts.get("value")
        return Outcome(
            lead,
            what,
            datetime.fromisoformat(self._moment(at)) if at else None,
            texts.get("agent"),
            money(value) if value else None,
            texts.get("reason"),
            texts.get("met"),
        )


def open_outcomes(
    source: str,
    *,
    timezone: str,
    mapping: Mapping[str, str],
    dates: str | None = None,
    stdin: BinaryIO | None = None,
) -> OutcomeFile:
    """The outcomes of a file, or of standard input for `-`; arguments as for `open_leads`."""
    with reading(source, stdin) as sheet:
        return OutcomeFile(sheet, timezone=timezone, mapping=mapping, dates=dates)
