"""The header of a lead file -> what each column is. Decided once per file, before the first row.

The user's `--map` comes first, then the preset of the file, then the words of `aliases`; never sees a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from leadrouter.domain.preset import LEAD_FIELDS, OWNER, OWNER_NUMBER, PAST_FIELDS, TARGETS, Preset
from leadrouter.errors import UnusableFile, WrongUsage
from leadrouter.intake.aliases import folded, meaning
from leadrouter.intake.cells import custom_key, one_line

IDENTIFYING = ("email", "phone", "external_id")

_SOUNDS_LIKE = (
    ("mail", "email"), ("phone", "phone"), ("tel", "phone"), ("mob", "phone"), ("cell", "phone"), ("whats", "phone"),
    ("contact", "phone"), ("kontak", "phone"), ("number", "phone"), ("nummer", "phone"), ("reference", "external_id"),
)  # fmt: skip
"""Parts of a header that nobody has told us, and what such a column may be."""

_SHOWN = 40
"""Characters of a header that a message repeats."""

_REPEATED = ("custom", "ignore", "state")
"""What several columns may be at once."""


class Column(NamedTuple):
    """One column: a field of the lead, a custom field, the owner, what became of a past lead, or ignored.

    `key` is the field, or the key inside `custom`. `stands_in_for` names the field a custom column can fill
    where the field's own column is empty: a second e-mail or phone. `tells_ends`: it says which leads are closed, for
    those are not dealt out as new ones.
    """

    header: str
    role: Literal["field", "custom", "owner", "past", "ignored"]
    key: str
    stands_in_for: str | None = None
    tells_ends: bool = False

    @property
    def goes_to(self) -> str:
        """Where its cells go, in the words of a configuration."""
        if self.role == "custom":
            beside = f", or {self.stands_in_for} where that is empty" if self.stands_in_for else ""
            return f"custom.{self.key}{beside}"
        return "ignored" if self.role == "ignored" else self.key


def match_columns(
    header: Sequence[str], mapping: Mapping[str, str], preset: Preset | None = None, *, history: bool = False
) -> tuple[Column, ...]:
    """What every column is. `mapping` (header -> one of TARGETS) overrides the preset, which overrides known words.

    What became of past leads is taken up with `history` alone: without it a preset's column of that is ignored.
    """
    names = [one_line(cell.encode(errors="replace").decode()) for cell in header]
    meant = mapped(names, mapping, [target for target in TARGETS if history or target not in PAST_FIELDS])
    taken = set(meant.values())
    second: dict[int, str] = {}
    for index, field in _candidates(names, meant, preset, history=history):
        if index in meant or index in second:
            continue
        if field in _REPEATED or field not in taken:
            meant[index] = field
            taken.add(field)
        elif field in ("email", "phone"):
            second[index] = field
        elif preset is not None:
            meant[index] = "custom"

    columns = []
    used: set[str] = {*LEAD_FIELDS}
    for index, name in enumerate(names):
        target = meant.get(index, "custom")
        if target == OWNER:
            columns.append(Column(name, "owner", OWNER))
        elif target == "ignore":
            columns.append(Column(name, "ignored", ""))
        elif target in PAST_FIELDS:
            columns.append(Column(name, "past", target))
        elif target == "custom":
            key = _unused(custom_key(name) or f"column_{index + 1}", used)
            columns.append(Column(name, "custom", key, second.get(index)))
        else:
            columns.append(Column(name, "field", target))
    return tuple(columns)


def _candidates(
    names: Sequence[str], meant: Mapping[int, str], preset: Preset | None, *, history: bool
) -> Iterable[tuple[int, str]]:
    """Columns and what they could be, the likelier first: by the preset, then by the words everybody uses."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        places.setdefault(folded(name), []).append(index)
    for header, target in preset.columns if preset else ():
        for index in places.get(folded(header), ()):
            yield index, _in_this_file(target, history=history)
    known = [(word, index) for index, name in enumerate(names) if (word := meaning(name, history=history))]
    for word, index in sorted(known, key=lambda hit: (hit[0].rank, hit[1])):
        if index not in meant:
            yield index, word.field


def _in_this_file(target: str, *, history: bool) -> str:
    """What a preset's column is with or without --history."""
    if target == OWNER_NUMBER:
        return OWNER if history else "custom"
    return target if history or target not in PAST_FIELDS else "ignore"


def check_identifying(columns: Sequence[Column]) -> None:
    """Without a column that says who a lead is, every row would be rejected: say so before the first."""
    if any(column.role == "field" and column.key in IDENTIFYING for column in columns):
        return
    headers = [column.header for column in columns if column.header]
    _refuse_a_person(headers)
    unknown = [column.header for column in columns if column.role == "custom"]
    likely = ((header, field) for header in unknown for word, field in _SOUNDS_LIKE if word in folded(header))
    found = next(likely, None)
    header, field = found or ("Header", "phone")
    others = "" if found else "; email or external_id will do as well"
    raise UnusableFile(
        f"no column is known as e-mail, phone or external id; found: {_listed(headers) or 'nothing'}",
        f'Say which column it is, for example --map "{header[:_SHOWN]}={field}"{others}.',
    )


def _refuse_a_person(headers: Sequence[str]) -> None:
    """A first line with an address or a phone in it is somebody's row; it must not show up in a message."""
    if any("@" in header or sum(mark.isdecimal() for mark in header) >= 7 for header in headers):
        raise UnusableFile(
            "the first line looks like a lead, not like the names of the columns",
            "Put a line such as name,email,phone before it.",
        )


def mapped(names: Sequence[str], mapping: Mapping[str, str], targets: Sequence[str]) -> dict[int, str]:
    """The columns the user named, by position. Raises WrongUsage for what the file or leadrouter does not know."""
    meant: dict[int, str] = {}
    for wanted, target in mapping.items():
        if target not in targets:
            hint = "Say --history too." if target in PAST_FIELDS else _nearest(target, targets)
            raise WrongUsage(f"--map {wanted}={target}: unknown field {target}", hint)
        index = next((i for i, name in enumerate(names) if name == wanted), None)
        if index is None:
            index = next((i for i, name in enumerate(names) if folded(name) == folded(wanted)), None)
        if index is None:
            _refuse_a_person(names)
            raise WrongUsage(f"--map {wanted}={target}: the file has no column {wanted}", _nearest(wanted, names))
        if index in meant or (target in meant.values() and target not in _REPEATED):
            raise WrongUsage(f"--map {wanted}={target}: this column or field is mapped twice", "Keep one of the two.")
        meant[index] = OWNER if target == OWNER_NUMBER else target
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
