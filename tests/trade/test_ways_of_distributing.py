"""One test for each row of the table in DOMAIN section 4: from YAML and a lead to the agent and the reason."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.rulebook import Rulebook
from leadrouter.reports.explanation import candidate_rows, explained, sentences
from leadrouter.reports.why_not import why_not
from leadrouter.store import queries
from tests.trade.office import MONDAY_NOON, Office, an_office

FIVE = "agents: [A, B, C, D, E]\n"


def test_round_robin_deals_in_the_documented_order(office: Office) -> None:
    office.load(FIVE)
    assert office.agents(12) == list("abcdeabcdeab")


@pytest.mark.parametrize(("order", "expected"), [("roster", "abc"), ("experience", "cab")])
def test_round_robin_in_the_order_of_the_roster_or_of_experience(office: Office, order: str, expected: str) -> None:
    office.load(
        f"order: {order}\n"
        "agents: [{name: A, experience: 4}, {name: B, experience: 2}, {name: C, experience: 9}]\n"
    )
    assert office.agents(6) == list(expected * 2)


def test_round_robin_in_an_order_drawn_once_is_printed_and_kept(office: Office) -> None:
    loaded = office.load("order: random\n" + FIVE)
    dealt = office.agents(10)
    assert sorted(dealt[:5]) == list("abcde")
    assert dealt[5:] == dealt[:5]
    assert any(", ".join(dealt[:5]) in line for line in loaded.changes)
    other = office.load("team: {order: random, seed: another}\n" + FIVE)
    assert any("order drawn" in line for line in other.changes)


def test_weighted_gives_top_performers_more_turns(office: Office) -> None:
    office.load(
        "team: {capacity: 100}\nagents: [{name: A, weight: 2}, {name: B, weight: 1.5}, {name: C, weight: 1}, "
        "{name: D, weight: 1/2}]\nrules: [{name: all, to: all, strategy: weighted}]\n"
    )
    assert Counter(office.agents(50)) == {"a": 20, "b": 15, "c": 10, "d": 5}


def test_weighted_lets_a_new_agent_take_every_third_turn(office: Office) -> None:
    office.load("agents: [A, {name: B, joined: 2026-10-01}]\n")
    assert Counter(office.agents(12))["b"] == 3


TIERED = """
team: {{capacity: 1000}}
agents:
{agents}
rules: [{{name: everyone, to: all, strategy: performance}}]
"""


def tiered(**tiers: int) -> str:
    names = [(f"{tier}{number}", tier) for tier, count in tiers.items() for number in range(count)]
    return TIERED.format(agents="\n".join(f"  - {{name: {name}, tier: {tier}}}" for name, tier in names))


def test_performance_shares_the_leads_40_35_25_over_the_tiers(office: Office) -> None:
    office.load(tiered(A=3, B=4, C=8))
    dealt = Counter(agent[0] for agent in office.agents(200))
    assert dealt == {"a": 80, "b": 70, "c": 50}


def test_performance_takes_turns_inside_a_tier(office: Office) -> None:
    office.load(tiered(A=3, B=4, C=8))
    dealt = [agent for agent in office.agents(60) if agent[0] == "a"]
    assert dealt == [f"a{number % 3}" for number in range(len(dealt))]
    assert office.explain(1)["tier"] == "A"


def test_performance_passes_an_empty_tiers_share_to_the_others(office: Office) -> None:
    office.load(tiered(A=3, C=8))
    dealt = Counter(agent[0] for agent in office.agents(65))
    assert dealt == {"a": 40, "c": 25}


def test_performance_caps_shares_so_that_no_lower_tier_is_due_more_per_head(office: Office) -> None:
    office.load(tiered(A=8, B=2, C=1))
    dealt = Counter(office.agents(220))
    assert min(dealt[f"a{n}"] for n in range(8)) >= max(dealt["b0"], dealt["b1"], dealt["c0"]) - 1


def test_performance_keeps_new_agents_in_a_tier_of_their_own_between_b_and_c(office: Office) -> None:
    office.load(tiered(A=2, B=2, C=4).replace("{name: C3, tier: C}", "{name: New, joined: 2026-08-20}"))
    dealt = Counter(office.agents(160))
    assert dealt["b0"] > dealt["new"] > dealt["c0"]
    assert office.explain(next(n for n in range(1, 30) if office.explain(n)["agent"] == "new"))["tier"] == "probation"


def test_probation_ends_when_both_the_days_and_the_leads_are_over(office: Office) -> None:
    office.load(
        tiered(C=1).replace("C0, tier: C", "New, tier: C, joined: 2026-08-20") + "probation: {days: 60, leads: 3}"
    )
    office.agents(4)
    assert [office.explain(lead)["tier"] for lead in (3, 4)] == ["probation", "probation"]
    office.later(days=13)
    office.agents(1)
    assert office.explain(5)["tier"] == "probation"
    office.later(days=1)
    office.agents(1)
    assert office.explain(6)["tier"] == "C"


@pytest.mark.parametrize(
    ("lead", "agent"),
    [
        ({"intent": "buyer"}, "a"),
        ({"intent": "seller"}, "b"),
        ({"intent": "listing"}, "b"),
        ({"property_type": "luxury"}, "c"),
        ({"tags": "cash, investor"}, "c"),
        ({"intent": "rental"}, "d"),
        ({"features": "strata office"}, "d"),
    ],
    ids=["buyer", "seller", "listing", "luxury", "investor", "rental", "any product"],
)
def test_specialty_sends_a_lead_to_its_specialist(office: Office, lead: dict[str, str], agent: str) -> None:
    office.load("""
