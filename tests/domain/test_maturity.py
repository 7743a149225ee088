"""How much of a month's conversion is in, measured on how long sales took."""

from __future__ import annotations

import pytest

from leadrouter.domain.maturity import horizon, wins_in

TENS = [10.0 * number for number in range(1, 21)]
"""Twenty sales: after 10, 20 ... 200 days."""


def test_leads_of_an_age_have_brought_the_share_of_the_sales_that_took_no_longer() -> None:
    assert wins_in([100], TENS) == pytest.approx(0.5)
    assert wins_in([9.9], TENS) == 0
    assert wins_in([200], TENS) == 1
    assert wins_in([100, 200], TENS) == pytest.approx(0.75)


def test_nothing_is_said_before_twenty_sales_are_known() -> None:
    assert wins_in([100], TENS) is not None
    assert horizon(TENS) is not None
    assert wins_in([100], TENS[1:]) is None
    assert horizon(TENS[1:]) is None


def test_leads_are_compared_by_the_days_in_which_three_quarters_of_the_sales_came() -> None:
    assert horizon(TENS) == 150
