"""What results are judged by, counted by hand: who held a lead, who won it, which are old enough."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from leadrouter.domain.events import iso
from leadrouter.domain.policy import Rule
from leadrouter.domain.promises import Acceptance, Reclaim
from leadrouter.store import results
from leadrouter.store.results import EVER, Window
from tests.factories import START, make_agent, make_policy
from tests.usecases.results_house import CLOSES, ResultsHouse, team, tiered_policy

ALWAYS = Window(EVER, "9999", EVER)


def counts(house: ResultsHouse, window: Window = ALWAYS) -> dict[str, tuple[int, int]]:
    """Agent -> (leads, won)."""
    leads: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for count in results.held(house.connection, window):
        leads[count.agent] += count.leads
        won[count.agent] += count.won
    return {agent: (leads[agent], won[agent]) for agent in leads}


@pytest.fixture
def house() -> ResultsHouse:
    return ResultsHouse(tiered_policy(*team(ann=None, ben=None, cat=None)))


def test_a_lead_counts_for_everyone_who_held_it_and_its_win_for_the_last(house: ResultsHouse) -> None:
    lead = house.route()
    first = lead.agent
    assert first is not None
    others = [agent for agent in ("ann", "ben", "cat") if agent != first]
    house.step("transfer", lead.lead, to=others[0])
    house.step("transfer", lead.lead, to=others[1])
    house.contact(lead.lead)
    house.step("won", lead.lead, value=5.0)
    assert counts(house) == {first: (1, 0), others[0]: (1, 0), others[1]: (1, 1)}
    assert results.totals(house.connection, ALWAYS) == (1, 1)  # the team counts it once


def test_who_gives_a_lead_away_and_gets_it_back_held_it_once(house: ResultsHouse) -> None:
    lead = house.route()
    first = lead.agent or ""
    other = "cat" if first != "cat" else "ann"
    house.step("transfer", lead.lead, to=other)
    house.step("transfer", lead.lead, to=first)
    assert counts(house) == {first: (1, 0), other: (1, 0)}


def test_a_reclaimed_lead_counts_for_both_holders() -> None:
    house = ResultsHouse(make_policy(2, reclaim=Reclaim(no_contact=3600)))
    lead = house.route()
    house.wait(hours=2)
    house.sweep()
    assert counts(house) == {"a01": (1, 0), "a02": (1, 0)}
    assert lead.lead == 1


def test_void_leads_do_not_count(house: ResultsHouse) -> None:
    house.step("void", house.route().lead)
    house.had("ann", 2, 1)
    assert counts(house) == {"ann": (2, 1)}


def test_an_offer_is_nobodys_until_it_is_accepted() -> None:
    house = ResultsHouse(make_policy(2, acceptance=Acceptance(warm=900)))
    lead = house.route()
    assert counts(house) == {}
    house.step("accept", lead.lead)
    assert counts(house) == {"a01": (1, 0)}


def test_leads_of_earlier_times_count_like_others(house: ResultsHouse) -> None:
    house.had("ann", 10, 3)
    house.had(None, 5, 2)  # nobody had these
    assert counts(house) == {"ann": (10, 3)}
    assert results.totals(house.connection, ALWAYS) == (10, 3)


def test_sources_and_qualities_are_told_apart_and_places_where_asked(house: ResultsHouse) -> None:
    house.had("ann", 3, 1, source="portal", quality="hot", postcode="50480")
    house.had("ann", 2, 1, source="portal", quality="hot", postcode="50999")
    house.had("ann", 4, 0, source="referral")
    plain = [(c.source, c.quality, c.leads, c.won) for c in results.held(house.connection, ALWAYS)]
    assert plain == [("portal", "hot", 5, 2), ("referral", "warm", 4, 0)]
    placed = [(c.place.postcode, c.leads) for c in results.held(house.connection, ALWAYS, by_place=True)]
    assert sorted(placed, key=str) == [("50480", 3), ("50999", 2), (None, 4)]


def test_a_review_reads_the_latest_fifty_however_old_and_all_that_are_recent(house: ResultsHouse) -> None:
    house.had("ann", 60, 60, days_ago=900)  # long ago all were won
    house.had("ann", 40, 0, days_ago=100)
    house.had("ben", 70, 7, days_ago=100)
    window = Window(EVER, iso(house.now), iso(house.now - timedelta(days=365)), 50)
    assert counts(house, window) == {"ann": (50, 10), "ben": (70, 7)}
    assert results.totals(house.connection, window) == (120, 17)


def test_leads_outside_the_window_do_not_count(house: ResultsHouse) -> None:
    house.had("ann", 4, 1, days_ago=20)
    house.had("ann", 3, 1, days_ago=10)
    window = Window(iso(START - timedelta(days=15)), iso(START - timedelta(days=5)), EVER)
    assert counts(house, window) == {"ann": (3, 1)}


@pytest.mark.parametrize(("share", "days"), [(0.8, 8.0), (0.5, 5.0), (0.81, 9.0), (1.0, 10.0), (0.0, 1.0)], ids=str)
def test_the_days_to_close_are_a_quantile_of_the_wins(share: float, days: float, house: ResultsHouse) -> None:
    """Ten wins that took 1 to 10 days."""
    assert results.days_to_close(house.connection, share) == (0, None)
    for day in range(1, 11):
        lead = house.route()
        house.contact(lead.lead)
        house.wait(days=day)
        house.step("won", lead.lead)
        house.wait(days=-day)
    wins, found = results.days_to_close(house.connection, share)
    assert (wins, round(found or 0, 6)) == (10, days)


def test_a_win_without_a_date_says_nothing_about_the_days(house: ResultsHouse) -> None:
    house.had("ann", 4, 4)
    house.connection.execute("UPDATE leads SET closed_at = NULL WHERE lead = 1")
    wins, found = results.days_to_close(house.connection, 1.0)
    assert (wins, round(found or 0, 6)) == (3, CLOSES.days)


# --- what else is measured -------------------------------------------------------------------------------------

WINDOW = (iso(START - timedelta(days=365)), iso(START + timedelta(days=365)))


def test_work_counts_leads_wins_deals_and_appointments(house: ResultsHouse) -> None:
    one, two = house.route(), house.route()
    for lead in (one, two):
        house.contact(lead.lead)
        house.step("appointment", lead.lead)
    house.step("no-show", two.lead)
    house.step("appointment", two.lead)  # made twice, counted once
    house.step("won", one.lead, value=300.0)
    house.step("void", house.route().lead)
    found = results.work(house.connection, *WINDOW)
    assert found == {one.agent: (1, 1, 300.0, 1), two.agent: (1, 0, None, 1)}


def test_first_contacts_are_read_from_the_lead_or_where_it_moved_from_its_history(house: ResultsHouse) -> None:
    lead = house.route()
    first = lead.agent or ""
    other = "cat" if first != "cat" else "ann"
    house.wait(minutes=10)
    house.contact(lead.lead)
    house.step("transfer", lead.lead, to=other)
    house.wait(minutes=30)
    house.contact(lead.lead)
    still = house.route()
    house.had("ann", 3, 1)  # closed before they came here: nobody promised anything
    found = [(stint.agent, stint.since, stint.attempted_at) for _, stint in results.contacts(house.connection, *WINDOW)]
    later = START + timedelta(minutes=10)
    assert found == [
        (first, START, later),
        (other, later, later + timedelta(minutes=30)),
        (still.agent, later + timedelta(minutes=30), None),
    ]
    alone = [stint.agent for _, stint in results.contacts(house.connection, *WINDOW, first)]
    assert set(alone) == {first}


def test_shares_by_tier_and_rule() -> None:
    rules = (Rule("portal", ("source", "in", ("portal",))), Rule("everyone", strategy="performance"))
    house = ResultsHouse(make_policy([make_agent("ann", tier="A"), make_agent("ben", tier="B")], rules=rules))
    house.deal(4, source="web")
    house.deal(2, source="portal", quality="hot")
    found = Counter[tuple[str | None, str, str]]()
    for share in results.dealt(house.connection, *WINDOW):
        found[share.tier, share.quality, share.source] += share.leads
    assert found == {("A", "warm", "web"): 2, ("B", "warm", "web"): 2, (None, "hot", "portal"): 2}
    by_rule = results.by_rule(house.connection, *WINDOW)
    assert sum(leads for (rule, _), leads in by_rule.items() if rule == "portal") == 2