agents:
  - {name: A, specialties: [buyer]}
  - {name: B, specialties: [seller, listing]}
  - {name: C, specialties: [luxury, investor]}
  - {name: D, specialties: [rental, strata office]}
rules: [{name: specialists, to: all, strategy: specialty}]
""")
    taken = office.route(**lead)
    assert (taken.state.agent, taken.state.reason) == (agent, "only_one")
    assert set(office.explain(1)["skipped"].values()) == {"specialty"}


def test_source_specialist_sends_a_lead_to_the_owner_of_its_source(office: Office) -> None:
    office.load("""
agents: [{name: A, sources: [portal]}, {name: B, sources: [Site B, referral]}, C]
rules:
  - {name: owners, when: {source: [portal, site b, referral]}, to: all, strategy: source_specialist}
  - {name: rest, to: all}
""")
    assert [office.route(source=s).state.agent for s in ("portal", "SITE B", "referral")] == ["a", "b", "b"]
    assert office.explain(1)["skipped"] == {"b": "source", "c": "source"}


TERRITORIES = """
territories:
  west: {postcodes: ["50480", "501*", "59000-59200"], areas: [Bangsar, Mont Kiara]}
  port: {circle: {lat: 3.00, lon: 101.40, km: 5}}
agents: [{name: A, territories: [west]}, {name: B, territories: [west, port]}, {name: C, territories: [port]}, D]
rules:
  - {name: home, when: {territory: [west, port]}, to: all, strategy: territory%s}
  - {name: rest, to: all}
"""


@pytest.mark.parametrize(
    ("lead", "home"),
    [
        ({"postcode": "50480"}, {"a", "b"}),
        ({"postcode": "50123"}, {"a", "b"}),
        ({"postcode": "59100"}, {"a", "b"}),
        ({"area": "mont kiara"}, {"a", "b"}),
        ({"lat": 3.03, "lon": 101.41}, {"b", "c"}),
        ({"postcode": "59201"}, {"a", "b", "c", "d"}),
        ({"lat": 3.10, "lon": 101.41}, {"a", "b", "c", "d"}),
    ],
    ids=["list", "prefix", "range", "area", "circle", "outside a range", "outside the circle"],
)
def test_territory_sends_a_lead_to_who_is_at_home_there(office: Office, lead: dict[str, str], home: set[str]) -> None:
    office.load(TERRITORIES % "")
    assert set(office.agents(8, **lead)) == home


def test_territory_overlap_takes_turns(office: Office) -> None:
    office.load(TERRITORIES % "")
    assert office.agents(4, postcode="50480") == ["a", "b", "a", "b"]


def test_territory_overlap_goes_to_who_had_the_last_lead_there(office: Office) -> None:
    office.load(TERRITORIES % ", overlap: last")
    assert office.agents(4, postcode="50480") == ["a", "a", "a", "a"]
    assert office.explain(2)["skipped"]["b"] == "overlap"


def test_quality_routing_sends_hot_leads_to_the_fastest_and_cold_ones_to_the_pool(office: Office) -> None:
    office.load("""
