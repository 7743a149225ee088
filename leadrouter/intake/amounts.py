"""Sums as people write them: `RM 1.2m`, `1.5Cr-2Cr`, `$450k`, `up to 80 lakh`, `1.200.000 EUR`.

The second look at a price: `cells.number` has read what is a plain number before. A range gives its upper end, which
is what the person can spend; where a cell says more than its number, `exact` is false and the cell is kept too. What a
deal was worth is read here as well, whether a cell or an option says it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from leadrouter.domain.history import MOST_VALUE
from leadrouter.intake.cells import BadValue, is_currency, price

UNITS = {
    "k": 1e3, "thousand": 1e3, "ribu": 1e3, "rb": 1e3,
    "m": 1e6, "mn": 1e6, "mil": 1e6, "mio": 1e6, "mm": 1e6, "million": 1e6, "millions": 1e6, "juta": 1e6, "jt": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9,
    "l": 1e5, "lac": 1e5, "lacs": 1e5, "lakh": 1e5, "lakhs": 1e5, "cr": 1e7, "crs": 1e7, "crore": 1e7, "crores": 1e7,
}  # fmt: skip
"""What a word behind a number multiplies it by: English, Malay and Indian counting."""

_BOUNDS = (
    r"(?:up\s*to|upto|under|below|less than|max(?:imum)?\.?|from|above|over|more than|min(?:imum)?\.?|at least|"
    r"starting(?: from| at)?|around|about|approx(?:imately)?\.?|hingga|bawah|atas|[<>≤≥~]=?)"
)
_NUMBER = r"\d{1,3}(?:[,.\s'’]\d{2,3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_ONE = rf"(?P<bound>{_BOUNDS}\s*)?(?P<before>[^\d\s+-]*)\s*(?P<number>{_NUMBER})\s*(?P<after>[^\d+-]*?)\s*(?P<more>\+)?"
_BETWEEN = r"\s*(?:-|–|—|\bto\b|\buntil\b|\bhingga\b|\bsampai\b)\s*"

_THOUSANDS = re.compile(r"\d{1,3}(?P<sep>[,.\s'’])(?:\d{2,3}(?P=sep))*\d{3}")
_EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}")


class Amount(NamedTuple):
    """A sum, and whether it is all that the cell says."""

    value: float
    exact: bool


class _Part(NamedTuple):
    number: float
    unit: float | None
    bound: bool


def money(text: str) -> float:
    """What a deal was worth, in digits or in words. Raises BadValue."""
    value = price(text)
    if value is None and (found := amount(text)) is not None:
        value = found.value
    if value is None or not 0 <= value <= MOST_VALUE:
        raise BadValue("the value cannot be read as an amount", "Write it as 480000, or as RM 1.2m.")
    return value


def amount(text: str) -> Amount | None:
    """The sum that a cell speaks of, the upper end of a range; None if it is no sum of money."""
    one = _part(text)
    if one is not None:
        return Amount(one.number * (one.unit or 1), exact=not one.bound)
    ends = [part for end in _between().split(text) if (part := _part(end)) is not None]
    if len(ends) != 2 or len(_between().split(text)) != 2:
        return None
    low, high = ends
    if low.unit is None and high.unit is not None and low.number < high.number * high.unit and low.number < 1e5:
        low = low._replace(unit=high.unit)  # 450-600k
    if high.unit is None and low.unit is not None and high.number < low.number * low.unit:
        high = high._replace(unit=low.unit)  # 1.5m-2
    upper = high.number * (high.unit or 1)
    return Amount(upper, exact=False) if low.number * (low.unit or 1) <= upper else None


def _part(text: str) -> _Part | None:
    hit = _one().fullmatch(text.strip())
    if not hit or not is_currency(hit["before"]):
        return None
    number = _number(hit["number"])
    unit, currency = _unit(hit["after"])
    if number is None or not is_currency(currency):
        return None
    return _Part(number, unit, bool(hit["bound"] or hit["more"]))


def _unit(after: str) -> tuple[float | None, str]:
    """The factor that the word behind a number is, and what is left behind it: a currency, or nothing."""
    word, _, rest = after.strip().partition(" ")
    factor = UNITS.get(word.casefold().rstrip("."))
    return (factor, rest) if factor is not None else (None, after)


def _number(digits: str) -> float | None:
    if _EUROPEAN.fullmatch(digits):
        whole, _, rest = digits.partition(",")
        return float(f"{whole.replace('.', '')}.{rest}")
    whole, _, rest = digits.rpartition(".") if re.fullmatch(r".*\.\d{1,2}", digits) else (digits, "", "")
    whole = whole or digits
    if hit := _THOUSANDS.fullmatch(whole):
        whole = whole.replace(hit["sep"], "")
    elif rest == "" and re.fullmatch(r"\d+,\d{1,2}", whole):
        whole, _, rest = whole.partition(",")
    try:
        return float(f"{whole}.{rest or 0}")
    except ValueError:
        return None


@cache
def _one() -> re.Pattern[str]:
    return re.compile(_ONE, re.IGNORECASE)


@cache
def _between() -> re.Pattern[str]:
    return re.compile(_BETWEEN, re.IGNORECASE)
