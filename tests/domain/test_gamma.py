"""The gamma distribution against values that anyone can look up, and the laws it must obey."""

from __future__ import annotations

from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain import gamma


@pytest.mark.parametrize(
    ("x", "shape", "rate", "share"),
    [
        pytest.param(1.0, 1.0, 1.0, 1 - exp(-1), id="exponential"),
        pytest.param(3.0, 1.0, 2.0, 1 - exp(-6), id="exponential of another rate"),
        pytest.param(18.307038, 5.0, 0.5, 0.95, id="chi-square of 10 degrees, the 5 % point of every table"),
        pytest.param(3.841459, 0.5, 0.5, 0.95, id="chi-square of 1 degree"),
        pytest.param(124.342113, 50.0, 0.5, 0.95, id="chi-square of 100 degrees"),
        pytest.param(77.929465, 50.0, 0.5, 0.05, id="its lower 5 % point"),
        pytest.param(2.0, 4.0, 1.0, 1 - 0.857123, id="Poisson of mean 2: not more than 3, from its table"),
        pytest.param(0.0, 2.0, 1.0, 0.0, id="nothing is below nothing"),
        pytest.param(1e6, 2.0, 1.0, 1.0, id="everything is below a lot"),
    ],
)
def test_the_distribution_gives_the_values_of_the_tables(x: float, shape: float, rate: float, share: float) -> None:
    assert gamma.below(x, shape, rate) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("share", "degrees", "point"),
    [(0.95, 10, 18.307038), (0.95, 1, 3.841459), (0.025, 10, 3.246973), (0.975, 10, 20.483177), (0.5, 2, 1.386294)],
)
def test_the_quantiles_are_those_of_the_chi_square_table(share: float, degrees: int, point: float) -> None:
    found = gamma.quantile(share, lambda x: gamma.below(x, degrees / 2, 0.5), degrees)
    assert found == pytest.approx(point, rel=1e-5)


@given(st.floats(0.05, 5000), st.floats(0.01, 3))
def test_its_two_expansions_meet_and_it_only_rises(shape: float, spread: float) -> None:
    low, high = gamma.below(shape + 1 - 1e-9, shape), gamma.below(shape + 1 + 1e-9, shape)
    assert low == pytest.approx(high, abs=1e-8)
    further = gamma.below(shape + 1 + spread * sqrt(shape), shape)
    assert 0 <= low <= further + 1e-12 <= 1 + 1e-9


@given(st.floats(0.2, 2000), st.floats(0.001, 0.999))
def test_the_quantile_is_the_inverse(shape: float, share: float) -> None:
    point = gamma.quantile(share, lambda x: gamma.below(x, shape), shape)
    assert gamma.below(point, shape) == pytest.approx(share, abs=1e-4)
