"""The header of a lead file -> what each column is. Decided once per file, before the first row.

Knows the words of `aliases` and the user's `--map`; never sees a cell. Later presets are one more mapping
handed in here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from leadrouter.errors import UnusableFile, WrongUsage
from leadrouter.intake.aliases import OWNER, folded, meaning
from leadrouter.intake.cells import custom_key, one_line
from leadrouter.intake.values import FIELDS

IDENTIFYING = ("email", "phone", "external_id")

_SHOWN = 40
"""Characters of a header that a message repeats."""

_TARGETS = (*FIELDS, OWNER, "custom", "ignore")


class Column(NamedTuple):
    """One column: a field of the lead, a custom field, the owner, or ignored.

    `key` is the field, or the key inside `custom`. `stands_in_for` names the field a custom column can fill
    where the field's own column is empty: a second e-mail or phone.
    """

    header: str
    role: Literal["field", "custom", "owner", "ignored"]
    key: str
    stands_in_for: str | None = None


def match_columns(header: Sequence[str], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    """What every column is. `mapping` (header -> field, `agent`, `custom` or `ignore`) overrides the known words."""
    names = [one_line(cell.encode(errors="replace").decode()) for cell in header]
    meant = _mapped(names, mapping)
    taken = set(meant.values())
    second: dict[int, str] = {}
    known = {index: meaning(name) for index, name in enumerate(names) if index not in meant}
    for index, word in sorted(known.items(), key=lambda item: (item[1].rank if item[1] else 0, item[0])):
        if word and word.field not in taken:
            meant[index] = word.field
            taken.add(word.field)
        elif word and word.field in ("email", "phone"):
            second[index] = word.field

    columns = []
    used: set[str] = {*FIELDS}
    for index, name in enumerate(names):
        target = meant.get(index, "custom")
        if target == OWNER:
            columns.append(Column(name, "owner", OWNER))
        elif target == "ignore":
            columns.append(Column(name, "ignored", ""))
        elif target == "custom":
            key = _unused(custom_key(name) or f"column_{index + 1}", used)
            columns.append(Column(name, "custom", key, second.get(index)))
        else:
            columns.append(Column(name, "field", target))
    return tuple(columns)


def check_identifying(columns: Sequence[Column]) -> None:
    """Without a column that says who a lead is, every row would be rejected: say so before the first."""
    if any(column.role == "field" and column.key in IDENTIFYING for column in columns):
        return
    headers = [column.header for column in columns if column.header]
    _refuse_a_person(headers)
    example = headers[0][:_SHOWN] if headers else "Header"
    raise UnusableFile(
        f"no column is known as e-mail, phone or external id; found: {_listed(headers) or 'nothing'}",
        f'Say which column it is, for example --map "{example}=phone".',
    )


def _refuse_a_person(headers: Sequence[str]) -> None:
    """A first line with an address or a phone in it is somebody's row; it must not show up in a message."""
    if any("@" in header or sum(mark.isdecimal() for mark in header) >= 7 for header in headers):
        raise UnusableFile(
            "the first line looks like a lead, not like the names of the columns",
            "Put a line such as name,email,phone before it.",
        )


def _mapped(names: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """The columns the user named, by position."""
    meant: dict[int, str] = {}
    for wanted, target in mapping.items():
        if target not in _TARGETS:
            raise WrongUsage(f"--map {wanted}={target}: unknown field {target}", _nearest(target, _TARGETS))
        index = next((i for i, name in enumerate(names) if name == wanted), None)
        if index is None:
            index = next((i for i, name in enumerate(names) if folded(name) == folded(wanted)), None)
        if index is None:
            _refuse_a_person(names)
            raise WrongUsage(f"--map {wanted}={target}: the file has no column {wanted}", _nearest(wanted, names))
        if index in meant or (target in meant.values() and target not in ("custom", "ignore")):
            raise WrongUsage(f"--map {wanted}={target}: this column or field is mapped twice", "Keep one of the two.")
        meant[index] = target
    return meant


def _nearest(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return (f"Did you mean {near[0][:_SHOWN]}? " if near else "") + f"Known: {_listed(known)}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name[:_SHOWN] for name in list(names)[:40] if name)


def _unused(key: str, used: set[str]) -> str:
    """The key, with a number behind it if another column or a field of the lead has it already."""
    candidate, number = key, 2
    while candidate in used:
        candidate, number = f"{key}_{number}", number + 1
    used.add(candidate)
    return candidate
