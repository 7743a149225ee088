"""`explain`: why this agent got the lead, and why each other one did not. Read from the chain, never guessed anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.apply import rounds_in
from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.decision import DECISIONS, OCCASIONS, LineUp, Seat
from leadrouter.domain.events import Event, iso
from leadrouter.domain.journal import BALANCE_EVERY
from leadrouter.domain.ledger import Account, Ledger
from leadrouter.domain.naming import named
from leadrouter.domain.policy import WEIGHT_UNIT, Policy
from leadrouter.domain.rounds import leads as in_leads
from leadrouter.domain.speech import listed
from leadrouter.reports.happened import quality_words, told
from leadrouter.reports.lines import say
from leadrouter.reports.standing import COMPARED, LEGEND, TIES, figures, level_with, standings
from leadrouter.reports.tables import say_in, show_table
from leadrouter.reports.wording import decision_words, skip_words
from leadrouter.store import desks, queries


class Explained(NamedTuple):
    """One decision: the event, its line-up, each share of the lead, what each was owed in the rotation before it (in
    leads), and where each stood for the pick (in units, see `standing`).
    """

    event: Event
    lineup: LineUp | None
    shares: Mapping[str, float]
    credits: Mapping[str, float]
    standing: Mapping[str, int]


def explained(connection: sqlite3.Connection, history: list[Event]) -> Iterator[Explained]:
    """Every decision in a lead's history."""
    panels = queries.Panels(connection)
    for event in history:
        if event.kind not in DECISIONS:
            continue
        number = event.data.get("panel", 0)
        if not number or panels[number].rotation is None:
            yield Explained(event, panels[number] if number else None, {}, {}, {})
            continue
        lineup = panels[number]
        panel = lineup.members(event.data.get("tier"))
        total = panel.weights
        ledger = _accounts_before(connection, event.seq, panels)
        accounts = ledger.credit.get(lineup.rotation or "", {})
        yield Explained(
            event,
            lineup,
            {agent: round(weight / total, 4) for agent, weight in panel},
            {agent: round(in_leads(accounts.get(agent, 0)), 4) for agent, _ in panel},
            standings(ledger, lineup.rotation or "", panel),
        )


def _accounts_before(connection: sqlite3.Connection, seq: int, panels: queries.Panels) -> Ledger:
    """The accounts just before an event: the latest balance, and the rounds since."""
    ledger = Ledger()
    base = seq - seq % BALANCE_EVERY
    balance = queries.event(connection, base) if base else None
    if balance is not None and balance.kind == "balance":
        for rotation, credits in balance.data["credit"].items():
            for agent, credit in credits.items():
                ledger.open_account(rotation, agent, Account(credit))
    renamings = desks.renamings(connection)
    for event in queries.ledger_events(connection, base, seq):
        if event.kind == "rotation_renamed":
            ledger.rename(event.data["from"], event.data["to"])
        for entry, _ in rounds_in(event, panels, [entry for entry in renamings if entry.event < event.seq]):
            ledger.post(entry)
    return ledger


def isa_of(history: list[Event]) -> str | None:
    """The inside sales agent who handed the lead off, if one did."""
    return next((event.agent for event in reversed(history) if event.kind == "handed_off"), None)


def as_json(lead: int, decisions: list[Explained], history: list[Event]) -> dict[str, Any]:
    """The explanation for scripts."""
    return {
        "lead": lead,
        "isa": isa_of(history),
        "decisions": [_decision(entry) for entry in decisions],
        "history": [
            {
                "at": iso(event.at),
                "what": event.kind,
                "agent": event.agent,
                "reason": event.data.get("reason"),
                "by": event.by,
            }
            for event in history
        ],
    }


def _decision(entry: Explained) -> dict[str, Any]:
    event, lineup = entry.event, entry.lineup
    return {
        "at": iso(event.at),
        "rule": lineup.rule if lineup else None,
        "rotation": lineup.rotation if lineup else None,
        "strategy": lineup.strategy if lineup else None,
        "tier": event.data.get("tier"),
        "agent": event.agent,
        "outcome": event.kind,
        "reason": event.data["reason"],
        "quality": event.data["quality"],
        "occasion": event.data.get("occasion", "new"),
        "candidates": list(dict.fromkeys(seat.agent for seats in _all_seats(lineup) for seat in seats)),
        "skipped": lineup.skipped() if lineup else {},
        "rules_not_met": dict(lineup.unmet) if lineup else {},
        "rules_with_nobody_free": [bench.rule for bench in lineup.benches] if lineup else [],
        "shares": dict(entry.shares),
        "credits": dict(entry.credits),
        "credits_after": owed_after(entry),
    }


def _all_seats(lineup: LineUp | None) -> list[tuple[Seat, ...]]:
    return [*(bench.seats for bench in lineup.benches), lineup.seats] if lineup else []


