"""Reviews: two in a row at the mark and four chances in five, down as carefully as up, and coaching in time."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouter.domain.merit import Held, Merit, judge
from leadrouter.domain.policy import FINDINGS_KEPT, Policy, Promote, Promotion, Tiers
from leadrouter.domain.reviews import Finding, Review, next_review, review, tier_above, tier_below
from leadrouter.domain.state import AgentState
from tests.domain.known_skill import FIFTEEN, drawn_team
from tests.factories import make_agent, make_policy

TODAY = "2026-10-01"
TEAM = [Held(f"a{number}", ("portal", "warm"), 300, won) for number, won in enumerate((25, 40, 55, 70, 85))]
"""A team whose members really differ, from 8 to 28 %."""


def merit(won: int, leads: int = 300) -> Merit:
    """Aina's results in that team."""
    return judge([*TEAM, Held("aina", ("portal", "warm"), leads, won)]).agents["aina"]


def reviewed(
    found: Merit | None,
    tier: str | None = "B",
    findings: tuple[Finding, ...] = (),
    *,
    is_due: bool = True,
    policy: Policy | None = None,
    **state: Any,
) -> Review:
    known = AgentState("aina", tier=tier, findings=findings, **state)
    return review(make_agent("aina"), known, found, policy or make_policy(), TODAY, is_due=is_due)


# --- the marks ------------------------------------------------------------------------------------------------


def test_far_above_the_mark_of_the_next_tier_points_up() -> None:
    found = reviewed(merit(150))
    assert (found.finding, found.proposed, found.mark) == ("up", "A", 0.30)
    assert found.probability is not None
    assert found.probability > 0.99


def test_far_below_the_own_mark_points_down() -> None:
    found = reviewed(merit(20))
    assert (found.finding, found.proposed, found.mark) == ("down", "C", 0.20)


def test_between_the_marks_nothing_changes() -> None:
    found = reviewed(merit(72))
    assert (found.finding, found.proposed, found.moves) == ("stay", "B", False)


def test_c_to_b_is_measured_at_22_percent_and_b_is_kept_from_20() -> None:
    """At a rate of about 21 % nobody in C rises and nobody in B falls."""
    found = merit(63)
    assert 0.2 < found.rate < 0.22
    assert reviewed(found, "C").finding == reviewed(found, "B").finding == "stay"
    assert reviewed(found, "C").mark == 0.22


def test_a_move_is_one_tier_at_a_time() -> None:
    assert reviewed(merit(200), "C").proposed == "B"
    assert reviewed(merit(5), "A").proposed == "B"
    assert [tier_above(tier) for tier in "ABC"] == [None, "A", "B"]
    assert [tier_below(tier) for tier in "ABC"] == ["B", "C", None]


def test_it_takes_a_probability_of_80_percent() -> None:
    """The fewest wins that point up are those at which the probability passes four in five; one less does not."""
    for won in range(60, 110):
        above = merit(won).chance_above(0.22)
        assert (reviewed(merit(won), "C").finding == "up") == (above >= 0.80)


def test_losing_a_tier_is_as_hard_as_getting_into_it() -> None:
    for won in range(30, 70):
        short = 1 - merit(won).chance_above(0.20)
        assert (reviewed(merit(won), "B").finding == "down") == (short >= 0.80)
    assert reviewed(merit(5), "A").needed == reviewed(merit(200), "B").needed == 2


def test_the_wins_that_would_be_enough_are_exactly_enough() -> None:
    found = reviewed(merit(40), "C")
    needed = found.wins_needed
    assert needed is not None
    assert merit(40).chance_above(0.22, needed) >= 0.80 > merit(40).chance_above(0.22, needed - 1)


def test_the_broker_may_set_other_marks() -> None:
    policy = make_policy(tiers=Tiers(A=0.2, B=0.1, confidence=0.9, promote=Promote(Promotion(0.2), Promotion(0.12, 3))))
    found = reviewed(merit(63), "C", policy=policy)
    assert (found.finding, found.mark, found.needed) == ("up", 0.12, 3)


# --- who is judged at all --------------------------------------------------------------------------------------


def test_below_fifty_leads_nothing_is_proposed() -> None:
    assert reviewed(merit(40, 49)).finding == "too_few"
    assert reviewed(None).finding == "too_few"
    assert reviewed(merit(40, 50)).finding == "up"


