"""What a command was given, as plain text values: its options, words, `KEY=VALUE` pairs, one JSON object, standard
input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from leadrouter.errors import WrongUsage

DEFAULT_DB = Path("leadrouter.db")
"""The file of whoever names none."""


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {key: value for key, value in values.items() if value is not None}


def pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    """`KEY=VALUE` options as a dictionary. Raises WrongUsage for one without `=`."""
    found = {}
    for text in texts or ():
        key, sign, value = text.rpartition("=") if option == "--map" else text.partition("=")
        if not sign or not key.strip():
            raise WrongUsage(f"{option} {text} has no =", f"write it as {option} KEY=VALUE")
        found[key.strip()] = value.strip()
    return found


def json_object(text: bytes, *, unfold: bool = False) -> dict[str, str]:
    """One JSON object of flat values as text values. Raises WrongUsage; the message never repeats the input.

    `unfold` takes lists and objects inside it apart, as importing JSON lines does.
    """
    from leadrouter.intake.json_object import KEY_TWICE, NoObject, object_of

    try:
        data = object_of(text)
        if unfold:
            from leadrouter.intake.json_rows import flat

            return flat(data)
    except (NoObject, RecursionError) as error:
        if getattr(error, "fault", "") == KEY_TWICE:
            raise WrongUsage("stdin names one key twice", "give each value once") from None
        raise WrongUsage("stdin is not one JSON object", 'write it as {"name": "...", "phone": "..."}') from None
    if any(isinstance(value, dict | list) for value in data.values()):
        raise WrongUsage("one of the values holds several", "give flat values, tags as one text with commas")
    return {key: str(value) for key, value in data.items() if value is not None}


def one_of(known: Sequence[str], text: str, option: str) -> str:
    """A word that must be one of these. Raises WrongUsage, with the nearest one."""
    if text in known:
        return text
    from leadrouter.domain.naming import way_out

    raise WrongUsage(f"{option} {text} is unknown", way_out(text, known))


def date_order(text: str | None) -> str | None:
    """The order of day, month and year in dates that do not tell. Raises WrongUsage."""
    from leadrouter.domain.preset import DATE_ORDERS

    return None if text is None else one_of(DATE_ORDERS, text, "--dates")


def words(text: str | None, option: str) -> str | None:
    """Free text of a person in one clean line, for the log and the screen. Raises WrongUsage if nothing is left."""
    if text is None:
        return None
    from leadrouter.intake.cells import one_line

    cleaned = one_line(text)
    if not cleaned:
        raise WrongUsage(f"{option} is empty", "say it in a few words")
    return cleaned


def stdin_bytes() -> BinaryIO:
    """Standard input, if there is one. Raises WrongUsage."""
    if sys.stdin is None:
        raise WrongUsage("there is nothing on stdin", "give a file, or pipe something into the command")
    return sys.stdin.buffer
