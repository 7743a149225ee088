"""The words of a notice, put together at delivery from what the file then knows of the lead. Reads, decides nothing.

A person who was forgotten has no words left here either. What a person gave away stands in no public channel and,
while a lead lies in a blind pool, in none at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain import deadlines, decision
from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import Event
from leadrouter.domain.lead import Lead
from leadrouter.domain.naming import named
from leadrouter.domain.notices import Notice
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import money
from leadrouter.domain.state import LeadState
from leadrouter.domain.telling import LAST_RESORT, LEADER, TEAM, Channel
from leadrouter.domain.wordings import PERSONAL, WORDS, fill
from leadrouter.hostile import GONE, unheaped
from leadrouter.notify import summaries
from leadrouter.store import queries
from leadrouter.store.leads import read_facts

LONGEST_WORD = 300
_NO_MENTIONS = str.maketrans({"@": "＠", "<": "‹", ">": "›"})
"""In a channel that everybody reads, a word of a stranger must not call everybody."""

_ONE_LINE = GONE | dict.fromkeys(map(ord, "\t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " ")

OFFICES = {LEADER: "the leader", TEAM: "the team", LAST_RESORT: "the last resort"}

WHAT = {
    "offer": "the offer of", "assignment": "the assignment of", "handoff": "the hand-off of",
    "warning": "the warning about", "reclaimed": "that somebody else has", "pool": "the posting of",
}  # fmt: skip
"""Kinds about one lead, as part of a sentence that ends in its number."""


BY_HAND = {"forgotten": "the person asked to be forgotten"}
"""Reasons that no clock and no decision has."""


class Message(NamedTuple):
    """What is sent."""

    title: str
    text: str


class Scene(NamedTuple):
    """What a message is written from: the file, the policy in force and the moment."""

    connection: sqlite3.Connection
    policy: Policy
    now: datetime


def write(scene: Scene, notice: Notice, channel: Channel) -> Message | None:
    """The message, in the broker's words where there are any; None where there is nothing to say."""
    values: Mapping[str, str] | None
    if notice.kind == "digest":
        values = summaries.digest(scene.connection, scene.policy, notice.person, scene.now)
    elif notice.kind == "month_end":
        values = summaries.month_end(scene.connection, scene.policy, notice.about.partition("/")[2], scene.now)
    else:
        values = _about_lead(scene, notice, channel)
    if values is None:
        return None
    own = next((entry for entry in scene.policy.notify.wordings if entry.kind == notice.kind), None)
    title, text = WORDS[notice.kind]
    if own is not None:
        title, text = own.title or title, own.text or text
    values = {**values, "team": scene.policy.team.name}
    filled = fill(title, values).replace("\n", " ").strip() or scene.policy.team.name
    return Message(filled, fill(text, values) or filled)


def _about_lead(scene: Scene, notice: Notice, channel: Channel) -> dict[str, str]:
    policy = scene.policy
    event = queries.event(scene.connection, notice.event) if notice.event is not None else None
    values = {"agent": _person(policy, event.agent if event else None), "reason": _reason(event)}
    if event is not None and event.data.get("from"):
        values["from"] = named(policy, event.data["from"])
    if notice.kind == "undelivered":
        values |= _undelivered(policy, notice)
    if notice.lead is None:
        return values
    state = queries.lead(scene.connection, notice.lead).state
    facts = read_facts(scene.connection, notice.lead).facts
    due = state.due_at if notice.kind == "offer" else deadlines.promised_at(state, policy)
    values |= {
        "lead": str(notice.lead),
        "quality": state.quality,
        "rule": state.rule or "",
        "due": wall_clock(due, zone_of(policy, notice.person)) if due else "",
    }
    blind = policy.pool.blind and state.state == "pooled"
    return values | _facts(facts, state, policy, channel, blind=blind)


def _facts(facts: Lead, state: LeadState, policy: Policy, channel: Channel, *, blind: bool) -> dict[str, str]:
    price = money(policy.team.currency, facts.price) if facts.price else ""
    words = {
        "source": facts.source, "intent": facts.intent, "area": facts.area or facts.postcode, "price": price,
        "name": facts.name, "phone": facts.phone, "email": facts.email, "message": facts.message,
    }  # fmt: skip
    values = {key: tidy(word or "", public=channel.public) for key, word in words.items()}
    values["contact"] = ", ".join(filter(None, (values["name"], values["phone"], values["email"])))
    about = (state.quality, *(values[key] for key in ("source", "intent", "area", "price")))
    values["about"] = ", ".join(filter(None, about))
    if channel.public or blind:
        values |= dict.fromkeys(PERSONAL, "")
    return values


def tidy(word: str, *, public: bool) -> str:
    """A word of a person in one line, without anything that a terminal, a mail or a chat could take for an order."""
    line = " ".join(unheaped(word.translate(_ONE_LINE)).split())
    line = line if len(line) <= LONGEST_WORD else line[: LONGEST_WORD - 1] + "…"
    return line.translate(_NO_MENTIONS) if public else line


def _undelivered(policy: Policy, notice: Notice) -> dict[str, str]:
    """Who was not told of what."""
    _, kind, person, about = notice.about.split("/", 3)
    lead = f" lead {notice.lead}" if notice.lead is not None else ""
    what = f"{WHAT[kind]}{lead}" if kind in WHAT else f"the {about.replace('/', ' of ')}"
    return {"agent": _person(policy, person), "what": what}


def _person(policy: Policy, person: str | None) -> str:
    return OFFICES.get(person or "") or (named(policy, person) if person else "")


def _reason(event: Event | None) -> str:
    code = event.data.get("reason") if event is not None else None
    if code is None:
        return ""
    return deadlines.REASONS.get(code) or decision.REASONS.get(code) or BY_HAND.get(code) or ""


def zone_of(policy: Policy, person: str) -> str:
    """The zone on whose clock somebody reads a time."""
    agent = next((entry for entry in policy.agents if entry.id == person), None)
    return (agent.timezone if agent else None) or policy.team.timezone
