"""What a policy made of the same leads: who got them, how fair it was, how full anybody was, how long people waited.

One side of a comparison, measured from events alone by the same functions for what happened and for what would have.
Nothing is decided, and nothing is known of where the events come from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadrouter.domain.apply import rounds_in
from leadrouter.domain.decision import LineUp
from leadrouter.domain.events import Event
from leadrouter.domain.ledger import TIERS, Ledger, Renaming
from leadrouter.domain.response import Stint, stints
from leadrouter.domain.rounds import UNIT

DECIDED = frozenset({"assigned", "offered", "qualifying", "unassigned", "pooled", "held", "incubating"})


@dataclass
class Side:
    """One side. `first` and `last` give each lead's first and latest holder, `waited` the minutes until there was one.

    `peak` is the most leads that an agent held at once, `due` and `received` are over all rotations together, in leads;
    `deviation` is the largest distance between the two in any rotation. `skips` count, per agent, the decisions that
    passed them over, by reason; `taken_back` the leads that clocks took from somebody.
    """

    first: dict[int, str] = field(default_factory=dict)
    last: dict[int, str] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    nobody: int = 0
    peak: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    received: Counter[str] = field(default_factory=Counter)
    deviation: float = 0.0
    skips: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    taken_back: int = 0


def measure(
    events: Iterable[Event],
    leads: Mapping[int, datetime],
    panels: Mapping[int, LineUp],
    since: datetime,
    until: datetime,
    past: Mapping[int, Stint] | None = None,
) -> Side:
    """Measures one side. `leads` are the ones compared and when each came in; `past` says who had leads of earlier
    times, which no event tells of; for them, how long it took is not known.
    """
    side, histories = Side(), defaultdict[int, list[Event]](list)
    renamings: list[Renaming] = []
    ledger = Ledger()
    for event in events:
        if event.lead is not None and event.at <= until:
            histories[event.lead].append(event)
        if event.kind == "rotation_renamed":
            renamings.append(Renaming(event.seq, event.data["from"], event.data["to"]))
            ledger.rename(event.data["from"], event.data["to"])
        if since <= event.at <= until:
            for round_, turns in rounds_in(event, panels, renamings) if event.kind not in CORRECTIONS else ():
                ledger.post(round_, turns)
            if event.lead in leads:
                _count(side, event, panels)
    held = {lead: stints(history) for lead, history in histories.items()}
    held.update({lead: [stint] for lead, stint in (past or {}).items()})
    for lead, came in leads.items():
        _who_had(side, lead, came, held.get(lead, ()), known=lead not in (past or {}))
    side.peak = peaks([stint for each in held.values() for stint in each], since, until)
    _turns(side, ledger)
    return side


CORRECTIONS = frozenset({"credited", "agent_left"})
"""What is posted by hand or for a leaver is no turn."""


def _count(side: Side, event: Event, panels: Mapping[int, LineUp]) -> None:
    side.taken_back += event.kind == "reclaimed" and event.data.get("hop", True)
    if event.kind in DECIDED and event.data.get("panel"):
        for agent, reason in panels[event.data["panel"]].skipped().items():
            side.skips[agent][reason] += 1


def _who_had(side: Side, lead: int, came: datetime, held: Sequence[Stint], *, known: bool) -> None:
    if not held:
        side.nobody += 1
        return
    side.first[lead], side.last[lead] = held[0].agent, held[-1].agent
    if known:
        side.waited.append((held[0].since - came).total_seconds() / 60)


def peaks(held: Collection[Stint], since: datetime, until: datetime) -> dict[str, int]:
    """Agent -> the most leads held at once between two moments; one given up makes room for the next."""
    changes = defaultdict[str, list[tuple[datetime, int]]](list)
    for stint in held:
        end = min(stint.until or until, until)
        if stint.since <= until and end >= since:
            changes[stint.agent] += [(max(stint.since, since), 1), *([(end, -1)] if stint.until else [])]
    found = {}
    for agent, steps in changes.items():
        load = most = 0
        for _, step in sorted(steps):
            load += step
            most = max(most, load)
        found[agent] = most
    return found


def _turns(side: Side, ledger: Ledger) -> None:
    for rotation in ledger.credit:
        if rotation.endswith(TIERS):
            continue
        for agent, account in ledger.accounts(rotation).items():
            side.due[agent] = side.due.get(agent, 0.0) + account.due / UNIT
            side.received[agent] += account.received
            side.deviation = max(side.deviation, abs(account.received - account.due / UNIT))
