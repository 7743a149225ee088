"""Numbers as a broker writes them: counts, shares, weights, prices, money.

A reading function takes one piece of text and returns the policy's unit, or says in plain words why it cannot.
Times are in `times`, words in `words`; the types made of all three in `values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from leadrouter.config.problems import shown
from leadrouter.domain.policy import WEIGHT_UNIT

HEAVIEST = 1000
MOST_YEARS = 100
FARTHEST_KM = 20_000
"""Half the way around the earth: a larger circle is all of it."""

DECIMAL = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
NUMBER = re.compile(DECIMAL)
COMPARED = re.compile(rf"(>=|<=|>|<)\s*({DECIMAL})")
RANGE = re.compile(rf"({DECIMAL})\s*-\s*({DECIMAL})")


def percent(text: str) -> float:
    """`95%` or `0.95` as a share of one."""
    hit = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(%?)", text)
    share = Fraction(hit[1]) / (100 if hit[2] else 1) if hit else Fraction(-1)
    if not 0 <= share <= 1:
        raise ValueError(f"{shown(text)} is not a share; write it as 95% or 0.95")
    return float(share)


def probability(text: str) -> float:
    """A share of one that can be asked for: more than a toss-up, less than certainty."""
    share = percent(text)
    if not 0.5 < share < 1:
        raise ValueError(f"{shown(text)} cannot be asked for; write more than 50% and less than 100%")
    return share


def tier_share(text: str) -> int:
    """`40` or `40%` of the leads, in whole percent."""
    if not re.fullmatch(r"0*(?:[1-9][0-9]?|100)\s*%?", text):
        raise ValueError(f"{shown(text)} is not a share of the leads; write a whole number from 1 to 100")
    return int(text.rstrip("% "))


def weight(text: str) -> int:
    """`2`, `1.5` or `1/3` in 2520ths, rounded."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}|/0*[1-9][0-9]{0,8})?", text):
        raise ValueError(f"{shown(text)} is not a weight; write it as 1, 1.5 or 1/3")
    parts = round(Fraction(text) * WEIGHT_UNIT)
    if not 0 < parts <= HEAVIEST * WEIGHT_UNIT:
        raise ValueError(f"the weight {shown(text)} is out of range; write more than 0 and at most {HEAVIEST}")
    return parts


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


def count(least: int) -> Callable[[str], int]:
    """A whole number, from `least` up to a million."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,7}", text) or not least <= int(text) <= 1_000_000:
            raise ValueError(f"{shown(text)} is not a whole number from {least} to 1000000")
        return int(text)

    return read
