"""What a command was given, as plain text values: its options, `KEY=VALUE` pairs, one JSON object, standard input."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO

from leadrouter.errors import WrongUsage


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


def stdin_bytes() -> BinaryIO:
    """Standard input, if there is one. Raises WrongUsage."""
    if sys.stdin is None:
        raise WrongUsage("there is nothing on stdin", "give a file, or pipe something into the command")
    return sys.stdin.buffer
