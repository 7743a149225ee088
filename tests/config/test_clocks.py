"""The keys of the clocks: what each means, the defaults of DOMAIN sections 8 and 9, and what is refused."""

from __future__ import annotations

import pytest

from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import (
    ASKING,
    DAY,
    HOUR,
    MINUTE,
    Acceptance,
    Attempts,
    Escalation,
    EscalationStep,
    Hold,
    Offline,
    Pool,
    TimeOff,
)

from .conftest import Read, Refuse

TEAM = "agents: [{id: aina, cover: BALA}, Bala, Chong]\n"
CALM = "team: {timezone: UTC, region: MY, leader: aina}\n"
COVERED = "agents: [{id: aina, cover: bala}, {id: bala, cover: aina}]\n"


class TestDefaults:
    @pytest.fixture
    def policy(self, read: Read) -> Policy:
        return read("agents: [Aina]").policy

    def test_nobody_is_asked_to_accept(self, policy: Policy) -> None:
        assert [policy.acceptance.window(quality) for quality in ("hot", "warm", "cold")] == [None, None, None]

    def test_the_leader_hears_at_the_promise_and_a_hot_lead_is_dealt_anew_after_30_minutes(
        self, policy: Policy
    ) -> None:
        tell = EscalationStep(None, "notify_leader")
        assert policy.escalation == Escalation((tell, EscalationStep(30 * MINUTE, "reassign")), (tell,), (tell,), None)

    def test_three_attempts_within_7_days(self, policy: Policy) -> None:
        assert policy.reclaim.attempts == Attempts(3, 7 * DAY)

    def test_held_for_30_45_and_60_days(self, policy: Policy) -> None:
        assert policy.reclaim.hold == Hold(30 * DAY, 45 * DAY, 60 * DAY)

    def test_the_clock_of_the_sla_always_runs_and_nobody_is_taken_offline(self, policy: Policy) -> None:
        assert (policy.sla.clock, policy.sla.offline) == ("always", None)

    def test_time_off_moves_nothing(self, policy: Policy) -> None:
        assert policy.time_off == TimeOff("keep")

    def test_the_pool_is_open_for_a_day_and_gives_three_a_day_to_each(self, policy: Policy) -> None:
        assert policy.pool == Pool(24 * HOUR, None, 3, counts_as_turn=False, blind=False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("on", Acceptance(5 * MINUTE, 15 * MINUTE, None, 3, declined_costs_turn=True)),
        ("yes", ASKING),
        ("{}", ASKING),
        ("off", Acceptance()),
        ("{max_offers: 2}", ASKING._replace(max_offers=2)),
        ("{hot: off, cold: 1h, declined_costs_turn: no}", Acceptance(None, 900, 3600, 3, declined_costs_turn=False)),
    ],
)
def test_acceptance_may_be_on_off_or_written_out(read: Read, written: str, expected: Acceptance) -> None:
    assert read(f"{TEAM}acceptance: {written}").policy.acceptance == expected


def test_the_clock_may_run_in_working_hours_and_broken_promises_take_offline(read: Read) -> None:
    sla = read(f"{TEAM}sla: {{clock: Agent_Hours, offline: {{misses: 2}}}}").policy.sla
    assert (sla.clock, sla.offline) == ("agent_hours", Offline(2, 7 * DAY))
    assert read(f"{TEAM}sla: {{offline: on}}").policy.sla.offline == Offline(3, 7 * DAY)


def test_escalation_is_a_list_of_steps_for_each_quality(read: Read) -> None:
    escalation = read(
        f"{TEAM}rules: [{{name: Fast, to: all}}]\n"
        "escalation: {hot: [{after: 5m, do: notify_leader}, {after: sla, do: pool}], warm: off, backup: FAST}"
    ).policy.escalation
    assert escalation.hot == (EscalationStep(5 * MINUTE, "notify_leader"), EscalationStep(None, "pool"))
    assert escalation.warm == ()
    assert escalation.cold == Escalation().cold
    assert escalation.backup == "Fast"
    assert read(f"{TEAM}escalation: off").policy.escalation == Escalation((), (), ())


def test_a_long_promise_to_hot_leads_is_over_before_they_are_dealt_anew(read: Read) -> None:
    assert read(f"{TEAM}sla: {{hot: 1h}}").policy.escalation.hot[1] == EscalationStep(2 * HOUR, "reassign")
    assert read(f"{TEAM}sla: {{hot: 5m}}").policy.escalation.hot[1] == EscalationStep(30 * MINUTE, "reassign")


def test_each_clock_that_takes_a_lead_back_can_be_changed_or_switched_off(read: Read) -> None:
    text = f"{TEAM}reclaim: {{attempts: {{count: 5}}, hold: {{hot: off, cold: 9d}}, reminder: 2d}}"
    reclaim = read(text).policy.reclaim
    assert reclaim.attempts == Attempts(5, 7 * DAY)
    assert reclaim.hold == Hold(None, 45 * DAY, 9 * DAY)
    assert reclaim.reminder == 2 * DAY
    off = read(f"{TEAM}reclaim: {{attempts: off, hold: off}}").policy.reclaim
    assert (off.attempts, off.hold) == (None, Hold(None, None, None))


