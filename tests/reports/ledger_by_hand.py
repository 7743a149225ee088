"""The figures of a month reckoned anew from the bare rows: leads as they stand, events as they are stored.

On purpose in another way than the program's: fractions instead of ledger units, one pass over all events, no index,
no tallies, no code of `reports`, `fairness` or `metrics`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")


class Row(NamedTuple):
    """One event as it is stored."""

    seq: int
    at: datetime
    kind: str
    lead: int | None
    agent: str | None
    data: dict[str, Any]

    @property
    def really(self) -> datetime:
        return datetime.fromisoformat(self.data["at"]) if "at" in self.data else self.at


def events(connection: sqlite3.Connection) -> list[Row]:
    rows = connection.execute("SELECT seq, at, kind, lead, agent, data FROM events ORDER BY seq")
    return [
        Row(seq, datetime.fromisoformat(at), kind, lead, agent, json.loads(data))
        for seq, at, kind, lead, agent, data in rows
    ]


def leads(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    cursor = connection.execute("SELECT * FROM leads ORDER BY lead")
    names = [column[0] for column in cursor.description]
    found = []
    for row in cursor:
        lead = dict(zip(names, row, strict=True))
        for key in ("received_at", "assigned_at", "attempted_at", "contacted_at", "closed_at"):
            lead[key] = datetime.fromisoformat(lead[key]) if lead[key] else None
        holders = json.loads(lead["past_holders"] or "[]")
        now = [lead["isa"], lead["agent"] if lead["state"] != "offered" else None]  # who is only asked has nothing
        lead["holders"] = {agent for agent in (*holders, *now) if agent}
        found.append(lead)
    return found


def month_of(moment: datetime) -> str:
    return moment.astimezone(KUALA_LUMPUR).strftime("%Y-%m")


def came_in(connection: sqlite3.Connection, month: str) -> list[dict[str, Any]]:
    return [lead for lead in leads(connection) if month_of(lead["received_at"]) == month]


class Dealing(NamedTuple):
    """Due, full share and received by (rotation, agent), and what brought or took leads outside the turns."""

    due: dict[tuple[str, str], Fraction]
    full: dict[tuple[str, str], Fraction]
    received: Counter[tuple[str, str]]
    explained: dict[tuple[str, str], Counter[str]]
    skips: dict[str, Counter[str]]


LOST = {"capacity", "time_off", "paused", "hours", "daily_limit", "hourly_limit"}
OUTSIDE = "(outside the rotations)"
WAITS_NO_LONGER = {
    "assigned", "offered", "qualifying", "unassigned", "pooled", "held", "incubating",
    "transferred", "incubated", "won", "lost", "voided",
}  # fmt: skip


def dealing(rows: list[Row], month: str) -> Dealing:
    """Plays the month's events and keeps the books in fractions."""
    panels = {row.seq: row.data for row in rows if row.kind == "panel"}
    due: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    full: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    received: Counter[tuple[str, str]] = Counter()
    explained: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    skips: dict[str, Counter[str]] = defaultdict(Counter)
    turn_of: dict[int, int] = {}
    holder: dict[int, str | None] = {}
    waits: dict[int, int] = {}

    def share(panel: int, times: int) -> None:
        seats = [(agent, weight) for agent, weight, skip in panels[panel]["seats"] if skip is None]
        whole = sum(weight for _, weight in seats)
        for agent, weight in seats:
            due[panels[panel]["rotation"], agent] += Fraction(times * weight, whole)

    def full_share(panel: int, times: int) -> None:
        asked = [(rotation, seats) for _, rotation, seats in panels[panel]["benches"]]
        if panels[panel]["rotation"]:
            asked.append((panels[panel]["rotation"], panels[panel]["seats"]))
        for rotation, seats in asked:
            everybody = [(agent, weight) for agent, weight, skip in seats if skip is None or skip in LOST]
            if everybody:
                whole = sum(weight for _, weight in everybody)
                for agent, weight in everybody:
                    full[rotation, agent] += Fraction(times * weight, whole)
                return

    def beside(lead: int, agent: str, word: str, sign: int) -> None:
        panel = turn_of.get(lead, 0)
        key = (panels[panel]["rotation"] if panel else OUTSIDE, agent)
        received[key] += sign
        explained[key][word] += sign

    for row in rows:
        now, lead = month_of(row.at) == month, row.lead or 0
        panel = row.data.get("panel", 0)
        if month_of(row.at) <= month and row.kind in WAITS_NO_LONGER:
            waits.pop(lead, None)
        if row.kind in ("assigned", "offered", "qualifying", "unassigned", "pooled", "held", "incubating"):
            if now and panel:
                benched = {agent: skip for _, _, seats in panels[panel]["benches"] for agent, _, skip in seats if skip}
                for agent, skip in (benched | {a: skip for a, _, skip in panels[panel]["seats"] if skip}).items():
                    skips[agent][skip] += 1
            turned = row.agent is not None and row.data.get("turn", True)
            turn_of[lead] = panel if panel and turned else 0
            if row.agent is not None and now:
                if panel and turned:
                    received[panels[panel]["rotation"], row.agent] += 1
                    share(panel, 1)
                    full_share(panel, 1)
                elif not panel:
                    received[OUTSIDE, row.agent] += 1
                    explained[OUTSIDE, row.agent]["rested"] += 1
                else:
                    key = (panels[panel]["rotation"], row.agent)
                    received[key] += 1
                    explained[key][row.data["reason"]] += 1
            if row.kind == "unassigned" and panel and month_of(row.at) <= month:
                waits[lead] = panel
            holder[lead] = row.agent
        elif row.kind in ("voided", "declined", "expired") and panel:
            if now:
                received[panels[panel]["rotation"], row.data["payer"]] -= 1
                share(panel, -1)
                full_share(panel, -1)
        elif row.kind in ("declined", "expired") and now:
            beside(lead, row.agent or "", row.kind, -1)
        elif row.kind == "released" and now:
            beside(lead, row.agent or "", "released", -1)
        elif row.kind == "claimed":
            turn_of[lead] = panel if row.data.get("turn") else 0
            if now:
                beside(lead, row.agent or "", "claimed", 1)
            holder[lead] = row.agent
        elif row.kind == "transferred":
            if now:
                if holder.get(lead):
                    beside(lead, holder[lead] or "", "transferred", -1)
                beside(lead, row.agent or "", "transferred", 1)
            holder[lead] = row.agent
        elif row.kind == "credited" and now:
            for rotation, seats, quantum in row.data["rounds"]:
                unit = 720_720_000
                explained[rotation, row.agent or ""]["credited"] -= quantum * sum(w for _, w in seats) / unit
                for agent, weight in seats:
                    explained[rotation, agent]["credited"] += quantum * weight / unit
        if row.kind in ("declined", "expired", "released", "reclaimed"):
            holder[lead] = None
        if row.kind == "past":
            holder[lead] = row.agent
    for panel in waits.values():
        full_share(panel, 1)
    return Dealing(due, full, received, explained, skips)


