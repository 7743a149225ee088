"""Single values as a broker writes them, and the types the schema is made of.

A reading function takes one piece of text and returns the policy's unit, or says in plain words why it cannot.
The types hang it into pydantic; our function is the whole check, so pydantic's own wording never shows. No keys
and nothing that needs a second value to judge the first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainValidator

from leadrouter.config import forms, times
from leadrouter.config.problems import shown, unknown
from leadrouter.domain.ledger import TIERS as TIERS_END
from leadrouter.domain.policy import (
    BACKLOGS,
    COMPARED_BY,
    ORDERS,
    OUTCOMES,
    PREFERENCES,
    REVIEWS,
    ROLES,
    TIERS,
    WEIGHT_UNIT,
    Span,
)
from leadrouter.domain.preset import DATE_ORDERS, IDS, TARGETS
from leadrouter.domain.promises import ESCALATIONS, OPEN_LEADS, SLA_CLOCKS
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.domain.telling import KINDS, VARIABLE

OVERLAPS = ("turns", "last")
LONGEST_TEXT = 200
LONGEST_MESSAGE = 2000
HEAVIEST = 1000
MOST_YEARS = 100
FARTHEST_KM = 20_000
"""Half the way around the earth: a larger circle is all of it."""

COMBINATIONS = tuple(outcome for outcome in OUTCOMES if outcome != "assign")
"""Names of the trade that may stand as a `strategy`, though they say what happens instead of who is picked."""

_NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
NUMBER = re.compile(_NUMBER)
COMPARED = re.compile(rf"(>=|<=|>|<)\s*({_NUMBER})")
RANGE = re.compile(rf"({_NUMBER})\s*-\s*({_NUMBER})")

T = TypeVar("T")

_FLAGS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
# Letters that Unicode does not take apart into a plain one and a mark.
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})
_QUOTES = str.maketrans("", "", "'’ʼ`")


def percent(text: str) -> float:
    """`95%` or `0.95` as a share of one."""
    hit = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(%?)", text)
    share = Fraction(hit[1]) / (100 if hit[2] else 1) if hit else Fraction(-1)
    if not 0 <= share <= 1:
        raise ValueError(f"{shown(text)} is not a share; write it as 95% or 0.95")
    return float(share)


def fee(text: str) -> tuple[float | None, float | None]:
    """`500` as an amount of money, or `25%` as a share."""
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", text) and float(text) > 0:
        return float(text), None
    if text.endswith("%") and percent(text) > 0:
        return None, percent(text)
    raise ValueError(f"{shown(text)} is not a fee; write an amount as in 500, or a share of the commission as in 25%")


def split(text: str) -> float:
    """`60/40`: the agent's part of the commission, then the house's, which is returned as a share of one."""
    hit = re.fullmatch(r"([0-9]{1,2}) ?/ ?([0-9]{1,2})", text)
    if not hit or int(hit[1]) + int(hit[2]) != 100:
        raise ValueError(f"{shown(text)} is not a split; write the agent's part and the house's, as in 60/40")
    return int(hit[2]) / 100


def criterion(text: str) -> str:
    """What must be known before a hand-off; commas stand between criteria."""
    tidy = name(text)
    if "," in tidy:
        raise ValueError(f"{shown(text)} has a comma, which stands between criteria; write two, or leave it out")
    return tidy


def probability(text: str) -> float:
    """A share of one that can be asked for: more than a toss-up, less than certainty."""
    share = percent(text)
    if not 0.5 < share < 1:
        raise ValueError(f"{shown(text)} cannot be asked for; write more than 50% and less than 100%")
    return share


def weight(text: str) -> int:
    """`2`, `1.5` or `1/3` in 2520ths, rounded."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}|/0*[1-9][0-9]{0,8})?", text):
        raise ValueError(f"{shown(text)} is not a weight; write it as 1, 1.5 or 1/3")
    parts = round(Fraction(text) * WEIGHT_UNIT)
    if not 0 < parts <= HEAVIEST * WEIGHT_UNIT:
        raise ValueError(f"the weight {shown(text)} is out of range; write more than 0 and at most {HEAVIEST}")
    return parts


def tier_share(text: str) -> int:
    """`40` or `40%` of the leads, in whole percent."""
    if not re.fullmatch(r"0*(?:[1-9][0-9]?|100)\s*%?", text):
        raise ValueError(f"{shown(text)} is not a share of the leads; write a whole number from 1 to 100")
    return int(text.rstrip("% "))


def between(text: str) -> tuple[float, float] | None:
    """`500000-900000`; None if it is no range at all."""
    hit = RANGE.fullmatch(text)
    if not hit:
        return None
    low, high = float(hit[1]), float(hit[2])
    if low > high:
        raise ValueError(f"{shown(text)} ends below its beginning; write the smaller number first")
    return low, high


