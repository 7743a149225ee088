"""One cut of a period, two methods compared, twelve months: against counts from the bare rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest

from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import Rule, Target
from leadrouter.domain.promises import Acceptance
from leadrouter.reports.cuts import cut_report, method_report, trend_report
from leadrouter.reports.cuts_page import comparison_words, cut_page
from leadrouter.usecases.past import keep_past
from tests.factories import make_policy
from tests.reports import ledger_by_hand as by_hand
from tests.reports.story import POLICY
from tests.usecases.house import House

DATES = ("2026-09-10", "2026-10-05")


def in_between(lead: dict[str, Any]) -> bool:
    date = str(lead["received_at"].astimezone(by_hand.KUALA_LUMPUR).date())
    return DATES[0] <= date <= DATES[1]


@pytest.mark.parametrize("cut", ["source", "quality", "territory", "method"])
def test_a_cut_counts_the_leads_that_came_in_between_both_dates(cut: str, house: House) -> None:
    report = cut_report(house.connection, POLICY, cut, DATES, house.now)
    leads = [lead for lead in by_hand.leads(house.connection) if in_between(lead)]
    entries = report[cut]
    if cut != "territory":  # a lead in two territories counts in both
        assert sum(entry["leads"] + entry["void"] for entry in entries) == len(leads)
    assert (report["from"], report["to"], report["by"]) == (*DATES, cut)
    columns: dict[str, Callable[[dict[str, Any]], str]] = {
        "source": lambda lead: lead["source"] or "(none)",
        "quality": lambda lead: lead["quality"],
    }
    for entry in entries if cut in columns else []:
        group = [lead for lead in leads if columns[cut](lead) == entry["name"]]
        won = [lead for lead in group if lead["state"] == "won"]
        waited = [
            (lead["contacted_at"] - lead["received_at"]) / timedelta(minutes=1)
            for lead in group
            if lead["contacted_at"]
        ]
        took = [(lead["closed_at"] - lead["received_at"]) / timedelta(days=1) for lead in won]
        assert entry["won"] == len(won)
        assert entry["lost"] == sum(lead["state"] == "lost" for lead in group)
        assert entry["open"] == sum(lead["state"] not in ("won", "lost", "void") for lead in group)
        assert entry["value"] == pytest.approx(sum(lead["value"] for lead in won))
        assert entry["median_days"] == (pytest.approx(median(took), abs=0.051) if took else None)
        assert entry["receipt_to_contact_minutes"] == (pytest.approx(median(waited), abs=0.051) if waited else None)


def test_the_trend_tells_for_each_month_what_its_own_report_tells(house: House, october: dict[str, Any]) -> None:
    trend = trend_report(house.connection, POLICY, "2026-10", house.now)["trend"]
    assert [month["month"] for month in trend][-3:] == ["2026-08", "2026-09", "2026-10"]
    assert len(trend) == 12
    last, changes = trend[-1], {entry["what"]: entry["now"] for entry in october["changes"]}
    assert (last["received"], last["void"], last["won"]) == (
        october["received"],
        october["void"],
        october["closed"]["won"],
    )
    assert last["value"] == october["closed"]["value"]
    assert last["rate"] == changes["conversion"]
    assert (last["in_time"], last["reclaimed"], last["declined"]) == (
        changes["in_time"], changes["reclaimed"], changes["declined"],
    )  # fmt: skip
    scores = [
        row.data["score"]
        for row in by_hand.events(house.connection)
        if row.kind == "rated" and by_hand.month_of(row.really) == "2026-10"
    ]
    assert last["satisfaction"] == pytest.approx(sum(scores) / len(scores), abs=0.01)
    assert sum(month["received"] for month in trend) == len(by_hand.leads(house.connection))


# --- two methods ----------------------------------------------------------------------------------------------

RULES = (
    Rule("one", ("campaign", "in", ("one",)), Target(), "round_robin"),
    Rule("other", None, Target(), "least_busy"),
)
YEAR = ("2026-01-01", "2026-12-31")


class Office:
    """Two methods at work, with sales that take ten days."""

    def __init__(self) -> None:
        self.house = House(make_policy(4, rules=RULES), now=datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
        past = datetime(2025, 6, 1, tzinfo=UTC)
        rows = [
            PastLead(
                Lead(email=f"past{number}@example.com", received_at="2025-06-01T00:00:00Z"), "a01", "won",
                closed_at=past + timedelta(days=1 + number % 10),
            )
            for number in range(40)
        ]  # fmt: skip
        keep_past(self.house.session, rows, self.house.now)

    def deal(self, campaign: str, source: str, leads: int, wins: int) -> None:
        """So many leads of one method on this day, so many of them won five days later."""
        now = self.house.now
        taken = self.house.receive(*[self.house.person(campaign=campaign, source=source) for _ in range(leads)])
        for each in taken:
            self.house.contact(each.state.lead)
        self.house.now = now + timedelta(days=5)
        for place, each in enumerate(taken):
            self.house.step("won" if place < wins else "lost", each.state.lead)
        self.house.now = now

    def compared(self, days: int = 100) -> dict[str, Any]:
        now = self.house.now + timedelta(days=days)
        policy = self.house.session.policy.policy
        report = method_report(self.house.connection, policy, ("round_robin", "least_busy"), YEAR, now)
        found: dict[str, Any] = report["comparison"]
        assert comparison_words(found)[0] in cut_page(report, policy).sections[-1].sentences
        return found


def test_a_gap_beyond_chance_is_called_so_with_its_interval() -> None:
    office = Office()
    office.deal("one", "web", 80, 40)
    office.deal("two", "web", 80, 16)
    found = office.compared()
    assert found["verdict"] == "more_than_chance"
    assert found["chance"] < 0.001
    assert found["gap"]["gap"] == pytest.approx(0.3)
    assert 0.1 < found["gap"]["low"] < 0.3 < found["gap"]["high"] < 0.5
    assert found["side_by_side"] is True
    assert comparison_words(found)[0].startswith(
        "More than chance: round_robin won 30.0 points more often than least_busy"
    )


def test_a_gap_that_chance_makes_is_not_called_better() -> None:
    office = Office()
    office.deal("one", "web", 80, 20)
    office.deal("two", "web", 80, 16)
    found = office.compared()
    assert found["verdict"] == "chance"
    assert "Neither may be called better" in comparison_words(found)[0]


def test_who_only_had_the_better_leads_is_not_called_better() -> None:
    """Referrals are won five times as often, and one method had nearly all of them: the raw rates lie."""
    office = Office()
    office.deal("one", "referral", 90, 54)
    office.deal("one", "web", 12, 1)
    office.deal("two", "referral", 12, 7)
    office.deal("two", "web", 90, 9)
    found = office.compared()
    assert found["verdict"] == "chance"
    one, other = found["sides"]
    assert one["rate"] > 0.5 > 0.2 > other["rate"]
    assert found["mix"]["source"]["distance"] == pytest.approx(78 / 102, abs=1e-4)


def test_leads_of_different_kinds_are_not_compared_at_all() -> None:
    office = Office()
    office.deal("one", "referral", 80, 40)
    office.deal("two", "web", 80, 8)
    found = office.compared()
    assert (found["verdict"], found["comparable"], found["without_counterpart"]) == ("not_comparable", 0.0, 160)


def test_methods_that_followed_each_other_are_compared_with_a_warning() -> None:
    office = Office()
    office.deal("one", "web", 80, 40)
    office.house.wait(days=60)
    office.deal("two", "web", 80, 16)
    found = office.compared()
    assert (found["side_by_side"], found["verdict"]) == (False, "more_than_chance")
    assert any("hardly ran in the same months" in words for words in comparison_words(found))


def test_fewer_than_fifty_leads_say_nothing() -> None:
    office = Office()
    office.deal("one", "web", 49, 40)
    office.deal("two", "web", 80, 16)
    assert office.compared()["verdict"] == "too_few"


def test_only_leads_that_had_the_same_time_are_compared() -> None:
    """Three quarters of the sales before took eight days: younger leads wait."""
    office = Office()
    office.deal("one", "web", 60, 30)
    office.deal("two", "web", 60, 30)
    young, old = office.compared(days=4), office.compared(days=9)
    assert (young["horizon_days"], young["too_young"], young["verdict"]) == (8, 120, "too_few")
    assert (old["horizon_days"], old["too_young"]) == (5, 0), "these sales are known by then, and were quicker"
    assert [side["won"] for side in old["sides"]] == [30, 30]


def test_a_sale_that_took_longer_than_the_others_may_take_does_not_count() -> None:
    office = Office()
    office.deal("one", "web", 60, 30)
    office.deal("two", "web", 60, 0)
    slow = [lead for lead in by_hand.leads(office.house.connection) if lead["campaign"] == "two"]
    for lead in slow[:20]:
        office.house.step("reopen", lead["lead"])
    office.house.wait(days=40)
    for lead in slow[:20]:
        office.house.step("won", lead["lead"])
    found = office.compared()
    assert found["horizon_days"] == 10
    assert [side["won"] for side in found["sides"]] == [30, 0]


def test_a_lead_answers_for_the_method_that_dealt_it_first() -> None:
    office = Office()
    lead = office.house.route(campaign="one", source="web")
    office.house.step("transfer", lead.lead, to="a02" if lead.agent != "a02" else "a03")
    report = cut_report(office.house.connection, office.house.session.policy.policy, "method", YEAR, office.house.now)
    assert {entry["name"]: entry["leads"] for entry in report["method"]} == {"round_robin": 1}


def test_so_does_one_that_was_moved_on_while_it_was_only_offered() -> None:
    house = House(make_policy(3, acceptance=Acceptance(300, 300, 300)))
    house.step("accept", house.receive(house.person(email="known@example.com"))[0].state.lead)
    house.step("won", 1)
    again = house.receive(house.person(email="known@example.com"))[0].state
    assert (again.state, again.agent, again.reason) == ("offered", "a01", "relationship")
    house.step("transfer", again.lead, to="a02")
    report = cut_report(house.connection, house.session.policy.policy, "method", YEAR, house.now)
    assert {entry["name"]: entry["leads"] for entry in report["method"]} == {"round_robin": 1, "relationship": 1}


def test_of_methods_that_are_the_same_one_in_twenty_is_called_different_at_most() -> None:
    chance, called = Random(5), 0
    for _ in range(12):
        office = Office()
        for source, rate in (("web", 0.1), ("referral", 0.4)):
            for campaign in ("one", "two"):
                office.deal(campaign, source, 40, sum(chance.random() < rate for _ in range(40)))
        called += office.compared()["verdict"] == "more_than_chance"
    assert called <= 1
