"""What falls due next for one lead, and when. One function names every clock; the rest only asks it.

`next_due` says when (the store keeps it as `due_at`, which sweeps read through an index); `due` says what, at
the moment of the sweep. Nothing here changes a lead, except `restart_if_past` for a policy that just changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import CLOSED, HELD, AgentState, LeadState

NEVER = datetime.max.replace(tzinfo=UTC)
CLOCK, CONVERSION, HOLD, TOLD = "clock_at", "conversion_at", "hold_at", "told_at"
"""The fields of a lead in which clocks start."""


class Step(NamedTuple):
    """One thing a sweep will do: `what` is retry, deal, expire, move, reclaim, reassign, pool, tell, miss or warn, and
    `reason` the clock that asks for it. `starts` is the field in which that clock started, None where it cannot start
    again; `until` when the step no longer makes sense, `after` the seconds of an escalation step.
    """

    at: datetime
    what: str
    reason: str
    starts: str | None = CLOCK
    until: datetime | None = None
    after: int = 0


STAYS = frozenset({"tell", "miss", "warn"})
"""Steps that leave a lead with its holder."""

REASONS = {
    "no_contact": "was not contacted in time",
    "few_attempts": "had too few attempts to reach the person",
    "no_conversion": "was reached but not converted in time",
    "held_too_long": "was held longer than the policy allows",
    "agent_left": "its agent has left",
    "time_off": "its agent is on time off",
    "near": "the promised first contact is near",
    "unanswered": "nobody tried to reach the person as soon as promised",
    "expired": "the offer was not answered in time",
    "opening": "the team is open again",
    "unclaimed": "nobody claimed it from the pool",
    "unassigned": "nobody could take it so far",
    "resting": "no clock moves it any more",
    "touch": "it is time to be in touch again",
}
"""Every clock, and what it means in words."""


def clocks(lead: LeadState, policy: Policy, agents: Mapping[str, AgentState]) -> Iterator[Step]:
    """Every clock that runs for this lead, strongest first (DOMAIN sections 8 and 9)."""
    since = lead.clock_at
    if since is None or lead.state in CLOSED:
        return
    if lead.state in HELD:
        yield from _held(lead, since, policy, agents)
    elif lead.state == "offered":
        if lead.holder_left_at is not None:
            yield Step(lead.holder_left_at, "expire", "agent_left", None)
        window = policy.acceptance.window(lead.quality) or promise(lead, policy)
        yield Step(_runs_out(lead, since, window, policy), "expire", "expired")
    elif lead.state == "unassigned":
        yield Step(since, "retry", "unassigned")
        yield _reminder(lead, since, policy, "unassigned")
    elif lead.state == "held":
        opening = calendar.next_opening(policy.team.hours, policy.team.holidays, since, policy.team.timezone)
        yield Step(opening, "deal", "opening")
    elif lead.state == "pooled" and not lead.resting:
        yield Step(since + _seconds(policy.pool.claim_within), "deal", "unclaimed")
    elif lead.state == "pooled":
        yield _reminder(lead, since, policy)
    elif lead.state == "incubating":
        again = _seconds(policy.incubation.next_touch)
        at = next_touch(lead, policy) if lead.told_at is None else lead.told_at + again
        yield Step(at or since + again, "tell", "touch", TOLD)


def setting(lead: LeadState) -> tuple[Any, ...]:
    """All about a lead that its clocks read: with the same policy and absences, two alike in it fall due alike."""
    return (
        lead.state, lead.agent, lead.quality, lead.assigned_at, lead.clock_at, lead.conversion_at, lead.hold_at,
        lead.told_at, lead.touch_at, lead.holder_left_at, lead.reached_at, lead.attempts, lead.escalated, lead.extended,
        lead.resting, lead.promise_missed, lead.appointment_by,
    )  # fmt: skip


def next_due(lead: LeadState, policy: Policy, agents: Mapping[str, AgentState]) -> datetime | None:
    """When the first of its clocks strikes."""
    return min((step.at for step in clocks(lead, policy, agents)), default=None)


def due(lead: LeadState, policy: Policy, agents: Mapping[str, AgentState], now: datetime) -> Step | None:
    """The strongest step that is overdue at `now`, or None."""
    return next(overdue(lead, policy, agents, now), None)


def overdue(lead: LeadState, policy: Policy, agents: Mapping[str, AgentState], now: datetime) -> Iterator[Step]:
    """Every step that is overdue at `now`, strongest first: the next one stands in where one changes nothing."""
    return (
        step for step in clocks(lead, policy, agents) if step.at <= now and (step.until is None or now < step.until)
    )


def promised_at(lead: LeadState, policy: Policy) -> datetime | None:
    """When the holder's first attempt is promised; None where nobody holds the lead."""
    if lead.clock_at is None or lead.state not in HELD:
        return None
    return _runs_out(lead, lead.clock_at, promise(lead, policy), policy)


