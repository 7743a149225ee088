"""The sections on a screen, as Markdown to hand out, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import moment
from leadrouter.reports.lines import say
from leadrouter.reports.policy.sections import Difference
from leadrouter.reports.policy.told import Section, Table
from leadrouter.reports.policy.versions import Version
from leadrouter.reports.wording import ago


def on_screen(title: str, sections: Sequence[Section]) -> None:
    """Headings, sentences, tables."""
    from leadrouter.reports.tables import say_in, show_table

    say_in("bold", title)
    for section in sections:
        say("")
        say_in("bold", section.title)
        say(*(f"  {sentence.text}" for sentence in section.sentences))
        if section.table is not None:
            show_table("", section.table.columns, section.table.rows)


def markdown(title: str, sections: Sequence[Section]) -> str:
    """The same to paste into a document; names cannot become markup."""
    lines = [f"# {_plain(title)}"]
    for section in sections:
        lines += ["", f"## {section.title}", ""]
        lines += [f"- {_plain(sentence.text)}" for sentence in section.sentences]
        if section.table is not None:
            lines += ["", _row(section.table.columns), _row(["---"] * len(section.table.columns))]
            lines += [_row(row) for row in section.table.rows]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in text)


def as_json(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Every section with its sentences by key, and its table."""
    return [
        {
            "section": section.key,
            "title": section.title,
            "sentences": [sentence._asdict() for sentence in section.sentences],
            "table": _records(section.table) if section.table else None,
        }
        for section in sections
    ]


def _records(table: Table) -> list[dict[str, str | None]]:
    return [{column: cell or None for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]


def show_differences(found: Sequence[Difference]) -> None:
    """What was said and what is said now, under the titles of their sections."""
    if not found:
        say("both say the same")
        return
    from leadrouter.reports.tables import say_in

    title = ""
    for entry in found:
        if entry.section != title:
            title = entry.section
            say_in("bold", title)
        said = (("was", entry.before), ("now", entry.after))
        say(*(f"  {word}: {text}" for word, text in said if text is not None))


def history_json(kept: Sequence[Version], changes: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Every version with what it changed."""
    return [
        {"version": entry.version, "loaded_at": entry.loaded_at, "by": entry.by, "changes": list(lines)}
        for entry, lines in zip(kept, changes, strict=True)
    ]


def show_history(kept: Sequence[Version], changes: Sequence[Sequence[str]], timezone: str, now: datetime) -> None:
    """The same on a screen, the latest first."""
    for entry, lines in reversed(list(zip(kept, changes, strict=True))):
        loaded = moment(entry.loaded_at)
        when = f"{wall_clock(loaded, timezone, now)}, {ago(loaded, now)}"
        say(f"version {entry.version}, loaded {when}, by {entry.by}", *(f"  {line}" for line in lines))
