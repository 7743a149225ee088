"""A first contact is judged by the promise that held when the agent got the lead, whatever the policy says since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadrouter.domain.events import iso
from leadrouter.domain.months import month_period
from leadrouter.domain.policy import Policy, Team
from leadrouter.domain.promises import HOUR, MINUTE, Escalation, Reclaim, Sla
from leadrouter.reports.agent import agent_report
from leadrouter.reports.changes import month_before, this_month
from leadrouter.reports.cohort import Cohort
from leadrouter.reports.monthly import monthly_report
from leadrouter.reports.monthly_page import monthly_page
from leadrouter.reports.response import Response
from leadrouter.store.desks import load_desk
from leadrouter.usecases.tiers import standing
from tests.factories import make_agent, make_policy
from tests.reports.test_month_before import plain
from tests.usecases.house import House

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = Team(timezone="UTC", hours=tuple((day, 8 * 60, 10 * 60) for day in range(7)))
"""Eight to ten."""

CALM = Reclaim(None, None, attempts=None)


def promising(sla: Sla) -> Policy:
    """The same team, and what it promises now."""
    agents = (make_agent("aina", capacity=99), make_agent("bala", capacity=99))
    return make_policy(agents, sla=sla, team=OFFICE, reclaim=CALM, escalation=Escalation((), (), ()))


TWO_HOURS, HALF_AN_HOUR = Sla(), Sla(warm=30 * MINUTE)


def report(house: House, month: str = "2026-03") -> dict[str, Any]:
    return monthly_report(house.connection, house.session.policy.policy, month, house.now)


def warm(house: House, month: str = "2026-03") -> tuple[int, int]:
    """Promises kept, and settled."""
    (line,) = report(house, month)["response_by_quality"]
    return line["kept"], line["leads"]


@pytest.fixture
def changed() -> House:
    """Two hours were promised, half an hour since ten past nine. Leads 1 to 4 came before, 5 and 6 after that."""
    house = House(promising(TWO_HOURS), now=BEGIN)
    house.deal(4)
    house.wait(minutes=10)
    house.contact(1)
    house.load(promising(HALF_AN_HOUR))
    house.deal(2)  # in the very second in which it changed
    house.wait(minutes=80)
    house.contact(2)  # after 90 minutes, and two hours were promised
    house.contact(5)  # after 80, and half an hour was
    house.step("transfer", 3, to="bala" if house.lead(3).agent == "aina" else "aina")
    house.wait(minutes=45)
    house.contact(3)  # 45 minutes after the new holder got it; of the first one the time was not over
    house.contact(4)  # after 135
    return house


def test_each_lead_is_judged_by_the_promise_under_which_it_was_dealt(changed: House) -> None:
    kept, settled = warm(changed)
    assert (kept, settled) == (2, 6)  # 1 and 2; 3 by the second holder, 4, 5 and 6 were late


def test_a_later_policy_changes_no_figure_of_what_was_dealt_before(changed: House) -> None:
    before = report(changed)
    changed.load(promising(Sla(warm=48 * HOUR)))
    for key in ("response", "response_by_quality", "changes"):
        assert report(changed)[key] == before[key]
    changed.deal(1)
    assert warm(changed) == (2, 6), "the new one has two days"


def test_the_page_says_what_was_promised_and_that_it_changed(changed: House) -> None:
    data = report(changed)
    (line,) = data["response_by_quality"]
    assert (line["earlier_promises"], line["promised_minutes"]) == ([120], 30)
    page = monthly_page(data, changed.session.policy.policy)
    (team,) = (table for part in page.sections for table in part.tables if table.key == "response_by_quality")
    shown = {column.title: column.show(line).text for column in team.columns}
    assert shown["promise"] == "2.0 h, 30 min"
    assert "changed" in team.note
    steady = House(promising(TWO_HOURS), now=BEGIN)
    steady.deal(1)
    steady.contact(1)
    (line,) = report(steady)["response_by_quality"]
    assert (line["earlier_promises"], line["promised_minutes"]) == ([], 120)


def test_the_next_month_compares_with_what_was_kept_by_the_promises_of_then(changed: House) -> None:
    changed.load(promising(Sla(warm=48 * HOUR)))
    changed.now = datetime(2026, 4, 20, tzinfo=UTC)
    (before,) = (line["before"] for line in report(changed, "2026-04")["changes"] if line["what"] == "in_time")
    assert before == pytest.approx(2 / 6, abs=1e-4)


@pytest.mark.parametrize("clock", ["always", "team_hours"])
def test_counting_a_month_in_which_promises_changed_gives_what_reading_it_gives(clock: str, changed: House) -> None:
    changed.load(promising(Sla(warm=30 * MINUTE, clock=clock)))
    changed.deal(3)
    changed.wait(hours=1)
    changed.contact(7)
    changed.now = datetime(2026, 4, 20, tzinfo=UTC)
    policy, period = changed.session.policy.policy, month_period("2026-03", "UTC")
    cohort = Cohort(changed.connection, period, policy)
    one_by_one = this_month(cohort, Response(changed.connection, cohort.leads, policy, changed.now))
    stage = iso(changed.now + timedelta(days=99))
    assert plain(month_before(changed.connection, policy, period, stage, changed.now)) == plain(one_by_one)


def test_a_clock_of_hours_counts_for_what_was_dealt_under_it_alone() -> None:
    """Ten minutes before the office closes: an hour that stops at night is over the next morning."""
    house = House(promising(Sla(warm=HOUR)), now=BEGIN.replace(minute=50))
    house.deal(1)
    house.load(promising(Sla(warm=HOUR, clock="team_hours")))
    house.deal(1)
    house.load(promising(Sla(warm=HOUR)))
    house.now = BEGIN + timedelta(days=1, minutes=-30)
    house.contact(1)
    house.contact(2)
    assert warm(house) == (1, 2)
    kept = {lead: house.lead(lead).agent for lead in (1, 2)}
    lines = {line["agent"]: (line["kept"], line["leads"]) for line in report(house)["response"]}
    assert lines == {kept[1]: (0, 1), kept[2]: (1, 1)}


def test_the_report_of_an_agent_judges_alike(changed: House) -> None:
    """Also what was contacted before it was assigned, as the clock has it: that took no time."""
    changed.deal(1, quality="hot")
    changed.now -= timedelta(hours=5)
    changed.contact(7)
    changed.now += timedelta(hours=5)
    desk = load_desk(changed.connection)
    now = standing(changed.connection, desk, changed.now + timedelta(seconds=1))
    lines = [
        line for agent in ("aina", "bala") for line in agent_report(changed.connection, desk, now, agent)["contacts"]
    ]
    (hot,) = (line for line in lines if line["quality"] == "hot")
    assert (hot["kept"], hot["promises"], hot["median_minutes"]) == (1, 1, 0)
    lines.remove(hot)
    assert (sum(line["kept"] for line in lines), sum(line["promises"] for line in lines)) == (2, 6)
    assert {(*line["earlier_promises"], line["promised_minutes"]) for line in lines} == {(120, 30)}
