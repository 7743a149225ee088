"""The three desk models of the trade, each from YAML and a lead to the month's report; and what inside sales may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadrouter.domain.events import iso
from leadrouter.domain.history import Outcome, PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.state import LeadState
from leadrouter.errors import Refused, WrongUsage
from leadrouter.intake.values import lead_from_values
from leadrouter.reports import due, fees
from leadrouter.reports.due import to_touch
from leadrouter.reports.explanation import as_json
from leadrouter.reports.isa import isa_report
from leadrouter.reports.isa_page import isa_page
from leadrouter.reports.lead import Said, lead_lines, lead_view
from leadrouter.reports.monthly import monthly_report
from leadrouter.reports.monthly_page import monthly_page
from leadrouter.reports.on_screen import show_page
from leadrouter.store import inside, queries, results
from leadrouter.store.leads import read_facts
from leadrouter.usecases.outcomes import record
from leadrouter.usecases.past import keep_past
from leadrouter.usecases.receive import receive
from leadrouter.usecases.results import work
from leadrouter.usecases.steps import take_step
from tests.trade.office import MONDAY_NOON, Office

SELLER = ("valuation", "timeline", "motivation", "condition")
TEAM = """
team: {leader: mei, timezone: UTC, region: MY}
agents:
  - {id: mei, role: leader}
  - {id: ida, role: isa}
  - {id: ivo, role: isa}
  - {id: aina, specialties: [seller], territories: [west]}
  - {id: bala, specialties: [seller]}
  - {id: chong, specialties: [buyer]}
territories: {west: {areas: [Bangsar]}}
"""
QUALIFY = (
    TEAM
    + """
rules:
  - {name: first, when: {intent: [buyer, seller]}, then: qualify, prefer: none}
  - {name: sellers, when: {intent: seller}, to: all, strategy: specialty}
  - {name: everyone, to: all}
"""
)


def lead(office: Office, number: int = 1) -> LeadState:
    """A lead as the file has it."""
    return queries.lead(office.connection, number).state


def monthly(office: Office, month: str = "2026-10") -> dict[str, Any]:
    return monthly_report(office.connection, office.policy, month, office.now)


def conversion(office: Office, month: str = "2026-10") -> dict[str, tuple[int, int]]:
    """Agent -> leads and wins in the month's report."""
    return {entry["name"]: (entry["leads"], entry["won"]) for entry in monthly(office, month)["conversion"]["agent"]}


def isas(office: Office, first: str = "2026-10-01", last: str = "2026-10-31") -> dict[str, Any]:
    zone = office.policy.team.timezone
    start, end = datetime.fromisoformat(f"{first}T00:00+00:00"), datetime.fromisoformat(f"{last}T23:59:59+00:00")
    return isa_report(inside.histories(office.connection, start, end), first, last, zone)


# --- send at once ---------------------------------------------------------------------------------------------


def test_send_at_once_from_yaml_to_the_months_report(office: Office) -> None:
    office.load(TEAM + "rules: [{name: everyone, to: all}]\n")
    taken = office.route(intent="seller").state
    assert (taken.state, taken.agent, taken.isa) == ("assigned", "aina", None)
    office.later(minutes=30)
    office.step("contact", 1)
    office.later(days=3)
    office.step("won", 1, value=500_000.0)
    report = monthly(office)
    assert conversion(office) == {"aina": (1, 1)}
    assert [(row["agent"], row["contacted_in_sla"], row["median_minutes"]) for row in report["response"]] == [
        ("aina", 1.0, 30.0)
    ]
    assert report["fees_due"] == []
    assert isas(office)["isas"] == isas(office)["field_agents"] == []


# --- qualify, then assign -------------------------------------------------------------------------------------


