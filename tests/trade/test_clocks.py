"""The clocks of DOMAIN sections 8 and 9, each from YAML and a lead to what the sweep does about it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from leadrouter.errors import Refused
from leadrouter.reports import pool as pool_report
from leadrouter.reports.explanation import candidate_rows, explained, sentences
from leadrouter.reports.sweeps import line
from leadrouter.store import queries
from leadrouter.usecases.roster import come_back, go_away
from tests.trade.office import Office

LED = "team: {leader: mei, timezone: UTC, region: MY}\nagents: [A, B, C, D, {id: mei, role: leader}]\n"
UNLED = "team: {region: MY}\nagents: [A, B, C, D]\n"


def changes(office: Office) -> list[tuple[str, str, str | None, str | None]]:
    """What one sweep does: what, why, from whom, to whom."""
    return [(change.what, change.reason, change.source, change.target) for change in office.sweep().changes]


def printed(office: Office) -> list[str]:
    return [line(change, office.policy) for change in office.sweep().changes]


# --- offers ---------------------------------------------------------------------------------------------------


def test_without_acceptance_a_lead_is_simply_theirs(office: Office) -> None:
    office.load(LED)
    assert office.route(quality="hot").state.state == "assigned"


@pytest.mark.parametrize(("quality", "minutes"), [("hot", 5), ("warm", 15)])
def test_an_offer_lapses_after_its_window_and_the_next_agent_is_asked(
    office: Office, quality: str, minutes: int
) -> None:
    office.load(LED + "acceptance: on\n")
    lead = office.route(quality=quality).state
    assert (lead.state, lead.agent) == ("offered", "a")
    office.later(minutes=minutes, seconds=-1)
    assert changes(office) == []
    office.later(seconds=1)
    assert changes(office) == [("offered", "expired", "a", "b")]


def test_cold_leads_are_not_offered(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    assert office.route(quality="cold").state.state == "assigned"


def test_who_accepts_has_the_lead_and_the_promise_counts_from_there(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route(quality="hot")
    office.later(minutes=4)
    office.step("accept", 1)
    office.later(minutes=14)
    assert changes(office) == []
    office.later(minutes=1)
    assert changes(office) == [("escalated", "unanswered", "a", "mei")]


def test_who_declines_is_not_asked_again_and_has_paid_the_turn(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route()
    office.step("decline", 1, reason="busy")
    assert office.agents(3) == ["c", "d", "b"]
    assert queries.lead(office.connection, 1).state.agent == "b"


def test_a_declined_offer_may_cost_nothing(office: Office) -> None:
    office.load(LED + "acceptance: {declined_costs_turn: no}\n")
    office.route()
    office.step("decline", 1, reason="busy")
    assert office.agents(3) == ["c", "d", "a"]


@pytest.mark.parametrize(("text", "state", "agent"), [(LED, "assigned", "mei"), (UNLED, "pooled", None)])
def test_after_three_offers_a_lead_rests_with_the_leader_or_in_the_pool(
    office: Office, text: str, state: str, agent: str | None
) -> None:
    office.load(text + "acceptance: on\n")
    office.route()
    for _ in range(3):
        office.later(minutes=15)
        told = printed(office)
    lead = queries.lead(office.connection, 1).state
    assert (lead.state, lead.agent, lead.reason) == (state, agent, "max_offers")
    assert "it rests there: it was offered as often as the policy allows" in told[0]
    assert ("no leader is named" in told[0]) == (agent is None)


def test_each_offer_is_explained_with_everyone_it_could_have_gone_to(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route()
    office.step("decline", 1, reason="busy")
    first, second = explained(office.connection, queries.history(office.connection, 1))
    assert (first.event.agent, set(first.shares)) == ("a", {"a", "b", "c", "d"})
    assert (second.event.agent, set(second.shares)) == ("b", {"b", "c", "d"})
    told = sentences(first, office.policy)[-1]
    assert told.startswith("A was offered it: was owed as much as B, C and D, ")
    assert told.endswith(" and came first in turn.")
    assert ["A", "1", "", "", "", "", "did not accept this lead"] in candidate_rows(second, office.policy)


# --- promise and escalation -------------------------------------------------------------------------------------


def test_a_hot_lead_is_told_at_15_minutes_and_dealt_anew_at_30_with_a_fresh_clock(office: Office) -> None:
    office.load(LED)
    office.route(quality="hot")
    office.later(minutes=15)
    assert changes(office) == [("escalated", "unanswered", "a", "mei")]
    assert changes(office) == []
    office.later(minutes=15)
    assert changes(office) == [("assigned", "unanswered", "a", "b")]
    office.later(minutes=14)
    assert changes(office) == []
    office.later(minutes=1)
    assert changes(office) == [("escalated", "unanswered", "b", "mei")]


@pytest.mark.parametrize(("quality", "hours"), [("warm", 2), ("cold", 24)])
def test_the_leader_hears_of_a_lead_at_its_promise(office: Office, quality: str, hours: int) -> None:
    office.load(LED)
    office.route(quality=quality)
    office.later(hours=hours, seconds=-1)
    assert changes(office) == []
    office.later(seconds=1)
    assert changes(office) == [("escalated", "unanswered", "a", "mei")]


def test_an_attempt_in_time_stops_the_escalation(office: Office) -> None:
    office.load(LED)
    office.route(quality="hot")
    office.later(minutes=14)
    office.step("contact", 1, outcome="no_answer")
    office.later(hours=5)
    assert changes(office) == []


def test_a_lead_may_go_to_the_pool_or_to_a_backup_rule_instead(office: Office) -> None:
    office.load(
        "team: {leader: a}\nagents: [A, B, {name: C, groups: [fast]}]\n"
        "rules: [{name: fast, when: {source: none}, to: {group: fast}}, {name: all, to: {agents: [a, b]}}]\n"
        "escalation: {hot: [{after: 20m, do: reassign}], warm: [{after: 3h, do: pool}], backup: fast}\n"
    )
    office.route(quality="hot")
    office.route(quality="warm")
    office.later(minutes=20)
    assert changes(office) == [("assigned", "unanswered", "a", "c")]
    office.later(hours=3)
    assert ("pooled", "unanswered", "b", None) in changes(office)


def test_in_the_teams_hours_the_promise_runs_over_a_weekend_with_a_clock_change(office: Office) -> None:
    office.load(
        'team: {timezone: Europe/Madrid, hours: "Mon-Fri 09:00-18:00", leader: a, holidays: [2026-03-30]}\n'
        "agents: [A, B]\nsla: {clock: team_hours}\nreclaim: {no_contact: off}\n"
    )
    office.now = datetime(2026, 3, 27, 16, 50, tzinfo=UTC)  # Friday 17:50 in winter time
    office.route(quality="hot")
    office.now = datetime(2026, 3, 31, 7, 4, 59, tzinfo=UTC)  # Tuesday 09:04:59 in summer time
    assert changes(office) == []
    office.later(seconds=1)
    assert changes(office) == [("escalated", "unanswered", "a", "a")]


def test_in_the_agents_hours_each_works_in_their_own_zone(office: Office) -> None:
    office.load(
        "team: {timezone: Asia/Kuala_Lumpur, leader: mei}\n"
        'agents: [{name: A, hours: "Mon-Fri 09:00-17:00", timezone: Europe/Madrid}, {id: mei, role: leader}]\n'
        "sla: {clock: agent_hours}\n"
    )
    office.now = datetime(2026, 10, 5, 14, 50, tzinfo=UTC)  # Monday 16:50 in Madrid
    office.route(quality="hot")
    office.now = datetime(2026, 10, 6, 7, 4, 59, tzinfo=UTC)
    assert changes(office) == []
    office.later(seconds=1)
    assert changes(office) == [("escalated", "unanswered", "a", "mei")]


# --- taking back ------------------------------------------------------------------------------------------------

QUIET = "escalation: off\n"


@pytest.mark.parametrize(
    ("quality", "steps", "wait", "reason"),
    [
        ("warm", [], {"hours": 72}, "no_contact"),
        ("warm", ["no_answer", "no_answer"], {"days": 7}, "few_attempts"),
        ("warm", ["reached"], {"days": 14}, "no_conversion"),
        ("hot", ["no_answer"] * 3, {"days": 30}, "held_too_long"),
        ("warm", ["no_answer"] * 3, {"days": 45}, "held_too_long"),
        ("cold", ["no_answer"] * 3, {"days": 60}, "held_too_long"),
    ],
)
def test_each_clock_takes_a_lead_back_for_its_own_reason(
    office: Office, quality: str, steps: list[str], wait: dict[str, int], reason: str
) -> None:
    office.load(LED + QUIET)
    office.route(quality=quality)
    for outcome in steps:
        office.step("contact", 1, outcome=outcome)
    office.later(**wait)
    office.later(seconds=-1)
    assert changes(office) == []
    office.later(seconds=1)
    assert changes(office) == [("assigned", reason, "a", "b")]


def test_an_appointment_ends_the_clock_of_conversion_and_a_no_show_starts_it_again(office: Office) -> None:
    office.load(LED)
    office.route()
    office.step("appointment", 1)
    office.later(days=20)
    assert changes(office) == []
    office.step("no-show", 1)
    office.later(days=14)
    assert changes(office) == [("assigned", "no_conversion", "a", "b")]


def test_an_agent_may_hold_a_lead_longer_once(office: Office) -> None:
    office.load(LED + "reclaim: {no_conversion: off}\n")
    office.route(quality="hot")
    office.step("contact", 1)
    office.later(days=29)
    office.step("extend", 1, days=10)
    with pytest.raises(Refused, match="extended before"):
        office.step("extend", 1, days=10)
    office.later(days=10)
    assert changes(office) == []
    office.later(days=1)
    assert changes(office) == [("assigned", "held_too_long", "a", "b")]


def test_after_three_hops_a_lead_rests_and_the_leader_is_reminded_each_week(office: Office) -> None:
    office.load(LED + QUIET)
    office.route()
    for expected in ("b", "c", "d", "mei"):
        office.later(hours=72)
        assert changes(office)[0][3] == expected
    office.later(days=6)
    assert changes(office) == []
    office.later(days=1)
    assert changes(office) == [("escalated", "resting", "mei", "mei")]


def test_the_leads_of_who_leaves_are_dealt_anew_and_those_on_offer_lapse(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route(quality="cold")
    office.agents(3)
    office.route(quality="hot")
    office.load(LED.replace("[A, ", "[") + "acceptance: on\n")
    assert {(change[1], change[2]) for change in changes(office)} == {("agent_left", "a")}


def test_one_sweep_after_a_week_does_the_one_step_that_is_due_now(office: Office) -> None:
    office.load(LED)
    office.route(quality="hot")
    office.later(days=7)
    assert changes(office) == [("assigned", "unanswered", "a", "b")]
    assert changes(office) == []
    assert queries.lead(office.connection, 1).state.due_at == office.now + timedelta(minutes=15)


def test_an_agent_who_has_left_cannot_accept_any_more(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route()
    office.load(LED.replace("[A, ", "[") + "acceptance: on\n")
    with pytest.raises(Refused, match="a has left"):
        office.step("accept", 1)
    assert changes(office) == [("offered", "agent_left", "a", "b")]


def test_a_lead_that_was_only_offered_belongs_to_nobody_once_it_is_closed(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route()
    office.step("lost", 1)
    assert queries.lead(office.connection, 1).state.agent is None
    office.step("reopen", 1)
    assert queries.lead(office.connection, 1).state.state == "unassigned"
    assert [change[0] for change in changes(office)] == ["offered"]


def test_in_working_hours_no_lead_is_taken_back_before_its_promise_is_over(office: Office) -> None:
    hours = 'team: {leader: mei, timezone: UTC, hours: "Mon-Fri 09:00-18:00"}\n'
    office.load(hours + "agents: [A, B, {id: mei, role: leader}]\nsla: {clock: team_hours}\nescalation: off\n")
    office.now = datetime(2026, 10, 9, 17, 0, tzinfo=UTC)  # a Friday; 24 open hours end on Wednesday at 14:00
    office.route(quality="cold")
    office.now = datetime(2026, 10, 14, 13, 59, tzinfo=UTC)
    assert changes(office) == []
    office.later(minutes=1)
    assert changes(office) == [("assigned", "no_contact", "a", "b")]


def test_a_lead_nobody_can_take_is_told_of_each_week(office: Office) -> None:
    office.load(LED.replace("[A, B, C, D,", "[{name: A, capacity: 1},"))
    office.route()
    office.step("appointment", 1)
    assert office.route().state.state == "unassigned"
    office.later(days=7, seconds=-1)
    assert changes(office) == []
    office.later(seconds=1)
    assert changes(office) == [("escalated", "unassigned", None, "mei")]
    assert changes(office) == []


def test_nobody_is_warned_of_a_promise_that_is_over(office: Office) -> None:
    office.load(
        'team: {leader: mei}\nagents: [{name: A, notify: ["json://localhost"]}, {id: mei, role: leader}]\n'
        "escalation: off\nreclaim: {no_contact: off, attempts: off, hold: {warm: off}}\n"
    )
    office.route()
    office.later(days=8)
    assert changes(office) == [("escalated", "resting", "a", "mei")]
    assert changes(office) == []


# --- time off and being offline ---------------------------------------------------------------------------------

AWAY = """
team: {{leader: mei}}
agents: [{{name: A, cover: c, time_off: [2026-10-06..2026-10-20]}}, B, C, {{id: mei, role: leader}}]
time_off: {{open_leads: {what}}}
"""


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("keep", ("escalated", "unanswered", "a", "mei")),
        ("cover", ("assigned", "time_off", "a", "c")),
        ("rotate", ("assigned", "time_off", "a", "b")),
        ("pool", ("pooled", "time_off", "a", None)),
    ],
)
def test_leads_that_fall_due_during_time_off_go_where_the_policy_says(
    office: Office, what: str, expected: tuple[str, str, str, str | None]
) -> None:
    office.load(AWAY.format(what=what))
    office.now = datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
    office.route()
    office.later(hours=2)
    assert changes(office) == [expected]
    lead = queries.lead(office.connection, 1).state
    assert (lead.hops, lead.excluded) == (0, ())


def test_a_lead_that_falls_due_after_the_return_stays(office: Office) -> None:
    office.load(AWAY.format(what="rotate"))
    office.now = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
    office.route()
    office.step("appointment", 1)
    office.later(days=2)
    assert changes(office) == []


def test_a_cover_who_is_full_is_not_buried(office: Office) -> None:
    office.load(AWAY.format(what="cover").replace("B, C,", "B, {name: C, capacity: 1},"))
    office.now = datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
    assert office.agents(3) == ["a", "b", "c"]
    office.later(hours=1)
    assert changes(office) == [("assigned", "time_off", "a", "b")]


def test_a_cover_need_not_be_at_work_when_the_time_off_begins_at_midnight(office: Office) -> None:
    office.load(AWAY.format(what="cover").replace("B, C,", 'B, {name: C, hours: "Mon-Sat 09:00-18:00"},'))
    office.now = datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
    office.route()
    office.later(minutes=30)
    assert changes(office) == [("assigned", "time_off", "a", "c")]


def test_a_cover_who_lost_the_lead_before_does_not_get_it_back(office: Office) -> None:
    office.load(AWAY.format(what="cover").replace("C,", "{name: C, weight: 2},").replace("2026-10-06", "2026-10-09"))
    office.route()
    assert queries.lead(office.connection, 1).state.agent == "c"
    office.later(hours=72)
    assert changes(office) == [("assigned", "no_contact", "c", "a")]
    office.now = datetime(2026, 10, 9, 0, 0, tzinfo=UTC)
    assert changes(office) == [("assigned", "time_off", "a", "b")]


def test_a_lead_stays_with_who_is_away_while_nobody_can_take_it(office: Office) -> None:
    office.load(AWAY.format(what="rotate").replace("B, C,", "{name: C, capacity: 1},"))
    office.now = datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
    assert office.agents(2) == ["a", "c"]
    office.step("appointment", 2)
    office.later(minutes=30)
    assert changes(office) == []
    office.later(hours=2)
    assert changes(office) == [("escalated", "unanswered", "a", "mei")]
    office.step("won", 2)
    assert changes(office) == [("assigned", "time_off", "a", "c")]


def test_what_the_broker_gives_to_somebody_away_stays_there(office: Office) -> None:
    office.load(AWAY.format(what="rotate"))
    office.now = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
    office.route()
    office.step("transfer", 1, to="a")
    assert changes(office) == []
    assert queries.lead(office.connection, 1).state.agent == "a"


def test_time_off_by_hand_moves_leads_and_a_pause_does_not(office: Office) -> None:
    office.load(LED + "time_off: {open_leads: rotate}\n")
    office.agents(2)
    go_away(office.session, "a", None, "2026-10-20", office.now)
    go_away(office.session, "b", None, None, office.now)
    assert changes(office) == [("assigned", "time_off", "a", "c")]


def test_who_breaks_promises_is_taken_offline_until_they_are_back(office: Office) -> None:
    office.load(LED + "sla: {offline: {misses: 2}}\n")
    assert office.agents(5) == ["a", "b", "c", "d", "a"]
    for lead in (2, 3, 4):
        office.step("contact", lead)
    office.later(hours=2)
    told = printed(office)
    assert "A gets no more leads after broken promises; the way back: leadrouter back a" in told
    assert "a" not in office.agents(4)
    come_back(office.session, "a", office.now)
    assert "a" in office.agents(6)


def test_without_that_clause_nobody_is_offline_any_more(office: Office) -> None:
    office.load(LED + "sla: {offline: {misses: 1}}\n")
    office.route()
    office.later(hours=2)
    assert [change[0] for change in changes(office)] == ["escalated", "taken_offline"]
    assert "a" not in office.agents(3)
    office.load(LED)
    assert "a" in office.agents(4)


def test_a_lead_at_rest_is_no_promise_of_the_leader(office: Office) -> None:
    office.load("team: {leader: mei}\nagents: [A, {id: mei, role: leader}]\nsla: {offline: {misses: 1}}\n")
    office.route()
    office.later(hours=72)
    assert ("assigned", "no_contact", "a", "mei") in changes(office)
    office.later(hours=72)
    office.step("transfer", 1, to="a")
    assert changes(office) == []


# --- the pool, held leads, requests -------------------------------------------------------------------------------

POOLED = LED + "rules: [{name: left, when: {source: left}, then: pool}, {name: all, to: all}]\n"


def test_a_lead_in_the_pool_goes_to_whoever_claims_it_first(office: Office) -> None:
    office.load(POOLED)
    office.route(source="left")
    office.step("claim", 1, agent="c")
    with pytest.raises(Refused, match="assigned with C"):
        office.step("claim", 1, agent="a")


def test_each_agent_claims_three_a_day_within_their_capacity(office: Office) -> None:
    office.load(POOLED.replace("[A,", "[{name: A, capacity: 2},"))
    for _ in range(8):
        office.route(source="left")
    for lead in (1, 2, 3):
        office.step("claim", lead, agent="b")
    with pytest.raises(Refused, match="claimed 3 leads today"):
        office.step("claim", 4, agent="b")
    for lead in (4, 5):
        office.step("claim", lead, agent="a")
    with pytest.raises(Refused, match="at capacity"):
        office.step("claim", 6, agent="a")
    office.later(days=1)
    office.step("claim", 6, agent="b")


def test_what_nobody_claims_within_a_day_is_dealt_by_the_rules(office: Office) -> None:
    office.load(POOLED + "pool: {unclaimed: all}\n")
    office.route(source="left")
    office.later(hours=24)
    assert changes(office) == [("assigned", "unclaimed", None, "a")]


def test_who_gives_a_lead_up_is_neither_dealt_it_nor_may_claim_it(office: Office) -> None:
    office.load(POOLED)
    office.route()
    office.step("release", 1)
    with pytest.raises(Refused, match="gave lead 1 up"):
        office.step("claim", 1, agent="a")
    office.later(hours=24)
    assert changes(office) == [("assigned", "unclaimed", None, "b")]


@pytest.mark.parametrize("blind", [True, False])
def test_the_blind_pool_shows_no_name_and_no_contact(office: Office, blind: bool) -> None:
    office.load(POOLED + f"pool: {{blind: {'yes' if blind else 'no'}}}\n")
    office.route(source="left", name="Dewi Lim", phone="+60123456789", external_id="X-1", area="Bangsar")
    listed = pool_report.as_json(queries.pooled_leads(office.connection), office.policy)
    assert listed["blind"] is blind
    assert listed["leads"][0]["area"] == "Bangsar"
    for word in ("Dewi", "60123456789", "X-1", "person1@example.com"):
        assert (word in str(listed)) is not blind


def test_a_claim_may_count_as_a_turn(office: Office) -> None:
    office.load(POOLED + "pool: {counts_as_turn: yes}\n")
    office.route(source="left")
    office.step("claim", 1, agent="a")
    assert office.agents(4) == ["b", "c", "d", "a"]


def test_an_agent_asks_for_a_lead_and_the_broker_answers(office: Office) -> None:
    office.load(LED)
    office.route()
    office.step("request", 1, agent="c")
    with pytest.raises(Refused, match="has asked for lead 1 before"):
        office.step("request", 1, agent="d")
    office.step("approve", 1)
    assert queries.lead(office.connection, 1).state.agent == "c"
    with pytest.raises(Refused, match="nobody has asked"):
        office.step("refuse", 1)


@pytest.mark.parametrize(("order", "first"), [("fifo", 1), ("lifo", 8), ("hottest_first", 5)])
def test_held_leads_are_dealt_at_opening_in_order_and_spread_over_all_on_duty(
    office: Office, order: str, first: int
) -> None:
    office.load(
        'team: {hours: "Mon-Fri 09:00-18:00", leader: mei}\nagents: [A, B, C, D, {id: mei, role: leader}]\n'
        f"rules: [{{name: night, when: {{hours: closed}}, then: hold}}, {{name: all, to: all}}]\n"
        f"backlog: {{order: {order}}}\n"
    )
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    for number in range(8):
        office.later(minutes=1)
        assert office.route(quality="hot" if number == 4 else None).state.state == "held"
    office.now = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
    swept = office.sweep().changes
    assert swept[0].lead == first
    assert Counter(change.target for change in swept) == {"a": 2, "b": 2, "c": 2, "d": 2}


@pytest.mark.parametrize("hours", ['hours: "Mon-Fri 08:00-18:00", ', ""], ids=["earlier", "no hours any more"])
def test_leads_held_overnight_do_not_miss_a_day_whose_opening_a_new_policy_moves_into_the_past(
    office: Office, hours: str
) -> None:
    text = (
        'team: {hours: "Mon-Fri 09:00-18:00", leader: mei}\nagents: [A, {id: mei, role: leader}]\n'
        "rules: [{name: night, when: {hours: closed}, then: hold}, {name: all, to: all}]\n"
    )
    office.load(text)
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    office.route()
    office.now = datetime(2026, 10, 6, 8, 30, tzinfo=UTC)
    office.load(text.replace('hours: "Mon-Fri 09:00-18:00", ', hours))
    assert changes(office) == [("assigned", "opening", None, "a")]
    assert office.verify().problems == []


STAGGERED = """
team: {hours: "Mon-Fri 08:00-18:00", leader: mei}
agents:
  - {name: A, hours: "Mon-Fri 08:00-18:00"}
  - {name: B, hours: "Mon-Fri 09:00-18:00"}
  - {name: C, hours: "Mon-Fri 09:00-18:00"}
  - {id: mei, role: leader}
