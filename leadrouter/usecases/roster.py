"""The team and its policy: loading a version, joining and leaving, time off, corrections of credit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from leadrouter.domain import calendar
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.journal import Journal
from leadrouter.domain.ledger import TIERS
from leadrouter.domain.naming import named, way_out
from leadrouter.domain.policy import Policy
from leadrouter.domain.rounds import correction, panel_of, write_off
from leadrouter.domain.routing import named_by
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.shares import ShareChange, expected_shares, share_changes
from leadrouter.domain.state import Absence
from leadrouter.domain.stored_policy import dump, policy_hash
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import desks, policies
from leadrouter.usecases.changes import changes_between, renamed_rotations
from leadrouter.usecases.session import Session, roster_agent


class Loaded(NamedTuple):
    """What `load` did: the version in force, whether it is new, what changed in words, and whose share of which leads
    (`before` is the policy that these are compared with).
    """

    version: int
    new: bool
    changes: list[str]
    shares: Sequence[ShareChange] = ()
    before: Rulebook | None = None


def load_policy(session: Session, policy: Policy, text: str, now: datetime) -> Loaded:
    """Takes a policy into force as a new version, unless it says exactly what the present one says."""
    record = json.dumps(dump(policy), ensure_ascii=False, separators=(",", ":"))
    with session.writing(first_policy=True) as journal:
        desk = journal.desk
        before = desk.policy if desk.version else None
        if before is not None and before.policy == policy:
            return Loaded(desk.version, False, [])
        desks.load_live_leads(session.connection, desk)
        was = expected_shares(before, desk.agents, now) if before is not None else {}
        version = desk.version + 1
        sha256 = policy_hash(record, text)
        policies.insert_policy(session.connection, version, iso(now), sha256, record, text)
        journal.record("policy_loaded", now, data={"version": version, "sha256": sha256})
        _rename_rotations(journal, before, now)
        _join(journal, before, now)
        depart(session, journal, now)
        changes = [*changes_between(before, desk.policy), *_tiers_that_stay(before, desk)]
        if before is None:
            return Loaded(version, True, changes)
        will_be = expected_shares(desk.policy, desk.agents, now)
        shares = share_changes(was, will_be, renamed_rotations(before, desk.policy))
        return Loaded(version, True, changes, shares, before)


def _tiers_that_stay(before: Rulebook | None, desk: Desk) -> list[str]:
    """A tier that was applied goes before one that is written: said where somebody writes another one."""
    written = {agent.id: agent.tier for agent in before.policy.agents} if before else {}
    return [
        f"agent {agent.id}: stays in tier {applied}, which was applied; change it with: leadrouter tiers --set"
        for agent in desk.policy.policy.agents
        for applied in [desk.agents[agent.id].tier]
        if applied is not None and agent.tier not in (None, applied, written.get(agent.id))
    ]


def _rename_rotations(journal: Journal, before: Rulebook | None, now: datetime) -> None:
    """A rule that changed its name alone takes its accounts along; a rotation no rule deals from is noted."""
    if before is None:
        return
    after = journal.desk.policy
    renamed = renamed_rotations(before, after)
    for old, new in renamed.items():
        journal.record("rotation_renamed", now, data={"from": old, "to": new})
    for rotation in before.rotations():
        if rotation not in after.rotations() and rotation not in renamed:
            journal.record("rotation_removed", now, data={"rotation": rotation})


def _join(journal: Journal, before: Rulebook | None, now: datetime) -> None:
    """Whoever is on the roster and not yet at a desk joins; present at the first load means established."""
    desk = journal.desk
    today = calendar.local_date(now, desk.policy.policy.team.timezone)
    for agent in desk.policy.roster.values():
        state = desk.agents.get(agent.id)
        leaving = agent.left is not None and agent.left <= today
        if state is None or (not state.active and not leaving):
            joined = agent.joined or (None if before is None else today)
            journal.record("agent_joined", now, agent=agent.id, data={"joined": joined})


def depart(session: Session, journal: Journal, now: datetime) -> None:
    """Whoever is off the roster, or whose last day has come, leaves; their credit is written off over the others."""
    desk = journal.desk
    today = calendar.local_date(now, desk.policy.policy.team.timezone)
    roster = desk.policy.roster
    staying = {agent.id for agent in roster.values() if agent.left is None or agent.left > today}
    leavers = [state.agent for state in desk.agents.values() if state.active and state.agent not in staying]
    for leaver in sorted(leavers):
        rounds = []
        for rotation, credits in sorted(desk.ledger.credit.items()):
            if rotation.endswith(TIERS):
                continue
            others = panel_of(
                (agent.id, agent.weight) for agent in roster.values() if agent.id in credits and agent.id in staying
            )
            entry = write_off(rotation, leaver, credits.get(leaver, 0), others)
            if entry is not None:
                rounds.append([entry.rotation, entry.panel, entry.quantum])
        desks.load_live_leads(session.connection, desk, leaver)
        journal.record("agent_left", now, agent=leaver, data={"rounds": rounds})


class Away(NamedTuple):
    """An absence that is on record: whose, its moments, and whether it was there before."""

    agent: str
    absence: Absence
    already: bool


def go_away(session: Session, name: str, since: str | None, until: str | None, now: datetime) -> Away:
    """Starts time off (dates inclusive, in the team's zone) or, without `until`, a pause until `back`.

    Nothing happens where the same end is on record from as early on. Raises WrongUsage for dates in the wrong order.
    """
    with session.writing() as journal:
        agent = roster_agent(journal.desk.policy.policy, name)
        zone = journal.desk.policy.policy.team.timezone
        begins = calendar.start_of(since, zone) if since else now
        ends = calendar.start_of(calendar.day_after(until), zone) if until else None
        if ends is not None and ends <= max(begins, now):
            raise WrongUsage(
                "the time off ends before it begins or is already over", "give --from and --until in order"
            )
        desks.load_live_leads(session.connection, journal.desk, agent)
        absence = (iso(begins), iso(ends) if ends else None)
        for known in journal.desk.agents[agent].absences:
            if known[0] <= absence[0] and known[1] == absence[1]:
                return Away(agent, known, already=True)
        journal.record("went_away", now, agent=agent, data={"from": absence[0], "until": absence[1]})
        return Away(agent, absence, already=False)


def come_back(session: Session, name: str, now: datetime) -> tuple[str, int]:
    """Ends what keeps the agent away now: pauses, time off, being offline. Future time off stays.

    Returns the agent and how many ended. Raises Refused if there is nothing to end.
    """
    with session.writing() as journal:
        agent = roster_agent(journal.desk.policy.policy, name)
        state = journal.desk.agents[agent]
        ended = [
            [since, until]
            for since, until in state.absences
            if since <= iso(now) and (until is None or until > iso(now))
        ]
        offline = state.offline_since is not None
        if not (ended or offline):
            who = named(journal.desk.policy.policy, agent)
            raise Refused(f"{who} is not away", "time off written in the configuration ends by loading a new one")
        desks.load_live_leads(session.connection, journal.desk, agent)
        journal.record("came_back", now, agent=agent, data={"ended": ended} | ({"offline": True} if offline else {}))
        return agent, len(ended) + offline


def correct_credit(
    session: Session, name: str, leads: Fraction, rotation: str, reason: str | None, now: datetime
) -> str:
    """Credits an agent by hand, paid by the others of the rotation. The reason is kept beside the event.

    Returns the agent.
    """
    with session.writing() as journal:
        desk = journal.desk
        agent = roster_agent(journal.desk.policy.policy, name)
        base = rotation.removesuffix("/hot")
        rules = desk.policy.rotations().get(base)
        if rules is None:
            raise WrongUsage(f"no rotation {rotation}", way_out(base, list(desk.policy.rotations())))
        if not STRATEGIES[rules[0].strategy].by_credit:
            hint = "only where leads are dealt by turns is anybody owed one"
            raise WrongUsage(f"{rotation} deals by {rules[0].strategy}: credit decides nothing there", hint)
        turning = {entry.id: entry for rule in rules for entry in named_by(rule, desk, desk.policy)}
        if agent not in turning:
            who, *others = (named(desk.policy.policy, entry) for entry in (agent, *turning))
            raise WrongUsage(f"{who} does not take turns in {rotation}", f"its agents: {', '.join(others)}")
        payers = panel_of(
            (entry.id, entry.weight)
            for entry in desk.policy.roster.values()
            if entry.id in turning and entry.id != agent and desk.agents[entry.id].active
        )
        if not payers:
            raise Refused(f"nobody else takes turns in {rotation}", "a credit is paid by the others")
        entry = correction(rotation, agent, leads, payers)
        journal.record(
            "credited",
            now,
            agent=agent,
            data={"leads": str(leads), "rounds": [[entry.rotation, entry.panel, entry.quantum]]},
            note=reason,
        )
        return agent
