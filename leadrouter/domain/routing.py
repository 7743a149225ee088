"""How leads are routed: match rule -> candidates -> skip -> narrow -> weigh -> pick -> outcome, top to bottom.

Every route, import, reclaim, retry, opening and replay calls this same `decide`; the same inputs give the same
answer on any machine. Nothing here reads a lead's facts, a clock or the file, and nothing changes the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from leadrouter.domain import calendar, skips
from leadrouter.domain.decision import Bench, Case, Decision, LineUp, Seat, Tier, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.ledger import FLOOR
from leadrouter.domain.ledger import TIERS as TIERS_END
from leadrouter.domain.narrowing import NARROW
from leadrouter.domain.policy import TIERS, Agent, Rule
from leadrouter.domain.rounds import UNIT, Panel
from leadrouter.domain.rulebook import Rulebook, rotation_name
from leadrouter.domain.strategies import STRATEGIES, Candidate, Contest
from leadrouter.domain.tiers import PROBATION, tier_of, tier_weights

WITHOUT_AGENT = {"hold": "held", "pool": "pooled", "incubate": "incubating"}
"""`then` that gives the lead to nobody -> the state it gets."""


def decide(case: Case, desk: Desk, policy: Rulebook, now: datetime) -> Decision:
    """Who gets this lead, and the whole reason."""
    if case.occasion == "posted":
        return Decision("pooled", None, "posted", turn=False)
    if case.hops > policy.policy.reclaim.max_hops:
        return rest("max_hops", desk, policy, now)
    if case.occasion == "expired" and case.offers >= policy.policy.acceptance.max_offers:
        return rest("max_offers", desk, policy, now)

    if case.known or case.requested:
        favoured = favourite(case, line_up(case, desk, policy, now, narrow=False), desk, policy)
        if favoured is not None:
            return favoured

    lineup = line_up(case, desk, policy, now)
    rule = policy.rules[lineup.rule]
    if rule.then in WITHOUT_AGENT:
        outcome = WITHOUT_AGENT[rule.then]
        if case.occasion == "unclaimed" and outcome == "pooled":  # the catch-all pools too: it stays there
            return Decision("pooled", None, "unclaimed", turn=False)
        return Decision(outcome, None, outcome, lineup, turn=False)
    if lineup.rotation is None:
        return nobody(case, lineup, desk, policy, now)

    strategy = STRATEGIES[lineup.strategy]
    tier = tier_next_up(lineup, desk)
    panel = lineup.members(tier)
    agent = strategy.pick(Contest(case, lineup.rotation, panel), desk)
    reason = strategy.reason if len(lineup.panel) > 1 else "only_one"
    return Decision(outcome_of(rule, case, policy), agent, reason, lineup, tier)


def outcome_of(rule: Rule, case: Case, policy: Rulebook) -> str:
    """The state of a lead that somebody gets: to be qualified, offered for a time, or simply theirs."""
    if rule.then == "qualify":
        return "qualifying"
    return "assigned" if policy.policy.acceptance.window(case.quality) is None else "offered"


# --- who could take it ----------------------------------------------------------------------------------------


def line_up(case: Case, desk: Desk, policy: Rulebook, now: datetime, *, narrow: bool = True) -> LineUp:
    """The first rule in the chain that has somebody free, and everyone it named with their weight or skip.

    Leads of the same kind share a line-up until somebody's standing changes, so the desk remembers it.
    """
    desk.plan(now)
    key = (narrow, starting_rule(case, policy), *case.kind())
    lineup = desk.lineups.get(key)
    if lineup is None:
        lineup = desk.recorded(_line_up(case, desk, policy, now, narrow=narrow))
        if all(is_settled(policy.rules[name]) for name in (lineup.rule, *(bench.rule for bench in lineup.benches))):
            desk.lineups[key] = lineup
    return lineup


def is_settled(rule: Rule) -> bool:
    """Whether a rule's line-up stays the same until somebody's standing changes."""
    return STRATEGIES[rule.strategy].settled and rule.overlap == "turns"


def _line_up(case: Case, desk: Desk, policy: Rulebook, now: datetime, *, narrow: bool) -> LineUp:
    benches: list[Bench] = []
    unmet = passed_over(case, policy)
    for rule in chain(case, policy):
        if rule.then in WITHOUT_AGENT:
            return LineUp(rule.name, None, rule.strategy, (), unmet, tuple(benches))
        rotation = rotation_name(rule, case.quality)
        seats = seats_of(rule, case, desk, policy, now, narrow=narrow)
        if any(seat.skip is None for seat in seats):
            tiers = tiers_of(rule, desk, policy, now)
            return LineUp(rule.name, rotation, rule.strategy, seats, unmet, tuple(benches), tiers, shares_of(seats))
        benches.append(Bench(rule.name, rotation, seats))
    last = policy.catch_all
    return LineUp(last.name, None, last.strategy, (), unmet, tuple(benches))


def passed_over(case: Case, policy: Rulebook) -> tuple[tuple[str, str], ...]:
    """The rules before the matching one, each with the field on which it failed."""
    found = []
    for rule, failed in zip(policy.policy.rules, case.unmet, strict=True):
        if failed is None:
            break
        found.append((rule.name, failed))
    return tuple(found)


def chain(case: Case, policy: Rulebook) -> Iterator[Rule]:
    """The rules that are asked, in their order. One that qualifies is never asked for a lead that was handed off."""
    return (rule for rule in _way(case, policy) if not (rule.then == "qualify" and case.handed_off))


def _way(case: Case, policy: Rulebook) -> Iterator[Rule]:
    """The first rule the lead meets, its `else`, that one's `else`, and in the end the catch-all."""
    start = starting_rule(case, policy)
    met = [rule for rule, failed in zip(policy.policy.rules, case.unmet, strict=True) if failed is None]
    rule = policy.rules[start] if start else met[0] if met else policy.catch_all
    yield rule
    while rule.otherwise is not None:
        rule = policy.rules[rule.otherwise]
        yield rule
    if rule is not policy.catch_all:
        yield policy.catch_all


