"""Delivering what waits: takes entries of the outbox, sends each, writes down the answer. Bounded in time.

Every service has lanes of its own, so that a slow one holds up nobody else; one that fails again and again is left
alone until the next run. An answer is written down at once: a process that dies between answer and mark leaves its
entries to be sent again after the lease, under the same idempotency key. No transaction is open while it sends.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from leadrouter.domain.naming import named
from leadrouter.domain.notices import last_resort, overtaken, pause, quiet_until
from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import reached_by
from leadrouter.domain.telling import LEADER
from leadrouter.errors import LeadrouterError, WrongUsage
from leadrouter.notify import NOT_INSTALLED, channels, is_installed
from leadrouter.notify.channels import Line, Untold
from leadrouter.notify.messages import OFFICES, Message, Scene, write, zone_of
from leadrouter.store import outbox, policies, queries
from leadrouter.store.outbox import Answer, Delivered, Entry, Outcome

SECONDS = 40.0
"""How long a run begins new attempts, unless the caller says otherwise: cron starts the next one each minute."""

GRACE = 15.0
"""How long after that it waits for answers; longer than a service may take (`channels`)."""

LEASE = timedelta(minutes=3)
"""How long entries that a process took stay its own; longer than a run lasts."""

AT_ONCE = 100
LANES = 4
"""Messages that one service is sent at the same time."""

STRIKES = 3
"""After so many failures in a row a service is left alone for the rest of the run."""

ALARMS = frozenset({"warning", "escalation", "undelivered"})


class Sending(NamedTuple):
    """One message on its way."""

    entry: Entry
    line: Line
    message: Message

    def send(self) -> str | None:
        alarm = self.entry.notice.kind in ALARMS
        return channels.send(self.line, self.message.title, self.message.text, alarm=alarm)


NOT_TRIED = "not_tried"
"""The answer of a service that was left alone, or of a run whose time was over."""


def deliver(
    connection: sqlite3.Connection,
    now: datetime,
    environment: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    grace: float = GRACE,
) -> Delivered:
    """Delivers what waits, for about so many seconds. Raises LeadrouterError where something does and apprise is not
    installed.
    """
    if not is_installed() and outbox.waits(connection, now):
        raise LeadrouterError(*NOT_INSTALLED)
    run = Run(connection, now, environment)
    while run.elapsed() < seconds and (taken := outbox.take(connection, run.now(), run.now() + LEASE, AT_ONCE)):
        channels.load()
        ready = [sending for entry in taken if (sending := run.prepare(entry)) is not None]
        for sending, answer in in_lanes(ready, run.began + seconds, grace):
            run.mark(sending.entry, answer)
    outbox.end(connection)
    return run.done


def test(policy: Policy, person: str, environment: Mapping[str, str]) -> list[Answer]:
    """Sends one message to somebody over each of their channels, and says how each took it. Nothing is written.

    Raises WrongUsage for somebody who has no channel, LeadrouterError without apprise.
    """
    reached = reached_by(policy)
    if person not in reached:
        who = OFFICES.get(person) or named(policy, person)
        raise WrongUsage(f"{who} has no channels", "give some in the configuration, as notify: [...]")
    channels.load()
    answers = []
    for channel, entry in reached[person].items():
        try:
            line = channels.line_to(entry.url, f"test-{channel}-{secrets.token_hex(8)}", environment)
        except Untold as error:
            answers.append(Answer(channel, error.trouble, error.name))
            continue
        text = "This is how leadrouter reaches you. Nothing has to be done."
        answers.append(Answer(channel, channels.send(line, f"{policy.team.name}: a test", text, alarm=False)))
    return answers


class Run:
    """One run of delivering: its clock, the policy in force, and what it did so far."""

    def __init__(self, connection: sqlite3.Connection, now: datetime, environment: Mapping[str, str]) -> None:
        self.connection = connection
        self.began = time.monotonic()
        self.done = Delivered()
        self._now = now
        self._environment = environment
        self._policy = policies.policy_in_force(connection)
        self._reached = reached_by(self._policy)
        self._chain = outbox.chain_id(connection)

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def now(self) -> datetime:
        """The moment it is told to be, and what has passed since."""
        return self._now + timedelta(seconds=self.elapsed())

    def prepare(self, entry: Entry) -> Sending | None:
        """The message and its service; None where the entry was settled without sending."""
        notice = entry.notice
        channel = self._reached.get(notice.person, {}).get(notice.channel)
        state = queries.lead(self.connection, notice.lead).state if notice.lead is not None else None
        message = None
        if not overtaken(notice.kind, notice.person, state):
            waits = self._quiet_until(notice.person, notice.kind)
            if waits is not None:
                self._settle(entry, Outcome("waiting", waits, entry.trouble, tried=False))
                return None
            if channel is None:
                self.mark(entry, "no_channel")
                return None
            message = write(Scene(self.connection, self._policy, self.now()), notice, channel)
        if message is None or channel is None:
            self.done.overtaken += 1
            self._settle(entry, Outcome("overtaken", self.now()))
            return None
        try:
            key = outbox.key(notice, self._chain)
            return Sending(entry, channels.line_to(channel.url, key, self._environment), message)
        except Untold as error:
            self.mark(entry, error.trouble)
            return None

    def mark(self, entry: Entry, answer: str | None) -> None:
        """Writes down what a service answered: None is well."""
        if answer is None:
            self.done.delivered += 1
            self._settle(entry, Outcome("delivered", self.now()))
        elif answer == NOT_TRIED:
            self._settle(entry, Outcome("waiting", self.now() + pause(1), entry.trouble, tried=False))
        else:
            self.done.troubles[answer] += 1
            self._fail(entry, answer)

    def _fail(self, entry: Entry, trouble: str) -> None:
        notice, now = entry.notice, self.now()
        if trouble != "no_channel" and entry.attempts < self._policy.notify.attempts:
            self.done.failed += 1
            self._settle(entry, Outcome("waiting", now + pause(entry.attempts), trouble))
            return
        self.done.dead += 1
        more = [] if outbox.is_reached(self.connection, notice) else last_resort(notice, self._reached, now)
        outbox.settle(self.connection, [(entry, Outcome("dead", now, trouble))], more)

    def _settle(self, entry: Entry, outcome: Outcome) -> None:
        outbox.settle(self.connection, [(entry, outcome)])

    def _quiet_until(self, person: str, kind: str) -> datetime | None:
        if kind in self._policy.notify.urgent:
            return None
        agent = self._policy.team.leader if person == LEADER else person
        entry = next((entry for entry in self._policy.agents if entry.id == agent), None)
        return quiet_until(entry.quiet, self.now(), zone_of(self._policy, entry.id)) if entry is not None else None


def in_lanes(ready: list[Sending], deadline: float, grace: float) -> Iterator[tuple[Sending, str | None]]:
    """Sends side by side, a few lanes for each service, what one person gets over it in order; gives every answer as
    it comes.

    After the deadline nothing new is begun, and what has no answer when the grace is over is left to its lease: the
    threads are daemons, which keep no process alive.
    """
    services: dict[tuple[str, str], dict[tuple[str, str], list[Sending]]] = defaultdict(lambda: defaultdict(list))
    for sending in ready:
        notice = sending.entry.notice
        services[sending.line.service][notice.person, notice.channel].append(sending)
    answers: SimpleQueue[tuple[Sending, str | None]] = SimpleQueue()
    for people in services.values():
        lane = Lane(deque(people.values()), deadline, answers)
        for _ in range(min(LANES, len(people))):
            Thread(target=lane.run, daemon=True).start()
    for _ in ready:
        try:
            yield answers.get(timeout=max(deadline + grace - time.monotonic(), 0.01))
        except Empty:
            return


class Lane:
    """What one service is sent, shared by the threads that send it. A service that fails again and again is left
    alone.
    """

    def __init__(
        self, people: deque[list[Sending]], deadline: float, answers: SimpleQueue[tuple[Sending, str | None]]
    ) -> None:
        self._people = people
        self._deadline = deadline
        self._answers = answers
        self._strikes = 0

    def run(self) -> None:
        """Takes one person after the other, until nobody is left."""
        while True:
            try:
                person = self._people.popleft()
            except IndexError:  # another thread was faster, or all is done
                return
            for sending in person:
                self._answers.put((sending, self._send(sending)))

    def _send(self, sending: Sending) -> str | None:
        if self._strikes >= STRIKES or time.monotonic() >= self._deadline:
            return NOT_TRIED
        answer = sending.send()
        self._strikes = self._strikes + 1 if answer else 0
        return answer
