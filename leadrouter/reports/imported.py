"""What `import` and `record` print: a summary whose counts add up, what was not understood, and the way out of it.

The reading of a file and what became of its rows are put into words here; nothing is decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from shlex import quote
from typing import Any, Protocol

from leadrouter.domain.naming import named
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.speech import counted
from leadrouter.reports.lines import say
from leadrouter.reports.wording import DRY, print_json
from leadrouter.usecases.batch import Imported


class Column(Protocol):
    """One column of a file: its header, where its cells go, and whether they say which leads are closed."""

    @property
    def header(self) -> str: ...
    @property
    def goes_to(self) -> str: ...
    @property
    def tells_ends(self) -> bool: ...


class Preset(Protocol):
    """The kind of file it was taken for."""

    @property
    def name(self) -> str: ...
    @property
    def ids(self) -> str: ...


class ReadFile(Protocol):
    """A file with what was made of it."""

    name: str
    dates: str | None
    unknown_statuses: Counter[str]
    unread: Counter[str]

    @property
    def form(self) -> str: ...
    @property
    def preset(self) -> Preset | None: ...
    @property
    def columns(self) -> Sequence[Column]: ...


class Rejects(Protocol):
    """Where rejected rows went, and where they were wanted."""

    path: str
    wanted: str


def show_import(
    done: Imported,
    file: ReadFile,
    rejects: Rejects | None,
    rejects_at: str,
    rulebook: Rulebook,
    *,
    as_json: bool,
    quiet: bool,
    dry_run: bool,
    history: bool = False,
    reassign: bool = False,
) -> None:
    """The summary: JSON, or a few lines and who got how many. A dry run says first what each column was taken for, and
    names the rejects that it does not write.
    """
    policy = rulebook.policy
    if as_json:
        view = _counts(done, file.name) | {
            "by_state": dict(done.by_state),
            "by_agent": dict(done.by_agent),
            "rejects_file": rejects.path if rejects else None,
            "preset": file.preset.name if file.preset else None,
            "unknown_owners": {owner: count for owner, (count, _) in done.unknown_owners.items()},
            "unknown_statuses": dict(file.unknown_statuses),
            "unread": dict(file.unread),
            "closed_elsewhere": dict(done.ended),
            "closed_undated": done.undated,
        }
        columns = [{"header": column.header, "goes_to": column.goes_to} for column in file.columns]
        print_json(view | {"columns": columns})
        return
    unassigned = 0 if history else done.by_state.get("unassigned", 0)
    if quiet and not (done.rejected or unassigned):
        return
    lines = [*_mapping(file, reassign=reassign), *DRY] if dry_run else []
    lines += [_sum(done, file.name), *_rejected(rejects), *_unread(file)]
    lines += [] if dry_run else _custom(file)
    lines += [f"  {SUPPRESSED}"] if done.suppressed else []
    lines += _unknown("owner", {owner: (count, hint) for owner, (count, hint) in done.unknown_owners.items()})
    lines += _unknown("status", {word: (count, _OWN_WORDS) for word, count in file.unknown_statuses.most_common()})
    if done.ended:
        states = ", ".join(f"{count:,} {state}" for state, count in done.ended.most_common())
        lines.append(f"  closed elsewhere already ({states}), so not dealt out, which --reassign would do")
        held_back = quote(rejects.path if rejects else rejects_at)
        lines.append(f"  keep them as past leads with: leadrouter import {held_back} --history")
    if unassigned:
        lines.append(f"  {counted(unassigned, 'lead')} could not be assigned yet; each sweep tries again")
    if history and done.new:
        states = ", ".join(f"{count:,} {state}" for state, count in done.by_state.most_common())
        lines.append(f"  {states}; {done.new - sum(done.by_agent.values()):,} without an agent")
    if done.undated:
        lines.append(f"  {done.undated:,} closed on a day that the file does not tell, and so in no month's closings")
        lines.append("  a column closed_at tells the day; afterwards a file of lead, what, at: leadrouter record FILE")
    if done.by_agent:
        width = max(len(named(policy, agent)) for agent in done.by_agent)
        order = [agent.id for agent in policy.agents if agent.id in done.by_agent]
        order += [agent for agent in done.by_agent if agent not in order]
        lines += [f"  {named(policy, agent):<{width}}  {done.by_agent[agent]:>6,}" for agent in order]
    say(*lines)


SUPPRESSED = "suppressed: they asked to be forgotten; if one comes back: leadrouter forget --allow WHO"
_OWN_WORDS = "say what it means in a preset of your own, under words: {state: ...}"
_MOST_LISTED = 20
_BESIDE, _HEADER = 30, 200
"""Headers up to the first length are lined up; up to the second they are whole, so that --map can name them."""


def _mapping(file: ReadFile, *, reassign: bool) -> list[str]:
    """Which column goes where, and what is ignored. With `reassign` nobody asks which leads are closed."""
    how = file.form + (f", dates {file.dates}" if file.dates else "")
    kind = f"preset {file.preset.name}, ids number the {file.preset.ids}" if file.preset else "no preset"
    used = [column for column in file.columns if column.goes_to != "ignored" or (column.tells_ends and not reassign)]
    width = min(_BESIDE, max((len(column.header) for column in used), default=0))
    ignored = [column.header or "(no name)" for column in file.columns if column not in used]
    lines = [f"{file.name}: {how}; {kind}"]
    lines += [
        f"  {_short(column.header or '(no name)', _HEADER):<{width}}  -> {_use(column, reassign=reassign)}"
        for column in used
    ]
    return lines + ([f"  ignored: {', '.join(_short(header, _HEADER) for header in ignored)}"] if ignored else [])


def _use(column: Column, *, reassign: bool) -> str:
    """Where its cells go, and what else they are asked for."""
    if reassign or not column.tells_ends:
        return column.goes_to
    kept = "" if column.goes_to == "ignored" else f"{column.goes_to}; "
    return f"{kept}says which leads are closed, and so not dealt out"


def show_record(
    done: Imported, name: str, rejects: Rejects | None, *, as_json: bool, quiet: bool, dry_run: bool
) -> None:
    """The summary of a file of outcomes."""
    if as_json:
        view = {"by_what": dict(done.by_state), "rejects_file": rejects.path if rejects else None}
        print_json(_counts(done, name) | view)
    elif not (quiet and not done.rejected):
        what = ", ".join(f"{count:,} {word}" for word, count in done.by_state.most_common())
        lines = [*(DRY if dry_run else []), _sum(done, name, outcomes=True), *_rejected(rejects)]
        say(*lines, *([f"  {what}"] if what else []))


def _counts(done: Imported, name: str) -> dict[str, Any]:
    return {
        "file": name,
        "rows": done.rows,
        "new": done.new,
        "inquiries": done.inquiries,
        "unchanged": done.unchanged,
        "test_rows": done.test_rows,
        "suppressed": done.suppressed,
        "rejected": done.rejected,
    }


def _sum(done: Imported, name: str, *, outcomes: bool = False) -> str:
    """`leads.csv: 59 rows = 54 new + 3 inquiries + ...`: the parts add up."""
    parts = [f"{done.new:,} new"]
    parts += [] if outcomes else [counted(done.inquiries, "inquiry", "inquiries")]
    parts += [f"{done.unchanged:,} unchanged"]
    parts += [counted(done.test_rows, "test row")] if done.test_rows else []
    parts += [f"{done.suppressed:,} suppressed"] if done.suppressed else []
    return f"{name}: {counted(done.rows, 'row')} = {' + '.join(parts)} + {done.rejected:,} rejected"


def _rejected(rejects: Rejects | None) -> list[str]:
    if rejects is None:
        return []
    lines = [f"  rejected rows with their line and reason: {rejects.path}"]
    kept = f"  beside {rejects.wanted}, which holds other rows and was left as it is"
    return lines if rejects.path == rejects.wanted else [*lines, kept]


def _unread(file: ReadFile) -> list[str]:
    """The cells of which nothing was understood in rows that are leads all the same."""
    cells = ", ".join(counted(count, *_CELLS.get(field, (field,))) for field, count in file.unread.most_common())
    return [f"  could not be read, and kept as given: {cells}"] if cells else []


_CELLS = {
    "phone": ("phone",), "email": ("e-mail",), "price": ("price",), "cost": ("cost",), "lat": ("latitude",),
    "lon": ("longitude",), "quality": ("quality", "qualities"),
}  # fmt: skip


def _custom(file: ReadFile) -> list[str]:
    """The columns that nobody has told us."""
    headers = [column.header or "(no name)" for column in file.columns if column.goes_to.startswith("custom.")]
    more = f" and {len(headers) - _MOST_LISTED:,} more" if len(headers) > _MOST_LISTED else ""
    listed = ", ".join(_short(header, 40) for header in headers[:_MOST_LISTED])
    return [f"  kept as custom fields: {listed}{more}"] if headers else []


def _unknown(what: str, words: dict[str, tuple[int, str]]) -> list[str]:
    """The owners or statuses that nobody knows, the most frequent first, each with a way out."""
    ordered = sorted(words.items(), key=lambda entry: -entry[1][0])
    lines = [f"  unknown {what} {_short(word, 40)} ({count:,}): {hint}" for word, (count, hint) in ordered]
    more = len(lines) - _MOST_LISTED
    return lines[:_MOST_LISTED] + ([f"  and {more:,} more"] if more > 0 else [])


def _short(text: str, width: int) -> str:
    """Words of a file in one harmless line."""
    clean = "".join(mark if mark.isprintable() else " " for mark in text)
    return clean if len(clean) <= width else clean[: width - 1] + "…"