def promise(lead: LeadState, policy: Policy) -> int:
    """Seconds within which the holder makes the first contact."""
    return promise_of(policy, lead.quality, qualifying=lead.state == "qualifying")


def promise_of(policy: Policy, quality: str, *, qualifying: bool) -> int:
    """The same for any lead: an isa may have promised otherwise than the team."""
    own: int | None = getattr(policy.isa, quality) if qualifying else None
    return policy.sla.promised(quality) if own is None else own


def next_touch(lead: LeadState, policy: Policy) -> datetime | None:
    """When a lead in nurture is to be touched: on the date somebody chose, else by the cadence of the policy."""
    if lead.clock_at is None or lead.state != "incubating":
        return None
    return lead.touch_at or lead.clock_at + _seconds(policy.incubation.next_touch)


def restart_if_past(
    lead: LeadState, before: Policy, after: Policy, agents: Mapping[str, AgentState], now: datetime
) -> bool:
    """A new policy may shorten clocks; each that would already be past starts again at this moment. Whether any did."""
    over = {(step.what, step.reason): step.starts for step in clocks(lead, after, agents) if step.at <= now}
    if not over:
        return False
    was = {(step.what, step.reason): step.at for step in clocks(lead, before, agents)}
    past = [starts for step, starts in over.items() if starts and was.get(step, NEVER) > now]
    for starts in past:
        setattr(lead, starts, now)
    if CLOCK in past:
        lead.escalated = 0
    return bool(past)


# --- leads that an agent holds --------------------------------------------------------------------------------


def _held(lead: LeadState, since: datetime, policy: Policy, agents: Mapping[str, AgentState]) -> Iterator[Step]:
    if lead.holder_left_at is not None:
        yield Step(lead.holder_left_at, "reclaim", "agent_left", None)
    if lead.resting:
        yield _reminder(lead, since, policy)
        return
    steps = list(_working(lead, since, policy))
    if policy.time_off.open_leads != "keep" and lead.assigned_at is not None:
        yield from _moves(lead, lead.assigned_at, steps, policy, agents)
    if all(step.what in ("miss", "warn") for step in steps):
        yield _reminder(lead, since, policy)
    yield from steps


def _moves(
    lead: LeadState, assigned_at: datetime, steps: list[Step], policy: Policy, agents: Mapping[str, AgentState]
) -> Iterator[Step]:
    """Time off during which something falls due moves the lead, unless it was to be taken back before that, or was
    given to the agent by hand while they were away."""
    taken_back = min((step.at for step in steps if step.what not in STAYS), default=NEVER)
    for gone, back in _time_off(lead.agent or "", policy, agents):
        if assigned_at <= gone <= taken_back and any(gone <= step.at < back for step in steps if step.what != "warn"):
            yield Step(gone, "move", "time_off", None, until=back)


