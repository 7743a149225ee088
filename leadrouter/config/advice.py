"""What is allowed but unwise (DOMAIN section 12). Advice never stops anything.

One function for each piece of advice and a row in the list at the end. Each reads the finished policy (and the
document, where it matters what was written); none changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from leadrouter.config.problems import Findings, Place, shown
from leadrouter.config.schema import Document
from leadrouter.domain.matching import names
from leadrouter.domain.policy import Condition, Policy

MANY_RULES = 7


class Advice(NamedTuple):
    """A hint, and the line of the file that it is about."""

    line: int
    message: str


Hints = Iterator[tuple[Place, str]]


def advise(policy: Policy, document: Document, findings: Findings) -> tuple[Advice, ...]:
    """All advice about a valid file, by line."""
    hints = [hint for source in _SOURCES for hint in source(policy, document)]
    return tuple(
        sorted((Advice(findings.line(place), message) for place, message in hints), key=lambda hint: hint.line)
    )


def _team(policy: Policy, document: Document) -> Hints:
    if "timezone" not in document.team.model_fields_set:
        yield ("team",), "times are UTC; set team.timezone"
    if policy.team.region is None:
        yield ("team",), "phone numbers without a country code cannot be read; set team.region"
    leaders = [agent.id for agent in policy.agents if agent.role == "leader"]
    if policy.team.leader is None and len(policy.agents) > 1:
        proposal = f"team.leader: {leaders[0]}" if len(leaders) == 1 else "team.leader"
        yield ("team",), f"nobody is told about late leads; set {proposal}"


def _many_rules(policy: Policy, document: Document) -> Hints:
    if len(policy.rules) >= MANY_RULES:
        yield ("rules",), f"{len(policy.rules)} rules are hard to explain to a team; fewer are easier to keep fair"


def _unnamed_rules(policy: Policy, document: Document) -> Hints:
    for number, entry in enumerate(document.rules[:-1]):
        if entry.name is None:
            said = f"{shown(policy.rules[number].name)} is named by its position, and its turns are kept by that name"
            yield ("rules", number), f"{said}; write a name, so that it survives a new rule above it"


def _repeated_conditions(policy: Policy, document: Document) -> Hints:
    first: dict[Any, str] = {}
    for number, rule in enumerate(policy.rules):
        if rule.when is None:
            continue
        known = first.setdefault(_regardless_of_order(rule.when), rule.name)
        if known != rule.name:
            message = f"{shown(rule.name)} never matches: {shown(known)} above it has the same `when`"
            yield ("rules", number, "when"), message


def _regardless_of_order(condition: Condition) -> Any:
    head = condition[0]
    if head in ("all", "any"):
        return (head, frozenset(map(_regardless_of_order, condition[1])))
    if head == "not":
        return (head, _regardless_of_order(condition[1]))
    field, operator, operand = condition
    return (field, operator, frozenset(operand) if operator in ("in", "like") else operand)


def _never_closed(policy: Policy, document: Document) -> Hints:
    if policy.team.hours is not None or policy.team.holidays:
        return
    for number, rule in enumerate(policy.rules):
        if rule.when is not None and _tests_hours(rule.when):
            message = f"{shown(rule.name)} asks for the team's hours, but the team is always open; set team.hours"
            yield ("rules", number, "when"), message


def _tests_hours(condition: Condition) -> bool:
    if condition[0] in ("all", "any"):
        return any(map(_tests_hours, condition[1]))
    return _tests_hours(condition[1]) if condition[0] == "not" else condition[0] == "hours"


def _idle_groups(policy: Policy, document: Document) -> Hints:
    named = {group for rule in policy.rules if rule.to.kind == "group" for group in rule.to.values}
    for number, agent in enumerate(policy.agents):
        for group in agent.groups:
            if group not in named:
                named.add(group)
                yield ("agents", number, "groups"), f"no rule names the group {shown(group)}"


def _empty_rules(policy: Policy, document: Document) -> Hints:
    """Without a clock, who has a `left` date counts as gone."""
    for number, rule in enumerate(policy.rules):
        if not any(names(rule.to, agent) and agent.left is None for agent in policy.agents):
            yield ("rules", number, "to"), f"{shown(rule.name)} names no active agent, so nobody can take its leads"


def _unreached_agents(policy: Policy, document: Document) -> Hints:
    for number, agent in enumerate(policy.agents):
        if agent.role == "leader" or agent.left is not None:
            continue
        if not any(names(rule.to, agent) for rule in policy.rules):
            yield ("agents", number), f"no rule names {shown(agent.name)}, who can get leads only by hand"


_SOURCES: tuple[Callable[[Policy, Document], Hints], ...] = (
    _team,
    _many_rules,
    _unnamed_rules,
    _repeated_conditions,
    _never_closed,
    _idle_groups,
    _empty_rules,
    _unreached_agents,
)
