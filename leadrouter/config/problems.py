"""What is wrong with a configuration, said one way: the place, the text at fault, the way out.

The error, the collector and the wording live here. No check does, and nothing here knows YAML or pydantic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from leadrouter.domain.naming import nearest
from leadrouter.errors import UnusableFile

Place = tuple[str | int, ...]
"""The way to a value from the top of the file: `("rules", 2, "strategy")`."""

Hints = Iterator[tuple[Place, str]]
"""Advice on its way: the place, and what to think of there."""

MOST_PROBLEMS = 200
"""After so many the reading ends: nobody mends more at a time, and a file made to be wrong must not take minutes."""

_LONGEST = 60
_MOST_NAMES = 40
_PLAIN_KEY = re.compile(r"[\w.-]+")


class Problem(NamedTuple):
    """One thing to mend. `line` 0 and an empty `place` mean the file as a whole."""

    path: str
    line: int
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return ": ".join(part for part in (where, self.place, self.message) if part)


class InvalidConfiguration(UnusableFile):
    """A configuration that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem], *, more: bool = False) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.line, problem.place, problem.message)))
        hint = "Nothing was loaded. Mend these lines and check it again."
        super().__init__("\n".join(map(str, self.problems)), f"{hint} There is more behind them." if more else hint)


class Findings:
    """Collects the problems of one file, so that all of them are told at once."""

    def __init__(self, path: str, lines: Mapping[Place, int]) -> None:
        self.path = path
        self._lines = lines
        self._found: list[tuple[Place, int, str]] = []

    def add(self, place: Place, message: str, line: int | None = None) -> None:
        """Notes a problem. What is not written in the file is told at the nearest thing around it that is.

        Raises InvalidConfiguration when there are MOST_PROBLEMS.
        """
        known = self.written(place)
        self._found.append((known, line or self.line(known), harmless(message)))
        if len(self._found) == MOST_PROBLEMS:
            raise InvalidConfiguration(self.problems(), more=True)

    def line(self, place: Place) -> int:
        return self._lines.get(self.written(place), 1)

    def places(self) -> tuple[Place, ...]:
        return tuple(place for place, _, _ in self._found)

    def problems(self) -> tuple[Problem, ...]:
        return tuple(Problem(self.path, line, spelled(place), message) for place, line, message in self._found)

    def written(self, place: Place) -> Place:
        """This place, or the nearest thing around it that is written in the file."""
        while place and place not in self._lines:
            place = place[:-1]
        return place


def spelled(place: Place) -> str:
    """`rules[2].strategy`; a key that is not a plain word stands in quotes."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if _PLAIN_KEY.fullmatch(part) and len(part) <= _LONGEST else shown(part)
            text += f".{word}" if text else word
    return text


def shown(value: object) -> str:
    """What was written, short and harmless to print: no control character reaches the terminal."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "`key: value` pairs"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"'{harmless(text)}'"


def harmless(text: str) -> str:
    """On one line, with everything spelled out that is no sign to be seen."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def unknown(word: str, known: Iterable[str], what: str = "") -> str:
    """`unknown 'robin'; known: round_robin, weighted. Did you mean 'round_robin'?`"""
    names = list(known)
    more = ", …" if len(names) > _MOST_NAMES else ""
    listed = f"; known: {', '.join(names[:_MOST_NAMES])}{more}" if names else ""
    guess = nearest(word, names)
    return f"unknown {what}{shown(word)}{listed}" + (f". Did you mean '{guess}'?" if guess else "")
