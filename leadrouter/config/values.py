"""The types that the schema is made of, each with the form that editors know it by.

They hang the reading functions of `words`, `numbers` and `times` into pydantic; our function is the whole check, so
pydantic's own wording never shows. No keys, and nothing that needs a second value to judge the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainValidator

from leadrouter.config import forms, numbers, times, words
from leadrouter.config.problems import shown
from leadrouter.domain.policy import BACKLOGS, COMPARED_BY, ORDERS, PREFERENCES, REVIEWS, ROLES, THEN, TIERS, Span
from leadrouter.domain.preset import DATE_ORDERS, IDS, TARGETS
from leadrouter.domain.promises import ESCALATIONS, OPEN_LEADS, SLA_CLOCKS
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.domain.telling import KINDS

OVERLAPS = ("turns", "last")

COMBINATIONS = tuple(then for then in THEN if then != "assign")
"""Names of the trade that may stand as a `strategy`, though they say what happens instead of who is picked."""

T = TypeVar("T")


def _one(read: Callable[[str], Any]) -> PlainValidator:
    def check(value: object) -> Any:
        if not isinstance(value, str):
            raise ValueError(f"expected one value, found {shown(value)}")  # pydantic collects ValueError, not TypeError
        if not value:
            raise ValueError("expected a value, found empty text")
        return read(value)

    return PlainValidator(check, json_schema_input_type=str | float | bool)


def _or_off(read: Callable[[str], T]) -> Callable[[str], T | None]:
    def check(text: str) -> T | None:
        if text.casefold() == "off":
            return None
        try:
            return read(text)
        except ValueError as error:
            raise ValueError(f"{error}, or off") from None

    return check


def listed(value: Any) -> Any:
    """A single value where a list may stand is a list of one."""
    if isinstance(value, dict):
        raise ValueError("expected a list, found `key: value` pairs; begin each entry with '- '")
    return value if isinstance(value, list) else [value]


def listed_or(empty: str) -> Callable[[Any], Any]:
    """A list, for which this word means that there is nothing in it."""
    return lambda value: [] if isinstance(value, str) and value.casefold() == empty else listed(value)


def few_enough(value: Any) -> Any:
    """No more holidays than a list of them can mean: each may be a range of a year."""
    if isinstance(value, list) and len(value) > times.MOST_HOLIDAYS:
        raise ValueError(f"these are {len(value):,} holidays; write at most {times.MOST_HOLIDAYS} days or ranges")
    return value


def on_or_off(value: Any) -> Any:
    """A section that may be `off` (None), `on` (all defaults) or written out."""
    if isinstance(value, str) and value:
        try:
            return {} if words.flag(value) else None
        except ValueError as error:
            keys = "{key: value}; leadrouter init --full shows which"
            raise ValueError(f"{error}; write on, off, or what it holds, as {keys}") from None
    return value


def after(text: str) -> int | None:
    """How long after a clock's start; `sla`: at the promise of the quality."""
    if text.casefold() == "sla":
        return None
    try:
        return times.duration(text)
    except ValueError as error:
        raise ValueError(f"{error}, or sla") from None


def last_resort(value: Any) -> Any:
    """`leader` (no channels of its own), `off` (None), or channels."""
    if isinstance(value, str) and value.casefold() in ("leader", "off"):
        return None if value.casefold() == "off" else []
    return listed(value)


_DURATION = r"^\s*[0-9]{1,9}\s*[mhdyMHDY]\s*$"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ONE_DATE = rf"^\s*{_DATE}\s*$"
_DATES = rf"^\s*{_DATE}\s*(\.\.\s*{_DATE})?\s*$"
_DECIMAL = rf"^\s*{numbers.DECIMAL}\s*$"
_PERCENT = r"^\s*[0-9]+(\.[0-9]+)?\s*%?\s*$"
_WHOLE = r"^\s*[0-9]{1,7}\s*$"

