"""What a sweep costs follows what is due, not what the file holds: counted in SQLite's own steps, not in seconds."""

from __future__ import annotations

from pathlib import Path

from leadrouter.domain.promises import Reclaim
from tests.factories import PLENTY, make_agent, make_policy
from tests.usecases.house import House

DUE = 10


def steps_of_a_sweep(path: Path, leads: int) -> int:
    """SQLite's steps, in hundreds, of a sweep that finds ten leads due among so many open ones."""
    agents = [make_agent(f"a{number}", capacity=PLENTY) for number in range(5)]
    house = House(make_policy(agents, reclaim=Reclaim(max_hops=9)), path)
    house.deal(DUE, quality="hot")
    house.wait(minutes=20)
    for start in range(0, leads, 1000):
        house.deal(min(1000, leads - start))
    house.wait(minutes=11)
    house.forget()
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += 1
        return 0

    house.connection.set_progress_handler(tick, 100)
    swept = house.sweep()
    house.connection.set_progress_handler(None, 0)
    assert [change.reason for change in swept.changes] == ["unanswered"] * DUE
    return counted


def test_ten_leads_that_are_due_cost_the_same_among_few_and_among_many(tmp_path: Path) -> None:
    few, many = (steps_of_a_sweep(tmp_path / f"{leads}.db", leads) for leads in (200, 8000))
    assert few > 0
    assert many <= 1.2 * few + 5, (few, many)
