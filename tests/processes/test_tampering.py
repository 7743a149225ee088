"""Whatever somebody changes in the file by hand, `verify` finds it and says where."""

from __future__ import annotations

import hashlib
import json
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from leadrouter.domain.events import GENESIS, chained
from leadrouter.usecases.verify import verify

from .history import History
from .program import Program, a_copy, dump

EVENT_COLUMNS = ("at", "kind", "lead", "agent", "by", "policy", "engine", "data", "facts", "hash")

Change = Callable[[sqlite3.Connection], str]
"""Changes the file; returns how one of the problems must begin, so that the place is named."""


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """The file as somebody with the sqlite3 module opens it, the triggers gone."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS events_are_never_changed")
        connection.execute("DROP TRIGGER IF EXISTS events_are_never_deleted")
        yield connection


def one(connection: sqlite3.Connection, sql: str, *values: object) -> Any:
    """The only value of the only row."""
    ((value,),) = connection.execute(sql, values).fetchall()
    return value


def other(value: Any, place: int) -> Any:
    """The same value with one character, bit or digit changed."""
    if isinstance(value, bytes):
        place %= len(value)
        return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    if isinstance(value, str):
        place %= len(value)
        return value[:place] + ("8" if value[place] == "7" else "7") + value[place + 1 :]
    return value + 1


# --- events ---------------------------------------------------------------------------------------------------


def edited(column: str) -> Change:
    """One character of this column, in an event in the middle of the chain that has one there."""

    def change(connection: sqlite3.Connection) -> str:
        found = connection.execute(f"SELECT seq, {column} FROM events WHERE {column} IS NOT NULL ORDER BY seq")
        with_value = found.fetchall()
        seq, value = with_value[len(with_value) // 2]
        connection.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (other(value, 1), seq))
        return f"event {seq} "

    return change


def renumbered(connection: sqlite3.Connection) -> str:
    connection.execute("UPDATE events SET seq = 7777 WHERE seq = 12")
    return "event 12 is missing"


def deleted(which: str) -> Change:
    def change(connection: sqlite3.Connection) -> str:
        seq = one(connection, f"SELECT {which} FROM events")
        connection.execute("DELETE FROM events WHERE seq = ?", (seq,))
        return f"event {seq} is missing"

    return change


def swapped(first: int, second: int) -> Change:
    def change(connection: sqlite3.Connection) -> str:
        for old, new in ((first, -1), (second, first), (-1, second)):
            connection.execute("UPDATE events SET seq = ? WHERE seq = ?", (new, old))
        return f"event {first} "

    return change


def inserted_event(connection: sqlite3.Connection) -> str:
    connection.execute(
        "INSERT INTO events SELECT seq + 1, at, 'won', 4, agent, by, policy, engine, '{}', NULL, hash "
        "FROM events ORDER BY seq DESC LIMIT 1"
    )
    return f"event {one(connection, 'SELECT max(seq) FROM events')} "


def cut_off(connection: sqlite3.Connection) -> str:
    """The last events gone, and the stored head put back to hide it: what the events made is still there."""
    last = one(connection, "SELECT max(seq) FROM events WHERE lead < 16") - 10
    connection.execute("DELETE FROM events WHERE seq > ?", (last,))
    connection.execute("UPDATE head SET seq = ?, hash = (SELECT hash FROM events WHERE seq = ?)", (last, last))
    return "lead 15: "


EVENTS: dict[str, Change] = {
    **{f"a character of an event's {column}": edited(column) for column in EVENT_COLUMNS},
    "an event's number": renumbered,
    "the first event deleted": deleted("min(seq)"),
    "an event in the middle deleted": deleted("max(seq) / 2"),
    "the last event deleted": deleted("max(seq)"),
    "two neighbouring events swapped": swapped(12, 13),
    "two distant events swapped": swapped(8, 30),
    "an event added": inserted_event,
    "the end cut off and the head put back": cut_off,
}


# --- what the events made of the file -------------------------------------------------------------------------


def updated(sql: str, begins: str) -> Change:
    """One statement that must change exactly one row."""

    def change(connection: sqlite3.Connection) -> str:
        assert connection.execute(sql).rowcount == 1
        return begins

    return change


def set_to(table: str, where: str, named: str, changes: dict[str, str]) -> dict[str, Change]:
    """One case for each column: a value set in one row."""
    return {
        f"{table}.{column}": updated(f"UPDATE {table} SET {column} = {value} WHERE {where}", named.format(column))
        for column, value in changes.items()
    }


def lead_from_nowhere(connection: sqlite3.Connection) -> str:
    connection.execute("CREATE TEMP TABLE another AS SELECT * FROM leads WHERE lead = 6")
    connection.execute("UPDATE another SET lead = 99, external_id = 'E-99'")
    connection.execute("INSERT INTO leads SELECT * FROM another")
    return "lead 99: no event "


PROJECTIONS: dict[str, Change] = {
    **set_to(
        "leads",
        "lead = 4",
        "lead 4: {} ",
        {
            "agent": "'chong'",
            "state": "'won'",
            "due_at": "'2027-01-01T00:00:00Z'",
            "quality": "'cold'",
            "rule": "'luxury'",
            "assigned_at": "NULL",
            "hops": "0",
            "past_holders": "NULL",
            "turn_payer": "'chong'",
        },
    ),
    **set_to(
        "leads",
        "lead = 1",
        "lead 1: {} ",
        {"contacted_at": "NULL", "closed_at": "'2026-11-01T00:00:00Z'", "value": "10 * value", "inquiries": "1"},
    ),
    **set_to(
        "agents",
        "agent = 'bala'",
        "agent bala: ",
        {
            "open": "open + 1",
            "active": "0",
            "last_lead": "0",
            "leads": "leads - 1",
            "day_count": "9",
            "absences": "'[[\"2026-11-01\",null]]'",
            "tier": "'A'",
            "skill": "2000",
            "reviewed_at": "'2026-11-01T00:00:00Z'",
            "findings": '\'[["B","up","above"]]\'',
        },
    ),
    **set_to(
        "rotations",
        "rotation = 'everyone' AND agent = 'bala'",
        "account everyone bala: ",
        {"credit": "credit + 1", "due": "due - 1", "received": "received + 1"},
    ),
    **set_to(
        "tallies",
        "panel = 9 AND agent = 'bala' AND what = 'received'",
        "tally 2026-11 9 bala received: ",
        {"count": "9"},
    ),
    **set_to("panels", "panel = 9", "panel ", {"panel": "7"}),
    **set_to("head", "one = 1", "the stored head ", {"hash": "zeroblob(32)"}),
    "a lead deleted": updated("DELETE FROM leads WHERE lead = 6", "lead 6: "),
    "a lead without an event": lead_from_nowhere,
    "an agent deleted": updated("DELETE FROM agents WHERE agent = 'devi'", "agent devi: "),
    "an account deleted": updated(
        "DELETE FROM rotations WHERE rotation = 'everyone' AND agent = 'chong'", "account everyone chong: "
    ),
    "an account set to nothing": updated(
        "UPDATE rotations SET credit = 0, due = 0, received = 0 WHERE rotation = 'everyone' AND agent = 'bala'",
        "account everyone bala: ",
    ),
    "an account that had come back to nothing": updated(
        "UPDATE rotations SET credit = 720720000 WHERE rotation = 'luxury/hot' AND agent = 'bala'",
        "account luxury/hot bala: ",
    ),
    "a tally deleted": updated(
        "DELETE FROM tallies WHERE panel = 9 AND agent = 'bala' AND what = 'received'",
        "tally 2026-11 9 bala received: ",
    ),
    "a tally added": updated(
        "INSERT INTO tallies VALUES ('2026-11', 9, 'chong', 'rested', 1)", "tally 2026-11 9 chong rested: "
    ),
}


# --- what people said, and the policy -------------------------------------------------------------------------


def without_its_inquiries(connection: sqlite3.Connection) -> str:
    assert connection.execute("DELETE FROM inquiries WHERE lead = 2").rowcount == 1
    return "the inquiry of event 12 "


FACTS: dict[str, Change] = {
    **set_to(
        "leads",
        "lead = 2",
        "lead 2: a fact was changed",
        {
            "name": "'Somebody Else'",
            "email": "'else@example.com'",
            "phone": "'+60127310000'",
            "price": "price + 1",
            "custom": '\'{"pets":"none"}\'',
            "source": "NULL",
            "message": "'never said'",
            "received_at": "'2026-11-01T00:00:00Z'",
            "external_id": "'E-22'",
            "salt": "zeroblob(16)",
        },
    ),
    "a corrected name put back": updated(
        "UPDATE leads SET name = 'zqfourth Example' WHERE lead = 4", "lead 4: a fact was changed"
    ),
    "a name changed and the salt deleted, as if the lead were forgotten": updated(
        "UPDATE leads SET name = 'Somebody Else', salt = NULL WHERE lead = 2", "lead 2: "
    ),
    "an inquiry's message": updated(
        "UPDATE inquiries SET facts = replace(facts, 'zqmore', 'less') WHERE lead = 7", "inquiry 2 of lead 7 "
    ),
    "an inquiry's facts deleted": updated("UPDATE inquiries SET facts = NULL WHERE lead = 7", "inquiry 2 of lead 7 "),
    "an inquiry given to another lead": updated("UPDATE inquiries SET lead = 4 WHERE lead = 7", "inquiry 2 of lead "),
    "an inquiry's external id": updated(
        "UPDATE inquiries SET external_id = 'E-9' WHERE lead = 2", "inquiry 1 of lead 2 "
    ),
    "a lead's inquiries deleted": without_its_inquiries,
    "what tells a row without an external id again": updated(
        "UPDATE leads SET digest = zeroblob(16) WHERE lead = 4", "lead 4: "
    ),
    "everything a person said erased, and no event tells of it": updated(
        "UPDATE leads SET external_id = NULL, name = NULL, email = NULL, phone = NULL, salt = NULL WHERE lead = 2",
        "lead 2: ",
    ),
    "an inquiry erased, and no event tells of it": updated(
        "UPDATE inquiries SET external_id = NULL, email = NULL, phone = NULL, digest = NULL, facts = NULL, salt = NULL "
        "WHERE lead = 7",
        "inquiry 2 of lead 7 ",
    ),
    "what stays of a forgotten lead": updated("UPDATE leads SET source = 'portal' WHERE lead = 16", "lead 16: a fact "),
    "a forgotten lead's person put back": updated("UPDATE leads SET name = 'Z' WHERE lead = 16", "lead 16: a fact "),
    "when a person was forgotten": updated(
        "UPDATE leads SET forgotten_at = NULL WHERE lead = 16", "lead 16: forgotten_at "
    ),
    "who is not to be recorded again": updated(
        "UPDATE suppressed SET email = 'x' WHERE lead = 16", "the suppression of lead 16 "
    ),
    "a reason erased, and no event tells of it": updated(
        "UPDATE notes SET text = NULL, salt = NULL WHERE text = 'zqvoid'", "the note of event 21 "
    ),
    "a reason": updated("UPDATE notes SET text = 'never said' WHERE text = 'zqvoid'", "the note of event 21 "),
    "a reason deleted": updated("DELETE FROM notes WHERE text = 'zqvoid'", "the note of event 21 "),
    "a reason given to another lead": updated(
        "UPDATE notes SET lead = 2 WHERE text = 'zqvoid'", "the note of event 21 "
    ),
    "a reason added": updated("INSERT INTO notes VALUES (19, 1, 'never said', zeroblob(16))", "the note of event 19 "),
}

POLICIES: dict[str, Change] = {
    "a weight in a policy": updated(
        "UPDATE policies SET policy = replace(policy, '3780', '3781') WHERE version = 1", "policy version 1 "
    ),
    "a name in a policy": updated(
        "UPDATE policies SET policy = replace(policy, '\"Aina\"', '\"Anna\"') WHERE version = 2", "policy version 2 "
    ),
    "the time zone in a policy": updated(
        "UPDATE policies SET policy = replace(policy, 'Lumpur', 'Lumpus') WHERE version = 3", "policy version 3 "
    ),
    "the policy in force no longer JSON": updated(
        "UPDATE policies SET policy = substr(policy, 2) WHERE version = 3", "policy version 3 "
    ),
    "an earlier policy no longer JSON": updated(
        "UPDATE policies SET policy = substr(policy, 2) WHERE version = 1", "policy version 1 "
    ),
    "the file that a policy was loaded from": updated(
        "UPDATE policies SET text = '# nothing' || text WHERE version = 1", "policy version 1 "
    ),
    "when a policy was loaded": updated(
        "UPDATE policies SET loaded_at = '2026-01-01T00:00:00Z' WHERE version = 1", "policy version 1 "
    ),
    "the hash of a policy": updated("UPDATE policies SET sha256 = '00' WHERE version = 1", "policy version 1 "),
    "a policy deleted": updated("DELETE FROM policies WHERE version = 2", "policy version 2 is missing"),
}


TAMPERINGS: dict[str, Change] = {**EVENTS, **PROJECTIONS, **FACTS, **POLICIES}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_verify_finds_and_names(tampering: str, lived_in: Program) -> None:
    """Asked directly, since a process for each takes too long; the next test asks the program."""
    with opened(lived_in.database) as connection:
        begins = TAMPERINGS[tampering](connection)
    problems = lived_in.problems()
    assert [problem for problem in problems if problem.startswith(begins)], problems


@pytest.mark.parametrize(
    "tampering",
    [
        "a character of an event's data",
        "the first event deleted",
        "the last event deleted",
        "two neighbouring events swapped",
        "leads.agent",
        "leads.name",
        "agents.open",
        "rotations.credit",
        "tallies.count",
        "a lead without an event",
        "an inquiry's message",
        "a lead's inquiries deleted",
        "a weight in a policy",
        "an earlier policy no longer JSON",
        "the policy in force no longer JSON",
    ],
)
def test_the_program_says_so_with_exit_code_1(tampering: str, lived_in: Program) -> None:
    with opened(lived_in.database) as connection:
        begins = TAMPERINGS[tampering](connection)
    told, shown = lived_in.together(("verify", "--json"), ("verify", "--quiet"))
    assert (told.code, told.err) == (1, ""), told.err
    assert told.data["ok"] is False
    named = [problem for problem in told.data["problems"] if problem.startswith(begins)]
    assert named, told.data["problems"]
    assert (shown.code, shown.err) == (1, "")
    assert named[0] in shown.out


def test_verify_names_the_event_whichever_character_of_the_chain_is_changed(lived_in: Program) -> None:
    """The data and one more column of every event: asked directly, since a process for each takes too long."""
    chance = random.Random(11)
    missed = []
    with opened(lived_in.database) as connection:
        for seq, *cells in connection.execute("SELECT * FROM events ORDER BY seq").fetchall():
            filled = {column: cell for column, cell in zip(EVENT_COLUMNS, cells, strict=True) if cell is not None}
            for column in ("data", chance.choice(sorted(filled))):
                changed = other(filled[column], chance.randrange(1000))
                connection.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (changed, seq))
                problems = verify(connection).problems
                if not any(problem.startswith(f"event {seq} ") for problem in problems):
                    missed.append((seq, column, changed, problems[:1]))
                connection.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", (filled[column], seq))
        assert verify(connection).problems == []
    assert missed == []


# --- a head kept elsewhere ------------------------------------------------------------------------------------


def test_a_head_of_any_earlier_day_is_found_in_the_chain(history: History) -> None:
    kept = [link.hex() for (link,) in history.program.rows("SELECT hash FROM events ORDER BY seq")]
    for head in (kept[0], kept[len(kept) // 2], kept[-1], kept[-1][:8], kept[3].upper()):
        found = history.program.run("verify", "--expect", head)
        assert (found.code, found.err) == (0, ""), head
    assert history.program.run("verify", "--json").data["head"] == kept[-1]


def test_the_head_of_another_file_is_nowhere_in_the_chain(history: History, loaded: Program) -> None:
    head = loaded.run("verify", "--json").data["head"]
    found = history.program.run("verify", "--expect", head, "--json")
    assert (found.code, found.err) == (1, "")
    assert [problem for problem in found.data["problems"] if head in problem] == found.data["problems"]


@pytest.mark.parametrize("expected", ["", "abc", "0" * 7, "g" * 64, "no such hash"])
def test_what_is_no_hash_is_refused(expected: str, history: History) -> None:
    found = history.program.run("verify", "--expect", expected)
    assert (found.code, found.out) == (2, "")
    assert "--expect" in found.err


def test_a_chain_written_anew_passes_alone_but_not_beside_a_head_kept_elsewhere(lived_in: Program) -> None:
    """Who can write the file can also compute its hashes: that is what the kept head is for."""
    head = lived_in.run("verify", "--json").data["head"]
    with opened(lived_in.database) as connection:
        connection.execute("UPDATE events SET by = 'somebody' WHERE seq = 12")
        link = GENESIS
        for *columns, _ in connection.execute("SELECT * FROM events ORDER BY seq").fetchall():
            link = chained(link, (*columns,))
            connection.execute("UPDATE events SET hash = ? WHERE seq = ?", (link, columns[0]))
        connection.execute("UPDATE head SET hash = ?", (link,))
    assert lived_in.run("verify").code == 0
    assert lived_in.run("verify", "--expect", head).code == 1


def test_a_restored_backup_that_went_its_own_way_is_found_by_the_kept_head(loaded: Program, tmp_path: Path) -> None:
    loaded.well("route", "--email", "ann@example.com")
    backup = a_copy(loaded, tmp_path / "backup")
    loaded.well("route", "--email", "ben@example.com")
    head = loaded.run("verify", "--json").data["head"]
    backup.well("route", "--email", "cem@example.com")
    assert backup.run("verify").code == 0
    found = backup.run("verify", "--expect", head)
    assert found.code == 1
    assert "restored from a backup" in found.out
    assert loaded.run("verify", "--expect", head).code == 0


@pytest.mark.parametrize(
    ("change", "first"),
    [
        pytest.param(edited("data"), None, id="an edited event"),
        pytest.param(swapped(12, 13), 12, id="a swapped pair"),
        pytest.param(deleted("min(seq)"), 1, id="a missing event"),
        pytest.param(EVENTS["an event added"], None, id="an added event"),
    ],
)
def test_the_first_event_that_differs_is_named(change: Change, first: int | None, lived_in: Program) -> None:
    with opened(lived_in.database) as connection:
        begins = change(connection)
    told = lived_in.run("verify", "--json").data["first_event"]
    assert told == (first or int(begins.split()[1]))
    assert f"the first event that differs: {told}" in lived_in.run("verify").out


def test_a_clean_file_has_no_event_that_differs(history: History) -> None:
    assert history.program.run("verify", "--json").data["first_event"] is None


# --- a clean file ---------------------------------------------------------------------------------------------


def test_the_file_is_clean_after_every_command(history: History) -> None:
    assert [(step.arguments, step.problems) for step in history.steps if step.problems] == []
    assert history.program.run("verify", "--quiet").code == 0


def test_the_chain_can_be_checked_by_hand_as_it_is_described(history: History) -> None:
    """Length, colon, text, comma for every column, absent ones empty, after the hash before: no code of ours needed."""
    link = bytes(32)
    for *columns, stored in history.program.rows(
        "SELECT seq, at, kind, lead, agent, by, policy, engine, data, lower(hex(facts)), hash FROM events ORDER BY seq"
    ):
        texts = ["" if value is None else str(value) for value in columns]
        link = hashlib.sha256(link + "".join(f"{len(text)}:{text}," for text in texts).encode()).digest()
        assert link == stored


def test_the_facts_of_a_lead_can_be_checked_by_hand(history: History) -> None:
    columns = (
        "external_id, name, email, phone, source, campaign, cost, intent, property_type, price, postcode, area, lat, "
        "lon, language, timeframe, given_quality, tags, features, preferred_channel, preferred_time, message, "
        "received_at, requested_agent, custom"
    )
    ((*facts, salt),) = history.program.rows(f"SELECT {columns}, salt FROM leads WHERE lead = 1")
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    committed = history.program.rows("SELECT facts FROM events WHERE lead = 1 AND kind = 'assigned'")
    assert committed == [(hashlib.sha256(salt + text.encode()).digest(),)]


# --- plain SQL ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("UPDATE events SET by = 'somebody' WHERE seq = 5", id="update"),
        pytest.param("UPDATE OR REPLACE events SET seq = 6 WHERE seq = 5", id="update or replace"),
        pytest.param("DELETE FROM events WHERE seq = 5", id="delete"),
        pytest.param("DELETE FROM events", id="delete all"),
        pytest.param(
            "REPLACE INTO events SELECT seq, at, kind, lead, agent, 'x', policy, engine, data, facts, hash "
            "FROM events WHERE seq = 5",
            id="replace",
        ),
    ],
)
def test_events_cannot_be_changed_by_plain_sql(sql: str, lived_in: Program) -> None:
    before = dump(lived_in.database)
    with (
        closing(sqlite3.connect(lived_in.database)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=re.compile("events are never|UNIQUE")),
    ):
        connection.execute(sql)
    assert dump(lived_in.database) == before
