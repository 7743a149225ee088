"""The versions of a policy in the file: which there are, what each changed, and each as it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.rulebook import Rulebook
from leadrouter.reports.policy.sections import tell
from leadrouter.reports.policy.told import Section, Told
from leadrouter.store import desks, policies, queries
from leadrouter.usecases.changes import changes_between


class Version(NamedTuple):
    """One version: its number, when it was loaded (UTC text) and by whom."""

    version: int
    loaded_at: str
    by: str


class ToldVersion(NamedTuple):
    """A version in sentences, under a title."""

    title: str
    sections: list[Section]


def versions(connection: sqlite3.Connection) -> list[Version]:
    """Every version, oldest first."""
    loads = queries.log(connection, -1, kind="policy_loaded")
    by = {event.data["version"]: event.by for event in loads}
    return [Version(number, loaded_at, by.get(number, "")) for number, loaded_at in policies.versions(connection)]


def told_version(connection: sqlite3.Connection, number: int, now: datetime) -> ToldVersion:
    """A version in plain sentences, for who is at a desk now. Raises WrongUsage where there is none of this number."""
    policy, _ = policies.version(connection, number)
    agents = desks.load_desk(connection).agents
    title = f"{policy.team.name}: how leads are handed out (policy version {number})"
    return ToldVersion(title, tell(Told(Rulebook(policy), agents, now)))


def changes_of(connection: sqlite3.Connection, kept: Sequence[Version]) -> list[list[str]]:
    """What each version changed, in words."""
    found, before = [], None
    for entry in kept:
        after = Rulebook(policies.version(connection, entry.version)[0])
        found.append(changes_between(before, after))
        before = after
    return found
