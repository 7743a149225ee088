"""Verify: the file proves itself. Three parts, reported apart (DESIGN, what always holds).

(a) the chain of hashes, and with it what is kept beside the chain (`beside_the_chain`); (b) the books: each
turn's panel and that the one owed most got it; (c) replay of each decision with the facts still there. It reads
the whole file once and writes nothing; whatever stands in the file, it names what is wrong and goes on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from leadrouter.domain.apply import apply
from leadrouter.domain.classify import classify
from leadrouter.domain.decision import DECISIONS, Case, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import ENGINE, REPLAYED, Event, Stored, chained, moment
from leadrouter.domain.journal import BALANCE_EVERY, Head, panel_key
from leadrouter.domain.routing import decide, tier_next_up
from leadrouter.domain.state import LeadState
from leadrouter.domain.strategies import Contest, most_owed
from leadrouter.store import desks, evidence, transactions
from leadrouter.store.evidence import FactsInBlocks
from leadrouter.store.projections import UNREADABLE
from leadrouter.usecases import beside_the_chain
from leadrouter.usecases.verdict import Commitments, Verdict

NOBODY = Case(0, "new", "warm", "default", ())


def verify(connection: sqlite3.Connection, expect: str | None = None) -> Verdict:
    """Reads the whole file once and reports what differs. `expect` is a head hash kept elsewhere."""
    verdict, committed = Verdict(), Commitments()
    with transactions.reading(connection):
        desk, facts = Desk(lambda version: desks.read_rulebook(connection, version)), FactsInBlocks(connection)
        found = expect is None
        for event, link in _chain(connection, verdict):
            found = found or link.hex().startswith((expect or "").lower())
            _event(desk, event, facts, committed, verdict)
        if not found:
            verdict.chain.append(
                f"the head hash {expect} kept elsewhere is nowhere in this chain: the file was rewritten, or restored "
                "from a backup and went its own way since"
            )
        beside_the_chain.policies(connection, committed, verdict)
        beside_the_chain.projections(connection, desk, committed, verdict)
        beside_the_chain.texts(connection, facts, committed, verdict)
        beside_the_chain.outbox(connection, verdict)
    return verdict


# --- (a) the chain --------------------------------------------------------------------------------------------


def _chain(connection: sqlite3.Connection, verdict: Verdict) -> Iterator[tuple[Event, bytes]]:
    """Every event in order, its place in the chain checked. A break is named once; reading goes on behind it."""
    head = Head()
    for row in evidence.events(connection):
        columns, link = row[:-1], row[-1]
        seq = columns[0]
        if seq != head.seq + 1:
            _missing(head.seq + 1, seq - 1, verdict)
        elif chained(head.hash, columns) != link:
            verdict.at(seq, verdict.chain, f"event {seq} ({columns[2]}) was changed, or the one before it was replaced")
        head = Head(seq, link)
        verdict.events += 1
        event = _event_of(columns)
        if event is None:
            verdict.at(seq, verdict.chain, f"event {seq} cannot be read")
        else:
            yield event, link
    verdict.head = head.hash.hex()
    kept = desks.read_head(connection)
    if kept.seq > head.seq:
        _missing(head.seq + 1, kept.seq, verdict)
    elif kept != head:
        verdict.chain.append("the stored head of the chain does not match its last event")


def _missing(first: int, last: int, verdict: Verdict) -> None:
    said = f"event {first} is missing" if first >= last else f"events {first} to {last} are missing"
    verdict.at(first, verdict.chain, said)


def _event_of(columns: Stored) -> Event | None:
    """A stored row as an event, or None if it cannot be one."""
    seq, at, kind, lead, agent, by, policy, engine, data, facts = columns
    try:
        return Event(seq, moment(at), kind, lead, agent, by, policy, _fields(data), facts, engine)
    except UNREADABLE:
        return None


@lru_cache(maxsize=1024)
def _fields(data: str) -> dict[str, Any]:
    """The data of an event. Remembered, since most events of a day say the same; nobody changes what an event says."""
    return dict(json.loads(data))


def _event(desk: Desk, event: Event, facts: FactsInBlocks, committed: Commitments, verdict: Verdict) -> None:
    """One event: the decision and the books checked against the desk as it stood, then applied.

    A replay that gives the same agent from the same panel has asked the books already; they are asked again only
    where it did not come to that.
    """
    try:
        _commit(event, facts, committed)
        if event.kind == "balance":
            _balance(desk, event, verdict)
        same = event.kind in DECISIONS and _replay(desk, event, facts, committed, verdict)
        if not same and event.kind in ("assigned", "offered", "qualifying", "claimed") and event.data.get("panel"):
            _books(desk, event, verdict)
        apply(desk, event)
    except UNREADABLE as error:
        what = f"event {event.seq} ({event.kind})"
        verdict.at(event.seq, verdict.chain, f"{what} does not fit what happened before it: {type(error).__name__}")


def _commit(event: Event, facts: FactsInBlocks, committed: Commitments) -> None:
    if event.kind == "inquired" and event.facts is not None:
        committed.inquiries[event.seq] = (event.lead, event.facts)
    elif event.facts is not None and event.lead is not None:
        committed.facts[event.lead] = (event.seq, event.facts)
        facts.committed_anew(event.lead)
    if "note" in event.data:
        committed.notes[event.seq] = (event.lead, bytes.fromhex(event.data["note"]))
    if event.kind == "forgotten" and event.lead is not None:
        committed.forgotten.add(event.lead)
        committed.erased_notes.update(event.data.get("notes", ()))
        if "list" in event.data:
            committed.suppressed[event.seq] = (event.lead, bytes.fromhex(event.data["list"]))
    if event.kind == "allowed":
        committed.suppressed = {seq: kept for seq, kept in committed.suppressed.items() if kept[0] != event.lead}
    if event.kind == "policy_loaded":
        committed.policies[event.data["version"]] = (event.data["sha256"], event.at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    if "row" in event.data:
        committed.recorded[bytes.fromhex(event.data["row"])] = event.seq
    if event.kind == "panel":
        committed.panels[panel_key(event.data)] = event.seq


# --- (b) the books --------------------------------------------------------------------------------------------


def _books(desk: Desk, event: Event, verdict: Verdict) -> None:
    """A turn was paid by somebody on the panel; where credit decides, by the tier and the agent owed most."""
    lineup, tier = desk.panels[event.data["panel"]], event.data.get("tier")
    seated = lineup.panel == shares_of(lineup.seats) and event.agent in dict(lineup.members(tier))
    if lineup.rotation is None or not seated:
        verdict.at(
            event.seq, verdict.books, f"event {event.seq}: {event.agent} has no seat on panel {event.data['panel']}"
        )
        return
    if event.data.get("reason") not in ("most_owed", "only_one"):
        return
    owed = most_owed(Contest(NOBODY, lineup.rotation, lineup.members(tier)), desk)
    if tier != tier_next_up(lineup, desk):
        verdict.at(
            event.seq,
            verdict.books,
            f"event {event.seq}: lead {event.lead} went to tier {tier}, but another was owed most",
        )
    elif owed != event.agent:
        verdict.at(
            event.seq,
            verdict.books,
            f"event {event.seq}: lead {event.lead} went to {event.agent}, but {owed} was owed most",
        )


def _balance(desk: Desk, event: Event, verdict: Verdict) -> None:
    if event.seq % BALANCE_EVERY or event.data["credit"] != desk.ledger.credit:
        verdict.at(
            event.seq, verdict.books, f"event {event.seq}: the recorded balances are not those of the rounds before it"
        )


# --- (c) replay -----------------------------------------------------------------------------------------------


def _replay(desk: Desk, event: Event, kept: FactsInBlocks, committed: Commitments, verdict: Verdict) -> bool:
    """Whether the decision comes out the same, candidates, skips and all; false too where it cannot be replayed."""
    assert event.lead is not None
    _, latest = committed.facts.get(event.lead, (0, None))
    facts = kept.intact_facts(event.lead, latest)
    if facts is None or not REPLAYED <= event.engine <= ENGINE:
        verdict.not_replayed += 1
        return False
    state = desk.leads.get(event.lead)
    if state is None:
        state = desk.leads[event.lead] = LeadState(event.lead)
    case = classify(facts, state, desk.policy, event.at, event.data.get("occasion", "new"), event.data.get("known"))
    decision = decide(case, desk, desk.policy, event.at)
    verdict.replayed += 1
    then = (event.kind, event.agent, event.data["reason"], event.data.get("tier"), event.data["quality"])
    now = (decision.outcome, decision.agent, decision.reason, decision.tier, case.quality)
    if now != then:
        verdict.at(
            event.seq,
            verdict.replay,
            f"event {event.seq}: lead {event.lead} is recorded as {event.kind} {event.agent or ''}".rstrip()
            + f", the policy of its time gives {decision.outcome} {decision.agent or ''}".rstrip(),
        )
        return False
    recorded = desk.panels.get(event.data.get("panel", 0))
    if decision.lineup is not recorded and decision.lineup != recorded:
        verdict.at(
            event.seq,
            verdict.replay,
            f"event {event.seq}: its candidates or skips are not those of the policy of its time",
        )
        return False
    return True
