"""For every sentence that `policy` can say: a lead (or a clock, or a person away) that proves it.

A proof loads a configuration, looks at what the policy says of it, and lets things happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from leadrouter.domain.merit import Held, judge
from leadrouter.domain.pledge import members
from leadrouter.domain.reviews import Review, next_review, review
from leadrouter.domain.state import AgentState
from leadrouter.errors import Refused
from leadrouter.reports.policy.sections import tell
from leadrouter.reports.policy.told import Told
from leadrouter.store import desks
from leadrouter.store.leads import read_facts
from leadrouter.usecases.erase import forget
from leadrouter.usecases.tiers import set_tier
from tests.trade.office import Office

Proof = Callable[[Office], None]
PROOFS: dict[str, Proof] = {}
"""`section.key` -> what proves it; of a key such as `rule luxury` the first word."""


def proves(key: str) -> Callable[[Proof], Proof]:
    def register(proof: Proof) -> Proof:
        PROOFS[key] = proof
        return proof

    return register


def sentences(office: Office) -> dict[str, str]:
    """All that the policy in force says, by section and key."""
    agents = desks.load_desk(office.connection).agents
    told = tell(Told(office.session.policy, agents, office.now))
    return {f"{section.key}.{sentence.key}": sentence.text for section in told for sentence in section.sentences}


def says(office: Office, key: str, *words: str) -> None:
    """The policy says this under this key."""
    text = sentences(office)[key]
    for word in words:
        assert word in text, text


def state(office: Office, lead: int) -> tuple[str, str | None]:
    lead_state = desks.load_desk(office.connection)
    desks.load_leads(office.connection, lead_state, [lead])
    return lead_state.leads[lead].state, lead_state.leads[lead].agent


def told_of(office: Office) -> list[tuple[int | None, str]]:
    """Which leads the leader was told about in this sweep, and why."""
    return [(change.lead, change.reason) for change in office.sweep().changes if change.what == "escalated"]


LED = "team: {leader: lea, timezone: UTC}\n"
LEA = "{id: lea, role: leader}"
OFFICE_HOURS = 'team: {timezone: UTC, hours: "Mon-Fri 09:00-18:00", holidays: [2026-10-06]}\n'
HOLDING = "rules: [{name: night, when: {hours: closed}, then: hold}, {name: day, to: all}]\n"

# --- the team -------------------------------------------------------------------------------------------------


@proves("team.hours")
def _(office: Office) -> None:
    office.load(OFFICE_HOURS + "agents: [A]\n" + HOLDING)
    says(office, "team.hours", "Mon-Fri 09:00-18:00", "closed on 2026-10-06")
    assert office.route().state.state == "assigned"
    office.later(days=1)  # the holiday
    assert office.route().state.state == "held"
    office.later(days=1)
    assert office.route().state.state == "assigned"
    office.later(hours=7)
    assert office.route().state.state == "held"


@proves("team.leader")
def _(office: Office) -> None:
    office.load(LED + f"agents: [A, {LEA}]\n")
    says(office, "team.leader", "lea leads the team")
    office.route()
    office.later(hours=3)
    assert told_of(office) == [(1, "unanswered")]


@proves("team.group")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, groups: [fast]}]\nrules: [{name: f, to: {group: fast}}]\n")
    says(office, "team.group fast", "The group fast: B.")
    assert office.agents(2) == ["b", "b"]


@proves("team.pledge")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, groups: [eteam]}]\n")
    says(office, "team.pledge", "the group eteam has pledged")
    assert [agent.id for agent in members(office.policy)] == ["b"]


WEST = "territories: {west: {postcodes: ['501*']}}\n"


@proves("team.territory")
def _(office: Office) -> None:
    office.load(
        WEST + "agents: [A, {name: B, territories: [west]}]\n"
        "rules: [{name: home, when: {territory: west}, to: all, strategy: territory}, {name: rest, to: all}]"
    )
    says(office, "team.territory west", "At home in west: B.")
    assert office.agents(2, postcode="50100") == ["b", "b"]


# --- how urgent a lead is -------------------------------------------------------------------------------------

QUALITY = "quality: {hot: {source: portal}, cold: {not: {price: '>= 500'}}}\nagents: [A]\n"


@proves("quality.given")
def _(office: Office) -> None:
    office.load(QUALITY)
    says(office, "quality.given")
    assert office.route(source="portal", quality="cold").state.quality == "cold"


@proves("quality.hot")
def _(office: Office) -> None:
    office.load(QUALITY)
    says(office, "quality.hot 1", "hot if the source is portal")
    assert office.route(source="portal").state.quality == "hot"


@proves("quality.cold")
def _(office: Office) -> None:
    office.load(QUALITY)
    says(office, "quality.cold 2", "Else it is cold if it is not so that the price is at least 500")
    assert office.route(price=499).state.quality == "cold"


@proves("quality.warm")
def _(office: Office) -> None:
    office.load("quality: {warm: {source: web}, cold: {price: '< 9'}}\nagents: [A]\n")
    says(office, "quality.warm 1", "it is warm if the source is web")
    assert office.route(source="web", price=1).state.quality == "warm"


@proves("quality.default")
def _(office: Office) -> None:
    office.load(QUALITY)
    says(office, "quality.default")
    assert office.route(source="web", price=500).state.quality == "warm"


# --- who gets a lead ------------------------------------------------------------------------------------------

RULES = """
agents: [{name: A, specialties: [luxury], languages: [ms]}, {name: B, specialties: [luxury]}, C]
rules:
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: luxury}, prefer: [language], else: rest}
  - {name: portal, when: {source: portal}, then: pool}
  - {name: rest, to: all, rotation: luxury}
