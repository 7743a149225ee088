"""The accounts: whatever is posted, what some are owed is what others owe."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.ledger import Account, Ledger
from leadrouter.domain.rounds import UNIT, Panel, correction, leads, panel_of, reverse, turn, write_off
from tests.factories import WEIGHTS

AGENTS = "abcdefghijklmnopqrst"

panels = st.lists(st.sampled_from(WEIGHTS), min_size=1, max_size=20).map(
    lambda weights: panel_of(zip(AGENTS, weights, strict=False))
)
turns = st.lists(st.tuples(panels, st.sampled_from(("one", "two")), st.integers(0, 19)), max_size=40)


def dealt(movements: list[tuple[Panel, str, int]]) -> Ledger:
    """A ledger after these turns, each paid by somebody on its panel."""
    ledger = Ledger()
    for panel, rotation, payer in movements:
        ledger.post(turn(rotation, panel, panel[payer % len(panel)][0]), 1)
    return ledger


def books(ledger: Ledger) -> tuple[dict[str, dict[str, Account]], dict[str, int]]:
    accounts = {rotation: dict(ledger.accounts(rotation)) for rotation in ledger.credit}
    return accounts, dict(ledger.total)


def assert_balanced(ledger: Ledger) -> None:
    for credits in ledger.credit.values():
        assert sum(credits.values()) == 0
    for agent, total in ledger.total.items():
        assert total == sum(credits.get(agent, 0) for credits in ledger.credit.values())


@given(turns)
def test_credits_sum_to_zero_and_totals_add_up(movements: list[tuple[Panel, str, int]]) -> None:
    assert_balanced(dealt(movements))


@given(turns)
def test_credit_is_what_was_due_less_what_was_received(movements: list[tuple[Panel, str, int]]) -> None:
    ledger = dealt(movements)
    lost = sum(UNIT % panel.weights for panel, _, _ in movements)
    for rotation in ledger.credit:
        for account in ledger.accounts(rotation).values():
            assert abs(account.credit - (account.due - account.received * UNIT)) <= lost
        assert sum(account.received for account in ledger.accounts(rotation).values()) == sum(
            1 for _, name, _ in movements if name == rotation
        )


@given(turns, panels, st.integers(0, 19))
def test_a_reversed_turn_leaves_no_trace(movements: list[tuple[Panel, str, int]], panel: Panel, payer: int) -> None:
    ledger = dealt([*movements, (panel, "one", payer)])
    before = books(ledger)
    entry = turn("one", panel, panel[payer % len(panel)][0])
    ledger.post(entry, 1)
    assert books(ledger) != before
    ledger.post(reverse(entry), -1)
    assert books(ledger) == before


@given(turns, panels, st.integers(-5 * UNIT, 5 * UNIT))
def test_a_leaver_keeps_no_more_than_an_indivisible_residue(
    movements: list[tuple[Panel, str, int]], others: Panel, credit: int
) -> None:
    ledger = dealt(movements)
    ledger.post(turn("one", others, "leaver"), 0)
    before = ledger.credit["one"]["leaver"]
    entry = write_off("one", "leaver", before, others)
    assert entry is not None
    ledger.post(entry)
    assert_balanced(ledger)
    rest = ledger.credit["one"]["leaver"]
    assert abs(rest) < others.weights
    assert rest * before >= 0


@pytest.mark.parametrize(
    ("credit", "others"),
    [
        pytest.param(5 * UNIT, panel_of([]), id="nobody is left to take it over"),
        pytest.param(0, panel_of([("a", 1)]), id="nothing to share"),
        pytest.param(2, panel_of([("a", 1), ("b", 2)]), id="less than one unit for each"),
        pytest.param(-2, panel_of([("a", 1), ("b", 2)]), id="a debt of less than one unit for each"),
    ],
)
def test_nothing_is_written_off_where_nothing_can_be_shared(credit: int, others: Panel) -> None:
    assert write_off("one", "leaver", credit, others) is None


@given(turns, panels, st.fractions(-1000, 1000, max_denominator=60))
def test_a_correction_is_paid_by_the_others_to_the_last_unit(
    movements: list[tuple[Panel, str, int]], others: Panel, amount: Fraction
) -> None:
    ledger = dealt(movements)
    before = ledger.account("one", "zoe")
    ledger.post(correction("one", "zoe", amount, others))
    after = ledger.account("one", "zoe")
    assert_balanced(ledger)
    assert abs(after.credit - before.credit - amount * UNIT) < others.weights
    assert (after.due, after.received) == (before.due, before.received)


def test_a_correction_is_shared_by_the_weights_of_those_who_pay() -> None:
    ledger = Ledger()
    ledger.post(correction("one", "zoe", Fraction(3, 2), Panel((("a", 2), ("b", 1)))))
    assert {agent: leads(account.credit) for agent, account in ledger.accounts("one").items()} == {
        "a": -1.0,
        "b": -0.5,
        "zoe": 1.5,
    }


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20), st.integers(1, 500))
def test_weights_in_the_same_proportion_make_the_same_panel(weights: list[int], factor: int) -> None:
    small = panel_of(zip(AGENTS, weights, strict=False))
    assert small == panel_of(zip(AGENTS, [weight * factor for weight in weights], strict=False))
    assert [Fraction(weight, small.weights) for _, weight in small] == [
        Fraction(weight, sum(weights)) for weight in weights
    ]


def test_a_lead_divides_evenly_among_every_team_of_up_to_sixteen() -> None:
    for size in range(1, 17):
        assert panel_of((agent, 1) for agent in AGENTS[:size]).quantum * size == UNIT


@given(turns)
def test_accounts_kept_elsewhere_come_back_as_they_were(movements: list[tuple[Panel, str, int]]) -> None:
    ledger, again = dealt(movements), Ledger()
    for rotation in ledger.credit:
        for agent, account in ledger.accounts(rotation).items():
            again.open_account(rotation, agent, account)
    assert books(again) == books(ledger)
    assert again.changed == set()


def test_an_account_that_never_moved_is_all_zeros() -> None:
    assert Ledger().account("one", "a") == Account(0, 0, 0)
    assert dict(Ledger().accounts("one")) == {}


def test_the_rotations_that_moved_are_known() -> None:
    ledger = dealt([(Panel((("a", 1), ("b", 1))), "one", 0)])
    assert ledger.changed == {"one"}
