"""A policy to and from plain JSON data: how a version is kept in the file and told apart from another.

Every default is written out, so that a stored version keeps its meaning in later programs. No YAML: that is `config`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from leadrouter.domain.policy import (
    QUALITIES,
    Agent,
    Pledge,
    Policy,
    Probation,
    Promote,
    Promotion,
    RampStep,
    Relationship,
    Rule,
    Shares,
    Target,
    Team,
    Territory,
    Tiers,
)
from leadrouter.domain.preset import Preset
from leadrouter.domain.promises import (
    Acceptance,
    Attempts,
    Backlog,
    Escalation,
    EscalationStep,
    Handoff,
    Hold,
    Incubation,
    Isa,
    Offline,
    Pool,
    Reclaim,
    Retention,
    Sla,
    TimeOff,
)
from leadrouter.domain.telling import Channel, Notify, Warn, Wording


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
        agents=tuple(_agent(entry) for entry in data["agents"]),
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
        incubation=Incubation(**{"inquiry_wakes": False} | data["incubation"]),
        acceptance=Acceptance(**data.get("acceptance", {})),
        escalation=_escalation(data.get("escalation", {"hot": (), "warm": (), "cold": ()})),
        time_off=TimeOff(**data.get("time_off", {})),
        isa=Isa(**data.get("isa", {})),
        handoff=Handoff(**_frozen(data.get("handoff", {"criteria": []}))),
        presets=tuple(Preset(**_frozen(entry)) for entry in data.get("presets", ())),
        tiers=_tiers(data.get("tiers", {})),
        pledge=Pledge(**data.get("pledge", {})),
        notify=_notify(data.get("notify", {})),
        retention=Retention(**data.get("retention", {})),
    )


def _agent(entry: dict[str, Any]) -> Agent:
    return Agent(**_frozen(entry | {"notify": ()}))._replace(notify=_channels(entry.get("notify", ())))


def _channels(entries: Iterable[dict[str, Any]]) -> tuple[Channel, ...]:
    return tuple(Channel(**_frozen(entry)) for entry in entries)


def _notify(entry: dict[str, Any]) -> Notify:
    channels = {key: _channels(entry[key]) for key in ("leader", "team", "last_resort") if entry.get(key)}
    warn = Warn(**entry["warn"]) if entry.get("warn") else None
    wordings = tuple(Wording(**wording) for wording in entry.get("wordings", ()))
    return Notify(**_frozen(entry) | channels | {"warn": warn, "wordings": wordings})


def _sla(entry: dict[str, Any]) -> Sla:
    offline = entry.get("offline")
    return Sla(**entry | {"offline": Offline(**offline) if offline else None})


def _reclaim(entry: dict[str, Any]) -> Reclaim:
    attempts = entry["attempts"]
    return Reclaim(**entry | {"attempts": Attempts(**attempts) if attempts else None, "hold": Hold(**entry["hold"])})


def _escalation(entry: dict[str, Any]) -> Escalation:
    steps = {quality: tuple(EscalationStep(**step) for step in entry[quality]) for quality in QUALITIES}
    return Escalation(**entry | steps)


def _tiers(entry: dict[str, Any]) -> Tiers:
    promote = {tier: Promotion(**asked) for tier, asked in entry.get("promote", {}).items()}
    return Tiers(**_frozen(entry) | {"promote": Promote(**promote)})


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
