"""Desks in and out of the file: loads what deciding needs, writes back what `apply` changed.

The size of a desk follows the team, not the history: the leads at hand are loaded by number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leadrouter.domain.decision import lineup_from
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso, moment
from leadrouter.domain.journal import Head, Journal
from leadrouter.domain.ledger import Account, Renaming
from leadrouter.domain.notices import Notice
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import AgentState, LeadState
from leadrouter.domain.stored_policy import rebuild
from leadrouter.store.partial_indexes import OPEN, WAITING

STATE_COLUMNS = (
    "state", "agent", "quality", "rule", "reason", "assigned_at", "clock_at", "attempts", "attempted_at", "reached_at",
    "contacted_at", "closed_at", "value", "hops", "past_holders", "excluded", "inquiries", "turn_panel", "turn_payer",
    "turn_tier", "waits_for", "resting", "holder_left_at", "due_at", "conversion_at", "hold_at", "offers", "declined",
    "escalated", "extended", "promise_missed", "requested_by", "told_at", "waits_as", "isa", "handed_off_at",
    "appointment_by", "incubated_at", "touch_at", "showed_intent", "forgotten_at",
)  # fmt: skip
"""The columns of `leads` that are a projection of the events, in the order of LeadState's fields."""

AGENT_COLUMNS = (
    "agent", "active", "joined", "open", "day", "day_count", "hour", "hour_count", "last_lead", "leads", "contacts",
    "absences", "misses", "offline_since", "claim_day", "claims", "complaints",
    "tier", "skill", "reviewed_at", "findings",
)  # fmt: skip
"""The columns of `agents`, in the order of AgentState's fields."""

_SAVE_AGENT = (
    f"INSERT INTO agents ({', '.join(AGENT_COLUMNS)}) VALUES ({', '.join('?' * len(AGENT_COLUMNS))}) "
    "ON CONFLICT (agent) DO UPDATE SET " + ", ".join(f"{column} = excluded.{column}" for column in AGENT_COLUMNS[1:])
)
# An upsert, since REPLACE would delete the row first and search every child table for it.

_IN_BATCHES = 500


def read_head(connection: sqlite3.Connection) -> Head:
    """The end of the chain."""
    row = connection.execute("SELECT seq, hash FROM head").fetchone()
    return Head(*row) if row else Head()


def read_rulebook(connection: sqlite3.Connection, version: int) -> Rulebook:
    """A policy version, compiled."""
    row = connection.execute("SELECT policy FROM policies WHERE version = ?", (version,)).fetchone()
    return Rulebook(rebuild(json.loads(row[0])))


def load_desk(connection: sqlite3.Connection) -> Desk:
    """The desk as it stands: policy in force, agents, accounts. No leads yet: see `load_leads`."""
    desk = Desk(lambda version: read_rulebook(connection, version))
    row = connection.execute("SELECT max(version) FROM policies").fetchone()
    if row[0] is not None:
        desk.adopt(row[0])
    for row in connection.execute(f"SELECT {', '.join(AGENT_COLUMNS)} FROM agents"):
        state = agent_state(row)
        desk.agents[state.agent] = state
    desk.last_there.update(connection.execute("SELECT territory, agent FROM last_there").fetchall())
    desk.renamings += renamings(connection)
    drained = connection.execute("SELECT hour, dealt FROM backlog").fetchone()
    desk.drained = drained or desk.drained
    for rotation, agent, *account in connection.execute("SELECT rotation, agent, credit, due, received FROM rotations"):
        desk.ledger.open_account(rotation, agent, Account(*account))
    return desk


def renamings(connection: sqlite3.Connection) -> list[Renaming]:
    """Every rotation that goes on under another name, in the order in which they were renamed."""
    rows = connection.execute("SELECT event, before, after FROM renamings ORDER BY event")
    return [Renaming(*row) for row in rows]


