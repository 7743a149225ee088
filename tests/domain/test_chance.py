"""Is a difference more than chance: against textbook cases, against counting every split, and in laws."""

from __future__ import annotations

from itertools import product
from math import comb, sqrt
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.chance import SIGNIFICANT, Stratum, chance_of, distance, gap_of, unlikely

SIDE = st.integers(0, 12).flatmap(lambda leads: st.tuples(st.just(leads), st.integers(0, leads)))
STRATA = st.lists(st.builds(lambda one, other: Stratum(*one, *other), SIDE, SIDE), max_size=4)


def counted(strata: list[Stratum]) -> float:
    """The same by the definition: every way in which the wins of each stratum may fall, with its probability."""
    ways = []
    for n, won, m, other in strata:
        wins = won + other
        ways.append(
            [(x, comb(n, x) * comb(m, wins - x) / comb(n + m, wins)) for x in range(max(0, wins - m), min(n, wins) + 1)]
        )
    sums: dict[int, float] = {}
    for split in product(*ways):
        total, chance = sum(x for x, _ in split), 1.0
        for _, part in split:
            chance *= part
        sums[total] = sums.get(total, 0.0) + chance
    observed = sums[sum(stratum.won for stratum in strata)]
    return sum(chance for chance in sums.values() if chance <= observed * (1 + 1e-9))


def test_the_lady_tasting_tea_may_have_guessed() -> None:
    """R. A. Fisher, The Design of Experiments (1935): three of four cups right is chance, four of four not."""
    assert chance_of([Stratum(4, 3, 4, 1)]) == pytest.approx(34 / 70)
    assert chance_of([Stratum(4, 4, 4, 0)]) == pytest.approx(2 / 70)


@given(STRATA)
def test_the_chance_is_what_counting_every_split_gives(strata: list[Stratum]) -> None:
    assert chance_of(strata) == pytest.approx(min(1.0, counted([s for s in strata if s.tells])))


@given(STRATA)
def test_it_does_not_matter_which_group_is_called_the_first(strata: list[Stratum]) -> None:
    turned = [Stratum(s.other_leads, s.other_won, s.leads, s.won) for s in strata]
    assert chance_of(turned) == pytest.approx(chance_of(strata))
    gap, other = gap_of(strata), gap_of(turned)
    assert (gap is None) == (other is None)
    if gap is not None and other is not None:
        assert gap.gap == pytest.approx(-other.gap)
        assert (gap.low, gap.high) == pytest.approx((-other.high, -other.low))


def test_easier_leads_are_not_merit() -> None:
    """Simpson's paradox: each kind is won alike, but one group has the good kind; pooled it looks better."""
    strata = [Stratum(90, 36, 10, 4), Stratum(10, 1, 90, 9)]
    assert chance_of(strata) == pytest.approx(1.0)
    assert chance_of([Stratum(100, 37, 100, 13)]) < 0.001
    gap = gap_of(strata)
    assert gap is not None
    assert gap.gap == pytest.approx(0.0, abs=1e-9)


def test_of_many_teams_that_differ_by_chance_alone_one_in_twenty_is_named_at_most() -> None:
    chance, called = Random(7), 0
    for _ in range(400):
        strata = []
        for rate, n, m in ((0.1, 40, 60), (0.35, 30, 15)):
            strata.append(
                Stratum(
                    n, sum(chance.random() < rate for _ in range(n)), m, sum(chance.random() < rate for _ in range(m))
                )
            )
        called += chance_of(strata) < SIGNIFICANT
    assert called <= 400 * SIGNIFICANT


def test_the_interval_of_the_gap_holds_the_truth_as_often_as_it_says() -> None:
    chance, held = Random(8), 0
    for _ in range(400):
        strata = []
        for rate, n, m in ((0.1, 60, 60), (0.3, 60, 40)):
            won = sum(chance.random() < rate + 0.1 for _ in range(n))
            strata.append(Stratum(n, won, m, sum(chance.random() < rate for _ in range(m))))
        gap = gap_of(strata)
        assert gap is not None
        held += gap.low <= 0.1 <= gap.high
    assert 0.92 <= held / 400 <= 0.98


def test_groups_without_a_lead_of_the_same_kind_cannot_be_compared() -> None:
    strata = [Stratum(10, 5, 0, 0), Stratum(0, 0, 10, 1)]
    assert chance_of(strata) == 1.0
    assert gap_of(strata) is None


def test_thousands_of_wins_take_no_time_worth_mentioning() -> None:
    """As the normal approximation has it, which is good for counts like these."""
    one = Stratum(30_000, 4_900, 30_000, 5_100)
    apart = 3 * 200 / sqrt(3 * 2 * 30_000 * (1 / 6) * (5 / 6))
    assert chance_of([one] * 3) == pytest.approx(2 * (1 - NormalDist().cdf(apart)), rel=0.05)


def test_the_distance_of_two_mixes_is_the_share_that_would_have_to_change() -> None:
    assert distance({"a": 5, "b": 5}, {"a": 50, "b": 50}) == 0
    assert distance({"a": 3, "b": 1}, {"a": 1, "b": 3}) == pytest.approx(0.5)
    assert distance({"a": 3}, {"b": 4}) == 1


def test_of_several_results_only_those_beyond_holms_marks_are_named() -> None:
    assert unlikely([0.04, 0.01, 0.02]) == [True, True, True]
    assert unlikely([0.04, 0.017, 0.02]) == [False, False, False]
    assert unlikely([0.04, 0.016, 0.5]) == [False, True, False]
    assert unlikely([]) == []