def _working(lead: LeadState, since: datetime, policy: Policy) -> Iterator[Step]:
    """The clocks of a lead its agent works on: what takes it back, then what tells of it."""
    reclaim, untried = policy.reclaim, lead.attempts == 0
    promised = promise(lead, policy)
    escalation = policy.escalation.steps(lead.quality)[::-1] if untried else ()
    for after, do in escalation:
        if do != "notify_leader":
            yield Step(_runs_out(lead, since, after or promised, policy), do, "unanswered", after=after or promised)
    if untried and reclaim.no_contact is not None:
        kept_by = _runs_out(lead, since, promised, policy)  # in working hours, a promise may take longer than that
        yield Step(max(kept_by, since + _seconds(reclaim.no_contact)), "reclaim", "no_contact")
    if lead.reached_at is None and reclaim.attempts is not None and lead.attempts < reclaim.attempts.needed:
        yield Step(since + _seconds(reclaim.attempts.within), "reclaim", "few_attempts")
    meets = lead.state == "appointment" or lead.appointment_by is not None
    if lead.conversion_at is not None and not meets and reclaim.no_conversion is not None:
        yield Step(lead.conversion_at + _seconds(reclaim.no_conversion), "reclaim", "no_conversion", CONVERSION)
    longest = reclaim.hold.longest(lead.quality)
    if longest is not None and lead.hold_at is not None:
        yield Step(lead.hold_at + _seconds(longest + lead.extended), "reclaim", "held_too_long", HOLD)
    for after, do in escalation:
        if do == "notify_leader" and (after or promised) > lead.escalated:
            yield Step(_runs_out(lead, since, after or promised, policy), "tell", "unanswered", after=after or promised)
    if untried and policy.sla.offline is not None and not lead.promise_missed:
        yield Step(_runs_out(lead, since, promised, policy), "miss", "unanswered")
    warn = policy.notify.warn.after(lead.quality, promised) if untried and policy.notify.warn is not None else None
    told = any(entry.id == lead.agent and entry.notify for entry in policy.agents)
    if warn is not None and warn > lead.escalated and told:
        yield Step(_runs_out(lead, since, warn, policy), "warn", "near", None, after=warn)


def _reminder(lead: LeadState, since: datetime, policy: Policy, reason: str = "resting") -> Step:
    """The leader hears again of a lead that nothing else moves."""
    return Step((lead.told_at or since) + _seconds(policy.reclaim.reminder), "tell", reason, TOLD)


def _runs_out(lead: LeadState, since: datetime, seconds: int, policy: Policy) -> datetime:
    """When so many seconds have passed on the clock of the sla: all of them, or only those in working hours."""
    if policy.sla.clock == "always":
        return since + _seconds(seconds)
    team = policy.team
    hours, timezone = team.hours, team.timezone
    if policy.sla.clock == "agent_hours":
        agent = next((entry for entry in policy.agents if entry.id == lead.agent), None)
        if agent is not None and agent.hours is not None:
            hours, timezone = agent.hours, agent.timezone or timezone
    return calendar.after_open_time(hours, team.holidays, since, seconds, timezone)


def _time_off(agent: str, policy: Policy, agents: Mapping[str, AgentState]) -> Iterator[tuple[datetime, datetime]]:
    """Time off of the policy and of `away`, as UTC, until exclusive. A pause has no end, and moves nothing."""
    entry = next((entry for entry in policy.agents if entry.id == agent), None)
    for first, last in entry.time_off if entry is not None else ():
        yield _dates(first, last, policy.team.timezone)
    for gone, back in agents[agent].absences if agent in agents else ():
        if back is not None:
            yield datetime.fromisoformat(gone), datetime.fromisoformat(back)


@lru_cache(maxsize=256)
def _seconds(length: int) -> timedelta:
    """Remembered: clocks are asked at every event, and a policy knows few lengths."""
    return timedelta(seconds=length)


@lru_cache(maxsize=256)
def _dates(first: str, last: str, timezone: str) -> tuple[datetime, datetime]:
    return calendar.start_of(first, timezone), calendar.start_of(calendar.day_after(last), timezone)
