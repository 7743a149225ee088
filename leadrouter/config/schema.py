"""The document as a broker writes it: which keys there are and of which type each is.

Adding a key is adding a line here (and a field of the same name in the policy's record). No defaults: those
stand in `domain.policy`; no look at two values together: that is `compile`; no wording for what pydantic
finds: that is `document`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from leadrouter.config import values
from leadrouter.config.problems import shown, unknown
from leadrouter.config.values import Many
from leadrouter.domain.policy import ROLES, Target

TARGETS = ("group", "role", "agents", "specialty", "source")


class Entry(BaseModel):
    """Some `key: value` pairs. A key without a value counts as not written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:
        value = cls.spelled_out(value)
        if not isinstance(value, dict):
            return value
        known = cls.known_keys() - cls.telling_blanks()
        return {key: part for key, part in value.items() if part is not None or key not in known}

    @classmethod
    def spelled_out(cls, value: Any) -> Any:
        """The full form of a short one."""
        return value

    @classmethod
    def telling_blanks(cls) -> set[str]:
        """Keys that must not be left without a value."""
        return set()

    @classmethod
    def known_keys(cls) -> set[str]:
        return {field.alias or name for name, field in cls.model_fields.items()}

    def written(self) -> dict[str, Any]:
        """What the file says, under the policy's own names."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _target(value: Any) -> Target:
    if isinstance(value, str):
        if value.casefold() == "all":
            return Target()
        raise ValueError(f"unknown {shown(value)}; write all, or what it is, as in {{group: {values.word(value)}}}")
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(f"expected all or exactly one of {', '.join(TARGETS)}, as in {{group: fast}}")
    kind, words = next(iter(value.items()))
    if kind not in TARGETS:
        raise ValueError(unknown(kind, ("all", *TARGETS)))
    read = {"role": values.choice(ROLES), "agents": values.name}.get(kind, values.word)
    found = []
    for text in values.listed(words):
        if not isinstance(text, str) or not text:
            raise ValueError(f"{kind}: expected a name or a list of names, found {shown(text)}")
        found.append(read(text))
    if not found:
        raise ValueError(f"{kind}: the list is empty; name at least one, or write all")
    return Target(kind, tuple(dict.fromkeys(found)))


class TeamEntry(Entry):
    name: values.Name | None = None
    timezone: values.Zone | None = None
    region: values.Region | None = None
    currency: values.Currency | None = None
    leader: values.Name | None = None
    hours: values.Hours = None
    holidays: Many[values.Dates] = ()
    capacity: values.Positive | None = None
    per_day: values.PositiveOrOff = None
    per_hour: values.PositiveOrOff = None


class AgentEntry(Entry):
    id: values.Identifier | None = None
    name: values.Name | None = None
    role: values.Role | None = None
    groups: Many[values.Word] = ()
    specialties: Many[values.Word] = ()
    sources: Many[values.Word] = ()
    weight: values.Weight | None = None
    capacity: values.Positive | None = None
    per_day: values.PositiveOrOff = None
    per_hour: values.PositiveOrOff = None
    hours: values.Hours = None
    timezone: values.Zone | None = None
    joined: values.Date | None = None
    left: values.Date | None = None
    time_off: Many[values.DateRange] = ()

    @classmethod
    def spelled_out(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class RuleEntry(Entry):
    name: values.RotationName | None = None
    when: Any = None  # a small language of its own: `conditions`
    to: Annotated[Target | None, BeforeValidator(_target)] = None
    strategy: values.StrategyName | None = None
    otherwise: values.Name | None = Field(None, alias="else")
    rotation: values.RotationName | None = None

    @classmethod
    def telling_blanks(cls) -> set[str]:
        return {"when"}


class SlaEntry(Entry):
    hot: values.Duration | None = None
    warm: values.Duration | None = None
    cold: values.Duration | None = None
    target: values.Percent | None = None


class ReclaimEntry(Entry):
    no_contact: values.DurationOrOff = None
    no_conversion: values.DurationOrOff = None
    max_hops: values.Natural | None = None


class RampEntry(Entry):
    until_day: values.Positive
    weight: values.Weight


def _steps(value: Any) -> Any:
    return [] if isinstance(value, str) and value.casefold() == "off" else values.listed(value)


class Document(Entry):
    team: TeamEntry = TeamEntry()
    agents: Many[AgentEntry] = ()
    rules: Many[RuleEntry] = ()
    sla: SlaEntry = SlaEntry()
    reclaim: ReclaimEntry = ReclaimEntry()
    ramp_up: Annotated[tuple[RampEntry, ...] | None, BeforeValidator(_steps)] = None
