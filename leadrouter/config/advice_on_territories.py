"""Advice about territories: those that overlap, that nobody uses, and that cannot feed their agents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from leadrouter.config.advice_on_rules import deals
from leadrouter.config.overlap import meet, span, spelled_pattern
from leadrouter.config.problems import Hints, Place, shown
from leadrouter.config.schema import Document
from leadrouter.domain.geography import kilometres
from leadrouter.domain.matching import names
from leadrouter.domain.policy import Agent, Condition, Policy, Rule, Territory

_Overlaps = Iterator[tuple[str, str, str]]
"""The names of two territories, and what both hold."""


def overlapping(policy: Policy, document: Document) -> Hints:
    """The first thing that each two territories have in common, told at the later one."""
    places = _places(policy, document)
    order = {name: number for number, name in enumerate(places)}
    told: dict[tuple[str, str], str] = {}
    for source in (_areas, _postcodes, _circles):
        for one, other, both in source(policy.territories):
            first, second = sorted((one, other), key=lambda name: order[name])
            told.setdefault((first, second), both)
    for (first, second), both in told.items():
        yield places[second], f"{shown(second)} and {shown(first)} overlap: {both}; a lead there is in both"


def _areas(territories: tuple[Territory, ...]) -> _Overlaps:
    holders: dict[str, list[str]] = {}
    for territory in territories:
        for area in territory.areas:
            holders.setdefault(area, []).append(territory.name)
    for area, named in holders.items():
        for one, other in combinations(named, 2):
            yield one, other, f"both name {shown(area)}"


def _postcodes(territories: tuple[Territory, ...]) -> _Overlaps:
    """Swept in alphabetical order, so that a pattern is compared only with those that reach up to it."""
    patterns = [(span(pattern), pattern, place.name) for place in territories for pattern in place.postcodes]
    reaching: list[tuple[str, tuple[str, ...], str]] = []
    for (start, end), pattern, name in sorted(patterns):
        reaching = [entry for entry in reaching if entry[0] >= start]
        for _, other, owner in reaching:
            if owner != name and meet(pattern, other):
                both = " and ".join(dict.fromkeys(map(spelled_pattern, (other, pattern))))
                yield owner, name, f"postcodes {both}"
        reaching.append((end, pattern, name))


def _circles(territories: tuple[Territory, ...]) -> _Overlaps:
    circles = [(territory.name, *territory.circle) for territory in territories if territory.circle]
    for (one, lat, lon, km), (other, other_lat, other_lon, other_km) in combinations(circles, 2):
        if kilometres((lat, lon), (other_lat, other_lon)) < km + other_km:
            yield one, other, "their circles meet"


def unused(policy: Policy, document: Document) -> Hints:
    used = {name for agent in policy.agents for name in agent.territories}
    used.update(name for rule in policy.rules if rule.to.kind == "territory" for name in rule.to.values)
    for condition in (*(rule.when for rule in policy.rules), *(when for _, when in policy.quality)):
        used.update(_spoken_of(condition) if condition else ())
    for name, place in _places(policy, document).items():
        if name not in used:
            yield place, f"no rule and no agent uses the territory {shown(name)}"


def not_dealt(policy: Policy, document: Document) -> Hints:
    """Agents who are at home where no rule deals because of it."""
    for number, agent in enumerate(policy.agents):
        if agent.left is not None:
            continue
        hungry = [name for name in agent.territories if not any(_feeds(rule, agent, name) for rule in policy.rules)]
        if hungry:
            listed = ", ".join(map(shown, hungry))
            message = f"no rule deals leads of {listed} to {shown(agent.name)} as their territory"
            yield ("agents", number, "territories"), f"{message}; see strategy: territory and prefer: [territory]"


def _feeds(rule: Rule, agent: Agent, territory: str) -> bool:
    """Whether a rule deals leads of a territory to an agent for being at home there."""
    if not deals(rule) or not names(rule.to, agent):
        return False
    wanted = _wanted(rule.when)
    if wanted:
        return territory in wanted
    by_name = rule.to.kind == "territory" and territory in rule.to.values
    return by_name or rule.strategy == "territory" or "territory" in rule.prefer


def _wanted(condition: Condition | None) -> set[str]:
    """The territories that a `when` asks for beside its other conditions."""
    parts = condition[1] if condition else ()
    return {name for part in parts if part[:2] == ("territory", "in") for name in part[2]}


def _spoken_of(condition: Condition) -> Iterator[str]:
    if condition[0] in ("all", "any"):
        for part in condition[1]:
            yield from _spoken_of(part)
    elif condition[0] == "not":
        yield from _spoken_of(condition[1])
    elif condition[0] == "territory":
        yield from condition[2]


def _places(policy: Policy, document: Document) -> dict[str, Place]:
    """Where each territory is written, by name."""
    written = (("territories", key) for key in document.territories)
    return dict(zip((territory.name for territory in policy.territories), written, strict=True))
