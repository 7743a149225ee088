"""The world as it was, met once more: recorded leads, absences and steps on a copy, under these or other policies.

What people and clients did comes from the events at its own time; what router and clocks do about it is decided anew by
the same use cases as ever. Without another policy every decision comes out as it did (a law in the tests). With one,
what no longer fits, such as a release by somebody who does not have the lead, is left out and counted.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain.decision import DECISIONS
from leadrouter.domain.events import Event, moment
from leadrouter.domain.policy import Policy
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import leads as store
from leadrouter.store import sweeps
from leadrouter.usecases.happenings import HAPPENINGS
from leadrouter.usecases.receive import new_lead
from leadrouter.usecases.recorded import Recorded
from leadrouter.usecases.session import Session
from leadrouter.usecases.settle import who_knows
from leadrouter.usecases.steps import step_on
from leadrouter.usecases.sweep import sweep

PATIENCE = timedelta(minutes=5)
"""A clock that strikes is carried out at the first recorded sweep within this time; without one, at the full minute."""

MINUTE = timedelta(minutes=1)


class Reenactment:
    """A session on a copy that lives through what was recorded in `source`. `policy` None: the policies of their time;
    otherwise one that the copy has in force already.

    `arrived` are the leads that came in and were routed, `forgotten` those whose facts are erased, `left_out` how many
    events of each kind no longer fitted.
    """

    def __init__(self, source: sqlite3.Connection, session: Session, start: datetime, policy: Policy | None) -> None:
        self.source, self.session, self.policy = source, session, policy
        self.arrived: list[int] = []
        self.forgotten: set[int] = set()
        self.left_out: Counter[str] = Counter()
        self._offers: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
        self._sweeps: list[datetime] = []
        self._swept, self._sweeping = start, False
        self._waiting, self._changed = False, start
        self._position = 0

    def live(self, recorded: Sequence[Recorded], until: datetime) -> None:
        """Carries out everything up to a moment."""
        self._sweeps = sorted({entry.at for entry in recorded if entry.origin == "sweep"})
        for event, _, _ in recorded:
            if event.kind == "offered" and event.lead is not None:
                self._offers[event.lead].append((event.seq, event.agent))
        for event, origin, at in recorded:
            if at > until:
                break
            if self.policy is not None:
                self._sweep_up_to(at)
            self._position = event.seq
            if origin == "sweep" and not (self._sweeping and self._swept == at):
                self._sweep(at)
            elif origin == "world":
                self._happen(event, at)
            self._sweeping = origin == "sweep" or (self._sweeping and origin == "router")
            self._position = event.seq + 1
        if self.policy is not None:
            self._sweep_up_to(until)

    # --- what the clocks do ---------------------------------------------------------------------------------------

    def _sweep(self, now: datetime) -> None:
        """One sweep; a row of recorded events stands for a single one."""
        swept = sweep(self.session, now)
        self._swept, self._waiting = now, bool(sweeps.backlog(self.session.connection, now, "fifo"))
        for change in swept.changes:
            if change.what == "offered" and change.lead is not None:
                self._answer(change.lead, now)

    def _sweep_up_to(self, until: datetime) -> None:
        """Under another policy clocks strike at other times: each is carried out as if cron ran every minute."""
        after = self._swept
        while (due := self._next_due(after)) is not None and (at := _full_minute(due)) < until:
            place = bisect_left(self._sweeps, due)
            if place < len(self._sweeps) and self._sweeps[place] - due <= PATIENCE:
                after = due
            else:
                self._sweep(at)
                after = at

    def _next_due(self, after: datetime) -> datetime | None:
        """When something falls due; while leads wait for somebody, also when hours, limits or anything else change."""
        text = sweeps.next_due(self.session.connection, after)
        found = [moment(text)] if text else []
        if self._waiting:
            found += [self._changed] if self._changed > after else []
            with self.session.writing() as journal:
                found.append(journal.desk.plan(after).until)
        return min(found, default=None)

    # --- what people and clients do -------------------------------------------------------------------------------

    def _happen(self, event: Event, at: datetime) -> None:
        if event.kind in DECISIONS or event.kind == "arrived":
            self._arrive(event, at)
        elif event.lead not in self.forgotten:
            try:
                fits = HAPPENINGS[event.kind](self, event, at)
            except (Refused, WrongUsage):
                fits = False
            self.left_out[event.kind] += not fits
        self._changed = at

    def _arrive(self, event: Event, at: datetime) -> None:
        lead, copy = event.lead, self.session.connection
        assert lead is not None
        kept = store.read_facts(self.source, lead)
        if kept.forgotten:
            self.forgotten.add(lead)
            return
        facts, _, digest = kept
        with self.session.writing() as journal:
            known = who_knows(copy, facts, digest)
            new, decision = new_lead(journal, lead, facts, digest, at, known)
            store.insert_leads(copy, [new])
            journal.desk.changes.leads.discard(lead)
        self.arrived.append(lead)
        self._waiting = self._waiting or decision.outcome == "unassigned"
        if decision.outcome == "offered":
            self._answer(lead, at)

    def _answer(self, lead: int, now: datetime) -> None:
        """An offer that was made then, too, is answered as it was; any other is accepted at once."""
        if self.policy is None:
            return
        asked = next((agent for number, agent in self._offers[lead] if number >= self._position), None)
        if self.holder(lead) != asked:
            self.step("accept", lead, now)

    def holder(self, lead: int) -> str | None:
        """Who has a lead, or is asked to take it, on the copy."""
        return store.holder_of(self.session.connection, lead)

    def step(self, step: str, lead: int | None, now: datetime, **details: Any) -> bool:
        """One step by hand; false if the lead is not there. `at` is the moment it was recorded for.

        Raises Refused where the state on the copy does not allow it.
        """
        said = details.pop("at", None)
        if lead is None or not store.is_lead(self.session.connection, lead):
            return False
        with self.session.writing() as journal:
            past = moment(said) if said else None
            state, _ = step_on(self.session, journal, lead, step, now, called=str(lead), at=past, details=details)
            offered = state.state == "offered"
        if offered:
            self._answer(lead, now)
        return True


def _full_minute(at: datetime) -> datetime:
    return at if at.second == 0 else at.replace(second=0) + MINUTE