agents: [A, B, C]
quality: {hot: {source: paid_ad}, cold: {source: old_database}}
rules:
  - {name: hot, when: {quality: hot}, to: all, strategy: fastest}
  - {name: cold, when: {quality: cold}, then: pool}
  - {name: rest, to: all, strategy: least_busy}
""")
    hot, cold, warm = (office.route(source=source) for source in ("paid_ad", "old_database", "portal"))
    assert (hot.state.quality, hot.state.rule) == ("hot", "hot")
    assert (cold.state.quality, cold.state.state) == ("cold", "pooled")
    assert (warm.state.quality, warm.state.rule) == ("warm", "rest")
    assert "by its source" in office.words(1)


def test_a_quality_given_with_the_lead_wins_over_the_rules(office: Office) -> None:
    office.load("agents: [A]\nquality: {hot: {source: paid_ad}}\n")
    assert office.route(source="paid_ad", quality="cold").state.quality == "cold"


def test_fastest_picks_the_best_speed_to_lead_and_turns_within_20_percent(office: Office) -> None:
    office.load("agents: [A, B, C]\nrules: [{name: fast, to: all, strategy: fastest, prefer: none}]\n")
    assert office.agents(3) == ["a", "b", "c"]
    for minutes, lead in ((10, 1), (11, 2), (59, 3)):
        office.now = MONDAY_NOON.replace(minute=minutes)
        office.step("contact", lead)
    assert set(office.agents(6)) == {"a", "b"}
    assert office.explain(4)["skipped"] == {"c": "fastest"}


def test_fastest_draws_the_line_at_a_fifth_more_than_the_best_median(office: Office) -> None:
    office.load("agents: [A, B, C]\nrules: [{name: fast, to: all, strategy: fastest, prefer: none}]\n")
    assert office.agents(3) == ["a", "b", "c"]
    for seconds, lead in ((600, 1), (720, 2), (721, 3)):
        office.now = MONDAY_NOON + timedelta(seconds=seconds)
        office.step("contact", lead)
    assert set(office.agents(6)) == {"a", "b"}
    assert office.explain(4)["skipped"] == {"c": "fastest"}


def test_hunt_group_shares_by_skill_and_free_capacity(office: Office) -> None:
    office.load(
        "agents: [{name: A, capacity: 30}, {name: B, capacity: 10}]\n"
        "rules: [{name: hunt, to: all, strategy: hunt_group}]\n"
    )
    assert Counter(office.agents(8)) == {"a": 6, "b": 2}


def test_least_busy_picks_the_fewest_open_leads_relative_to_capacity(office: Office) -> None:
    office.load(
        "agents: [{name: A, capacity: 4}, {name: B, capacity: 2}]\n"
        "rules: [{name: busy, to: all, strategy: least_busy}]\n"
    )
    assert office.agents(3) == ["a", "b", "a"]
    office.step("lost", 2)
    assert office.agents(1) == ["b"]
    assert office.explain(4)["reason"] == "least_busy"


def test_pool_posts_a_lead_to_all(office: Office) -> None:
    office.load("agents: [A, B]\nrules: [{name: bag, when: {source: old}, strategy: pool}, {name: rest, to: all}]\n")
    taken = office.route(source="old")
    assert (taken.state.state, taken.state.agent, taken.state.reason) == ("pooled", None, "pooled")


def test_pool_sends_the_unclaimed_to_the_backup_rule(office: Office) -> None:
    office.load("""
