"""Delivering to real servers: accepted, refused, slow, failing and then accepting, and many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from leadrouter.domain.telling import Channel, Notify
from leadrouter.notify.delivery import deliver
from leadrouter.store import database
from leadrouter.store import outbox as store
from tests.servers import NOBODY, Request, Webhook, a_mail_server, a_webhook
from tests.usecases.house import House

from .desk import outbox, send, states, told_by, told_policy

REFUSED = f"json://127.0.0.1:{NOBODY}/aina"


def failing(times: int) -> Callable[[Request], int]:
    """A service with a bad start: so many errors, then all is well."""
    left = iter([503] * times)
    return lambda request: next(left, 200)


@contextmanager
def a_silent_webhook() -> Iterator[Webhook]:
    """Takes every request and says nothing until the test is over."""
    over = threading.Event()

    def wait(request: Request) -> int:
        over.wait(30)
        return 200

    with a_webhook(wait) as hook:
        try:
            yield hook
        finally:
            over.set()


def test_an_assignment_reaches_its_agent_as_a_webhook_under_its_own_key() -> None:
    with a_webhook() as hook:
        house = House(told_policy(told_by("aina", hook.url("aina"))))
        house.route(source="portal", phone="+60123456789")
        assert send(house).delivered == 1
        (request,) = hook.received
    event = house.events()[-1].seq
    assert request.path == "/aina"
    assert request.key == f"{event}-aina-json-{store.chain_id(house.connection)}"
    assert request.title == "Lead 1 is yours"
    assert "Person 1, +60123456789, person1@example.com" in request.text
    assert states(house) == ["delivered"]


def test_an_assignment_reaches_its_agent_by_mail_with_the_same_key_in_a_header() -> None:
    with a_mail_server() as mails:
        house = House(told_policy(told_by("aina", mails.url("aina"))))
        house.route(name="Zoë <b>")
        assert send(house).delivered == 1
    (mail,) = mails.accepted
    assert mail["To"] == "aina@example.com"
    assert mail["Subject"] == "Lead 1 is yours"
    assert mail["Idempotency-Key"].endswith(f"-aina-mailto-{store.chain_id(house.connection)}")
    assert mail.get_content_type() == "text/plain"
    assert "Zoë <b>" in str(mail.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]


def test_every_channel_of_an_agent_is_used_and_what_is_delivered_is_not_sent_again() -> None:
    with a_webhook() as hook, a_mail_server() as mails:
        house = House(told_policy(told_by("aina", hook.url("one"), hook.url("two"), mails.url("aina"))))
        house.route()
        assert send(house).delivered == 3
        house.wait(days=1)
        assert send(house).delivered == 0
        assert (len(hook.received), len(mails.accepted)) == (2, 1)
    assert [channel for _, _, channel, _, _ in outbox(house)] == ["json", "json-2", "mailto"]


@pytest.mark.parametrize("service", ["webhook", "mail"])
def test_a_service_that_refuses_is_tried_again_after_growing_pauses_and_then_given_up(service: str) -> None:
    url = REFUSED if service == "webhook" else f"mailto://127.0.0.1:{NOBODY}?smtp=127.0.0.1&from=a@b.co&to=c@d.co"
    house = House(told_policy(told_by("aina", url)))
    house.route()
    pauses = []
    for _ in range(5):
        assert (send(house).failed, states(house)) == (1, ["waiting"])
        assert send(house).failed == 0, "it is not tried before its time"
        following = store.counts(house.connection).next_try
        assert following is not None
        while not store.waits(house.connection, house.now):
            house.wait(minutes=1)
        pauses.append(following)
    assert send(house).dead == 1
    assert outbox(house) == [("assignment", "aina", "json" if service == "webhook" else "mailto", "dead", 6)]
    assert [entry.trouble for entry in store.listed(house.connection)] == ["not_accepted"]
    minutes = [int(text[11:13]) * 60 + int(text[14:16]) - 9 * 60 for text in pauses]
    assert [after - before for before, after in zip([0, *minutes], minutes, strict=False)] == [1, 2, 4, 8, 16]


def test_what_was_given_up_is_tried_again_when_somebody_asks_for_it() -> None:
    with a_webhook(failing(1)) as hook:
        house = House(told_policy(told_by("aina", hook.url("aina")), notify=Notify(attempts=1)))
        house.route()
        assert send(house).dead == 1
        assert store.revive(house.connection, house.now) == 1
        assert send(house).delivered == 1


def test_a_service_that_fails_twice_and_then_accepts_gets_the_same_key_each_time() -> None:
    with a_webhook(failing(2)) as hook:
        house = House(told_policy(told_by("aina", hook.url("aina"))))
        house.route()
        assert [send(house).failed, house.wait(minutes=1) and send(house).failed] == [1, 1]
        house.wait(minutes=2)
        assert send(house).delivered == 1
        assert len({request.key for request in hook.received}) == 1
        assert len(hook.received) == 3
    assert outbox(house)[0][3:] == ("delivered", 3)


def test_a_mail_server_that_fails_twice_and_then_accepts() -> None:
    with a_mail_server("451 try later", "554 no") as mails:
        house = House(told_policy(told_by("aina", mails.url("aina"))))
        house.route()
        for minutes in (0, 1, 2):
            house.wait(minutes=minutes)
            send(house)
        assert (mails.tried, len(mails.accepted)) == (3, 1)
    assert outbox(house)[0][3:] == ("delivered", 3)


def test_a_slow_service_holds_up_nobody_else_and_counts_as_an_attempt() -> None:
    with a_silent_webhook() as silent, a_webhook() as hook:
        slow = [told_by(f"slow{number}", silent.url("slow", "?rto=0.2&cto=0.2")) for number in range(8)]
        house = House(told_policy(*slow, told_by("aina", hook.url("aina"))))
        house.deal(9)
        began = time.monotonic()
        done = send(house)
        assert time.monotonic() - began < 5
    assert done.delivered == 1
    assert done.troubles == {"no_answer": done.failed}
    assert 3 <= done.failed < 8, "after a few failures in a row a service is left alone"
    untried = [attempts for _, person, _, _, attempts in outbox(house) if person != "aina" and attempts == 0]
    assert len(untried) == 8 - done.failed


def test_a_run_is_bounded_whatever_a_service_does() -> None:
    """Time over: what has no answer is left to its lease, and what was not begun costs no attempt."""
    with a_silent_webhook() as silent:
        house = House(told_policy(told_by("aina", silent.url("aina", "?rto=30"))))
        house.deal(10)
        began = time.monotonic()
        done = send(house, seconds=0.2, grace=0.1)
        assert time.monotonic() - began < 5
    assert done.delivered == done.failed == 0
    assert set(states(house)) == {"waiting"}
    assert not store.waits(house.connection, house.now), "nobody else tries them meanwhile"
    house.wait(minutes=3)
    assert store.waits(house.connection, house.now)


def test_five_hundred_notices_at_once_arrive_once_each() -> None:
    with a_webhook() as hook:
        agents = [told_by(f"a{number:02}", hook.url(f"a{number:02}"), capacity=1000) for number in range(10)]
        house = House(told_policy(*agents))
        house.deal(500)
        assert send(house).delivered == 500
        assert len({request.key for request in hook.received}) == len(hook.received) == 500
    assert set(states(house)) == {"delivered"}


def test_the_leader_hears_of_whom_nobody_could_reach() -> None:
    with a_webhook() as hook:
        leader = told_by("mei", hook.url("mei"), role="leader")
        house = House(told_policy(leader, told_by("aina", REFUSED), leader="mei", notify=Notify(attempts=1)))
        house.route()
        done = send(house)
        assert (done.dead, done.delivered) == (1, 1)
        (request,) = hook.received
    assert request.title == "Aina could not be told"
    assert request.text == "Not delivered: the assignment of lead 1."


def test_the_last_resort_has_channels_of_its_own_or_is_switched_off() -> None:
    with a_webhook() as hook:
        for resort, heard in (((Channel(hook.url("desk")),), 1), (None, 0)):
            hook.received.clear()
            notify = Notify(attempts=1, last_resort=resort)
            house = House(told_policy(told_by("mei", hook.url("mei"), role="leader"), told_by("aina", REFUSED),
                                      leader="mei", notify=notify))  # fmt: skip
            house.route()
            send(house)
            send(house)
            assert [request.path for request in hook.received] == ["/desk"] * heard


def test_who_was_told_over_another_channel_is_no_case_for_the_last_resort() -> None:
    with a_webhook() as hook:
        agents = told_by("mei", hook.url("mei"), role="leader"), told_by("aina", REFUSED, hook.url("aina"))
        house = House(told_policy(*agents, leader="mei", notify=Notify(attempts=1)))
        house.route()
        send(house)
        send(house)
        assert [request.path for request in hook.received] == ["/aina"]


def test_a_leader_who_cannot_be_told_is_told_no_further() -> None:
    house = House(told_policy(told_by("mei", REFUSED), leader="mei", notify=Notify(attempts=1)))
    house.route(quality="hot")
    house.wait(minutes=15)
    house.sweep()
    for _ in range(3):
        send(house)
    assert [(kind, person, state) for kind, person, _, state, _ in outbox(house)] == [
        ("assignment", "mei", "dead"), ("escalation", "@leader", "dead"), ("undelivered", "@last_resort", "dead"),
    ]  # fmt: skip


def test_a_channel_that_the_policy_no_longer_has_is_given_up_at_once() -> None:
    house = House(told_policy(told_by("aina", REFUSED)))
    house.route()
    house.load(told_policy(told_by("aina", "ntfy://127.0.0.1:1/other")))
    assert send(house).troubles == {"no_channel": 1}
    assert states(house) == ["dead"]


def test_a_secret_that_is_not_set_is_a_failure_like_any_other() -> None:
    house = House(told_policy(told_by("aina", "ntfy://${NTFY_TOKEN}@127.0.0.1:1/topic")))
    house.route()
    assert send(house).troubles == {"no_secret": 1}
    assert states(house) == ["waiting"]


def test_quiet_hours_put_a_notice_off_until_they_end_unless_it_is_urgent() -> None:
    with a_webhook() as hook:
        aina = told_by("aina", hook.url("aina"), quiet=(22 * 60, 7 * 60))
        house = House(told_policy(aina))
        house.wait(hours=14)  # 23:00
        house.route()
        assert send(house).delivered == 0
        assert outbox(house)[0][3:] == ("waiting", 0)
        assert store.counts(house.connection).next_try == "2026-03-03T07:00:00Z"
        house.load(told_policy(aina, notify=Notify(urgent=("assignment",))))
        house.route()
        assert send(house).delivered == 1
        house.wait(hours=8)
        assert send(house).delivered == 1
    assert set(states(house)) == {"delivered"}


def test_what_no_longer_holds_is_not_told() -> None:
    with a_webhook() as hook:
        house = House(told_policy(told_by("aina", hook.url("aina")), told_by("bala", hook.url("bala"))))
        lead = house.route()
        holder = lead.agent
        house.step("transfer", 1, to="bala" if holder == "aina" else "aina")
        done = send(house)
        assert (done.overtaken, done.delivered) == (1, 2)
        assert hook.titles(str(holder)) == ["Lead 1 is no longer yours"]
    assert states(house) == ["overtaken", "delivered", "delivered"]


def test_two_runs_at_the_same_time_send_each_notice_once(tmp_path: Path) -> None:
    """One run holds what it took while the other looks, on a connection of its own."""
    other: list[int] = []

    def meanwhile(request: Request) -> int:
        if not other:
            with closing(database.connect(tmp_path / "leads.db")) as connection:
                other.append(deliver(connection, house.now, {}).delivered)
        return 200

    with a_webhook(meanwhile) as hook:
        house = House(told_policy(told_by("aina", hook.url("aina"))), tmp_path / "leads.db")
        house.route()
        assert send(house).delivered == 1
        assert other == [0]
        assert len(hook.received) == 1
    house.connection.close()


def test_one_person_hears_things_in_the_order_in_which_they_happened() -> None:
    with a_webhook() as hook:
        house = House(told_policy(told_by("aina", hook.url("aina"), capacity=100)))
        house.deal(20)
        send(house)
        assert hook.titles("aina") == [f"Lead {number} is yours" for number in range(1, 21)]
