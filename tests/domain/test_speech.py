"""Values of a policy in plain words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from leadrouter.domain import speech
from leadrouter.domain.policy import WEIGHT_UNIT, Condition


@pytest.mark.parametrize(
    ("seconds", "written", "said"),
    [(900, "15m", "15 minutes"), (7200, "2h", "2 hours"), (86400, "1d", "1 day"), (5400, "90m", "90 minutes")],
)
def test_a_duration(seconds: int, written: str, said: str) -> None:
    assert (speech.brief(seconds), speech.duration(seconds)) == (written, said)


@pytest.mark.parametrize(
    ("number", "nouns", "said"),
    [(1, None, "1 inquiry"), (0, "inquiries", "0 inquiries"), (1200, "inquiries", "1,200 inquiries")],
)
def test_a_count(number: int, nouns: str | None, said: str) -> None:
    assert speech.counted(number, "inquiry", nouns) == said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Fraction(1, 4), "1 in 4"), (Fraction(2, 13), "2 in 13"), (Fraction(1, 60), "1 in 60"),
        (Fraction(0), "none"), (Fraction(1), "all"), (Fraction(7, 30), "23.3%"), (Fraction(9, 25), "36%"),
    ],
)  # fmt: skip
def test_a_share(part: Fraction, said: str) -> None:
    assert speech.share(part) == said


@pytest.mark.parametrize(
    ("parts", "said"), [(WEIGHT_UNIT, "1"), (WEIGHT_UNIT * 3 // 2, "1.5"), (WEIGHT_UNIT // 3, "1/3")]
)
def test_a_weight(parts: int, said: str) -> None:
    assert speech.weight(parts) == said


def test_hours_of_like_days_stand_together() -> None:
    week = tuple((day, 540, 1080) for day in range(5))
    assert speech.hours((*week, (5, 600, 720), (5, 780, 840))) == "Mon-Fri 09:00-18:00, Sat 10:00-12:00 13:00-14:00"
    assert speech.hours(None) == "always"


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (("all", (("price", "between", (2e6, None)),)), "the price is at least 2,000,000"),
        (("price", "between", (None, 9.5)), "the price is at most 9.5"),
        (("price", "between", (1.0, 2.0)), "the price is from 1 to 2"),
        (("price", "above", 5.0), "the price is above 5"),
        (("source", "in", ("portal", "web")), "the source is portal or web"),
        (("hours", "in", ("closed",)), "the team is closed"),
        (("weekday", "in", ("5", "6")), "it is Sat or Sun"),
        (("time", "within", (1320, 360)), "it is between 22:00 and 06:00"),
        (("territory", "in", ("west",)), "it lies in west"),
        (("postcode", "like", (("is", "50480"), ("prefix", "501"))), "the postcode is 50480 or 501*"),
        (("known", "present", ()), "an agent knows the person from an earlier lead"),
        (("not", ("known", "present", ())), "nobody knows the person from an earlier lead"),
        (("custom.pets", "in", ("dog",)), "the column pets is dog"),
        (
            ("all", (("source", "in", ("x",)), ("any", (("price", "above", 5.0), ("area", "in", ("b",)))))),
            "the source is x and (the price is above 5 or the area is b)",
        ),
        (("not", ("source", "in", ("x",))), "it is not so that the source is x"),
    ],
)  # fmt: skip
def test_a_condition(test: Condition, said: str) -> None:
    assert speech.condition(test) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (("all", (("intent", "in", ("seller",)),)), "seller leads"),
        (("all", (("intent", "in", ("seller", "buyer")),)), "the leads of rule r"),
        (None, "the leads of rule r"),
    ],
)
def test_what_the_leads_of_a_rule_are_called(when: Condition | None, said: str) -> None:
    assert speech.leads_of("r", when) == said
