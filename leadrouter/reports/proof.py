"""What `verify` prints: the three parts apart, and every problem named; and `backup`, which proves its copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leadrouter.domain.speech import counted
from leadrouter.reports.lines import say
from leadrouter.reports.wording import print_json
from leadrouter.usecases.verdict import Verdict

MOST = 20
"""Problems listed per part for people; JSON lists all."""


def show(verdict: Verdict, *, as_json: bool, quiet: bool) -> None:
    """The verdict as JSON or in lines."""
    if as_json:
        print_json(_as_json(verdict))
    elif not (quiet and verdict.ok):
        _show_parts(verdict)


def show_backup(verdict: Verdict, file: Path, *, as_json: bool, quiet: bool) -> None:
    """Where the copy is, and what its proof says."""
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, **_as_json(verdict)})
    elif not verdict.ok:
        say(f"{file}: written, but the copy does not prove itself")
        _show_parts(verdict)
    elif not quiet:
        say(f"{file}: {counted(verdict.events, 'event')}, verified", f"head: {verdict.head}")


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "events": verdict.events,
        "ok": verdict.ok,
        "head": verdict.head,
        "replayed": verdict.replayed,
        "not_replayed": verdict.not_replayed,
        "first_event": verdict.first,
        "problems": verdict.problems,
        "chain": verdict.chain,
        "books": verdict.books,
        "replay": verdict.replay,
    }


def _show_parts(verdict: Verdict) -> None:
    replayed = counted(verdict.replayed, "decision")
    parts = (
        ("chain and figures", counted(verdict.events, "event"), verdict.chain),
        ("books", "every turn went to the one owed most", verdict.books),
        ("replay", f"{replayed} the same, {verdict.not_replayed:,} not replayed", verdict.replay),
    )
    for name, good, problems in parts:
        say(f"{name}: {'ok, ' + good if not problems else counted(len(problems), 'problem')}")
        say(*(f"  {problem}" for problem in problems[:MOST]))
        if len(problems) > MOST:
            say(f"  ... and {len(problems) - MOST:,} more")
    if verdict.first is not None:
        say(f"the first event that differs: {verdict.first}")
    say(f"head: {verdict.head}")
