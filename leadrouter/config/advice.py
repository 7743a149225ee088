"""What is allowed but unwise (DOMAIN section 12). Advice never stops anything.

One function for each piece of advice and a row in the list at the end; those about rules and about territories
stand in modules of their own. Each reads the finished policy (and the document, where it matters what was
written); none changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from leadrouter.config import advice_on_clocks as clocks
from leadrouter.config import advice_on_rules as rules
from leadrouter.config import advice_on_telling as telling
from leadrouter.config import advice_on_territories as territories
from leadrouter.config.problems import Findings, Hints, shown
from leadrouter.config.schema import Document
from leadrouter.domain.matching import names
from leadrouter.domain.policy import Policy


class Advice(NamedTuple):
    """A hint, and the line of the file that it is about."""

    line: int
    message: str


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


def _idle_groups(policy: Policy, document: Document) -> Hints:
    named = {group for rule in policy.rules if rule.to.kind == "group" for group in rule.to.values}
    for number, agent in enumerate(policy.agents):
        for group in agent.groups:
            if group not in named:
                named.add(group)
                yield ("agents", number, "groups"), f"no rule names the group {shown(group)}"


def _unreached_agents(policy: Policy, document: Document) -> Hints:
    """Leads of the pool are open to everybody, so a rule that pools reaches all."""
    if any(rule.then == "pool" for rule in policy.rules):
        return
    for number, agent in enumerate(policy.agents):
        if agent.role == "leader" or agent.left is not None:
            continue
        if not any(names(rule.to, agent) for rule in policy.rules if rules.deals(rule)):
            yield ("agents", number), f"no rule names {shown(agent.name)}, who can get leads only by hand"


def _languages(policy: Policy, document: Document) -> Hints:
    """Codes of two letters beside names: leads match what is written alike."""
    written = {language: number for number, agent in enumerate(policy.agents) for language in agent.languages}
    codes = [language for language in written if len(language) == 2]
    for language, number in written.items():
        if codes and len(language) > 3:
            message = f"languages match as they are written, and {shown(language)} stands beside {shown(codes[0])}"
            yield ("agents", number, "languages"), f"{message}; write all of them as the leads have them"
            return


_SOURCES: tuple[Callable[[Policy, Document], Hints], ...] = (
    _team,
    rules.many,
    rules.unnamed,
    rules.never_matching,
    rules.never_closed,
    rules.holding,
    rules.coming_back,
    _idle_groups,
    rules.naming_nobody,
    rules.qualifying,
    rules.serving_nothing,
    rules.without_tiers,
    rules.capped_shares,
    territories.overlapping,
    territories.unused,
    territories.not_dealt,
    _unreached_agents,
    _languages,
    clocks.covers,
    clocks.early_reassigning,
    clocks.without_leader,
    clocks.hours_of_clocks,
    telling.secrets_in_the_file,
    telling.untold_agents,
    telling.deaf_leader,
    telling.early_warnings,
    telling.without_apprise,
)