rules: [{name: night, when: {hours: closed}, then: hold}, {name: all, to: all}]
"""


@pytest.mark.parametrize("held", [True, False], ids=["held overnight", "nobody was there overnight"])
def test_the_backlog_does_not_all_go_to_the_first_one_in(office: Office, held: bool) -> None:
    office.load(STAGGERED if held else STAGGERED.replace("{name: night, when: {hours: closed}, then: hold}, ", ""))
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    for _ in range(9):
        office.route()
    office.now = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    dealt = Counter(change.target for change in office.sweep().changes)
    assert dealt == {"a": 3}
    assert changes(office) == []
    office.now = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
    rest = Counter(change.target for change in office.sweep().changes if change.what == "assigned")
    assert rest == {"a": 2, "b": 2, "c": 2}


@pytest.mark.parametrize(("comes", "dealt"), [("09:59", 3), ("10:00", 3), ("10:01", 9)])
def test_a_backlog_waits_for_who_comes_in_within_two_hours_and_for_nobody_later(
    office: Office, comes: str, dealt: int
) -> None:
    office.load(STAGGERED.replace("09:00", comes))
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    for _ in range(9):
        office.route()
    office.now = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    assert Counter(change.target for change in office.sweep().changes) == {"a": dealt}


def test_hot_leads_do_not_wait_for_who_comes_later(office: Office) -> None:
    office.load(STAGGERED)
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    for _ in range(6):
        office.route(quality="hot")
    office.now = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    assert Counter(change.target for change in office.sweep().changes) == {"a": 6}


def test_so_many_leads_of_the_backlog_an_hour_as_the_policy_says(office: Office) -> None:
    office.load(STAGGERED.replace("09:00-18:00", "08:00-18:00") + "backlog: {per_hour: 2}\n")
    office.now = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)
    for _ in range(5):
        office.route()
    office.now = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    for waiting in (3, 1, 0):
        office.sweep()
        assert queries.waiting_leads(office.connection)["held"] == waiting
        office.later(hours=1)


def test_who_lost_a_lead_may_claim_it_once_it_rests_in_the_pool(office: Office) -> None:
    office.load(UNLED.replace("[A, B, C, D]", "[A, B]") + "acceptance: on\n")
    office.route()
    for _ in range(2):
        office.step("decline", 1, reason="busy")
    assert queries.lead(office.connection, 1).state.state == "pooled"
    office.step("claim", 1, agent="b")
    assert queries.lead(office.connection, 1).state.agent == "b"


def test_a_refused_step_says_what_would_be_allowed(office: Office) -> None:
    office.load(LED + "acceptance: on\n")
    office.route()
    with pytest.raises(Refused) as refused:
        office.step("contact", 1)
    assert "lead 1 is offered with A" in refused.value.message
    assert refused.value.hint.startswith("allowed now: accept, decline, request")
