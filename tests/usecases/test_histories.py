"""Laws over whole histories of a brokerage with a database, of every size, with joins and leaves over time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from leadrouter.domain.state import OPEN
from leadrouter.store import desks
from leadrouter.store.queries import open_leads
from tests.domain.drawn import Move, seeds
from tests.factories import picture
from tests.usecases.drawn import drawn_policy, live, moves
from tests.usecases.house import House

SIZES = range(1, 21)
EXAMPLES = 4


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_after_any_history_the_file_proves_itself(size: int, seed: int, history: list[Move]) -> None:
    house = live(House(drawn_policy(seed, size)), history)
    assert house.problems() == []
    for rotation, total in house.connection.execute("SELECT rotation, sum(credit) FROM rotations GROUP BY rotation"):
        assert total == 0, rotation


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_after_any_history_a_second_sweep_does_nothing(size: int, seed: int, history: list[Move]) -> None:
    house = live(House(drawn_policy(seed, size)), history)
    house.sweep()
    events = house.events()
    again = house.sweep()
    assert again.changes == []
    assert house.events() == events


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=EXAMPLES)
@given(seed=seeds, history=moves)
def test_after_a_sweep_nothing_is_overdue_and_every_lead_is_in_a_named_place(
    size: int, seed: int, history: list[Move]
) -> None:
    house = live(House(drawn_policy(seed, size)), history)
    swept = house.sweep()
    assert swept.next_due is None or swept.next_due > swept.at.isoformat()
    for number in range(1, house.leads() + 1):
        lead = house.lead(number)
        assert lead.state in ("assigned", "contacted", "unassigned", "pooled", "won", "lost", "void")
        if lead.state in OPEN:
            assert lead.due_at is None or lead.due_at > house.now
        elif lead.state == "unassigned":
            assert lead.reason in ("all_skipped", "nobody_named")


@settings(max_examples=40)
@given(seed=seeds, history=moves)
def test_a_desk_kept_in_memory_is_the_one_in_the_file(seed: int, history: list[Move]) -> None:
    house = live(House(drawn_policy(seed, 1 + seed % 9)), history)
    with house.session.writing() as journal:
        kept, read = picture(journal.desk), picture(desks.load_desk(house.connection))
    assert kept["agents"] == read["agents"]
    assert kept["version"] == read["version"]
    for rotation, accounts in kept["accounts"].items():
        assert read["accounts"][rotation] == accounts
    assert {agent: total for agent, total in kept["total"].items() if total} == {
        agent: total for agent, total in read["total"].items() if total
    }


@settings(max_examples=40)
@given(seed=seeds, history=moves)
def test_open_counts_in_the_file_are_the_open_leads_in_it(seed: int, history: list[Move]) -> None:
    house = live(House(drawn_policy(seed, 1 + seed % 9)), history)
    held = Counter(row.state.agent for row in open_leads(house.connection))
    assert {
        agent: state.open for agent, state in desks.load_desk(house.connection).agents.items() if state.open
    } == held