def sentences(entry: Explained, policy: Policy) -> list[str]:
    """The decision in plain sentences, for an agent to read."""
    event, lineup = entry.event, entry.lineup
    who, why = named(policy, event.agent), reason_words(entry, policy)
    if lineup is None:
        if event.data["reason"] == "posted":
            return ["It lies in the pool, for anyone to claim."]
        return [f"It rests with {who if event.agent else 'the pool'}: it {why}."]
    lines = [f"It is {event.data['quality']}: {quality_words(event.data.get('why', 'default'))}."]
    lines += [
        f"Rule {rule} did not apply: {UNMET.get(field, f'{field} did not match')}." for rule, field in lineup.unmet
    ]
    for bench in lineup.benches:
        reasons = [f"{named(policy, seat.agent)} {skip_words(seat.skip or '')}" for seat in bench.seats]
        lines.append(f"Rule {bench.rule} applied, but had nobody free: {'; '.join(reasons) or 'it names nobody'}.")
    if event.kind == "unassigned":
        heard = f" {named(policy, event.data['told'])} is told." if "told" in event.data else ""
        return [*lines, f"Nobody could take it: {why}. Each sweep tries again.{heard}"]
    if lineup.rotation is None:
        return [*lines, f"Rule {lineup.rule} applied: {why}."]
    lines.append(f"Rule {lineup.rule} applied; it deals from the rotation {lineup.rotation} by {lineup.strategy}.")
    if "tier" in event.data:
        lines.append(f"It was the turn of tier {event.data['tier']}.")
    besides = "" if event.data.get("turn", True) else " It took nobody's turn."
    got = "was offered it" if event.kind == "offered" else "got it"
    return [*lines, f"{who} {got}: {why}.{besides}"]


def reason_words(entry: Explained, policy: Policy) -> str:
    """What decided, in words; where that was what everyone was owed, whether somebody was owed as much."""
    event = entry.event
    if event.data["reason"] != "most_owed" or event.agent not in entry.standing:
        return decision_words(event.data["reason"])
    level = level_with(entry.standing, event.agent)
    if not level:
        return f"was owed most, {COMPARED}"
    others = listed(named(policy, agent) for agent in level)
    return f"was owed as much as {others}, {COMPARED}, and came first in turn"


UNMET = {"occasion": "the lead has been there"}
"""What kept a rule from applying that is no field of the lead."""


COLUMNS = ("agent", "weight", "share", "owed", "after", "counts", "")


def candidate_rows(entry: Explained, policy: Policy) -> list[list[str]]:
    """Everyone the deciding rule names: share of the lead, owed before and after, what was compared, or why skipped."""
    if entry.lineup is None:
        return []
    rows = []
    after, compared = owed_after(entry), figures(entry.standing, entry.event.agent) if entry.standing else {}
    for seat in entry.lineup.seats:
        name, weight = named(policy, seat.agent), f"{seat.weight / WEIGHT_UNIT:g}"
        if seat.skip is not None or seat.agent not in entry.shares:
            why = skip_words(seat.skip) if seat.skip else f"tier {entry.lineup.tier_of(seat.agent)}"
            rows.append([name, weight, "", "", "", "", why])
            continue
        owed = (entry.credits[seat.agent], after[seat.agent])
        word = "got it" if seat.agent == entry.event.agent else _why_not(entry, seat.agent)
        share = f"{entry.shares[seat.agent]:.3f}"
        rows.append([name, weight, share, *(f"{leads:+.2f}" for leads in owed), compared[seat.agent], word])
    return rows


def owed_after(entry: Explained) -> dict[str, float]:
    """What each was owed in the rotation once the lead was dealt; the same as before where it took nobody's turn."""
    if not entry.event.data.get("turn", True):
        return dict(entry.credits)
    paid = sum(entry.shares.values())
    return {
        agent: round(credit + entry.shares[agent] - (paid if agent == entry.event.agent else 0), 4)
        for agent, credit in entry.credits.items()
    }


def _why_not(entry: Explained, agent: str) -> str:
    """Why an eligible agent did not get it: counted less, or the same and came later in turn."""
    assert entry.event.agent is not None
    if entry.event.data["reason"] != "most_owed":
        return ""
    return "counts less" if entry.standing[agent] < entry.standing[entry.event.agent] else "same; later in turn"


def show(
    called: str,
    decisions: list[Explained],
    history: list[Event],
    notes: Mapping[int, str],
    policy: Policy,
    now: datetime,
) -> None:
    """The explanation on a screen, in the order of time: each decision with its candidates, and every step between."""
    decided = {entry.event.seq: entry for entry in decisions}
    for event in history:
        when = wall_clock(event.at, policy.team.timezone, now)
        if event.seq in decided:
            _show_decision(called, decided[event.seq], when, policy)
            continue
        line = f"{when}: {told(event, policy)}"
        say(line + (f": {notes[event.seq]}" if notes.get(event.seq) else ""))
    if isa := isa_of(history):
        say(f"{named(policy, isa)} handed it off, and stays on it as its isa.")


def _show_decision(called: str, entry: Explained, when: str, policy: Policy) -> None:
    occasion = OCCASIONS.get(entry.event.data.get("occasion", "new"), "")
    say_in("bold", f"{when}: lead {called} was routed, since {occasion}")
    say(*(f"  {sentence}" for sentence in sentences(entry, policy)))
    rows = candidate_rows(entry, policy)
    if rows:
        show_table("", COLUMNS, rows, right="_rrrrr")
    if entry.event.data["reason"] == "most_owed":
        say(f"  {LEGEND}{TIES if level_with(entry.standing, entry.event.agent) else ''}")
