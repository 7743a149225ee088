"""`explain LEAD --agent A`: what kept one agent from a lead, decision by decision, in a sentence they can check."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.decision import RESTING, LineUp
from leadrouter.domain.events import Event, iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.reports.explanation import Explained, reason_words
from leadrouter.reports.happened import MOVES, told
from leadrouter.reports.standing import COMPARED, figures
from leadrouter.reports.wording import decision_words, skip_words
from leadrouter.store import policies


class Answer(NamedTuple):
    """Why not, as a code and in words. The code is `got_it`, a skip, `rule_not_met`, `not_named`, `other_tier`,
    `owed_less`, `later_in_turn`, or the reason of a decision that asked nobody's turn.
    """

    code: str
    words: str


class Answered(NamedTuple):
    """One decision of a lead, and the answer for the agent."""

    entry: Explained
    answer: Answer


def answers(connection: sqlite3.Connection, decisions: Sequence[Explained], agent: str) -> list[Answered]:
    """The answer for each decision, under the policy of its time."""
    rulebooks: dict[int, Rulebook] = {}
    found = []
    for entry in decisions:
        version = entry.event.policy
        if version not in rulebooks:
            rulebooks[version] = Rulebook(policies.version(connection, version)[0])
        found.append(Answered(entry, why_not(entry, agent, rulebooks[version])))
    return found


def why_not(entry: Explained, agent: str, rulebook: Rulebook) -> Answer:
    """What kept this agent from the lead in one decision."""
    event, lineup, policy = entry.event, entry.lineup, rulebook.policy
    who, holder = named(policy, agent), named(policy, event.agent)
    reason = event.data["reason"]
    if event.agent == agent:
        got = "was asked to take it" if event.kind == "offered" else "got it"
        return Answer("got_it", f"{who} {got}: {reason_words(entry, policy)}.")
    if agent not in rulebook.roster:
        return Answer("not_on_roster", f"{who} was not on the roster then.")
    if lineup is None or reason in RESTING:
        return Answer(reason, f"Nobody's turn was asked: the lead {decision_words(reason)}.")
    skip = lineup.skipped().get(agent)
    if skip is not None:
        return Answer(skip, f"{who} {skip_words(skip)}, and was skipped.")
    if lineup.rotation is None and reason in ("pooled", "held", "incubating"):
        return Answer(reason, f"It was nobody's turn: {decision_words(reason)} (rule {lineup.rule}).")
    if agent not in dict(lineup.panel):
        return _not_seated(lineup, agent, who, rulebook)
    if reason in ("relationship", "requested"):
        return Answer(reason, f"It went to {holder}, who {decision_words(reason)}.")
    if agent not in entry.shares:
        tier, theirs = event.data.get("tier"), lineup.tier_of(agent)
        return Answer("other_tier", f"It was the turn of tier {tier}; {who} is in tier {theirs}.")
    if reason != "most_owed":
        return Answer(reason, f"It went to {holder}, who {decision_words(reason)}.")
    return _owed(entry, agent, who, holder)


def _not_seated(lineup: LineUp, agent: str, who: str, rulebook: Rulebook) -> Answer:
    """The rule that decided does not name the agent; where an earlier one does, why it did not apply."""
    for rule, field in lineup.unmet:
        if agent in {entry.id for entry in rulebook.named.get(rule, ())} and rule != lineup.rule:
            return Answer(
                "rule_not_met",
                f"Rule {rule}, which names {who}, did not apply: {field} did not match. Rule {lineup.rule} names "
                "others.",
            )
    return Answer("not_named", f"Rule {lineup.rule} does not name {who}.")


def _owed(entry: Explained, agent: str, who: str, holder: str) -> Answer:
    """Owed less than the one who got it, or the same and later in turn."""
    assert entry.event.agent is not None
    standing, shown = entry.standing, figures(entry.standing, entry.event.agent)
    if standing[agent] < standing[entry.event.agent]:
        stood = f"{who} stood at {shown[agent]}, {holder} at {shown[entry.event.agent]}"
        return Answer(
            "owed_less", f"{holder} was owed more, {COMPARED}: {stood} (leads, with their share of this one)."
        )
    return Answer(
        "later_in_turn",
        f"Both were owed the same, {COMPARED} ({shown[agent]} leads), and {holder} came first in turn: whoever has "
        "waited longer for a lead, then the order of the roster.",
    )


def moves(history: Iterable[Event]) -> list[Event]:
    """What happened to a lead between its decisions that says who has it: transfers, claims, what was taken back."""
    return [event for event in history if event.kind in MOVES]


def as_json(lead: int, agent: str, found: Sequence[Answered], history: Sequence[Event]) -> dict[str, Any]:
    """For scripts."""
    return {
        "lead": lead,
        "agent": agent,
        "decisions": [
            {
                "at": iso(entry.event.at),
                "rule": entry.lineup.rule if entry.lineup else None,
                "went_to": entry.event.agent,
                "outcome": entry.event.kind,
                "reason": answer.code,
                "words": answer.words,
            }
            for entry, answer in found
        ],
        "moves": [
            {"at": iso(event.at), "what": event.kind, "agent": event.agent, "from": event.data.get("from")}
            for event in moves(history)
        ],
    }


def lines(
    called: str,
    state: LeadState,
    found: Sequence[Answered],
    history: Sequence[Event],
    policy: Policy,
    now: datetime,
) -> list[str]:
    """For people, one line for each decision and each move between, and who has it in the end."""
    moved = {event.seq: f"{told(event, policy)}." for event in moves(history)}
    if not found and not moved:
        return [f"lead {called} was never dealt: there was no turn to be had"]
    said = moved | {entry.event.seq: answer.words for entry, answer in found}
    when = {event.seq: wall_clock(event.at, policy.team.timezone, now) for event in history}
    ended = (
        [f"{named(policy, state.agent)} holds it now."] if moved and state.agent and state.state not in CLOSED else []
    )
    return [*(f"{when[seq]}: {said[seq]}" for seq in sorted(said)), *ended]
