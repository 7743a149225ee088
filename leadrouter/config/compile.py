"""From the document to the Policy: names that must be known, unique or in order, and values that must fit each other.

The sections with much to say have modules of their own (`roster`, `rules`, `clocks` ...); here they come together.
Form and units are settled before (`document`, `values`); what is allowed but unwise is `advice`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadrouter.config import clocks, inside, presets, results, roster, rules, telling
from leadrouter.config.conditions import Scope, read_condition
from leadrouter.config.known import Known
from leadrouter.config.problems import Findings, Place, shown, unknown
from leadrouter.config.schema import Document, TerritoryEntry
from leadrouter.config.words import word
from leadrouter.domain.matching import names
from leadrouter.domain.policy import (
    QUALITIES,
    Condition,
    Policy,
    RampStep,
    Team,
    Territory,
)
from leadrouter.domain.rounds import MAX_WEIGHT_SUM, Panel, panel_of
from leadrouter.domain.routing import WITHOUT_AGENT

_UNDECIDED = {"quality": "it is what is decided here"}
_WHOLE = 100


def compile_policy(document: Document, findings: Findings) -> Policy:
    """The policy. It may be put in force only if `findings` is empty afterwards."""
    return _Compiler(document, findings).policy()


class _Compiler:
    def __init__(self, document: Document, findings: Findings) -> None:
        self._document, self._findings, self._known = document, findings, Known(findings)

    def policy(self) -> Policy:
        document = self._document
        self._known.territories = self._map()
        agents = roster.agents(document, self._findings, self._known)
        policy = Policy(agents=tuple(agents), team=self._team(), territories=self._known.territories)
        policy = policy._replace(
            rules=rules.rules(document, self._findings, self._known) or policy.rules,
            quality=tuple(self._quality()),
            shares=policy.shares._replace(**document.tiers.shares.written()),
        )
        policy = policy._replace(tiers=results.tiers(document, self._findings))
        promise = clocks.sla(document)
        policy = policy._replace(
            sla=promise,
            reclaim=clocks.reclaim(document),
            acceptance=clocks.acceptance(document),
            escalation=clocks.escalation(document, promise, self._findings),
            isa=inside.isa(document),
            handoff=inside.handoff(document, self._findings),
            incubation=inside.incubation(document, self._findings),
            presets=tuple(presets.presets(document, self._findings)),
            notify=telling.notify(document, agents, self._findings),
        )
        for key in ("probation", "backlog", "relationship", "pool", "time_off", "pledge", "retention"):
            policy = policy._replace(**{key: getattr(policy, key)._replace(**getattr(document, key).written())})
        if document.ramp_up is not None:
            policy = policy._replace(ramp_up=self._ramp_up())
        self._check_weights(policy)
        self._check_shares(policy)
        unclaimed = self._dealing_rule(policy, policy.pool.unclaimed, ("pool", "unclaimed"), ("pool",))
        backup = self._dealing_rule(policy, policy.escalation.backup, ("escalation", "backup"), tuple(WITHOUT_AGENT))
        return policy._replace(
            pool=policy.pool._replace(unclaimed=unclaimed), escalation=policy.escalation._replace(backup=backup)
        )

    def _map(self) -> tuple[Territory, ...]:
        """The territories, under names that are compared without case."""
        territories: dict[str, Territory] = {}
        for written, entry in self._document.territories.items():
            place = ("territories", written)
            try:
                name = word(written)
            except ValueError as error:
                self._findings.add(place, str(error))
                continue
            if name in territories:
                self._findings.add(place, f"two territories have the name {shown(name)}; rename one of them")
            territories[name] = self._territory(name, entry, place)
        return tuple(territories.values())

    def _territory(self, name: str, entry: TerritoryEntry, place: Place) -> Territory:
        circle = entry.circle
        if not (entry.postcodes or entry.areas or circle or self._known.at_fault(place)):
            self._findings.add(place, f"{shown(name)} lies nowhere; write postcodes, areas or a circle")
        return Territory(
            name,
            tuple(dict.fromkeys(entry.postcodes)),
            tuple(dict.fromkeys(entry.areas)),
            (circle.lat, circle.lon, circle.km) if circle else None,
        )

    def _quality(self) -> Iterator[tuple[str, Condition]]:
        scope = Scope(self._known.territory_names(), _UNDECIDED)
        for quality, tree in self._document.quality.items():
            place = ("quality", quality)
            if quality not in QUALITIES:
                self._findings.add(place, unknown(quality, QUALITIES, "quality "))
            yield quality, read_condition(tree, place, self._findings, scope)

    def _team(self) -> Team:
        entry, order = self._document.team, self._document.order
        written = {key: value for key, value in entry.written().items() if key not in roster.FOR_EACH_AGENT}
        written["holidays"] = tuple(sorted({day for days in entry.holidays for day in days}))
        if order is not None:
            if entry.order not in (None, order):
                said = f"{shown(order)} here, but {shown(entry.order)} on line {self._findings.line(('team', 'order'))}"
                self._findings.add(("order",), f"the order of turns is {said}, under team; write it once")
            written["order"] = order
        if entry.leader is not None:
            (written["leader"],) = self._known.agents_meant((entry.leader,), ("team", "leader"))
        return Team(**written)

    def _dealing_rule(self, policy: Policy, wanted: str | None, place: Place, barred: Sequence[str]) -> str | None:
        """The rule that leads are handed to, spelled as it is; one that puts them elsewhere again is no help."""
        if wanted is None:
            return None
        rule = {rule.name.casefold(): rule for rule in policy.rules}.get(wanted.casefold())
        if rule is None:
            if not self._known.doubtful("rules", ("name",)):
                self._findings.add(place, unknown(wanted, (rule.name for rule in policy.rules), "rule "))
            return wanted
        if rule.then in barred:
            does = {"pool": "pools", "hold": "holds", "incubate": "incubates"}[rule.then]
            self._findings.add(place, f"{shown(rule.name)} {does} leads itself; name a rule that deals them out")
        return rule.name

    def _check_shares(self, policy: Policy) -> None:
        place = ("tiers", "shares")
        if sum(policy.shares) != _WHOLE and not self._known.at_fault(place):
            a, b, c = policy.shares
            message = f"the shares of A, B and C, {a}, {b} and {c}, add up to {a + b + c}; they must make {_WHOLE}"
            self._findings.add(place, message)

    def _ramp_up(self) -> tuple[RampStep, ...]:
        steps = tuple(RampStep(entry.until_day, entry.weight) for entry in self._document.ramp_up or ())
        for number in range(1, len(steps)):
            day, before = steps[number].until_day, steps[number - 1].until_day
            if day <= before:
                message = f"'{day}' does not come after {before}; write the steps in the order of their days"
                self._findings.add(("ramp_up", number, "until_day"), message)
        return steps

    def _check_weights(self, policy: Policy) -> None:
        """Shares are exact integers; a proportion in too many parts would leave each too few (DESIGN, the ledger)."""
        told: set[Panel] = set()
        for number, rule in enumerate(policy.rules):
            panel = panel_of((agent.id, agent.weight) for agent in policy.agents if names(rule.to, agent))
            if panel.weights > MAX_WEIGHT_SUM and panel not in told:
                told.add(panel)
                place = ("rules", number) if self._document.rules else ("agents",)
                message = f"the weights of the agents of {shown(rule.name)} are too fine-grained; use simpler fractions"
                self._findings.add(place, message)