"""


@proves("rules.first")
def _(office: Office) -> None:
    office.load(RULES)
    says(office, "rules.first")
    assert office.route(price=3_000_000, source="portal").state.rule == "luxury"


@proves("rules.rule")
def _(office: Office) -> None:
    office.load(RULES)
    says(office, "rules.rule luxury", "if the price is at least 2,000,000, the lead is", "in turns among A and B.")
    says(office, "rules.rule portal", "if the source is portal, the lead lies in the pool")
    says(office, "rules.rule rest", "every other lead is dealt in turns among A, B and C.")
    assert sorted(office.agents(2, price=2_000_000)) == ["a", "b"]
    assert office.route(source="portal").state.state == "pooled"
    assert sorted(office.agents(3)) == ["a", "b", "c"]


@proves("rules.prefer")
def _(office: Office) -> None:
    office.load(RULES)
    says(office, "rules.prefer luxury", "those who speak its language come first, where there are any")
    assert office.agents(2, price=2_000_000, language="ms") == ["a", "a"]
    assert office.route(price=2_000_000, language="fr").state.agent == "b"


@proves("rules.else")
def _(office: Office) -> None:
    office.load(RULES.replace("name: A,", "name: A, capacity: 1,").replace("name: B,", "name: B, capacity: 1,"))
    says(office, "rules.else luxury", "If nobody of rule luxury can take a lead, rule rest decides.")
    office.agents(2, price=2_000_000)
    assert (office.route(price=2_000_000).state.agent, office.route(price=2_000_000).state.rule) == ("c", "rest")


@proves("rules.rotation")
def _(office: Office) -> None:
    rules = "[{name: one, when: {source: x}, to: all, rotation: r}, {name: two, to: all, rotation: r}]"
    office.load(f"agents: [A, B]\nrules: {rules}\n")
    says(office, "rules.rotation r", "The rules one and two share their turns.")
    assert [office.route(source="x").state.agent, office.route(source="y").state.agent] == ["a", "b"]


@proves("shares.present")
def _(office: Office) -> None:
    office.load("team: {capacity: 99}\nagents: [{name: A, weight: 2}, B, {name: C, hours: 'Sun 01:00-02:00'}]\n")
    agents = desks.load_desk(office.connection).agents
    told = tell(Told(office.session.policy, agents, office.now))
    table = next(section.table for section in told if section.key == "shares")
    assert table is not None
    assert table.rows == (("everyone", "A 1 in 2, B 1 in 4, C 1 in 4"),)
    office.later(days=5, hours=13, minutes=30)  # Sunday, 01:30: everybody is present
    assert Counter(office.agents(20)) == {"a": 10, "b": 5, "c": 5}


TIERED = """
team: {capacity: 1000}
probation: {days: 60, leads: 50}
agents: [{name: A1, tier: A}, {name: B1, tier: B}, {name: C1, tier: C}, {name: C2, tier: C}]
rules: [{name: everyone, to: all, strategy: performance}]
"""


@proves("tiers.tiers")
def _(office: Office) -> None:
    office.load(TIERED)
    says(office, "tiers.tiers everyone", "tier A 2 in 5 (A1), tier B 7 in 20 (B1) and tier C 1 in 4 (C1 and C2)")
    assert Counter(office.agents(40)) == {"a1": 16, "b1": 14, "c1": 5, "c2": 5}


@proves("tiers.empty")
def _(office: Office) -> None:
    office.load(TIERED.replace("name: A1, tier: A", "name: A1, tier: A, hours: 'Sun 01:00-02:00'"))
    says(office, "tiers.empty")
    assert Counter(office.agents(12)) == {"b1": 7, "c1": 3, "c2": 2}


@proves("tiers.probation")
def _(office: Office) -> None:
    office.load(TIERED.replace("name: C2, tier: C", "name: C2, tier: A, joined: 2026-10-01"))
    says(office, "tiers.probation", "until both 60 days and 50 leads")
    says(office, "tiers.tiers everyone", "new agents 23.1% (C2)")
    assert office.agents(8).count("c2") == 2
    assert {office.explain(lead)["tier"] for lead in range(1, 9)} == {"A", "B", "C", "probation"}


def _found(office: Office, won: int, leads: int = 300, *before: tuple[str, str, str]) -> Review:
    """What a review of C1 finds in a team that wins a fifth of its leads, after these findings."""
    results = [Held(f"x{number}", ("", "warm"), 300, of) for number, of in enumerate((25, 40, 60, 80, 95))]
    merit = judge([*results, Held("c1", ("", "warm"), leads, won)]).agents["c1"]
    agent = office.session.policy.roster["c1"]
    return review(agent, AgentState("c1", findings=before), merit, office.policy, "2026-10-05", is_due=True)


@proves("tiers.marks")
def _(office: Office) -> None:
    office.load(TIERED.replace("name: C1, tier: C", "name: C1, tier: B"))
    says(
        office,
        "tiers.marks",
        "of the same source and quality, are held against conversion rates: A from 30%, B from 20%",
    )
    assert _found(office, 25).finding == "down"
    assert _found(office, 66).finding == "stay"


@proves("tiers.review")
def _(office: Office) -> None:
    office.load(TIERED + "tiers: {review: monthly}\n")
    says(office, "tiers.review", "reviewed monthly", "1 year, or the latest 50 where these are more")
    assert _found(office, 40, 49).finding == "too_few"
    assert _found(office, 40, 50).finding == "up"
    assert next_review("2026-10-05", office.policy.tiers.review) == "2026-11-05"


@proves("tiers.move")
def _(office: Office) -> None:
    office.load(TIERED)
    says(office, "tiers.move", "at least 80%: into B 2 in a row above 22% and into A 2 in a row above 30%")
    first = _found(office, 90)
    assert (first.finding, first.proposed, first.mark, first.moves) == ("up", "B", 0.22, False)
    assert (first.probability or 0) >= 0.8
    assert _found(office, 90, 300, ("C", "up", "above")).moves


@proves("tiers.applied")
def _(office: Office) -> None:
    office.load(TIERED.replace("name: B1, tier: B", "name: B1, tier: C"))
    says(office, "tiers.applied")
    says(office, "tiers.tiers everyone", "tier C", "(B1, C1 and C2)")
    set_tier(office.session, "b1", "A", "a word", office.now)
    says(office, "tiers.tiers everyone", "(A1 and B1)")
    assert ("b1", "A") in {(office.route().state.agent, office.explain(lead)["tier"]) for lead in range(1, 5)}


# --- how turns work -------------------------------------------------------------------------------------------

THREE = "agents: [A, B, C]\n"


@proves("turns.order")
def _(office: Office) -> None:
    office.load("order: experience\nagents: [{name: A, experience: 1}, {name: B, experience: 9}, C]\n")
    says(office, "turns.order", "the order of experience, the longest first: B, A and C.")
    assert office.agents(6) == list("bacbac")


@proves("turns.share")
def _(office: Office) -> None:
    office.load("agents: [{name: A, weight: 2}, B]\n")
    says(office, "turns.share")
    assert office.agents(6) == list("abaaba")


@proves("turns.tie")
def _(office: Office) -> None:
    office.load("agents: [A, B]\nrules: [{name: x, when: {source: x}, to: all}, {name: rest, to: all}]\n")
    says(office, "turns.tie")
    assert office.route(source="x").state.agent == "a"
    assert office.route(source="y").state.agent == "b"
    assert office.agents(2) == ["a", "b"]


@proves("turns.hot")
def _(office: Office) -> None:
    office.load(THREE)
    says(office, "turns.hot")
    dealt = [office.agents(1, quality="hot") + office.agents(1) for _ in range(3)]
    assert [sorted(kind) for kind in zip(*dealt, strict=True)] == [["a", "b", "c"], ["a", "b", "c"]]


@proves("turns.skipped")
def _(office: Office) -> None:
    office.load("agents: [A, B, {name: C, time_off: [2026-10-01..2026-10-05]}]\n")
    says(office, "turns.skipped")
    assert "c" not in office.agents(8)
    office.later(days=1)
    assert Counter(office.agents(6)) == {"a": 2, "b": 2, "c": 2}


@proves("turns.ramp_up")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, joined: 2026-10-05}]\n")
    says(office, "turns.ramp_up", "1/3 of their weight until day 15 and 1/2 of their weight until day 30")
    assert Counter(office.agents(8)) == {"a": 6, "b": 2}
    office.later(days=15)  # day 16
    assert Counter(office.agents(6)) == {"a": 4, "b": 2}


@proves("turns.relationship")
def _(office: Office) -> None:
    office.load(THREE)
    says(office, "turns.relationship", "takes their turn, unless they are 3 leads ahead")
    office.route(email="kim@example.com")
    office.step("won", 1)
    assert office.route(email="kim@example.com", message="again").state.agent == "a"
    assert office.agents(4) == list("bcbc")  # A has had their turn, twice


@proves("turns.requested")
def _(office: Office) -> None:
    office.load(THREE + "relationship: {counts_as_turn: no}\nrules: [{name: all, to: all, prefer: [requested]}]\n")
    says(office, "turns.requested", "takes nobody's turn")
    assert office.route(requested_agent="c").state.agent == "c"
    assert office.agents(3) == list("abc")


@proves("turns.void")
def _(office: Office) -> None:
    office.load("agents: [A, B]\n")
    says(office, "turns.void")
    office.agents(1)
    office.step("void", 1)
    assert Counter(office.agents(4)) == {"a": 2, "b": 2}


@proves("turns.by_hand")
def _(office: Office) -> None:
    office.load("agents: [A, B]\n")
    says(office, "turns.by_hand")
    office.agents(2)
    office.step("transfer", 1, to="b")
    assert office.agents(4) == list("abab")


# --- who is skipped -------------------------------------------------------------------------------------------


@proves("skips.away")
def _(office: Office) -> None:
    office.load(
        "agents: [A, {name: B, left: 2026-10-01}, {name: C, joined: 2026-12-01}, {name: D, time_off: [2026-10-05]}]\n"
    )
    says(office, "skips.away")
    assert office.agents(3) == ["a", "a", "a"]


@proves("skips.hours")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, hours: 'Mon-Fri 08:00-11:00'}]\n")
    says(office, "skips.hours")
    assert office.agents(2) == ["a", "a"]


@proves("skips.capacity")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, capacity: 1}]\n")
    says(office, "skips.capacity")
    assert Counter(office.agents(5)) == {"a": 4, "b": 1}


@proves("skips.limits")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, per_day: 1}, {name: C, per_hour: 1}]\n")
    says(office, "skips.limits")
    assert Counter(office.agents(6)) == {"a": 4, "b": 1, "c": 1}
    office.later(hours=1)
    assert Counter(office.agents(3)) == {"a": 2, "c": 1}


@proves("skips.price")
def _(office: Office) -> None:
    office.load("agents: [A, {name: B, price: '>= 900'}]\n")
    says(office, "skips.price")
    assert office.agents(2, price=800) == ["a", "a"]


@proves("skips.past_holder")
def _(office: Office) -> None:
    office.load("agents: [A, B]\n")
    says(office, "skips.past_holder")
    office.route()
    office.later(hours=72)
    office.sweep()
    assert state(office, 1) == ("assigned", "b")
    assert office.explain(1)["skipped"] == {"a": "past_holder"}


# --- offers ---------------------------------------------------------------------------------------------------

ASKING = LED + f"acceptance: {{hot: 5m, warm: 15m, max_offers: 2}}\nagents: [A, B, C, {LEA}]\n"


@proves("skips.declined")
def _(office: Office) -> None:
    office.load(ASKING)
    says(office, "skips.declined")
    office.route()
    office.step("decline", 1, reason="busy")
    assert office.explain(1)["skipped"] == {"a": "declined"}


@proves("offers.asked")
def _(office: Office) -> None:
    office.load(ASKING)
    says(office, "offers.asked", "hot within 5 minutes and warm within 15 minutes; cold leads are given without asking")
    assert office.route(quality="hot").state.state == "offered"
    assert office.route(quality="cold").state.state == "assigned"
    office.later(minutes=4)
    assert office.sweep().changes == []
    office.later(minutes=1)
    assert [change.reason for change in office.sweep().changes] == ["expired"]


@proves("offers.next")
def _(office: Office) -> None:
    office.load(ASKING)
    says(office, "offers.next")
    office.route()
    office.step("decline", 1, reason="busy")
    assert state(office, 1) == ("offered", "b")
    office.later(minutes=15)
    office.sweep()
    assert state(office, 1) == ("assigned", "lea")


@proves("offers.max_offers")
def _(office: Office) -> None:
    office.load(ASKING)
    says(office, "offers.max_offers", "After 2 offers", "goes to lea")
    office.route()
    for _ in range(2):
        office.step("decline", 1, reason="busy")
    assert state(office, 1) == ("assigned", "lea")


@proves("offers.cost")
def _(office: Office) -> None:
    office.load(ASKING)
    says(office, "offers.cost", "costs the turn")
    office.route()
    office.step("decline", 1, reason="busy")
    assert "a" not in office.agents(3)
    office.load(ASKING.replace("max_offers: 2", "max_offers: 2, declined_costs_turn: no"))
    says(office, "offers.cost", "given back")
    before = _credits(office)
    lead = office.route().state
    assert lead.agent is not None
    office.step("decline", lead.lead, reason="busy")
    assert _credits(office)[lead.agent] == before[lead.agent]


def _credits(office: Office) -> dict[str, int]:
    return dict(desks.load_desk(office.connection).ledger.credit["everyone"])


# --- the promise ----------------------------------------------------------------------------------------------


@proves("promise.within")
def _(office: Office) -> None:
    office.load(LED + f"sla: {{warm: 1h}}\nagents: [A, {LEA}]\n")
    says(office, "promise.within", "hot within 15 minutes, warm within 1 hour and cold within 1 day")
    office.agents(2)
    office.later(minutes=59)
    office.step("contact", 1, outcome="no_answer")
    assert told_of(office) == []
    office.later(minutes=1)
    assert told_of(office) == [(2, "unanswered")]


@proves("promise.clock")
def _(office: Office) -> None:
    office.load(
        "team: {timezone: UTC, hours: 'Mon-Fri 09:00-13:00', leader: lea}\nsla: {clock: team_hours}\n"
        f"agents: [A, {LEA}]\n"
    )
    says(office, "promise.clock", "in the team's hours only")
    office.route()  # at noon: one hour today, one tomorrow
    office.later(hours=21, minutes=59)
    assert told_of(office) == []
    office.later(minutes=1)
    assert told_of(office) == [(1, "unanswered")]


@proves("promise.anew")
def _(office: Office) -> None:
    office.load(LED + f"agents: [A, B, {LEA}]\n")
    says(office, "promise.anew")
    office.route()
    office.later(hours=1)
    office.step("transfer", 1, to="b")
    office.later(hours=1, minutes=59)
    assert told_of(office) == []
    office.later(minutes=1)
    assert told_of(office) == [(1, "unanswered")]


@proves("promise.target")
def _(office: Office) -> None:
    from leadrouter.reports.monthly import monthly_report

    office.load("sla: {target: 60%}\nagents: [A]\n")
    says(office, "promise.target", "60% of the leads")
    for month in (1, 2):
        office.agents(6)
        for lead in range(6 * month - 5, 6 * month - 2):
            office.step("contact", lead)
        office.later(hours=3)
        for lead in range(6 * month - 2, 6 * month + 1):
            office.step("contact", lead)  # too late: half of them in time
        office.later(days=28)
    report = monthly_report(office.connection, office.policy, "2026-11", office.now)
    assert [trigger["trigger"] for trigger in report["triggers"]] == ["sla_missed_two_months"]


@proves("promise.offline")
def _(office: Office) -> None:
    office.load("sla: {offline: {misses: 2, within: 7d}}\nagents: [A, B]\n")
    says(office, "promise.offline", "After 2 broken promises within 7 days")
    for lead in (1, 2, 3, 4):
        office.route()
        if lead % 2 == 0:
            office.step("contact", lead)
    office.later(hours=3)
    office.sweep()
    assert office.agents(2) == ["b", "b"]


# --- escalation and reclaim -----------------------------------------------------------------------------------


@proves("escalation.hot")
def _(office: Office) -> None:
    office.load(LED + f"agents: [A, B, {LEA}]\n")
    says(office, "escalation.hot", "after 15 minutes lea is told and after 30 minutes it is taken back and dealt anew")
    office.route(quality="hot")
    office.later(minutes=15)
    assert told_of(office) == [(1, "unanswered")]
    office.later(minutes=15)
    office.sweep()
    assert state(office, 1) == ("assigned", "b")


@proves("escalation.warm")
def _(office: Office) -> None:
    office.load(LED + f"escalation: {{warm: [{{after: 3h, do: pool}}]}}\nagents: [A, {LEA}]\n")
    says(office, "escalation.warm", "after 3 hours it is taken back and put into the pool")
    office.route()
    office.later(hours=3)
    office.sweep()
    assert state(office, 1) == ("pooled", None)


@proves("escalation.cold")
def _(office: Office) -> None:
    office.load(LED + f"agents: [A, {LEA}]\n")
    says(office, "escalation.cold", "after 1 day lea is told")
    office.route(quality="cold")
    office.later(hours=24)
    assert told_of(office) == [(1, "unanswered")]


def _taken_back(office: Office, **time: float) -> list[str]:
    office.later(**time)
    return [change.reason for change in office.sweep().changes if change.what != "escalated"]


QUIET = "escalation: off\nagents: [A, B]\n"


@proves("reclaim.no_contact")
def _(office: Office) -> None:
    office.load(QUIET + "reclaim: {no_contact: 5h}\n")
    says(office, "reclaim.no_contact", "after 5 hours without an attempt, and not before the promise is over")
    office.route()
    office.route(quality="cold")
    assert _taken_back(office, hours=4, minutes=59) == []
    assert _taken_back(office, minutes=1) == ["no_contact"]
    assert _taken_back(office, hours=18, minutes=59) == ["no_contact"]  # the warm one again
    assert _taken_back(office, minutes=1) == ["no_contact"]  # the cold one


@proves("reclaim.attempts")
def _(office: Office) -> None:
    office.load(QUIET)
    says(office, "reclaim.attempts", "after 7 days with fewer than 3 attempts")
    office.agents(2)
    for lead, attempts in ((1, 2), (2, 3)):
        for _ in range(attempts):
            office.step("contact", lead, outcome="no_answer")
    assert _taken_back(office, days=6, hours=23) == []
    assert _taken_back(office, hours=1) == ["few_attempts"]


@proves("reclaim.no_conversion")
def _(office: Office) -> None:
    office.load(QUIET)
    says(office, "reclaim.no_conversion", "14 days after the person was reached, unless there is an appointment")
    office.agents(2)
    for lead in (1, 2):
        office.step("contact", lead)
    office.step("appointment", 2)
    assert _taken_back(office, days=13, hours=23) == []
    assert _taken_back(office, hours=1) == ["no_conversion"]


@proves("reclaim.hold")
def _(office: Office) -> None:
    office.load(QUIET + "reclaim: {no_contact: off, attempts: off, hold: {hot: 3d, warm: 4d, cold: off}}\n")
    says(office, "reclaim.hold", "hot 3 days and warm 4 days", "extended once")
    office.agents(2)
    office.step("extend", 1, days=2)
    with pytest.raises(Refused):
        office.step("extend", 1, days=1)
    assert _taken_back(office, days=4) == ["held_too_long"]
    assert _taken_back(office, days=2) == ["held_too_long"]


@proves("reclaim.left")
def _(office: Office) -> None:
    office.load("agents: [A, B]\n")
    says(office, "reclaim.left")
    office.route()
    office.load("agents: [B]\n")
    assert _taken_back(office) == ["agent_left"]


@proves("reclaim.again")
def _(office: Office) -> None:
    office.load("agents: [A, B, C]\nreclaim: {no_contact: 3h}\n")
    says(office, "reclaim.again")
    office.route()
    assert _taken_back(office, hours=3) == ["no_contact"]
    assert office.explain(1)["skipped"] == {"a": "past_holder"}


@proves("reclaim.max_hops")
def _(office: Office) -> None:
    office.load(LED + f"escalation: off\nagents: [A, B, C, {LEA}]\nreclaim: {{no_contact: 3h, max_hops: 1}}\n")
    says(office, "reclaim.max_hops", "taken back more than 1 time rests with lea")
    office.route()
    _taken_back(office, hours=3)
    assert state(office, 1) == ("assigned", "b")
    _taken_back(office, hours=3)
    assert state(office, 1) == ("assigned", "lea")


@proves("reclaim.reminder")
def _(office: Office) -> None:
    office.load(LED + f"escalation: off\nagents: [A, {LEA}]\nreclaim: {{no_contact: 3h, max_hops: 0, reminder: 2d}}\n")
    says(office, "reclaim.reminder", "lea is told again every 2 days")
    office.route()
    _taken_back(office, hours=3)
    for _ in range(2):
        office.later(days=2)
        assert told_of(office) == [(1, "resting")]


# --- time off, the pool, waiting ------------------------------------------------------------------------------


@proves("time_off.open_leads")
def _(office: Office) -> None:
    office.load(
        "time_off: {open_leads: cover}\nagents: [{name: A, cover: b, time_off: [2026-10-06..2026-10-20]}, B, C]\n"
    )
    says(office, "time_off.open_leads", "go to their cover, if they fall due before the return")
    office.route()
    office.later(days=1)
    office.sweep()
    assert state(office, 1) == ("assigned", "b")


POOLING = "rules: [{name: left, when: {source: left}, then: pool}, {name: rest, to: all}]\nagents: [A, B]\n"


@proves("pool.claim")
def _(office: Office) -> None:
    office.load(POOLING + "pool: {per_agent_per_day: 1}\n")
    says(office, "pool.claim", "up to 1 a day each")
    for _ in range(2):
        office.route(source="left")
    office.step("claim", 1, agent="b")
    assert state(office, 1) == ("assigned", "b")
    with pytest.raises(Refused):
        office.step("claim", 2, agent="b")


@proves("pool.turn")
def _(office: Office) -> None:
    office.load(POOLING)
    says(office, "pool.turn", "nobody's turn")
    office.route(source="left")
    office.step("claim", 1, agent="a")
    assert office.agents(2) == ["b", "a"]  # B has waited longer; nobody owes anything
    assert office.agents(2) == ["b", "a"]


@proves("pool.blind")
def _(office: Office) -> None:
    from leadrouter.reports.pool import as_json
    from leadrouter.store.queries import pooled_leads

    office.load(POOLING + "pool: {blind: yes}\n")
    says(office, "pool.blind")
    office.route(source="left", name="Kim")
    assert "Kim" not in str(as_json(pooled_leads(office.connection), office.policy))


@proves("pool.unclaimed")
def _(office: Office) -> None:
    office.load(POOLING + "pool: {claim_within: 2h, unclaimed: rest}\n")
    says(office, "pool.unclaimed", "within 2 hours is dealt by rule rest")
    office.route(source="left")
    assert _taken_back(office, hours=2) == ["unclaimed"]
    assert state(office, 1)[0] == "assigned"


@proves("waiting.unassigned")
def _(office: Office) -> None:
    office.load(LED + f"agents: [{{name: A, capacity: 1}}, {LEA}]\n")
    says(office, "waiting.unassigned", "lea is told")
    assert [office.route().state.state for _ in range(2)] == ["assigned", "unassigned"]
    told = office.connection.execute("SELECT json_extract(data, '$.told') FROM events WHERE kind = 'unassigned'")
    assert told.fetchall() == [("lea",)]
    office.step("lost", 1)
    office.sweep()
    assert state(office, 2) == ("assigned", "a")


@proves("waiting.order")
def _(office: Office) -> None:
    office.load("backlog: {order: hottest_first}\nagents: [{name: A, capacity: 1}]\n")
    says(office, "waiting.order", "hot ones first, then those that came in first")
    for quality in (None, "cold", "warm", "hot"):
        office.route(quality=quality)
    for closed, following in ((1, 4), (4, 3), (3, 2)):
        office.step("lost", closed)
        office.sweep()
        assert state(office, following) == ("assigned", "a")


@proves("waiting.per_hour")
def _(office: Office) -> None:
    office.load(OFFICE_HOURS + HOLDING + "backlog: {per_hour: 2}\nagents: [A, B, C]\n")
    says(office, "waiting.per_hour", "at most 2 are dealt in an hour")
    office.later(hours=7)
    assert {office.route().state.state for _ in range(5)} == {"held"}
    office.later(days=1, hours=14)  # Wednesday morning, after the holiday
    assert len(office.sweep().changes) == 2
    office.later(hours=1)
    assert len(office.sweep().changes) == 2


# --- inside sales ---------------------------------------------------------------------------------------------

DESK = """
team: {timezone: UTC, leader: lea}
agents: [{id: ida, role: isa}, A, B, {id: lea, role: leader}]
rules: [{name: first, when: {intent: seller}, then: qualify, else: field}, {name: field, to: all}]
isa: {sla: {hot: 5m, warm: 10m}}
handoff: {seller: [valuation, timeline]}
incubation: {next_touch: 3d, fee: 250}
"""


@proves("inside_sales.isas")
def _(office: Office) -> None:
    office.load(DESK)
    says(office, "inside_sales.isas", "ida")
    says(office, "rules.rule first", "if the intent is seller, the lead is qualified first by an inside sales agent")
    office.route(intent="seller")
    assert state(office, 1) == ("qualifying", "ida")


@proves("inside_sales.promise")
def _(office: Office) -> None:
    office.load(DESK)
    says(office, "inside_sales.promise", "hot within 5 minutes and warm within 10 minutes")
    office.route(intent="seller")
    office.later(minutes=10)
    assert told_of(office) == [(1, "unanswered")]


@proves("inside_sales.criteria")
def _(office: Office) -> None:
    office.load(DESK)
    says(office, "inside_sales.criteria seller", "once these are met: valuation and timeline")
    office.route(intent="seller")
    with pytest.raises(Refused, match="missing: timeline"):
        office.step("handoff", 1, met=["valuation"])
    office.step("handoff", 1, met=["valuation", "timeline"])
    assert state(office, 1) == ("assigned", "a")


@proves("inside_sales.once")
def _(office: Office) -> None:
    office.load(DESK + "reclaim: {no_contact: 3h}\nescalation: off\n")
    says(office, "inside_sales.once")
    office.route(intent="seller")
    office.step("handoff", 1, met=["valuation", "timeline"])
    office.later(hours=3)
    office.sweep()
    assert state(office, 1) == ("assigned", "b")


NURTURE = "rules: [{name: later, when: {timeframe: later}, then: incubate}, {name: rest, to: all}]\n"


@proves("incubation.touch")
def _(office: Office) -> None:
    office.load(LED + NURTURE + f"incubation: {{next_touch: 3d}}\nagents: [A, {LEA}]\n")
    says(office, "incubation.touch", "every 3 days; lea is told")
    assert office.route(timeframe="later").state.state == "incubating"
    office.later(days=3)
    assert told_of(office) == [(1, "touch")]


@proves("incubation.intent")
def _(office: Office) -> None:
    office.load(NURTURE + "agents: [A, B]\n")
    says(office, "incubation.intent", "through the rules as hot. So does an inquiry")
    for number in (1, 2):
        office.route(email=f"p{number}@example.com", timeframe="later")
    office.step("touch", 1, intent="yes")
    assert office.explain(1)["quality"] == "hot"
    office.route(email="p2@example.com", message="still there?")
    assert [state(office, number)[0] for number in (1, 2)] == ["assigned", "assigned"]


@proves("incubation.fee")
def _(office: Office) -> None:
    from leadrouter.reports.fees import fees_due

    office.load(NURTURE + "agents: [A]\nincubation: {fee: 250}\n")
    says(office, "incubation.fee", "owes 250 for it")
    office.route(timeframe="later")
    office.step("touch", 1, intent="yes")
    office.step("won", 1, value=9000.0)
    assert "250" in str(fees_due(office.connection, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"))


# --- telling --------------------------------------------------------------------------------------------------

TELLING = """
team: {timezone: UTC}
agents: [{name: A, notify: "json://localhost", quiet: 22:00-07:00, digest: 08:00}, B]
notify: {team: "slack://x", urgent: [offer], warn: {hot: 5m, warm: 30m, cold: off}, month_end: 09:00}
rules: [{name: left, when: {source: left}, then: pool}, {name: rest, to: all}]
"""


def _told(office: Office) -> list[tuple[str, str, str]]:
    """Person, channel and kind of every notice in the outbox."""
    return office.connection.execute("SELECT person, channel, kind FROM notices ORDER BY notice").fetchall()


@proves("telling.channels")
def _(office: Office) -> None:
    office.load(TELLING)
    says(office, "telling.channels", "A by json")
    assert office.agents(2) == ["a", "b"]
    assert _told(office) == [("a", "json", "assignment")]


@proves("telling.team")
def _(office: Office) -> None:
    office.load(TELLING)
    says(office, "telling.team", "by slack")
    office.route(source="left")
    assert _told(office) == [("@team", "slack", "pool")]


@proves("telling.warn")
def _(office: Office) -> None:
    office.load(TELLING)
    says(office, "telling.warn", "hot 5 minutes and warm 30 minutes before")
    office.route()
    office.later(minutes=89)
    office.sweep()
    assert ("a", "json", "warning") not in _told(office)
    office.later(minutes=1)
    office.sweep()
    assert ("a", "json", "warning") in _told(office)


@proves("telling.quiet")
def _(office: Office) -> None:
    from leadrouter.domain.notices import quiet_until

    office.load(TELLING)
    says(office, "telling.quiet", "but for offer: A 22:00-07:00")
    agent = office.policy.agents[0]
    office.later(hours=10)  # 22:00
    until = quiet_until(agent.quiet, office.now, "UTC")
    office.later(hours=9)
    assert until == office.now


@proves("telling.digest")
def _(office: Office) -> None:
    office.load(TELLING)
    says(office, "telling.digest", "A at 08:00")
    office.sweep()
    office.later(hours=1)
    office.sweep()
    assert _told(office) == [("a", "json", "digest")]


@proves("telling.month_end")
def _(office: Office) -> None:
    office.load(TELLING)
    says(office, "telling.month_end", "on the first of the next one, at 09:00")
    office.later(days=27, hours=-4)  # the first of November, 08:00
    office.sweep()
    assert [kind for _, _, kind in _told(office)] == ["digest"]
    office.later(hours=1)
    office.sweep()
    assert ("@team", "slack", "month_end") in _told(office)


# --- what is kept of people -----------------------------------------------------------------------------------


@proves("keeping.retention")
def _(office: Office) -> None:
    office.load("agents: [A]\nretention: {closed: 3y}\n")
    says(office, "keeping.retention", "is erased 3 years after their lead was closed; the lead stays in the figures")
    lead = office.route(email="kim@example.com").state.lead
    office.step("lost", lead)
    office.later(days=3 * 365)
    assert office.sweep().changes == []
    office.later(days=1)
    assert [(change.lead, change.what) for change in office.sweep().changes] == [(lead, "forgotten")]
    assert read_facts(office.connection, lead).forgotten
    assert state(office, lead) == ("lost", "a")


@proves("keeping.forgotten")
def _(office: Office) -> None:
    office.load("agents: [A]\n")
    says(office, "keeping.forgotten", "erased with all their leads, and not recorded again", "closed as lost")
    lead = office.route(email="kim@example.com").state.lead
    forget(office.session, f"id:{lead}", office.now)
    assert read_facts(office.connection, lead).forgotten
    assert state(office, lead) == ("lost", "a")
    assert office.route(email="kim@example.com").what == "suppressed"