def band(text: str) -> tuple[float | None, float | None]:
    """`500000-2000000`, `>= 2000000` or `<= 900000`: prices from the lowest to the highest, both included."""
    hit = COMPARED.fullmatch(text)
    if hit and hit[1] in (">=", "<="):
        bound = float(hit[2])
        return (bound, None) if hit[1] == ">=" else (None, bound)
    found = between(text)
    if found is None:
        raise ValueError(
            f'{shown(text)} is not a price band; write 500000-2000000, ">= 2000000" or "<= 900000", ends included'
        )
    return found


def number(low: float, high: float, what: str) -> Callable[[str], float]:
    """A decimal number within bounds."""

    def read(text: str) -> float:
        if not NUMBER.fullmatch(text) or not low <= float(text) <= high:
            raise ValueError(f"{shown(text)} is not {what}; write a number from {low:g} to {high:g}")
        return float(text)

    return read


def radius(text: str) -> float:
    """Kilometres, more than none."""
    kilometres = number(0, FARTHEST_KM, "a radius in kilometres")(text)
    if not kilometres:
        raise ValueError(f"{shown(text)} is no circle; write a radius of more than 0 kilometres")
    return kilometres


def flag(text: str) -> bool:
    """yes, on, true; no, off, false."""
    if text.casefold() not in _FLAGS:
        raise ValueError(f"{shown(text)} is neither yes nor no")
    return _FLAGS[text.casefold()]


def on_or_off(value: Any) -> Any:
    """A section that may be `off` (None), `on` (all defaults) or written out."""
    if isinstance(value, str) and value:
        try:
            return {} if flag(value) else None
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


def count(least: int) -> Callable[[str], int]:
    """A whole number, from `least` up to a million."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,7}", text) or not least <= int(text) <= 1_000_000:
            raise ValueError(f"{shown(text)} is not a whole number from {least} to 1000000")
        return int(text)

    return read


def letters(length: int, what: str, example: str) -> Callable[[str], str]:
    """A code of that many letters, in capitals."""

    def read(text: str) -> str:
        if not re.fullmatch(rf"[A-Za-z]{{{length}}}", text):
            raise ValueError(f"{shown(text)} is not a {what} of {length} letters, such as {example}")
        return text.upper()

    return read


def region(text: str) -> str:
    code = letters(2, "country code", "MY")(text)
    if code == "UK":
        raise ValueError("'UK' is not the code of a country in phone numbers; write GB")
    return code


def choice(*known: Iterable[str]) -> Callable[[str], str]:
    """One of these words, in any case. They are looked up at each reading: a strategy may have been added."""

    def read(text: str) -> str:
        words = {word.casefold(): word for words in known for word in words}
        if text.casefold() not in words:
            raise ValueError(unknown(text, words.values()))
        return words[text.casefold()]

    return read


def name(text: str) -> str:
    """A name for people to read, with single spaces."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if len(tidy) > LONGEST_TEXT:
        raise ValueError(f"{shown(text)} is longer than {LONGEST_TEXT} characters")
    return tidy


def word(text: str) -> str:
    """A name that is only compared: case does not count."""
    return name(text).casefold()


def postcode(text: str) -> tuple[str, ...]:
    """`50480`, `501*` or `59000-59200`. A range has ends of equal length: `12345-6789` is one code."""
    code = word(text).replace(" ", "")
    if code[0] in "<>=":
        raise ValueError(f"{shown(text)} is not a postcode; write 50480, 501* or 59000-59200")
    if hit := re.fullmatch(r"([0-9]+)-([0-9]+)", code):
        first, last = hit[1], hit[2]
        if len(first) == len(last):
            if first > last:
                raise ValueError(f"{shown(text)} ends before it begins; write the smaller postcode first")
            return ("range", first, last)
    if code.endswith("*"):
        code = code[:-1]
        if code and "*" not in code:
            return ("prefix", code)
    if not code or "*" in code:
        raise ValueError(f"{shown(text)}: a '*' can only stand at the end of a postcode, as in 501*")
    return ("is", code)


def rotation_name(text: str) -> str:
    """The name of a rule or a rotation; `/hot` and `/tiers` at its end are taken."""
    tidy = name(text)
    if tidy.casefold().endswith("/hot"):
        raise ValueError(f"{shown(text)} must not end in '/hot': hot leads turn under that name; choose another")
    if tidy.casefold().endswith(TIERS_END):
        raise ValueError(
            f"{shown(text)} must not end in '{TIERS_END}': tiers have their accounts there; choose another"
        )
    return tidy


def identifier(text: str) -> str:
    """An agent's id, for command lines and references."""
    tidy = name(text)
    if not tidy[0].isalnum() or not all(_in_id(c) for c in tidy):
        raise ValueError(
            f"{shown(text)} is not an id; use letters, digits, '-', '_' and '.', beginning with a letter or digit"
        )
    return tidy


