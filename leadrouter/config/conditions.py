"""The language of `when`: from what the broker writes to the plain tuples of `domain.policy.Condition`.

A field belongs to one kind, a kind is a function and a row in a dict. Nothing here evaluates a condition
(`domain.matching` does) and nothing here knows rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from leadrouter.config import times
from leadrouter.config.numbers import COMPARED, NUMBER, RANGE, between
from leadrouter.config.problems import Findings, Place, shown, unknown
from leadrouter.config.words import choice, flag, postcode, word
from leadrouter.domain.lead import NUMBERS
from leadrouter.domain.policy import QUALITIES, Condition

Reader = Callable[[str, list[str]], Condition]
"""Reads the texts a field is tested against; any one of them is enough."""


class Scope(NamedTuple):
    """What a condition may speak of where it stands: the territories (None: not known for certain, so that none is
    complained of), and the fields that cannot be tested there, each with the reason.
    """

    territories: tuple[str, ...] | None = ()
    barred: Mapping[str, str] = {}


_PERSONAL = frozenset({"name", "first_name", "last_name", "email", "phone", "message"})
_WORDS = (
    *("source", "campaign", "intent", "property_type", "area", "language", "timeframe", "tags", "features"),
    *("preferred_channel", "preferred_time", "requested_agent", "external_id"),
)
_OWN_COLUMN = "A column of your own is written with custom. before its name, as in custom.bedrooms"


def read_condition(tree: Any, place: Place, findings: Findings, scope: Scope) -> Condition:
    """The condition; what is wrong with it goes to `findings`, and its parts that are right are returned."""
    if not isinstance(tree, dict):
        findings.add(place, f"expected conditions such as {{source: portal}}, found {shown(tree)}")
        return ("all", ())
    if not tree:
        findings.add(place, "there is no condition in it; write one, or leave it out in the last rule")
    return ("all", tuple(_parts(tree, place, findings, scope)))


def _parts(tree: dict[str, Any], place: Place, findings: Findings, scope: Scope) -> Iterator[Condition]:
    for key, value in tree.items():
        here = (*place, key)
        if key == "any":
            if isinstance(value, list) and value:
                parts = enumerate(value)
                yield ("any", tuple(read_condition(part, (*here, n), findings, scope) for n, part in parts))
            else:
                findings.add(here, f"expected a list such as [{{source: a}}, {{area: b}}], found {_or_empty(value)}")
        elif key == "not":
            yield ("not", read_condition(value, here, findings, scope))
        else:
            try:
                yield _test(key, value, scope)
            except ValueError as error:
                findings.add(here, str(error))


def _test(key: str, value: Any, scope: Scope) -> Condition:
    field = _column(key) if key.startswith("custom.") else key
    if field in scope.barred:
        raise ValueError(f"{shown(field)} cannot be tested here: {scope.barred[field]}")
    reader = _reader(field)
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise ValueError("the list is empty; name at least one value")
    for text in texts:
        if not isinstance(text, str) or not text:
            raise ValueError(f"expected a value or a list of values, found {_or_empty(text)}")
        if text == "*" or (isinstance(value, list) and text.casefold() in ("present", "absent")):
            raise ValueError(f"{shown(text)} cannot be compared; `{field}: present` and `{field}: absent` stand alone")
    if field == "territory":
        _check_territories(texts, scope)
    if field not in _MOMENTS:
        somewhere = (field, "in", scope.territories or ()) if field == "territory" else (field, "present", ())
        if texts[0].casefold() == "present":
            return somewhere
        if texts[0].casefold() == "absent":
            return ("not", somewhere)
    if field.startswith("custom.") and not isinstance(value, list) and _numeric(texts[0]):
        reader = _numbers
    return reader(field, texts)


def _check_territories(texts: list[str], scope: Scope) -> None:
    known = scope.territories
    if known is None or (known and texts[0].casefold() in ("present", "absent")):
        return
    for text in texts:
        if word(text) not in known:
            raise ValueError(unknown_territory(text, known))


def unknown_territory(text: str, known: tuple[str, ...]) -> str:
    remedy = "" if known else "; no territory is defined, write what lies in it under `territories`"
    return unknown(text, known, "territory ") + remedy


def _reader(field: str) -> Reader:
    if field in READERS:
        return READERS[field]
    if field.startswith("custom.") and field != "custom.":
        return _words
    if field in _PERSONAL:
        raise ValueError(f"rules may not depend on who a person is, so {shown(field)} cannot be tested")
    if field.split(".")[0] == "custom":
        raise ValueError(f"{shown(field)} names no column. {_OWN_COLUMN}")
    said = unknown(field, [*READERS, "any", "not"], "field ")
    raise ValueError(f"{said}{'' if said.endswith('?') else '.'} {_OWN_COLUMN}")


def _column(key: str) -> str:
    """A column of the broker's own, under its name in the intake: `custom.Bed Rooms` -> `custom.bed_rooms`."""
    name = "".join(c if c.isalnum() else " " for c in word(key.removeprefix("custom.")))
    return "custom." + "_".join(name.split())


