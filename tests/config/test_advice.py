"""Advice: what is allowed but unwise, with its line, and nothing where all is well."""

from __future__ import annotations

import pytest

from .conftest import Read

CALM = "team: {timezone: Europe/Madrid, region: ES, leader: aina}\n"
THREE = "agents: [Aina, Bala, Chong]\n"


def test_the_smallest_file_gets_three_short_lines(read: Read) -> None:
    assert read(THREE).advice == (
        (1, "times are UTC; set team.timezone"),
        (1, "phone numbers without a country code cannot be read; set team.region"),
        (1, "nobody is told about late leads; set team.leader"),
    )


def test_a_complete_team_gets_none(read: Read) -> None:
    assert read(CALM + THREE).advice == ()


def test_utc_that_was_chosen_needs_no_advice(read: Read) -> None:
    assert read("team: {timezone: UTC, region: ES, leader: aina}\n" + THREE).advice == ()


def test_one_agent_needs_no_leader(read: Read) -> None:
    assert read("team: {timezone: UTC, region: ES}\nagents: [Aina]").advice == ()


def test_the_only_agent_in_the_role_is_proposed_as_leader(read: Read) -> None:
    text = "agents: [Aina, {name: Mei, role: leader}]\nteam: {timezone: UTC, region: ES}"
    assert read(text).advice == ((2, "nobody is told about late leads; set team.leader: mei"),)


SIX = """\
agents:
  - {id: aina, tier: A}
  - {id: a2, tier: A}
  - {id: a3, tier: A}
  - {id: b1, tier: B}
  - {id: c1, tier: C}
  - {id: c2, tier: C}
"""
HOME = "agents:\n  - {name: Aina, territories: west}\n"


