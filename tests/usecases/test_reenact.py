"""Under the policies of their time, everything recorded comes out as it did, lead by lead and event by event."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from leadrouter.domain.decision import DECISIONS
from leadrouter.domain.events import KINDS
from leadrouter.usecases.happenings import HAPPENINGS
from leadrouter.usecases.recorded import BOOKS, SWEPT
from tests.domain.drawn import Move, seeds
from tests.usecases.again import gist, once_more
from tests.usecases.busy import busy_house
from tests.usecases.drawn import drawn_policy, live, moves
from tests.usecases.house import House


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
@settings(max_examples=12)
@given(seed=seeds, history=moves)
def test_any_history_lived_again_under_its_policies_is_the_same_event_by_event(
    size: int, seed: int, history: list[Move]
) -> None:
    house = live(House(drawn_policy(seed, size)), history)
    again, world = once_more(house)
    assert gist(again) == gist(house.events())
    assert +world.left_out == {}


@pytest.mark.parametrize("seed", range(40))
def test_so_does_a_busy_one_with_every_clock_and_every_step(seed: int) -> None:
    house = busy_house(seed)
    again, world = once_more(house)
    assert gist(again) == gist(house.events())
    assert +world.left_out == {}


@settings(max_examples=20)
@given(seed=seeds, history=moves, later=moves)
def test_it_may_begin_anywhere(seed: int, history: list[Move], later: list[Move]) -> None:
    house = live(House(drawn_policy(seed, 1 + seed % 6)), history)
    after = len(house.events())
    live(house, later)
    again, _ = once_more(house, after)
    assert gist(again) == gist(house.events())


def test_every_kind_of_event_has_an_origin() -> None:
    by_loading = {"rotation_renamed", "rotation_removed", "agent_joined"}
    assert set(HAPPENINGS) | DECISIONS | SWEPT | BOOKS | by_loading == set(KINDS)
