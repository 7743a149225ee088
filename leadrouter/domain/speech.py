"""How values are said in plain words: counts, durations, weights, shares, hours, dates, conditions.

Words for values alone; whole sentences about a policy are in `reports`, about what changes in `usecases`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from leadrouter.domain.policy import WEIGHT_UNIT, Condition, Span

if TYPE_CHECKING:
    from fractions import Fraction  # 3 ms at the start of each command, and few say a weight

SMALL = 1000
"""Below this, what comes after the point counts."""

Say = Callable[[float], str]
"""How a number is written."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNITS = ((31_536_000, "y", "year"), (86400, "d", "day"), (3600, "h", "hour"), (60, "m", "minute"), (1, "s", "second"))


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 lead`, `2 leads`; `nouns` where more of them are not told by an s."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def brief(seconds: int) -> str:
    """A duration as it is written in the file, in its largest whole unit: 3y, 14d, 72h, 15m."""
    size, unit, _ = next(entry for entry in UNITS if seconds % entry[0] == 0)
    return f"{seconds // size}{unit}"


def duration(seconds: int) -> str:
    """The same for a sentence: 14 days, 72 hours, 1 minute."""
    size, _, word = next(entry for entry in UNITS if seconds % entry[0] == 0)
    return counted(seconds // size, word)


def clock(minute: int) -> str:
    """Minutes after midnight as 09:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def hours(spans: Sequence[Span] | None) -> str:
    """Weekly hours: `Mon-Fri 09:00-18:00, Sat 10:00-14:00`; days that are alike stand together."""
    if spans is None:
        return "always"
    by_day: dict[int, str] = {}
    for day, start, end in spans:
        stretch = f"{clock(start)}-{clock(end)}"
        by_day[day] = f"{by_day[day]} {stretch}" if day in by_day else stretch
    runs: list[tuple[int, int, str]] = []
    for day, stretches in sorted(by_day.items()):
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == stretches:
            runs[-1] = (runs[-1][0], day, stretches)
        else:
            runs.append((day, day, stretches))
    return ", ".join(
        f"{DAYS[first] if first == last else f'{DAYS[first]}-{DAYS[last]}'} {told}" for first, last, told in runs
    )


def weight(parts: int) -> str:
    """A weight as a broker writes it: 1.5, 1, 1/3."""
    from fractions import Fraction

    fraction = Fraction(parts, WEIGHT_UNIT)
    plain = f"{float(fraction):g}"
    return plain if Fraction(plain) == fraction else str(fraction)


def fraction(parts: int) -> str:
    """A weight as a part of another: 1/3, 1/2."""
    from fractions import Fraction

    return str(Fraction(parts, WEIGHT_UNIT))


def share(part: Fraction) -> str:
    """A share of the leads: `1 in 4`, `2 in 7`, `none`, `all`; a percentage where that is easier to read."""
    if part in (0, 1):
        return "all" if part else "none"
    if part.numerator == 1 or part.denominator <= 20:
        return f"{part.numerator} in {part.denominator}"
    return f"{float(part):.1%}".replace(".0%", "%")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *rest, final = words
    return f"{', '.join(rest)} {last} {final}" if rest else final


def number(value: float) -> str:
    """2000000.0 as 2,000,000; 12.5 as it is."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= SMALL else f"{value:,g}"


def money(currency: str | None, amount: float) -> str:
    """An amount with the team's currency: MYR 480,000; the bare amount where the team has none."""
    return f"{currency or ''} {number(amount)}".strip()


# --- conditions -----------------------------------------------------------------------------------------------

NOUNS = {
    "property_type": "property type", "tags": "tag", "features": "feature", "preferred_channel": "preferred channel",
    "preferred_time": "preferred time", "requested_agent": "agent asked for", "external_id": "external id",
    "lat": "latitude", "lon": "longitude",
}  # fmt: skip


AMOUNTS = ("price", "cost")
"""Fields that are money."""


def condition(test: Condition, currency: str | None = None) -> str:
    """A `when` in words: `the price is at least MYR 2,000,000 and the source is portal or website`."""
    head = test[0]
    if head == "all":
        return " and ".join(_grouped(part, currency) for part in test[1])
    if head == "any":
        return " or ".join(_grouped(part, currency) for part in test[1])
    if head == "not":
        inner = test[1]
        return _denied(inner, currency)
    field, operator, operand = test
    say = partial(money, currency) if field in AMOUNTS else number
    return _TESTS[operator](field, operand, say)


def _grouped(part: Condition, currency: str | None) -> str:
    """A part in brackets where `and` and `or` would otherwise run into each other."""
    while part[0] in ("all", "any") and len(part[1]) == 1:
        part = part[1][0]
    words = condition(part, currency)
    return f"({words})" if part[0] in ("all", "any") else words


def _denied(test: Condition, currency: str | None) -> str:
    while test[0] in ("all", "any") and len(test[1]) == 1:
        test = test[1][0]
    if test[0] == "known":
        return "nobody knows the person from an earlier lead"
    if test[1:2] == ("present",):
        return f"nothing is said of the {noun(str(test[0]))}"
    return f"it is not so that {condition(test, currency)}"


def noun(field: str) -> str:
    """What a field is called in a sentence."""
    return f"column {field.removeprefix('custom.')}" if field.startswith("custom.") else NOUNS.get(field, field)


def _in(field: str, words: Sequence[str], _: Say) -> str:
    if field == "hours":
        return f"the team is {listed(words, 'or')}"
    if field == "weekday":
        return f"it is {listed((DAYS[int(word)] for word in words), 'or')}"
    if field == "territory":
        return f"it lies in {listed(words, 'or')}"
    if field == "quality":
        return f"it is {listed(words, 'or')}"
    return f"the {noun(field)} is {listed(words, 'or')}"


def _between(field: str, bounds: tuple[float | None, float | None], say: Say) -> str:
    low, high = bounds
    if low == high and low is not None:
        return f"the {noun(field)} is {say(low)}"
    if high is None:
        return f"the {noun(field)} is at least {say(low or 0)}"
    if low is None:
        return f"the {noun(field)} is at most {say(high)}"
    return f"the {noun(field)} is from {say(low)} to {say(high)}"


def _like(field: str, patterns: Sequence[tuple[str, ...]], _: Say) -> str:
    spelled = (f"{ends[0]}*" if kind == "prefix" else "-".join(ends) for kind, *ends in patterns)
    return f"the {noun(field)} is {listed(spelled, 'or')}"


def _present(field: str, _: object, __: Say) -> str:
    if field == "known":
        return "an agent knows the person from an earlier lead"
    return f"something is said of the {noun(field)}"


_TESTS = {
    "in": _in,
    "between": _between,
    "above": lambda field, bound, say: f"the {noun(field)} is above {say(bound)}",
    "below": lambda field, bound, say: f"the {noun(field)} is below {say(bound)}",
    "like": _like,
    "within": lambda field, times, _: f"it is between {clock(times[0])} and {clock(times[1])}",
    "present": _present,
}
"""Operator of `matching` -> its words."""


def leads_of(rule: str, when: Condition | None) -> str:
    """What a rule's leads are called: `seller leads` where one word says it, else `the leads of rule NAME`."""
    while when is not None and when[0] in ("all", "any") and len(when[1]) == 1:
        when = when[1][0]
    one_word = when is not None and when[0] in _SAID_ALONE and when[1] == "in" and len(when[2]) == 1
    return f"{when[2][0]} leads" if when is not None and one_word else f"the leads of rule {rule}"


_SAID_ALONE = ("intent", "source", "quality", "property_type")
"""Fields whose word says by itself which leads are meant."""
