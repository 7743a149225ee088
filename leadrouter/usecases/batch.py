"""Importing many leads: reads rows outside the lock, receives them in short transactions, counts what became of them.

A batch is sized so that the lock is held well under 100 ms, whatever the machine; other writers get in between.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from leadrouter.domain.lead import Lead
from leadrouter.usecases.receive import receive
from leadrouter.usecases.session import Session

HOLD_SECONDS = 0.05
"""How long one batch should hold the write lock."""

FIRST_BATCH = 100
LARGEST_BATCH = 2000


@dataclass
class Imported:
    """What became of a file's rows. `rows` = new + inquiries + unchanged + test rows + rejected."""

    rows: int = 0
    new: int = 0
    inquiries: int = 0
    unchanged: int = 0
    test_rows: int = 0
    rejected: int = 0
    by_state: Counter[str] = field(default_factory=Counter)
    by_agent: Counter[str] = field(default_factory=Counter)

    @property
    def recorded(self) -> int:
        """Rows that are in the file by now."""
        return self.new + self.inquiries + self.unchanged


def import_leads(
    session: Session, rows: Iterable[Lead | None], now: datetime, tick: Callable[[Imported], None], done: Imported
) -> None:
    """Receives every row in file order; None is a row that was rejected. `tick` is told the counts after each batch.

    Counts into `done`, so that it tells what is recorded even if a fault ends the reading.
    """
    size = FIRST_BATCH
    batch: list[Lead] = []
    for row in rows:
        done.rows += 1
        if row is None:
            done.rejected += 1
            continue
        batch.append(row)
        if len(batch) >= size:
            size = _next_size(size, _receive(session, batch, now, done))
            batch.clear()
            tick(done)
    if batch:
        _receive(session, batch, now, done)
        tick(done)


def _receive(session: Session, batch: list[Lead], now: datetime, done: Imported) -> float:
    started = time.perf_counter()
    for taken in receive(session, batch, now):
        if taken.what == "new":
            done.new += 1
            done.by_state[taken.state.state] += 1
            if taken.state.agent is not None:
                done.by_agent[taken.state.agent] += 1
        elif taken.what == "inquiry":
            done.inquiries += 1
        else:
            done.unchanged += 1
    return time.perf_counter() - started


def _next_size(size: int, seconds: float) -> int:
    """As many leads as fit the time the lock may be held, changing at most twofold at a step."""
    fitting = int(size * HOLD_SECONDS / max(seconds, 1e-6))
    return max(10, min(fitting, 2 * size, LARGEST_BATCH))
