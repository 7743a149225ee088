"""The journal: gives each event its number, applies it to the desk and links it into the chain.

Whoever makes things happen records them here and nowhere else. The journal keeps what is not yet written;
the store writes it. It reads no clock and no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.apply import apply
from leadrouter.domain.decision import LineUp, lineup_data
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import GENESIS, Event, Stored, chained, data_text, stored
from leadrouter.domain.lead import commitment
from leadrouter.domain.ledger import present_name
from leadrouter.domain.notices import Notice, notices

BALANCE_EVERY = 1000
"""Every event whose number is a multiple of this is a `balance`; a decision can be explained from the one before it."""


class Head(NamedTuple):
    """The end of the chain: the number and hash of the last event."""

    seq: int = 0
    hash: bytes = GENESIS


class Note(NamedTuple):
    """Free text beside an event, in the order of its columns; the event commits to it by a salted hash."""

    event: int
    lead: int | None
    text: str
    salt: bytes


class Journal:
    """Records events onto one desk. `by` is who causes them; `known_panel` finds an earlier panel by its key.

    `new_salt` gives random bytes for commitments: chance, like the clock, comes from outside. `notices` are what people
    are to be told of it.
    """

    def __init__(
        self,
        desk: Desk,
        head: Head,
        by: str,
        known_panel: Callable[[bytes], int | None],
        new_salt: Callable[[], bytes],
    ) -> None:
        self.desk = desk
        self.head = head
        self.by = by
        self.known_panel = known_panel
        self.new_salt = new_salt
        self.pending: list[tuple[Stored, bytes]] = []
        self._latest: tuple[LineUp | None, int] = (None, 0)
        self.new_panels: dict[bytes, int] = {}
        self.notes: list[Note] = []
        self.notices: list[Notice] = []

    def record(
        self,
        kind: str,
        at: datetime,
        *,
        lead: int | None = None,
        agent: str | None = None,
        data: dict[str, Any] | None = None,
        facts: bytes | None = None,
        note: str | None = None,
    ) -> Event:
        """Appends one event. `note` is free text of a person: kept beside the chain, where it can be erased."""
        if (self.head.seq + 1) % BALANCE_EVERY == 0:
            self._append("balance", at, None, None, {"credit": _balances(self.desk)}, None)
        if note is None:
            return self._append(kind, at, lead, agent, data or {}, facts)
        salt = self.new_salt()
        committed = commitment(note, salt).hex()
        event = self._append(kind, at, lead, agent, {**(data or {}), "note": committed}, facts)
        self.notes.append(Note(event.seq, lead, note, salt))
        return event

    def panel(self, lineup: LineUp, at: datetime) -> int:
        """The number of a line-up: of the event that recorded it, now or earlier."""
        if lineup is self._latest[0]:  # most leads share one; to look it up by content takes longer than to route
            return self._latest[1]
        number = self._panel(lineup, at)
        self._latest = (lineup, number)
        return number

    def _panel(self, lineup: LineUp, at: datetime) -> int:
        number = self.desk.panel_numbers.get(lineup)
        if number is not None and self._means(number, lineup):
            return number
        data = lineup_data(lineup)
        key = panel_key(data)
        number = self.known_panel(key)
        if number is not None and self._means(number, lineup):
            self.desk.know_panel(number, lineup)
            return number
        number = self.record("panel", at, data=data).seq
        self.new_panels[key] = number
        return number

    def _means(self, number: int, lineup: LineUp) -> bool:
        """Whether turns of a panel are still those of the line-up's rotation: one recorded before its rotation went on
        under another name is not, though a rule of the old name may be there again.
        """
        rotation = lineup.rotation
        return rotation is None or present_name(rotation, number, self.desk.renamings) == rotation

    def settle(self) -> None:
        """Everything recorded so far has been written."""
        self.pending.clear()
        self.new_panels.clear()
        self.notes.clear()
        self.notices.clear()
        self.desk.changes.clear()
        self.desk.ledger.changed.clear()

    def _append(
        self, kind: str, at: datetime, lead: int | None, agent: str | None, data: dict[str, Any], facts: bytes | None
    ) -> Event:
        version = data["version"] if kind == "policy_loaded" else self.desk.version
        event = Event(self.head.seq + 1, at, kind, lead, agent, self.by, version, data, facts)
        apply(self.desk, event)
        if kind == "rotation_renamed":
            self._latest = (None, 0)
        self.notices += notices(event, self.desk)
        columns = stored(event)
        self.head = Head(event.seq, chained(self.head.hash, columns))
        self.pending.append((columns, self.head.hash))
        return event


def panel_key(data: dict[str, Any]) -> bytes:
    """What makes two line-ups the same."""
    return hashlib.sha256(data_text(data).encode()).digest()[:16]


def _balances(desk: Desk) -> dict[str, dict[str, int]]:
    return {rotation: dict(sorted(accounts.items())) for rotation, accounts in sorted(desk.ledger.credit.items())}
