"""Verify: the file proves itself. Three parts, reported apart (DESIGN, what always holds).

(a) the chain of hashes, and every stored projection against a rebuild through `apply`; (b) the books: each turn's
panel and that the one owed most got it; (c) replay of each decision with the facts still there. It reads the
whole file and writes nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from leadrouter.domain.apply import apply
from leadrouter.domain.classify import classify
from leadrouter.domain.decision import shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import ENGINE, GENESIS, Event, chained
from leadrouter.domain.journal import BALANCE_EVERY, Head, panel_key
from leadrouter.domain.ledger import Account
from leadrouter.domain.routing import decide
from leadrouter.domain.state import LeadState
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.store import database, desks, evidence


@dataclass
class Verdict:
    """What was found. `problems` name the event, lead, agent or account at fault."""

    events: int = 0
    head: str = GENESIS.hex()
    expected: bool = True
    replayed: int = 0
    not_replayed: int = 0
    chain: list[str] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    replay: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """All problems, the chain first."""
        return [*self.chain, *self.books, *self.replay]

    @property
    def ok(self) -> bool:
        """Whether nothing at all was found."""
        return not self.problems


def verify(connection: sqlite3.Connection, expect: str | None = None) -> Verdict:
    """Reads the whole file once and reports what differs. `expect` is a head hash kept elsewhere."""
    verdict = Verdict()
    with database.reading(connection):
        desk = Desk(lambda version: desks.read_rulebook(connection, version))
        facts = evidence.Facts(connection)
        _policies(connection, verdict)
        found = expect is None
        for event, link in _chain(connection, verdict):
            found = found or (expect is not None and link.hex().startswith(expect.lower()))
            _event(desk, event, facts, verdict)
        if not found:
            verdict.expected = False
            verdict.chain.append(f"the head hash {expect} kept elsewhere is nowhere in this chain: it was rewritten")
        _projections(connection, desk, verdict)
        _facts(facts, verdict)
    return verdict


def _chain(connection: sqlite3.Connection, verdict: Verdict) -> Iterator[tuple[Event, bytes]]:
    """Every event in order, its place in the chain checked. A break is named once; reading goes on behind it."""
    head = Head()
    for *columns, link in evidence.events(connection):
        seq = columns[0]
        if seq != head.seq + 1:
            verdict.chain.append(
                f"event {head.seq + 1} is missing" + (f" up to {seq - 1}" if seq > head.seq + 2 else "")
            )
        elif chained(head.hash, tuple(columns)) != link:
            verdict.chain.append(f"event {seq} ({columns[2]}) was changed, or the one before it was replaced")
        head = Head(seq, link)
        verdict.events += 1
        try:
            event = evidence.event_of(columns)
        except ValueError:
            verdict.chain.append(f"event {seq} cannot be read")
            continue
        yield event, link
    verdict.head = head.hash.hex()
    kept = desks.read_head(connection)
    if kept.seq > head.seq:
        verdict.chain.append(
            f"event {head.seq + 1} is missing" + (f" up to {kept.seq}" if kept.seq > head.seq + 1 else "")
        )
    elif kept != head:
        verdict.chain.append("the stored head of the chain does not match its last event")


def _event(desk: Desk, event: Event, facts: evidence.Facts, verdict: Verdict) -> None:
    """One event: the books and the decision checked against the desk as it stood, then applied."""
    try:
        if event.facts is not None and event.lead is not None:
            facts.commit(event.lead, event.seq, event.kind, event.facts)
        if event.kind == "balance":
            _balance(desk, event, verdict)
        if event.kind == "assigned" and event.data.get("panel"):
            _books(desk, event, verdict)
        if event.kind in ("assigned", "unassigned", "pooled"):
            _replay(desk, event, facts, verdict)
        apply(desk, event)
    except (AssertionError, KeyError, IndexError, TypeError, ValueError) as error:
        verdict.chain.append(
            f"event {event.seq} ({event.kind}) does not fit what happened before it: {type(error).__name__}"
        )


def _books(desk: Desk, event: Event, verdict: Verdict) -> None:
    lineup = desk.panels[event.data["panel"]]
    if lineup.rotation is None or lineup.panel != shares_of(lineup.seats) or event.agent not in dict(lineup.panel):
        verdict.books.append(
            f"event {event.seq}: {event.agent} paid a turn without a seat on panel {event.data['panel']}"
        )
        return
    owed = STRATEGIES[lineup.strategy].pick(lineup.rotation, lineup.panel, desk)
    if owed != event.agent:
        verdict.books.append(f"event {event.seq}: lead {event.lead} went to {event.agent}, but {owed} was owed most")


def _replay(desk: Desk, event: Event, facts: evidence.Facts, verdict: Verdict) -> None:
    assert event.lead is not None
    known = facts.intact(event.lead)
    if known is None or event.engine != ENGINE:
        verdict.not_replayed += 1
        return
    state = desk.leads.get(event.lead) or LeadState(event.lead)
    case = classify(known, state, desk.policy, event.at, event.data.get("occasion", "new"))
    decision = decide(case, desk, desk.policy, event.at)
    verdict.replayed += 1
    lineup = desk.panels.get(event.data.get("panel", 0))
    if (decision.outcome, decision.agent, decision.reason, case.quality) != (
        event.kind, event.agent, event.data["reason"], event.data["quality"],
    ):  # fmt: skip
        verdict.replay.append(
            f"event {event.seq}: lead {event.lead} is recorded as {event.kind} {event.agent or ''}".rstrip()
            + f", the policy of its time gives {decision.outcome} {decision.agent or ''}".rstrip()
        )
    elif decision.lineup != lineup:
        verdict.replay.append(
            f"event {event.seq}: the recorded candidates or skips are not those of the policy of its time"
        )


def _balance(desk: Desk, event: Event, verdict: Verdict) -> None:
    if event.seq % BALANCE_EVERY or event.data["credit"] != desk.ledger.credit:
        verdict.books.append(f"event {event.seq}: the recorded balances are not those of the rounds before it")


def _policies(connection: sqlite3.Connection, verdict: Verdict) -> None:
    hashes = evidence.policy_hashes(connection)
    for version, kept, policy in evidence.policies(connection):
        actual = hashlib.sha256(policy.encode()).hexdigest()
        if actual != kept or actual != hashes.get(version):
            verdict.chain.append(f"policy version {version} was changed after it was loaded")


def _projections(connection: sqlite3.Connection, desk: Desk, verdict: Verdict) -> None:
    """What the file says against what the events make: agents, accounts, leads, tallies, panels."""
    rebuilt_agents = {agent: desks.agent_row(state) for agent, state in desk.agents.items()}
    _compare("agent", evidence.agent_rows(connection), rebuilt_agents, verdict)
    accounts = {
        (rotation, agent): tuple(account)
        for rotation in desk.ledger.credit
        for agent, account in desk.ledger.accounts(rotation).items()
    }
    for rotation, credit in desk.ledger.credit.items():
        if sum(credit.values()) != 0:
            verdict.books.append(f"rotation {rotation}: the credits do not sum to zero")
    _compare("account", evidence.account_rows(connection), accounts, verdict)
    _compare("tally", evidence.tally_rows(connection), dict(desk.changes.tallies), verdict)
    panels = {panel_key(json.loads(text)): seq for seq, text in evidence.panel_texts(connection)}
    _compare("panel", evidence.panel_rows(connection), panels, verdict)
    left = set(desk.leads)
    for number, stored in evidence.lead_rows(connection):
        state = desk.leads.get(number)
        left.discard(number)
        if state is None:
            verdict.chain.append(f"lead {number}: no event tells where it came from")
            continue
        rebuilt = desks.state_row(state)
        for column, value, other in zip(desks.STATE_COLUMNS, stored, rebuilt, strict=True):
            if value != other:
                verdict.chain.append(f"lead {number}: {column} is {value!r} in the file, {other!r} by its events")
    verdict.chain += [f"lead {number}: its events are there, its row is missing" for number in sorted(left)]


def _compare(what: str, stored: dict[Any, Any], rebuilt: dict[Any, Any], verdict: Verdict) -> None:
    for key in sorted(stored.keys() | rebuilt.keys(), key=repr):
        if stored.get(key) != rebuilt.get(key):
            name = " ".join(map(str, key)) if isinstance(key, tuple) else key.hex() if isinstance(key, bytes) else key
            if stored.get(key) == Account() or rebuilt.get(key) == Account():
                continue
            verdict.chain.append(f"{what} {name}: {stored.get(key)!r} in the file, {rebuilt.get(key)!r} by the events")


def _facts(facts: evidence.Facts, verdict: Verdict) -> None:
    for lead, event in facts.edited():
        verdict.chain.append(f"lead {lead}: a fact was changed outside leadrouter since event {event}")
    for inquiry, lead in facts.edited_inquiries():
        verdict.chain.append(f"inquiry {inquiry} of lead {lead}: a fact was changed outside leadrouter")
