"""The outbox in the file: each notice once, taken by one, settled, given up and tried again."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from leadrouter.domain.notices import Notice
from leadrouter.store import desks, outbox
from leadrouter.store.outbox import Outcome
from tests.factories import START

from .conftest import Opener

LEASE = timedelta(minutes=3)


def note(number: int = 1, person: str = "aina", channel: str = "ntfy") -> Notice:
    """About a day, so that no event has to be there."""
    return Notice(f"digest/2026-03-{number:02}", person, channel, "digest", START)


@pytest.fixture
def connection(open_file: Opener) -> sqlite3.Connection:
    return open_file()


def test_a_notice_is_kept_once_for_each_person_and_channel(connection: sqlite3.Connection) -> None:
    several = [note(), note(2), note(person="bala"), note(channel="sms")]
    desks.post(connection, several)
    desks.post(connection, several)
    assert [entry.notice for entry in outbox.listed(connection)] == several


def test_what_one_takes_nobody_else_gets_before_the_lease_is_over(open_file: Opener) -> None:
    one, other = open_file(), open_file()
    desks.post(one, [note(1), note(2), note(3)])
    mine = outbox.take(one, START, START + LEASE, 2)
    assert [entry.attempts for entry in mine] == [1, 1]
    assert [entry.notice for entry in outbox.take(other, START, START + LEASE, 5)] == [note(3)]
    assert outbox.take(other, START + LEASE - timedelta(seconds=1), START, 5) == []
    again = outbox.take(other, START + LEASE, START + 2 * LEASE, 5)
    assert [(entry.notice, entry.attempts) for entry in again] == [(note(number), 2) for number in (1, 2, 3)]


def test_an_attempt_that_was_not_made_does_not_count(connection: sqlite3.Connection) -> None:
    desks.post(connection, [note()])
    (entry,) = outbox.take(connection, START, START + LEASE, 1)
    outbox.settle(connection, [(entry, Outcome("waiting", START, tried=False))])
    assert [(entry.attempts, entry.try_at) for entry in outbox.listed(connection)] == [(0, START)]


def test_what_is_delivered_or_overtaken_is_tried_no_more_and_what_is_dead_only_when_revived(
    connection: sqlite3.Connection,
) -> None:
    desks.post(connection, [note(1), note(2), note(3)])
    taken = outbox.take(connection, START, START + LEASE, 3)
    ends = ("delivered", "overtaken", "dead")
    outbox.settle(connection, [(entry, Outcome(end, START)) for entry, end in zip(taken, ends, strict=True)])
    assert not outbox.waits(connection, START + timedelta(days=365))
    assert outbox.counts(connection) == (0, 1, None)
    assert [entry.notice for entry in outbox.listed(connection)] == [note(3)]
    assert outbox.revive(connection, START) == 1
    assert [entry.attempts for entry in outbox.take(connection, START, START + LEASE, 3)] == [1]


def test_one_process_at_a_time_is_started_until_there_was_nothing_left_or_it_cannot_be_alive(
    connection: sqlite3.Connection,
) -> None:
    assert outbox.claim(connection, START, START + LEASE)
    assert not outbox.claim(connection, START, START + LEASE)
    assert outbox.claim(connection, START + LEASE, START + 2 * LEASE)
    desks.post(connection, [note()])
    outbox.take(connection, START, START + LEASE, 1)
    assert not outbox.claim(connection, START, START + LEASE)
    assert outbox.take(connection, START, START + LEASE, 1) == []
    assert outbox.claim(connection, START, START + LEASE)


def test_looking_for_work_reads_an_index_alone(connection: sqlite3.Connection) -> None:
    """However many were delivered before."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    outbox.waits(connection, START)
    connection.set_trace_callback(None)
    (sql,) = statements
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert "USING INDEX notices_waiting (try_at<?)" in plan


def test_a_key_is_plain_text_whatever_the_names(connection: sqlite3.Connection) -> None:
    key = outbox.key(Notice("undelivered/pool/王 小明/7", "@team", "ntfy-2", "pool", START), "1a2b3c4d")
    assert key.isascii()
    assert not set(key) & set("/% ")
    assert key.endswith("-@team-ntfy-2-1a2b3c4d")
