"""From a file to a policy: what each key means, and that everything wrong is told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadrouter.config import InvalidConfiguration, read_config, schema
from leadrouter.config.entry import Entry
from leadrouter.domain import policy as records
from leadrouter.domain import promises
from leadrouter.domain.policy import Agent, Policy, RampStep, Rule, Target
from leadrouter.domain.promises import Reclaim, Sla
from leadrouter.domain.stored_policy import dump, rebuild
from leadrouter.errors import UnusableFile

from .conftest import Read, Refuse

RICH = """\
team: {name: Harbour Realty, timezone: asia/kuala_lumpur, region: my, currency: myr, leader: MEI,
       hours: "Mon-Fri 09:00-18:00", holidays: [2026-12-31..2027-01-01, 2026-12-25, 2027-01-01], per_day: 9}
agents:
  - {id: aina, name: Aina Yusof, groups: [eTeam, north], specialties: Luxury, sources: [Portal], weight: 1.5,
     capacity: 20, per_day: off, per_hour: 3, hours: "Mon 20:00-02:00", timezone: Europe/Madrid,
     joined: 2026-03-01, left: 2026-12-31, time_off: [2026-12-20..2026-12-24, 2026-05-01]}
  - {id: Mei, role: Leader}
  - Bala
rules:
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: LUXURY}, else: Night, rotation: main}
  - {name: night, when: {hours: closed}, to: {agents: [BALA, mei]}, strategy: weighted}
  - {name: team, when: {source: [a, b]}, to: {group: ETEAM}, rotation: main}
  - {to: {role: [agent, isa]}}
