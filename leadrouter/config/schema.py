"""The document as a broker writes it: which keys there are and of which type each is.

Adding a key is adding a line here (and a field of the same name in the policy's record). No defaults: those
stand in `domain.policy`; no look at two values together: that is `compile`; no wording for what pydantic
finds: that is `document`.

Longer than other modules, since it is one list: each key of the file stands here once, to be looked up, not read.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from leadrouter.config import forms, target, values
from leadrouter.config.entry import Entry
from leadrouter.config.values import Many, ManyOrNone, ManyOrNothing, ManyOrOff, OnOrOff
from leadrouter.domain.policy import Target

When = Annotated[Any, forms.fixed(forms.WHEN)]
"""A condition: `conditions` reads it, `json_schema` gives it a form."""


class TeamEntry(Entry):
    name: values.Name | None = None
    timezone: values.Zone | None = None
    region: values.Region | None = None
    currency: values.Currency | None = None
    leader: values.Name | None = None
    hours: values.Hours = None
    holidays: values.Holidays = ()
    order: values.Order | None = None
    seed: values.Name | None = None
    capacity: values.Positive | None = None
    per_day: values.PositiveOrOff = None
    per_hour: values.PositiveOrOff = None


class PointEntry(Entry):
    lat: values.Latitude
    lon: values.Longitude


class CircleEntry(PointEntry):
    km: values.Radius


class ChannelEntry(Entry):
    url: values.Address
    public: values.Flag | None = None
    only: Many[values.Kind] = ()

    @classmethod
    def spelled_out(cls, value: Any) -> Any:
        return {"url": value} if isinstance(value, str) else value

    @classmethod
    def short_form(cls, form: forms.Json) -> forms.Json:
        return {"anyOf": [form, forms.SCALAR]}


class AgentEntry(Entry):
    id: values.Identifier | None = None
    name: values.Name | None = None
    role: values.Role | None = None
    groups: Many[values.Word] = ()
    specialties: Many[values.Word] = ()
    sources: Many[values.Word] = ()
    languages: Many[values.Word] = ()
    territories: Many[values.Word] = ()
    channels: Many[values.Word] = ()
    price: values.Band | None = None
    tier: values.Tier | None = None
    experience: values.Years | None = None
    base: PointEntry | None = None
    weight: values.Weight | None = None
    capacity: values.Positive | None = None
    per_day: values.PositiveOrOff = None
    per_hour: values.PositiveOrOff = None
    hours: values.Hours = None
    timezone: values.Zone | None = None
    joined: values.Date | None = None
    left: values.Date | None = None
    time_off: Many[values.DateRange] = ()
    cover: values.Name | None = None
    notify: Many[ChannelEntry] = ()
    quiet: values.QuietOrOff = None
    digest: values.TimeOrOff = None

    @classmethod
    def spelled_out(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @classmethod
    def short_form(cls, form: forms.Json) -> forms.Json:
        return {"anyOf": [form, forms.SCALAR]}


class RuleEntry(Entry):
    name: values.RotationName | None = None
    when: When = None  # a small language of its own: `conditions`
    to: Annotated[Target | None, BeforeValidator(target.read_target), forms.fixed(target.FORM)] = None
    strategy: values.StrategyName | None = None
    otherwise: values.Name | None = Field(None, alias="else")
    rotation: values.RotationName | None = None
    then: values.Then | None = None
    prefer: ManyOrNone[values.Preference] = ()
    overlap: values.Overlap | None = None

    @classmethod
    def telling_blanks(cls) -> set[str]:
        return {"when"}


class TerritoryEntry(Entry):
    postcodes: Many[values.Postcode] = ()
    areas: Many[values.Word] = ()
    circle: CircleEntry | None = None


class SharesEntry(Entry):
    A: values.TierShare | None = None
    B: values.TierShare | None = None
    C: values.TierShare | None = None


class PromotionEntry(Entry):
    at: values.Percent | None = None
    reviews: values.Positive | None = None


class PromoteEntry(Entry):
    A: PromotionEntry = PromotionEntry()
    B: PromotionEntry = PromotionEntry()


class TiersEntry(Entry):
    A: values.Percent | None = None
    B: values.Percent | None = None
    shares: SharesEntry = SharesEntry()
    review: values.ReviewTime | None = None
    confidence: values.Probability | None = None
    adjust_for: ManyOrNothing[values.ComparedBy] = ()
    promote: PromoteEntry = PromoteEntry()
    leads: values.Positive | None = None
    within: values.Duration | None = None
    mature: values.Percent | None = None


class PledgeEntry(Entry):
    group: values.Word | None = None


class ProbationEntry(Entry):
    days: values.Natural | None = None
    leads: values.Natural | None = None


class BacklogEntry(Entry):
    order: values.BacklogOrder | None = None
    per_hour: values.PositiveOrOff = None


class RelationshipEntry(Entry):
    counts_as_turn: values.Flag | None = None


class PoolEntry(Entry):
    claim_within: values.Duration | None = None
    unclaimed: values.Name | None = None
    per_agent_per_day: values.PositiveOrOff = None
    counts_as_turn: values.Flag | None = None
    blind: values.Flag | None = None


class IncubationEntry(Entry):
    next_touch: values.Duration | None = None
    inquiry_wakes: values.Flag | None = None
    fee: values.Fee = None
    split: values.Split = None
    commission: values.Percent | None = None


class IsaSlaEntry(Entry):
    hot: values.Duration | None = None
    warm: values.Duration | None = None
    cold: values.Duration | None = None


class IsaEntry(Entry):
    sla: IsaSlaEntry = IsaSlaEntry()
    capacity: values.Positive | None = None
    per_day: values.PositiveOrOff = None
    per_hour: values.PositiveOrOff = None


Checklist = ManyOrOff[values.Criterion]


class AcceptanceEntry(Entry):
    hot: values.DurationOrOff = None
    warm: values.DurationOrOff = None
    cold: values.DurationOrOff = None
    max_offers: values.Positive | None = None
    declined_costs_turn: values.Flag | None = None


class OfflineEntry(Entry):
    misses: values.Positive | None = None
    within: values.Duration | None = None


class SlaEntry(Entry):
    hot: values.Duration | None = None
    warm: values.Duration | None = None
    cold: values.Duration | None = None
    target: values.Percent | None = None
    clock: values.SlaClock | None = None
    offline: OnOrOff[OfflineEntry] = None


class EscalationStepEntry(Entry):
    after: values.After
    do: values.EscalationAct

    @classmethod
    def telling_blanks(cls) -> set[str]:
        return {"after", "do"}


Steps = ManyOrOff[EscalationStepEntry]


class EscalationEntry(Entry):
    hot: Steps = ()
    warm: Steps = ()
    cold: Steps = ()
    backup: values.Name | None = None


class AttemptsEntry(Entry):
    needed: values.Positive | None = Field(None, alias="count")
    within: values.Duration | None = None


class HoldEntry(Entry):
    hot: values.DurationOrOff = None
    warm: values.DurationOrOff = None
    cold: values.DurationOrOff = None


class ReclaimEntry(Entry):
    no_contact: values.DurationOrOff = None
    no_conversion: values.DurationOrOff = None
    max_hops: values.Natural | None = None
    attempts: OnOrOff[AttemptsEntry] = None
    hold: OnOrOff[HoldEntry] = None
    reminder: values.Duration | None = None


class TimeOffEntry(Entry):
    open_leads: values.OpenLeads | None = None


class RetentionEntry(Entry):
    closed: values.DurationOrOff = None


class PresetEntry(Entry):
    found_by: Many[values.Name] = ()
    columns: dict[str, values.ColumnTarget] = {}
    ids: values.IdsOf | None = None
    words: dict[str, dict[str, values.Name]] = {}
    prefixes: dict[str, values.Name] = {}
    test_rows: dict[str, values.Name] = {}
    dates: values.DateOrder | None = None


class WarnEntry(Entry):
    hot: values.DurationOrOff = None
    warm: values.DurationOrOff = None
    cold: values.DurationOrOff = None


class TemplateEntry(Entry):
    title: values.Message | None = None
    text: values.Message | None = None


class NotifyEntry(Entry):
    leader: Many[ChannelEntry] = ()
    team: Many[ChannelEntry] = ()
    last_resort: Annotated[
        tuple[ChannelEntry, ...] | None, BeforeValidator(values.last_resort), forms.many_or("leader", "off")
    ] = ()
    quiet: values.QuietOrOff = None
    digest: values.TimeOrOff = None
    urgent: ManyOrNone[values.Kind] = ()
    warn: OnOrOff[WarnEntry] = None
    month_end: values.TimeOrOff = None
    attempts: values.Positive | None = None
    templates: dict[str, TemplateEntry] = {}


class RampEntry(Entry):
    until_day: values.Positive
    weight: values.Weight


class Document(Entry):
    team: TeamEntry = TeamEntry()
    order: values.Order | None = None  # the same as team.order
    agents: Many[AgentEntry] = ()
    territories: dict[str, TerritoryEntry] = {}
    quality: dict[str, When] = {}
    rules: Many[RuleEntry] = ()
    sla: SlaEntry = SlaEntry()
    reclaim: ReclaimEntry = ReclaimEntry()
    ramp_up: ManyOrOff[RampEntry] | None = None
    probation: ProbationEntry = ProbationEntry()
    tiers: TiersEntry = TiersEntry()
    pledge: PledgeEntry = PledgeEntry()
    backlog: BacklogEntry = BacklogEntry()
    relationship: RelationshipEntry = RelationshipEntry()
    pool: PoolEntry = PoolEntry()
    incubation: IncubationEntry = IncubationEntry()
    acceptance: OnOrOff[AcceptanceEntry] = None
    escalation: OnOrOff[EscalationEntry] = None
    time_off: TimeOffEntry = TimeOffEntry()
    isa: IsaEntry = IsaEntry()
    handoff: OnOrOff[dict[str, Checklist]] = {}
    presets: dict[str, PresetEntry] = {}
    notify: NotifyEntry = NotifyEntry()
    retention: RetentionEntry = RetentionEntry()
