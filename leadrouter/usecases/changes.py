"""What changes between two policies, in words: what `load` prints before anybody is surprised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain import speech
from leadrouter.domain.policy import Rule
from leadrouter.domain.promises import EscalationStep
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.shares import ShareChange, expected_shares, share_changes
from leadrouter.domain.state import AgentState
from leadrouter.domain.telling import Channel, Wording, named


def changes_between(old: Rulebook | None, new: Rulebook) -> list[str]:
    """One line per difference, the team first, then agents, rules and the rest."""
    after = new.policy
    drawn = [f"order drawn from the seed: {', '.join(new.roster)}"] if after.team.order == "random" else []
    if old is None:
        names = ", ".join(agent.name for agent in after.agents)
        agents, rules = speech.counted(len(after.agents), "agent"), speech.counted(len(after.rules), "rule")
        return [f"first policy: {agents} ({names}), {rules}", *drawn]
    before = old.policy
    lines = _fields("team", before.team._asdict(), after.team._asdict())
    lines += _entries("agent", {a.id: a for a in before.agents}, {a.id: a for a in after.agents})
    lines += _entries("rule", {r.name: r for r in before.rules}, {r.name: r for r in after.rules})
    lines += _entries("territory", {t.name: t for t in before.territories}, {t.name: t for t in after.territories})
    lines += _entries("preset", {p.name: p for p in before.presets}, {p.name: p for p in after.presets}, named=False)
    for key in SECTIONS:
        lines += _fields(key, getattr(before, key)._asdict(), getattr(after, key)._asdict())
    own = _fields("isa", before.isa._asdict(), after.isa._asdict())
    lines += [line.replace(" off", " as the sla") for line in own]
    lines += [f"{key}: changed" for key in ("ramp_up", "quality") if getattr(before, key) != getattr(after, key)]
    renamed = renamed_rotations(old, new)
    lines += [f"rotation {name} goes on as {other}" for name, other in renamed.items()]
    gone = [name for name in old.rotations() if name not in new.rotations() and name not in renamed]
    lines += [f"rotation {name} is no longer dealt from; its accounts stay" for name in gone]
    if [a.id for a in before.agents if a in after.agents] != [a.id for a in after.agents if a in before.agents]:
        lines.append("order of the rotation: changed")
    return lines + drawn


def looking_ahead(
    old: Rulebook, new: Rulebook, agents: Mapping[str, AgentState], now: datetime
) -> tuple[list[str], list[ShareChange]]:
    """What would change if a policy came into force now, and for whom: nothing is loaded."""
    if old.policy == new.policy:
        return [], []
    was, will_be = expected_shares(old, agents, now), expected_shares(new, agents, now)
    return changes_between(old, new), share_changes(was, will_be, renamed_rotations(old, new))


def share_line(change: ShareChange, old: Rulebook, new: Rulebook) -> str:
    """`Bala: from 1 in 6 to 1 in 4 of seller leads`."""
    names = {agent.id: agent.name for agent in (*old.policy.agents, *new.policy.agents)}
    rule = new.rules[change.kind.rule]
    leads = speech.leads_of(rule.name, rule.when)
    about = f" about {change.kind.word}" if change.kind.word else ""
    was, will_be = speech.share(change.before), speech.share(change.after)
    return f"{names[change.agent]}: from {was} to {will_be} of {leads}{about}"


SECTIONS = (
    "sla", "acceptance", "escalation", "reclaim", "time_off", "shares", "probation", "backlog", "relationship", "pool",
    "incubation", "tiers", "pledge", "handoff", "notify", "retention",
)  # fmt: skip


def renamed_rotations(old: Rulebook, new: Rulebook) -> dict[str, str]:
    """Old name -> new name of rotations whose rules changed nothing but the name."""

    def signature(rules: list[Rule]) -> object:
        return [rule._replace(name="", rotation=None, otherwise=None) for rule in rules]

    gone = {name: rules for name, rules in old.rotations().items() if name not in new.rotations()}
    come = {name: rules for name, rules in new.rotations().items() if name not in old.rotations()}
    found: dict[str, str] = {}
    for name, rules in gone.items():
        matches = [other for other, others in come.items() if signature(others) == signature(rules)]
        if len(matches) == 1 and matches[0] not in found.values():
            found[name] = matches[0]
    return found


def _entries(kind: str, before: dict[str, Any], after: dict[str, Any], *, named: bool = True) -> list[str]:
    """What came, went and changed; the fields by name, or only that something did."""
    lines = [f"{kind} {name}: removed" for name in before if name not in after]
    lines += [f"{kind} {name}: added" for name in after if name not in before]
    for name in before:
        if name in after and not named:
            lines += [f"{kind} {name}: changed"] if before[name] != after[name] else []
        elif name in after:
            lines += _fields(f"{kind} {name}", before[name]._asdict(), after[name]._asdict())
    return lines


def _fields(place: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = []
    for field in after:
        if before[field] != after[field]:
            was, now = _shown(field, before[field]), _shown(field, after[field])
            found.append(f"{place}: {field} {was} -> {now}" if was != now else f"{place}: {field} changed")
    return found


def _shown(field: str, value: Any) -> str:
    """A value as the broker writes it."""
    if value is None and (field in DURATIONS or field in SWITCHES):
        return "off"
    if value is None or value == ():
        return "off" if field in DURATIONS else "none"
    if isinstance(value, EscalationStep):
        return f"{'at the promise' if value.after is None else speech.brief(value.after)} {value.do}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "criteria":
        return "; ".join(f"{intent}: {', '.join(listed) or 'off'}" for intent, listed in value)
    if hasattr(value, "_asdict"):
        return ", ".join(f"{key} {_shown(key, part)}" for key, part in value._asdict().items())
    if isinstance(value, tuple) and isinstance(value[0], EscalationStep):
        return ", ".join(_shown(field, step) for step in value)
    if isinstance(value, tuple) and isinstance(value[0], Channel):
        return ", ".join(named(value))  # never an address
    if isinstance(value, tuple) and isinstance(value[0], Wording):
        return " ".join(wording.kind for wording in value)
    if field in ("digest", "month_end"):
        return speech.clock(value)
    if field == "quiet":
        return "-".join(map(speech.clock, value))
    if field in SHARES_OF_ONE and isinstance(value, float):
        return f"{round(value * 100, 4):g}%"
    if field == "weight":
        return speech.weight(value)
    if field == "hours":
        return speech.hours(value)
    if field in DURATIONS:
        return speech.brief(value)
    if field == "time_off":
        return ", ".join(f"{first}..{last}" for first, last in value)
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value if part is not None)
    return str(value)


DURATIONS = frozenset(
    {"hot", "warm", "cold", "no_contact", "no_conversion", "claim_within", "next_touch", "within", "reminder", "closed"}
)
SHARES_OF_ONE = frozenset({"A", "B", "at", "confidence", "mature", "target", "fee_share", "commission"})
SWITCHES = frozenset(
    {
        "attempts", "offline", "per_day", "per_hour", "per_agent_per_day", "quiet", "digest", "warn", "month_end",
        "last_resort", "fee", "fee_share",
    }
)  # fmt: skip
