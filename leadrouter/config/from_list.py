"""The configuration that `init` writes for a list of agents, or for a team of a size: text that passes `check`.

What is written is checked as any file is, so a row is wrong in the very words in which the file would be. Such rows
stay out, as remarks. The policy is the one that DOMAIN section 12 advises by size (`advice_on_size`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from leadrouter.config import read_written
from leadrouter.config.advice_on_size import WITH_PLACES, WITH_TIERS
from leadrouter.config.problems import InvalidConfiguration, harmless
from leadrouter.config.starter import LINE
from leadrouter.config.words import slug
from leadrouter.errors import UnusableFile

Entry = Mapping[str, str | list[str]]

MOST_AGENTS = 500
"""More names than that are no team to write out."""

_PLAIN = re.compile(r"[A-Za-z0-9][\w.+@/ -]*[\w.]|[A-Za-z0-9]")
_POSTCODE = re.compile(r"[A-Z]{0,2}\d[\dA-Z]*( ?- ?[A-Z]{0,2}\d[\dA-Z]*)?\*?", re.IGNORECASE)
_OF_AN_AGENT = re.compile(r"agents\[(\d+)\](?:\.([\w.\[\]]+))?")


class Listed(Protocol):
    """One agent of a list."""

    @property
    def line(self) -> int: ...
    @property
    def entry(self) -> Entry: ...
    @property
    def contact(self) -> str: ...


class Written(NamedTuple):
    """The text, how many agents are in it, and (line, reason) of the rows that are not."""

    text: str
    agents: int
    left_out: Sequence[tuple[int, str]]


def text_by_size(size: int) -> str:
    """A configuration for so many agents, who have no names yet. Raises UnusableFile for a size that is no team."""
    if not 1 <= size <= MOST_AGENTS:
        raise UnusableFile(f"a team of {size} cannot be written out", f"give a number from 1 to {MOST_AGENTS}")
    numbered = [({"id": f"agent-{number}", "name": f"Agent {number}"}, "") for number in range(1, size + 1)]
    return _text(numbered, size, {}, "put your agents' names in the place of these", ())


def text_from_list(
    source: str, listed: Sequence[Listed], left_out: Sequence[tuple[int, str]], size: int | None
) -> Written:
    """A configuration of these agents. Raises UnusableFile if none of them is left."""
    bad = dict(left_out)
    good = list(listed)
    while good:
        agents = [
            (entry, contact) for entry, contact in zip(_with_ids(good), (row.contact for row in good), strict=True)
        ]
        places = _territories(entry for entry, _ in agents)
        count = sum(entry.get("role", "agent") == "agent" for entry, _ in agents) if size is None else size
        text = _text(agents, count, places, f"made of {harmless(Path(source).name)}", sorted(bad.items()))
        try:
            read_written(text, source)
        except InvalidConfiguration as error:
            found = dict(_of_rows(error, good))
            if not found:
                raise
            bad |= found
            good = [row for row in good if row.line not in found]
            continue
        return Written(text, len(good), sorted(bad.items()))
    reasons = "\n".join(f"{source}:{line}: {reason}" for line, reason in sorted(bad.items()))
    raise UnusableFile(f"{source}: no row makes an agent\n{reasons}", "mend these rows and try again")


def _of_rows(error: InvalidConfiguration, rows: Sequence[Listed]) -> Iterator[tuple[int, str]]:
    """The rows that a problem is about: line of the list, and what is wrong in the words of the check."""
    for problem in reversed(error.problems):
        hit = _OF_AN_AGENT.match(problem.place)
        if hit:
            key = f"{hit[2]}: " if hit[2] else ""
            yield rows[int(hit[1])].line, f"{key}{problem.message}"


def _with_ids(rows: Sequence[Listed]) -> Iterator[Entry]:
    """The entries, each with an id: the first name where only one has it, else the whole name, else with a number."""
    firsts = [slug(str(row.entry["name"]).split()[0]) for row in rows]
    taken = {str(row.entry["id"]).casefold() for row in rows if "id" in row.entry}
    for row, first in zip(rows, firsts, strict=True):
        if "id" in row.entry:
            yield {"id": row.entry["id"], **row.entry}
            continue
        whole = slug(str(row.entry["name"])) or "agent"
        wanted = [first] if first and firsts.count(first) == 1 else []
        wanted += [whole, *(f"{whole}-{number}" for number in range(2, MOST_AGENTS))]
        chosen = next(name for name in wanted if name not in taken)
        taken.add(chosen)
        yield {"id": chosen, **row.entry}


def _territories(entries: Iterable[Entry]) -> dict[str, str]:
    """Every territory that is named -> what it is: a postcode, or a neighbourhood."""
    named = dict.fromkeys(place for entry in entries for place in entry.get("territories", ()))
    return {place: "postcodes" if _POSTCODE.fullmatch(place) else "areas" for place in named}


def _text(
    agents: Sequence[tuple[Entry, str]],
    size: int,
    places: Mapping[str, str],
    about: str,
    left_out: Sequence[tuple[int, str]],
) -> str:
    leaders = [str(entry["id"]) for entry, _ in agents if entry.get("role") == "leader"]
    leader = _scalar(leaders[0]) if len(leaders) == 1 else "null"
    lines = [
        "# Who gets the next lead. Check this file with `leadrouter check`, put it in force with `leadrouter load`.",
        "# Whatever is not written has a sensible default; `leadrouter init --full` shows every key.",
        "team:",
        "  name: Our team",
        "  # timezone: Asia/Kuala_Lumpur       # without it, times are UTC",
        "  # region: MY                        # the country of phone numbers without a country code",
        "  # currency: MYR",
        f"  leader: {leader:<27} # the id of who is told about late leads",
        "",
        f"agents:                               # {about}; they take turns in this order",
        *(_entry(entry, contact) for entry, contact in agents),
        *(f"  # line {line} of the list is left out: {_remark(reason)}" for line, reason in left_out),
        "",
    ]
    if places:
        lines += [
            "territories:",
            *(f"  {_scalar(place)}: {{{kind}: [{_scalar(place)}]}}" for place, kind in places.items()),
        ]
        lines.append("")
    lines += [*_rules(size), "", "sla: {hot: 15m, warm: 2h, cold: 24h}  # the first contact is promised within", ""]
    return LINE + "\n".join(lines)


def _rules(size: int) -> list[str]:
    """What is advised for a team of this size."""
    if size < WITH_TIERS:
        return [
            f"rules:                                # below {WITH_TIERS} agents, turns are all a team needs",
            "  - {name: everyone, to: all, strategy: round_robin}",
        ]
    tiers = [
        f"# From {WITH_TIERS} agents on, tiers reward results: write tier: A, B or C for those you know, or let",
        "# `leadrouter tiers` propose them once there are results. Without a tier an agent is in C.",
        "tiers: {A: 30%, B: 20%, shares: {A: 40, B: 35, C: 25}}",
        "",
    ]
    if size <= WITH_PLACES:
        return [*tiers, "rules:", "  - {name: everyone, to: all, strategy: performance}"]
    return [
        *tiers,
        f"# Above {WITH_PLACES}, who knows the place and the field comes first, where there is somebody: write",
        "# territories: [...] and specialties: [...] for your agents.",
        "rules:",
        "  - {name: everyone, to: all, strategy: performance, prefer: [relationship, territory, specialty]}",
    ]


def _entry(entry: Entry, contact: str) -> str:
    """An agent in one line, with a remark how to reach them."""
    pairs = ", ".join(f"{key}: {_value(value)}" for key, value in entry.items())
    return f"  - {{{pairs}}}" + (f"  # {_remark(contact)}" if contact else "")


def _value(value: str | list[str]) -> str:
    return f"[{', '.join(map(_scalar, value))}]" if isinstance(value, list) else _scalar(value)


def _scalar(text: str) -> str:
    """A text in YAML: as it stands where that cannot be mistaken, else in quotes, as JSON has them too."""
    plain = _PLAIN.fullmatch(text) and text.casefold() != "null"
    return text if plain else json.dumps(text, ensure_ascii=False)


def _remark(text: str) -> str:
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