def test_probation_is_a_tier_of_its_own_until_sixty_days_and_fifty_leads() -> None:
    young = reviewed(merit(200), joined="2026-08-03", leads=400)  # 59 days
    few = reviewed(merit(200), joined="2026-01-01", leads=49)
    over = reviewed(merit(200), joined="2026-08-02", leads=50)
    assert (young.tier, young.finding, young.proposed) == ("probation", "probation", "probation")
    assert few.finding == "probation"
    assert (over.tier, over.finding) == ("B", "up")


def test_who_has_no_tier_starts_in_the_lowest() -> None:
    assert reviewed(merit(200), None).tier == "C"


# --- in a row --------------------------------------------------------------------------------------------------

UP: Finding = ("B", "up", "within")
STAY: Finding = ("B", "stay", "within")
DOWN: Finding = ("B", "down", "within")
BELOW: Finding = ("C", "stay", "below")


@pytest.mark.parametrize(
    ("findings", "moves"),
    [
        pytest.param((), False, id="the first"),
        pytest.param((UP,), True, id="the second in a row"),
        pytest.param((UP, STAY), False, id="broken by one that found nothing"),
        pytest.param((DOWN,), False, id="after one that pointed down"),
        pytest.param((("C", "up", "within"),), False, id="the one before was about another tier"),
        pytest.param((UP, UP, UP), True, id="more than enough"),
    ],
)
def test_a_move_takes_two_reviews_in_a_row(findings: tuple[Finding, ...], moves: bool) -> None:
    assert reviewed(merit(150), findings=findings).moves is moves


def test_a_look_between_reviews_does_not_count_as_one() -> None:
    found = reviewed(merit(150), findings=(UP,), is_due=False)
    assert (found.finding, found.in_a_row, found.moves) == ("up", 1, False)


def test_the_desk_remembers_as_many_reviews_as_may_be_asked_for() -> None:
    policy = make_policy(tiers=Tiers(promote=Promote(Promotion(0.3, FINDINGS_KEPT))))
    assert reviewed(merit(150), findings=(UP,) * (FINDINGS_KEPT - 1), policy=policy).moves


@pytest.mark.parametrize(
    ("findings", "won", "due"),
    [
        pytest.param((), 5, False, id="below once"),
        pytest.param((DOWN,), 5, True, id="below the tier twice"),
        pytest.param((BELOW,), 5, True, id="below the team, then the tier"),
        pytest.param((DOWN, STAY), 5, False, id="not in a row"),
        pytest.param((DOWN,), 70, False, id="better again"),
    ],
)
def test_coaching_is_due_after_two_reviews_below(findings: tuple[Finding, ...], won: int, due: bool) -> None:
    assert reviewed(merit(won), findings=findings).coaching_due is due


@pytest.mark.parametrize(
    ("last", "every", "following"),
    [
        ("2026-01-15", "quarterly", "2026-04-15"),
        ("2026-11-30", "quarterly", "2027-02-28"),
        ("2026-01-31", "monthly", "2026-02-28"),
        ("2026-08-31", "half_yearly", "2027-02-28"),
        ("2024-02-29", "yearly", "2025-02-28"),
        (None, "quarterly", None),
    ],
)
def test_reviews_come_every_quarter_or_as_the_policy_says(last: str | None, every: str, following: str | None) -> None:
    assert next_review(last, every) == following


# --- the truth -------------------------------------------------------------------------------------------------


def test_on_known_skill_the_tiers_contain_the_truth_at_the_stated_confidence() -> None:
    """Sixty teams of fifteen, true rates from 8 to 30 %, the better sources with the weaker ones: of all agents whom
    a review points into a tier, at least four in five really are beyond its mark."""
    right = []
    for seed in range(60):
        team = drawn_team(seed, FIFTEEN)
        judged = judge(team.held).agents
        for agent, truth in team.truth.items():
            for tier in "ABC":
                found = reviewed(judged[agent], tier)
                if found.finding in ("up", "down"):
                    assert found.mark is not None
                    right.append(truth > found.mark if found.finding == "up" else truth < found.mark)
    assert len(right) > 500
    assert sum(right) / len(right) >= Tiers().confidence


def test_in_teams_that_differ_by_chance_alone_hardly_anybody_ever_moves() -> None:
    """Twenty teams of fifteen whose true rate is 17 %, all in C: two reviews in a row, each of new leads, at 22 %."""
    moved = 0
    for seed in range(20):
        first, second = (judge(drawn_team(1000 + 2 * seed + again, [0.17] * 15).held).agents for again in (0, 1))
        for agent, found in second.items():
            before = reviewed(first[agent], "C")
            moved += reviewed(found, "C", (("C", before.finding, before.verdict),)).moves
    assert moved <= 3  # of 300