def load_leads(connection: sqlite3.Connection, desk: Desk, numbers: Iterable[int]) -> None:
    """Puts these leads on the desk, and the panels of their turns."""
    wanted = [number for number in numbers if number not in desk.leads]
    for start in range(0, len(wanted), _IN_BATCHES):
        marks = ", ".join("?" * len(wanted[start : start + _IN_BATCHES]))
        _place(connection, desk, f"lead IN ({marks})", wanted[start : start + _IN_BATCHES])


def load_live_leads(connection: sqlite3.Connection, desk: Desk, agent: str | None = None) -> None:
    """Puts every lead that is not closed, or one agent's open ones, on the desk: their deadlines may move."""
    if agent is None:
        _place(connection, desk, OPEN, [])
        _place(connection, desk, WAITING, [])
    else:
        _place(connection, desk, f"agent = ? AND {OPEN}", [agent])


def find_panel(connection: sqlite3.Connection, key: bytes) -> int | None:
    """The number of a line-up recorded earlier."""
    row = connection.execute("SELECT panel FROM panels WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def load_panel(connection: sqlite3.Connection, desk: Desk, number: int) -> None:
    """Puts a recorded line-up on the desk."""
    if number and number not in desk.panels:
        row = connection.execute("SELECT data FROM events WHERE seq = ?", (number,)).fetchone()
        desk.know_panel(number, lineup_from(json.loads(row[0])))


def save(connection: sqlite3.Connection, journal: Journal) -> None:
    """Writes what happened: events with their hashes, and the rows of the desk that they changed.

    New leads were inserted before with their facts; here every touched lead gets its present state.
    """
    desk, changes = journal.desk, journal.desk.changes
    executemany = connection.executemany
    if changes.agents:
        executemany(
            _SAVE_AGENT,
            [agent_row(desk.agents[agent]) for agent in sorted(changes.agents)],
        )
    if changes.leads:
        sets = ", ".join(f"{column} = ?" for column in STATE_COLUMNS)
        executemany(
            f"UPDATE leads SET {sets} WHERE lead = ?",
            [(*state_row(desk.leads[lead]), lead) for lead in sorted(changes.leads)],
        )
    executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*columns, link) for columns, link in journal.pending],
    )
    executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", journal.notes)
    if journal.notices:
        post(connection, journal.notices)
    executemany("INSERT INTO panels VALUES (?, ?)", journal.new_panels.items())
    renamed = [(rotation,) for rotation in desk.ledger.changed if rotation not in desk.ledger.credit]
    executemany("DELETE FROM rotations WHERE rotation = ?", renamed)
    executemany(
        "INSERT OR REPLACE INTO rotations VALUES (?, ?, ?, ?, ?)",
        [
            (rotation, agent, *account)
            for rotation in sorted(desk.ledger.changed)
            for agent, account in desk.ledger.accounts(rotation).items()
        ],
    )
    executemany(
        "INSERT INTO tallies VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (month, panel, agent, what) DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in changes.tallies.items()],
    )
    executemany("INSERT OR REPLACE INTO last_there VALUES (?, ?)", desk.last_there.items())
    if desk.drained[0]:
        connection.execute("INSERT OR REPLACE INTO backlog VALUES (1, ?, ?)", desk.drained)
    executemany("INSERT OR IGNORE INTO renamings VALUES (?, ?, ?)", desk.renamings)
    if journal.pending:
        connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", journal.head)
    journal.settle()


def post(connection: sqlite3.Connection, notices: Iterable[Notice]) -> None:
    """Puts notices into the outbox, each once: what is there already stays as it is."""
    connection.executemany(
        "INSERT OR IGNORE INTO notices (about, person, channel, kind, made_at, event, lead, try_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5)",
        [
            (about, person, channel, kind, iso(at), event, lead)
            for about, person, channel, kind, at, event, lead in notices
        ],
    )


def agent_row(state: AgentState) -> tuple[Any, ...]:
    """An agent's state as the columns of `agents`."""
    return (
        state.agent, int(state.active), state.joined, state.open, state.day, state.day_count, state.hour,
        state.hour_count, state.last_lead, state.leads, json.dumps(state.contacts), json.dumps(state.absences),
        json.dumps(state.misses), state.offline_since, state.claim_day, state.claims, json.dumps(state.complaints),
        state.tier, state.skill, state.reviewed_at, json.dumps(state.findings),
    )  # fmt: skip