def rules(*written: str) -> str:
    return "rules:\n" + "".join(f"  - {{{rule}}}\n" for rule in written)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        pytest.param(
            THREE + rules(*(f"name: r{n}, when: {{source: s{n}}}" for n in range(6)), "to: all"),
            3,
            "7 rules are hard to explain",
            id="seven rules",
        ),
        pytest.param(
            THREE
            + rules("name: a, when: {source: [x, y], area: z}", "name: b, when: {area: Z, source: [Y, x]}", "to: all"),
            5,
            "'b' never matches: 'a' above it has the same `when`",
            id="the same condition in another order",
        ),
        pytest.param(
            THREE
            + rules("name: a, when: {not: {any: [{area: z}]}}", "name: b, when: {not: {any: [{area: z}]}}", "to: all"),
            5,
            "'b' never matches",
            id="the same nested condition",
        ),
        pytest.param(
            THREE + rules("name: a, when: {any: [{source: x}, {not: {hours: closed}}]}", "to: all"),
            4,
            "'a' asks for the team's hours, but the team is always open; set team.hours",
            id="never closed",
        ),
        pytest.param(
            THREE + rules("when: {source: x}", "to: all"),
            4,
            "'rule 1' is named by its position",
            id="a rule without a name",
        ),
        pytest.param(
            "agents:\n  - Aina\n  - {name: Bala, groups: [fast]}\n",
            4,
            "no rule names the group 'fast'",
            id="a group no rule names",
        ),
        pytest.param(
            "agents:\n  - {name: Aina, languages: [en, ms]}\n  - {name: Bala, languages: [en, English]}\n",
            4,
            "languages match as they are written, and 'english' stands beside 'en'",
            id="a language in two forms",
        ),
        pytest.param(
            THREE + rules("name: a, when: {source: x}, to: {specialty: luxury}", "to: all"),
            4,
            "'a' names no active agent, so nobody can take its leads",
            id="a specialty nobody has",
        ),
        pytest.param(
            "agents: [{name: Aina, left: 2026-01-01, specialties: x}, Bala]\n"
            + rules("name: a, when: {source: x}, to: {specialty: x}", "to: all"),
            4,
            "'a' names no active agent",
            id="only those who left",
        ),
        pytest.param(
            "agents: [{id: aina, role: isa}]\n" + rules("name: rest, to: all"),
            4,
            "'rest' names no active agent",
            id="all means role agent",
        ),
        pytest.param(
            "agents:\n  - Aina\n  - {name: Devi, role: isa}\n",
            4,
            "no rule names 'Devi', who can get leads only by hand",
            id="an agent no rule reaches",
        ),
        pytest.param(
            "agents: [Aina]\nterritories:\n  west: {areas: x}\n",
            4,
            "no rule and no agent uses the territory 'west'",
            id="a territory nobody uses",
        ),
        pytest.param(
            THREE + rules("name: a, when: {source: x}, then: hold", "to: all"),
            4,
            "'a' holds leads until the team opens, but it is always open: at best they wait until midnight",
            id="holding for nothing",
        ),
        pytest.param(
            THREE + rules("name: rest, then: pool"),
            4,
            "'rest' pools again what nobody claims; set pool.unclaimed",
            id="pooled again and again",
        ),
        pytest.param(
            "agents: [{name: Aina, role: isa}]\n" + rules("name: rest, then: qualify"),
            4,
            "'rest' qualifies, so no rule deals what an isa hands off",
            id="handed off to nobody",
        ),
        pytest.param(
            THREE + rules("name: a, when: {intent: seller}, then: qualify", "to: all"),
            4,
            "'a' names no active agent",
            id="no isa to qualify",
        ),
        *(
            pytest.param(
                THREE + rules(f"name: a, when: {{source: x}}, strategy: {strategy}", "to: all"),
                4,
                f"'a' deals by {serving}, but nobody it names has {key}, so nobody can take its leads",
                id=f"{strategy} without {key}",
            )
            for strategy, serving, key in (
                ("specialty", "specialty", "specialties"),
                ("source_specialist", "source", "sources"),
                ("language", "language", "languages"),
                ("territory", "territory", "territories"),
            )
        ),
        pytest.param(
            SIX.replace("tier", "groups") + rules("name: rest, strategy: performance"),
            10,
            "'rest' shares by tier, but nobody it names has one",
            id="performance without tiers",
        ),
        pytest.param(
            SIX.replace("  - {id: c2, tier: C}\n", "") + rules("name: rest, strategy: performance"),
            9,
            "'rest' shares by tier among 5; below 6 agents",
            id="performance among five",
        ),
        pytest.param(
            SIX + rules("name: rest, strategy: performance"),
            10,
            "'rest': with 3 in A, 1 in B, 2 in C, the shares would give more per head in a lower tier; they are "
            "capped, at A 56%, B 19%, C 25%",
            id="capped shares",
        ),
    ],
)
def test_what_is_unwise_is_told_with_its_line(read: Read, text: str, line: int, part: str) -> None:
    advice = read(CALM + text).advice
    assert any(hint.line == line and part in hint.message for hint in advice), advice


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            THREE + rules(*(f"name: r{n}, when: {{source: s{n}}}" for n in range(5)), "to: all"), id="six rules"
        ),
        pytest.param(
            THREE + rules("name: a, when: {source: x}", "name: b, when: {area: x}", "to: all"), id="two whens"
        ),
        pytest.param(
            "agents: [Aina, {name: Bala, groups: [fast]}]\n"
            + rules("name: a, when: {source: x}, to: {group: fast}", "to: all"),
            id="a group a rule names",
        ),
        pytest.param("agents: [Aina, {name: Mei, role: leader}]\n", id="a leader no rule names"),
        pytest.param("agents: [Aina, {name: Devi, role: isa, left: 2026-01-01}]\n", id="somebody who left"),
        pytest.param(
            "agents: [Aina, {name: Devi, role: isa}]\n" + rules("when: {area: x}, name: a, then: pool", "to: all"),
            id="the pool is open to all",
        ),
        pytest.param(
            SIX.replace("a2, tier: A", "a2, tier: B").replace("a3, tier: A", "a3, tier: C")
            + rules("strategy: performance"),
            id="shares that fit",
        ),
        pytest.param(
            "agents: [Aina, {name: Bala, languages: ms}]\n" + rules("strategy: language"), id="one who serves"
        ),
    ],
)
def test_what_is_well_gets_no_advice(read: Read, text: str) -> None:
    assert read(CALM + text).advice == ()


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        pytest.param("{price: '>= 1000000'}", "{price: '>= 2000000'}", "takes all that it could match", id="a bound"),
        pytest.param("{price: '>= 5'}", "{price: '> 5'}", "takes all that it could match", id="an open bound"),
        pytest.param("{price: '> 5'}", "{price: 6-7}", "takes all that it could match", id="a range above a bound"),
        pytest.param("{price: [1-3, 7-9]}", "{price: [2, 8-9]}", "takes all that it could match", id="several numbers"),
        pytest.param("{cost: '<= 5'}", "{cost: '< 5'}", "takes all that it could match", id="below"),
        pytest.param("{custom.beds: 1-5}", "{custom.beds: 2-3}", "takes all that it could match", id="a custom number"),
        pytest.param("{source: [a, b]}", "{source: [A]}", "takes all that it could match", id="a word of several"),
        pytest.param("{source: a}", "{area: x, source: a}", "takes all that it could match", id="one more condition"),
        pytest.param("{area: x, source: a}", "{source: a, area: x}", "has the same `when`", id="another order"),
        pytest.param("{source: present}", "{source: a}", "takes all that it could match", id="any word at all"),
        pytest.param("{price: present}", "{any: [{price: 1}, {price: '> 9'}]}", "takes all", id="each of any"),
        pytest.param("{any: [{source: a}, {area: x}]}", "{area: x}", "takes all that it could match", id="one of any"),
        pytest.param(
            "{any: [{source: [a, c]}, {area: x}]}",
            "{any: [{area: x}, {source: a, area: y}]}",
            "takes all that it could match",
            id="any of any",
        ),
        pytest.param("{not: {source: a}}", "{not: {source: [a, b]}}", "takes all that it could match", id="not"),
        pytest.param("{postcode: 501*}", "{postcode: 5010*}", "takes all that it could match", id="a longer prefix"),
        pytest.param("{postcode: 501*}", "{postcode: 50100-50199}", "takes all", id="a range of one prefix"),
        pytest.param("{postcode: 50000-50200}", "{postcode: [50100, 50110-50120]}", "takes all", id="inside a range"),
        pytest.param("{time: 18:00-08:00}", "{time: 18:00-08:00}", "has the same `when`", id="the same time"),
        pytest.param("{known: yes}", "{known: yes, source: a}", "takes all that it could match", id="known"),
    ],
)
def test_a_rule_that_can_never_match_is_told(read: Read, first: str, second: str, reason: str) -> None:
    text = THREE + rules(
        f"name: a, when: {first}", "name: z, when: {campaign: zz}", f"name: b, when: {second}", "to: all"
    )
    (hint,) = read(CALM + text).advice
    assert hint.line == 6
    assert hint.message.startswith(f"'b' never matches: 'a' above it {reason}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("when: {price: '>= 2000000'}", "when: {price: '>= 1000000'}", id="the narrower first"),
        pytest.param("when: {price: '> 5'}", "when: {price: '>= 5'}", id="the bound itself is left"),
        pytest.param("when: {price: 1-5}", "when: {price: 4-6}", id="a part of a range"),
        pytest.param("when: {source: a, area: x}", "when: {source: a}", id="one condition less"),
        pytest.param("when: {source: a}", "when: {area: a}", id="another field"),
        pytest.param("when: {source: a}", "when: {any: [{source: a}, {area: x}]}", id="one of any is left"),
        pytest.param("when: {not: {source: [a, b]}}", "when: {not: {source: a}}", id="not"),
        pytest.param("when: {source: a}", "when: {source: absent}", id="absent"),
        pytest.param("when: {postcode: 5010*}", "when: {postcode: 501*}", id="a shorter prefix"),
        pytest.param("when: {postcode: 50000-50200}", "when: {postcode: 501*}", id="a prefix has longer codes"),
        pytest.param("when: {postcode: 500-502}", "when: {postcode: 50100}", id="another length"),
        pytest.param("when: {custom.beds: [3, 4]}", "when: {custom.beds: 3-4}", id="text and number"),
        pytest.param("when: {source: a}, then: pool", "when: {source: a}", id="what nobody claimed"),
        pytest.param("when: {source: a}, then: incubate", "when: {source: [a]}", id="what is awake again"),
        pytest.param("when: {source: a}, else: b", "when: {source: a}", id="a backup"),
    ],
)
def test_a_rule_that_may_match_is_left_in_peace(read: Read, first: str, second: str) -> None:
    assert read(CALM + THREE + rules(f"name: a, {first}", f"name: b, {second}", "to: all")).advice == ()