def _or_empty(value: Any) -> str:
    return "an empty list" if value == [] else "empty text" if value == "" else shown(value)


def _any_of(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else ("any", tuple(parts))


def _words(field: str, texts: list[str]) -> Condition:
    for text in texts:
        if text[0] in "<>=":
            raise ValueError(
                f"{shown(text)} compares numbers, but {field} is compared as text here; write the text itself"
            )
    return (field, "in", tuple(dict.fromkeys(map(word, texts))))


def _qualities(field: str, texts: list[str]) -> Condition:
    return _words(field, [choice(QUALITIES)(text) for text in texts])


def _numeric(text: str) -> bool:
    """Whether a test of a custom column is one of numbers: it compares, or it is a range."""
    return text[0] in "<>" or bool(RANGE.fullmatch(text))


def _numbers(field: str, texts: list[str]) -> Condition:
    return _any_of([_number(field, text) for text in texts])


def _number(field: str, text: str) -> Condition:
    if NUMBER.fullmatch(text):
        return (field, "between", (float(text), float(text)))
    if hit := COMPARED.fullmatch(text):
        sign, bound = hit[1], float(hit[2])
        match sign:
            case ">=":
                return (field, "between", (bound, None))
            case "<=":
                return (field, "between", (None, bound))
        return (field, "above" if sign == ">" else "below", bound)
    if found := between(text):
        return (field, "between", found)
    raise ValueError(f'{shown(text)} is not a test of a number; write 500000, ">= 500000" or 500000-900000')


def _postcodes(field: str, texts: list[str]) -> Condition:
    return (field, "like", tuple(dict.fromkeys(map(postcode, texts))))


def _known(field: str, texts: list[str]) -> Condition:
    tests = dict.fromkeys(map(flag, texts))
    return _any_of([(field, "present", ()) if yes else ("not", (field, "present", ())) for yes in tests])


def _hours(field: str, texts: list[str]) -> Condition:
    return (field, "in", tuple(dict.fromkeys(map(choice(("open", "closed")), texts))))


def _weekdays(field: str, texts: list[str]) -> Condition:
    return (field, "in", tuple(map(str, sorted({day for text in texts for day in times.weekdays(text)}))))


def _times(field: str, texts: list[str]) -> Condition:
    return _any_of([(field, "within", times.minutes(text)) for text in texts])


_MOMENTS: dict[str, Reader] = {"hours": _hours, "weekday": _weekdays, "time": _times}
READERS: dict[str, Reader] = {
    **dict.fromkeys(_WORDS, _words),
    "quality": _qualities,
    "postcode": _postcodes,
    "territory": _words,
    "known": _known,
    **dict.fromkeys(sorted(NUMBERS), _numbers),
    **_MOMENTS,
}
"""Every field that `when` may test, but for the custom columns."""
