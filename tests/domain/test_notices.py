"""Who is told what of an event, what the calendar asks for, and when a notice has lost its meaning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadrouter.domain.notices import (
    LONGEST_PAUSE,
    TELLS,
    TOLD_OF,
    Notice,
    last_resort,
    overtaken,
    pause,
    quiet_until,
    timed,
)
from leadrouter.domain.policy import Agent, Team
from leadrouter.domain.rulebook import reached_by
from leadrouter.domain.state import LeadState
from leadrouter.domain.telling import KINDS, Channel, Notify
from tests.factories import START, Branch, make_agent, make_policy

NTFY, MAIL, SLACK = (Channel(f"{scheme}://here/x") for scheme in ("ntfy", "mailto", "slack"))


def told(agent: str, *channels: Channel, **fields: Any) -> Agent:
    return make_agent(agent, notify=channels or (NTFY,), **fields)


def branch(*agents: Agent, leader: str | None = "mei", notify: Notify | None = None, **fields: Any) -> Branch:
    team = (*(agents or (told("aina"), told("bala"))), told("mei", MAIL, role="leader"))
    return Branch(make_policy(team, team=Team(leader=leader), notify=notify or Notify(), **fields))


def heard(desk: Branch) -> list[tuple[str, str, str]]:
    """(kind, person, channel) of what was told since the last look."""
    found = [(notice.kind, notice.person, notice.channel) for notice in desk.journal.notices]
    desk.journal.notices.clear()
    return found


# --- of events ------------------------------------------------------------------------------------------------


def test_an_assignment_is_told_to_its_agent_over_each_channel() -> None:
    desk = branch(told("aina", NTFY, MAIL, NTFY))
    lead = desk.receive()
    desk.record("assigned", lead.lead, "aina", quality="warm", reason="only_one")
    assert heard(desk) == [("assignment", "aina", name) for name in ("ntfy", "mailto", "ntfy-2")]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("offered", {}, [("offer", "aina", "ntfy")]),
        ("assigned", {"occasion": "handoff"}, [("handoff", "aina", "ntfy")]),
        ("assigned", {"occasion": "reclaimed"}, [("assignment", "aina", "ntfy")]),
        ("qualifying", {}, [("assignment", "aina", "ntfy")]),
        ("unassigned", {"told": "mei"}, [("escalation", "@leader", "mailto")]),
        ("pooled", {}, [("pool", "aina", "ntfy"), ("pool", "bala", "ntfy"), ("pool", "mei", "mailto")]),
        ("held", {}, []),
    ],
)
def test_where_a_lead_goes_is_told(kind: str, data: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    desk = branch()
    lead = desk.receive()
    agent = "aina" if kind in ("offered", "assigned", "qualifying") else None
    desk.record(kind, lead.lead, agent, **{"quality": "warm", "reason": "only_one"} | data)
    assert heard(desk) == expected


def assigned(desk: Branch, agent: str = "aina") -> int:
    lead = desk.receive()
    desk.record("assigned", lead.lead, agent, quality="warm", reason="only_one")
    heard(desk)
    return lead.lead


def test_who_loses_a_lead_is_told_as_well_as_who_gets_it() -> None:
    desk = branch()
    lead = assigned(desk)
    desk.record("transferred", lead, "bala", **{"from": "aina"})
    assert heard(desk) == [("assignment", "bala", "ntfy"), ("reclaimed", "aina", "ntfy")]
    desk.record("reclaimed", lead, "bala", reason="no_contact")
    assert heard(desk) == [("reclaimed", "bala", "ntfy")]


def test_the_warning_goes_to_the_agent_and_the_escalation_to_the_leader() -> None:
    desk = branch()
    lead = assigned(desk)
    desk.record("warned", lead, "aina", after=5400)
    desk.record("escalated", lead, "aina", reason="unanswered", told="mei", after=7200)
    assert heard(desk) == [("warning", "aina", "ntfy"), ("escalation", "@leader", "mailto")]


def test_the_leaders_channels_of_the_section_come_before_those_of_the_agent() -> None:
    desk = branch(notify=Notify(leader=(SLACK,)))
    desk.record("escalated", assigned(desk), "aina", reason="unanswered", told="mei")
    assert heard(desk) == [("escalation", "@leader", "slack")]


def test_a_team_with_a_channel_hears_of_the_pool_there_and_nowhere_else() -> None:
    desk = branch(notify=Notify(team=(SLACK,)))
    desk.record("pooled", desk.receive().lead, quality="cold", reason="rule")
    assert heard(desk) == [("pool", "@team", "slack")]


def test_who_may_not_claim_a_lead_hears_nothing_of_it() -> None:
    desk = branch(told("aina"), told("bala"), told("chong", time_off=(("2026-03-02", "2026-03-02"),)))
    desk.pause("bala")
    lead = assigned(desk)
    desk.record("released", lead, "aina")
    desk.record("pooled", lead, quality="warm", reason="posted")
    assert heard(desk) == [("pool", "mei", "mailto")]


def test_a_channel_may_be_for_some_kinds_only() -> None:
    desk = branch(told("aina", NTFY, MAIL._replace(only=("offer",))))
    lead = desk.receive().lead
    desk.record("offered", lead, "aina", quality="warm", reason="only_one")
    desk.record("accepted", lead, "aina")
    desk.record("reclaimed", lead, "aina", reason="no_contact")
    assert heard(desk) == [("offer", "aina", "ntfy"), ("offer", "aina", "mailto"), ("reclaimed", "aina", "ntfy")]


def test_without_channels_nobody_is_told_anything() -> None:
    desk = Branch(make_policy(2, team=Team(leader="a01")))
    lead = assigned(desk, "a01")
    desk.record("escalated", lead, "a01", reason="unanswered", told="a01")
    assert heard(desk) == []


def test_a_notice_is_named_after_its_event() -> None:
    desk = branch()
    event = desk.record("assigned", desk.receive().lead, "aina", quality="warm", reason="only_one")
    assert desk.journal.notices == [Notice(str(event.seq), "aina", "ntfy", "assignment", desk.now, event.seq, 1)]


def test_the_two_tables_say_the_same() -> None:
    """Which events tell of something, and which kinds may tell of which event."""
    assert {event for events in TELLS.values() for event in events} == set(TOLD_OF)
    assert set(TELLS) == set(KINDS) - {"undelivered", "digest", "month_end"}


# --- of the calendar ------------------------------------------------------------------------------------------


def asked(desk: Branch, now: datetime, first_policy: datetime = START) -> list[tuple[str, str]]:
    return [(notice.about, notice.person) for notice in timed(desk.desk, now, first_policy)]


def test_a_digest_is_due_once_a_day_from_its_minute_on_each_agents_own_clock() -> None:
    desk = branch(told("aina", digest=480), told("bala", digest=480, timezone="Asia/Kuala_Lumpur"), told("chong"))
    eight_there = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    aina = ("digest/2026-03-02", "aina")
    assert asked(desk, eight_there - timedelta(minutes=1)) == [aina]
    assert asked(desk, eight_there) == [("digest/2026-03-03", "bala")]
    assert asked(desk, eight_there + timedelta(hours=8, minutes=-1)) == [("digest/2026-03-03", "bala")]
    both = [("digest/2026-03-03", "aina"), ("digest/2026-03-03", "bala")]
    assert asked(desk, eight_there + timedelta(hours=8)) == asked(desk, eight_there + timedelta(hours=15)) == both


def test_nobody_gets_a_digest_on_a_day_off() -> None:
    desk = branch(told("aina", digest=0, time_off=(("2026-03-03", "2026-03-03"),)))
    assert asked(desk, datetime(2026, 3, 3, 12, tzinfo=UTC)) == []
    assert asked(desk, datetime(2026, 3, 4, 12, tzinfo=UTC)) == [("digest/2026-03-04", "aina")]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(datetime(2026, 3, 31, 23, 59, tzinfo=UTC), False, id="the month is not over"),
        pytest.param(datetime(2026, 4, 1, 7, 59, tzinfo=UTC), False, id="before eight"),
        pytest.param(datetime(2026, 4, 1, 8, 0, tzinfo=UTC), True, id="at eight"),
        pytest.param(datetime(2026, 4, 7, 23, 59, tzinfo=UTC), True, id="still within a week"),
        pytest.param(datetime(2026, 4, 8, 0, 0, tzinfo=UTC), False, id="too late"),
    ],
)
def test_the_month_is_reported_from_eight_on_the_first_for_a_week(now: datetime, due: bool) -> None:
    desk = branch(notify=Notify(team=(SLACK,)))
    assert asked(desk, now) == [("report/2026-03", "@team")] * due


def test_of_a_month_before_the_first_policy_there_is_nothing_to_report() -> None:
    desk = branch(notify=Notify(team=(SLACK,)))
    now = datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert asked(desk, now, first_policy=datetime(2026, 4, 1, 1, tzinfo=UTC)) == []
    off = branch(notify=Notify(team=(SLACK,), month_end=None))
    assert asked(off, now) == []


def test_without_a_channel_of_the_team_everybody_gets_the_report() -> None:
    desk = branch()
    people = [person for _, person in asked(desk, datetime(2026, 4, 1, 12, tzinfo=UTC))]
    assert people == ["aina", "bala", "mei"]


# --- later ----------------------------------------------------------------------------------------------------


def test_pauses_double_from_a_minute_to_an_hour() -> None:
    minutes = [pause(attempts).total_seconds() / 60 for attempts in range(1, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pause(1000) == LONGEST_PAUSE


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 60 * 24 * 14))
def test_quiet_hours_end_when_they_say_and_never_later_than_a_day(start: int, end: int, ahead: int) -> None:
    assume(start != end)  # no configuration says that
    now = START + timedelta(minutes=ahead)
    until = quiet_until((start, end), now, "UTC")
    minute = now.hour * 60 + now.minute
    inside = start <= minute < end if start < end else minute >= start or minute < end
    assert (until is not None) == inside
    if until is not None:
        assert now < until <= now + timedelta(days=1)
        assert until.hour * 60 + until.minute == end


def test_quiet_hours_end_on_the_wall_clock_also_when_it_is_put_forward() -> None:
    night = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # 23:30 in Madrid, where the clock goes forward at 2
    assert quiet_until((22 * 60, 7 * 60), night, "Europe/Madrid") == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "state", "agent", "attempts", "expected"),
    [
        ("offer", "offered", "aina", 0, False),
        ("offer", "offered", "bala", 0, True),
        ("offer", "assigned", "aina", 0, True),
        ("assignment", "assigned", "aina", 1, False),
        ("assignment", "assigned", "bala", 0, True),
        ("handoff", "won", "aina", 1, True),
        ("warning", "assigned", "aina", 0, False),
        ("warning", "assigned", "aina", 1, True),
        ("reclaimed", "assigned", "bala", 0, False),
        ("pool", "pooled", None, 0, False),
        ("pool", "assigned", "bala", 0, True),
        ("escalation", "assigned", "bala", 0, False),
        ("escalation", "lost", "bala", 0, True),
    ],
)
def test_what_no_longer_holds_is_overtaken(
    kind: str, state: str, agent: str | None, attempts: int, expected: bool
) -> None:
    assert overtaken(kind, "aina", LeadState(1, state, agent, attempts=attempts)) is expected


def test_the_last_resort_is_the_leader_unless_it_is_somebody_else_or_nobody() -> None:
    notice = Notice("7", "aina", "ntfy", "assignment", START, 7, 3)
    for resort, expected in (((), "mailto"), ((SLACK,), "slack"), (None, None)):
        reached = reached_by(branch(notify=Notify(last_resort=resort)).policy)
        found = last_resort(notice, reached, START)
        assert [entry.channel for entry in found] == [expected] * (expected is not None)
        assert all(entry.about == "undelivered/assignment/aina/7" and entry.lead == 3 for entry in found)
        assert last_resort(notice._replace(person="@leader"), reached, START) == []
        assert last_resort(notice._replace(person="@last_resort"), reached, START) == []