def test_a_rule_for_what_an_isa_handed_off_is_left_in_peace(read: Read) -> None:
    team = "agents: [Aina, {name: Ida, role: isa}]\n"
    handed = rules("name: a, when: {source: a}, then: qualify", "name: b, when: {source: a}", "to: all")
    assert read(CALM + team + handed).advice == ()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param("{areas: [x, Bangsar]}", "{areas: BANGSAR}", "both name 'bangsar'", id="an area"),
        pytest.param("{postcodes: '50480'}", "{postcodes: [1, '50480']}", "postcodes 50480", id="a postcode"),
        pytest.param("{postcodes: 501*}", "{postcodes: ['50480', '50100']}", "postcodes 501* and 50100", id="prefix"),
        pytest.param("{postcodes: 501*}", "{postcodes: 5010*}", "postcodes 501* and 5010*", id="two prefixes"),
        pytest.param("{postcodes: 501*}", "{postcodes: 50000-50100}", "postcodes 50000-50100 and 501*", id="range"),
        pytest.param("{postcodes: 500-502}", "{postcodes: [502-509]}", "postcodes 500-502 and 502-509", id="ranges"),
        pytest.param("{postcodes: 500-502}", "{postcodes: [501]}", "postcodes 500-502 and 501", id="inside a range"),
        pytest.param("{postcodes: [10*, 500*]}", "{postcodes: [1*, 9*]}", "postcodes 1* and 10*", id="the first"),
        pytest.param(
            "{circle: {lat: 3, lon: 101, km: 60}}",
            "{circle: {lat: 3, lon: 102, km: 60}}",
            "their circles meet",
            id="circles",
        ),
    ],
)
def test_territories_that_overlap_are_told_by_both_names(read: Read, one: str, other: str, both: str) -> None:
    agents = "agents: [{name: Aina, territories: [west, east]}]\n"
    places = f"territories:\n  west: {one}\n  east: {other}\n"
    advice = read(CALM + agents + places + rules("strategy: territory")).advice
    assert advice == ((5, f"'east' and 'west' overlap: {both}; a lead there is in both"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("{areas: x}", "{areas: y}", id="areas"),
        pytest.param("{postcodes: [501*, '60000']}", "{postcodes: [502*, 59000-59999]}", id="postcodes"),
        pytest.param("{postcodes: 50000-50200}", "{postcodes: ['501', 500-502, '501000']}", id="lengths"),
        pytest.param("{postcodes: 501*}", "{postcodes: [50-52, 49000-50099]}", id="a prefix beside ranges"),
        pytest.param(
            "{circle: {lat: 3, lon: 101, km: 50}}", "{circle: {lat: 3, lon: 102, km: 60}}", id="circles 111 km apart"
        ),
        pytest.param("{postcodes: 5*}", "{areas: '5'}", id="a postcode is no area"),
    ],
)
def test_territories_that_lie_apart_are_left_in_peace(read: Read, one: str, other: str) -> None:
    agents = "agents: [{name: Aina, territories: [west, east]}]\n"
    places = f"territories:\n  west: {one}\n  east: {other}\n"
    assert read(CALM + agents + places + rules("strategy: territory")).advice == ()