def slug(text: str) -> str:
    """The id that a name gives: `Aina Yusof` -> `aina-yusof`. Letters without ASCII form stay if no other is left."""
    folded = text.casefold().translate(_QUOTES)
    plain = unicodedata.normalize("NFKD", folded.translate(_ASCII)).encode("ascii", "ignore").decode()
    for candidate in (plain, unicodedata.normalize("NFC", folded)):
        words = "".join(c if _in_id(c) and c not in "-_." else " " for c in candidate).split()
        if words:
            return "-".join(words)
    return ""


def _in_id(c: str) -> bool:
    return c.isalnum() or c in "-_." or unicodedata.category(c)[0] == "M"  # marks are half of many scripts' letters


def address(text: str) -> str:
    """The address of a channel, `${NAME}` for what stands in the environment. What was written is never repeated: a
    secret may be in it.
    """
    rest = VARIABLE.sub("", text)
    if "${" in rest:
        raise ValueError("a variable of the environment is written as ${NAME}, in letters, digits and _")
    if not (VARIABLE.fullmatch(text) or re.match(r"[A-Za-z][A-Za-z0-9.+-]*://", text)) or re.search(r"\s", text):
        raise ValueError(
            "is not the address of a channel; write it as mailto://..., ntfy://${NTFY_TOKEN}@ntfy.sh/topic"
        )
    return text


def message(text: str) -> str:
    """The words of a notice, lines kept."""
    if len(text) > LONGEST_MESSAGE:
        raise ValueError(f"is longer than {LONGEST_MESSAGE} characters")
    return text.strip("\n")


def last_resort(value: Any) -> Any:
    """`leader` (no channels of its own), `off` (None), or channels."""
    if isinstance(value, str) and value.casefold() in ("leader", "off"):
        return None if value.casefold() == "off" else []
    return listed(value)


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


def few_enough(value: Any) -> Any:
    """No more holidays than a list of them can mean: each may be a range of a year."""
    if isinstance(value, list) and len(value) > times.MOST_HOLIDAYS:
        raise ValueError(f"these are {len(value):,} holidays; write at most {times.MOST_HOLIDAYS} days or ranges")
    return value


def listed_or(empty: str) -> Callable[[Any], Any]:
    """A list, for which this word means that there is nothing in it."""
    return lambda value: [] if isinstance(value, str) and value.casefold() == empty else listed(value)


_DURATION = r"^\s*[0-9]{1,9}\s*[mhdyMHDY]\s*$"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ONE_DATE = rf"^\s*{_DATE}\s*$"
_DATES = rf"^\s*{_DATE}\s*(\.\.\s*{_DATE})?\s*$"
_DECIMAL = rf"^\s*{_NUMBER}\s*$"
_PERCENT = r"^\s*[0-9]+(\.[0-9]+)?\s*%?\s*$"
_WHOLE = r"^\s*[0-9]{1,7}\s*$"

