"""Many rows of a file: read outside the lock, taken in short transactions, counted by what became of them.

A batch is sized so that the lock is held well under 100 ms, whatever the machine; other writers get in between.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from leadrouter.domain.lead import Lead
from leadrouter.domain.state import CLOSED
from leadrouter.usecases.receive import receive
from leadrouter.usecases.session import Session

if TYPE_CHECKING:
    from leadrouter.domain.history import Outcome, PastLead

HOLD_SECONDS = 0.05
"""How long one batch should hold the write lock."""

FIRST_BATCH = 100
LARGEST_BATCH = 2000

ENDED = "its status says that it is {}: keep it as a past lead with --history, or deal it out anew with --reassign"
"""Why a lead that has ended elsewhere is rejected."""


@dataclass(frozen=True)
class Ended:
    """A row whose status says that its lead has ended, and how: nobody wants it dealt out as a new one."""

    lead: Lead
    state: str
    row: Any


Passed = Literal["test row"] | None
"""A row that makes no lead: somebody's test, or None for one that was rejected."""

T = TypeVar("T")


@dataclass
class Imported:
    """What became of a file's rows. `rows` = new + inquiries + unchanged + test rows + suppressed + rejected.

    `by_state` and `by_agent` count the new ones; `unknown_owners` the rejected rows of each owner who is no agent, with
    the hint which id is near; `ended` the rejected rows that ended elsewhere; `undated` the new ones that are closed,
    on a day that the file does not tell. In a file of outcomes `by_state` counts what happened.
    """

    new: int = 0
    inquiries: int = 0
    unchanged: int = 0
    test_rows: int = 0
    suppressed: int = 0
    rejected: int = 0
    by_state: Counter[str] = field(default_factory=Counter)
    by_agent: Counter[str] = field(default_factory=Counter)
    unknown_owners: dict[str, tuple[int, str]] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)
    undated: int = 0

    @property
    def rows(self) -> int:
        """Rows of which it is known what became of them: where a run is broken off, the last ones read are not."""
        return self.recorded + self.test_rows + self.suppressed + self.rejected

    @property
    def recorded(self) -> int:
        """Rows that are in the file by now."""
        return self.new + self.inquiries + self.unchanged


Tick = Callable[[Imported], None]


def import_leads(
    session: Session,
    rows: Iterable[Lead | Ended | Passed],
    now: datetime,
    tick: Tick,
    done: Imported,
    reject: Callable[[Any, str], None],
    ids_of: str = "enquiry",
) -> None:
    """Receives every row in file order. `tick` is told the counts after each batch; `reject` of each row that ended
    elsewhere, and why; `ids_of` is what ids number.

    Counts into `done`, so that it tells what is recorded even if a fault ends the reading.
    """

    def take(batch: list[Any]) -> None:  # of Lead and Ended, which mypy cannot join
        leads = [row.lead if isinstance(row, Ended) else row for row in batch]
        ended = {place: row for place, row in enumerate(batch) if isinstance(row, Ended)}
        for place, taken in enumerate(receive(session, leads, now, ids_of, ended)):
            if taken.what == "new":
                done.new += 1
                done.by_state[taken.state.state] += 1
                if taken.state.agent is not None:
                    done.by_agent[taken.state.agent] += 1
            elif taken.what == "inquiry":
                done.inquiries += 1
            elif taken.what == "suppressed":
                done.suppressed += 1
            elif taken.what == "ended":
                done.rejected += 1
                done.ended[ended[place].state] += 1
                reject(ended[place].row, ENDED.format(ended[place].state))
            else:
                done.unchanged += 1

    _in_batches(session, rows, take, tick, done)


def import_past(
    session: Session,
    rows: Iterable[tuple[T, PastLead] | Passed],
    now: datetime,
    tick: Tick,
    done: Imported,
    reject: Callable[[T, str], None],
    ids_of: str = "enquiry",
) -> None:
    """Keeps every past lead in file order. `reject` is told of each whose owner nobody knows, and why."""
    from leadrouter.usecases.past import keep_past

    def take(batch: list[tuple[T, PastLead]]) -> None:
        for (row, _), kept in zip(batch, keep_past(session, [past for _, past in batch], now, ids_of), strict=True):
            if kept.lead is not None:
                done.new += 1
                done.by_state[kept.lead.state] += 1
                done.undated += kept.lead.state in CLOSED and kept.lead.closed_at is None
                if kept.lead.agent is not None:
                    done.by_agent[kept.lead.agent] += 1
            elif kept.what == "unchanged":
                done.unchanged += 1
            elif kept.what == "suppressed":
                done.suppressed += 1
            else:
                done.rejected += 1
                if kept.owner is not None:
                    count, _ = done.unknown_owners.get(kept.owner, (0, ""))
                    done.unknown_owners[kept.owner] = (count + 1, kept.nearest or "")
                reject(row, kept.reason or "")

    _in_batches(session, rows, take, tick, done)


def record_outcomes(
    session: Session,
    rows: Iterable[tuple[T, Outcome] | Passed],
    now: datetime,
    tick: Tick,
    done: Imported,
    reject: Callable[[T, str], None],
) -> None:
    """Records every outcome in file order; `reject` is told of each that is not allowed, and why."""
    from leadrouter.usecases.outcomes import record

    def take(batch: list[tuple[T, Outcome]]) -> None:
        for (row, told), recorded in zip(batch, record(session, [told for _, told in batch], now), strict=True):
            if recorded.what == "new":
                done.new += 1
                done.by_state[told.what] += 1
            elif recorded.what == "unchanged":
                done.unchanged += 1
            else:
                done.rejected += 1
                reject(row, recorded.reason or "")

    _in_batches(session, rows, take, tick, done)


def _in_batches(
    session: Session, rows: Iterable[T | Passed], take: Callable[[list[T]], None], tick: Tick, done: Imported
) -> None:
    session.gives_way = True
    size = FIRST_BATCH
    batch: list[T] = []
    for row in rows:
        if row is None:
            done.rejected += 1
        elif row == "test row":
            done.test_rows += 1
        else:
            batch.append(row)
            if len(batch) >= size:
                started = time.perf_counter()
                with _counted():
                    take(batch)
                size = _next_size(size, time.perf_counter() - started)
                batch.clear()
                tick(done)
    if batch:
        with _counted():
            take(batch)
        tick(done)


@contextmanager
def _counted() -> Iterator[None]:
    """Ctrl-C waits until the batch is recorded and counted, so that what is said of it holds; a second one does not."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # somebody else sees to it, or nobody is to be interrupted
        return
    asked: list[int] = []

    def later(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if asked:
        raise KeyboardInterrupt


def _next_size(size: int, seconds: float) -> int:
    """As many rows as fit the time the lock may be held, changing at most twofold at a step."""
    fitting = int(size * HOLD_SECONDS / max(seconds, 1e-6))
    return max(10, min(fitting, 2 * size, LARGEST_BATCH))
