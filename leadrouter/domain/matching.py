"""Conditions and destinations: does a lead meet a rule, and whom does a rule name.

A condition comes as plain data (`policy.Condition`) and is compiled once per policy into a function, so that
a lead is tested without walking trees. An operator is a function and a row in OPERATORS.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from leadrouter.domain import calendar
from leadrouter.domain.lead import Lead, custom_of
from leadrouter.domain.policy import Agent, Condition, Target, Team

Test = Callable[["Question"], str | None]
"""Returns None if the lead meets the condition, else the name of the field that failed."""


class Question:
    """One lead at one moment, asked about by conditions. What costs something is read only when one wants it.

    `quality` is None while the quality itself is being asked for; `known` the agent who knows the person.
    """

    __slots__ = ("_custom", "_there", "known", "lead", "now", "quality", "team", "territories")

    def __init__(
        self, lead: Lead, team: Team, now: datetime, *, territories: tuple[str, ...] = (), known: str | None = None
    ) -> None:
        self.lead, self.team, self.now = lead, team, now
        self.territories, self.known = territories, known
        self.quality: str | None = None
        self._custom: dict[str, str] | None = None
        self._there: datetime | None = None

    def value(self, field: str) -> Any:
        """What the lead says about a field; None if it says nothing."""
        if field == "quality":
            return self.quality
        if field == "known":
            return self.known
        if field == "weekday":
            return str(self.there.weekday())
        if field == "time":
            return self.there.hour * 60 + self.there.minute
        if field == "hours":
            closed = self.there.date().isoformat() in self.team.holidays
            return "open" if calendar.is_open(self.team.hours, self.there) and not closed else "closed"
        if field.startswith("custom."):
            if self._custom is None:
                self._custom = custom_of(self.lead)
            return self._custom.get(field[len("custom.") :])
        return getattr(self.lead, field)

    @property
    def there(self) -> datetime:
        """The team's wall clock."""
        if self._there is None:
            self._there = calendar.local(self.now, self.team.timezone)
        return self._there


def compile_condition(condition: Condition) -> Test:
    """Turns a condition into a function of one Question."""
    head = condition[0]
    if head == "all":
        return _all([compile_condition(part) for part in condition[1]])
    if head == "any":
        return _any([compile_condition(part) for part in condition[1]])
    if head == "not":
        return _not(compile_condition(condition[1]), first_field(condition[1]))
    field, operator, operand = condition
    return OPERATORS[operator](field, operand)


def names(target: Target, agent: Agent) -> bool:
    """Whether a rule's `to` names this agent. `all` means role agent."""
    match target.kind:
        case "all":
            return agent.role == "agent"
        case "agents":
            return agent.id in target.values
        case "group":
            return not set(target.values).isdisjoint(agent.groups)
        case "specialty":
            return not set(target.values).isdisjoint(agent.specialties)
        case "source":
            return not set(target.values).isdisjoint(agent.sources)
        case "language":
            return not set(target.values).isdisjoint(agent.languages)
        case "territory":
            return not set(target.values).isdisjoint(agent.territories)
        case "tier":
            return agent.tier in target.values
        case "role":
            return agent.role in target.values
    raise AssertionError(f"unknown target {target.kind}")


def _all(tests: list[Test]) -> Test:
    def holds(question: Question) -> str | None:
        for test in tests:
            failed = test(question)
            if failed is not None:
                return failed
        return None

    return holds


def _any(tests: list[Test]) -> Test:
    def holds(question: Question) -> str | None:
        failed = None
        for test in tests:
            answer = test(question)
            if answer is None:
                return None
            failed = failed or answer
        return failed

    return holds


def _not(test: Test, field: str) -> Test:
    return lambda question: field if test(question) is None else None


def first_field(condition: Condition) -> str:
    """The field a condition speaks of first: what a failed `not`, or a quality, is reported under."""
    while condition[0] in ("all", "any", "not"):
        condition = condition[1] if condition[0] == "not" else condition[1][0]
    return str(condition[0])


def _one_of(field: str, words: tuple[str, ...]) -> Test:
    wanted = frozenset(words)
    if field == "territory":
        return lambda question: field if wanted.isdisjoint(question.territories) else None
    if field in ("tags", "features"):

        def any_tag(question: Question) -> str | None:
            tags = {folded(tag) for tag in (question.value(field) or "").split(",")}
            return None if tags & wanted else field

        return any_tag

    def holds(question: Question) -> str | None:
        value = question.value(field)
        return None if value is not None and folded(str(value)) in wanted else field

    return holds


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """A text as words are compared: case does not count, nor do extra spaces. Remembered: sources come again."""
    return " ".join(text.split()).casefold()


def _number(value: Any) -> float | None:
    """Custom fields are text; a plain number in one is compared as a number."""
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"[+-]?\d+(\.\d+)?", value, flags=re.ASCII) else None
    return None if value is None else float(value)


def _between(field: str, bounds: tuple[float | None, float | None]) -> Test:
    low, high = bounds

    def holds(question: Question) -> str | None:
        value = _number(question.value(field))
        inside = value is not None and (low is None or value >= low) and (high is None or value <= high)
        return None if inside else field

    return holds


def _above(field: str, bound: float) -> Test:
    def holds(question: Question) -> str | None:
        value = _number(question.value(field))
        return None if value is not None and value > bound else field

    return holds


def _below(field: str, bound: float) -> Test:
    def holds(question: Question) -> str | None:
        value = _number(question.value(field))
        return None if value is not None and value < bound else field

    return holds


def _like(field: str, patterns: tuple[tuple[str, ...], ...]) -> Test:
    def holds(question: Question) -> str | None:
        value = question.value(field)
        return None if value is not None and postcode_in(str(value), patterns) else field

    return holds


def postcode_in(postcode: str, patterns: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a postcode is one of the exact, prefix or range patterns; ranges compare codes of equal length."""
    code = postcode.replace(" ", "").casefold()
    for kind, *operands in patterns:
        first, last = operands[0].casefold(), operands[-1].casefold()
        if kind == "is" and code == first:
            return True
        if kind == "prefix" and code.startswith(first):
            return True
        if kind == "range" and len(first) == len(code) == len(last) and first <= code <= last:
            return True
    return False


def _within(field: str, times: tuple[int, int]) -> Test:
    start, end = times

    def holds(question: Question) -> str | None:
        minute = question.value(field)
        inside = start <= minute < end if start <= end else minute >= start or minute < end
        return None if inside else field

    return holds


def _present(field: str, _: Any) -> Test:
    return lambda question: None if question.value(field) is not None else field


OPERATORS: dict[str, Callable[[str, Any], Test]] = {
    "in": _one_of,
    "between": _between,
    "above": _above,
    "below": _below,
    "like": _like,
    "within": _within,
    "present": _present,
}