sla: {hot: 5m, target: 90%}
reclaim: {no_contact: 2d, no_conversion: off, max_hops: 0}
ramp_up: [{until_day: 10, weight: 1/4}]
"""


class TestDefaults:
    """`agents: [Aina]` is a complete file; these are the shipped numbers of DOMAIN.md."""

    @pytest.fixture
    def policy(self, read: Read) -> Policy:
        return read("agents: [Aina]").policy

    def test_a_list_of_names_is_a_complete_file(self, read: Read) -> None:
        agents = read("agents: [Aina, Bala Raj, Chong]").policy.agents
        assert [(agent.id, agent.name) for agent in agents] == [
            ("aina", "Aina"),
            ("bala-raj", "Bala Raj"),
            ("chong", "Chong"),
        ]

    def test_an_agent_takes_fifteen_open_leads_at_any_hour(self, policy: Policy) -> None:
        (agent,) = policy.agents
        assert agent == Agent("aina", "Aina")
        assert (agent.role, agent.weight, agent.capacity, agent.hours, agent.price) == ("agent", 2520, 15, None, None)

    def test_one_rule_deals_to_everyone_in_turns(self, policy: Policy) -> None:
        assert policy.rules == (
            Rule("everyone", None, Target("all", ()), "round_robin", None, None, "assign", ("relationship",), "turns"),
        )

    def test_contact_is_promised_in_15_minutes_2_hours_and_24_hours(self, policy: Policy) -> None:
        assert (policy.sla.hot, policy.sla.warm, policy.sla.cold) == (15 * 60, 2 * 3600, 24 * 3600)
        assert policy.sla.target == 0.95

    def test_leads_are_taken_back_after_72_hours_and_14_days_at_most_three_times(self, policy: Policy) -> None:
        assert policy.reclaim[:3] == (72 * 3600, 14 * 86_400, 3)

    def test_a_new_agent_has_a_third_for_15_days_and_a_half_until_day_30(self, policy: Policy) -> None:
        assert policy.ramp_up == ((15, 2520 // 3), (30, 2520 // 2))

    def test_the_team_works_always_in_utc(self, policy: Policy) -> None:
        assert policy.team == records.Team("Our team", "UTC", None, None, None, None, (), "roster", "leadrouter")


class TestMeaning:
    @pytest.fixture
    def policy(self, read: Read) -> Policy:
        return read(RICH).policy

    def test_the_team(self, policy: Policy) -> None:
        hours = tuple((day, 540, 1080) for day in range(5))
        holidays = ("2026-12-25", "2026-12-31", "2027-01-01")
        assert policy.team == records.Team("Harbour Realty", "Asia/Kuala_Lumpur", "MY", "MYR", "Mei", hours, holidays)

    def test_an_agent_with_every_key(self, policy: Policy) -> None:
        assert policy.agents[0] == Agent(
            id="aina",
            name="Aina Yusof",
            role="agent",
            groups=("eteam", "north"),
            specialties=("luxury",),
            sources=("portal",),
            weight=3780,
            capacity=20,
            per_day=None,
            per_hour=3,
            hours=((0, 1200, 1440), (1, 0, 120)),
            timezone="Europe/Madrid",
            joined="2026-03-01",
            left="2026-12-31",
            time_off=(("2026-12-20", "2026-12-24"), ("2026-05-01", "2026-05-01")),
        )

    def test_an_id_without_a_name_is_the_name(self, policy: Policy) -> None:
        assert (policy.agents[1].id, policy.agents[1].name, policy.agents[1].role) == ("Mei", "Mei", "leader")

    def test_what_the_team_has_for_each_agent_is_the_agents_unless_they_have_their_own(self, policy: Policy) -> None:
        assert [agent.per_day for agent in policy.agents] == [None, 9, 9]
        assert [agent.capacity for agent in policy.agents] == [20, 15, 15]

    def test_the_rules(self, policy: Policy) -> None:
        price, closed = ("price", "between", (2000000.0, None)), ("hours", "in", ("closed",))
        source = ("source", "in", ("a", "b"))
        assert policy.rules == (
            Rule("luxury", ("all", (price,)), Target("specialty", ("luxury",)), "round_robin", "night", "main"),
            Rule("night", ("all", (closed,)), Target("agents", ("bala", "Mei")), "weighted", None, None),
            Rule("team", ("all", (source,)), Target("group", ("eteam",)), "round_robin", None, "main"),
            Rule("everyone", None, Target("role", ("agent", "isa")), "round_robin", None, None),
        )

    def test_clocks(self, policy: Policy) -> None:
        assert policy.sla == Sla(300, 7200, 86_400, 0.9)
        assert policy.reclaim == Reclaim(172_800, None, 0)
        assert policy.ramp_up == (RampStep(10, 630),)

    def test_a_policy_survives_the_database(self, policy: Policy) -> None:
        assert rebuild(json.loads(json.dumps(dump(policy)))) == policy

    def test_the_text_is_kept_as_it_was_read(self, read: Read) -> None:
        assert read(RICH).text == RICH

    @pytest.mark.parametrize("written", ["off", "[]", "Off"])
    def test_ramp_up_can_be_switched_off(self, read: Read, written: str) -> None:
        assert read(f"agents: [A]\nramp_up: {written}").policy.ramp_up == ()

    @pytest.mark.parametrize("blank", ["", "null", "~"])
    def test_a_key_without_a_value_counts_as_not_written(self, read: Read, blank: str) -> None:
        text = "\n".join(f"{key}: {blank}" for key in ("team", "rules", "sla", "reclaim", "ramp_up"))
        agent = f"agents: [{{name: Aina, id: {blank}, weight: {blank}, hours: {blank}, capacity: {blank}}}]"
        assert read(f"{text}\n{agent}").policy == read("agents: [Aina]").policy

    @pytest.mark.parametrize("written", ["rules: []", "rules: [{to: ALL}]", "rules: [{strategy: Round_Robin}]"])
    def test_rules_may_be_few(self, read: Read, written: str) -> None:
        assert read(f"agents: [A]\n{written}").policy.rules == (Rule("everyone"),)

    def test_an_agent_may_leave_on_the_day_of_joining(self, read: Read) -> None:
        agent = "{name: A, joined: 2026-03-01, left: 2026-03-01}"
        assert read(f"agents: [{agent}]").policy.agents[0].left == "2026-03-01"

    def test_rules_without_a_name_are_called_by_their_place(self, read: Read) -> None:
        rules = read(
            "agents: [A]\nrules: [{when: {source: a}}, {when: {source: b}, name: B}, {name: rest}]"
        ).policy.rules
        assert [rule.name for rule in rules] == ["rule 1", "B", "rest"]

    def test_a_single_agent_needs_no_list(self, read: Read) -> None:
        assert read("agents: Aina").policy == read("agents: [Aina]").policy


RULES = "agents:\n  - {id: aina, groups: [fast]}\n  - {id: bala, sources: [portal]}\nrules:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            RULES + "  - {when: {source: a}, strategy: robin}\n  - to: all",
            "5: rules[0].strategy: unknown 'robin'; known: round_robin, weighted, performance, specialty, "
            "source_specialist, territory, language, fastest, hunt_group, least_busy, random, pool, qualify, hold, "
            "incubate. Did you mean 'round_robin'?",
            id="unknown strategy",
        ),
        pytest.param(
            "agents: [A]\nteam:\n  timezon: UTC",
            "3: team.timezon: unknown key 'timezon'; known: name, timezone, region, currency, leader, hours, holidays, "
            "order, seed, capacity, per_day, per_hour. Did you mean 'timezone'?",
            id="unknown key",
        ),
        pytest.param(
            "agnets: [A]",
            "1: agnets: unknown key 'agnets'; known: team, order, agents, territories, quality, rules, sla, reclaim, "
            "ramp_up, probation, tiers, pledge, backlog, relationship, pool, incubation, "
            "acceptance, escalation, time_off, isa, handoff, presets, notify, retention. Did you mean 'agents'?",
            id="unknown key at the top, without an echo",
        ),
        pytest.param(
            "agents:\n  - {name: A, wieght: 2}",
            "2: agents[0].wieght: unknown key 'wieght'; known: id, name, role, groups, specialties, sources, "
            "languages, territories, channels, price, tier, experience, base, weight, capacity, per_day, per_hour, "
            "hours, timezone, joined, left, time_off, cover, notify, quiet, digest. Did you mean 'weight'?",
            id="unknown key of an agent",
        ),
        pytest.param(
            "agents: [A]\nramp_up:\n  - {until_day: 3, wait: 1, weight: 1}",
            "3: ramp_up[0].wait: unknown key 'wait'; known: until_day, weight. Did you mean 'weight'?",
            id="unknown key of a step",
        ),
        pytest.param(
            RULES + "  - {otherwise: x}",
            "5: rules[0].otherwise: unknown key 'otherwise'; known: name, when, to, strategy, else, rotation, "
            "then, prefer, overlap",
            id="our own name for else is not a key",
        ),
        pytest.param(
            "agents: [A]\nteam: {hours: Mon 09:00-18:00, Sat 10:00-14:00}",
            "2: team.'Sat 10:00-14:00': unknown key 'Sat 10:00-14:00'; known: name, timezone, region, currency, "
            "leader, hours, holidays, order, seed, capacity, per_day, per_hour. If this belongs to the text before "
            "it, put quotes around the whole text",
            id="a text that YAML cut at the comma",
        ),
        pytest.param(
            "agents: [A]\nsla: {hott: }",
            "2: sla.hott: unknown key 'hott'; known: hot, warm, cold, target, clock, offline. Did you mean 'hot'?",
            id="a misspelt key without a value",
        ),
        pytest.param(
            "agents: [A]\nsla: {fast: x}", "2: sla.fast: unknown key 'fast'; known: hot, warm, cold, target", id="x"
        ),
        pytest.param(
            "agents: [A]\nreclaim: {'a b': 1}", "2: reclaim.'a b': unknown key 'a b'; known: no_co", id="quoted"
        ),
        pytest.param("team: {name: X}", "1: there are no agents; name at least one", id="no agents"),
        pytest.param("agents: []", "1: agents: there are no agents; name at least one", id="empty agents"),
        pytest.param("agents: {aina: 2}", "1: agents: expected a list, found `key: value` pairs", id="agents as pairs"),
        pytest.param("agents: [A]\nteam: [x]", "2: team: expected `key: value` pairs, found a list", id="team as list"),
        pytest.param(
            "agents: [A]\nrules: {to: all}", "2: rules: expected a list, found `key: value` pairs", id="a rule"
        ),
        pytest.param("agents: [A]\nsla: 15m", "2: sla: expected `key: value` pairs, found '15m'", id="sla as text"),
        pytest.param(
            "agents:\n  - A\n  -\n", "3: agents[1]: expected `key: value` pairs, found nothing", id="blank agent"
        ),
        pytest.param("agents:\n  - A\n  - [B]", "3: agents[1]: expected `key: value` pairs, found a list", id="listed"),
        pytest.param("agents: ['']", "1: agents[0]: expected a value, found empty text", id="empty name"),
        pytest.param("agents: [{name: [A]}]", "1: agents[0].name: expected one value, found a list", id="list as name"),
        pytest.param("agents: [{role: isa}]", "1: agents[0]: the name is missing; write a name or an id", id="no name"),
        pytest.param(
            "agents: ['!?']", "1: agents[0]: '!?' has no letter to make an id of", id="a name without letters"
        ),
        pytest.param(
            'agents: ["A\\x1bB"]', "1: agents[0]: 'A\\x1bB' holds '\\x1b', which does not belong in text", id="control"
        ),
        pytest.param(
            RULES + '  - {name: a, when: {source: a}, else: c}\n  - {name: "\\u200dx"}',
            "5: rules[0].else: unknown rule 'c'; known: \\u200dx",
            id="a joiner in a known name",
        ),
        pytest.param('agents: ["\\x1b"]', "1: agents[0]: '\\x1b' holds '\\x1b'", id="control alone, without an echo"),
        pytest.param(
            "agents:\n  - {id: aina}\n  - Bala\n  - name: X\n    id: AINA\n",
            "5: agents[2].id: two agents have the id 'AINA', here and on line 2; write another id for one of them",
            id="two agents with one id",
        ),
        pytest.param(
            "agents:\n  - Aina Yusof\n  - aina yusof\n",
            "3: agents[1]: two agents have the id 'aina-yusof', here and on line 2",
            id="two names with one id",
        ),
        pytest.param("agents: [{id: a b}]", "1: agents[0].id: 'a b' is not an id", id="id with a space"),
        pytest.param(
            "agents: [{name: A, role: boss}]",
            "1: agents[0].role: unknown 'boss'; known: agent, isa, leader",
            id="unknown role",
        ),
        pytest.param(
            "agents: [{name: A, capacity: 0}]", "1: agents[0].capacity: '0' is not a whole number from 1", id="0"
        ),
        pytest.param(
            "agents: [{name: A, joined: 2026-03-01, left: 2026-02-28}]",
            "1: agents[0].left: '2026-02-28' is before the day of joining, 2026-03-01",
            id="left before joined",
        ),
        pytest.param(
            "agents: [Aina]\nteam: {leader: ania}",
            "2: team.leader: unknown agent 'ania'; known: aina. Did you mean 'aina'?",
            id="unknown leader",
        ),
        pytest.param(
            "agents: [A]\nteam:\n  holidays:\n    - 2026-01-01\n    - 2026-01-01..2027-01-02",
            "5: team.holidays[1]: '2026-01-01..2027-01-02' is 367 days long",
            id="long holidays",
        ),
        pytest.param(
            "agents: [A]\nteam: {holidays: 2026-13-01}",
            "2: team.holidays: '2026-13-01' is not a date in the calendar",
            id="one holiday without a list",
        ),
        pytest.param(RULES + "  - to: everybody", "5: rules[0].to: unknown 'everybody'; write all, or what", id="to"),
        pytest.param(
            RULES + "  - to: {}", "5: rules[0].to: expected all or exactly one of group, role,", id="to nobody"
        ),
        pytest.param(RULES + "  - to: [all]", "5: rules[0].to: expected all or exactly one of", id="to a list"),
        pytest.param(
            RULES + "  - to: {group: fast, role: isa}", "5: rules[0].to: expected all or exactly one of", id="to two"
        ),
        pytest.param(
            RULES + "  - to: {gruop: fast}",
            "5: rules[0].to: unknown 'gruop'; known: all, group, role, agents, specialty, source, language, "
            "territory, tier. Did you mean 'group'?",
            id="to a misspelt kind",
        ),
        pytest.param(RULES + "  - to: {group: }", "5: rules[0].to: group: expected a name or a list", id="to no name"),
        pytest.param(RULES + "  - to: {group: ['']}", "5: rules[0].to: group: expected a name", id="to empty text"),
        pytest.param(RULES + "  - to: {group: []}", "5: rules[0].to: group: the list is empty", id="to an empty list"),
        pytest.param(
            RULES + "  - to: {role: bos}", "5: rules[0].to: unknown 'bos'; known: agent, isa, leader", id="to no role"
        ),
        pytest.param(
            RULES + "  - to:\n      group:\n        - fast\n        - fats",
            "8: rules[0].to.group[1]: unknown group 'fats'; known: fast. Did you mean 'fast'?",
            id="unknown group",
        ),
        pytest.param(
            "agents: [A]\nrules:\n  - to: {group: fast}",
            "3: rules[0].to.group: unknown group 'fast'; no agent is in a group, write groups: [fast] at those who are",
            id="no groups at all",
        ),
        pytest.param(
            RULES + "  - to: {agents: [aina, blaa]}",
            "5: rules[0].to.agents[1]: unknown agent 'blaa'; known: aina, bala. Did you mean 'bala'?",
            id="unknown agent",
        ),
        pytest.param(
            RULES + "  - {name: A, when: {source: a}}\n  - {name: a}",
            "6: rules[1].name: two rules have the name 'a', here and on line 5; rename one of them",
            id="two rules with one name",
        ),
        pytest.param(
            RULES + "  - name: a/hot", "5: rules[0].name: 'a/hot' must not end in '/hot'", id="name ends in /hot"
        ),
        pytest.param(
            RULES + "  - rotation: a/Hot", "5: rules[0].rotation: 'a/Hot' must not end in '/hot'", id="rotation"
        ),
        pytest.param(
            RULES + "  - {name: a}\n  - {name: b}",
            "5: rules[0]: 'a' takes every lead, so no later rule is reached; write a `when` or move it last",
            id="catch-all before the end",
        ),
        pytest.param(
            RULES + "  - name: a\n    when: {source: a}",
            "6: rules[0].when: the last rule must take every lead; add one without `when` after it, as in {to: all}",
            id="no catch-all",
        ),
        pytest.param(
            RULES + "  - {name: a, when: {source: a}, else: lst}\n  - {name: last}",
            "5: rules[0].else: unknown rule 'lst'; known: last. Did you mean 'last'?",
            id="unknown else",
        ),
        pytest.param(
            RULES + "  - {name: A, when: {source: a}, else: a}\n  - {name: last}",
            "5: rules[0].else: 'a' is not further down; `else` leads to a later rule only",
            id="else to itself",
        ),
        pytest.param(
            RULES + "  - {name: a, when: {source: a}}\n  - {name: last, else: a}",
            "6: rules[1].else: 'a' is not further down",
            id="else to an earlier one",
        ),
        pytest.param(
            RULES + "  - {name: a, else: b}",
            "5: rules[0].else: unknown rule 'b'; no rule comes after this one, leave `else` out",
            id="else of the last",
        ),
        pytest.param(
            RULES + "  - {name: a, when: {source: a}, rotation: x}\n  - {name: b, rotation: x, strategy: weighted}",
            "6: rules[1].rotation: 'a' and 'b' share the rotation 'x' but differ in strategy, round_robin and weighted",
            id="one rotation, two strategies",
        ),
        pytest.param(
            RULES + "  - {name: a, when: {source: a}, rotation: b}\n  - {name: b, strategy: weighted}",
            "6: rules[1].name: 'a' and 'b' share the rotation 'b'",
            id="a rotation named like a rule",
        ),
        pytest.param("agents: [A]\nsla: {hot: off}", "2: sla.hot: 'off' is not a duration", id="sla cannot be off"),
        pytest.param(
            "agents: [A]\nreclaim: {no_contact: 72}",
            "2: reclaim.no_contact: '72' is not a duration; write minutes, hours, days or years, "
            "as in 15m, 2h, 14d or 3y, or off",
            id="a duration without a unit",
        ),
        pytest.param(
            "agents: [A]\nramp_up:\n  - until_day: 15", "3: ramp_up[0]: weight is missing", id="a step without a weight"
        ),
        pytest.param(
            "agents: [A]\nramp_up:\n  - {until_day: 15, weight: 1/3}\n  - {until_day: 15, weight: 1/2}",
            "4: ramp_up[1].until_day: '15' does not come after 15; write the steps in the order of their days",
            id="steps out of order",
        ),
    ],
)
def test_a_problem_is_told_with_file_line_place_text_and_way_out(
    refuse: Refuse, tmp_path: Path, text: str, expected: str
) -> None:
    (problem,) = refuse(text)
    assert str(problem).startswith(f"{tmp_path / 'policy.yaml'}:{expected}")


def test_every_problem_of_the_file_is_told_at_once_and_in_its_order(refuse: Refuse) -> None:
    problems = refuse(
        """\
