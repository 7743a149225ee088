"""What the policy promises and when it takes back: every clock of the trade, and what inside sales owes the field,
as records that cannot change.

Durations are seconds. How the clocks run for one lead is in `deadlines`; the rest of the policy in `policy`.
"""

from __future__ import annotations

from typing import NamedTuple

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY

SLA_CLOCKS = ("always", "team_hours", "agent_hours")
"""When the clocks of DOMAIN section 8 run: always, while the team is open, or while the agent works."""

ESCALATIONS = ("notify_leader", "reassign", "pool")
OPEN_LEADS = ("cover", "rotate", "pool", "keep")
"""What happens to an agent's open leads that fall due during their time off."""


class Backlog(NamedTuple):
    """In which order leads that waited are dealt out, and how many of them per hour (None: all at once)."""

    order: str = "fifo"
    per_hour: int | None = None


class Pool(NamedTuple):
    """How long a lead lies in the pool, which rule then deals it (None: the first it meets that does not pool), how
    many each may claim a day (None: any number), whether claims take a turn, and whether names and contacts stay
    hidden until then.
    """

    claim_within: int = 24 * HOUR
    unclaimed: str | None = None
    per_agent_per_day: int | None = 3
    counts_as_turn: bool = False
    blind: bool = False


class Isa(NamedTuple):
    """Seconds within which an inside sales agent makes the first contact with a lead to qualify; None: as the `sla`."""

    hot: int | None = None
    warm: int | None = None
    cold: int | None = None


BUYER = ("income verified", "pre-approved", "timeline", "neighbourhoods")
SELLER = ("valuation", "timeline", "motivation", "condition")


def plain(criterion: str) -> str:
    """A criterion as it is compared: `Pre-approved`, `pre_approved` and `pre approved` are one."""
    return " ".join(criterion.casefold().replace("-", " ").replace("_", " ").split())


class Handoff(NamedTuple):
    """What must be known of a lead before an isa hands it off, by intent (DOMAIN section 10). An intent that is not
    listed needs nothing.
    """

    criteria: tuple[tuple[str, tuple[str, ...]], ...] = (("buyer", BUYER), ("seller", SELLER))

    def needed(self, intent: str | None) -> tuple[str, ...]:
        """The criteria of an intent, which is compared without case and extra spaces."""
        return dict(self.criteria).get(" ".join((intent or "").split()).casefold(), ())


class Incubation(NamedTuple):
    """How long until an incubated lead is touched again (DOMAIN section 10), whether the person's own inquiry wakes it,
    and what the winner owes the house for it: an amount, or a share of the commission. `commission` is the share of a
    recorded deal value that is commission (1: the value is the commission).
    """

    next_touch: int = 14 * DAY
    inquiry_wakes: bool = True
    fee: float | None = None
    fee_share: float | None = None
    commission: float = 1.0

    @property
    def charges(self) -> bool:
        """Whether anything is owed at all."""
        return self.fee is not None or self.fee_share is not None

    def owed(self, value: float | None) -> float | None:
        """What the winner of an incubated lead owes for a deal of this value; None where the value must be known."""
        if self.fee is not None or value is None:
            return self.fee
        return round(value * self.commission * (self.fee_share or 0.0), 2)


class Acceptance(NamedTuple):
    """Seconds within which an offer must be accepted, by quality; None: given without asking (DOMAIN section 8).

    After `max_offers` of one lead it goes to the leader. `declined_costs_turn` is about expired ones too.
    """

    hot: int | None = None
    warm: int | None = None
    cold: int | None = None
    max_offers: int = 3
    declined_costs_turn: bool = True

    def window(self, quality: str) -> int | None:
        """Seconds to accept a lead of this quality in; None where nobody is asked."""
        seconds: int | None = getattr(self, quality)
        return seconds


ASKING = Acceptance(hot=5 * MINUTE, warm=15 * MINUTE)
"""What `acceptance: on` means."""


class Offline(NamedTuple):
    """After how many broken promises within how many seconds an agent gets no more leads until `back`."""

    misses: int = 3
    within: int = 7 * DAY


class Sla(NamedTuple):
    """Promise on the first contact, in seconds by quality (DOMAIN section 8), and the share to keep.

    `clock` says when it runs, and with it the windows of acceptance and the escalations: always, in the team's hours,
    or in the agent's own (who has none works the team's). `offline` None: nobody is taken offline.
    """

    hot: int = 15 * MINUTE
    warm: int = 2 * HOUR
    cold: int = 24 * HOUR
    target: float = 0.95
    clock: str = "always"
    offline: Offline | None = None

    def promised(self, quality: str) -> int:
        """Seconds within which a lead of this quality must see its first contact."""
        return int(getattr(self, quality))


class EscalationStep(NamedTuple):
    """What happens to a lead nobody tried to reach: `after` in seconds (None: at the promise of the sla), `do` one of
    ESCALATIONS.
    """

    after: int | None
    do: str


class Escalation(NamedTuple):
    """The steps by quality (DOMAIN section 8), and the rule a reassigned lead starts from (None: all rules again)."""

    hot: tuple[EscalationStep, ...] = (EscalationStep(None, "notify_leader"), EscalationStep(30 * MINUTE, "reassign"))
    warm: tuple[EscalationStep, ...] = (EscalationStep(None, "notify_leader"),)
    cold: tuple[EscalationStep, ...] = (EscalationStep(None, "notify_leader"),)
    backup: str | None = None

    def steps(self, quality: str) -> tuple[EscalationStep, ...]:
        """The steps for a lead of this quality."""
        found: tuple[EscalationStep, ...] = getattr(self, quality)
        return found


class Attempts(NamedTuple):
    """How many attempts are needed within how many seconds, while the person was not reached (DOMAIN section 9)."""

    needed: int = 3
    within: int = 7 * DAY


class Hold(NamedTuple):
    """How long an agent may hold a lead, in seconds by quality (DOMAIN section 9); None switches it off."""

    hot: int | None = 30 * DAY
    warm: int | None = 45 * DAY
    cold: int | None = 60 * DAY

    def longest(self, quality: str) -> int | None:
        """Seconds a lead of this quality may be held."""
        seconds: int | None = getattr(self, quality)
        return seconds


class Reclaim(NamedTuple):
    """When a lead is taken back (DOMAIN section 9), in seconds; None switches a clock off.

    `reminder`: how often the leader hears of a lead that rests with them, or that no other clock watches.
    """

    no_contact: int | None = 72 * HOUR
    no_conversion: int | None = 14 * DAY
    max_hops: int = 3
    attempts: Attempts | None = Attempts()
    hold: Hold = Hold()
    reminder: int = 7 * DAY


class Retention(NamedTuple):
    """How long what a person said is kept after their lead was closed, in seconds; None: until somebody erases it."""

    closed: int | None = None


class TimeOff(NamedTuple):
    """What happens to the leads of somebody on time off that fall due before the return."""

    open_leads: str = "keep"