def starting_rule(case: Case, policy: Rulebook) -> str | None:
    """The rule that the policy names for leads nobody claimed or nobody called; None: the first one they meet."""
    if case.occasion == "unclaimed":
        return policy.policy.pool.unclaimed
    return policy.policy.escalation.backup if case.occasion == "reassigned" else None


def named_by(rule: Rule, desk: Desk, policy: Rulebook) -> tuple[Agent, ...]:
    """Everyone a rule names, in the order of turns; where it names tiers, those who have them by now."""
    if rule.to.kind != "tier":
        return policy.named[rule.name]
    return tuple(
        agent for agent in policy.roster.values() if (desk.agents[agent.id].tier or agent.tier) in rule.to.values
    )


def seats_of(rule: Rule, case: Case, desk: Desk, policy: Rulebook, now: datetime, *, narrow: bool) -> tuple[Seat, ...]:
    """Everyone the rule names, with the weight of this moment and the first skip that applies."""
    strategy, named = STRATEGIES[rule.strategy], named_by(rule, desk, policy)
    weights = strategy.weigh([Candidate(agent, desk.slot(agent.id, now).weight) for agent in named], desk)
    skipped = {
        agent.id: desk.standing(agent.id, now) or skips.wrong_for(case, agent, strategy.serving) for agent in named
    }
    if strategy.keep is not None:
        _drop(skipped, named, strategy.keep(_free(skipped), desk), rule.strategy)
    for preference in rule.prefer if narrow else ():
        if preference in NARROW:
            free = [agent for agent in named if skipped[agent.id] is None]
            _drop(skipped, named, NARROW[preference](case, free), f"prefer_{preference}")
    if rule.overlap == "last" and narrow:
        _drop(
            skipped, named, {desk.last_there[name] for name in case.territories if name in desk.last_there}, "overlap"
        )
    return tuple(Seat(agent.id, weight, skipped[agent.id]) for agent, weight in zip(named, weights, strict=True))


def _free(skipped: dict[str, str | None]) -> list[str]:
    return [agent for agent, reason in skipped.items() if reason is None]