def test_qualify_then_assign_from_yaml_to_the_months_report(office: Office) -> None:
    office.load(QUALIFY)
    taken = office.route(intent="seller", area="Bangsar").state
    assert (taken.state, taken.agent, taken.isa, taken.rule) == ("qualifying", "ida", "ida", "first")
    office.later(minutes=5)
    office.step("contact", 1)
    office.step("appointment", 1)
    office.later(minutes=20)
    office.step("handoff", 1, met=SELLER)
    handed = lead(office)
    assert (handed.state, handed.agent, handed.isa, handed.rule) == ("appointment", "aina", "ida", "sellers")
    assert (handed.handed_off_at, handed.assigned_at, handed.attempts) == (office.now, office.now, 0)
    office.later(minutes=10)
    office.step("contact", 1)
    office.later(days=5)
    office.step("won", 1, value=500_000.0)
    assert (lead(office).agent, lead(office).isa) == ("aina", "ida")
    report = monthly(office)
    assert conversion(office) == {"aina": (1, 1)}  # nothing of the isa's in it
    turns = {(row["rotation"], row["agent"]): (row["due"], row["received"]) for row in report["distribution"]}
    assert turns == {
        ("first", "ida"): (0.5, 1), ("first", "ivo"): (0.5, 0),
        ("sellers", "aina"): (0.5, 1), ("sellers", "bala"): (0.5, 0),
    }  # fmt: skip
    assert {row["agent"]: row["median_minutes"] for row in report["response"]} == {"ida": 5.0, "aina": 10.0}
    (ida,), (agent,) = isas(office)["isas"], isas(office)["field_agents"]
    assert (ida["isa"], ida["leads"], ida["appointments"], ida["shows"], ida["show_to_win"]) == ("ida", 1, 1, 1, 1.0)
    assert (agent["agent"], agent["handed_off"], agent["won"], agent["rate"]) == ("aina", 1, 1, 1.0)


def test_a_handoff_that_lacks_a_criterion_is_refused_with_what_is_missing(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="Seller")
    before = lead(office)
    with pytest.raises(Refused) as refused:
        office.step("handoff", 1, met=("Timeline", "valuation"))
    assert refused.value.exit_code == 7
    assert "missing: motivation, condition" in refused.value.message
    assert lead(office) == before
    with pytest.raises(WrongUsage, match="finances"):
        office.step("handoff", 1, met=("finances",))


def test_a_person_may_override_the_checklist_by_name_and_reason_and_is_named_in_the_audit(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="buyer")
    details = {"met": ("Pre_Approved",), "override": True}
    take_step(office.session, "handoff", "1", office.now, note="flies out tonight", details=details)
    assert lead(office).agent == "aina"
    event = next(event for event in queries.history(office.connection, 1) if event.kind == "handed_off")
    assert (event.data["met"], event.data["missing"]) == (
        ["pre-approved"], ["income verified", "timeline", "neighbourhoods"],
    )  # fmt: skip
    assert [(row["what"], row["agent"], row["by"]) for row in monthly(office)["overrides"]] == [
        ("handed_off", "ida", "tester")
    ]


