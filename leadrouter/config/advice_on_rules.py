"""Advice about rules: too many, never met, dealing to nobody, or not doing what their strategy promises."""

from __future__ import annotations

from collections import Counter

from leadrouter.config.overlap import implies
from leadrouter.config.problems import Hints, shown
from leadrouter.config.schema import Document
from leadrouter.domain.classify import BARRED
from leadrouter.domain.matching import names
from leadrouter.domain.policy import TIERS, WEIGHT_UNIT, Agent, Condition, Policy, Rule
from leadrouter.domain.routing import WITHOUT_AGENT
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.domain.tiers import caps_bite, tier_weights

MANY_RULES = 7
MOST_COMPARED = 200
"""Each rule is compared with all above it; nobody writes so many that this takes long."""

FEW_FOR_TIERS = 6

_SERVED = {"specialty": "specialties", "source": "sources", "language": "languages", "territory": "territories"}
"""What a strategy wants served -> the key of an agent that says so."""


def deals(rule: Rule) -> bool:
    """Whether a rule gives its leads to somebody."""
    return rule.then not in WITHOUT_AGENT


def dealt_to(rule: Rule, policy: Policy) -> list[Agent]:
    """Those a rule names. Without a clock, who has a `left` date counts as gone."""
    return [agent for agent in policy.agents if agent.left is None and names(rule.to, agent)]


def many(policy: Policy, document: Document) -> Hints:
    if len(policy.rules) >= MANY_RULES:
        yield ("rules",), f"{len(policy.rules)} rules are hard to explain to a team; fewer are easier to keep fair"


def unnamed(policy: Policy, document: Document) -> Hints:
    for number, entry in enumerate(document.rules[:-1]):
        if entry.name is None:
            said = f"{shown(policy.rules[number].name)} is named by its position, and its turns are kept by that name"
            yield ("rules", number), f"{said}; write a name, so that it survives a new rule above it"


def never_matching(policy: Policy, document: Document) -> Hints:
    """A rule that another leads to has a use all the same; so has one that takes what comes back from the pool, from
    an ISA or from incubation.
    """
    led_to = {rule.otherwise for rule in policy.rules} | {policy.pool.unclaimed}
    for number, rule in enumerate(policy.rules[:MOST_COMPARED]):
        if rule.when is None or rule.name in led_to:
            continue
        for other in policy.rules[:number]:
            comes_back = other.then in BARRED.values() and other.then != rule.then
            if other.when is None or comes_back or not implies(rule.when, other.when):
                continue
            reason = "has the same `when`" if implies(other.when, rule.when) else "takes all that it could match"
            message = f"{shown(rule.name)} never matches: {shown(other.name)} above it {reason}"
            yield ("rules", number, "when"), message
            break


def never_closed(policy: Policy, document: Document) -> Hints:
    if not _always_open(policy):
        return
    for number, rule in enumerate(policy.rules):
        if rule.when is not None and rule.then != "hold" and _speaks_of(rule.when, {"hours"}):
            message = f"{shown(rule.name)} asks for the team's hours, but the team is always open; set team.hours"
            yield ("rules", number, "when"), message


def holding(policy: Policy, document: Document) -> Hints:
    for number, rule in enumerate(policy.rules):
        if rule.then != "hold" or rule.when is None:
            continue
        if _always_open(policy):
            message = "holds leads until the team opens, but it is always open: at best they wait until midnight"
            yield ("rules", number), f"{shown(rule.name)} {message}; set team.hours"
        elif not _speaks_of(rule.when, {"hours", "time", "weekday"}):
            message = f"{shown(rule.name)} holds its leads again at every opening; add hours: closed to its `when`"
            yield ("rules", number), message


def coming_back(policy: Policy, document: Document) -> Hints:
    """No rule takes the same lead twice out of the pool or from an ISA, but the last one has to."""
    last, place = policy.rules[-1], ("rules", len(policy.rules) - 1)
    if last.then == "pool" and policy.pool.unclaimed is None:
        yield (
            place,
            f"{shown(last.name)} pools again what nobody claims; set pool.unclaimed to a rule that deals it out",
        )
    if last.then == "qualify":
        message = f"{shown(last.name)} qualifies, so no rule deals what an isa hands off"
        yield place, f"{message}; end with a rule that assigns"


def naming_nobody(policy: Policy, document: Document) -> Hints:
    for number, rule in enumerate(policy.rules):
        if deals(rule) and not dealt_to(rule, policy):
            yield ("rules", number, "to"), f"{shown(rule.name)} names no active agent, so nobody can take its leads"


def qualifying(policy: Policy, document: Document) -> Hints:
    """Agents of the field who would have to hand their leads off."""
    for number, rule in enumerate(policy.rules):
        field = [agent.name for agent in dealt_to(rule, policy) if agent.role != "isa"]
        if rule.then == "qualify" and field:
            message = f"{shown(rule.name)} lets {shown(field[0])} qualify, who is no isa; write role: isa there"
            yield ("rules", number, "to"), message


def serving_nothing(policy: Policy, document: Document) -> Hints:
    for number, rule in enumerate(policy.rules):
        agents, serving = dealt_to(rule, policy), STRATEGIES[rule.strategy].serving
        if not deals(rule) or not agents or serving is None:
            continue
        key = _SERVED[serving]
        if not any(getattr(agent, key) for agent in agents):
            message = (
                f"{shown(rule.name)} deals by {serving}, but nobody it names has {key}, so nobody can take its leads"
            )
            yield ("rules", number, "strategy"), message


def without_tiers(policy: Policy, document: Document) -> Hints:
    for number, rule in enumerate(policy.rules):
        agents, place = dealt_to(rule, policy), ("rules", number, "strategy")
        if not _tiered(rule) or not agents:
            continue
        if not any(agent.tier for agent in agents):
            message = f"{shown(rule.name)} shares by tier, but nobody it names has one"
            yield place, f"{message}, so all take turns alike; write tier: A, B or C at the agents"
        elif len(agents) < FEW_FOR_TIERS:
            message = f"{shown(rule.name)} shares by tier among {len(agents)}; below {FEW_FOR_TIERS} agents"
            yield place, f"{message} a tier is hardly more than a person, and plain turns are easier to explain"


def capped_shares(policy: Policy, document: Document) -> Hints:
    """On the tiers that are written; who is in probation depends on the day."""
    for number, rule in enumerate(policy.rules):
        if not _tiered(rule):
            continue
        heads = Counter(agent.tier or TIERS[-1] for agent in dealt_to(rule, policy))
        if not caps_bite(heads, policy):
            continue
        tiers = [tier for tier in TIERS if heads[tier]]
        weights = tier_weights(heads, policy)
        due = ", ".join(f"{tier} {weights[tier] / WEIGHT_UNIT:.0%}" for tier in tiers)
        crowd = ", ".join(f"{heads[tier]} in {tier}" for tier in tiers)
        message = f"{shown(rule.name)}: with {crowd}, the shares would give more per head in a lower tier"
        yield ("rules", number, "strategy"), f"{message}; they are capped, at {due}"


def _tiered(rule: Rule) -> bool:
    return deals(rule) and STRATEGIES[rule.strategy].tiered


def _always_open(policy: Policy) -> bool:
    return policy.team.hours is None and not policy.team.holidays


def _speaks_of(condition: Condition, fields: set[str]) -> bool:
    if condition[0] in ("all", "any"):
        return any(_speaks_of(part, fields) for part in condition[1])
    return _speaks_of(condition[1], fields) if condition[0] == "not" else condition[0] in fields