def test_time_off_has_a_cover_by_id_in_any_case(read: Read) -> None:
    policy = read(f"{TEAM}time_off: {{open_leads: Cover}}").policy
    assert policy.time_off.open_leads == "cover"
    assert [agent.cover for agent in policy.agents] == ["bala", None, None]


def test_the_pool_has_limits_and_may_be_blind(read: Read) -> None:
    pool = read(f"{TEAM}pool: {{per_agent_per_day: off, counts_as_turn: yes, blind: yes}}").policy.pool
    assert pool == Pool(24 * HOUR, None, None, counts_as_turn=True, blind=True)


@pytest.mark.parametrize(
    ("text", "line", "place", "part"),
    [
        ("agents: [{id: a, cover: a}, b]", 1, "agents[0].cover", "cannot cover for themselves"),
        ("agents: [{id: aina, cover: balla}, bala]", 1, "agents[0].cover", "Did you mean 'bala'?"),
        ("agents: [a]\nacceptance: maybe", 2, "acceptance", "neither yes nor no"),
        ("agents: [a]\nsla: {clock: office}", 2, "sla.clock", "known: always, team_hours, agent_hours"),
        ("agents: [a]\nsla: {offline: {misses: 0}}", 2, "sla.offline.misses", "from 1"),
        ("agents: [a]\nescalation: {hot: [{after: soon, do: reassign}]}", 2, "escalation.hot[0].after", "or sla"),
        ("agents: [a]\nescalation: {hot: [{after: 5m, do: shout}]}", 2, "escalation.hot[0].do", "known: notify_leader"),
        ("agents: [a]\nescalation: {hot: [{do: pool}]}", 2, "escalation.hot[0]", "after"),
        (
            "agents: [a]\nescalation:\n  hot:\n  - {after: sla, do: notify_leader}\n  - {after: 5m, do: pool}",
            5, "escalation.hot[1].after", "in the order of time",
        ),
        (
            "agents: [a]\nescalation: {hot: [{after: 5m, do: pool}, {after: 9m, do: notify_leader}]}",
            2, "escalation.hot[1]", "takes the lead away",
        ),
        ("agents: [a]\nescalation: {backup: nobody}", 2, "escalation.backup", "unknown rule 'nobody'"),
        (
            "agents: [a]\nrules: [{name: p, when: {source: x}, then: pool}, {to: all}]\nescalation: {backup: p}",
            3, "escalation.backup", "'p' pools leads itself",
        ),
        ("agents: [a]\nreclaim: {reminder: off}", 2, "reclaim.reminder", "not a duration"),
        ("agents: [a]\nreclaim: {attempts: {count: 0}}", 2, "reclaim.attempts.count", "from 1"),
        ("agents: [a]\ntime_off: {open_leads: share}", 2, "time_off.open_leads", "known: cover, rotate, pool, keep"),
        ("agents: [a]\npool: {blind: maybe}", 2, "pool.blind", "neither yes nor no"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_its_place(refuse: Refuse, text: str, line: int, place: str, part: str) -> None:
    (problem,) = refuse(text)
    assert (problem.line, problem.place) == (line, place)
    assert part in problem.message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            f"{CALM}agents: [Aina, {{id: bala, cover: aina}}]\ntime_off: {{open_leads: cover}}",
            "nobody covers for 'Aina'",
        ),
        (f"{CALM}{COVERED}", "is not used"),
        (
            f"{CALM}agents: [{{id: aina, cover: bala}}, {{id: bala, cover: aina}}, {{id: c, cover: aina}}, "
            "{id: d, cover: aina}]\ntime_off: {open_leads: cover}",
            "aina covers for 3 agents",
        ),
        (f"{CALM}agents: [Aina]\nescalation: {{warm: [{{after: 1h, do: pool}}]}}", "before the promise"),
        ("team: {timezone: UTC, region: MY}\nagents: [A]\nacceptance: on", "rests in the pool"),
        (f"{CALM}agents: [Aina]\nsla: {{clock: team_hours}}", "the clock always runs; set team.hours"),
        (f"{CALM}agents: [Aina]\nsla: {{clock: agent_hours}}", "Aina has no hours"),
    ],
)
def test_what_is_unwise_about_clocks_is_told(read: Read, text: str, part: str) -> None:
    advice = [hint.message for hint in read(text).advice]
    assert any(part in message for message in advice), advice


@pytest.mark.parametrize(
    "text",
    [
        f"{CALM}{COVERED}time_off: {{open_leads: cover}}",
        f"{CALM}agents: [Aina]\nacceptance: on\nescalation: {{hot: [{{after: 40m, do: reassign}}]}}",
        f'{CALM}agents: [{{id: aina, hours: "Mon-Fri 09:00-18:00"}}]\nsla: {{clock: agent_hours}}',
    ],
)
def test_what_is_well_about_clocks_gets_no_advice(read: Read, text: str) -> None:
    assert read(text).advice == ()