Many = Annotated[tuple[T, ...], BeforeValidator(listed), forms.Form(forms.one_or_many)]
ManyOrNone = Annotated[tuple[T, ...], BeforeValidator(listed_or("none")), forms.many_or("none")]
ManyOrOff = Annotated[tuple[T, ...], BeforeValidator(listed_or("off")), forms.many_or("off")]
ManyOrNothing = Annotated[tuple[T, ...], BeforeValidator(listed_or("nothing")), forms.many_or("nothing")]
OnOrOff = Annotated[T | None, BeforeValidator(on_or_off), forms.Form(forms.or_switch)]
Name = Annotated[str, _one(name)]
Word = Annotated[str, _one(word)]
Identifier = Annotated[str, _one(identifier)]
RotationName = Annotated[str, _one(rotation_name)]
Role = Annotated[str, _one(choice(ROLES)), forms.words(lambda: ROLES)]
StrategyName = Annotated[str, _one(choice(STRATEGIES, COMBINATIONS)), forms.words(lambda: (*STRATEGIES, *COMBINATIONS))]
Outcome = Annotated[str, _one(choice(OUTCOMES)), forms.words(lambda: OUTCOMES)]
Preference = Annotated[str, _one(choice(PREFERENCES)), forms.words(lambda: PREFERENCES)]
Overlap = Annotated[str, _one(choice(OVERLAPS)), forms.words(lambda: OVERLAPS)]
Tier = Annotated[str, _one(choice(TIERS)), forms.words(lambda: TIERS)]
Order = Annotated[str, _one(choice(ORDERS)), forms.words(lambda: ORDERS)]
BacklogOrder = Annotated[str, _one(choice(BACKLOGS)), forms.words(lambda: BACKLOGS)]
Postcode = Annotated[tuple[str, ...], _one(postcode)]
Band = Annotated[tuple[float | None, float | None], _one(band), forms.text(r"^\s*([<>]=)?\s*[0-9-]", ">= 2000000")]
Years = Annotated[float, _one(number(0, MOST_YEARS, "a number of years")), forms.numeric(_DECIMAL, 0)]
Latitude = Annotated[float, _one(number(-90, 90, "a latitude")), forms.numeric(_DECIMAL, -90)]
Longitude = Annotated[float, _one(number(-180, 180, "a longitude")), forms.numeric(_DECIMAL, -180)]
Radius = Annotated[float, _one(radius), forms.numeric(_DECIMAL, 0)]
TierShare = Annotated[int, _one(tier_share), forms.numeric(r"^\s*[0-9]+\s*%?\s*$", 1)]
Zone = Annotated[str, _one(times.zone), forms.text("^", "Asia/Kuala_Lumpur")]
Region = Annotated[str, _one(region), forms.text(r"^\s*[A-Za-z]{2}\s*$", "MY")]
Currency = Annotated[str, _one(letters(3, "currency", "MYR")), forms.text(r"^\s*[A-Za-z]{3}\s*$", "MYR")]
Weight = Annotated[int, _one(weight), forms.numeric(r"^\s*[0-9]+(\.[0-9]+|/[0-9]+)?\s*$", 0)]
Percent = Annotated[float, _one(percent), forms.numeric(_PERCENT, 0)]
Flag = Annotated[bool, _one(flag), forms.fixed(forms.SWITCH)]
Duration = Annotated[int, _one(times.duration), forms.text(_DURATION, "72h")]
DurationOrOff = Annotated[int | None, _one(_or_off(times.duration)), forms.text(_DURATION, "72h", "off")]
After = Annotated[int | None, _one(after), forms.text(_DURATION, "15m", "sla")]
SlaClock = Annotated[str, _one(choice(SLA_CLOCKS)), forms.words(lambda: SLA_CLOCKS)]
EscalationAct = Annotated[str, _one(choice(ESCALATIONS)), forms.words(lambda: ESCALATIONS)]
OpenLeads = Annotated[str, _one(choice(OPEN_LEADS)), forms.words(lambda: OPEN_LEADS)]
Positive = Annotated[int, _one(count(1)), forms.numeric(_WHOLE, 1)]
PositiveOrOff = Annotated[int | None, _one(_or_off(count(1))), forms.numeric(_WHOLE, 1, "off")]
Natural = Annotated[int, _one(count(0)), forms.numeric(_WHOLE, 0)]
Date = Annotated[str, _one(times.iso_date), forms.text(_ONE_DATE, "2026-03-01")]
DateRange = Annotated[tuple[str, str], _one(times.date_range), forms.text(_DATES, "2026-12-20..2026-12-31")]
Dates = Annotated[tuple[str, ...], _one(times.dates), forms.text(_DATES, "2026-12-25")]
Holidays = Annotated[Many[Dates], BeforeValidator(few_enough)]
Hours = Annotated[tuple[Span, ...] | None, _one(times.hours), forms.text("^", "Mon-Fri 09:00-18:00", "always")]
TimeOrOff = Annotated[int | None, _one(_or_off(times.time_of_day)), forms.text("^[0-9 ]+:[0-9 ]+$", "08:00", "off")]
QuietOrOff = Annotated[tuple[int, int] | None, _one(_or_off(times.minutes)), forms.text("[0-9]", "22:00-07:00", "off")]
Address = Annotated[str, _one(address), forms.text("^", "ntfy://${NTFY_TOKEN}@ntfy.sh/topic")]
Kind = Annotated[str, _one(choice(KINDS)), forms.words(lambda: KINDS)]
Probability = Annotated[float, _one(probability), forms.numeric(_PERCENT, 0)]
ReviewTime = Annotated[str, _one(choice(REVIEWS)), forms.words(lambda: REVIEWS)]
ComparedBy = Annotated[str, _one(choice(COMPARED_BY)), forms.words(lambda: COMPARED_BY)]
ColumnTarget = Annotated[str, _one(choice(TARGETS)), forms.words(lambda: TARGETS)]
IdsOf = Annotated[str, _one(choice(IDS)), forms.words(lambda: IDS)]
DateOrder = Annotated[str, _one(choice(DATE_ORDERS)), forms.words(lambda: DATE_ORDERS)]
Fee = Annotated[tuple[float | None, float | None] | None, _one(_or_off(fee)), forms.numeric("[0-9]", 0, "off")]
Split = Annotated[float | None, _one(_or_off(split)), forms.numeric("[0-9]", 0, "off")]
Criterion = Annotated[str, _one(criterion)]
Message = Annotated[str, _one(message)]
