"""How leads are routed: match rule -> candidates -> skip -> weigh -> pick -> outcome, top to bottom in one file.

Every route, import, reclaim, retry and replay calls this same `decide`; the same inputs give the same answer
on any machine. Nothing here reads a lead's facts, a clock or the file, and nothing changes the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from leadrouter.domain import skips
from leadrouter.domain.decision import Bench, Case, Decision, LineUp, Seat, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.policy import Rule
from leadrouter.domain.rulebook import Rulebook, rotation_name
from leadrouter.domain.strategies import STRATEGIES


def decide(case: Case, desk: Desk, policy: Rulebook, now: datetime) -> Decision:
    """Who gets this lead, and the whole reason."""
    if case.hops > policy.policy.reclaim.max_hops:
        return rest("max_hops", policy)

    lineup = line_up(case, desk, policy, now)
    if lineup.rotation is None:
        return nobody(case, lineup, policy)

    agent = STRATEGIES[lineup.strategy].pick(lineup.rotation, lineup.panel, desk)
    return Decision("assigned", agent, "most_owed" if len(lineup.panel) > 1 else "only_one", lineup)


def line_up(case: Case, desk: Desk, policy: Rulebook, now: datetime) -> LineUp:
    """The first rule in the chain that has somebody free, and everyone it named with their weight or skip.

    Leads of the same kind share a line-up until somebody's standing changes, so the desk remembers it.
    """
    desk.plan(now)
    key = (case.unmet, case.quality == "hot", case.past_holders)
    if key not in desk.lineups:
        desk.lineups[key] = _line_up(case, desk, policy, now)
    return desk.lineups[key]


def _line_up(case: Case, desk: Desk, policy: Rulebook, now: datetime) -> LineUp:
    benches: list[Bench] = []
    unmet = passed_over(case, policy)
    for rule in chain(case, policy):
        seats = seats_of(rule, case, desk, policy, now)
        if any(seat.skip is None for seat in seats):
            rotation = rotation_name(rule, case.quality)
            return LineUp(rule.name, rotation, rule.strategy, seats, unmet, tuple(benches), shares_of(seats))
        benches.append(Bench(rule.name, seats))
    last = benches.pop()
    return LineUp(last.rule, None, policy.rules[last.rule].strategy, last.seats, unmet, tuple(benches))


def passed_over(case: Case, policy: Rulebook) -> tuple[tuple[str, str], ...]:
    """The rules before the matching one, each with the field on which it failed."""
    found = []
    for rule, failed in zip(policy.policy.rules, case.unmet, strict=True):
        if failed is None:
            break
        found.append((rule.name, failed))
    return tuple(found)


def chain(case: Case, policy: Rulebook) -> Iterator[Rule]:
    """The first rule the lead meets, its `else`, that one's `else`, and in the end the catch-all."""
    rule = next(rule for rule, failed in zip(policy.policy.rules, case.unmet, strict=True) if failed is None)
    yield rule
    while rule.otherwise is not None:
        rule = policy.rules[rule.otherwise]
        yield rule
    if rule is not policy.catch_all:
        yield policy.catch_all


def seats_of(rule: Rule, case: Case, desk: Desk, policy: Rulebook, now: datetime) -> tuple[Seat, ...]:
    """Everyone the rule names, with the weight of this moment and the first skip that applies."""
    named = policy.named[rule.name]
    weights = STRATEGIES[rule.strategy].weigh([desk.slot(agent.id, now) for agent in named])
    return tuple(
        Seat(agent.id, weight, desk.standing(agent.id, now) or skips.wrong_for(case, agent.id))
        for agent, weight in zip(named, weights, strict=True)
    )


def nobody(case: Case, lineup: LineUp, policy: Rulebook) -> Decision:
    """Nobody can take it: wait and be retried, or, where waiting cannot help, come to rest in a named place."""
    reasons = lineup.skipped()
    if case.past_holders and set(reasons.values()) <= {"past_holder", "left"}:
        return rest("no_one_left", policy)
    return Decision("unassigned", None, "all_skipped" if reasons else "nobody_named", lineup)


def rest(reason: str, policy: Rulebook) -> Decision:
    """Where a lead ends that no rule may move any more: with the leader, without one in the pool."""
    leader = policy.policy.team.leader
    return Decision("assigned", leader, reason) if leader else Decision("pooled", None, reason)