def _drop(skipped: dict[str, str | None], named: Sequence[Agent], kept: set[str], reason: str) -> None:
    """Skips everyone free who is not kept; keeping nobody drops nobody."""
    free = _free(skipped)
    if not kept.isdisjoint(free):
        skipped.update({agent: reason for agent in free if agent not in kept})


# --- who of them ----------------------------------------------------------------------------------------------


def favourite(case: Case, lineup: LineUp, desk: Desk, policy: Rulebook) -> Decision | None:
    """The one agent a preference names: asked for by the person, or known from an earlier lead.

    Only somebody on the panel. Everybody before narrowing earns, and the lead counts as a turn if the policy says so
    and the agent's credit is above the floor, without which an agent known to many would lose every turn.
    """
    rule = policy.rules[lineup.rule]
    if lineup.rotation is None or rule.then in WITHOUT_AGENT:
        return None
    for preference, agent in (("requested", case.requested), ("relationship", case.known)):
        if preference in rule.prefer and agent in dict(lineup.panel):
            turn = policy.policy.relationship.counts_as_turn and above_floor(agent or "", lineup.rotation, desk)
            outcome = outcome_of(rule, case, policy)
            return Decision(outcome, agent, preference, lineup, lineup.tier_of(agent or ""), turn)
    return None


def above_floor(agent: str, rotation: str, desk: Desk) -> bool:
    """Whether a lead outside the turns may still cost this agent one."""
    return desk.ledger.credit.get(rotation, {}).get(agent, 0) > FLOOR


def tiers_of(rule: Rule, desk: Desk, policy: Rulebook, now: datetime) -> tuple[Tier, ...]:
    """The tiers of everyone the rule names, with weights capped on the roster, not on who happens to be in today."""
    if not STRATEGIES[rule.strategy].tiered:
        return ()
    date = calendar.local_date(now, policy.policy.team.timezone)
    members: dict[str, list[str]] = {}
    for agent in named_by(rule, desk, policy):
        if desk.agents[agent.id].active:
            tier = tier_of(agent, desk.agents[agent.id], policy.policy, date)
            members.setdefault(tier, []).append(agent.id)
    weights = tier_weights({tier: len(agents) for tier, agents in members.items()}, policy.policy)
    order = [tier for tier in (*TIERS[:2], PROBATION, *TIERS[2:]) if tier in members]
    return tuple(Tier(tier, weights[tier], tuple(members[tier])) for tier in order)


def tier_next_up(lineup: LineUp, desk: Desk) -> str | None:
    """The tier owed most, a tie by rank; None without tiers."""
    if not lineup.tiers:
        return None
    panel: Panel = lineup.tier_panel()
    credit = desk.ledger.credit.get(f"{lineup.rotation}{TIERS_END}", {})
    shares = sum(weight for _, weight in panel)
    owed = {tier: credit.get(tier, 0) * shares + weight * UNIT for tier, weight in panel}
    return max(owed, key=lambda tier: owed[tier])


# --- nobody ---------------------------------------------------------------------------------------------------


def nobody(case: Case, lineup: LineUp, desk: Desk, policy: Rulebook, now: datetime) -> Decision:
    """Nobody can take it: wait and be retried, or, where waiting cannot help, come to rest in a named place."""
    reasons = lineup.skipped()
    if (case.excluded or case.declined) and set(reasons.values()) <= {"past_holder", "declined", "left"}:
        return rest("no_one_left", desk, policy, now)
    barred = policy.rules[lineup.rule].then == "qualify" and case.handed_off
    why = "all_skipped" if reasons else "handed_off" if barred else "nobody_named"
    return Decision("unassigned", None, why, lineup, turn=False)


def rest(reason: str, desk: Desk, policy: Rulebook, now: datetime) -> Decision:
    """Where a lead ends that no rule may move any more: with the leader; if there is none any more, in the pool."""
    leader = policy.policy.team.leader
    if leader is None or desk.slot(leader, now).skip == "left":
        return Decision("pooled", None, reason, turn=False)
    return Decision("assigned", leader, reason, turn=False)
