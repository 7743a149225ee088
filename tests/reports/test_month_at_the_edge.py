"""Months that are easy to get wrong: one without leads, one in which the clocks change, the running one, the first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadrouter.domain.lead import Lead
from leadrouter.domain.months import Period
from leadrouter.domain.policy import Policy, Rule, Target, Team
from leadrouter.domain.promises import Acceptance, Handoff, Sla
from leadrouter.reports.cohort import ripeness
from leadrouter.reports.html_page import html_page
from leadrouter.reports.monthly import monthly_report
from leadrouter.reports.monthly_page import monthly_page
from leadrouter.store import monthly
from tests.factories import make_agent, make_policy
from tests.reports import ledger_by_hand as by_hand
from tests.usecases.house import House


def report(house: House, month: str) -> dict[str, Any]:
    return monthly_report(house.connection, house.session.policy.policy, month, house.now)


def berlin(**fields: Any) -> Policy:
    return make_policy(2, team=Team(timezone="Europe/Berlin", hours=((6, 0, 24 * 60), (5, 0, 24 * 60))), **fields)


@pytest.mark.parametrize(("age", "maturing"), [(94, True), (95, False)])
def test_a_month_is_young_until_95_of_100_wins_to_expect_are_in(age: int, maturing: bool) -> None:
    """Sales took 1, 2 ... 100 days; the month's one lead is so many days old, and open."""
    house = House(make_policy(1))
    house.route()
    leads = monthly.cohort(house.connection, Period("2026-01", "2027-01"))
    found = ripeness(leads, range(1, 101), house.now + timedelta(days=age))
    assert (found["wins_in"], found["maturing"]) == (age / 100, maturing)


@pytest.mark.parametrize("month", ["2026-03", "2026-04", "2024-02", "1970-01", "8999-12"])
def test_a_month_without_leads_is_a_short_report_without_a_figure_too_many(month: str) -> None:
    house = House(make_policy(2))
    data = report(house, month)
    assert (data["received"], data["distribution"], data["response"], data["triggers"]) == (0, [], [], [])
    assert all(entries == [] for entries in data["conversion"].values())
    assert data["ripeness"] == {"still_open": 0, "wins_in": None, "days_to_win": None, "maturing": False}
    page = monthly_page(data, house.session.policy.policy)
    assert page.verdict[0].startswith("0 leads came in" if data["begun"] else "It begins on 1 ")
    assert page.verdict[-1] == "Nothing calls for a closer look."
    assert [section.title for section in page.sections] == ["open leads now"]
    assert "nan" not in html_page(page)


def test_who_was_only_asked_never_had_a_lead_and_an_isa_who_handed_it_off_did() -> None:
    """On the evening of a month's last day one lead is still on offer; the other is with the field already."""
    agents = (make_agent("ida", role="isa"), make_agent("aina"))
    rules = (
        Rule("sellers", ("intent", "in", ("seller",)), Target("role", ("isa",)), then="qualify"),
        Rule("everyone", None, Target("all")),
    )
    house = House(Policy(agents, rules=rules, acceptance=Acceptance(hot=600), handoff=Handoff(())))
    house.route(quality="hot")
    seller = house.route(intent="seller").lead
    house.step("handoff", seller)
    data = report(house, "2026-03")
    assert [(entry["name"], entry["leads"]) for entry in data["conversion"]["agent"]] == [("aina", 1)]
    mix = {entry["agent"]: (entry["hot"], entry["warm"]) for entry in data["totals"]}
    assert mix == {"ida": (0, 1), "aina": (0, 1)}


def test_a_month_in_which_the_clocks_change_holds_its_first_and_its_last_second() -> None:
    """In Berlin March 2026 begins at 23:00 and ends at 22:00 UTC; October 2026 the other way round."""
    house = House(berlin(), now=datetime(2026, 11, 15, tzinfo=UTC))
    moments = {
        "2026-02": ["2026-02-28T22:59:59Z"],
        "2026-03": ["2026-02-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-31T21:59:59Z"],
        "2026-04": ["2026-03-31T22:00:00Z"],
        "2026-10": ["2026-09-30T22:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-31T22:59:59Z"],
        "2026-11": ["2026-10-31T23:00:00Z"],
    }
    for number, moment in enumerate(moment for several in moments.values() for moment in several):
        house.receive(Lead(email=f"p{number}@example.com", received_at=moment))
    for month, several in moments.items():
        assert report(house, month)["received"] == len(several), month


