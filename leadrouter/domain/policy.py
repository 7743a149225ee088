"""The policy: what the broker decided, as records that cannot change.

Every default number of the trade (DOMAIN.md) stands here once, as a default of a field. Units: durations
are seconds, weights are 2520ths (`WEIGHT_UNIT` = 1), clock times are minutes after midnight, dates are ISO
text in the team's zone. No YAML, no pydantic, no I/O: `config` builds a Policy from a file, `dump` and
`rebuild` carry it to the database and back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

WEIGHT_UNIT = 2520
"""Weights are fractions rounded to 1/2520 when a policy is loaded (DESIGN, the ledger)."""

QUALITIES = ("hot", "warm", "cold")
ROLES = ("agent", "isa", "leader")
STRATEGIES = ("round_robin", "weighted")

Span = tuple[int, int, int]
"""One stretch of opening hours: (weekday with Monday 0, first minute, minute after the last)."""

Condition = tuple[Any, ...]
"""A condition as plain data: `("all", (c, ...))`, `("any", (c, ...))`, `("not", c)` or
`(field, operator, operand)` with the operators of `matching`."""


class Team(NamedTuple):
    """Who they are and when they work. `hours` None: always open."""

    name: str = "Our team"
    timezone: str = "UTC"
    region: str | None = None
    currency: str | None = None
    leader: str | None = None
    hours: tuple[Span, ...] | None = None
    holidays: tuple[str, ...] = ()


class Agent(NamedTuple):
    """One person on the roster. `capacity` is in open leads (DOMAIN section 5: 15)."""

    id: str
    name: str
    role: str = "agent"
    groups: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    weight: int = WEIGHT_UNIT
    capacity: int = 15
    per_day: int | None = None
    per_hour: int | None = None
    hours: tuple[Span, ...] | None = None
    timezone: str | None = None
    joined: str | None = None
    left: str | None = None
    time_off: tuple[tuple[str, str], ...] = ()


class Target(NamedTuple):
    """Who a rule names: `kind` is all, agents, group, role, specialty or source; `values` are any-of."""

    kind: str = "all"
    values: tuple[str, ...] = ()


class Rule(NamedTuple):
    """Condition -> destination. `when` None matches every lead; `otherwise` is the `else` rule's name."""

    name: str
    when: Condition | None = None
    to: Target = Target()
    strategy: str = "round_robin"
    otherwise: str | None = None
    rotation: str | None = None


class Sla(NamedTuple):
    """Promise on the first contact, in seconds by quality (DOMAIN section 8), and the share to keep."""

    hot: int = 15 * MINUTE
    warm: int = 2 * HOUR
    cold: int = 24 * HOUR
    target: float = 0.95

    def promised(self, quality: str) -> int:
        """Seconds within which a lead of this quality must see its first contact."""
        return int(getattr(self, quality))


class Reclaim(NamedTuple):
    """When a lead is taken back (DOMAIN section 9); None switches a clock off."""

    no_contact: int | None = 72 * HOUR
    no_conversion: int | None = 14 * DAY
    max_hops: int = 3


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


def dump(policy: Policy) -> dict[str, Any]:
    """The policy as plain JSON data, every default written out, so that it keeps its meaning in later versions."""
    plain: dict[str, Any] = _plain(policy)
    return plain


def rebuild(data: dict[str, Any]) -> Policy:
    """The policy that `dump` wrote. Trusts its input: it was validated when it was loaded."""
    return Policy(
        agents=tuple(Agent(**_frozen(entry)) for entry in data["agents"]),
        team=Team(**_frozen(data["team"])),
        rules=tuple(_rule(entry) for entry in data["rules"]),
        sla=Sla(**data["sla"]),
        reclaim=Reclaim(**data["reclaim"]),
        ramp_up=tuple(RampStep(**entry) for entry in data["ramp_up"]),
    )


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
