"""What the report says should be looked into: each trigger where it is due, and not where chance explains it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from leadrouter.domain.chance import SIGNIFICANT
from leadrouter.domain.policy import Policy, Rule, Target
from leadrouter.domain.promises import ASKING
from leadrouter.reports.monthly import monthly_report
from leadrouter.reports.monthly_page import TRIGGERS, monthly_page, trigger_words
from leadrouter.reports.triggers import voiding
from leadrouter.store.monthly import CohortLead
from leadrouter.usecases.complaints import complain
from tests.factories import make_policy, make_team
from tests.usecases.house import House

FEBRUARY = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
END = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)


def triggers(house: House, name: str, month: str = "2026-03") -> list[dict[str, Any]]:
    report = monthly_report(house.connection, house.session.policy.policy, month, house.now)
    return [trigger for trigger in report["triggers"] if trigger["trigger"] == name]


def two_months(policy: Policy | None = None) -> House:
    return House(policy or make_policy(2), now=FEBRUARY)


def contacts(house: House, count: int, late: int) -> None:
    """So many warm leads in a row for everybody, the first `late` of them contacted an hour after the promise."""
    for number in range(count):
        lead = house.route().lead
        house.wait(hours=3 if number < late else 1)
        house.contact(lead)
        house.step("lost", lead)


def test_promises_missed_two_months_running_are_named_with_both_months() -> None:
    house = two_months()
    contacts(house, 20, late=6)
    house.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    contacts(house, 20, late=8)
    found = triggers(house, "sla_missed_two_months")
    assert [(t["agent"], t["rate"], t["leads"], t["before"], t["leads_before"]) for t in found] == [
        ("a01", 0.6, 10, 0.7, 10),
        ("a02", 0.6, 10, 0.7, 10),
    ]


@pytest.mark.parametrize(("leads", "named"), [(4, []), (5, ["a01", "a02"])])
def test_a_share_of_fewer_than_five_promises_says_nothing(leads: int, named: list[str]) -> None:
    house = two_months()
    contacts(house, 2 * leads, late=2 * leads)
    house.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    contacts(house, 2 * leads, late=2 * leads)
    assert [trigger["agent"] for trigger in triggers(house, "sla_missed_two_months")] == named


def test_one_bad_month_is_no_pattern() -> None:
    house = two_months()
    contacts(house, 20, late=0)
    house.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    contacts(house, 20, late=8)
    assert triggers(house, "sla_missed_two_months") == []


METHODS = (
    Rule("one", ("campaign", "in", ("one",)), Target(), "round_robin"),
    Rule("other", None, Target(), "least_busy"),
)


def sold(house: House, count: int, wins: int, **fields: Any) -> None:
    for number in range(count):
        lead = house.route(**fields).lead
        house.contact(lead)
        house.step("won" if number < wins else "lost", lead)
        house.wait(minutes=30)


def test_leads_that_nobody_could_take_are_the_first_thing_to_look_into() -> None:
    """With how many wait, and what most often kept everybody from them."""
    house = two_months(make_policy(make_team(2, capacity=1)))
    for _ in range(5):
        house.route(intent="seller")
    (found,) = triggers(house, "unassigned", "2026-02")
    assert (found["leads"], found["reason"], found["skip"]) == (3, "all_skipped", "capacity")
    policy = house.session.policy.policy
    page = monthly_page(monthly_report(house.connection, policy, "2026-02", house.now), policy)
    assert page.alarms[0].startswith("3 leads wait unassigned")
    assert "Nothing calls for a closer look." not in page.verdict


def test_who_nobody_waits_for_is_not_named() -> None:
    house = two_months()
    house.route()
    assert triggers(house, "unassigned", "2026-02") == []


def test_a_single_sale_says_nothing_of_how_long_sales_take_nor_one_without_a_value_what_it_is_worth() -> None:
    house = two_months()
    sold(house, 3, 1, source="web")
    house.route()
    policy = house.session.policy.policy
    page = monthly_page(monthly_report(house.connection, policy, "2026-02", house.now), policy)
    said = [sentence for section in page.sections for sentence in section.sentences]
    assert [sentence for sentence in said if "sales take" in sentence] == []
    shown = [
        column.show(entry).text
        for section in page.sections
        for table in section.tables
        for column in table.columns
        if column.title.startswith("value")
        for entry in table.entries
        if entry.get("won")
    ]
    assert shown != []
    assert set(shown) == {""}


def test_what_came_outside_the_turns_is_named_as_left_out_of_their_distance() -> None:
    house = two_months()
    policy = house.session.policy.policy
    leads = [house.route().lead for _ in range(4)]
    told = monthly_page(monthly_report(house.connection, policy, "2026-02", house.now), policy).verdict
    assert any("(largest distance 0.00)" in sentence for sentence in told)
    house.step("transfer", leads[0], to="a02", reason="x")
    told = monthly_page(monthly_report(house.connection, policy, "2026-02", house.now), policy).verdict
    assert any("(largest distance 0.00; left out: leads transferred)" in sentence for sentence in told)


def test_methods_whose_leads_are_won_unlike_each_other_are_named() -> None:
    house = two_months(make_policy(2, rules=METHODS))
    house.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    sold(house, 60, 30, campaign="one", source="web")
    sold(house, 60, 10, campaign="two", source="web")
    (found,) = triggers(house, "methods_apart")
    assert found["methods"] == ["least_busy", "round_robin"]
    assert (found["rate"], found["other_rate"]) == (round(10 / 60, 4), 0.5)
    assert found["chance"] < 0.001


def test_a_method_that_only_had_the_better_leads_is_not_called_better() -> None:
    """Referrals are won twice as often; one method got them all but one."""
    house = two_months(make_policy(2, rules=METHODS))
    house.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    sold(house, 60, 36, campaign="one", source="referral")
    sold(house, 4, 2, campaign="two", source="referral")
    sold(house, 60, 12, campaign="two", source="web")
    sold(house, 4, 1, campaign="one", source="web")
    assert triggers(house, "methods_apart") == []


def test_a_source_is_compared_with_the_month_before_at_the_same_age() -> None:
    """Sales take two weeks here: at the end of March, March has few yet, and so had February at its own end."""
    house = two_months()
    house.now = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)
    numbers = [house.route(source="web").lead for _ in range(40)]
    for lead in numbers:
        house.contact(lead)
    house.now = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    for lead in numbers[:20]:
        house.step("won", lead)
    for lead in [house.route(source="web").lead for _ in range(40)]:
        house.contact(lead)
    house.now = END
    assert triggers(house, "source_changed") == []


def test_a_source_whose_conversion_changed_is_named() -> None:
    house = two_months()
    sold(house, 60, 24, source="web")
    sold(house, 30, 6, source="referral")
    house.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    sold(house, 60, 6, source="web")
    sold(house, 30, 7, source="referral")
    (found,) = triggers(house, "source_changed")
    assert (found["source"], found["rate"], found["other_rate"]) == ("web", 0.1, 0.4)


def test_who_declines_offers_more_often_than_the_others_is_named_and_nobody_else() -> None:
    house = House(make_policy(3, acceptance=ASKING), now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    for _ in range(45):
        lead = house.route()
        if lead.agent == "a02":
            house.step("decline", lead.lead, reason="busy")
        holder = house.lead(lead.lead)
        if holder.state == "offered":
            house.step("accept", lead.lead)
        house.wait(minutes=30)
    (found,) = triggers(house, "declines")
    assert found["agent"] == "a02"
    assert found["rate"] == 1.0
    assert found["other_rate"] == 0.0


def test_who_calls_leads_void_more_often_is_named_but_not_for_a_source_that_is_junk() -> None:
    house = House(make_policy(3), now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    for number in range(90):
        lead = house.route(source="junk" if number % 3 == 2 else "web")
        if number % 3 == 2 or (lead.agent == "a01" and number % 2):
            house.step("void", lead.lead)
        house.wait(minutes=20)
    agents = {trigger["agent"] for trigger in triggers(house, "voids")}
    assert agents == {"a01"}


def test_of_months_in_which_agents_differ_by_chance_alone_one_in_twenty_names_somebody_at_most() -> None:
    chance, named = Random(3), 0
    for _ in range(300):
        leads = [
            CohortLead(
                number, "2026-03-02T09:00:00Z", chance.choice(("web", "portal")), "warm",
                "void" if chance.random() < 0.2 else "assigned", f"a{chance.randint(1, 6)}", (), None, False, 0,
                *[None] * 9,
            )
            for number in range(120)
        ]  # fmt: skip
        named += bool(voiding(leads))
    assert named <= 300 * SIGNIFICANT


def test_cold_leads_nobody_touches_are_counted_once_their_day_is_over() -> None:
    policy = make_policy(1, rules=(Rule("lost", ("campaign", "in", ("pool",)), then="pool"), Rule("everyone")))
    house = House(policy, now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    touched, _, _ = (house.route(quality="cold").lead for _ in range(3))
    house.route(quality="cold", campaign="pool")
    house.contact(touched)
    house.wait(hours=23)
    assert triggers(house, "cold_untouched") == []
    house.wait(hours=2)
    assert triggers(house, "cold_untouched") == [
        {"trigger": "cold_untouched", "agent": "a01", "leads": 2},
        {"trigger": "cold_untouched", "agent": None, "leads": 1},
    ]


def test_open_complaints_are_named_even_when_the_figures_look_good() -> None:
    house = House(make_policy(1), now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    complain(house.session, "a01", "no sellers for weeks", house.now)
    house.wait(days=9)
    assert triggers(house, "complaints_open") == [
        {"trigger": "complaints_open", "agent": "a01", "complaints": 1, "oldest_days": 9.0}
    ]


def test_the_page_tells_every_trigger_with_its_numbers(house: House, october: dict[str, Any]) -> None:
    policy = house.session.policy.policy
    page = monthly_page(october, policy)
    assert len(page.alarms) == len(october["triggers"]) > 3
    for trigger, words in zip(october["triggers"], page.alarms, strict=True):
        assert words == trigger_words(trigger, policy)
        for key in ("leads", "complaints"):
            if key in trigger:
                assert f"{trigger[key]:,}" in words


@pytest.mark.parametrize("name", TRIGGERS)
def test_every_kind_of_trigger_has_words(name: str) -> None:
    trigger = {
        "trigger": name, "agent": "a01", "rate": 0.5, "leads": 1234, "before": 0.25, "leads_before": 8,
        "other_rate": 0.75, "other_leads": 16, "chance": 0.0123, "methods": ["weighted", "fastest"],
        "source": "portal", "complaints": 1234, "oldest_days": 9.0, "skip": "capacity", "reason": "all_skipped",
    }  # fmt: skip
    words = trigger_words(trigger, make_policy(2))
    assert words.endswith(".")
    assert "1,234" in words
