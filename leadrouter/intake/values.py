"""Values -> one `Lead`: the single place where a lead's cells become facts, whether a row or an option held them.

The work per column is settled once (`LeadMaker`), because an import repeats it for every row. `route` imports
this module alone, so nothing here may load csv, phonenumbers or zoneinfo before they are needed; headers,
files and rejects have modules of their own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from leadrouter.domain.events import iso
from leadrouter.domain.lead import Lead
from leadrouter.domain.preset import LEAD_FIELDS as FIELDS
from leadrouter.intake import cells
from leadrouter.intake.cells import BadValue, custom_key
from leadrouter.intake.phones import phone

__all__ = ["FIELDS", "BadValue", "LeadMaker", "lead_from_values"]

_SLOT = {field: slot for slot, field in enumerate(FIELDS)}
_ID, _NAME, _EMAIL, _PHONE = (_SLOT[field] for field in ("external_id", "name", "email", "phone"))
_LISTED = ("tags", "features")
_AS_GIVEN = "_as_given"

_UNREADABLE_DATE = "cannot be read: use YYYY-MM-DD or ISO 8601"
_UNDECIDED_DATE = "could be day first or month first: use YYYY-MM-DD, or say which with --dates"
_AHEAD = timedelta(days=1)
_NOBODY = "no e-mail, phone or external id"

_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_CLEAN: dict[str | None, Callable[[str], str]] = {"message": cells.many_lines, None: str.strip}

Reader = Callable[[str], Any]


class LeadMaker:
    """Turns rows of the same columns into leads.

    `keys` says what each cell of a row is: a name of FIELDS, another word for a custom field, None for a
    column to pass over. No key may come twice. `stand_ins` maps custom keys to `email` or `phone`: where that
    field is empty or unreadable in a row, the first custom field that can be read takes its place. `dates` is the
    order of day, month and year where a date does not tell; `now` is when they are read: no lead has come in later.
    `unread` counts the cells of leads that could not be read and are kept as they were given, by field.
    """

    def __init__(
        self,
        keys: Sequence[str | None],
        *,
        region: str | None,
        timezone: str,
        stand_ins: Mapping[str, str] | None = None,
        dates: str | None = None,
        now: datetime | None = None,
        unread: Counter[str] | None = None,
    ) -> None:
        self.unread: Counter[str] = Counter() if unread is None else unread
        readers = _readers(region)
        if "received_at" in keys:
            readers["received_at"] = moment_reader("received_at", timezone, dates, now)
        named = [(index, key) for index, key in enumerate(keys) if key is not None]
        self._clean = [_CLEAN.get(key, cells.one_line) for key in keys]
        self._text = [(index, _SLOT[key]) for index, key in named if key in _SLOT and key not in readers]
        self._read = [(index, _SLOT[key], key, readers[key]) for index, key in named if key in readers]
        self._custom = [(index, key) for index, key in named if key not in _SLOT]
        self._stand_ins = [(key, _SLOT[field], readers[field]) for key, field in (stand_ins or {}).items()]
        self._listed = [_SLOT[key] for key in _LISTED if key in keys]

    def lead(self, row: Sequence[str]) -> Lead:
        """The lead of one row, which has a cell for every key; BadValue where there is none."""
        if cells.is_plain("".join(row)):
            texts = [cell.strip() for cell in row]
        else:
            texts = [clean(cell) for clean, cell in zip(self._clean, row, strict=True)]
        values: list[Any] = [None] * len(FIELDS)
        for index, slot in self._text:
            values[slot] = texts[index] or None
        custom = {key: texts[index] for index, key in self._custom if texts[index]}
        unread: tuple[str, ...] = ()
        for index, slot, key, read in self._read:
            if text := texts[index]:
                values[slot] = read(text)
                if values[slot] is None:
                    values[slot] = _second_look(key, text, read, custom)
                    unread = unread if values[slot] is not None else (*unread, key)
        for key, slot, read in self._stand_ins:
            if values[slot] is None and key in custom and (value := read(custom[key])) is not None:
                values[slot] = value
                del custom[key]
        for slot in self._listed:
            if values[slot] and ":::" in values[slot]:
                values[slot] = ", ".join(cells.several(values[slot]))

        *facts, first, last = values
        if first or last:
            _join_name(facts, first, last, custom)
        if not (facts[_EMAIL] or facts[_PHONE] or facts[_ID]):
            raise _unidentified(custom)
        if unread:
            self.unread.update(unread)
        return Lead._make((*facts, _as_json(custom) if custom else None))


def lead_from_values(
    values: Mapping[str, str], *, region: str | None, timezone: str, now: datetime | None = None
) -> Lead:
    """The lead that options or one JSON object describe. Names are those of CONTRACT; any other is a custom field."""
    keys = [custom_key(name) or name for name in values]
    if len(set(keys)) < len(keys):
        raise BadValue("two names mean the same value", "Give each value once; capitals and spaces make no difference.")
    return LeadMaker(keys, region=region, timezone=timezone, now=now).lead(tuple(values.values()))


def _readers(region: str | None) -> dict[str, Reader]:
    """How the fields that are more than text are read. A new kind of cell is a function in `cells` and a line here."""
    return {
        "email": cells.email,
        "phone": partial(phone, region=region.upper() if region else None),
        "cost": cells.number,
        "price": cells.price,
        "lat": cells.latitude,
        "lon": cells.longitude,
        "quality": cells.quality,
    }


def moment_reader(field: str, timezone: str, dates: str | None, now: datetime | None = None) -> Callable[[str], str]:
    """Reads cells of a column of dates as UTC ISO text; without an offset they are the team's local time. What lies
    more than a day after `now` is refused: nearer it may be another time zone, or a clock that is ahead.
    """
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(timezone)
    latest = iso(now + _AHEAD) if now is not None else None

    def read(text: str) -> str:
        at = cells.moment(text, zone)
        if at is not None:
            return in_time(at)
        from leadrouter.intake.dates import moment, readings

        at = moment(text, zone, dates)
        if at is None:  # cohorts and the backlog's order hang on it: better no row than a row at the wrong time
            if not readings(text):
                raise BadValue(f"{field} {_UNREADABLE_DATE}")
            raise BadValue(f"{field} {_UNDECIDED_DATE if dates is None else f'is not in the order {dates}'}")
        return in_time(at)

    def in_time(at: str) -> str:
        if latest is not None and at > latest:
            raise BadValue(f"{field} is in the future")
        return at

    return read


def _second_look(key: str, text: str, read: Reader, custom: dict[str, str]) -> Any:
    """A cell that is not simply what its column says: several addresses or numbers, a price in words. What is left
    unsaid by the value found is kept beside it.
    """
    if key in ("price", "cost"):
        from leadrouter.intake.amounts import amount

        found = amount(text)
        if found is None or not found.exact:
            _keep(custom, key + _AS_GIVEN, text)
        return found.value if found else None
    parts = cells.several(text) if key in ("email", "phone") else []
    values = [value for part in parts if (value := read(part)) is not None]
    if len(values) < len(parts) or not values:
        _keep(custom, key + _AS_GIVEN, text)
    for value in dict.fromkeys(values[1:]):
        if value != values[0]:
            _keep(custom, f"{key}_2", value)
    return values[0] if values else None


def _keep(custom: dict[str, str], key: str, text: str) -> None:
    while key in custom:  # a file may have a column of that very name
        key += "_2"
    custom[key] = text


def _join_name(facts: list[Any], first: str | None, last: str | None, custom: dict[str, str]) -> None:
    """Both halves make the name; beside a full name they are kept only for what it does not say."""
    if not facts[_NAME]:
        facts[_NAME] = " ".join(part for part in (first, last) if part)
        return
    for key, part in (("first_name", first), ("last_name", last)):
        if part and part not in facts[_NAME]:
            _keep(custom, key, part)


def _unidentified(custom: Mapping[str, str]) -> BadValue:
    for field, word in (("email", "e-mail"), ("phone", "phone")):
        if field + _AS_GIVEN in custom:
            return BadValue(f"{word} cannot be read", "Give an e-mail, a phone or an external id that can be read.")
    return BadValue(_NOBODY, "Give at least one of them.")
