"""The policy: what the broker decided, as records that cannot change.

Every default number of the trade (DOMAIN.md) stands here once, as a default of a field. Units: durations
are seconds, weights are 2520ths (`WEIGHT_UNIT` = 1), clock times are minutes after midnight, dates are ISO
text in the team's zone. No YAML, no pydantic, no I/O: `config` builds a Policy from a file, `dump` and
`rebuild` carry it to the database and back.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

WEIGHT_UNIT = 2520
"""Weights are fractions rounded to 1/2520 when a policy is loaded (DESIGN, the ledger)."""

QUALITIES = ("hot", "warm", "cold")
ROLES = ("agent", "isa", "leader")
TIERS = ("A", "B", "C")
ORDERS = ("roster", "experience", "random")
BACKLOGS = ("fifo", "lifo", "hottest_first")
OUTCOMES = ("assign", "pool", "qualify", "hold", "incubate")
"""What a rule does with a lead once somebody is picked, or instead of picking somebody (`then`)."""

SLA_CLOCKS = ("always", "team_hours", "agent_hours")
"""When the clocks of DOMAIN section 8 run: always, while the team is open, or while the agent works."""

ESCALATIONS = ("notify_leader", "reassign", "pool")
OPEN_LEADS = ("cover", "rotate", "pool", "keep")
"""What happens to an agent's open leads that fall due during their time off."""

PREFERENCES = (
    "requested", "relationship", "language", "specialty", "source", "territory", "features", "channel", "time",
    "experience", "nearest",
)  # fmt: skip
"""What a rule may prefer: each keeps only the fitting agents, if there are any (`domain.narrowing`)."""

Span = tuple[int, int, int]
"""One stretch of opening hours: (weekday with Monday 0, first minute, minute after the last)."""

Condition = tuple[Any, ...]
"""A condition as plain data: `("all", (c, ...))`, `("any", (c, ...))`, `("not", c)` or
`(field, operator, operand)` with the operators of `matching`."""


class Team(NamedTuple):
    """Who they are and when they work. `hours` None: always open. `seed` is where all chance comes from."""

    name: str = "Our team"
    timezone: str = "UTC"
    region: str | None = None
    currency: str | None = None
    leader: str | None = None
    hours: tuple[Span, ...] | None = None
    holidays: tuple[str, ...] = ()
    order: str = "roster"
    seed: str = "leadrouter"


class Agent(NamedTuple):
    """One person on the roster. `capacity` is in open leads (DOMAIN section 5: 15), `experience` in years, `base`
    latitude and longitude, `price` the band they serve, both ends inclusive.
    """

    id: str
    name: str
    role: str = "agent"
    groups: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    price: tuple[float | None, float | None] | None = None
    tier: str | None = None
    experience: float | None = None
    base: tuple[float, float] | None = None
    weight: int = WEIGHT_UNIT
    capacity: int = 15
    per_day: int | None = None
    per_hour: int | None = None
    hours: tuple[Span, ...] | None = None
    timezone: str | None = None
    joined: str | None = None
    left: str | None = None
    time_off: tuple[tuple[str, str], ...] = ()
    cover: str | None = None


class Target(NamedTuple):
    """Who a rule names: `kind` is all, agents, group, role, specialty, source, language, territory or tier; `values`
    are any-of.
    """

    kind: str = "all"
    values: tuple[str, ...] = ()


class Rule(NamedTuple):
    """Condition -> destination. `when` None matches every lead; `otherwise` is the `else` rule's name.

    `overlap` says who gets a lead of a territory that several agents share: `turns`, or `last`, the one who had the
    last lead there.
    """

    name: str
    when: Condition | None = None
    to: Target = Target()
    strategy: str = "round_robin"
    otherwise: str | None = None
    rotation: str | None = None
    then: str = "assign"
    prefer: tuple[str, ...] = ("relationship",)
    overlap: str = "turns"


class Territory(NamedTuple):
    """An area of the map: postcode patterns (as in conditions), area names, or a circle (lat, lon, km)."""

    name: str
    postcodes: tuple[tuple[str, ...], ...] = ()
    areas: tuple[str, ...] = ()
    circle: tuple[float, float, float] | None = None


class Shares(NamedTuple):
    """How the tiers share the leads under `performance` (DOMAIN section 4: 40/35/25)."""

    A: int = 40
    B: int = 35
    C: int = 25


class Probation(NamedTuple):
    """Until both, an agent turns in a tier of their own under `performance` (DOMAIN section 6)."""

    days: int = 60
    leads: int = 50


