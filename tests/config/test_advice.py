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
    ],
)
def test_what_is_well_gets_no_advice(read: Read, text: str) -> None:
    assert read(CALM + text).advice == ()


def test_a_team_with_holidays_is_closed_at_times(read: Read) -> None:
    team = "team: {timezone: UTC, region: ES, leader: aina, holidays: 2026-12-25}\n"
    assert read(team + THREE + rules("name: a, when: {hours: closed}", "to: all")).advice == ()


def test_advice_comes_in_the_order_of_the_file(read: Read) -> None:
    text = rules("name: a, when: {hours: open}, to: {source: x}", "to: all") + THREE
    lines = [hint.line for hint in read(text).advice]
    assert lines == sorted(lines)
    assert len(set(lines)) > 1