def test_each_two_territories_are_told_once(read: Read) -> None:
    agents = "agents: [{name: Aina, territories: [a, b, c]}]\n"
    place = "{areas: [x, y], postcodes: [5*, '50'], circle: {lat: 1, lon: 1, km: 1}}"
    places = f"territories:\n  a: {place}\n  b: {place}\n  c: {place}\n"
    lines = [hint.line for hint in read(CALM + agents + places + rules("strategy: territory")).advice]
    assert lines == [5, 6, 6]


def test_thousands_of_postcodes_are_compared_in_no_time(read: Read) -> None:
    codes = [", ".join(f"{start + n}" for n in range(0, 30_000, 10)) for start in range(100_000, 100_010)]
    places = "territories:\n" + "".join(f"  t{n}: {{postcodes: [{listed}]}}\n" for n, listed in enumerate(codes))
    agents = f"agents: [{{name: Aina, territories: [{', '.join(f't{n}' for n in range(10))}]}}]\n"
    assert read(CALM + agents + places + rules("strategy: territory")).advice == ()


@pytest.mark.parametrize(
    ("rule", "fed"),
    [
        pytest.param("strategy: territory", True, id="by strategy"),
        pytest.param("prefer: [territory]", True, id="by preference"),
        pytest.param("to: {territory: west}", True, id="by name"),
        pytest.param("when: {territory: west}", True, id="by condition"),
        pytest.param("when: {territory: east}, strategy: territory", False, id="elsewhere"),
        pytest.param("when: {source: a}, strategy: territory, then: pool", False, id="to nobody"),
        pytest.param("when: {source: a}, strategy: territory, to: {agents: bala}", False, id="to another"),
        pytest.param("prefer: [language]", False, id="for another reason"),
    ],
)
def test_agents_whose_territories_no_rule_deals_are_told(read: Read, rule: str, fed: bool) -> None:
    agents = HOME + "  - {name: Bala, languages: ms, territories: east}\n"
    east = ("name: east, when: {territory: east, source: e}, to: {agents: bala}",)
    last = () if "when" not in rule else ("to: all",)
    text = (
        CALM + agents + "territories: {west: {areas: x}, east: {areas: y}}\n" + rules(*east, f"name: r, {rule}", *last)
    )
    hints = [hint for hint in read(text).advice if hint.line == 3]
    message = (
        "no rule deals leads of 'west' to 'Aina' as their territory; see strategy: territory and prefer: [territory]"
    )
    assert hints == ([] if fed else [(3, message)])


def test_a_team_with_holidays_is_closed_at_times(read: Read) -> None:
    team = "team: {timezone: UTC, region: ES, leader: aina, holidays: 2026-12-25}\n"
    assert read(team + THREE + rules("name: a, when: {hours: closed}", "to: all")).advice == ()


def test_a_rule_that_holds_in_the_daytime_holds_again(read: Read) -> None:
    team = "team: {timezone: UTC, region: ES, leader: aina, hours: Mon-Fri 09:00-18:00}\n"
    night = "name: night, when: {hours: closed}, then: hold"
    (hint,) = read(team + THREE + rules(night, "name: a, when: {source: x}, then: hold", "to: all")).advice
    assert hint == (5, "'a' holds its leads again at every opening; add hours: closed to its `when`")


def test_advice_comes_in_the_order_of_the_file(read: Read) -> None:
    text = rules("name: a, when: {hours: open}, to: {source: x}", "to: all") + THREE
    lines = [hint.line for hint in read(text).advice]
    assert lines == sorted(lines)
    assert len(set(lines)) > 1
