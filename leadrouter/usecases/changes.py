"""What changes between two policies, in words: what `load` prints before anybody is surprised."""

from __future__ import annotations

from typing import Any

from leadrouter.domain.policy import WEIGHT_UNIT, Policy


def changes_between(before: Policy | None, after: Policy) -> list[str]:
    """One line per difference, the team first, then agents, rules and the rest."""
    if before is None:
        names = ", ".join(agent.name for agent in after.agents)
        return [f"first policy: {len(after.agents)} agents ({names}), {len(after.rules)} rules"]
    lines = _fields("team", before.team._asdict(), after.team._asdict())
    lines += _entries("agent", {a.id: a for a in before.agents}, {a.id: a for a in after.agents})
    lines += _entries("rule", {r.name: r for r in before.rules}, {r.name: r for r in after.rules})
    for key in ("sla", "reclaim"):
        lines += _fields(key, getattr(before, key)._asdict(), getattr(after, key)._asdict())
    if before.ramp_up != after.ramp_up:
        lines.append("ramp_up: changed")
    if [a.id for a in before.agents if a in after.agents] != [a.id for a in after.agents if a in before.agents]:
        lines.append("order of the rotation: changed")
    return lines


def _entries(kind: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    lines = [f"{kind} {name}: removed" for name in before if name not in after]
    lines += [f"{kind} {name}: added" for name in after if name not in before]
    for name in before:
        if name in after:
            lines += _fields(f"{kind} {name}", before[name]._asdict(), after[name]._asdict())
    return lines


def _fields(place: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{place}: {field} {_shown(field, before[field])} -> {_shown(field, after[field])}"
        for field in after
        if before[field] != after[field]
    ]


def _shown(field: str, value: Any) -> str:
    if field == "weight":
        return f"{value / WEIGHT_UNIT:g}"
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    return str(value)
