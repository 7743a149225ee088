"""What `check` and `load` print: advice with its line, what changes, and whose share of which leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.shares import ShareChange
from leadrouter.domain.speech import counted
from leadrouter.reports.lines import say
from leadrouter.store import desks, transactions
from leadrouter.store.at_rest import glance
from leadrouter.usecases.changes import looking_ahead, share_line
from leadrouter.usecases.roster import Loaded


class Hint(Protocol):
    """A piece of advice and the line of the file that it is about."""

    @property
    def line(self) -> int: ...

    @property
    def message(self) -> str: ...


def ahead(path: Path, policy: Policy, now: datetime) -> Loaded | None:
    """What loading this policy would change; None where there is no database with a policy in force to look at."""
    connection = glance(path)
    if connection is None:
        return None
    with transactions.reading(connection):
        desk = desks.load_desk(connection)
    connection.close()
    if desk.version == 0:
        return None
    changes, shares = looking_ahead(desk.policy, Rulebook(policy), desk.agents, now)
    return Loaded(desk.version + bool(changes), bool(changes), changes, shares, desk.policy)


def as_json(file: Path, policy: Policy, advice: Iterable[Hint], loaded: Loaded | None, fits: Sequence[str]) -> Any:
    """The keys of `check`."""
    return {
        "file": str(file),
        "agents": len(policy.agents),
        "rules": len(policy.rules),
        "advice": [{"line": entry.line, "message": entry.message} for entry in advice],
        "fits": list(fits),
        "changes": loaded.changes if loaded else [],
        "shares": shares_json(loaded) if loaded else [],
    }


def show(
    file: Path, policy: Policy, advice: Iterable[Hint], loaded: Loaded | None, fits: Sequence[str], *, quiet: bool
) -> None:
    """The same for people."""
    say(*(f"{file}:{entry.line}: advice: {entry.message}" for entry in advice), *(f"{file}: {line}" for line in fits))
    if quiet:
        return
    say(f"{file}: {counted(len(policy.agents), 'agent')}, {counted(len(policy.rules), 'rule')}; nothing wrong")
    if loaded is not None and loaded.new:
        say("loading it now would change:", *(f"  {line}" for line in (*loaded.changes, *share_lines(loaded, policy))))
    elif loaded is not None:
        say("it says what the policy in force says")


def share_lines(loaded: Loaded, policy: Policy) -> list[str]:
    """`Bala: from 1 in 6 to 1 in 4 of seller leads`, for each share that changes."""
    if loaded.before is None:
        return []
    after = Rulebook(policy)
    return [share_line(change, loaded.before, after) for change in loaded.shares]


def shares_json(loaded: Loaded) -> list[dict[str, Any]]:
    """The same for scripts; shares as fractions of one."""
    return [_share(change) for change in loaded.shares]


def _share(change: ShareChange) -> dict[str, Any]:
    return {
        "agent": change.agent,
        "rule": change.kind.rule,
        "about": change.kind.word,
        "before": round(float(change.before), 4),
        "after": round(float(change.after), 4),
    }