def test_a_complete_handoff_is_no_override(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("handoff", 1, met=SELLER)
    assert monthly(office)["overrides"] == []


def test_an_intent_without_a_checklist_is_handed_off_as_it_is(office: Office) -> None:
    office.load(QUALIFY + "handoff: {buyer: off}\n")
    office.route(intent="buyer")
    office.step("handoff", 1)
    assert lead(office).agent == "aina"


@pytest.mark.parametrize("state", ["assigned", "incubating", "won"])
def test_only_what_an_isa_qualifies_can_be_handed_off(office: Office, state: str) -> None:
    office.load(TEAM + "rules: [{name: later, when: {source: x}, then: incubate}, {name: everyone, to: all}]\n")
    office.route(source="x" if state == "incubating" else "y")
    if state == "won":
        office.step("won", 1)
    with pytest.raises(Refused, match=f"needs a lead that an isa qualifies; lead 1 is {state}"):
        office.step("handoff", 1)


def test_the_isa_is_free_again_and_the_field_agent_starts_with_fresh_clocks(office: Office) -> None:
    small = QUALIFY.replace("{id: ida, role: isa}", "{id: ida, role: isa, capacity: 1}")
    office.load(small.replace("{id: ivo, role: isa}", "{id: ivo, role: isa, left: 2026-01-01}"))
    office.route(intent="seller")
    second = office.route(intent="seller").state
    assert (second.agent, second.state) == ("aina", "assigned")  # no isa has room: the last rule takes it
    office.step("contact", 1, outcome="no_answer")
    office.later(hours=1)
    office.step("handoff", 1, met=SELLER)
    handed = lead(office)
    assert (handed.attempts, handed.clock_at, handed.hold_at, handed.due_at) == (
        0,
        office.now,
        office.now,
        handed.due_at,
    )
    assert handed.due_at == office.now.replace(hour=15)  # two hours for the first contact
    assert office.route(intent="seller").state.agent == "ida"


def test_an_isa_has_a_promise_of_their_own(office: Office) -> None:
    office.load(QUALIFY + "isa: {sla: {warm: 10m}}\n")
    office.route(intent="seller")
    office.later(minutes=10)
    assert [(change.what, change.source, change.target) for change in office.sweep().changes] == [
        ("escalated", "ida", "mei")
    ]
    office.later(minutes=1)
    office.step("contact", 1)
    office.step("handoff", 1, met=SELLER)
    office.later(minutes=60)
    office.step("contact", 1)
    assert {row["agent"]: row["kept"] for row in monthly(office)["response"]} == {"ida": 0, "aina": 1}


def test_what_an_isa_did_is_no_part_of_the_results_that_tiers_are_judged_by(office: Office) -> None:
    office.load(QUALIFY + "isa: {sla: {warm: 10m}}\n")
    for _ in range(3):
        office.route(intent="seller")
    office.later(minutes=11)
    office.step("contact", 1)
    office.step("handoff", 1, met=SELLER)
    office.step("contact", 1)
    office.step("lost", 2)
    since, until = office.now - timedelta(days=30), office.now + timedelta(days=1)
    window = results.Window(iso(since), iso(until), results.EVER)
    assert [(count.agent, count.leads) for count in results.held(office.connection, window)] == [("aina", 1)]
    found = work(office.connection, since, until, office.now)
    assert {agent: row.all_promises.kept for agent, row in found.items()} == {"aina": 1, "ida": 0, "ivo": 0}
    only_ida = work(office.connection, since, until, office.now, "ida")
    assert only_ida["ida"].all_promises.made == 2  # late with one, and with the one she has not called yet


def test_the_field_agent_who_loses_it_is_left_out_and_no_isa_is_dealt_it_again(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("handoff", 1, met=SELLER)
    for expected in ("bala", "chong"):
        office.later(hours=72)
        assert [(change.what, change.target) for change in office.sweep().changes] == [("assigned", expected)]
    assert (lead(office).isa, lead(office).excluded) == ("ida", ("aina", "bala"))
    office.later(hours=72)
    assert [(change.what, change.target) for change in office.sweep().changes] == [("assigned", "mei")]  # it rests


def test_an_offer_of_a_handed_off_lead_that_is_declined_goes_to_the_next_field_agent(office: Office) -> None:
    office.load(QUALIFY + "acceptance: on\n")
    office.route(intent="seller")
    office.step("appointment", 1)
    office.step("handoff", 1, met=SELLER)
    assert (lead(office).state, lead(office).agent) == ("offered", "aina")
    office.step("decline", 1, reason="busy")
    assert (lead(office).state, lead(office).agent, lead(office).isa) == ("offered", "bala", "ida")
    office.step("accept", 1)
    assert lead(office).state == "appointment"


def test_an_isa_who_loses_a_lead_is_past_and_the_next_one_qualifies_it(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.later(hours=72)
    office.sweep()
    assert (lead(office).state, lead(office).agent, lead(office).isa) == ("qualifying", "ivo", "ivo")
    assert lead(office).past_holders == ("ida",)
    office.step("handoff", 1, met=SELLER)
    assert (lead(office).agent, lead(office).isa, lead(office).hops) == ("aina", "ivo", 0)


def test_a_handed_off_lead_waits_for_a_field_agent_and_never_for_an_isa(office: Office) -> None:
    office.load(TEAM + "rules: [{name: all, then: qualify}]\n")
    office.route(intent="seller")
    office.step("handoff", 1, met=SELLER)
    assert (lead(office).state, lead(office).reason, lead(office).isa) == ("unassigned", "handed_off", "ida")
    office.later(hours=1)
    assert office.sweep().changes == []
    office.load(TEAM + "rules: [{name: first, when: {source: x}, then: qualify}, {name: everyone, to: all}]\n")
    assert [change.target for change in office.sweep().changes] == ["aina"]


def test_a_void_gives_the_field_agent_the_turn_back_and_not_the_isa(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("handoff", 1, met=SELLER)
    office.step("void", 1)
    assert office.route(intent="seller").state.agent == "ivo"  # ida's turn stays paid: her work was done
    office.step("handoff", 2, met=SELLER)
    assert lead(office, 2).agent == "bala"  # aina is owed nothing and had a lead more recently
    received = {row["agent"]: row["received"] for row in monthly(office)["distribution"]}
    assert received == {"ida": 1, "ivo": 1, "aina": 0, "bala": 1}


def test_a_void_while_qualifying_gives_the_isa_the_turn_back(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("void", 1)
    assert {row["agent"]: (row["due"], row["received"]) for row in monthly(office)["distribution"]} == {
        "ida": (0.0, 0), "ivo": (0.0, 0),
    }  # fmt: skip


def test_a_lead_closed_by_a_slip_of_the_hand_is_qualified_on(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("lost", 1)
    office.step("reopen", 1)
    assert (lead(office).state, lead(office).agent) == ("qualifying", "ida")
    office.step("handoff", 1, met=SELLER)
    office.step("lost", 1)
    office.step("reopen", 1)
    assert (lead(office).state, lead(office).agent) == ("assigned", "aina")


def test_whatever_reaches_an_isa_by_hand_is_to_be_qualified(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="other")
    office.step("transfer", 1, to="ivo")
    assert (lead(office).state, lead(office).isa) == ("qualifying", "ivo")
    office.step("handoff", 1)
    assert (lead(office).agent, lead(office).isa) == ("bala", "ivo")
    office.step("transfer", 1, to="ida")
    assert (lead(office).state, lead(office).isa, lead(office).handed_off_at) == ("qualifying", "ida", None)
    office.step("transfer", 1, to="chong")  # the broker takes it from the isa: nobody has qualified it
    assert (lead(office).state, lead(office).isa) == ("assigned", None)


def test_a_no_show_of_an_isas_appointment_leaves_the_field_agent_to_make_the_first_contact(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("appointment", 1)
    office.step("no-show", 1)
    assert (lead(office).state, lead(office).appointment_by) == ("qualifying", None)
    with pytest.raises(Refused):
        office.step("no-show", 1)
    office.step("appointment", 1)
    office.step("handoff", 1, met=SELLER)
    office.step("no-show", 1)
    assert (lead(office).state, lead(office).agent, lead(office).conversion_at) == ("assigned", "aina", None)
    office.step("contact", 1)
    assert lead(office).conversion_at == office.now


def test_an_isas_appointment_stops_the_clock_of_conversion(office: Office) -> None:
    office.load(QUALIFY + "reclaim: {no_conversion: 2d}\n")
    for number in (1, 2):
        office.route(intent="seller")
        office.step("contact", number)
    office.step("appointment", 1)
    office.later(days=2)
    assert [change.lead for change in office.sweep().changes] == [2]


def test_isa_and_field_agent_are_shown_and_told_in_json(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    office.step("handoff", 1, met=SELLER)
    row = queries.lead(office.connection, 1)
    view = lead_view(row, office.policy)
    assert (view["agent"], view["isa"], view["handed_off_at"]) == ("aina", "ida", "2026-10-05T12:00:00Z")
    assert ("isa", "ida") in lead_lines(row, Said(read_facts(office.connection, 1).facts), office.policy, office.now)
    history = queries.history(office.connection, 1)
    assert as_json(1, [], history)["isa"] == "ida"
    assert office.explain(1)["rules_not_met"] == {"first": "occasion"}


# --- incubate until ready -------------------------------------------------------------------------------------

INCUBATE = (
    TEAM
    + """
rules:
  - {name: ready, when: {quality: hot}, to: all, strategy: specialty, else: everyone}
  - {name: someday, when: {timeframe: next year}, then: incubate}
  - {name: first, when: {source: web}, strategy: qualify}
  - {name: everyone, to: all}
incubation: {next_touch: 14d, fee: 25%, commission: 2%}
"""
)


def touches(office: Office) -> list[tuple[int, datetime]]:
    """What `due` lists now."""
    found = inside.leads_to_touch(office.connection, office.now)
    return [(entry.state.lead, entry.at) for entry in to_touch(found, office.policy, office.now)]


def test_incubate_until_ready_from_yaml_to_the_months_report(office: Office) -> None:
    office.load(INCUBATE)
    assert office.route(intent="seller", source="web").state.state == "qualifying"
    office.step("contact", 1)
    office.step("incubate", 1, next="2026-11-01")
    assert (lead(office).state, lead(office).agent, lead(office).isa) == ("incubating", None, "ida")
    assert touches(office) == []
    office.now = datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert touches(office) == [(1, datetime(2026, 11, 1, tzinfo=UTC))]
    office.step("touch", 1, intent="no")
    assert touches(office) == []
    office.later(days=14)
    assert touches(office) == [(1, office.now)]
    office.step("touch", 1, intent="yes")
    ready = lead(office)
    assert (ready.state, ready.agent, ready.quality, ready.rule, ready.isa) == (
        "assigned", "aina", "hot", "ready", "ida",
    )  # fmt: skip
    office.later(minutes=10)
    office.step("contact", 1)
    office.step("won", 1, value=500_000.0)
    assert monthly(office)["fees_due"] == []
    assert monthly(office, "2026-11")["fees_due"] == [{"agent": "aina", "lead": 1, "value": 500_000.0, "fee": 2_500.0}]
    assert conversion(office) == {"aina": (1, 1)}
    assert "showed intent" in office.words(1)


def test_a_rule_may_put_a_lead_into_nurture_and_the_cadence_of_the_policy_counts(office: Office) -> None:
    office.load(INCUBATE)
    office.route(timeframe="next year")
    office.later(days=14, seconds=-1)
    assert touches(office) == []
    office.later(seconds=1)
    assert touches(office) == [(1, office.now)]
    assert [(change.what, change.reason, change.target) for change in office.sweep().changes] == [
        ("escalated", "touch", "mei")
    ]
    assert touches(office) == [(1, office.now)]  # that the leader was told is no touch
    assert office.sweep().changes == []
    office.step("touch", 1, intent="no", next="2026-12-24")
    assert (touches(office), lead(office).due_at) == ([], datetime(2026, 12, 24, tzinfo=UTC))


def test_a_lead_that_showed_intent_stays_hot_and_out_of_nurture_whoever_loses_it(office: Office) -> None:
    office.load(INCUBATE + "escalation: {hot: off}\nreclaim: {no_contact: 1h}\n")
    office.route(timeframe="next year", intent="seller", quality="cold")
    office.step("touch", 1, intent="yes")
    assert (lead(office).quality, lead(office).agent) == ("hot", "aina")
    office.later(hours=1)
    office.sweep()
    assert (lead(office).quality, lead(office).agent, lead(office).rule) == ("hot", "bala", "ready")
    office.step("incubate", 1)
    assert (lead(office).state, lead(office).showed_intent, lead(office).past_holders) == (
        "incubating", False, ("aina", "bala"),
    )  # fmt: skip


def test_a_person_who_asks_again_while_in_nurture_is_ready(office: Office) -> None:
    office.load(INCUBATE)
    office.route(timeframe="next year", email="kim@example.com")
    again = office.route(email="kim@example.com", message="we found a buyer for our flat")
    assert (again.what, again.state.state, again.state.quality) == ("inquiry", "assigned", "hot")
    assert again.decision is not None


def test_a_person_who_asks_again_in_the_same_batch_is_ready_too(office: Office) -> None:
    office.load(INCUBATE)
    given = {"email": "kim@example.com", "timeframe": "next year"}
    rows = [lead_from_values({**given, "message": text}, region="MY", timezone="UTC") for text in ("one", "two")]
    assert [(taken.what, taken.state.state) for taken in receive(office.session, rows, office.now)] == [
        ("new", "assigned"), ("inquiry", "assigned"),
    ]  # fmt: skip


def test_an_inquiry_may_leave_a_lead_in_nurture(office: Office) -> None:
    office.load(INCUBATE.replace("{next_touch: 14d", "{inquiry_wakes: no, next_touch: 14d"))
    office.route(timeframe="next year", email="kim@example.com")
    assert office.route(email="kim@example.com", message="still looking").state.state == "incubating"


@pytest.mark.parametrize(
    ("terms", "value", "fee"),
    [
        ("{fee: 500}", None, 500.0),
        ("{fee: 500}", 480_000.0, 500.0),
        ("{fee: 25%}", 9_600.0, 2_400.0),
        ("{fee: 25%, commission: 2%}", 480_000.0, 2_400.0),
        ("{split: 60/40, commission: 2%}", 480_000.0, 3_840.0),
        ("{fee: 25%}", None, None),
    ],
)
def test_the_fee_is_an_amount_or_a_part_of_the_commission(
    office: Office, terms: str, value: float | None, fee: float | None
) -> None:
    office.load(INCUBATE.replace("{next_touch: 14d, fee: 25%, commission: 2%}", terms))
    office.route(timeframe="next year")
    office.step("touch", 1, intent="yes")
    office.step("won", 1, value=value)
    assert [entry["fee"] for entry in monthly(office)["fees_due"]] == [fee]


def test_a_fee_is_owed_by_the_terms_of_the_sale_and_for_nurtured_leads_alone(office: Office) -> None:
    office.load(INCUBATE)
    office.route(timeframe="next year")
    office.route()
    office.step("touch", 1, intent="yes")
    for number in (1, 2):
        office.step("won", number, value=100_000.0)
    office.load(INCUBATE.replace("25%", "50%"))
    assert [(entry["lead"], entry["fee"]) for entry in monthly(office)["fees_due"]] == [(1, 500.0)]


def test_a_day_that_is_not_ahead_is_refused(office: Office) -> None:
    office.load(INCUBATE)
    office.route()
    with pytest.raises(WrongUsage, match="not ahead"):
        office.step("incubate", 1, next="2026-10-05")
    office.step("incubate", 1, next="2026-10-06")
    assert lead(office).touch_at == datetime(2026, 10, 6, tzinfo=UTC)


def test_a_lead_in_nurture_closed_by_a_slip_of_the_hand_is_nurtured_on(office: Office) -> None:
    office.load(INCUBATE)
    office.route()
    office.step("incubate", 1)
    office.step("lost", 1)
    office.step("reopen", 1)
    assert lead(office).state == "incubating"


# --- desks by time of day, and outside qualifiers ---------------------------------------------------------------


DAY_AND_NIGHT = """
team: {hours: "Mon-Fri 09:00-18:00", leader: mei}
agents:
  - {id: mei, role: leader}
  - {id: ida, role: isa}
  - {id: callco, role: isa, capacity: 200}
  - {id: aina, groups: [trusted]}
  - bala
rules:
  - {name: night hot, when: {hours: closed, quality: hot}, to: {group: trusted}}
  - {name: evening, when: {time: 18:00-22:00, intent: seller}, to: {agents: callco}, then: qualify}
  - {name: night, when: {hours: closed}, then: hold}
  - {name: day, when: {intent: seller}, to: {agents: ida}, then: qualify}
  - {name: everyone, to: all}
"""


@pytest.mark.parametrize(
    ("hour", "fields", "state", "agent"),
    [
        pytest.param(12, {"intent": "seller"}, "qualifying", "ida", id="the own desk by day"),
        pytest.param(20, {"intent": "seller"}, "qualifying", "callco", id="an outside desk in the evening"),
        pytest.param(23, {"quality": "hot"}, "assigned", "aina", id="hot at night to a trusted group"),
        pytest.param(23, {"intent": "seller"}, "held", None, id="the rest at night waits"),
        pytest.param(12, {"quality": "hot"}, "assigned", "aina", id="hot by day to everybody"),
    ],
)
def test_the_desk_depends_on_the_time_of_day(
    office: Office, hour: int, fields: dict[str, str], state: str, agent: str | None
) -> None:
    office.load(DAY_AND_NIGHT)
    office.now = MONDAY_NOON.replace(hour=hour)
    taken = office.route(**fields).state
    assert (taken.state, taken.agent) == (state, agent)


def test_what_was_held_at_night_is_qualified_by_the_day_desk_at_opening(office: Office) -> None:
    office.load(DAY_AND_NIGHT)
    office.now = MONDAY_NOON.replace(hour=23)
    office.route(intent="seller")
    office.now = MONDAY_NOON.replace(day=6, hour=9)
    assert [(change.what, change.target) for change in office.sweep().changes] == [("qualifying", "ida")]


def test_an_isa_does_not_wait_at_opening_for_field_agents_who_come_in_later(office: Office) -> None:
    late = 'hours: "Mon-Fri 10:00-18:00"'
    text = DAY_AND_NIGHT.replace("{id: aina, groups: [trusted]}", f"{{id: aina, groups: [trusted], {late}}}")
    office.load(text.replace("- bala", f"- {{id: bala, {late}}}"))
    office.now = MONDAY_NOON.replace(hour=23)
    for intent in ("seller", "seller", "other"):
        office.route(intent=intent)
    office.now = MONDAY_NOON.replace(day=6, hour=9)
    assert [(change.lead, change.target) for change in office.sweep().changes] == [(1, "ida"), (2, "ida")]
    office.later(hours=1)
    assert (3, "aina") in [(change.lead, change.target) for change in office.sweep().changes]


def test_what_an_outside_qualifier_did_comes_back_in_bulk(office: Office) -> None:
    office.load(DAY_AND_NIGHT)
    office.now = MONDAY_NOON.replace(hour=20)
    for number in (1, 2, 3):
        office.route(intent="seller", external_id=f"S{number}")
    office.later(hours=1)
    done = record(
        office.session,
        [
            Outcome("S1", "contact", office.now, "callco"),
            Outcome("S1", "appointment", office.now, "callco"),
            Outcome("S1", "handoff", office.now, "callco", met=", ".join(SELLER)),
            Outcome("S2", "handoff", office.now, "callco", met="timeline"),
            Outcome("S3", "lost", office.now, "callco", reason="sold already"),
            Outcome("S1", "handoff", office.now, "callco", met=", ".join(SELLER)),
        ],
        office.now,
    )
    assert [row.what for row in done] == ["new", "new", "new", "rejected", "new", "unchanged"]
    assert "missing: valuation, motivation, condition" in (done[3].reason or "")
    assert [(lead(office, n).state, lead(office, n).isa) for n in (1, 2, 3)] == [
        ("held", "callco"), ("qualifying", "callco"), ("lost", "callco"),
    ]  # fmt: skip
    office.now = MONDAY_NOON.replace(day=6, hour=9)
    assert ("appointment", "aina") in [(change.what, change.target) for change in office.sweep().changes]


def test_a_past_lead_of_an_outside_qualifier_can_be_handed_off(office: Office) -> None:
    office.load(QUALIFY)
    office.route(intent="seller")
    met = office.now
    office.later(days=1)
    past = PastLead(Lead(external_id="P1", intent="seller"), "ivo", "appointment", met, met)
    keep_past(office.session, [past], office.now)
    assert (lead(office, 2).state, lead(office, 2).isa, lead(office, 2).appointment_by) == ("qualifying", "ivo", "ivo")
    office.step("handoff", 2, met=SELLER)
    assert (lead(office, 2).agent, lead(office, 2).isa) == ("aina", "ivo")


# --- on a screen ------------------------------------------------------------------------------------------------


def test_fees_the_isa_report_and_the_list_of_touches_fit_a_narrow_screen(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    office.load(INCUBATE.replace("region: MY}", "region: MY, currency: MYR}"))
    office.route(source="web", name="Kim Example", email="kim@example.com")
    office.route(source="web")
    office.step("appointment", 2)
    office.step("handoff", 2)
    office.step("incubate", 1, next="2026-10-06")
    office.later(days=1)
    listed = to_touch(inside.leads_to_touch(office.connection, office.now), office.policy, office.now)
    due.show(listed, office.policy, office.now)
    office.step("touch", 1, intent="yes")
    office.step("won", 1, value=480_000.0)
    show_page(monthly_page(monthly(office), office.policy))
    show_page(isa_page(isas(office), office.policy))
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    for words in ("Kim Example", "! since 12h", "REFERRAL FEES DUE (MYR)", "2,400.00", "BY ISA", "BY FIELD AGENT"):
        assert words in shown


def test_a_fee_that_cannot_be_told_is_named(office: Office) -> None:
    office.load(INCUBATE)
    office.route(timeframe="next year")
    office.step("touch", 1, intent="yes")
    office.step("won", 1)
    (due,) = fees.section_of(monthly(office)["fees_due"], office.policy)
    assert due.sentences == ["! 1 fee cannot be told, since the value of the deal is not recorded: lead 1"]
