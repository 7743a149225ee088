"""Who gets a lead, as the file says it: orders, territories, what a rule does and prefers, and the keys beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leadrouter.domain.policy import Relationship, Rule, Target, Territory
from leadrouter.domain.promises import Backlog, Incubation, Pool
from leadrouter.domain.stored_policy import dump, rebuild

from .conftest import Read, Refuse

PLACES = "territories: {westside: {areas: Bangsar}, harbour: {postcodes: 501*}}\n"
TEAM = """\
agents:
  - {id: aina, groups: [fast], territories: [westside]}
  - {id: devi, role: isa}
"""

AS_IN_THE_CONTRACT = """\
team: {timezone: Asia/Kuala_Lumpur, hours: "Mon-Fri 09:00-18:00", leader: mei}
agents:
  - {id: aina, groups: [eteam], specialties: [Buyer, luxury], languages: [MS, en], territories: [Westside],
     channels: [WhatsApp, Phone  call], price: 500000-2000000, tier: a, experience: 12, base: {lat: 3.13, lon: 101.67}}
  - {id: mei, role: leader}
territories:
  westside: {postcodes: ["50480", "501*", "59000-59200"], areas: [Bangsar, Mont  Kiara]}
  harbour: {circle: {lat: 3.00, lon: 101.40, km: 5}}
quality:
  hot: {any: [{source: [paid_ad]}, {timeframe: [now, asap]}]}
  cold: {source: [old_database]}
rules:
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: luxury}, prefer: [relationship, language],
     strategy: round_robin, else: everyone}
  - {name: after hours, when: {hours: closed, quality: hot}, to: {group: eteam}, strategy: fastest}
  - {name: night, when: {hours: closed}, then: hold}
  - {name: west, when: {territory: westside}, to: {territory: westside}, strategy: territory}
  - {name: sellers, when: {intent: seller}, to: {role: isa}, then: qualify}
  - {name: leftovers, when: {quality: cold}, then: pool}
  - {name: everyone, to: all, strategy: performance}
