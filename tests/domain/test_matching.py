"""Does a lead meet a condition, and whom does a rule name: every operator, every field, every kind of target."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import OPERATORS, Question, compile_condition, names, postcode_in
from leadrouter.domain.policy import Condition, Target, Team
from tests.factories import START, make_agent, make_lead, says

TEAM = Team(timezone="Europe/Berlin", hours=tuple((day, 540, 1080) for day in range(5)), holidays=("2026-12-25",))
WORDS = (
    "source", "campaign", "intent", "property_type", "area", "language", "timeframe", "preferred_channel",
    "preferred_time", "requested_agent", "external_id",
)  # fmt: skip


def failed(
    condition: Condition, facts: Lead, now: datetime = START, quality: str = "warm", team: Team = TEAM
) -> str | None:
    """The field on which a lead fails a condition; None if it meets it."""
    question = Question(facts, team, now)
    question.quality = quality
    return compile_condition(condition)(question)


@pytest.mark.parametrize("field", WORDS)
def test_a_text_is_compared_whole_and_without_regard_to_case(field: str) -> None:
    condition = (field, "in", ("portal", "strasse"))  # the configuration casefolds them
    assert failed(condition, says(**{field: "Portal"})) is None
    assert failed(condition, says(**{field: "Straße"})) is None
    assert failed(condition, says(**{field: "portal two"})) == field
    assert failed(condition, Lead()) == field


@pytest.mark.parametrize("field", ["tags", "features"])
@pytest.mark.parametrize(
    ("value", "met"),
    [("pool, Garden ,lift", True), ("GARDEN", True), ("gardens", False), ("", False), (None, False), ("a,,b", False)],
)
def test_any_tag_of_several_is_enough(field: str, value: str | None, met: bool) -> None:
    assert (failed((field, "in", ("garden", "yard")), says(**{field: value})) is None) is met


@pytest.mark.parametrize(("quality", "met"), [("hot", True), ("warm", True), ("cold", False)])
def test_the_quality_asked_about_is_the_one_the_policy_made_of_it(quality: str, met: bool) -> None:
    assert (failed(("quality", "in", ("hot", "warm")), make_lead(quality="cold"), quality=quality) is None) is met


@pytest.mark.parametrize("field", ["price", "cost", "lat", "lon", "custom.rooms"])
@pytest.mark.parametrize(
    ("operator", "operand", "value", "met"),
    [
        pytest.param("between", (3.0, 5.0), 3.0, True, id="the lower end of a range"),
        pytest.param("between", (3.0, 5.0), 5.0, True, id="the upper end"),
        pytest.param("between", (3.0, 5.0), 2.99, False, id="below a range"),
        pytest.param("between", (3.0, 5.0), 5.01, False, id="above a range"),
        pytest.param("between", (3.0, None), 3.0, True, id="at least, at it"),
        pytest.param("between", (3.0, None), 2.99, False, id="at least, below"),
        pytest.param("between", (None, 5.0), 5.0, True, id="at most, at it"),
        pytest.param("between", (None, 5.0), 5.01, False, id="at most, above"),
        pytest.param("between", (4.0, 4.0), 4.0, True, id="exactly"),
        pytest.param("between", (0.0, None), 0.0, True, id="zero is a number"),
        pytest.param("between", (-5.0, -3.0), -4.0, True, id="below zero"),
        pytest.param("above", 3.0, 3.0, False, id="more than, at it"),
        pytest.param("above", 3.0, 3.01, True, id="more than"),
        pytest.param("below", 3.0, 3.0, False, id="less than, at it"),
        pytest.param("below", 3.0, 2.99, True, id="less than"),
        pytest.param("between", (None, 5.0), None, False, id="nothing is not a small number"),
        pytest.param("below", 3.0, None, False, id="nothing is not less"),
        pytest.param("above", -1.0, None, False, id="nothing is not zero"),
    ],
)
def test_a_number_is_compared(field: str, operator: str, operand: Any, value: float | None, met: bool) -> None:
    if field.startswith("custom."):
        facts = Lead(custom=None if value is None else f'{{"rooms":"{value}"}}')
    else:
        facts = says(**{field: value})
    assert (failed((field, operator, operand), facts) is None) is met


@pytest.mark.parametrize("value", ["three", "", "3 rooms", "nan"])
def test_a_custom_text_that_is_no_number_meets_no_comparison(value: str) -> None:
    facts = Lead(custom=f'{{"rooms":"{value}"}}')
    for operator, operand in (("between", (None, 9.0)), ("above", 0.0), ("below", 9.0)):
        assert failed(("custom.rooms", operator, operand), facts) == "custom.rooms"


@pytest.mark.parametrize(
    ("custom", "met"),
    [('{"Lead Type":"Buyer"}', True), ('{"Lead Type":"seller"}', False), ('{"other":"buyer"}', False), (None, False)],
)
def test_a_column_of_ones_own_is_compared_as_text(custom: str | None, met: bool) -> None:
    assert (failed(("custom.Lead Type", "in", ("buyer",)), Lead(custom=custom)) is None) is met


@pytest.mark.parametrize(
    ("pattern", "postcode", "met"),
    [
        pytest.param(("is", "50480"), "50480", True, id="the code itself"),
        pytest.param(("is", "50480"), "504801", False, id="a longer code"),
        pytest.param(("is", "sw1a1aa"), "SW1A 1AA", True, id="spaces and case do not count"),
        pytest.param(("prefix", "501"), "50199", True, id="a prefix"),
        pytest.param(("prefix", "501"), "501", True, id="no more than the prefix"),
        pytest.param(("prefix", "501"), "50", False, id="less than the prefix"),
        pytest.param(("prefix", "sw1"), "SW1A 1AA", True, id="a prefix of letters"),
        pytest.param(("range", "59000", "59200"), "59000", True, id="first of a range"),
        pytest.param(("range", "59000", "59200"), "59200", True, id="last of a range"),
        pytest.param(("range", "59000", "59200"), "58999", False, id="before a range"),
        pytest.param(("range", "59000", "59200"), "59201", False, id="after a range"),
        pytest.param(("range", "59000", "59200"), "590001", False, id="longer than the range's ends"),
        pytest.param(("range", "01000", "02000"), "1500", False, id="a zero in front belongs to the code"),
        pytest.param(("range", "01000", "02000"), "01500", True, id="with its zero"),
    ],
)
def test_a_postcode_is_exact_a_prefix_or_in_a_range(pattern: tuple[str, ...], postcode: str, met: bool) -> None:
    assert postcode_in(postcode, (pattern,)) is met
    assert postcode_in(postcode, (("is", "nowhere"), pattern)) is met
    assert (failed(("postcode", "like", (pattern,)), Lead(postcode=postcode)) is None) is met


def test_no_postcode_is_like_none() -> None:
    assert failed(("postcode", "like", (("prefix", "5"),)), Lead()) == "postcode"


@pytest.mark.parametrize("field", ["source", "price", "tags", "custom.rooms", "postcode"])
def test_present_is_any_value_at_all(field: str) -> None:
    said = {"price": Lead(price=0.0), "custom.rooms": Lead(custom='{"rooms":"2"}')}
    facts = said.get(field) or says(**{field: "x"})
    assert failed((field, "present", ()), facts) is None
    assert failed((field, "present", ()), Lead()) == field
    assert failed(("not", (field, "present", ())), Lead()) is None


# --- the moment -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "weekday"),
    [
        pytest.param("2026-03-01T22:59:59Z", "6", id="Sunday in Berlin"),
        pytest.param("2026-03-01T23:00:00Z", "0", id="Monday in Berlin, Sunday in UTC"),
        pytest.param("2026-06-07T21:59:59Z", "6", id="Sunday in summer"),
        pytest.param("2026-06-07T22:00:00Z", "0", id="Monday in summer"),
    ],
)
def test_the_weekday_is_that_of_the_team(now: str, weekday: str) -> None:
    for day in map(str, range(7)):
        met = failed(("weekday", "in", (day,)), Lead(), datetime.fromisoformat(now)) is None
        assert met is (day == weekday)


@pytest.mark.parametrize(
    ("times", "now", "met"),
    [
        pytest.param((540, 1080), "2026-03-27T07:59:59Z", False, id="one second before nine in winter"),
        pytest.param((540, 1080), "2026-03-27T08:00:00Z", True, id="nine in winter"),
        pytest.param((540, 1080), "2026-03-30T06:59:59Z", False, id="one second before nine in summer"),
        pytest.param((540, 1080), "2026-03-30T07:00:00Z", True, id="nine in summer"),
        pytest.param((540, 1080), "2026-03-30T16:00:00Z", False, id="six is not before six"),
        pytest.param((1320, 360), "2026-03-02T21:00:00Z", True, id="past midnight: ten in the evening"),
        pytest.param((1320, 360), "2026-03-02T04:59:59Z", True, id="past midnight: just before six"),
        pytest.param((1320, 360), "2026-03-02T05:00:00Z", False, id="past midnight: six"),
        pytest.param((1320, 360), "2026-03-02T12:00:00Z", False, id="past midnight: noon"),
        pytest.param((0, 1440), "2026-03-02T22:59:59Z", True, id="the whole day"),
        pytest.param((120, 180), "2026-03-29T00:59:59Z", False, id="before the skipped hour"),
        pytest.param((120, 180), "2026-03-29T01:00:00Z", False, id="the skipped hour never is"),
        pytest.param((120, 180), "2026-10-25T00:30:00Z", True, id="the hour that comes twice"),
        pytest.param((120, 180), "2026-10-25T01:30:00Z", True, id="the same hour again"),
        pytest.param((120, 180), "2026-10-25T02:00:00Z", False, id="after both"),
    ],
)
def test_a_time_of_day_is_read_on_the_teams_clock(times: tuple[int, int], now: str, met: bool) -> None:
    assert (failed(("time", "within", times), Lead(), datetime.fromisoformat(now)) is None) is met


@pytest.mark.parametrize(
    ("now", "state"),
    [
        pytest.param("2026-03-02T07:59:59Z", "closed", id="before opening"),
        pytest.param("2026-03-02T08:00:00Z", "open", id="opening"),
        pytest.param("2026-03-02T17:00:00Z", "closed", id="closing"),
        pytest.param("2026-03-07T12:00:00Z", "closed", id="Saturday"),
        pytest.param("2026-03-30T07:00:00Z", "open", id="opening in summer"),
        pytest.param("2026-12-24T12:00:00Z", "open", id="the day before a holiday"),
        pytest.param("2026-12-25T12:00:00Z", "closed", id="a holiday"),
        pytest.param("2026-12-24T22:59:59Z", "closed", id="the last second before it, after hours anyway"),
    ],
)
def test_hours_are_those_of_the_team_and_a_holiday_is_closed(now: str, state: str) -> None:
    for word in ("open", "closed"):
        assert (failed(("hours", "in", (word,)), Lead(), datetime.fromisoformat(now)) is None) is (word == state)


@pytest.mark.parametrize(
    ("now", "state"),
    [("2026-12-24T22:59:59Z", "open"), ("2026-12-24T23:00:00Z", "closed"), ("2026-12-25T23:00:00Z", "open")],
)
def test_a_holiday_is_a_date_of_the_team(now: str, state: str) -> None:
    always = Team(timezone="Europe/Berlin", holidays=("2026-12-25",))
    assert failed(("hours", "in", (state,)), Lead(), datetime.fromisoformat(now), team=always) is None


def test_a_team_without_hours_is_always_open() -> None:
    night = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert failed(("hours", "in", ("open",)), Lead(), night, team=Team()) is None


# --- put together ---------------------------------------------------------------------------------------------

PORTAL, DEAR, WEST = ("source", "in", ("portal",)), ("price", "above", 1e6), ("area", "in", ("west",))


@pytest.mark.parametrize(
    ("condition", "fields", "field"),
    [
        pytest.param(("all", (PORTAL, DEAR)), {"source": "portal", "price": 2e6}, None, id="all: each holds"),
        pytest.param(("all", (PORTAL, DEAR)), {"price": 2e6}, "source", id="all: the first fails"),
        pytest.param(("all", (PORTAL, DEAR)), {"source": "portal"}, "price", id="all: the second fails"),
        pytest.param(("all", ()), {}, None, id="all of nothing holds"),
        pytest.param(("any", (PORTAL, DEAR)), {"price": 2e6}, None, id="any: the second holds"),
        pytest.param(("any", (PORTAL, DEAR)), {}, "source", id="any: none holds, the first is named"),
        pytest.param(("not", PORTAL), {"source": "portal"}, "source", id="not: it holds"),
        pytest.param(("not", PORTAL), {}, None, id="not: nothing said is not the portal"),
        pytest.param(("not", ("not", PORTAL)), {"source": "portal"}, None, id="not not"),
        pytest.param(("not", ("all", (PORTAL, DEAR))), {"source": "portal"}, None, id="not all"),
        pytest.param(("not", ("any", (DEAR, PORTAL))), {"source": "portal"}, "price", id="not any: its first field"),
        pytest.param(
            ("all", (("any", (PORTAL, DEAR)), ("not", WEST))),
            {"source": "portal", "area": "west"}, "area", id="one inside the other",
        ),
        pytest.param(
            ("all", (("any", (PORTAL, DEAR)), ("not", WEST))), {"price": 2e6}, None, id="one inside the other, met",
        ),
    ],
)  # fmt: skip
def test_conditions_combine_and_name_the_field_that_failed(
    condition: Condition, fields: dict[str, Any], field: str | None
) -> None:
    assert failed(condition, says(**fields)) == field


def test_every_operator_is_in_these_tables() -> None:
    assert set(OPERATORS) == {"in", "between", "above", "below", "like", "within", "present"}


# --- whom a rule names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "named"),
    [
        pytest.param(Target(), {"aina", "bala"}, id="all means role agent"),
        pytest.param(Target("agents", ("bala", "lena")), {"bala", "lena"}, id="by id, whatever their role"),
        pytest.param(Target("group", ("east", "west")), {"aina", "chong"}, id="any of the groups"),
        pytest.param(Target("specialty", ("luxury",)), {"bala"}, id="a specialty"),
        pytest.param(Target("source", ("portal",)), {"aina"}, id="a source"),
        pytest.param(Target("role", ("isa", "leader")), {"chong", "lena"}, id="roles"),
        pytest.param(Target("group", ("north",)), set(), id="nobody"),
    ],
)
def test_a_target_names_agents(target: Target, named: set[str]) -> None:
    team = (
        make_agent("aina", groups=("west", "river"), sources=("portal",)),
        make_agent("bala", specialties=("luxury", "rental")),
        make_agent("chong", role="isa", groups=("east",)),
        make_agent("lena", role="leader"),
    )
    assert {agent.id for agent in team if names(target, agent)} == named