def test_a_promise_over_the_change_of_the_clocks_is_kept_by_real_hours() -> None:
    """At 01:30 in Berlin on 29 March, two hours later it is 04:30 on the wall: a contact at 04:29 is in time."""
    house = House(berlin(), now=datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    first, second = house.route().lead, house.route().lead
    house.wait(hours=1, minutes=59)
    house.contact(first)
    house.wait(minutes=2)
    house.contact(second)
    (line,) = report(house, "2026-03")["response_by_quality"]
    assert (line["kept"], line["leads"]) == (1, 2)


def test_with_a_clock_of_working_hours_a_night_breaks_no_promise() -> None:
    """Open on Saturdays and Sundays alone: a lead of Friday is promised for Saturday at 02:00."""
    house = House(berlin(sla=Sla(clock="team_hours")), now=datetime(2026, 3, 6, 12, 0, tzinfo=UTC))
    first, second = house.route().lead, house.route().lead
    house.now = datetime(2026, 3, 7, 0, 59, tzinfo=UTC)
    house.contact(first)
    house.wait(minutes=2)
    house.contact(second)
    (line,) = report(house, "2026-03")["response_by_quality"]
    assert (line["kept"], line["leads"]) == (1, 2)


def test_the_running_month_is_compared_with_as_much_of_the_month_before() -> None:
    house = House(make_policy(2), now=datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
    for day, count in ((1, 3), (10, 4), (11, 5), (25, 6)):
        house.now = datetime(2026, 3, day, 9, 0, tzinfo=UTC)
        house.deal(count)
    house.now = datetime(2026, 4, 10, 12, 0, tzinfo=UTC)
    house.deal(2)
    data = report(house, "2026-04")
    assert data["running"] is True
    assert data["compared_with"] == {"month": "2026-03", "until": "2026-03-10T12:00:00Z"}
    assert data["changes"][0] == {"what": "received", "before": 7, "now": 2}
    page = monthly_page(data, house.session.policy.policy)
    assert page.title.endswith("April 2026 so far")
    assert page.verdict[0] == "2 leads came in (7 in March 2026 by then)."
    assert report(house, "2026-03")["running"] is False
    assert report(house, "2026-03")["changes"][0] == {"what": "received", "before": 0, "now": 18}


def test_of_a_month_to_come_it_says_when_it_begins_and_what_is_so_now() -> None:
    house = House(make_policy(2), now=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
    house.deal(3)
    data = report(house, "2026-04")
    assert (data["begun"], data["running"]) == (False, False)
    page = monthly_page(data, house.session.policy.policy)
    assert page.title.endswith("April 2026, which has not begun")
    assert page.verdict[0] == "It begins on 1 April 2026."
    assert not [sentence for sentence in page.verdict if "so far" in sentence or "this month" in sentence]
    assert [report(house, "2026-03")[key] for key in ("begun", "running")] == [True, True]


def test_leads_of_a_month_to_come_are_told_with_what_brought_them_there() -> None:
    house = House(make_policy(2), now=datetime(2027, 4, 2, 9, 0, tzinfo=UTC))
    house.deal(1)
    house.now = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    page = monthly_page(report(house, "2027-04"), house.session.policy.policy)
    assert "Dated in it already, by a clock that was ahead: 1 lead." in page.verdict


def test_a_promise_that_still_runs_is_neither_kept_nor_broken() -> None:
    house = House(make_policy(2), now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    house.route()
    house.wait(hours=2)
    assert report(house, "2026-03")["response"] == []
    house.wait(seconds=1)
    assert [(line["kept"], line["leads"]) for line in report(house, "2026-03")["response"]] == [(0, 1)]


def test_an_offer_nobody_has_answered_promises_nothing_yet() -> None:
    from leadrouter.domain.promises import ASKING

    house = House(make_policy(2, acceptance=ASKING), now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    house.route()
    house.wait(hours=5)
    assert report(house, "2026-03")["response"] == []


def test_a_lead_that_waited_over_the_end_of_a_month_makes_no_share_negative() -> None:
    """Each month is told as it ended: in October nobody could take four of them, in November they were dealt."""

    def shares(month: str) -> list[tuple[float, float, float]]:
        lines = report(house, month)["distribution"]
        return [(line["due"], line["full_share"], line["lost_to"]["capacity"]) for line in lines]

    team = [make_agent("aina", capacity=2), make_agent("bala", capacity=2)]
    house = House(make_policy(team), now=datetime(2026, 10, 30, 10, tzinfo=UTC))
    house.deal(8)
    october = shares("2026-10")
    assert october == [(1.5, 4, 2.5), (2.5, 4, 2)]
    house.wait(days=3)
    assert shares("2026-11") == [(0, 2, 2), (0, 2, 2)]
    for lead in range(1, 5):
        house.contact(lead)
        house.step("won", lead, value=5.0)
    house.sweep()
    november = shares("2026-11")
    assert [(full, lost >= 0) for _, full, lost in november] == [(2, True), (2, True)]
    assert sum(due for due, _, _ in november) == 4
    assert shares("2026-10") == october
    assert shares("2026-12") == []
    for month in ("2026-10", "2026-11"):
        books = by_hand.dealing(by_hand.events(house.connection), month)
        found = {(line["rotation"], line["agent"]): line["full_share"] for line in report(house, month)["distribution"]}
        assert found == {key: float(share) for key, share in books.full.items()}
