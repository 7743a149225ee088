"""Everything that can happen, in the past tense, and the chain that keeps it from being changed.

An event is appended once and never edited. It holds only words of the policy, numbers, times and ids; a
lead's own text stays in the `leads` table and enters here as a salted hash (`facts`). What each kind means
for the desk is in `apply`; nothing is written or decided here.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from leadrouter.domain.stored_json import stored_json

ENGINE = 3
"""Number of the deciding code. Raised when `decide` may answer differently for the same inputs, or `apply` makes
something else of the same event.
"""

REPLAYED = 2
"""The earliest engine whose decisions today's code gives again."""

REVISED = 3
"""The engine since which only turns that credit decides are owed, hops are those of one journey, who was only asked
never had a lead, closing keeps what reopening needs, a transfer is its own reason, and an opening that a new policy
moves into the past is due. What earlier ones recorded is folded as they folded it: decisions rest on it, and the file
keeps proving itself.
"""

GENESIS = bytes(32)
"""What the first event is chained to."""

KINDS = {
    "policy_loaded": "a policy came into force: version, and the hash of its text",
    "agent_joined": "an agent came onto the roster: the date, or none for the first team",
    "agent_left": "an agent left the roster: the write-offs of their credit",
    "panel": "a line-up was met for the first time: rule, rotation, candidates, skips, shares",
    "assigned": "a lead was routed to an agent: panel, quality, occasion, reason",
    "unassigned": "a lead was received and nobody could take it",
    "offered": "a lead was offered to an agent for a time: panel, quality, occasion, reason",
    "accepted": "the agent took the lead that was offered",
    "declined": "the agent did not take it: why, as a code; panel and payer where the turn is given back",
    "expired": "the offer lapsed: the same",
    "qualifying": "a lead was routed to an inside sales agent to be qualified first",
    "pooled": "a lead was left to whoever claims it first",
    "held": "a lead waits for the team to open",
    "incubating": "a lead is kept for nurture",
    "handed_off": "an isa had qualified the lead: the criteria met, and missing ones where a person overrode them",
    "incubated": "a person put the lead into nurture: the moment of the next touch, if one was chosen",
    "touched": "the desk was in touch with a lead in nurture: intent yes or no, the moment of the next touch",
    "rotation_renamed": "a rotation goes on under another name: from, to",
    "rotation_removed": "no rule deals from a rotation any more; its accounts stay",
    "past": "a lead of earlier times was recorded with its owner: state, moments, value",
    "rated": "the person said how satisfied they are: score, 1 to 5",
    "inquired": "a known person asked again while their lead was open",
    "contacted": "the agent tried to reach the person: channel, outcome",
    "appointment": "the agent and the person are to meet",
    "no_show": "the person did not come to the appointment",
    "extended": "the agent may hold the lead for longer: seconds",
    "escalated": "the leader was told: reason, whom, seconds after the clock's start",
    "warned": "the agent was warned: reason, seconds after the clock's start",
    "promise_missed": "the first contact did not come as promised",
    "taken_offline": "an agent gets no more leads until they are back: how many promises were broken",
    "claimed": "an agent took a lead from the pool",
    "released": "an agent gave a lead up to the pool",
    "requested": "an agent asked for a lead",
    "request_refused": "the broker refused the request: whose",
    "complained": "an agent complained",
    "complaint_answered": "a complaint was answered: the number of its event",
    "won": "the lead became a sale: value",
    "lost": "the lead ended without a sale",
    "voided": "the lead was junk; its turn was given back: panel, payer",
    "transferred": "a person moved the lead to another agent",
    "reopened": "a closed lead was opened again: state; after a void also panel and payer",
    "edited": "facts of a lead were corrected: the names of the fields",
    "forgotten": "the person of a lead was erased: asked for, or by the policy's retention; notes erased elsewhere",
    "allowed": "a forgotten person may be recorded again",
    "reclaimed": "a lead was taken back: from whom, for which reason; hop false: not through any fault of theirs",
    "went_away": "an agent's time off or pause began: from, until",
    "came_back": "an agent's pause or time off ended",
    "reviewed": "an agent's results were reviewed: the figures, what they say of the tier, the skill",
    "tier_moved": "reviews in a row earned or lost a tier: from, to, and the figures of the last",
    "tier_set": "a person put an agent into a tier: from, to",
    "credited": "a correction of an agent's credit by hand: rotation, leads",
    "balance": "every account at this point of the chain, so that `explain` need not read from the beginning",
}
"""Every kind of event and what it holds."""


class Event(NamedTuple):
    """One thing that happened. `at` is UTC; `policy` the version in force; `facts` a commitment or None."""

    seq: int
    at: datetime
    kind: str
    lead: int | None
    agent: str | None
    by: str
    policy: int
    data: dict[str, Any]
    facts: bytes | None = None
    engine: int = ENGINE

    @property
    def when(self) -> datetime:
        """When it really happened: a step by hand may record a past moment."""
        return moment(self.data["at"]) if "at" in self.data else self.at


@lru_cache(maxsize=1024)
def iso(moment: datetime) -> str:
    """A moment as the file and JSON show it: UTC ISO 8601 to the second.

    Remembered, since every lead of an import says the same moment half a dozen times.
    """
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


@lru_cache(maxsize=1024)
def moment(text: str) -> datetime:
    """The moment an `iso` text stands for. Remembered, as its counterpart is."""
    return datetime.fromisoformat(text)


def data_text(data: dict[str, Any]) -> str:
    """The data of an event as it is stored and hashed."""
    return stored_json(data)


Stored = tuple[int, str, str, "int | None", "str | None", str, int, int, str, "bytes | None"]
"""An event's columns in the order of the chain: seq, at, kind, lead, agent, by, policy, engine, data, facts."""


def stored(event: Event) -> Stored:
    """The columns of an event, in the order in which they are chained."""
    seq, at, kind, lead, agent, by, policy, data, facts, engine = event
    return (seq, iso(at), kind, lead, agent, by, policy, engine, data_text(data), facts)


def chained(previous: bytes, columns: Stored) -> bytes:
    """`sha256(previous hash + the columns)`, each column framed as a netstring, absent ones empty.

    Netstrings (length, colon, text, comma; D. J. Bernstein) keep two different rows from ever framing alike.
    """
    seq, at, kind, lead, agent, by, policy, engine, data, facts = columns
    number, version, code = str(seq), str(policy), str(engine)
    of = "" if lead is None else str(lead)
    whom = agent or ""
    committed = "" if facts is None else facts.hex()
    framed = (  # written out, since it is done for every event of a proof
        f"{len(number)}:{number},{len(at)}:{at},{len(kind)}:{kind},{len(of)}:{of},{len(whom)}:{whom},{len(by)}:{by},"
        f"{len(version)}:{version},{len(code)}:{code},{len(data)}:{data},{len(committed)}:{committed},"
    )
    return hashlib.sha256(previous + framed.encode()).digest()
