"""What the file keeps beside the chain, against what the events say of it: a part of `verify`.

Every stored projection against the rebuild through `apply`, every policy and every text against its commitment, and
what waits to be told against what happened. Here only is compared, after the last event; the chain itself, the books
and the replay are in `verify`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from leadrouter.domain.desk import Desk
from leadrouter.domain.ledger import Account
from leadrouter.domain.notices import TELLS
from leadrouter.domain.stored_policy import policy_hash
from leadrouter.store import desks, evidence, rows
from leadrouter.store.evidence import FactsInBlocks, KeptText
from leadrouter.usecases.verdict import Commitments, Committed, Verdict


def policies(connection: sqlite3.Connection, committed: Commitments, verdict: Verdict) -> None:
    """Every version of the policy against the hash in the event that loaded it."""
    kept = set()
    for version, loaded_at, sha256, policy, text in evidence.policies(connection):
        kept.add(version)
        actual = policy_hash(str(policy), str(text))
        if actual != sha256 or (actual, loaded_at) != committed.policies.get(version):
            verdict.chain.append(f"policy version {version} was changed after it was loaded")
    for version in sorted(committed.policies.keys() - kept):
        verdict.chain.append(f"policy version {version} is missing")


def projections(connection: sqlite3.Connection, desk: Desk, committed: Commitments, verdict: Verdict) -> None:
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
    agents = {agent: rows.agent_row(state) for agent, state in desk.agents.items()}
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
        rebuilt = rows.state_row(desk.leads[number])
        if stored == rebuilt:
            continue
        for column, value, other in zip(rows.STATE_COLUMNS, stored, rebuilt, strict=True):
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


def texts(connection: sqlite3.Connection, facts: FactsInBlocks, committed: Commitments, verdict: Verdict) -> None:
    """Facts, inquiries and notes against their commitments; an erased text proves nothing, a missing row is named."""
    for kept in evidence.lead_facts(connection, facts.intact):
        event, expected = committed.facts.get(kept.lead or 0, (0, None))
        if kept.forged or (kept.hash is not None and kept.hash != expected):
            verdict.chain.append(f"{kept.name}: a fact was changed outside leadrouter since event {event}")
    _against(evidence.inquiry_facts(connection), committed.inquiries, "inquiry", committed, verdict)
    _against(evidence.note_texts(connection), committed.notes, "note", committed, verdict)
    _against(evidence.suppressed_texts(connection), committed.suppressed, "suppression", committed, verdict)


def _against(
    texts: Iterable[KeptText], expected: dict[int, Committed], what: str, committed: Commitments, verdict: Verdict
) -> None:
    missing = set(expected)
    for kept in texts:
        missing.discard(kept.event)
        lead, hashed = expected.get(kept.event, (None, b""))
        erased = kept.hash is None and (lead in committed.forgotten or kept.event in committed.erased_notes)
        if kept.forged or kept.event not in expected or kept.lead != lead or not (erased or kept.hash == hashed):
            verdict.chain.append(f"{kept.name} was changed outside leadrouter")
    verdict.chain += [f"the {what} of event {event} is missing" for event in sorted(missing)]


def outbox(connection: sqlite3.Connection, verdict: Verdict) -> None:
    """Notices are work to do, not a projection; but none may tell of what did not happen."""
    for number, kind, lead, event, happened, to in evidence.noticed_events(connection):
        if lead != to or (kind != "undelivered" and happened not in TELLS.get(kind, ())):
            verdict.chain.append(f"notice {number} ({kind}) does not tell what happened in event {event}")
