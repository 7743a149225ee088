"""Verify: the file proves itself. Three parts, reported apart (DESIGN, what always holds).

(a) the chain of hashes, every stored projection against a rebuild through `apply`, every text against its
commitment; (b) the books: each turn's panel and that the one owed most got it; (c) replay of each decision
with the facts still there. It reads the whole file once and writes nothing; whatever stands in the file, it
names what is wrong and goes on.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from leadrouter.domain.apply import apply
from leadrouter.domain.classify import classify
from leadrouter.domain.decision import DECISIONS, Case, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import ENGINE, Event, Stored, chained, moment
from leadrouter.domain.journal import BALANCE_EVERY, Head, panel_key
from leadrouter.domain.ledger import Account
from leadrouter.domain.notices import TELLS
from leadrouter.domain.routing import decide, tier_next_up
from leadrouter.domain.state import LeadState
from leadrouter.domain.stored_policy import policy_hash
from leadrouter.domain.strategies import Contest, most_owed
from leadrouter.store import database, desks, evidence
from leadrouter.store.evidence import FactsInBlocks, KeptText
from leadrouter.store.projections import UNREADABLE
from leadrouter.usecases.verdict import Commitments, Kept, Verdict

SELDOM = 100_000
"""New objects after which Python looks for cycles among them: there are none, and the file's leads are all at hand."""

NOBODY = Case(0, "new", "warm", "default", ())


def verify(connection: sqlite3.Connection, expect: str | None = None) -> Verdict:
    """Reads the whole file once and reports what differs. `expect` is a head hash kept elsewhere."""
    gc.set_threshold(SELDOM)
    verdict, committed = Verdict(), Commitments()
    with database.reading(connection):
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
        _policies(connection, committed, verdict)
        _projections(connection, desk, committed, verdict)
        _texts(connection, facts, committed, verdict)
        _outbox(connection, verdict)
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
    if facts is None or event.engine != ENGINE:
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


# --- what is kept beside the chain ----------------------------------------------------------------------------


def _policies(connection: sqlite3.Connection, committed: Commitments, verdict: Verdict) -> None:
    kept = set()
    for version, loaded_at, sha256, policy, text in evidence.policies(connection):
        kept.add(version)
        actual = policy_hash(str(policy), str(text))
        if actual != sha256 or (actual, loaded_at) != committed.policies.get(version):
            verdict.chain.append(f"policy version {version} was changed after it was loaded")
    for version in sorted(committed.policies.keys() - kept):
        verdict.chain.append(f"policy version {version} is missing")


def _projections(connection: sqlite3.Connection, desk: Desk, committed: Commitments, verdict: Verdict) -> None:
    """What the file says against what the events make: agents, accounts, leads, tallies, panels."""
    accounts = {
        (rotation, agent): tuple(account)
        for rotation in desk.ledger.credit
        for agent, account in desk.ledger.accounts(rotation).items()
    }
    for rotation, credit in desk.ledger.credit.items():
        if sum(credit.values()) != 0:
            verdict.books.append(f"rotation {rotation}: the credits do not sum to zero")
    _compare("account", evidence.account_rows(connection), accounts, verdict, absent=Account())
    agents = {agent: desks.agent_row(state) for agent, state in desk.agents.items()}
    _compare("agent", evidence.agent_rows(connection), agents, verdict)
    tallies = {key: count for key, count in desk.changes.tallies.items() if count}
    _compare("tally", evidence.tally_rows(connection), tallies, verdict)
    _compare("panel", evidence.panel_rows(connection), committed.panels, verdict)
    _compare("outcome", evidence.recorded_rows(connection), committed.recorded, verdict)
    renamed, kept = {entry.event: entry for entry in desk.renamings}, desks.renamings(connection)
    _compare("renaming", {entry.event: entry for entry in kept}, renamed, verdict)
    _compare("territory", evidence.last_there(connection), desk.last_there, verdict)
    _compare("backlog", evidence.drained(connection), {"backlog": desk.drained} if desk.drained[0] else {}, verdict)
    left = set(desk.leads)
    for number, stored in evidence.lead_rows(connection):
        left.discard(number)
        if number not in desk.leads:
            verdict.chain.append(f"lead {number}: no event tells where it came from")
            continue
        rebuilt = desks.state_row(desk.leads[number])
        if stored == rebuilt:
            continue
        for column, value, other in zip(desks.STATE_COLUMNS, stored, rebuilt, strict=True):
            if value != other:
                verdict.chain.append(f"lead {number}: {column} is {value!r} in the file, {other!r} by its events")
    verdict.chain += [f"lead {number}: its events are there, its row is missing" for number in sorted(left)]


def _compare(
    what: str, stored: dict[Any, Any], rebuilt: dict[Any, Any], verdict: Verdict, absent: object = None
) -> None:
    for key in sorted(stored.keys() | rebuilt.keys(), key=repr):
        if (stored.get(key) or absent) != (rebuilt.get(key) or absent):
            name = " ".join(map(str, key)) if isinstance(key, tuple) else key.hex() if isinstance(key, bytes) else key
            verdict.chain.append(f"{what} {name}: {stored.get(key)!r} in the file, {rebuilt.get(key)!r} by the events")


def _texts(connection: sqlite3.Connection, facts: FactsInBlocks, committed: Commitments, verdict: Verdict) -> None:
    """Facts, inquiries and notes against their commitments; an erased text proves nothing, a missing row is named."""
    for kept in evidence.lead_facts(connection, facts.intact):
        event, expected = committed.facts.get(kept.lead or 0, (0, None))
        if kept.forged or (kept.hash is not None and kept.hash != expected):
            verdict.chain.append(f"{kept.name}: a fact was changed outside leadrouter since event {event}")
    _against(evidence.inquiry_facts(connection), committed.inquiries, "inquiry", committed, verdict)
    _against(evidence.note_texts(connection), committed.notes, "note", committed, verdict)
    _against(evidence.suppressed_texts(connection), committed.suppressed, "suppression", committed, verdict)


def _against(
    texts: Iterable[KeptText], expected: dict[int, Kept], what: str, committed: Commitments, verdict: Verdict
) -> None:
    missing = set(expected)
    for kept in texts:
        missing.discard(kept.event)
        lead, hashed = expected.get(kept.event, (None, b""))
        erased = kept.hash is None and (lead in committed.forgotten or kept.event in committed.erased_notes)
        if kept.forged or kept.event not in expected or kept.lead != lead or not (erased or kept.hash == hashed):
            verdict.chain.append(f"{kept.name} was changed outside leadrouter")
    verdict.chain += [f"the {what} of event {event} is missing" for event in sorted(missing)]


def _outbox(connection: sqlite3.Connection, verdict: Verdict) -> None:
    """Notices are work to do, not a projection; but none may tell of what did not happen."""
    for number, kind, lead, event, happened, to in evidence.noticed_events(connection):
        if lead != to or (kind != "undelivered" and happened not in TELLS.get(kind, ())):
            verdict.chain.append(f"notice {number} ({kind}) does not tell what happened in event {event}")
