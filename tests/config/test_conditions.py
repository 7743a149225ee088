"""What `when` means: each way of writing a test gives one plain tuple, which the domain understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadrouter.config.conditions import READERS
from leadrouter.domain.geography import territories_of
from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import Question, compile_condition
from leadrouter.domain.policy import Condition, Policy
from leadrouter.intake.cells import custom_key

from .conftest import Read, Refuse

ABSENT_AREA = ("not", ("area", "present", ()))


MAP = "territories: {Westside: {areas: Bangsar}, harbour: {postcodes: 501*}}\n"


def policy_with(read: Read, when: str) -> Policy:
    return read(f"{MAP}agents: [Aina]\nrules:\n  - when: {when}\n    to: all\n  - to: all\n").policy


@pytest.mark.parametrize(
    ("when", "parts"),
    [
        pytest.param("{source: Portal}", [("source", "in", ("portal",))], id="equals, without case"),
        pytest.param("{source: [Paid_Ad, portal]}", [("source", "in", ("paid_ad", "portal"))], id="any of a list"),
        pytest.param("{source: [a, A, b]}", [("source", "in", ("a", "b"))], id="a repeated value once"),
        pytest.param("{area: Mont   Kiara}", [("area", "in", ("mont kiara",))], id="spaces"),
        pytest.param("{external_id: 0123}", [("external_id", "in", ("0123",))], id="digits are text"),
        pytest.param("{tags: [VIP, repeat]}", [("tags", "in", ("vip", "repeat"))], id="tags"),
        pytest.param("{features: pool}", [("features", "in", ("pool",))], id="features"),
        pytest.param("{quality: HOT}", [("quality", "in", ("hot",))], id="quality"),
        pytest.param("{requested_agent: present}", [("requested_agent", "present", ())], id="present"),
        pytest.param("{area: absent}", [ABSENT_AREA], id="absent"),
        pytest.param("{area: ABSENT, source: Present}", [ABSENT_AREA, ("source", "present", ())], id="in any case"),
        pytest.param("{price: 5-5}", [("price", "between", (5.0, 5.0))], id="a range of one"),
        pytest.param("{postcode: 5-5}", [("postcode", "like", (("range", "5", "5"),))], id="a range of one postcode"),
        pytest.param("{price: present}", [("price", "present", ())], id="a number present"),
        pytest.param("{postcode: absent}", [("not", ("postcode", "present", ()))], id="no postcode"),
        pytest.param("{price: 500000}", [("price", "between", (500000.0, 500000.0))], id="a number equals"),
        pytest.param('{price: ">= 2000000"}', [("price", "between", (2000000.0, None))], id="at least"),
        pytest.param('{price: "<=10.5"}', [("price", "between", (None, 10.5))], id="at most"),
        pytest.param('{price: "> 5"}', [("price", "above", 5.0)], id="above"),
        pytest.param('{cost: "< 5"}', [("cost", "below", 5.0)], id="below"),
        pytest.param("{price: 100 - 200}", [("price", "between", (100.0, 200.0))], id="range"),
        pytest.param("{lon: -3.5--1.25}", [("lon", "between", (-3.5, -1.25))], id="negative range"),
        pytest.param("{lat: -3.5}", [("lat", "between", (-3.5, -3.5))], id="negative number"),
        pytest.param(
            '{price: [100-200, "> 900"]}',
            [("any", (("price", "between", (100.0, 200.0)), ("price", "above", 900.0)))],
            id="any of several numbers",
        ),
        pytest.param(
            '{postcode: ["50480", 501*, 59000-59200]}',
            [("postcode", "like", (("is", "50480"), ("prefix", "501"), ("range", "59000", "59200")))],
            id="postcodes",
        ),
        pytest.param("{postcode: SW1A 1AA}", [("postcode", "like", (("is", "sw1a1aa"),))], id="postcode with a space"),
        pytest.param("{postcode: SW*}", [("postcode", "like", (("prefix", "sw"),))], id="prefix of letters"),
        pytest.param(
            "{postcode: 12345-6789}", [("postcode", "like", (("is", "12345-6789"),))], id="one code with a dash"
        ),
        pytest.param("{hours: Closed}", [("hours", "in", ("closed",))], id="hours"),
        pytest.param("{weekday: mon}", [("weekday", "in", ("0",))], id="weekday"),
        pytest.param("{weekday: fri-mon}", [("weekday", "in", ("0", "4", "5", "6"))], id="weekdays around"),
        pytest.param("{weekday: [sun, mon-tue]}", [("weekday", "in", ("0", "1", "6"))], id="list of weekdays"),
        pytest.param("{time: 18:00-08:00}", [("time", "within", (1080, 480))], id="time past midnight"),
        pytest.param("{time: 18:00-24:00}", [("time", "within", (1080, 1440))], id="time to midnight"),
        pytest.param(
            "{time: [08:00-09:00, 18:00-19:00]}",
            [("any", (("time", "within", (480, 540)), ("time", "within", (1080, 1140))))],
            id="two times",
        ),
        pytest.param("{custom.Beds: 3}", [("custom.beds", "in", ("3",))], id="custom text"),
        pytest.param("{custom.Bed Rooms: x}", [("custom.bed_rooms", "in", ("x",))], id="spaced"),
        pytest.param("{custom.beds: [3, 4+]}", [("custom.beds", "in", ("3", "4+"))], id="custom list"),
        pytest.param('{custom.beds: ">= 3"}', [("custom.beds", "between", (3.0, None))], id="custom number"),
        pytest.param("{custom.beds: 3-5}", [("custom.beds", "between", (3.0, 5.0))], id="custom range"),
        pytest.param("{custom.beds: [3-5]}", [("custom.beds", "in", ("3-5",))], id="a listed range is custom text"),
        pytest.param("{custom.beds: absent}", [("not", ("custom.beds", "present", ()))], id="custom absent"),
        pytest.param("{territory: WESTSIDE}", [("territory", "in", ("westside",))], id="territory"),
        pytest.param(
            "{territory: [harbour, westside]}", [("territory", "in", ("harbour", "westside"))], id="territories"
        ),
        pytest.param("{territory: present}", [("territory", "in", ("westside", "harbour"))], id="in any territory"),
        pytest.param("{territory: absent}", [("not", ("territory", "in", ("westside", "harbour")))], id="in none"),
        pytest.param("{known: yes}", [("known", "present", ())], id="a known person"),
        pytest.param("{known: No}", [("not", ("known", "present", ()))], id="an unknown person"),
        pytest.param("{known: present}", [("known", "present", ())], id="known said another way"),
        pytest.param(
            "{source: a, area: b}", [("source", "in", ("a",)), ("area", "in", ("b",))], id="several keys all hold"
        ),
        pytest.param(
            "{any: [{source: a}, {area: b, source: c}]}",
            [
                (
                    "any",
                    (
                        ("all", (("source", "in", ("a",)),)),
                        ("all", (("area", "in", ("b",)), ("source", "in", ("c",)))),
                    ),
                )
            ],
            id="any",
        ),
        pytest.param("{not: {source: a}}", [("not", ("all", (("source", "in", ("a",)),)))], id="not"),
        pytest.param(
            "{not: {any: [{area: absent}]}}",
            [("not", ("all", (("any", (("all", (ABSENT_AREA,)),)),)))],
            id="nested",
        ),
    ],
)
def test_a_condition_is_a_plain_tuple(read: Read, when: str, parts: list[Condition]) -> None:
    condition = policy_with(read, when).rules[0].when
    assert condition == ("all", tuple(parts))
    assert condition is not None
    compile_condition(condition)


NIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("when", "lead", "failed"),
    [
        ("{source: PORTAL}", {"source": "Portal"}, None),
        ("{source: portal}", {}, "source"),
        ("{area: absent}", {}, None),
        ("{area: absent}", {"area": "x"}, "area"),
        ("{tags: vip}", {"tags": "new, VIP"}, None),
        ("{postcode: SW1A 1AA}", {"postcode": "sw1a1aa"}, None),
        ("{postcode: 59000-59200}", {"postcode": "59201"}, "postcode"),
        ('{price: "> 5"}', {"price": 5.0}, "price"),
        ("{custom.beds: 3-5}", {"custom": '{"beds": "4"}'}, None),
        ("{weekday: sun, time: 22:00-06:00, hours: open}", {}, None),
        ("{not: {weekday: sat-sun}}", {}, "weekday"),
        ("{any: [{source: a}, {area: b}]}", {"area": "B"}, None),
        ("{territory: westside}", {"area": "bangsar"}, None),
        ("{territory: westside}", {"postcode": "50100"}, "territory"),
        ("{territory: present}", {"postcode": "50100"}, None),
        ("{territory: absent}", {"postcode": "50100"}, "territory"),
        ("{territory: absent}", {}, None),
        ("{known: yes}", {}, "known"),
        ("{known: no}", {}, None),
    ],
)
def test_the_domain_reads_a_condition_as_it_was_meant(
    read: Read, when: str, lead: dict[str, Any], failed: str | None
) -> None:
    policy = policy_with(read, when)
    condition = policy.rules[0].when
    assert condition is not None
    facts = Lead(**lead)
    question = Question(facts, policy.team, NIGHT, territories=territories_of(facts, policy.territories))
    assert compile_condition(condition)(question) == failed


@pytest.mark.parametrize(("when", "known", "failed"), [("yes", "aina", None), ("no", "aina", "known")])
def test_a_person_is_known_when_an_agent_had_them(read: Read, when: str, known: str, failed: str | None) -> None:
    policy = policy_with(read, f"{{known: {when}}}")
    condition = policy.rules[0].when
    assert condition is not None
    assert compile_condition(condition)(Question(Lead(), policy.team, NIGHT, known=known)) == failed


@pytest.mark.parametrize(
    ("when", "place", "part"),
    [
        pytest.param("{}", "", "there is no condition in it", id="empty"),
        pytest.param("", "", "expected conditions such as {source: portal}, found nothing", id="blank"),
        pytest.param("source", "", "found 'source'", id="a word"),
        pytest.param("[{source: a}]", "", "found a list", id="a list"),
        pytest.param("{sorce: a}", ".sorce", "Did you mean 'source'?", id="misspelt field"),
        pytest.param("{bedrooms: 3}", ".bedrooms", "as in custom.bedrooms", id="a column of their own"),
        pytest.param("{received_at: x}", ".received_at", "unknown field 'received_at'; known: source,", id="no such"),
        pytest.param("{custom: {bedrooms: 3}}", ".custom", "as in custom.bedrooms", id="custom as pairs"),
        pytest.param("{custom.: 3}", ".custom.", "names no column", id="custom without a name"),
        pytest.param("{custom.-: 3}", ".custom.-", "names no column", id="custom without a letter"),
        pytest.param("{source: }", ".source", "expected a value or a list of values, found nothing", id="no value"),
        pytest.param("{source: ''}", ".source", "found empty text", id="empty text"),
        pytest.param("{source: []}", ".source", "the list is empty", id="empty list"),
        pytest.param("{source: [a, [b]]}", ".source", "found a list", id="list in a list"),
        pytest.param("{source: {a: b}}", ".source", "found `key: value` pairs", id="pairs"),
        pytest.param("{source: '*'}", ".source", "`source: present`", id="star"),
        pytest.param("{source: [a, absent]}", ".source", "stand alone", id="absent among others"),
        pytest.param("{source: [Present]}", ".source", "stand alone", id="present in a list"),
        pytest.param("{source: '>= 3'}", ".source", "source is compared as text", id="numbers on text"),
        pytest.param(
            "{custom.x: ['>= 3']}", ".custom.x", "custom.x is compared as text", id="numbers in a custom list"
        ),
        pytest.param("{custom.x: '>= y'}", ".custom.x", "is not a test of a number", id="a custom number that is none"),
        pytest.param("{quality: hott}", ".quality", "unknown 'hott'; known: hot, warm, cold", id="unknown quality"),
        pytest.param("{price: lots}", ".price", "'lots' is not a test of a number", id="no number"),
        pytest.param("{price: '2,000'}", ".price", "is not a test of a number", id="thousands"),
        pytest.param("{price: 9e9}", ".price", "is not a test of a number", id="exponent"),
        pytest.param("{price: nan}", ".price", "is not a test of a number", id="nan"),
        pytest.param("{price: 200-100}", ".price", "write the smaller number first", id="range upside down"),
        pytest.param("{postcode: 5*1}", ".postcode", "can only stand at the end", id="star inside"),
        pytest.param("{postcode: '**'}", ".postcode", "can only stand at the end", id="two stars"),
        pytest.param("{postcode: '> 5'}", ".postcode", "is not a postcode", id="a comparison"),
        pytest.param(
            "{postcode: 59200-59000}", ".postcode", "write the smaller postcode first", id="postcodes reversed"
        ),
        pytest.param("{hours: shut}", ".hours", "unknown 'shut'; known: open, closed", id="hours"),
        pytest.param("{hours: present}", ".hours", "unknown 'present'", id="a moment is always there"),
        pytest.param("{weekday: mo}", ".weekday", "is not a weekday", id="weekday"),
        pytest.param("{time: '18:00'}", ".time", "write it as 09:00-18:00", id="time"),
        pytest.param("{known: maybe}", ".known", "'maybe' is neither yes nor no", id="known"),
        pytest.param(
            "{territory: wesside}", ".territory", "known: westside, harbour. Did you mean 'westside'?", id="territory"
        ),
        pytest.param("{territory: [westside, x]}", ".territory", "unknown territory 'x'", id="one of the territories"),
        pytest.param(
            "{not: {any: [{territory: x}]}}", ".not.any[0].territory", "unknown territory 'x'", id="territory inside"
        ),
        pytest.param("{any: {source: a}}", ".any", "expected a list such as", id="any of pairs"),
        pytest.param("{any: []}", ".any", "found an empty list", id="any of nothing"),
        pytest.param("{any: [{}]}", ".any[0]", "there is no condition in it", id="any of an empty one"),
        pytest.param("{any: [{source: a}, {sorce: b}]}", ".any[1].sorce", "unknown field 'sorce'", id="inside any"),
        pytest.param("{not: {}}", ".not", "there is no condition in it", id="not of nothing"),
        pytest.param("{not: [a]}", ".not", "found a list", id="not of a list"),
    ],
)
def test_a_condition_that_cannot_be_read_is_told_at_its_place(refuse: Refuse, when: str, place: str, part: str) -> None:
    (problem,) = refuse(f"{MAP}agents: [Aina]\nrules:\n  - when: {when}\n    to: all\n  - to: all\n")
    assert part in problem.message
    assert (problem.line, problem.place) == (4, f"rules[0].when{place}")


@pytest.mark.parametrize("word", ["westside", "present", "absent"])
def test_a_territory_must_be_defined_before_it_is_tested(refuse: Refuse, word: str) -> None:
    (problem,) = refuse(f"agents: [Aina]\nrules: [{{when: {{territory: {word}}}}}, {{to: all}}]")
    remedy = "no territory is defined, write what lies in it under `territories`"
    assert problem.message == f"unknown territory '{word}'; {remedy}"


class TestQuality:
    def test_qualities_are_tried_in_the_order_in_which_they_are_written(self, read: Read) -> None:
        text = f"{MAP}quality:\n  cold: {{source: old}}\n  hot: {{territory: harbour, known: yes}}\nagents: [Aina]"
        assert read(text).policy.quality == (
            ("cold", ("all", (("source", "in", ("old",)),))),
            ("hot", ("all", (("territory", "in", ("harbour",)), ("known", "present", ())))),
        )

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            pytest.param(
                "{hot: {quality: warm}}",
                ("quality.hot.quality", "'quality' cannot be tested here: it is what is decided here"),
                id="by itself",
            ),
            pytest.param(
                "{hot: {not: {quality: warm}}}",
                ("quality.hot.not.quality", "'quality' cannot be tested here: it is what is decided here"),
                id="by itself, deeper",
            ),
            pytest.param(
                "{hott: {source: a}}",
                ("quality.hott", "unknown quality 'hott'; known: hot, warm, cold. Did you mean 'hot'?"),
                id="unknown",
            ),
            pytest.param(
                "{hot: }",
                ("quality.hot", "expected conditions such as {source: portal}, found nothing"),
                id="without a condition",
            ),
            pytest.param("hot", ("quality", "expected `key: value` pairs, found 'hot'"), id="a word"),
            pytest.param("[hot]", ("quality", "expected `key: value` pairs, found a list"), id="a list"),
            pytest.param(
                "{cold: {email: x}}",
                ("quality.cold.email", "rules may not depend on who a person is, so 'email' cannot be tested"),
                id="by the person",
            ),
        ],
    )
    def test_a_quality_that_cannot_be_read_is_told(
        self, refuse: Refuse, written: str, expected: tuple[str, str]
    ) -> None:
        (problem,) = refuse(f"agents: [Aina]\nquality: {written}")
        assert (problem.place, problem.message) == expected


@pytest.mark.parametrize("field", ["name", "first_name", "last_name", "email", "phone", "message"])
def test_rules_may_not_depend_on_who_a_person_is(refuse: Refuse, field: str) -> None:
    (problem,) = refuse(f"agents: [Aina]\nrules: [{{when: {{{field}: x}}, to: all}}, {{to: all}}]")
    assert problem.message == f"rules may not depend on who a person is, so '{field}' cannot be tested"


def test_all_that_is_wrong_in_a_condition_is_told_at_once(refuse: Refuse) -> None:
    problems = refuse(
        "agents: [Aina]\nrules:\n"
        "  - when:\n      sorce: a\n      not: {price: x}\n      any: [{area: ''}]\n  - to: all\n"
    )
    assert [(problem.line, problem.place.removeprefix("rules[0].when.")) for problem in problems] == [
        (4, "sorce"),
        (5, "not.price"),
        (6, "any[0].area"),
    ]


@pytest.mark.parametrize("header", ["Bed Rooms", "bedrooms", "Größe (m²)", "A-B/c", "陈 伟"])
def test_a_custom_column_has_the_name_that_the_intake_keeps_it_under(read: Read, header: str) -> None:
    condition = policy_with(read, f'{{"custom.{header}": x}}').rules[0].when
    assert condition == ("all", ((f"custom.{custom_key(header)}", "in", ("x",)),))


def test_every_field_that_may_be_tested_is_one_of_a_lead_or_a_moment() -> None:
    assert set(READERS) - set(Lead._fields) == {"hours", "weekday", "time", "territory", "known"}
