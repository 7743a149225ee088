"""The marks of the tiers in YAML: the defaults of the trade, what follows from what is written, and what cannot be."""

from __future__ import annotations

import pytest

from leadrouter.domain.policy import Pledge, Promote, Promotion, Tiers
from leadrouter.domain.stored_policy import dump, rebuild

from .conftest import Read, Refuse

TEAM = "agents: [A, B]\n"


def test_the_defaults_are_those_of_the_trade(read: Read) -> None:
    found = read(TEAM).policy
    assert found.tiers == Tiers(
        A=0.30, B=0.20, review="quarterly", confidence=0.80, adjust_for=("source", "quality"),
        promote=Promote(Promotion(0.30, 2), Promotion(0.22, 2)), leads=50, within=365 * 86400, mature=0.8,
    )  # fmt: skip
    assert found.shares == (40, 35, 25)
    assert found.pledge == Pledge("eteam")


def test_everything_can_be_written(read: Read) -> None:
    found = read(
        TEAM + "tiers: {A: 25%, B: 0.1, shares: {A: 40, B: 40, C: 20}, review: monthly, confidence: 90%, "
        "adjust_for: [territory], promote: {A: {at: 26%}, B: {at: 11%, reviews: 3}}, leads: 80, within: 90d, "
        "mature: 90%}\npledge: {group: Fast}\n"
    ).policy
    assert found.tiers == Tiers(
        0.25, 0.1, "monthly", 0.9, ("territory",), Promote(Promotion(0.26), Promotion(0.11, 3)), 80, 90 * 86400, 0.9
    )
    assert found.shares == (40, 40, 20)
    assert found.pledge == Pledge("fast")


def test_promotion_follows_the_marks_that_are_written(read: Read) -> None:
    """C to B is asked for two points more than B keeps, as 22 % is to 20 %."""
    promote = read(TEAM + "tiers: {A: 20%, B: 10%}\n").policy.tiers.promote
    assert promote == Promote(Promotion(0.20), Promotion(0.12))


def test_results_may_be_compared_by_nothing(read: Read) -> None:
    assert read(TEAM + "tiers: {adjust_for: nothing}\n").policy.tiers.adjust_for == ()


@pytest.mark.parametrize(
    ("tiers", "place", "words"),
    [
        pytest.param("{A: 20%}", "tiers.A", "not below A", id="A and B at one rate"),
        pytest.param("{promote: {B: {at: 19%}}}", "tiers.promote.B.at", "below 20%", id="promotion below the tier"),
        pytest.param("{promote: {A: {reviews: 13}}}", "tiers.promote.A.reviews", "at most 12", id="too many reviews"),
        pytest.param("{confidence: 50%}", "tiers.confidence", "cannot be asked for", id="a toss-up"),
        pytest.param("{confidence: 100%}", "tiers.confidence", "cannot be asked for", id="certainty"),
        pytest.param("{review: weekly}", "tiers.review", "known: monthly, quarterly", id="a review nobody knows"),
        pytest.param("{adjust_for: [agent]}", "tiers.adjust_for[0]", "known: source", id="a comparison nobody knows"),
    ],
)
def test_marks_that_cannot_be_are_refused(refuse: Refuse, tiers: str, place: str, words: str) -> None:
    (problem,) = refuse(f"{TEAM}tiers: {tiers}\n")
    assert problem.place == place
    assert words in problem.message


def test_a_stored_policy_keeps_its_marks_and_an_older_one_has_the_defaults(read: Read) -> None:
    policy = read(TEAM + "tiers: {A: 25%, promote: {B: {reviews: 3}}}\npledge: {group: fast}\n").policy
    assert rebuild(dump(policy)) == policy
    older = {key: value for key, value in dump(policy).items() if key not in ("tiers", "pledge")}
    assert rebuild(older).tiers == Tiers()
