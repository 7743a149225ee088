"""What a message says, to whom, and what it must not say."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouter.domain.policy import Policy, Rule, Team
from leadrouter.domain.promises import Acceptance, Pool
from leadrouter.domain.telling import KINDS, Channel, Notify, Wording
from leadrouter.domain.wordings import PERSONAL, WORDS, placeholders
from leadrouter.notify.messages import Message, Scene, tidy, write
from leadrouter.store import outbox
from tests.usecases.house import House

from .desk import told_by, told_policy

NTFY = "ntfy://127.0.0.1/x"
PERSON = {"name": "Dewi Lim", "phone": "+60123456789", "email": "dewi@example.com", "message": "call me"}
EVERYTHING = "|".join(f"{{{word}}}" for word in PERSONAL)


def desk(notify: Notify | None = None, **fields: Any) -> House:
    agents = told_by("mei", NTFY, role="leader"), told_by("aina", NTFY, timezone="Asia/Kuala_Lumpur")
    policy = told_policy(*agents, leader="mei", notify=notify, **fields)
    return House(policy._replace(team=Team("Harbour", leader="mei", currency="MYR")))


def messages(house: House, *, public: bool = False) -> dict[str, Message | None]:
    """Kind -> the last message of that kind, as it would be sent now."""
    scene = Scene(house.connection, house.session.policy.policy, house.now)
    entries = outbox.listed(house.connection)
    return {entry.notice.kind: write(scene, entry.notice, Channel(NTFY, public)) for entry in entries}


def test_an_assignment_says_who_it_is_and_until_when_on_the_agents_own_clock() -> None:
    house = desk()
    house.route(**PERSON, source="portal", intent="buyer", area="Bangsar", price=800000.0)
    assert messages(house)["assignment"] == Message(
        "Lead 1 is yours",
        "warm, portal, buyer, Bangsar, MYR 800,000\n"
        "Dewi Lim, +60123456789, dewi@example.com\n"
        "call me\n"
        "First contact by Mon 02 Mar 19:00.",
    )


def test_lines_about_what_is_not_known_are_left_out() -> None:
    house = desk()
    house.route(name=None)
    assert messages(house)["assignment"] == Message(
        "Lead 1 is yours", "warm\nperson1@example.com\nFirst contact by Mon 02 Mar 19:00."
    )


def test_an_offer_names_the_moment_it_lapses_and_nobody() -> None:
    house = desk(acceptance=Acceptance(warm=900))
    house.route(**PERSON)
    assert messages(house)["offer"] == Message(
        "Lead 1 is on offer to you", "warm\nAccept or decline it by Mon 02 Mar 17:15."
    )


def test_the_leader_hears_whose_lead_it_is_and_why() -> None:
    house = desk()
    house.route(quality="hot")
    house.wait(minutes=15)
    house.sweep()
    assert messages(house)["escalation"] == Message(
        "Lead 1 needs you", "It is with Aina.\nReason: nobody tried to reach the person as soon as promised.\nhot"
    )


def test_a_lead_that_was_taken_back_says_why_and_nothing_of_the_person() -> None:
    house = desk()
    house.route(**PERSON)
    house.wait(hours=72)
    house.sweep()
    assert messages(house)["reclaimed"] == Message("Lead 1 is no longer yours", "Reason: was not contacted in time.")


def test_the_brokers_own_words_replace_the_title_or_the_text() -> None:
    house = desk(Notify(wordings=(Wording("assignment", "{name}!"), Wording("warning", text="{lead}"))))
    house.route(**PERSON)
    message = messages(house)["assignment"]
    assert message is not None
    assert message.title == "Dewi Lim!"
    assert message.text.startswith("warm\nDewi Lim")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("digest", "month_end", "undelivered")])
def test_no_public_channel_gets_a_word_of_the_person_whatever_the_template(kind: str) -> None:
    """Even where the broker's own words ask for it."""
    house = desk(Notify(wordings=(Wording(kind, EVERYTHING, EVERYTHING),)))
    house.route(**PERSON)
    scene = Scene(house.connection, house.session.policy.policy, house.now)
    (entry,) = outbox.listed(house.connection)
    private = write(scene, entry.notice._replace(kind=kind), Channel(NTFY))
    public = write(scene, entry.notice._replace(kind=kind), Channel(NTFY, public=True))
    assert private is not None
    assert all(word in private.text for word in PERSON.values())
    assert public is not None
    assert not any(word in f"{public.title} {public.text}" for word in PERSON.values())