agents: [A, B]
rules:
  - {name: bag, when: {source: old}, then: pool}
  - {name: backup, when: {source: nobody}, to: {agents: b}}
  - {name: rest, to: all}
pool: {claim_within: 24h, unclaimed: backup}
""")
    lead = office.route(source="old").state.lead
    office.later(hours=23)
    assert office.sweep().changes == []
    office.later(hours=1)
    assert [(change.lead, change.reason, change.target) for change in office.sweep().changes] == [
        (lead, "unclaimed", "b")
    ]


def test_random_is_drawn_by_the_seed_and_can_be_drawn_again(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "team: {seed: %s, capacity: 100}\nagents: [A, B, C]\nrules: [{name: lot, to: all, strategy: random}]\n"
    office.load(text % "one")
    drawn = office.agents(40)
    assert set(drawn) == {"a", "b", "c"}
    for seed, same in (("one", True), ("two", False)):
        with an_office(tmp_path_factory.mktemp(seed)) as other:
            other.load(text % seed)
            assert (other.agents(40) == drawn) is same


@pytest.mark.parametrize(
    ("order", "expected"),
    [("fifo", [1, 2, 3]), ("lifo", [3, 2, 1]), ("hottest_first", [2, 1, 3])],
)
def test_backlog_is_dealt_out_in_the_order_of_the_policy(office: Office, order: str, expected: list[int]) -> None:
    text = f"team: {{capacity: 5}}\nagents: [%s]\nbacklog: {{order: {order}}}\n"
    office.load(text % "{name: A, left: 2026-01-01}")
    for day, quality in ((1, "warm"), (2, "hot"), (3, "cold")):
        office.route(received_at=f"2026-09-0{day}", quality=quality)
    office.load(text % "{name: A}")
    assert [change.lead for change in office.sweep().changes] == expected


def test_backlog_drains_no_faster_than_the_hourly_limit(office: Office) -> None:
    text = "agents: [%s]\nbacklog: {per_hour: 2}\n"
    office.load(text % "{name: A, left: 2026-01-01}")
    for _ in range(5):
        office.route()
    office.load(text % "{name: A}")
    assert [len(office.sweep().changes), len(office.sweep().changes)] == [2, 0]
    office.later(hours=1)
    assert len(office.sweep().changes) == 2


def test_relationship_sends_a_known_person_back_to_their_agent(office: Office) -> None:
    office.load("agents: [A, B, C]\n")
    first = office.route(email="kim@example.com")
    office.step("won", first.state.lead)
    office.agents(1)
    again = office.route(email="kim@example.com", source="portal")
    assert (again.what, again.state.agent, again.state.reason) == ("new", "a", "relationship")


def test_relationship_ends_when_the_agent_has_left(office: Office) -> None:
    office.load("agents: [A, B]\n")
    first = office.route(email="kim@example.com")
    office.step("lost", first.state.lead)
    office.load("agents: [B]\n")
    assert office.route(email="kim@example.com", source="portal").state.agent == "b"


def test_relationship_is_with_the_last_holder_and_never_with_who_lost_the_lead(office: Office) -> None:
    office.load("agents: [A, B, C]\n")
    lead = office.route(email="kim@example.com").state.lead
    office.later(hours=72)
    assert [change.target for change in office.sweep().changes] == ["b"]
    office.step("lost", lead)
    assert office.route(email="kim@example.com", source="portal").state.agent == "b"


def test_relationship_outlasts_a_later_lead_that_ended_with_nobody(office: Office) -> None:
    office.load("agents: [A, B, C]\nrules: [{name: spam, when: {source: web}, then: pool}, {name: all, to: all}]\n")
    office.step("won", office.route(email="kim@example.com").state.lead)
    from_the_web = office.route(email="kim@example.com", source="web").state
    assert from_the_web.state == "pooled"
    office.step("lost", from_the_web.lead)
    office.agents(1)
    again = office.route(email="kim@example.com", source="fair").state
    assert (again.agent, again.reason) == ("a", "relationship")


def test_relationship_may_take_nobodys_turn(office: Office) -> None:
    office.load("agents: [A, B]\nrelationship: {counts_as_turn: no}\n")
    office.step("won", office.route(email="kim@example.com").state.lead)
    office.route(email="kim@example.com", source="portal")
    assert office.agents(1) == ["b"]
    assert "nobody's turn" in office.words(2)


def test_language_sends_a_lead_to_who_speaks_it_when_there_is_one(office: Office) -> None:
    office.load("agents: [A, {name: B, languages: [ta]}, C]\nrules: [{name: all, to: all, prefer: [language]}]\n")
    assert office.agents(2, language="ta") == ["b", "b"]
    assert office.agents(1, language="fr") == ["a"]
    assert office.explain(1)["skipped"] == {"a": "prefer_language", "c": "prefer_language"}


@pytest.mark.parametrize(
    ("prefer", "lead", "agent"),
    [
        ("experience", {}, "b"),
        ("nearest", {"lat": 3.2, "lon": 101.7}, "c"),
        ("channel", {"preferred_channel": "WhatsApp"}, "a"),
        ("time", {"preferred_time": "20:30"}, "c"),
        ("features", {"features": "Garden, pool"}, "b"),
    ],
)
def test_experience_nearness_and_client_preferences(
    office: Office, prefer: str, lead: dict[str, object], agent: str
) -> None:
    office.load(f"""
