"""Going back: a copy rewound to any event is the file as it was then."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.store import database, desks
from leadrouter.store.projections import rewind
from leadrouter.usecases.verify import verify
from tests.domain.drawn import Move, seeds
from tests.factories import picture
from tests.usecases.drawn import drawn_policy, live, moves
from tests.usecases.house import House


@settings(max_examples=25)
@given(seed=seeds, history=moves, share=st.floats(0, 1))
def test_a_copy_rewound_to_any_event_proves_itself(seed: int, history: list[Move], share: float) -> None:
    house = live(House(drawn_policy(seed, 1 + seed % 9)), history)
    seq = round(share * len(house.events()))
    copy = database.rehearsal(house.connection)
    rewind(copy, seq)
    verdict = verify(copy)
    assert (verdict.problems, verdict.events) == ([], seq)


def test_rewound_by_nothing_the_desk_is_the_same() -> None:
    house = House()
    house.deal(5)
    copy = database.rehearsal(house.connection)
    rewind(copy, len(house.events()))
    assert picture(desks.load_desk(copy)) == picture(desks.load_desk(house.connection))
