"""The promise on the first contact: kept at the second it runs out, broken one later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from leadrouter.domain.promises import Sla
from leadrouter.domain.response import Stint, kept_promise, stints
from tests.factories import START, Branch, make_policy

SECOND = timedelta(seconds=1)
MUCH_LATER = START + timedelta(days=30)
PROMISES = {"hot": timedelta(minutes=15), "warm": timedelta(hours=2), "cold": timedelta(hours=24)}


@pytest.mark.parametrize("quality", PROMISES)
def test_by_default_a_first_contact_is_promised_within_15_minutes_2_hours_or_a_day(quality: str) -> None:
    promised, until = Sla().promised(quality), START + PROMISES[quality]

    def kept(attempted: datetime | None, now: datetime) -> bool | None:
        return kept_promise(Stint("aina", START, attempted, None), promised, now)

    assert kept(until, MUCH_LATER) is True
    assert kept(until + SECOND, MUCH_LATER) is False
    assert kept(None, until) is None
    assert kept(None, until + SECOND) is False


@pytest.mark.parametrize(
    ("taken_back", "kept"),
    [
        pytest.param(timedelta(hours=2), None, id="in time: it was cut short"),
        pytest.param(timedelta(hours=2, seconds=1), False, id="too late: it was broken"),
    ],
)
def test_a_promise_ends_with_the_holder(taken_back: timedelta, kept: bool | None) -> None:
    stint = Stint("aina", START, None, START + taken_back)
    assert kept_promise(stint, Sla().warm, MUCH_LATER) is kept


def test_the_share_to_keep_is_95_percent_by_default() -> None:
    assert Sla().target == 0.95


def test_each_holder_has_a_stint_of_their_own() -> None:
    branch = Branch(make_policy(3))
    branch.route()
    branch.wait(hours=1)
    branch.contact(1, "no_answer")
    branch.wait(hours=1)
    branch.contact(1, "no_answer")
    branch.wait(hours=1)
    branch.transfer(1, "a03")
    branch.wait(hours=1)
    branch.reclaim(1)
    hours = [START + timedelta(hours=hour) for hour in range(5)]
    assert stints(event for event in branch.events() if event.lead == 1) == [
        Stint("a01", hours[0], hours[1], hours[3], policy=1),
        Stint("a03", hours[3], None, hours[4], policy=1),
        Stint("a02", hours[4], None, None, policy=1),
    ]


def test_a_lead_that_waited_for_an_agent_has_no_stint_before() -> None:
    branch = Branch(make_policy(1))
    branch.pause("a01")
    branch.route()
    branch.wait(hours=5)
    branch.back("a01")
    branch.retry(1)
    found = stints(event for event in branch.events() if event.lead == 1)
    assert found == [Stint("a01", branch.now, None, None, policy=1)]


def test_reopening_goes_on_with_the_stint_that_the_closing_ended_and_with_no_other() -> None:
    branch = Branch(make_policy(2))
    branch.deal(2)
    branch.wait(minutes=5)
    released = branch.now
    branch.record("released", 1, "a01")
    branch.record("pooled", 1, reason="posted", quality="warm")
    for lead in (1, 2):
        branch.close(lead, "lost")
    branch.wait(hours=1)
    for lead in (1, 2):
        branch.reopen(lead)
    found = [stints(event for event in branch.events() if event.lead == lead) for lead in (1, 2)]
    assert found == [[Stint("a01", START, None, released, policy=1)], [Stint("a02", START, None, None, policy=1)]]