class Turn(NamedTuple):
    """One holder's time with a lead: since when, the first attempt, until when."""

    agent: str
    since: datetime
    tried: datetime | None
    until: datetime | None


def holdings(rows: list[Row]) -> dict[int, list[Turn]]:
    """Lead -> everybody who really had it (an offer is not having it), oldest first."""
    found: dict[int, list[Turn]] = defaultdict(list)
    for row in rows:
        if row.lead is None:
            continue
        turns = found[row.lead]
        mine = bool(turns) and turns[-1].until is None
        if row.kind in ("contacted", "appointment") and mine and turns[-1].tried is None:
            turns[-1] = turns[-1]._replace(tried=row.really)
        if row.kind in ("reclaimed", "released", "transferred", "won", "lost", "voided") and mine:
            turns[-1] = turns[-1]._replace(until=row.really)
        if row.kind in ("assigned", "accepted", "claimed", "transferred") and row.agent:
            turns.append(Turn(row.agent, row.really, None, None))
    return found


PROMISED = {"hot": timedelta(minutes=15), "warm": timedelta(hours=2), "cold": timedelta(hours=24)}


class Tried(NamedTuple):
    """What was measured of an agent's leads of one quality."""

    kept: list[bool]
    minutes: list[float]
    waited: list[float]


def tries(connection: sqlite3.Connection, month: str, now: datetime) -> dict[tuple[str, str], Tried]:
    found: dict[tuple[str, str], Tried] = defaultdict(lambda: Tried([], [], []))
    had = holdings(events(connection))
    for lead in came_in(connection, month):
        if lead["state"] == "void" or lead["reason"] == "past":
            continue
        for turn in had[lead["lead"]]:
            measured, promise = found[turn.agent, lead["quality"]], turn.since + PROMISED[lead["quality"]]
            if turn.tried is not None:
                measured.kept.append(turn.tried <= promise)
                measured.minutes.append((turn.tried - turn.since) / timedelta(minutes=1))
                measured.waited.append((turn.tried - lead["received_at"]) / timedelta(minutes=1))
            elif (turn.until or now) > promise:
                measured.kept.append(False)
    return {key: measured for key, measured in found.items() if any(measured)}
