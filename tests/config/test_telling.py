"""Channels, quiet hours, digests and words of one's own as a broker writes them; what is refused, what is advised."""

from __future__ import annotations

import pytest

from leadrouter.config.advice_on_telling import looks_secret
from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import HOUR, MINUTE
from leadrouter.domain.telling import Channel, Notify, Warn, Wording

from .conftest import Read, Refuse

TEAM = "team: {timezone: UTC, region: MY, leader: aina}\n"
AINA = 'agents: [{id: aina, notify: "ntfy://${TOKEN}@ntfy.sh/aina"}]\n'


def agents(policy: Policy) -> dict[str, object]:
    return {agent.id: (agent.notify, agent.quiet, agent.digest) for agent in policy.agents}


def test_nobody_is_told_anything_unless_it_is_written(read: Read) -> None:
    policy = read("agents: [Aina]").policy
    assert agents(policy) == {"aina": ((), None, None)}
    assert policy.notify == Notify((), (), (), (), None, 480, 6, ())


def test_an_agent_has_channels_quiet_hours_and_a_digest_of_their_own_or_those_of_all(read: Read) -> None:
    policy = read(
        "agents:\n"
        "  - {id: aina, notify: [ntfy://a, {url: 'sms://${B}', public: yes, only: [offer, Warning]}]}\n"
        "  - {id: bala, notify: ntfy://b, quiet: 21:00-06:00, digest: off}\n"
        "  - {id: chong, quiet: off}\n"
        "notify: {quiet: 22:00-07:00, digest: 08:30}\n"
    ).policy
    assert agents(policy) == {
        "aina": ((Channel("ntfy://a"), Channel("sms://${B}", True, ("offer", "warning"))), (1320, 420), 510),
        "bala": ((Channel("ntfy://b"),), (1260, 360), None),
        "chong": ((), None, 510),
    }


def test_what_everybody_reads_is_public_unless_it_says_otherwise(read: Read) -> None:
    notify = read(
        f"{AINA}notify: {{team: [slack://a, {{url: slack://b, public: no}}], leader: sms://c, last_resort: mailto://d}}"
    ).policy.notify
    assert [channel.public for channel in notify.team] == [True, False]
    assert (notify.leader, notify.last_resort) == ((Channel("sms://c"),), (Channel("mailto://d"),))


@pytest.mark.parametrize(("written", "meant"), [("leader", ()), ("off", None), ("[]", ())])
def test_the_last_resort_is_the_leader_or_nobody(read: Read, written: str, meant: object) -> None:
    assert read(f"{AINA}notify: {{last_resort: {written}}}").policy.notify.last_resort == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{}", Warn(5 * MINUTE, 30 * MINUTE, 2 * HOUR)),
        ("{warn: on}", Warn()),
        ("{warn: {hot: 3m, cold: off}}", Warn(3 * MINUTE, 30 * MINUTE, None)),
        ("{warn: off}", None),
    ],
)
def test_agents_who_can_be_told_are_warned_unless_it_is_switched_off(read: Read, written: str, meant: object) -> None:
    assert read(f"{AINA}notify: {written}").policy.notify.warn == meant
    assert read(f"agents: [Aina]\nnotify: {written}").policy.notify.warn is None


def test_the_rest_of_the_section(read: Read) -> None:
    notify = read(
        f"{AINA}notify:\n  urgent: [escalation]\n  month_end: off\n  attempts: 3\n"
        '  templates:\n    offer: {title: "Lead {lead}"}\n    digest:\n      text: |\n        {open}\n        {leads}\n'
    ).policy.notify
    assert (notify.urgent, notify.month_end, notify.attempts) == (("escalation",), None, 3)
    assert notify.wordings == (Wording("offer", "Lead {lead}"), Wording("digest", None, "{open}\n{leads}"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("agents: [{id: a, notify: topsecret}]", "agents[0].notify: is not the address of a channel"),
        ('agents: [{id: a, notify: "ntfy://${TOKEN"}]', "a variable of the environment is written as ${NAME}"),
        ("agents: [{id: a, notify: {url: ntfy://a}}]", "expected a list"),
        ("agents: [{id: a, notify: [{public: yes}]}]", "url is missing"),
        ("agents: [{id: a, quiet: 22:00}]", "'22:00' is not a stretch of time"),
        ("agents: [{id: a, quiet: 22:00-22:00}]", "begins and ends at the same minute"),
        ("agents: [{id: a, digest: 25:00}]", "'25:00' is not a time of day; write it as 08:00, or off"),
        (f"{AINA}notify: {{urgent: [ofer]}}", "unknown 'ofer'; known: offer, assignment"),
        (f"{AINA}notify: {{templates: {{ofer: {{text: x}}}}}}", "unknown kind of notice 'ofer'"),
        (f"{AINA}notify: {{templates: {{offer: {{text: '{{leed}}'}}}}}}", "unknown word in braces 'leed'"),
        (f"{AINA}notify: {{attempts: 0}}", "is not a whole number from 1"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(refuse: Refuse, written: str, expected: str) -> None:
    (problem,) = refuse(written)
    assert expected in str(problem)
    assert "topsecret" not in str(problem)


# --- advice ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("mailto://me:hunter2@example.com", True),
        ("mailto://me:${PASSWORD}@example.com", False),
        ("mailto://smtp.example.com?from=a@b.co&to=c@d.co", False),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", True),
        ("tgram://${TELEGRAM}/12315544", False),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", True),
        ("ntfy://ntfy.sh/leads-of-harbour-realty", False),
        ("ntfy://ntfy.sh/x?token=abc", True),
        ("ntfy://ntfy.sh/x?token=${NTFY}", False),
        ("json://127.0.0.1:8080/hooks/abc123def456ghi789", False),
        ("json://h/x?-apikey=abc", True),
        ("${EVERYTHING}", False),
    ],
)
def test_a_secret_in_plain_text_is_noticed(url: str, secret: bool) -> None:
    assert looks_secret(url) is secret


def hints(read: Read, text: str) -> list[str]:
    return [entry.message for entry in read(text).advice]


def test_advice_names_no_secret_and_points_at_its_line(read: Read) -> None:
    (advice,) = read(f"{TEAM}agents:\n  - {{id: aina, notify: 'mailto://me:hunter2@h'}}").advice
    assert advice.line == 3
    assert "${NAME}" in advice.message
    assert "hunter2" not in advice.message


def test_agents_whom_nobody_tells_are_named_where_others_are_told(read: Read) -> None:
    assert hints(read, f"{TEAM}agents: [Aina, Bala]") == []
    text = f"{TEAM}agents: [{{id: aina, notify: ntfy://a}}, Bala, {{id: chong, role: leader}}]"
    assert [hint for hint in hints(read, text) if "tells" in hint] == [
        "nobody tells 'Bala' of their leads; write notify"
    ]


def test_a_leader_without_a_channel_is_noticed(read: Read) -> None:
    text = "agents: [{id: aina, notify: ntfy://a}, {id: mei, role: leader}]\n"
    lead = "team: {timezone: UTC, region: MY, leader: mei}\n"
    assert [hint for hint in hints(read, lead + text) if "escalations" in hint]
    assert not [hint for hint in hints(read, f"{lead}{text}notify: {{leader: sms://x}}") if "escalations" in hint]


def test_a_warning_that_never_comes_is_noticed(read: Read) -> None:
    assert hints(read, f"{TEAM}{AINA}sla: {{hot: 5m}}\nnotify: {{warn: on}}") == [
        "hot leads are never warned of: the promise is no longer than that"
    ]
    assert hints(read, f"{TEAM}{AINA}notify: {{warn: on}}") == []