@pytest.mark.parametrize(("blind", "seen"), [(False, True), (True, False)])
def test_the_blind_pool_stays_blind_until_somebody_claims_the_lead(blind: bool, seen: bool) -> None:
    house = desk(pool=Pool(blind=blind), rules=(Rule("all", then="pool"),))
    house.route(**PERSON, source="portal")
    message = messages(house)["pool"]
    assert message is not None
    assert ("Dewi" in message.text) is seen
    assert "portal" in message.text


def test_a_strangers_words_can_call_nobody_in_a_channel_that_all_read() -> None:
    house = desk(rules=(Rule("all", then="pool"),))
    house.route(source="@everyone <!here>", area="a\x1b[31mred\u202e")
    message = messages(house, public=True)["pool"]
    assert message is not None
    assert "@" not in message.text
    assert "<" not in message.text
    assert "\x1b" not in message.text
    assert "\u202e" not in message.text


def test_a_person_whose_facts_were_erased_has_no_words_here_either() -> None:
    house = desk()
    house.route(**PERSON)
    house.connection.execute("UPDATE leads SET name = NULL, phone = NULL, email = NULL, message = NULL")
    assert messages(house)["assignment"] == Message("Lead 1 is yours", "warm\nFirst contact by Mon 02 Mar 19:00.")


def test_a_digest_counts_and_lists_what_is_open_and_names_nobody() -> None:
    house = desk()
    house.load(_with_digest(house))
    for _ in range(12):
        house.route(**PERSON | {"email": None, "phone": None, "external_id": f"x{house.came}"})
    house.wait(hours=3)
    house.contact(1)
    house.sweep()
    digest = messages(house)["digest"]
    assert digest is not None
    assert digest.title == "Your leads on 2026-03-02"
    head, *lines = digest.text.splitlines()
    assert head == "12 open, 11 overdue, 0 due today."
    assert lines[0] == "2 assigned, warm, due Mon 02 Mar 19:00"
    assert lines[-1] == "and 2 more"
    assert len(lines) == 11
    assert "Dewi" not in digest.text


def _with_digest(house: House) -> Policy:
    policy = house.session.policy.policy
    return policy._replace(agents=tuple(agent._replace(digest=8 * 60) for agent in policy.agents))


def test_a_digest_of_nothing_is_not_sent() -> None:
    house = desk()
    house.load(_with_digest(house))
    house.sweep()
    assert messages(house) == {"digest": None}


def test_the_month_end_report_says_what_each_was_due_and_got() -> None:
    house = desk()
    house.deal(3)
    house.wait(days=31)
    house.sweep()
    report = messages(house)["month_end"]
    assert report is not None
    assert report.title == "Harbour, 2026-03"
    assert report.text.splitlines()[:2] == ["3 leads came in.", "Aina: received 3, due 3.00"]


def test_every_kind_has_words_that_only_hold_known_ones() -> None:
    from leadrouter.domain.wordings import PLACEHOLDERS

    assert set(WORDS) == set(KINDS)
    for title, text in WORDS.values():
        assert set(placeholders(title + text)) <= set(PLACEHOLDERS)


def test_a_name_in_a_notice_is_whole_and_nothing_hides_in_it() -> None:
    """Joiners belong to Persian and Indian names and to some signs; what turns text around or covers lines does not."""
    shown = tidy("نرم\u200cافزار \u202egnp\u200f.exe\r\nSubject: x\t👩\u200d👧 Z" + "\u0301" * 50, public=False)
    assert shown == "نرم\u200cافزار gnp.exe Subject: x 👩\u200d👧 Z" + "\u0301" * 4
