"""The keys of inside sales: promises of an isa, the checklist of hand-offs, nurture and its fee."""

from __future__ import annotations

import pytest

from leadrouter.domain.promises import DAY, HOUR, MINUTE, Incubation, Isa
from leadrouter.domain.rulebook import Rulebook
from leadrouter.usecases.changes import changes_between

from .conftest import Read, Refuse

TEAM = "agents: [Aina, {name: Ida, role: isa}, {name: Ivo, role: isa, capacity: 9}]\n"
CALM = "team: {timezone: UTC, region: MY, leader: aina}\n"
BUYER = ("income verified", "pre-approved", "timeline", "neighbourhoods")
SELLER = ("valuation", "timeline", "motivation", "condition")


def test_by_default_buyers_and_sellers_have_a_checklist_and_nurture_is_touched_every_14_days(read: Read) -> None:
    policy = read(TEAM).policy
    assert policy.handoff.criteria == (("buyer", BUYER), ("seller", SELLER))
    assert policy.incubation == Incubation(14 * DAY, inquiry_wakes=True, fee=None, fee_share=None, commission=1.0)
    assert policy.isa == Isa(None, None, None)


def test_isas_have_promises_and_a_capacity_of_their_own(read: Read) -> None:
    text = "team: {capacity: 12}\nisa: {sla: {hot: 5m, cold: 4h}, capacity: 40, per_day: 20}\n"
    policy = read(TEAM + text).policy
    assert policy.isa == Isa(5 * MINUTE, None, 4 * HOUR)
    assert [(agent.capacity, agent.per_day) for agent in policy.agents] == [(12, None), (40, 20), (9, 20)]


@pytest.mark.parametrize(
    ("written", "criteria"),
    [
        ("{rental: [budget, move-in date]}", {"rental": ("budget", "move-in date"), "buyer": BUYER, "seller": SELLER}),
        ("{Buyer: timeline, seller: off}", {"buyer": ("timeline",), "seller": ()}),
        ("off", {}),
        ("on", {"buyer": BUYER, "seller": SELLER}),
    ],
)
def test_a_checklist_is_written_by_intent(read: Read, written: str, criteria: dict[str, tuple[str, ...]]) -> None:
    handoff = read(f"{TEAM}handoff: {written}").policy.handoff
    assert dict(handoff.criteria) == criteria
    assert handoff.needed(" BUYER ") == criteria.get("buyer", ())
    assert handoff.needed(None) == handoff.needed("neither") == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{fee: 500}", Incubation(fee=500.0)),
        ("{fee: 25%, commission: 2%}", Incubation(fee_share=0.25, commission=0.02)),
        ("{split: 60/40}", Incubation(fee_share=0.4)),
        ("{fee: off, inquiry_wakes: no, next_touch: 30d}", Incubation(30 * DAY, inquiry_wakes=False)),
    ],
)
def test_the_house_gets_a_fee_or_its_part_of_a_split(read: Read, written: str, expected: Incubation) -> None:
    assert read(f"{TEAM}incubation: {written}").policy.incubation == expected


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("incubation: {fee: 5 per cent}", "incubation.fee", "is not a fee"),
        ("incubation: {fee: 0%}", "incubation.fee", "is not a fee"),
        ("incubation: {split: 60/60}", "incubation.split", "as in 60/40"),
        ("incubation: {fee: 5%, split: 60/40}", "incubation.split", "write fee or split"),
        ("handoff: {buyer: [Pre-approved, pre_approved]}", "handoff.buyer[1]", "is there twice"),
        ('handoff: {buyer: ["one, two"]}', "handoff.buyer[0]", "stands between criteria"),
        ("isa: {sla: {hot: soon}}", "isa.sla.hot", "not a duration"),
        ("isa: {weight: 2}", "isa.weight", "unknown key"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(refuse: Refuse, text: str, place: str, part: str) -> None:
    (problem,) = refuse(TEAM + text)
    assert problem.place == place
    assert part in problem.message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("rules: [{name: q, when: {source: a}, to: all, then: qualify}, {to: all}]", "lets 'Aina' qualify"),
        ("isa: {sla: {hot: 1h}}", "hot leads are taken away before the promise"),
    ],
)
def test_what_is_unwise_about_inside_sales_is_told(read: Read, text: str, part: str) -> None:
    assert any(part in hint.message for hint in read(CALM + TEAM + text).advice)


def test_a_change_is_told_as_the_broker_writes_it(read: Read) -> None:
    old = read(TEAM).policy
    new = read(TEAM + "handoff: {seller: off}\nincubation: {fee: 25%, commission: 2%}\nisa: {sla: {hot: 5m}}").policy
    assert changes_between(Rulebook(old), Rulebook(new)) == [
        "incubation: fee_share off -> 25%",
        "incubation: commission 100% -> 2%",
        f"handoff: criteria buyer: {', '.join(BUYER)}; seller: {', '.join(SELLER)} -> "
        f"buyer: {', '.join(BUYER)}; seller: off",
        "isa: hot as the sla -> 5m",
    ]