class Backlog(NamedTuple):
    """In which order leads that waited are dealt out, and how many of them per hour (None: all at once)."""

    order: str = "fifo"
    per_hour: int | None = None


class Relationship(NamedTuple):
    """Whether a lead that goes back to the person's own agent takes a turn."""

    counts_as_turn: bool = True


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


class Incubation(NamedTuple):
    """How long until an incubated lead is touched again (DOMAIN section 10)."""

    next_touch: int = 14 * DAY


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
    """How many attempts to reach the person within how many seconds, while nobody was reached (DOMAIN section 9)."""

    count: int = 3
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


class TimeOff(NamedTuple):
    """What happens to the leads of somebody on time off that fall due before the return."""

    open_leads: str = "keep"


class RampStep(NamedTuple):
    """Until this day after joining (day 1 is the day itself, inclusive) the weight is multiplied."""

    until_day: int
    weight: int


RAMP_UP = (RampStep(15, WEIGHT_UNIT // 3), RampStep(30, WEIGHT_UNIT // 2))
"""A new agent's weight: 1/3 for 15 days, 1/2 until day 30, then 1 (DOMAIN section 6)."""


class Policy(NamedTuple):
    """The whole policy in force. `rules` ends with the catch-all, which has no `when`."""

    agents: tuple[Agent, ...]
    team: Team = Team()
    rules: tuple[Rule, ...] = (Rule("everyone"),)
    sla: Sla = Sla()
    reclaim: Reclaim = Reclaim()
    ramp_up: tuple[RampStep, ...] = RAMP_UP
    territories: tuple[Territory, ...] = ()
    quality: tuple[tuple[str, Condition], ...] = ()
    shares: Shares = Shares()
    probation: Probation = Probation()
    backlog: Backlog = Backlog()
    relationship: Relationship = Relationship()
    pool: Pool = Pool()
    incubation: Incubation = Incubation()
    acceptance: Acceptance = Acceptance()
    escalation: Escalation = Escalation()
    time_off: TimeOff = TimeOff()


def dump(policy: Policy) -> dict[str, Any]:
    """The policy as plain JSON data, every default written out, so that it keeps its meaning in later versions."""
    plain: dict[str, Any] = _plain(policy)
    return plain


def policy_hash(record: str, text: str) -> str:
    """What the chain holds of a policy version: sha256 over the JSON that routes and the text as it was written."""
    return hashlib.sha256(f"{len(record)}:{record},{text}".encode()).hexdigest()


def rebuild(data: dict[str, Any]) -> Policy:
    """The policy that `dump` wrote. Trusts its input: it was validated when it was loaded.

    What a version written by an earlier program does not speak of did not exist then, and stays off.
    """
    return Policy(
        agents=tuple(Agent(**_frozen(entry)) for entry in data["agents"]),
        team=Team(**_frozen(data["team"])),
        rules=tuple(_rule(entry) for entry in data["rules"]),
        sla=_sla(data["sla"]),
        reclaim=_reclaim({"attempts": None, "hold": {"hot": None, "warm": None, "cold": None}} | data["reclaim"]),
        ramp_up=tuple(RampStep(**entry) for entry in data["ramp_up"]),
        territories=tuple(Territory(**_frozen(entry)) for entry in data["territories"]),
        quality=_tuples(data["quality"]),
        shares=Shares(**data["shares"]),
        probation=Probation(**data["probation"]),
        backlog=Backlog(**data["backlog"]),
        relationship=Relationship(**data["relationship"]),
        pool=Pool(**data["pool"]),
        incubation=Incubation(**data["incubation"]),
        acceptance=Acceptance(**data.get("acceptance", {})),
        escalation=_escalation(data.get("escalation", {"hot": (), "warm": (), "cold": ()})),
        time_off=TimeOff(**data.get("time_off", {})),
    )


def _sla(entry: dict[str, Any]) -> Sla:
    offline = entry.get("offline")
    return Sla(**entry | {"offline": Offline(**offline) if offline else None})


def _reclaim(entry: dict[str, Any]) -> Reclaim:
    attempts = entry["attempts"]
    return Reclaim(**entry | {"attempts": Attempts(**attempts) if attempts else None, "hold": Hold(**entry["hold"])})


def _escalation(entry: dict[str, Any]) -> Escalation:
    steps = {quality: tuple(EscalationStep(**step) for step in entry[quality]) for quality in QUALITIES}
    return Escalation(**entry | steps)


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(**_frozen(entry | {"to": None}))._replace(to=Target(**_frozen(entry["to"])))


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: _tuples(value) for key, value in entry.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {key: _plain(item) for key, item in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
