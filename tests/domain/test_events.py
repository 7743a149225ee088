"""The chain: no stored column of any event can change without every later hash changing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadrouter.domain.events import GENESIS, KINDS, Event, Stored, chained, iso, moment, stored
from leadrouter.domain.journal import Journal, panel_key
from leadrouter.domain.lead import commitment
from tests.factories import START, Branch, make_policy, read_event

EVENT = Event(7, START, "assigned", 3, "aina", "tester", 1, {"reason": "most_owed", "panel": 2}, b"facts")
text = st.text(max_size=6)
columns = st.tuples(
    st.integers(1, 99), text, text, st.none() | st.integers(1, 99), st.none() | text, text, st.integers(1, 9),
    st.integers(1, 9), text, st.none() | st.binary(max_size=4),
)  # fmt: skip


@given(columns, columns)
def test_two_different_rows_never_chain_alike(one: Stored, other: Stored) -> None:
    shown = [
        tuple(x.hex() if isinstance(x, bytes) else "" if x is None else str(x) for x in row) for row in (one, other)
    ]
    assume(shown[0] != shown[1])
    assert chained(GENESIS, one) != chained(GENESIS, other)


def test_a_comma_or_colon_in_one_column_does_not_become_two_columns() -> None:
    row = (1, "a", "b", None, "c", "d", 1, 1, "e", None)
    assert chained(GENESIS, (1, "a", "b,1:c", None, "", "d", 1, 1, "e", None)) != chained(GENESIS, row)


def test_an_event_is_linked_to_the_one_before() -> None:
    assert chained(GENESIS, stored(EVENT)) != chained(bytes([1]) + bytes(31), stored(EVENT))


def test_an_event_can_be_read_back_from_its_columns() -> None:
    assert read_event(stored(EVENT)) == EVENT


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "2026-03-02T09:00:00Z"),
        (datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8))), "2026-03-02T01:00:00Z"),
        (datetime(2026, 3, 2, 9, 0, 0, 999_999, tzinfo=UTC), "2026-03-02T09:00:00Z"),
    ],
)
def test_a_moment_is_kept_in_utc_to_the_second(at: datetime, shown: str) -> None:
    assert iso(at) == shown
    assert moment(shown) == at.replace(microsecond=0)


# --- the journal ----------------------------------------------------------------------------------------------


def test_events_are_numbered_from_one_without_a_gap_and_chained_in_order() -> None:
    branch = Branch(make_policy(4))
    branch.deal(30)
    head = GENESIS
    for number, (row, link) in enumerate(branch.journal.pending, start=1):
        assert row[0] == number
        head = chained(head, row)
        assert head == link
    assert (branch.journal.head.seq, branch.journal.head.hash) == (len(branch.journal.pending), head)


def test_a_line_up_is_recorded_once_however_often_it_deals() -> None:
    branch = Branch(make_policy(4))
    branch.deal(50)
    branch.pause("a01")
    branch.deal(5)
    branch.back("a01")
    branch.deal(5)
    panels = [event for event in branch.events() if event.kind == "panel"]
    assert len(panels) == 2
    assert len({panel_key(event.data) for event in panels}) == 2


def test_a_line_up_recorded_by_an_earlier_process_is_found_again() -> None:
    branch = Branch(make_policy(4))
    branch.route()
    panel = branch.desk.leads[1].turn_panel
    lineup = branch.desk.panels[panel]
    branch.desk.panels.clear()
    branch.desk.panel_numbers.clear()
    before = branch.journal
    branch.journal = Journal(branch.desk, before.head, before.by, before.new_panels.get, before.new_salt)
    branch.route()
    assert branch.desk.leads[2].turn_panel == panel
    assert branch.desk.panels == {panel: lineup}


def test_every_thousandth_event_is_a_balance_of_all_accounts() -> None:
    branch = Branch(make_policy(3))
    credits: dict[int, Any] = {}
    while branch.journal.head.seq < 2005:
        credits[branch.journal.head.seq + 1] = {name: dict(found) for name, found in branch.desk.ledger.credit.items()}
        branch.route(quality=("hot", "warm")[len(branch.facts) % 2])
    balances = {event.seq: event for event in branch.events() if event.kind == "balance"}
    assert sorted(balances) == [1000, 2000]
    for number, event in balances.items():
        assert event.data == {"credit": credits[number]}


def test_free_text_of_a_person_stays_beside_the_chain() -> None:
    branch = Branch()
    event = branch.journal.record("lost", START, lead=branch.route().lead, agent="a01", note="moved to Ipoh")
    assert [note[:3] for note in branch.journal.notes] == [(event.seq, 1, "moved to Ipoh")]
    assert event.data["note"] == commitment("moved to Ipoh", bytes(16)).hex()
    assert "Ipoh" not in repr(branch.journal.pending)


def test_what_was_written_is_forgotten() -> None:
    branch = Branch()
    branch.deal(3)
    branch.journal.settle()
    desk = branch.desk
    assert (branch.journal.pending, branch.journal.notes, branch.journal.new_panels) == ([], [], {})
    changes = desk.changes
    assert (changes.agents, changes.leads, dict(changes.tallies), desk.ledger.changed) == (set(), set(), {}, set())


def test_every_kind_is_explained() -> None:
    assert all(KINDS.values())