agents:
  - {{name: A, experience: 3, channels: [whatsapp], base: {{lat: 1.3, lon: 103.8}}, hours: "Mon-Sun 08:00-18:00"}}
  - {{name: B, experience: 12, specialties: [garden], base: {{lat: 5.4, lon: 100.3}}, hours: "Mon-Sun 08:00-18:00"}}
  - {{name: C, experience: 7, base: {{lat: 3.1, lon: 101.6}}}}
rules: [{{name: all, to: all, prefer: [{prefer}]}}]
""")
    assert office.agents(2, **lead) == [agent, agent]
    assert f"prefer_{prefer}" in office.explain(1)["skipped"].values()


def test_price_bands_skip_who_does_not_serve_the_price(office: Office) -> None:
    office.load('agents: [{name: A, price: "<= 900000"}, {name: B, price: 800000-2000000}]\n')
    assert [office.route(price=p).state.agent for p in (500000, 2000000, 850000, 850000)] == ["a", "b", "a", "b"]
    assert office.explain(1)["skipped"] == {"b": "price"}


def test_requested_agent_gets_the_lead_where_the_rule_prefers_it(office: Office) -> None:
    office.load("agents: [A, {id: b, name: Bala Krishnan}, C]\nrules: [{name: all, to: all, prefer: [requested]}]\n")
    taken = office.route(requested_agent="bala krishnan")
    assert (taken.state.agent, taken.state.reason) == ("b", "requested")
    assert office.route(requested_agent="nobody we know").state.agent == "a"


def test_isa_first_gives_the_lead_to_a_qualifier(office: Office) -> None:
    office.load("""
agents: [A, {name: Ida, role: isa}, {name: Ivo, role: isa}]
rules: [{name: sellers, when: {intent: seller}, then: qualify}, {name: rest, to: all}]
""")
    states = [office.route(intent="seller").state for _ in range(3)]
    assert [(state.state, state.agent) for state in states] == [
        ("qualifying", "ida"), ("qualifying", "ivo"), ("qualifying", "ida"),
    ]  # fmt: skip


def test_incubate_keeps_the_lead_for_nurture(office: Office) -> None:
    office.load(
        "agents: [A]\nrules: [{name: later, when: {timeframe: next year}, then: incubate}, {name: rest, to: all}]\n"
    )
    taken = office.route(timeframe="next year")
    assert (taken.state.state, taken.state.agent, taken.state.reason) == ("incubating", None, "incubating")


def test_time_of_day_sends_hot_leads_to_a_trusted_group_and_holds_the_rest_until_opening(office: Office) -> None:
    office.load("""