def agent_state(row: tuple[Any, ...]) -> AgentState:
    """The columns AGENT_COLUMNS as an agent's state."""
    (agent, active, joined, held, day, in_day, hour, in_hour, last, leads, contacts, absences, misses, offline,
     claim_day, claims, complaints, tier, skill, reviewed_at, findings) = row  # fmt: skip
    away = tuple((since, until) for since, until in json.loads(absences))
    return AgentState(
        agent, bool(active), joined, held, day, in_day, hour, in_hour, last, leads, tuple(json.loads(contacts)), away,
        tuple(json.loads(misses)), offline, claim_day, claims, tuple(json.loads(complaints)),
        tier, skill, reviewed_at, tuple((tier, found, verdict) for tier, found, verdict in json.loads(findings)),
    )  # fmt: skip


def state_row(lead: LeadState) -> tuple[Any, ...]:
    """A lead's state as the columns STATE_COLUMNS. Clocks that start together are written once."""
    clock = None if lead.clock_at == lead.assigned_at else _text(lead.clock_at)
    hold = None if lead.hold_at == lead.clock_at else _text(lead.hold_at)
    return (
        lead.state, lead.agent, lead.quality, lead.rule, lead.reason, _text(lead.assigned_at), clock,
        lead.attempts, _text(lead.attempted_at), _text(lead.reached_at), _text(lead.contacted_at),
        _text(lead.closed_at), lead.value, lead.hops, _list(lead.past_holders), _list(lead.excluded),
        lead.inquiries, lead.turn_panel, lead.turn_payer, lead.turn_tier, lead.waits_for, int(lead.resting),
        _text(lead.holder_left_at), _text(lead.due_at), _text(lead.conversion_at), hold, lead.offers,
        _list(lead.declined), lead.escalated, lead.extended, int(lead.promise_missed), lead.requested_by,
        _text(lead.told_at), lead.waits_as, lead.isa, _text(lead.handed_off_at), lead.appointment_by,
        _text(lead.incubated_at), _text(lead.touch_at), int(lead.showed_intent),
        _text(lead.forgotten_at),
    )  # fmt: skip


def lead_state(number: int, row: tuple[Any, ...]) -> LeadState:
    """The columns STATE_COLUMNS as a lead's state."""
    (state, agent, quality, rule, reason, assigned, clock, attempts, attempted, reached, contacted, closed, value,
     hops, holders, excluded, inquiries, panel, payer, tier, waits, resting, left, due, converting, holding, offers,
     declined, escalated, extended, missed, requested, told, waits_as, isa, handed_off, appointment_by, incubated,
     touch, intent, forgotten) = row  # fmt: skip
    clock = clock or assigned
    return LeadState(
        number, state, agent, quality, rule, reason, _moment(assigned), _moment(clock), attempts, _moment(attempted),
        _moment(reached), _moment(contacted), _moment(closed), value, hops, _agents(holders), _agents(excluded),
        inquiries, panel, payer, tier, waits, bool(resting), _moment(left), _moment(due), _moment(converting),
        _moment(holding or clock), offers, _agents(declined), escalated, extended, bool(missed), requested,
        _moment(told), waits_as, isa, _moment(handed_off), appointment_by, _moment(incubated), _moment(touch),
        bool(intent), _moment(forgotten),
    )  # fmt: skip


def _agents(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _place(connection: sqlite3.Connection, desk: Desk, where: str, values: list[Any]) -> None:
    rows = connection.execute(
        f"SELECT lead, {', '.join(STATE_COLUMNS)} FROM leads WHERE {where}",
        values,
    ).fetchall()
    for number, *columns in rows:
        if number not in desk.leads:
            desk.leads[number] = lead = lead_state(number, tuple(columns))
            load_panel(connection, desk, lead.turn_panel)


def _list(agents: tuple[str, ...]) -> str | None:
    return json.dumps(agents) if agents else None


def _text(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
