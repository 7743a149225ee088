"""What one test holds of another: whether two postcode patterns share a code, whether one `when` lies inside another.

Pure functions on the tuples of `domain.policy`. They err on one side: `implies` is sure when it says yes.
"""

from __future__ import annotations

from math import inf

from leadrouter.domain.matching import postcode_in
from leadrouter.domain.policy import Condition

Pattern = tuple[str, ...]
"""`("is", code)`, `("prefix", beginning)` or `("range", first, last)`."""


def spelled_pattern(pattern: Pattern) -> str:
    """As it is written in the file."""
    kind, *ends = pattern
    return f"{ends[0]}*" if kind == "prefix" else "-".join(ends)


def span(pattern: Pattern) -> tuple[str, str]:
    """From the first to the last text a code of this pattern can be, in alphabetical order."""
    kind, *ends = pattern
    return ends[0], f"{ends[0]}\U0010ffff" if kind == "prefix" else ends[-1]


def meet(first: Pattern, second: Pattern) -> bool:
    """Whether some postcode is of both patterns."""
    first, second = sorted((first, second))  # "is" before "prefix" before "range"
    match first[0], second[0]:
        case "is", _:
            return postcode_in(first[1], (second,))
        case "prefix", "prefix":
            return first[1].startswith(second[1]) or second[1].startswith(first[1])
        case "prefix", _:
            (_, start), (_, low, high) = first, second
            return len(start) <= len(low) and low[: len(start)] <= start <= high[: len(start)]
    (_, low, high), (_, other_low, other_high) = first, second
    return len(low) == len(other_low) and max(low, other_low) <= min(high, other_high)


def lies_in(pattern: Pattern, patterns: tuple[Pattern, ...]) -> bool:
    """Whether every postcode of a pattern is one of a single other pattern."""
    kind, *ends = pattern
    if kind == "is":
        return postcode_in(ends[0], patterns)
    wider = [other for other in patterns if other[0] == "prefix" or other[0] == kind == "range"]
    return any(all(postcode_in(end, (other,)) for end in ends) for other in wider)


def implies(condition: Condition, other: Condition) -> bool:
    """Whether every lead that meets the condition meets the other one, as far as their form shows it."""
    head, wanted = condition[0], other[0]
    if wanted == "all":
        return all(implies(condition, part) for part in other[1])
    if head == "any":
        return all(implies(part, other) for part in condition[1])
    if head == "not" and wanted == "not":
        return implies(other[1], condition[1])
    if head == "all" and any(implies(part, other) for part in condition[1]):
        return True
    if wanted == "any":
        return any(implies(condition, part) for part in other[1])
    return head not in ("all", "not") and wanted != "not" and _test_implies(condition, other)


def _test_implies(test: Condition, other: Condition) -> bool:
    (field, operator, operand), (other_field, other_operator, other_operand) = test, other
    if field != other_field:
        return False
    if other_operator == "present":
        return True
    if operator in _ENDS and other_operator in _ENDS:
        (low, high), (other_low, other_high) = _bounds(test), _bounds(other)
        return other_low <= low and high <= other_high
    if operator != other_operator:
        return False
    if operator == "in":
        return set(operand) <= set(other_operand)
    if operator == "like":
        return all(lies_in(pattern, other_operand) for pattern in operand)
    return bool(operand == other_operand)


_ENDS = ("between", "above", "below")


def _bounds(test: Condition) -> tuple[tuple[float, int], tuple[float, int]]:
    """Both ends of a test of a number; the second part of an end tells `> 5` from `>= 5`."""
    _, operator, operand = test
    if operator == "above":
        return (operand, 1), (inf, 0)
    if operator == "below":
        return (-inf, 0), (operand, -1)
    low, high = operand
    return (-inf if low is None else low, 0), (inf if high is None else high, 0)
