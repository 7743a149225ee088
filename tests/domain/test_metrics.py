"""Rates and their uncertainty, checked against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.metrics import Rate, mean_and_median, rate


def test_without_leads_there_is_no_rate() -> None:
    assert rate(0, 0) == Rate(0, 0, None, None, None)


@pytest.mark.parametrize(
    ("won", "leads", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(won: int, leads: int, low: float, high: float) -> None:
    found = rate(won, leads)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda leads: st.tuples(st.integers(0, leads), st.just(leads))))
def test_the_interval_holds_the_rate_and_stays_between_nothing_and_all(counts: tuple[int, int]) -> None:
    found = rate(*counts)
    assert found.low is not None
    assert found.rate is not None
    assert found.high is not None
    assert 0 <= found.low <= found.rate + 1e-12
    assert found.rate - 1e-12 <= found.high <= 1
    assert found.low < found.high


def test_more_leads_make_a_narrower_interval() -> None:
    widths = [found.high - found.low for found in (rate(n, 10 * n) for n in (1, 10, 100)) if found.high and found.low]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], (None, None)), ([3.0], (3.0, 3.0)), ([1.0, 2.0, 9.0], (4.0, 2.0)), ([1.0, 2.0], (1.5, 1.5))],
)
def test_mean_and_median(values: list[float], expected: tuple[float | None, float | None]) -> None:
    assert mean_and_median(values) == expected