team: {hours: "Mon-Fri 09:00-18:00"}
agents: [A, {name: B, groups: [trusted]}]
rules:
  - {name: after hours, when: {hours: closed, quality: hot}, to: {group: trusted}}
  - {name: night, when: {hours: closed}, then: hold}
  - {name: rest, to: all}
""")
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    assert office.route(quality="hot").state.agent == "b"
    held = [office.route().state for _ in range(2)]
    assert {state.state for state in held} == {"held"}
    assert held[0].due_at == datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
    assert office.sweep().changes == []
    office.step("contact", 1)
    office.now = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
    assert sorted(str(change.target) for change in office.sweep().changes) == ["a", "b"]


def test_eteam_is_a_group_that_a_rule_names(office: Office) -> None:
    office.load("""
agents: [A, {name: B, groups: [eteam]}, {name: C, groups: [eteam]}]
rules: [{name: eteam, when: {source: ad}, to: {group: eteam}}, {name: rest, to: all}]
""")
    assert office.agents(3, source="ad") == ["b", "c", "b"]


HYBRID = """
territories: {west: {areas: [Bangsar]}}
agents:
  - {name: A, territories: [west], capacity: 1}
  - {name: B, specialties: [luxury], tier: A}
  - {name: C, specialties: [luxury], tier: C}
  - D
rules:
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: luxury}, strategy: performance, else: everyone}
  - {name: west, when: {territory: west}, to: {territory: west}, strategy: territory, else: everyone}
  - {name: everyone, to: all}
"""


def test_hybrid_deals_home_territory_first_and_then_the_rotation(office: Office) -> None:
    office.load(HYBRID)
    home, next_one = office.route(area="Bangsar"), office.route(area="Bangsar")
    assert home.state.agent == "a"
    assert (next_one.state.agent, next_one.state.rule) == ("b", "everyone")
    assert "Rule west applied, but had nobody free: A is at capacity." in office.words(2)


def test_hybrid_turns_tiers_inside_a_specialty(office: Office) -> None:
    office.load(HYBRID)
    dealt = Counter(office.agents(13, price=2500000))
    assert dealt == {"b": 8, "c": 5}


# --- the reason that is told ------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(
    weights=st.lists(st.sampled_from(["1", "1", "1.5", "2", "1/3"]), min_size=2, max_size=5),
    dear=st.lists(st.booleans(), min_size=5, max_size=30),
)
def test_the_reason_that_is_told_is_what_the_table_beside_it_shows(weights: list[str], dear: list[bool]) -> None:
    """Whoever is said to be owed most has the highest figure that is shown, and of two the same it is said so."""
    team = ", ".join(f"{{name: {name}, weight: {weight}}}" for name, weight in zip("ABCDE", weights, strict=False))
    rules = "rules: [{name: dear, when: {price: '>= 100'}, to: all}, {name: everyone, to: all}]\n"
    with TemporaryDirectory() as folder, an_office(Path(folder)) as office:
        office.load(f"agents: [{team}]\n{rules}")
        for each in dear:
            office.route(price=200 if each else 50)
        for number in range(1, len(dear) + 1):
            entry = next(explained(office.connection, queries.history(office.connection, number)))
            rows = {row[0].lower(): (float(row[-2]), row[-1]) for row in candidate_rows(entry, office.policy)}
            got = rows.pop(str(entry.event.agent))[0]
            level = [agent for agent, (figure, word) in rows.items() if word.startswith("same")]
            assert all(figure == got if agent in level else figure < got for agent, (figure, _) in rows.items())
            told = sentences(entry, office.policy)[-1]
            assert ("owed most" in told) != bool(level)
            assert all(agent.upper() in told.split("as much as")[-1] for agent in level)
            rulebook = Rulebook(office.policy)
            codes = {agent: why_not(entry, agent, rulebook).code for agent in rows}
            assert codes == {agent: "later_in_turn" if agent in level else "owed_less" for agent in rows}
