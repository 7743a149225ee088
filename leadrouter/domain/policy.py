"""The policy: what the broker decided, as records that cannot change.

Every default number of the trade (DOMAIN.md) stands here once, as a default of a field. Units: durations
are seconds, weights are 2520ths (`WEIGHT_UNIT` = 1), clock times are minutes after midnight, dates are ISO
text in the team's zone. No YAML, no pydantic, no I/O: `config` builds a Policy from a file, `dump` and
`rebuild` carry it to the database and back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from leadrouter.domain.preset import Preset
from leadrouter.domain.promises import (
    DAY,
    Acceptance,
    Backlog,
    Escalation,
    Handoff,
    Incubation,
    Isa,
    Pool,
    Reclaim,
    Retention,
    Sla,
    TimeOff,
)
from leadrouter.domain.telling import Channel, Notify, Quiet

WEIGHT_UNIT = 2520
"""Weights are fractions rounded to 1/2520 when a policy is loaded (DESIGN, the ledger)."""

QUALITIES = ("hot", "warm", "cold")
ROLES = ("agent", "isa", "leader")
TIERS = ("A", "B", "C")
REVIEWS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
"""How often results are reviewed -> months."""

FINDINGS_KEPT = 12
"""How many reviews an agent's desk remembers, so that many in a row may be asked for at most."""

COMPARED_BY = ("source", "quality", "territory")
"""What leads may be told apart by when results are compared."""

ORDERS = ("roster", "experience", "random")
BACKLOGS = ("fifo", "lifo", "hottest_first")
THEN = ("assign", "pool", "qualify", "hold", "incubate")
"""What a rule does with a lead once somebody is picked, or instead of picking somebody (`then`)."""

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
    latitude and longitude, `price` the band they serve, both ends inclusive, `digest` minutes after midnight.
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
    notify: tuple[Channel, ...] = ()
    quiet: Quiet | None = None
    digest: int | None = None


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


class Promotion(NamedTuple):
    """What a tier asks of those below: a conversion rate above this one, found by so many reviews in a row."""

    at: float
    reviews: int = 2


class Promote(NamedTuple):
    """What it takes to get into A and into B. To lose a tier takes as many reviews (DOMAIN section 7)."""

    A: Promotion = Promotion(0.30)
    B: Promotion = Promotion(0.22)


class Tiers(NamedTuple):
    """How results move agents between tiers (DOMAIN section 7).

    `A` and `B` are the rates from which the tiers begin; `confidence` how probable it must be that the true rate is
    beyond a mark. A review reads the mature leads received within `within` seconds, or the latest `leads` if these
    are more; a lead is mature at the age by which the share `mature` of the team's wins came.
    """

    A: float = 0.30
    B: float = 0.20
    review: str = "quarterly"
    confidence: float = 0.80
    adjust_for: tuple[str, ...] = ("source", "quality")
    promote: Promote = Promote()
    leads: int = 50
    within: int = 365 * DAY
    mature: float = 0.80


class Pledge(NamedTuple):
    """The group whose members pledged fast first contact."""

    group: str = "eteam"


class Probation(NamedTuple):
    """Until both, an agent turns in a tier of their own under `performance` (DOMAIN section 6)."""

    days: int = 60
    leads: int = 50


class Relationship(NamedTuple):
    """Whether a lead that goes back to the person's own agent takes a turn."""

    counts_as_turn: bool = True


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
    isa: Isa = Isa()
    handoff: Handoff = Handoff()
    presets: tuple[Preset, ...] = ()
    tiers: Tiers = Tiers()
    pledge: Pledge = Pledge()
    notify: Notify = Notify()
    retention: Retention = Retention()
