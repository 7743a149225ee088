"""What an agent and a lead are right now: the two records that `apply` changes and the store keeps.

Plain data. What the fields mean for routing is in `skips`, for clocks in `deadlines`, for steps by hand in
`lifecycle`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

STATES = (
    "received", "held", "qualifying", "incubating", "pooled", "offered", "assigned", "unassigned",
    "contacted", "appointment", "won", "lost", "void",
)  # fmt: skip
"""Every state a lead can be in (DOMAIN section 3)."""

OPEN = frozenset({"offered", "assigned", "contacted", "appointment", "qualifying"})
"""States that count against an agent's capacity."""

HELD = frozenset({"assigned", "contacted", "appointment", "qualifying"})
"""States in which an agent has the lead and can work on it."""

WAITING_STATES = ("unassigned", "held", "pooled", "incubating")
"""States in which nobody holds the lead."""

CLOSED = frozenset({"won", "lost", "void"})

CONTACTS_KEPT = 20
"""How many first contacts the speed of an agent is measured on (DOMAIN section 4, `fastest`)."""

Absence = tuple[str, "str | None"]
"""(from, until) as UTC ISO text, until exclusive; until None is a pause that lasts until `back`."""


@dataclass(slots=True)
class AgentState:
    """One agent's share of the desk. `joined` None: present at the first load, so established.

    `day` and `hour` are the agent's local date and hour that the counts belong to; `last_lead` is the number
    of the event that brought the latest lead, 0 if none; `leads` counts every lead that reached them; `contacts` are
    the seconds to the first contact of the latest leads, CONTACTS_KEPT at most. `misses` are the UTC moments of
    promises broken lately, kept where the policy takes agents offline for them; `claims` those of `claim_day`;
    `complaints` the numbers of the events that nobody has answered yet. `tier` is the one that was applied, None for as
    long as only the policy names one; `skill` the shrunk index of the latest review in thousandths; `reviewed_at` its
    UTC moment; `findings` what the latest reviews found, as (tier, finding, verdict), FINDINGS_KEPT at most.
    """

    agent: str
    active: bool = True
    joined: str | None = None
    open: int = 0
    day: str = ""
    day_count: int = 0
    hour: str = ""
    hour_count: int = 0
    last_lead: int = 0
    leads: int = 0
    contacts: tuple[int, ...] = ()
    absences: tuple[Absence, ...] = ()
    misses: tuple[str, ...] = ()
    offline_since: str | None = None
    claim_day: str = ""
    claims: int = 0
    complaints: tuple[int, ...] = ()
    tier: str | None = None
    skill: int | None = None
    reviewed_at: str | None = None
    findings: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class LeadState:
    """One lead's way so far. Everything about attempts and clocks belongs to the present holder.

    `assigned_at` is when the holder got it; `clock_at`, `conversion_at` and `hold_at` are when the clocks of first
    contact (and of waiting), of conversion and of holding started. `contacted_at` is the first attempt by anybody,
    `excluded` those who lost it to a reclaim or gave it up, `declined` those who did not accept it. `turn_panel`,
    `turn_payer` and `turn_tier` are the round that may have to be given back, `waits_for` the panel that could not take
    it, `hops` counts how often it was taken back since an isa handed it off or it was in nurture, `resting` true where
    nothing is reclaimed any more. `offers` counts those since it was last taken back, `escalated` is the latest step
    done in seconds after `clock_at`, `extended` the seconds added to holding it, `promise_missed` whether the holder's
    broken promise was counted, `requested_by` who asks for it, `told_at` when the leader last heard of it, `waits_as`
    the occasion that an unassigned lead is tried again on.

    `isa` is the inside sales agent who qualifies the lead, or who handed it off or put it into nurture; they stay on it
    to the end. `handed_off_at` is when they did, None while it is theirs; `appointment_by` who arranged the appointment
    that is still ahead. `incubated_at` is when it last went into nurture, `touch_at` the date somebody chose for the
    next touch, `showed_intent` whether the person did since: it is hot from then on. `forgotten_at` is when the person
    was erased: nothing can be done with the lead any more. A closed lead keeps all of these, in case it is reopened.
    """

    lead: int
    state: str = "received"
    agent: str | None = None
    quality: str = "warm"
    rule: str | None = None
    reason: str | None = None
    assigned_at: datetime | None = None
    clock_at: datetime | None = None
    attempts: int = 0
    attempted_at: datetime | None = None
    reached_at: datetime | None = None
    contacted_at: datetime | None = None
    closed_at: datetime | None = None
    value: float | None = None
    hops: int = 0
    past_holders: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    inquiries: int = 0
    turn_panel: int = 0
    turn_payer: str | None = None
    turn_tier: str | None = None
    waits_for: int = 0
    resting: bool = False
    holder_left_at: datetime | None = None
    due_at: datetime | None = None
    conversion_at: datetime | None = None
    hold_at: datetime | None = None
    offers: int = 0
    declined: tuple[str, ...] = ()
    escalated: int = 0
    extended: int = 0
    promise_missed: bool = False
    requested_by: str | None = None
    told_at: datetime | None = None
    waits_as: str = ""
    isa: str | None = None
    handed_off_at: datetime | None = None
    appointment_by: str | None = None
    incubated_at: datetime | None = None
    touch_at: datetime | None = None
    showed_intent: bool = False
    forgotten_at: datetime | None = None

    def held_by(self, agent: str) -> None:
        """Remembers a holder who is about to lose the lead."""
        if agent not in self.past_holders:
            self.past_holders = (*self.past_holders, agent)

    def start_anew(self, at: datetime, told: datetime) -> None:
        """A new holder, or a new place to wait in, since `at`; the clocks start when that was `told`, maybe later."""
        self.assigned_at, self.clock_at, self.hold_at = at, told, told
        self.attempts = self.escalated = self.extended = 0
        self.attempted_at = self.reached_at = self.conversion_at = self.holder_left_at = self.told_at = None
        self.touch_at = None
        self.promise_missed = False


def is_past(lead: LeadState) -> bool:
    """Whether the lead came as one of earlier times and nobody has moved it since."""
    return lead.reason == "past"