tiers: {shares: {A: 40, B: 35, C: 25}}
probation: {days: 60, leads: 50}
pool: {claim_within: 24h, unclaimed: everyone}
order: roster
relationship: {counts_as_turn: true}
"""


def rules_with(rule: str) -> str:
    """A file with this rule first, which stands on line 6."""
    return f"{PLACES}{TEAM}rules:\n  - {{when: {{source: a}}, {rule}}}\n  - {{name: everyone}}\n"


class TestTheExampleOfTheContract:
    def test_its_agent(self, read: Read) -> None:
        agent = read(AS_IN_THE_CONTRACT).policy.agents[0]
        assert (agent.specialties, agent.languages) == (("buyer", "luxury"), ("ms", "en"))
        assert (agent.territories, agent.channels) == (("westside",), ("whatsapp", "phone call"))
        assert (agent.price, agent.tier, agent.experience) == ((500000.0, 2000000.0), "A", 12.0)
        assert agent.base == (3.13, 101.67)

    def test_its_territories(self, read: Read) -> None:
        postcodes = (("is", "50480"), ("prefix", "501"), ("range", "59000", "59200"))
        assert read(AS_IN_THE_CONTRACT).policy.territories == (
            Territory("westside", postcodes, ("bangsar", "mont kiara")),
            Territory("harbour", circle=(3.0, 101.4, 5.0)),
        )

    def test_its_rules(self, read: Read) -> None:
        rules = {rule.name: rule for rule in read(AS_IN_THE_CONTRACT).policy.rules}
        assert [(rule.then, rule.strategy, rule.to.kind) for rule in rules.values()] == [
            ("assign", "round_robin", "specialty"),
            ("assign", "fastest", "group"),
            ("hold", "round_robin", "all"),
            ("assign", "territory", "territory"),
            ("qualify", "round_robin", "role"),
            ("pool", "round_robin", "all"),
            ("assign", "performance", "all"),
        ]
        assert rules["luxury"].prefer == ("relationship", "language")
        assert rules["west"].when == ("all", (("territory", "in", ("westside",)),))
        assert rules["west"].to == Target("territory", ("westside",))

    def test_it_survives_the_database(self, read: Read) -> None:
        policy = read(AS_IN_THE_CONTRACT).policy
        assert rebuild(json.loads(json.dumps(dump(policy)))) == policy


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param("strategy: pool", {"then": "pool"}, id="pool as a strategy"),
        pytest.param("strategy: HOLD", {"then": "hold"}, id="hold as a strategy, in any case"),
        pytest.param("strategy: incubate", {"then": "incubate"}, id="incubate as a strategy"),
        pytest.param(
            "strategy: qualify", {"then": "qualify", "to": Target("role", ("isa",))}, id="qualify as a strategy"
        ),
        pytest.param("then: qualify", {"then": "qualify", "to": Target("role", ("isa",))}, id="qualify goes to an isa"),
        pytest.param(
            "then: qualify, to: {group: fast}",
            {"then": "qualify", "to": Target("group", ("fast",))},
            id="qualify by others",
        ),
        pytest.param("strategy: pool, then: pool", {"then": "pool"}, id="the same said twice"),
        pytest.param("then: Assign", {}, id="assign, the default"),
        pytest.param("then: pool, strategy: random", {"then": "pool", "strategy": "random"}, id="both apart"),
        pytest.param("prefer: []", {"prefer": ()}, id="prefers nothing"),
        pytest.param("prefer: None", {"prefer": ()}, id="prefers none"),
        pytest.param("prefer: nearest", {"prefer": ("nearest",)}, id="prefers one thing"),
        pytest.param(
            "prefer: [Language, requested, language]", {"prefer": ("language", "requested")}, id="prefers in order"
        ),
        pytest.param("prefer: ", {}, id="prefers the default"),
        pytest.param("strategy: territory, overlap: last", {"strategy": "territory", "overlap": "last"}, id="last"),
        pytest.param("to: {territory: Westside}", {"to": Target("territory", ("westside",))}, id="to a territory"),
        pytest.param("to: {tier: [a, B]}", {"to": Target("tier", ("A", "B"))}, id="to tiers"),
        pytest.param("to: {language: MS}", {"to": Target("language", ("ms",))}, id="to a language"),
        *(
            pytest.param(f"strategy: {name}", {"strategy": name}, id=f"strategy {name}")
            for name in ("performance", "specialty", "source_specialist", "language", "hunt_group", "least_busy")
        ),
    ],
)
def test_a_rule_means_what_it_says(read: Read, rule: str, expected: dict[str, Any]) -> None:
    condition = ("all", (("source", "in", ("a",)),))
    assert read(rules_with(rule)).policy.rules[0] == Rule("rule 1", condition)._replace(**expected)


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        pytest.param("price", "500000-2000000", (500000.0, 2000000.0), id="a band"),
        pytest.param("price", "500000 - 500000.5", (500000.0, 500000.5), id="a narrow band"),
        pytest.param("price", '">= 2000000"', (2000000.0, None), id="from a price on"),
        pytest.param("price", '"<=900000"', (None, 900000.0), id="up to a price"),
        pytest.param("tier", "b", "B", id="tier"),
        pytest.param("experience", "0", 0.0, id="no experience"),
        pytest.param("experience", "2.5", 2.5, id="years and a half"),
        pytest.param("base", "{lat: -90, lon: 180}", (-90.0, 180.0), id="base at the edge"),
        pytest.param("languages", "EN", ("en",), id="one language"),
        pytest.param("channels", "[Phone, phone]", ("phone",), id="a channel twice"),
        pytest.param("territories", "[HARBOUR, westside]", ("harbour", "westside"), id="territories"),
    ],
)
def test_an_agent_serves_what_is_written(read: Read, key: str, written: str, value: object) -> None:
    agent = read(f"{PLACES}agents: [{{name: Aina, {key}: {written}}}]").policy.agents[0]
    assert getattr(agent, key) == value


@pytest.mark.parametrize(
    ("written", "territory"),
    [
        pytest.param("{areas: [Bangsar, BANGSAR]}", Territory("x", areas=("bangsar",)), id="areas"),
        pytest.param(
            "{postcodes: [sw1*, SW1*, 501]}", Territory("x", (("prefix", "sw1"), ("is", "501"))), id="postcodes"
        ),
        pytest.param(
            "{circle: {lat: 3, lon: -101.4, km: 0.5}}", Territory("x", circle=(3.0, -101.4, 0.5)), id="a circle"
        ),
        pytest.param(
            "{areas: y, circle: {lat: 0, lon: 0, km: 20000}}",
            Territory("x", (), ("y",), (0.0, 0.0, 20000.0)),
            id="two of them",
        ),
    ],
)
def test_a_territory_is_postcodes_areas_or_a_circle(read: Read, written: str, territory: Territory) -> None:
    assert read(f"agents: [A]\nterritories: {{X: {written}}}").policy.territories == (territory,)


@pytest.mark.parametrize("name", ["areas", "circle", "postcodes", "Mont  Kiara", "1"])
def test_a_territory_may_have_any_name(read: Read, refuse: Refuse, name: str) -> None:
    text = f"agents: [{{name: A, territories: {name}}}]\nterritories: {{{name}: {{areas: x, circle: {{lat: 1, lon: 1, "
    assert read(text + "km: 1}}}").policy.agents[0].territories == (" ".join(name.split()).casefold(),)
    (problem,) = refuse(text + "km: 1, kn: 2}}}")
    assert problem.message == "unknown key 'kn'; known: lat, lon, km"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        pytest.param("tiers: {shares: {B: 40, C: 20%}}", "shares", (40, 40, 20), id="shares, one of them the default"),
        pytest.param("tiers: {shares: }", "shares", (40, 35, 25), id="no shares"),
        pytest.param("probation: {days: 0}", "probation", (0, 50), id="probation"),
        pytest.param("backlog: {order: LIFO, per_hour: 20}", "backlog", Backlog("lifo", 20), id="backlog"),
        pytest.param("backlog: {order: hottest_first, per_hour: off}", "backlog", Backlog("hottest_first"), id="hot"),
        pytest.param("relationship: {counts_as_turn: no}", "relationship", Relationship(False), id="relationship"),
        pytest.param("pool: {claim_within: 2h, unclaimed: EVERYONE}", "pool", Pool(7200, "everyone"), id="pool"),
        pytest.param("pool: {unclaimed: null}", "pool", Pool(), id="pool without a rule"),
        pytest.param("incubation: {next_touch: 7d}", "incubation", Incubation(604800), id="incubation"),
    ],
)
def test_a_section_says_what_differs_from_the_defaults(read: Read, text: str, field: str, value: object) -> None:
    assert getattr(read(f"agents: [A]\n{text}").policy, field) == value


@pytest.mark.parametrize(
    "text", ["team: {order: Random}", "order: random", "order: RANDOM\nteam: {order: random}"], ids=["a", "b", "both"]
)
def test_the_order_of_turns_stands_under_team_or_at_the_top(read: Read, text: str) -> None:
    assert read(f"agents: [A]\n{text}").policy.team.order == "random"


def test_chance_begins_at_the_teams_seed(read: Read) -> None:
    assert read("agents: [A]\nteam: {seed: 2026 draw}").policy.team.seed == "2026 draw"


@pytest.mark.parametrize("blank", ["", "null", "~"])
def test_a_section_without_a_value_counts_as_not_written(read: Read, blank: str) -> None:
    sections = ("territories", "quality", "tiers", "probation", "backlog", "relationship", "pool", "incubation")
    text = "\n".join(f"{key}: {blank}" for key in (*sections, "order"))
    assert read(f"{text}\nagents: [Aina]").policy == read("agents: [Aina]").policy


@pytest.mark.parametrize("then", ["assign", "pool", "qualify"])
def test_the_last_rule_may_assign_pool_or_qualify(read: Read, then: str) -> None:
    assert read(f"{TEAM.replace('territories', 'languages')}rules: [{{then: {then}}}]").policy.rules[0].then == then


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(
            "strategy: pool, then: hold",
            "6: rules[0].strategy: 'pool' and then: hold contradict each other; leave one of them out",
            id="two outcomes",
        ),
        pytest.param(
            "strategy: qualify, then: assign", "6: rules[0].strategy: 'qualify' and then: assign", id="assign after all"
        ),
        pytest.param(
            "strategy: assign", "6: rules[0].strategy: unknown 'assign'; known: round_robin", id="assign is no strategy"
        ),
        pytest.param(
            "then: holds",
            "6: rules[0].then: unknown 'holds'; known: assign, pool, qualify, hold, incubate. Did you mean 'hold'?",
            id="unknown then",
        ),
        pytest.param(
            "prefer: [langauge]",
            "6: rules[0].prefer[0]: unknown 'langauge'; known: requested, relationship, language, specialty, source, "
            "territory, features, channel, time, experience, nearest. Did you mean 'language'?",
            id="unknown preference",
        ),
        pytest.param("prefer: [none, source]", "6: rules[0].prefer[0]: unknown 'none'", id="none among others"),
        pytest.param(
            "prefer: {source: a}", "6: rules[0].prefer: expected a list, found `key: value`", id="prefer as pairs"
        ),
        pytest.param(
            "overlap: first", "6: rules[0].overlap: unknown 'first'; known: turns, last", id="unknown overlap"
        ),
        pytest.param(
            "to: {territory: [westside, wesside]}",
            "6: rules[0].to.territory[1]: unknown territory 'wesside'; known: westside, harbour. Did you mean "
            "'westside'?",
            id="to an unknown territory",
        ),
        pytest.param("to: {tier: D}", "6: rules[0].to: unknown 'D'; known: A, B, C", id="to an unknown tier"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told(refuse: Refuse, rule: str, expected: str) -> None:
    (problem,) = refuse(rules_with(rule))
    assert f"{problem.line}: {problem.place}: {problem.message}".startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "agents: [{name: A, price: 500000}]",
            '1: agents[0].price: \'500000\' is not a price band; write 500000-2000000, ">= 2000000" or "<= 900000"',
            id="a single price",
        ),
        pytest.param("agents: [{name: A, price: '> 5'}]", "1: agents[0].price: '> 5' is not a price", id="an open end"),
        pytest.param("agents: [{name: A, price: 9-5}]", "1: agents[0].price: '9-5' ends below its", id="upside down"),
        pytest.param("agents: [{name: A, price: [1-2]}]", "1: agents[0].price: expected one value", id="two bands"),
        pytest.param("agents: [{name: A, tier: D}]", "1: agents[0].tier: unknown 'D'; known: A, B, C", id="tier"),
        pytest.param(
            "agents: [{name: A, experience: -1}]",
            "1: agents[0].experience: '-1' is not a number of years; write a number from 0 to 100",
            id="negative experience",
        ),
        pytest.param(
            "agents: [{name: A, base: {lat: 91, lon: 0}}]",
            "1: agents[0].base.lat: '91' is not a latitude; write a number from -90 to 90",
            id="beyond the pole",
        ),
        pytest.param(
            "agents: [{name: A, base: {lat: 3}}]", "1: agents[0].base: lon is missing", id="a base without longitude"
        ),
        pytest.param(
            "agents: [{name: A, base: KL}]", "1: agents[0].base: expected `key: value` pairs, found 'KL'", id="base"
        ),
        pytest.param(
            "agents: [{name: A, territories: [west]}]",
            "1: agents[0].territories[0]: unknown territory 'west'; no territory is defined, write what lies in it "
            "under `territories`",
            id="no territory at all",
        ),
        pytest.param(
            PLACES + "agents:\n  - {name: A, territories: harbor}",
            "3: agents[0].territories: unknown territory 'harbor'; known: westside, harbour. Did you mean 'harbour'?",
            id="an agent's unknown territory",
        ),
        pytest.param(
            "agents: [A]\nterritories: [west]",
            "2: territories: expected `key: value` pairs, found a list",
            id="territories as a list",
        ),
        pytest.param(
            "agents: [A]\nterritories:\n  west: ",
            "3: territories.west: expected `key: value` pairs, found nothing",
            id="a territory without anything",
        ),
        pytest.param(
            "agents: [A]\nterritories:\n  west: {areas: []}",
            "3: territories.west: 'west' lies nowhere; write postcodes, areas or a circle",
            id="a territory that is nowhere",
        ),
        pytest.param(
            "agents: [A]\nterritories:\n  west: {areas: a}\n  West: {areas: b}",
            "4: territories.West: two territories have the name 'west'; rename one of them",
            id="two territories of one name",
        ),
        pytest.param(
            f"agents: [A]\nterritories: {{{'x' * 201}: {{areas: a}}}}",
            f"2: territories.'{'x' * 59}…': '{'x' * 59}…' is longer than 200 characters",
            id="a long name",
        ),
        pytest.param(
            "agents: [A]\nterritories: {west: {postcode: 5}}",
            "2: territories.west.postcode: unknown key 'postcode'; known: postcodes, areas, circle. Did you mean "
            "'postcodes'?",
            id="a misspelt key of a territory",
        ),
        pytest.param(
            "agents: [A]\nterritories: {west: {postcodes: [5, 5*5]}}",
            "2: territories.west.postcodes[1]: '5*5': a '*' can only stand at the end of a postcode, as in 501*",
            id="a postcode",
        ),
        pytest.param(
            "agents: [A]\nterritories: {west: {circle: {lat: 3, lon: 181, km: 1}}}",
            "2: territories.west.circle.lon: '181' is not a longitude; write a number from -180 to 180",
            id="a longitude",
        ),
        pytest.param(
            "agents: [A]\nterritories: {west: {circle: {lat: 3, lon: 1}}}",
            "2: territories.west.circle: km is missing",
            id="a circle without a radius",
        ),
        pytest.param(
            "agents: [A]\nterritories: {west: {circle: {lat: 3, lon: 1, km: 0}}}",
            "2: territories.west.circle.km: '0' is no circle; write a radius of more than 0 kilometres",
            id="a radius of nothing",
        ),
        pytest.param(
            "agents: [A]\ntiers: {shares: {A: 50}}",
            "2: tiers.shares: the shares of A, B and C, 50, 35 and 25, add up to 110; they must make 100",
            id="shares of too much",
        ),
        pytest.param("agents: [A]\ntiers: {shares: {A: 0}}", "2: tiers.shares.A: '0' is not a share", id="no share"),
        pytest.param(
            "agents: [A]\ntiers: {shares: {D: 1}}", "2: tiers.shares.D: unknown key 'D'; known: A, B, C", id="tier D"
        ),
        pytest.param(
            "agents: [A]\nprobation: {days: long}", "2: probation.days: 'long' is not a whole number", id="probation"
        ),
        pytest.param(
            "agents: [A]\nbacklog: {order: filo}", "2: backlog.order: unknown 'filo'; known: fifo, lifo", id="backlog"
        ),
        pytest.param(
            "agents: [A]\nbacklog: {per_hour: 0}",
            "2: backlog.per_hour: '0' is not a whole number from 1 to 1000000, or off",
            id="none an hour",
        ),
        pytest.param(
            "agents: [A]\nrelationship: {counts_as_turn: maybe}",
            "2: relationship.counts_as_turn: 'maybe' is neither yes nor no",
            id="relationship",
        ),
        pytest.param(
            "agents: [A]\npool: {claim_within: 24}", "2: pool.claim_within: '24' is not a duration", id="pool"
        ),
        pytest.param(
            "agents: [A]\npool: {unclaimed: everybody}",
            "2: pool.unclaimed: unknown rule 'everybody'; known: everyone. Did you mean 'everyone'?",
            id="unclaimed by an unknown rule",
        ),
        pytest.param(
            "agents: [A]\nrules: [{name: a, when: {source: a}, then: pool}, {to: all}]\npool: {unclaimed: a}",
            "3: pool.unclaimed: 'a' pools leads itself; name a rule that deals them out",
            id="unclaimed back to the pool",
        ),
        pytest.param(
            "agents: [A]\nincubation: {next_touch: off}", "2: incubation.next_touch: 'off' is not", id="incubation"
        ),
        pytest.param(
            "agents: [A]\norder: rooster", "2: order: unknown 'rooster'; known: roster, experience, random", id="order"
        ),
        pytest.param(
            "agents: [A]\norder: random\nteam:\n  order: roster",
            "2: order: the order of turns is 'random' here, but 'roster' on line 4, under team; write it once",
            id="two orders",
        ),
        pytest.param(
            "agents: [A]\nrules: [{name: rest, then: hold}]",
            "2: rules[0].then: 'rest' takes what no other rule does, so it cannot only hold it; write then: assign, "
            "pool or qualify",
            id="the last rule holds",
        ),
        pytest.param(
            "agents: [A]\nrules: [{name: rest, strategy: incubate}]",
            "2: rules[0].strategy: 'rest' takes what no other rule does, so it cannot only incubate it",
            id="the last rule incubates",
        ),
        pytest.param(
            "agents: [A]\nrules: [{name: a, when: {source: a}, rotation: b, overlap: last}, {name: b}]",
            "2: rules[1].name: 'a' and 'b' share the rotation 'b' but differ in overlap, last and turns; use one "
            "overlap or two rotations",
            id="one rotation, two overlaps",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_way_out(refuse: Refuse, text: str, expected: str) -> None:
    (problem,) = refuse(text)
    assert f"{problem.line}: {problem.place}: {problem.message}".startswith(expected)


def test_a_rule_that_deals_to_nobody_has_no_rotation_to_share(read: Read) -> None:
    rules = "[{name: a, when: {source: a}, then: pool, strategy: random, rotation: b}, {name: b}]"
    assert read(f"agents: [A]\nrules: {rules}").policy.rules[0].rotation == "b"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("agents: [{name: A, territories: west}]\nteritories: {west: {areas: a}}", id="misspelt section"),
        pytest.param("agents: [{name: A, territories: west}]\nterritories: [west]", id="unreadable section"),
        pytest.param("agents: [{name: A, territories: west}]\nterritories: {west: x}", id="unreadable territory"),
        pytest.param(
            "agents: [A]\nterritories: {west: []}\nrules: [{when: {territory: west}, to: {territory: west}}, {}]",
            id="unreadable territory in rules",
        ),
        pytest.param("agents: [A]\nterritories: {west: {areas: {a: b}}}", id="unreadable areas"),
        pytest.param("agents: [A]\nterritories: {west: {circle: {lat: 1, lon: 1}}}", id="incomplete circle"),
        pytest.param("agents: [A]\ntiers: {shares: {A: many, B: 10}}", id="unreadable share"),
        pytest.param(
            "agents: [A]\nrules: [{when: {source: a}, name: [x]}, {}]\npool: {unclaimed: x}", id="unreadable name"
        ),
        pytest.param(
            "agents: [A]\nrules: [{name: a, when: {source: a}, rotation: b, strategy: x}, {name: b, overlap: last}]",
            id="unreadable strategy",
        ),
    ],
)
def test_a_fault_is_told_once_and_without_its_echo(refuse: Refuse, text: str) -> None:
    assert len(refuse(text)) == 1