Many = Annotated[tuple[T, ...], BeforeValidator(listed), forms.Form(forms.one_or_many)]
ManyOrNone = Annotated[tuple[T, ...], BeforeValidator(listed_or("none")), forms.many_or("none")]
ManyOrOff = Annotated[tuple[T, ...], BeforeValidator(listed_or("off")), forms.many_or("off")]
ManyOrNothing = Annotated[tuple[T, ...], BeforeValidator(listed_or("nothing")), forms.many_or("nothing")]
OnOrOff = Annotated[T | None, BeforeValidator(on_or_off), forms.Form(forms.or_switch)]
Name = Annotated[str, _one(words.name)]
Word = Annotated[str, _one(words.word)]
Identifier = Annotated[str, _one(words.identifier)]
RotationName = Annotated[str, _one(words.rotation_name)]
Role = Annotated[str, _one(words.choice(ROLES)), forms.words(lambda: ROLES)]
StrategyName = Annotated[
    str, _one(words.choice(STRATEGIES, COMBINATIONS)), forms.words(lambda: (*STRATEGIES, *COMBINATIONS))
]
Then = Annotated[str, _one(words.choice(THEN)), forms.words(lambda: THEN)]
Preference = Annotated[str, _one(words.choice(PREFERENCES)), forms.words(lambda: PREFERENCES)]
Overlap = Annotated[str, _one(words.choice(OVERLAPS)), forms.words(lambda: OVERLAPS)]
Tier = Annotated[str, _one(words.choice(TIERS)), forms.words(lambda: TIERS)]
Order = Annotated[str, _one(words.choice(ORDERS)), forms.words(lambda: ORDERS)]
BacklogOrder = Annotated[str, _one(words.choice(BACKLOGS)), forms.words(lambda: BACKLOGS)]
Postcode = Annotated[tuple[str, ...], _one(words.postcode)]
Band = Annotated[
    tuple[float | None, float | None], _one(numbers.band), forms.text(r"^\s*([<>]=)?\s*[0-9-]", ">= 2000000")
]
Years = Annotated[float, _one(numbers.number(0, numbers.MOST_YEARS, "a number of years")), forms.numeric(_DECIMAL, 0)]
Latitude = Annotated[float, _one(numbers.number(-90, 90, "a latitude")), forms.numeric(_DECIMAL, -90)]
Longitude = Annotated[float, _one(numbers.number(-180, 180, "a longitude")), forms.numeric(_DECIMAL, -180)]
Radius = Annotated[float, _one(numbers.radius), forms.numeric(_DECIMAL, 0)]
TierShare = Annotated[int, _one(numbers.tier_share), forms.numeric(r"^\s*[0-9]+\s*%?\s*$", 1)]
Zone = Annotated[str, _one(times.zone), forms.text("^", "Asia/Kuala_Lumpur")]
Region = Annotated[str, _one(words.region), forms.text(r"^\s*[A-Za-z]{2}\s*$", "MY")]
Currency = Annotated[str, _one(words.letters(3, "currency", "MYR")), forms.text(r"^\s*[A-Za-z]{3}\s*$", "MYR")]
Weight = Annotated[int, _one(numbers.weight), forms.numeric(r"^\s*[0-9]+(\.[0-9]+|/[0-9]+)?\s*$", 0)]
Percent = Annotated[float, _one(numbers.percent), forms.numeric(_PERCENT, 0)]
Flag = Annotated[bool, _one(words.flag), forms.fixed(forms.SWITCH)]
Duration = Annotated[int, _one(times.duration), forms.text(_DURATION, "72h")]
DurationOrOff = Annotated[int | None, _one(_or_off(times.duration)), forms.text(_DURATION, "72h", "off")]
After = Annotated[int | None, _one(after), forms.text(_DURATION, "15m", "sla")]
SlaClock = Annotated[str, _one(words.choice(SLA_CLOCKS)), forms.words(lambda: SLA_CLOCKS)]
EscalationAct = Annotated[str, _one(words.choice(ESCALATIONS)), forms.words(lambda: ESCALATIONS)]
OpenLeads = Annotated[str, _one(words.choice(OPEN_LEADS)), forms.words(lambda: OPEN_LEADS)]
Positive = Annotated[int, _one(numbers.count(1)), forms.numeric(_WHOLE, 1)]
PositiveOrOff = Annotated[int | None, _one(_or_off(numbers.count(1))), forms.numeric(_WHOLE, 1, "off")]
Natural = Annotated[int, _one(numbers.count(0)), forms.numeric(_WHOLE, 0)]
Date = Annotated[str, _one(times.iso_date), forms.text(_ONE_DATE, "2026-03-01")]
DateRange = Annotated[tuple[str, str], _one(times.date_range), forms.text(_DATES, "2026-12-20..2026-12-31")]
Dates = Annotated[tuple[str, ...], _one(times.dates), forms.text(_DATES, "2026-12-25")]
Holidays = Annotated[Many[Dates], BeforeValidator(few_enough)]
Hours = Annotated[tuple[Span, ...] | None, _one(times.hours), forms.text("^", "Mon-Fri 09:00-18:00", "always")]
TimeOrOff = Annotated[int | None, _one(_or_off(times.time_of_day)), forms.text("^[0-9 ]+:[0-9 ]+$", "08:00", "off")]
QuietOrOff = Annotated[tuple[int, int] | None, _one(_or_off(times.minutes)), forms.text("[0-9]", "22:00-07:00", "off")]
Address = Annotated[str, _one(words.address), forms.text("^", "ntfy://${NTFY_TOKEN}@ntfy.sh/topic")]
Kind = Annotated[str, _one(words.choice(KINDS)), forms.words(lambda: KINDS)]
Probability = Annotated[float, _one(numbers.probability), forms.numeric(_PERCENT, 0)]
ReviewTime = Annotated[str, _one(words.choice(REVIEWS)), forms.words(lambda: REVIEWS)]
ComparedBy = Annotated[str, _one(words.choice(COMPARED_BY)), forms.words(lambda: COMPARED_BY)]
ColumnTarget = Annotated[str, _one(words.choice(TARGETS)), forms.words(lambda: TARGETS)]
IdsOf = Annotated[str, _one(words.choice(IDS)), forms.words(lambda: IDS)]
DateOrder = Annotated[str, _one(words.choice(DATE_ORDERS)), forms.words(lambda: DATE_ORDERS)]
Fee = Annotated[tuple[float | None, float | None] | None, _one(_or_off(numbers.fee)), forms.numeric("[0-9]", 0, "off")]
Split = Annotated[float | None, _one(_or_off(numbers.split)), forms.numeric("[0-9]", 0, "off")]
Criterion = Annotated[str, _one(words.criterion)]
Message = Annotated[str, _one(words.message)]
