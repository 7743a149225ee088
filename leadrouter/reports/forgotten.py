"""What `forget` prints: what was erased, and what only people can still erase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted, listed
from leadrouter.domain.state import CLOSED
from leadrouter.reports.lines import say
from leadrouter.reports.wording import print_json
from leadrouter.usecases.erase import Forgotten

COPIES = {"rejects": "rejected rows", "backup": "backup"}


def show(done: Forgotten, policy: Policy, *, scrubbed: bool, as_json: bool, quiet: bool, dry_run: bool) -> None:
    """What was done. What is left to do is told even with --quiet."""
    if as_json:
        print_json(view(done, scrubbed=scrubbed))
        return
    said = [] if quiet else list(done_lines(done, policy))
    lines = ["dry run, nothing was written; this would happen:", *said] if dry_run and said else said
    lines += list(left_lines(done, policy))
    say(*lines)


def view(done: Forgotten, *, scrubbed: bool) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "leads": [entry.lead for entry in done.leads],
        "closed": [{"lead": entry.lead, "was": entry.was, "agent": entry.agent} for entry in _open(done)],
        "inquiries": done.inquiries,
        "notes": done.notes,
        "bytes_gone": scrubbed,
        "maybe_theirs": list(done.doubtful),
        "named_in": done.mentioned,
        "copies": [
            {"kind": copy.kind, "path": copy.path, "at": copy.at, "there": Path(copy.path).exists()}
            for copy in done.copies
        ],
    }


def done_lines(done: Forgotten, policy: Policy) -> Iterator[str]:
    """What was erased."""
    if not done.leads:
        yield "they were forgotten before; nothing is left of them here"
        return
    numbers = listed(str(entry.lead) for entry in done.leads)
    said = [counted(done.inquiries, "inquiry", "inquiries")] if done.inquiries else []
    said += [counted(done.notes, "note")] if done.notes else []
    besides = f" with {listed(said)}" if said else ""
    leads = f"{'leads' if len(done.leads) > 1 else 'lead'} {numbers}{besides}"
    yield f"erased: {leads}; what came of it stays in the figures"
    for entry in _open(done):
        holder = f" with {named(policy, entry.agent)}" if entry.agent else ""
        yield f"lead {entry.lead} was {entry.was}{holder}: closed as lost"
    yield "who imports them again is told so; to take them off the list: leadrouter forget --allow WHO"


def left_lines(done: Forgotten, policy: Policy) -> Iterator[str]:
    """What only people can do."""
    if done.doubtful:
        which = listed(str(lead) for lead in done.doubtful)
        yield f"theirs, or of somebody else with the same phone: lead {which}; if it is theirs, forget it too"
    if done.mentioned:
        yield f"others speak of them, in lead {listed(str(lead) for lead in done.mentioned)}"
    if done.copies:
        yield "they may still stand in these files, which are yours to delete:"
    for copy in done.copies:
        written = wall_clock(datetime.fromisoformat(copy.at), policy.team.timezone)
        gone = "" if Path(copy.path).exists() else "; not there now"
        yield f"  {copy.path} ({COPIES[copy.kind]}, {written}{gone})"


def _open(done: Forgotten) -> Iterator[Any]:
    return (entry for entry in done.leads if entry.was not in CLOSED)