team: {region: XYZ, colour: red}
agents:
  - {id: aina, weight: heavy, groups: [fast]}
  - {id: aina}
  - []
rules:
  - {name: a, to: {agents: nobody}, strategy: robin}
  - {name: b, when: {sorce: x}, else: a, to: {group: fast}}
  - {name: b, when: {price: x}}
sla: {warm: soon}
reclaim: {max_hops: many}
ramp_up: [{until_day: 5}]
agents: [Bala]
"""
    )
    assert [(problem.line, problem.place) for problem in problems] == [
        (1, "team.colour"),
        (1, "team.region"),
        (3, "agents[0].weight"),
        (4, "agents[1].id"),
        (5, "agents[2]"),
        (7, "rules[0]"),
        (7, "rules[0].strategy"),
        (8, "rules[1].else"),
        (8, "rules[1].when.sorce"),
        (9, "rules[2].name"),
        (9, "rules[2].when"),
        (9, "rules[2].when.price"),
        (10, "sla.warm"),
        (11, "reclaim.max_hops"),
        (12, "ramp_up[0]"),
        (13, "agents"),
    ]


def test_a_fault_in_one_rule_does_not_hide_the_same_in_another(refuse: Refuse) -> None:
    problems = refuse("agents: [A]\nrules: [{whn: {source: a}}, {name: b}, {to: all}]\nnothing: on")
    assert [problem.place for problem in problems] == ["rules[0].whn", "rules[1]", "nothing"]


def test_a_missing_list_of_agents_is_told_beside_another_unknown_key(refuse: Refuse) -> None:
    assert [problem.place for problem in refuse("nothing: on")] == ["", "nothing"]


def test_a_fault_in_one_place_does_not_hide_one_in_another(refuse: Refuse) -> None:
    problems = refuse(
        "agents: [{id: aina, weight: x, groups: [fast]}]\nrules: [{to: {group: slow}}]\nteam: {leader: mei}"
    )
    assert [problem.place for problem in problems] == ["agents[0].weight", "rules[0].to.group", "team.leader"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("agents: [{id: a, groups: {x: y}}]\nrules: [{to: {group: fast}}]", id="groups unreadable"),
        pytest.param("agents: [{id: a, gruops: [fast]}]\nrules: [{to: {group: fast}}]", id="groups misspelt"),
        pytest.param("agents: [A, [b]]\nteam: {leader: b}", id="agent unreadable"),
        pytest.param("agents: [A, {id: b b}]\nteam: {leader: b}", id="id unreadable"),
        pytest.param("agents: [A]\nrules: [{whn: {source: a}}, {to: all}]", id="when misspelt"),
        pytest.param("agents: [A]\nrules: [[x], {to: all}]", id="rule unreadable"),
        pytest.param("agents: [A]\nrules: [{when: {source: a}, else: b}, {name: [b]}]", id="rule's name unreadable"),
        pytest.param("agents: {a: b}", id="agents unreadable"),
        pytest.param("agnets: [A]\nteam: {leader: a}\nrules: [{to: {group: x}}]", id="agents misspelt"),
        pytest.param("{{ template }}: x", id="a key that is none"),
        pytest.param("!!set {agents}", id="a tag on everything"),
        pytest.param(
            "agents: [A]\nrules: [{name: a, when: {source: a}}, {name: a, strategy: weighted}]",
            id="one name, two rules",
        ),
    ],
)
def test_a_fault_is_told_once_and_without_its_echo(refuse: Refuse, text: str) -> None:
    assert len(refuse(text)) == 1


def test_the_error_is_an_unusable_file_with_all_lines_in_its_message(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("sla: {hot: x}\nagents: [A]\nteam: {region: y}\n")
    with pytest.raises(InvalidConfiguration) as caught:
        read_config(path)
    error = caught.value
    assert isinstance(error, UnusableFile)
    assert (error.exit_code, [problem.line for problem in error.problems]) == (4, [1, 3])
    assert error.message.splitlines() == [str(problem) for problem in error.problems]
    assert error.message.startswith(f"{path}:1: sla.hot: 'x' is not a duration; ")
    assert error.hint


class TestTooFineWeights:
    """Shares are whole numbers of ledger units: W, the sum of coprime weights, may be 720720 at most."""

    @staticmethod
    def text(*weights: str, rules: str = "") -> str:
        agents = "\n".join(f"  - {{id: a{n}, weight: {weight}}}" for n, weight in enumerate(weights))
        return f"agents:\n{agents}\n{rules}"

    def test_the_finest_weights_that_fit_are_accepted(self, read: Read) -> None:
        agents = read(self.text("1/2520", "285", "2519/2520")).policy.agents
        assert sum(agent.weight for agent in agents) == 720_720

    def test_one_part_more_is_refused_in_the_default_rule(self, refuse: Refuse) -> None:
        (problem,) = refuse(self.text("1/2520", "286"))
        assert (problem.line, problem.place) == (1, "agents")
        assert problem.message == (
            "the weights of the agents of 'everyone' are too fine-grained; use simpler fractions"
        )

    def test_heavy_weights_in_a_simple_proportion_are_accepted(self, read: Read) -> None:
        assert read(self.text("1000", "500", "1000")).policy.agents[1].weight == 500 * 2520

    def test_each_rule_is_judged_by_those_it_names(self, refuse: Refuse) -> None:
        rules = "rules:\n  - {when: {source: a}, to: {agents: [a0, a2]}}\n  - {to: {agents: [a0, a1]}}\n"
        (problem,) = refuse(self.text("1/2520", "286", "1", rules=rules))
        assert (problem.line, problem.place) == (7, "rules[1]")


@pytest.mark.parametrize(
    ("entry", "record", "elsewhere", "renamed"),
    [
        pytest.param(schema.Document, records.Policy, {"order"}, {"shares"}, id="document"),
        pytest.param(schema.TeamEntry, records.Team, {"capacity", "per_day", "per_hour"}, set(), id="team"),
        pytest.param(schema.AgentEntry, records.Agent, set(), set(), id="agent"),
        pytest.param(schema.RuleEntry, records.Rule, set(), set(), id="rule"),
        pytest.param(schema.TerritoryEntry, records.Territory, set(), {"name"}, id="territory"),
        pytest.param(schema.SharesEntry, records.Shares, set(), set(), id="shares"),
        pytest.param(schema.ProbationEntry, records.Probation, set(), set(), id="probation"),
        pytest.param(schema.AcceptanceEntry, promises.Acceptance, set(), set(), id="acceptance"),
        pytest.param(schema.OfflineEntry, promises.Offline, set(), set(), id="offline"),
        pytest.param(schema.EscalationEntry, promises.Escalation, set(), set(), id="escalation"),
        pytest.param(schema.EscalationStepEntry, promises.EscalationStep, set(), set(), id="escalation step"),
        pytest.param(schema.AttemptsEntry, promises.Attempts, set(), set(), id="attempts"),
        pytest.param(schema.HoldEntry, promises.Hold, set(), set(), id="hold"),
        pytest.param(schema.TimeOffEntry, promises.TimeOff, set(), set(), id="time off"),
        pytest.param(schema.BacklogEntry, promises.Backlog, set(), set(), id="backlog"),
        pytest.param(schema.RelationshipEntry, records.Relationship, set(), set(), id="relationship"),
        pytest.param(schema.PoolEntry, promises.Pool, set(), set(), id="pool"),
        pytest.param(schema.IncubationEntry, promises.Incubation, {"split"}, {"fee_share"}, id="incubation"),
        pytest.param(schema.IsaSlaEntry, promises.Isa, set(), set(), id="isa"),
        pytest.param(schema.SlaEntry, promises.Sla, set(), set(), id="sla"),
        pytest.param(schema.ReclaimEntry, promises.Reclaim, set(), set(), id="reclaim"),
        pytest.param(schema.TiersEntry, records.Tiers, {"shares"}, set(), id="tiers"),
        pytest.param(schema.PromoteEntry, records.Promote, set(), set(), id="promote"),
        pytest.param(schema.PromotionEntry, records.Promotion, set(), set(), id="promotion"),
        pytest.param(schema.PledgeEntry, records.Pledge, set(), set(), id="pledge"),
        pytest.param(schema.RampEntry, records.RampStep, set(), set(), id="ramp step"),
    ],
)
def test_the_document_has_a_key_for_every_field_of_the_policy(
    entry: type[Entry], record: type[Policy], elsewhere: set[str], renamed: set[str]
) -> None:
    assert (set(entry.model_fields) - elsewhere) | renamed == set(record._fields)
