"""`tiers` and `report agent`: the keys scripts rely on, figures that agree, and sentences fit to hand out."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from leadrouter.domain.calendar import start_of
from leadrouter.domain.policy import Rule, Target, Team
from leadrouter.reports import agent_page, tiers_tables
from leadrouter.reports.agent import agent_report
from leadrouter.reports.on_screen import show_page
from leadrouter.reports.tiers import tiers_report
from leadrouter.usecases.tiers import apply_review, set_tier
from tests.factories import make_agent, make_policy
from tests.usecases.results_house import ResultsHouse, differing, team, tiered_policy

KEYS = {"agent", "leads", "won", "rate", "low", "high", "index", "verdict", "tier", "proposed", "path"}
"""CONTRACT, `tiers`."""

FIVE = {"ann": "C", "ben": "C", "cat": "C", "dan": "B", "eve": "A"}
WON = (150, 60, 40, 20, 100)


@pytest.fixture
def house() -> ResultsHouse:
    house = ResultsHouse(tiered_policy(*team(**FIVE)))
    differing(house, WON)
    return house


def report(house: ResultsHouse) -> dict[str, Any]:
    return tiers_report(house.connection, house.desk(), house.standing())


def entry(house: ResultsHouse, agent: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in report(house)["agents"] if entry["agent"] == agent)
    return found


def page(house: ResultsHouse, agent: str) -> dict[str, Any]:
    return agent_report(house.connection, house.desk(), house.standing(), agent)


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


# --- tiers as data --------------------------------------------------------------------------------------------


def test_every_agent_has_the_promised_keys(house: ResultsHouse) -> None:
    found = report(house)
    json.dumps(found)
    for entry in found["agents"]:
        assert set(entry) >= KEYS
        assert entry["verdict"] in ("above", "below", "within", "too_few")
        assert entry["tier"] in ("A", "B", "C", "probation")
        assert entry["low"] <= entry["rate"] <= entry["high"]
    assert (found["leads"], found["won"], found["rate"]) == (1500, 370, round(370 / 1500, 4))
    assert (found["error_rate"], found["confidence"]) == (0.05, 0.8)


def test_the_adjusted_rate_is_the_index_times_the_teams(house: ResultsHouse) -> None:
    for entry in report(house)["agents"]:
        assert entry["rate"] == pytest.approx(entry["index"] * 370 / 1500, abs=0.001)


def test_who_has_no_leads_is_listed_without_figures(house: ResultsHouse) -> None:
    house.load(tiered_policy(*team(**FIVE, fay=None)))
    house.wait(days=61)
    found = entry(house, "fay")
    assert (found["leads"], found["rate"], found["low"], found["index"]) == (0, None, None, None)
    assert (found["verdict"], found["proposed"]) == ("too_few", "probation")


def test_a_review_is_due_at_first_and_again_after_a_quarter(house: ResultsHouse) -> None:
    assert report(house)["review"] == {"last": None, "next": None, "due": True}
    apply_review(house.session, house.now)
    assert report(house)["review"] == {"last": "2026-03-02", "next": "2026-06-02", "due": False}
    house.wait(days=92)
    assert report(house)["review"]["due"] is True


def test_it_says_where_crowded_tiers_are_capped_and_follows_the_applied_ones() -> None:
    house = ResultsHouse(tiered_policy(*team(ann="A", ben="A", cat="B", dan="C", eve="C")))
    assert report(house)["capped"] == [
        {"rule": "everyone", "heads": {"A": 2, "B": 1, "C": 2}, "due": {"A": 0.5, "B": 0.25, "C": 0.25}}
    ]
    set_tier(house.session, "ben", "B", "reason", house.now)
    assert report(house)["capped"] == []


# --- the path upward ------------------------------------------------------------------------------------------


def test_one_sentence_says_what_would_earn_the_next_tier(house: ResultsHouse) -> None:
    path = entry(house, "cat")["path"]
    hit = re.fullmatch(
        r"B takes a true rate above 22% that is 80% probable in 2 reviews in a row; now under 1%\. "
        r"Of these 300 leads it would take (\d+) wins; won so far: 40\.",
        path,
    )
    assert hit is not None, path
    assert 66 < int(hit[1]) < 80  # 22 % of 300 are 66; a little more is surer


def test_an_earned_move_counts_its_reviews(house: ResultsHouse) -> None:
    assert entry(house, "ann")["path"] == (
        "A true rate above 22% is over 99% probable; after 1 more review that finds it, B is earned."
    )
    apply_review(house.session, house.now)
    house.wait(days=92)
    assert entry(house, "ann")["reviews"] == {"found": 2, "needed": 2}
    assert "with 2 reviews in a row that found it, B is earned" in entry(house, "ann")["path"]
    assert "with 2 reviews in a row that found it, the tier becomes C" in entry(house, "dan")["path"]


def test_the_highest_tier_says_what_would_lose_it(house: ResultsHouse) -> None:
    path = entry(house, "eve")["path"]
    assert path.startswith("The highest tier. It would be lost if 2 reviews in a row found a true rate below 30% to be")


def test_too_few_leads_and_probation_say_what_is_missing() -> None:
    house = ResultsHouse(tiered_policy(*team(ann=None)))
    house.had("ann", 49, 10)
    assert entry(house, "ann")["path"] == "1 more mature lead is needed before results can be judged (49 of 50)."
    house.load(tiered_policy(*team(ann=None, new="B")))
    house.wait(days=59)
    assert entry(house, "new")["path"] == "Probation lasts for 1 day and 50 leads more; then the tier is B."


# --- the page -------------------------------------------------------------------------------------------------


def test_the_page_says_the_verdict_the_error_rate_and_what_is_due(
    house: ResultsHouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    apply_review(house.session, house.now)
    house.wait(days=92)
    apply_review(house.session, house.now)
    tiers_tables.show(report(house), house.desk().policy.policy)
    text = printed(capsys)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    assert "Above the team: Ann" in words
    assert "one such page in 20, at most, names anybody." in words
    assert "! coaching is due: Cat, Dan" in words
    assert "what each tier was dealt" in words
    assert "review is due" not in words


def test_a_team_that_differs_by_chance_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    house = ResultsHouse(tiered_policy(*team(ann=None, ben=None, cat=None)))
    differing(house, (20, 16, 12), leads=100)
    tiers_tables.show(report(house), house.desk().policy.policy)
    assert "Nobody is better or worse than chance explains." in printed(capsys)


def test_an_empty_office_has_a_page_too(capsys: pytest.CaptureFixture[str]) -> None:
    house = ResultsHouse(tiered_policy(*team(ann=None)))
    tiers_tables.show(report(house), house.desk().policy.policy)
    assert "No lead is mature yet" in printed(capsys)
    show_page(agent_page.agent_page(page(house, "ann")))
    assert "None of your leads is mature yet" in printed(capsys)


def test_while_nobody_has_won_or_can_be_judged_nothing_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    house = ResultsHouse(tiered_policy(*team(ann=None, ben=None)))
    house.had("ann", 20, 0)
    tiers_tables.show(report(house), house.desk().policy.policy)
    text = printed(capsys)
    assert "Nobody has the 50 mature leads that it takes to be judged." in text
    assert "chance" not in text
    results, *_ = agent_page.paragraphs(page(house, "ann"))
    assert results.endswith("Nobody in the team has won a mature lead yet, so there is nothing to compare with.")


# --- what one agent may see -----------------------------------------------------------------------------------


def test_the_agent_report_shows_own_numbers_and_the_teams_sums_and_no_colleague(
    house: ResultsHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    found = page(house, "ann")
    show_page(agent_page.agent_page(found))
    text = printed(capsys)
    for colleague in ("ben", "cat", "dan", "eve"):
        assert not re.search(rf"\b{colleague}\b", text + json.dumps(found), flags=re.IGNORECASE)
    assert "Ann, Our team: your results on 2 March 2026" in text
    assert found["result"]["won"] == 150
    assert found["team_result"] == {"leads": 1500, "won": 370, "rate": 0.2467, "rate_per_holder": 0.2467}


def test_the_agent_report_reads_like_a_letter(house: ResultsHouse) -> None:
    results, tier, so_far = agent_page.paragraphs(page(house, "ben"))
    assert results.startswith(
        "300 leads of yours are mature, that is 30 days or older, by when 80% of the team's wins had come; you won 60 "
        "(20.0%). At the team's rates, leads of the same source and quality give 74.0 wins."
    )
    assert "(95 % interval)" in results
    assert "speaks neither for nor against you" in results
    assert tier.startswith("Your tier is C. B takes a true rate above 22%")
    assert tier.endswith("There has been no review yet.")
    assert so_far.startswith(
        "Of all leads that came in between 2 March 2025 and 2 March 2026, young ones too, you held 300:"
    )
    assert "60 won so far (20.0%)" in so_far
    assert "a mean deal of 100" in so_far


def test_the_mix_of_an_agent_stands_beside_the_teams_rates() -> None:
    house = ResultsHouse(tiered_policy(*team(ann=None, ben=None)))
    house.had("ann", 60, 6, source="portal")
    house.had("ann", 20, 10, source="referral", quality="hot")
    house.had("ben", 40, 14, source="portal")
    found = page(house, "ann")["mix"]
    assert found["source"] == [
        {"name": "portal", "leads": 60, "won": 6, "rate": 0.1, "team_rate": 0.2},
        {"name": "referral", "leads": 20, "won": 10, "rate": 0.5, "team_rate": 0.5},
    ]
    assert [entry["name"] for entry in found["quality"]] == ["warm", "hot"]


def test_coaching_and_reviews_are_told_to_the_agent(house: ResultsHouse) -> None:
    for _ in range(2):
        apply_review(house.session, house.now)
        house.wait(days=92)
    _, tier, *_ = agent_page.paragraphs(page(house, "dan"))
    assert "Your tier is C." in tier
    assert "The last review was on 2 June 2026, the next is due on 2 September 2026." in tier
    assert "Coaching is due" in tier


def test_first_contacts_and_the_pledge_are_in_the_agent_report(capsys: pytest.CaptureFixture[str]) -> None:
    rules = (Rule("hot ones", ("quality", "in", ("hot",)), Target("group", ("eteam",))), Rule("everyone"))
    house = ResultsHouse(make_policy([make_agent("ann", groups=("eteam",)), make_agent("ben")], rules=rules))
    for wait in (5, 40):
        lead = house.route(quality="hot")
        house.wait(minutes=wait)
        house.contact(lead.lead)
    found = page(house, "ann")
    assert found["contacts"] == [
        {
            "quality": "hot", "promised_minutes": 15, "earlier_promises": [], "promises": 2, "kept": 1, "rate": 0.5,
            "median_minutes": 22.5,
        }
    ]  # fmt: skip
    assert found["pledge"]["member"]["missed"] == 1
    *_, pledge = agent_page.paragraphs(found)
    assert pledge == (
        "You are in the pledge of eteam: 1 of 2 first contacts in time, 1 missed. Leaving it would end 100% of the "
        "turns of hot ones (2 of its 2 leads), which then names nobody."
    )
    show_page(agent_page.agent_page(found))
    assert "your first contacts (target 95% in time)" in printed(capsys)
    assert page(house, "ben")["pledge"]["member"] is None


def test_a_leader_has_figures_but_no_tier() -> None:
    house = ResultsHouse(make_policy([make_agent("ann"), make_agent("mei", role="leader")]))
    lead = house.route()
    house.step("transfer", lead.lead, to="mei")
    found = page(house, "mei")
    assert found["result"] is None
    assert found["figures"]["leads"] == 1
    (so_far,) = agent_page.paragraphs(found)
    assert "you held 1:" in so_far


def test_a_window_of_dates_is_what_the_figures_are_about(house: ResultsHouse) -> None:
    since, until = house.now - timedelta(days=30), house.now
    found = agent_report(house.connection, house.desk(), house.standing(since, until), "ann")
    assert found["result"]["leads"] == 0
    assert found["period"] == {"from": "2026-01-31", "to": "2026-03-02"}


def test_dates_are_the_teams_and_inclusive(house: ResultsHouse) -> None:
    house.load(tiered_policy(*team(**FIVE), team=Team(timezone="Asia/Kuala_Lumpur")))
    since, until = (start_of(day, "Asia/Kuala_Lumpur") for day in ("2026-02-01", "2026-03-01"))
    found = tiers_report(house.connection, house.desk(), house.standing(since, until))
    assert found["figures"] == {"from": "2026-02-01", "to": "2026-02-28"}
