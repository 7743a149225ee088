"""A row of cells -> a lead and what more the row says: the work per column, settled once for all rows of one header.

Undoes what a preset knows of its cells (prefixes, words of its own, test rows), then leaves the lead to `values`.
No file is read here, so that one lead given with a preset's keys goes the same way as a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.preset import Preset
from leadrouter.domain.state import CLOSED
from leadrouter.intake.aliases import folded
from leadrouter.intake.amounts import money
from leadrouter.intake.cells import BadValue, custom_key, one_line
from leadrouter.intake.columns import Column, match_columns
from leadrouter.intake.statuses import ORDER, state_of
from leadrouter.intake.values import LeadMaker, moment_reader

MOMENTS = ("contacted_at", "appointment_at", "closed_at")
"""What of a past lead is a moment."""


class RowReader:
    """Reads rows under one header; `dates`, `now` and `unread` as for `LeadMaker`."""

    def __init__(
        self,
        header: Sequence[str],
        mapping: Mapping[str, str],
        preset: Preset | None,
        *,
        region: str | None,
        timezone: str,
        dates: str | None = None,
        now: datetime | None = None,
        unread: Counter[str] | None = None,
        history: bool = False,
    ) -> None:
        self.columns = match_columns(header, mapping, preset, history=history)
        self.owner = next((index for index, column in enumerate(self.columns) if column.role == "owner"), None)
        self.lead = LeadMaker(
            [column.key if column.role in ("field", "custom") else None for column in self.columns],
            region=region,
            timezone=timezone,
            stand_ins={column.key: column.stands_in_for for column in self.columns if column.stands_in_for},
            dates=dates,
            now=now,
            unread=unread,
        ).lead
        self.edits = _edits(self.columns, preset)
        self.tests = _tests(self.columns, preset)
        past = self.columns if history else match_columns(header, mapping, preset, history=True)
        self.past = PastReader(past, preset, timezone=timezone, dates=dates)
        self.columns = tuple(
            column._replace(tells_ends=not history and index in self.past.states)
            for index, column in enumerate(self.columns)
        )

    def is_test(self, cells: Sequence[str]) -> bool:
        """Whether the row is somebody's test, by what the preset says."""
        return any(
            text in (cells[index].casefold() if index is not None else "\n".join(cells).casefold())
            for index, text in self.tests
        )

    def edited(self, cells: Sequence[str]) -> list[str]:
        """The cells without the preset's prefixes, in leadrouter's words."""
        edited = list(cells)
        for index, prefix, words in self.edits:
            text = edited[index].strip().removeprefix(prefix)
            edited[index] = words.get(custom_key(text), text) if words else text
        return edited

    def owner_of(self, cells: Sequence[str]) -> str | None:
        """Whose lead it is, as written."""
        return one_line(cells[self.owner]) or None if self.owner is not None else None


def one_lead(
    values: Mapping[str, str], preset: Preset, *, region: str | None, timezone: str, now: datetime | None = None
) -> Lead:
    """The lead that an object under a preset's own keys describes. Raises BadValue for a test, and for one that has an
    owner or has ended.
    """
    reader = RowReader(list(values), {}, preset, region=region, timezone=timezone, now=now)
    cells = list(values.values())
    if reader.is_test(cells):
        raise BadValue("this is a test lead", "Nothing was recorded.")
    texts = reader.edited(cells)
    if reader.owner_of(texts):
        raise BadValue("one of the keys says whose lead this already is", "Leave it out to deal the lead out anew.")
    if (ended := reader.past.ended(texts)) is not None:
        raise BadValue(f"one of the keys says that this lead is {ended}", "Leave it out to deal the lead out anew.")
    return reader.lead(texts)


class PastReader:
    """What became of a past lead: its state, moments, value and reason; in a file of new ones, whether a row speaks of
    a past one all the same.
    """

    def __init__(self, columns: Sequence[Column], preset: Preset | None, *, timezone: str, dates: str | None) -> None:
        places: dict[str, list[int]] = {}
        for index, column in enumerate(columns):
            if column.role == "past":
                places.setdefault(column.key, []).append(index)
        self.states = places.pop("state", [])
        self._places = {key: indexes[0] for key, indexes in places.items()}
        self._own = _words(preset).get("state", {})
        self._moments = {key: moment_reader(key, timezone, dates) for key in MOMENTS if key in self._places}

    def read(self, lead: Lead, owner: str | None, cells: Sequence[str]) -> PastLead:
        """The past lead of a row. Raises BadValue for a status, a moment or a value that cannot be read."""
        texts = {key: one_line(cells[index]) for key, index in self._places.items()}
        moments = {key: _moment(read, texts[key]) for key, read in self._moments.items()}
        value = money(texts["value"]) if texts.get("value") else None
        return PastLead(lead, owner, self._state(cells), value=value, reason=texts.get("reason") or None, **moments)

    def _state(self, cells: Sequence[str]) -> str | None:
        states = []
        for index in self.states:
            if text := one_line(cells[index]):
                state = state_of(text, self._own)
                if state is None:
                    raise UnknownStatus(text)
                states.append(state)
        return max(states, key=ORDER.index) if states else None

    def ended(self, cells: Sequence[str]) -> str | None:
        """How the lead of a row ended, by the statuses that are known; None where none of them says that it did."""
        said = (state_of(one_line(cells[index]), self._own) for index in self.states)
        return max((state for state in said if state in CLOSED), key=ORDER.index, default=None)


class UnknownStatus(BadValue):
    """A status that is in no table. `word` is what was written."""

    def __init__(self, word: str) -> None:
        super().__init__("the status is none that is known", "Say what it means in a preset of your own, under words.")
        self.word = word


def _moment(read: Callable[[str], str], text: str) -> datetime | None:
    return datetime.fromisoformat(read(text)) if text else None


def _words(preset: Preset | None) -> dict[str, dict[str, str]]:
    """Field -> what the preset's cells say of it -> what leadrouter says."""
    if preset is None:
        return {}
    return {field: {custom_key(said): meant for said, meant in pairs} for field, pairs in preset.words}


def _edits(columns: Sequence[Column], preset: Preset | None) -> list[tuple[int, str, dict[str, str]]]:
    """(column, prefix, words) of every column whose cells the preset writes its own way."""
    if preset is None:
        return []
    prefixes = {folded(header): prefix for header, prefix in preset.prefixes}
    words = _words(preset)
    found = []
    for index, column in enumerate(columns):
        prefix = prefixes.get(folded(column.header), "")
        own = words.get(column.key, {}) if column.role == "field" else {}
        if prefix or own:
            found.append((index, prefix, own))
    return found


def _tests(columns: Sequence[Column], preset: Preset | None) -> list[tuple[int | None, str]]:
    """(column, text) by which a row is a test; None is any column."""
    places = {folded(column.header): index for index, column in enumerate(columns)}
    rows = preset.test_rows if preset else ()
    return [
        (None if header == "*" else places[folded(header)], text.casefold())
        for header, text in rows
        if header == "*" or folded(header) in places
    ]
