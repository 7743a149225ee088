"""What `verify` finds, its three parts apart, and what it remembers on the way. Nothing is checked here."""

from __future__ import annotations

from dataclasses import dataclass, field

from leadrouter.domain.events import GENESIS


@dataclass
class Verdict:
    """What was found. `problems` name the event, lead, agent, account or policy at fault; `first` is the number of the
    earliest event that is not what it was, or whose decision or turn is not what it should be.
    """

    events: int = 0
    head: str = GENESIS.hex()
    replayed: int = 0
    not_replayed: int = 0
    chain: list[str] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    replay: list[str] = field(default_factory=list)
    first: int | None = None

    def at(self, event: int, part: list[str], problem: str) -> None:
        """Notes a problem of one event in one of the parts."""
        part.append(problem)
        self.first = event if self.first is None else min(self.first, event)

    @property
    def problems(self) -> list[str]:
        """All problems, the chain first."""
        return [*self.chain, *self.books, *self.replay]

    @property
    def ok(self) -> bool:
        """Whether nothing at all was found."""
        return not self.problems


Committed = tuple["int | None", bytes]
"""The lead that a text belongs to, and the hash an event committed to."""


@dataclass
class Commitments:
    """What the events committed to: facts by lead (the latest), the other texts by event, the rest.

    `forgotten` are the leads whose texts may be gone, `erased_notes` the events of notes that named their persons.
    """

    facts: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    inquiries: dict[int, Committed] = field(default_factory=dict)
    notes: dict[int, Committed] = field(default_factory=dict)
    policies: dict[int, tuple[str, str]] = field(default_factory=dict)
    panels: dict[bytes, int] = field(default_factory=dict)
    recorded: dict[bytes, int] = field(default_factory=dict)
    suppressed: dict[int, Committed] = field(default_factory=dict)
    forgotten: set[int] = field(default_factory=set)
    erased_notes: set[int] = field(default_factory=set)
