"""From the document to the Policy: names that must be known, unique or in order, and values that must fit each other.

Form and units are settled before (`document`, `values`); what is allowed but unwise is `advice`. Nothing is
complained of here that only echoes a fault of form found before: a group is not unknown if the `groups` of an
agent could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from leadrouter.config import clocks, inside, presets, results, telling
from leadrouter.config.conditions import Scope, read_condition, unknown_territory
from leadrouter.config.entry import Entry
from leadrouter.config.problems import Findings, Place, shown, unknown
from leadrouter.config.schema import AgentEntry, Document, RuleEntry, TerritoryEntry
from leadrouter.config.values import COMBINATIONS
from leadrouter.config.words import slug, word
from leadrouter.domain.ledger import MAX_WEIGHT_SUM, Panel, panel_of
from leadrouter.domain.matching import names
from leadrouter.domain.naming import nearest
from leadrouter.domain.policy import (
    QUALITIES,
    Agent,
    Condition,
    Policy,
    RampStep,
    Rule,
    Target,
    Team,
    Territory,
)
from leadrouter.domain.routing import WITHOUT_AGENT
from leadrouter.domain.rulebook import rotation_name

_FOR_EACH_AGENT = ("capacity", "per_day", "per_hour")
"""Keys of `team`, and of `isa`, that are every agent's unless the agent has their own."""

_WORD_LISTS = ("groups", "specialties", "sources", "languages", "territories", "channels")
_UNDECIDED = {"quality": "it is what is decided here"}
_WHOLE = 100
_CATCH_ALL = Policy(agents=()).rules[-1].name
MOST_AGENTS = 1000
"""Far more than a brokerage has in one file; shares are compared agent by agent, so the cost grows with the square."""

_LISTS: dict[str, type[Entry]] = {"agents": AgentEntry, "rules": RuleEntry}


def compile_policy(document: Document, findings: Findings) -> Policy:
    """The policy. It may be put in force only if `findings` is empty afterwards."""
    return _Compiler(document, findings).policy()


class _Compiler:
    def __init__(self, document: Document, findings: Findings) -> None:
        self._document = document
        self._findings = findings
        self._faults = findings.places()
        self._agents: Sequence[Agent] = ()
        self._territories: tuple[Territory, ...] = ()

    def policy(self) -> Policy:
        document = self._document
        self._territories = self._map()
        self._agents = self._with_covers(self._roster())
        policy = Policy(agents=tuple(self._agents), team=self._team(), territories=self._territories)
        policy = policy._replace(
            rules=self._rules() or policy.rules,
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
            notify=telling.notify(document, self._agents, self._findings),
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
        if not (entry.postcodes or entry.areas or circle or self._at_fault(place)):
            self._findings.add(place, f"{shown(name)} lies nowhere; write postcodes, areas or a circle")
        return Territory(
            name,
            tuple(dict.fromkeys(entry.postcodes)),
            tuple(dict.fromkeys(entry.areas)),
            (circle.lat, circle.lon, circle.km) if circle else None,
        )

    def _known_territories(self) -> tuple[str, ...] | None:
        """Their names; None if a fault of form may hide one."""
        for place in self._faults:
            if len(place) <= 2 and (not place or nearest(str(place[0]), ("territories",))):
                return None
        return tuple(territory.name for territory in self._territories)

    def _check_territories(self, wanted: Iterable[str], place: Place) -> None:
        known = self._known_territories()
        for number, name in enumerate(wanted):
            if known is not None and name not in known:
                self._findings.add((*place, number), unknown_territory(name, known))

    def _quality(self) -> Iterator[tuple[str, Condition]]:
        scope = Scope(self._known_territories(), _UNDECIDED)
        for quality, tree in self._document.quality.items():
            place = ("quality", quality)
            if quality not in QUALITIES:
                self._findings.add(place, unknown(quality, QUALITIES, "quality "))
            yield quality, read_condition(tree, place, self._findings, scope)

    def _team(self) -> Team:
        entry, order = self._document.team, self._document.order
        written = {key: value for key, value in entry.written().items() if key not in _FOR_EACH_AGENT}
        written["holidays"] = tuple(sorted({day for days in entry.holidays for day in days}))
        if order is not None:
            if entry.order not in (None, order):
                said = f"{shown(order)} here, but {shown(entry.order)} on line {self._findings.line(('team', 'order'))}"
                self._findings.add(("order",), f"the order of turns is {said}, under team; write it once")
            written["order"] = order
        if entry.leader is not None:
            (written["leader"],) = self._known_agents((entry.leader,), ("team", "leader"))
        return Team(**written)

    def _roster(self) -> list[Agent]:
        entries = self._document.agents
        if len(entries) > MOST_AGENTS:
            self._findings.add(("agents",), f"these are {len(entries):,} agents; a team has at most {MOST_AGENTS:,}")
            return []
        misspelt = any(not place or nearest(str(place[0]), ("agents",)) for place in self._faults)
        if not entries and not misspelt:
            self._findings.add(("agents",), "there are no agents; name at least one, as in `agents: [Aina, Bala]`")
        agents: list[Agent] = []
        lines: dict[str, int] = {}
        for number, entry in enumerate(entries):
            agent = self._agent(number, entry)
            if agent is None:
                continue
            place, key = ("agents", number, "id"), agent.id.casefold()
            if key in lines:
                first = f"here and on line {lines[key]}"
                self._findings.add(
                    place, f"two agents have the id {shown(agent.id)}, {first}; write another id for one of them"
                )
            lines.setdefault(key, self._findings.line(place))
            agents.append(agent)
        return agents

    def _agent(self, number: int, entry: AgentEntry) -> Agent | None:
        place = ("agents", number)
        shared = self._document.team.written()
        if entry.role == "isa":
            shared |= self._document.isa.written()
        shared = {key: value for key, value in shared.items() if key in _FOR_EACH_AGENT}
        written = shared | telling.of_each_agent(self._document) | entry.written()
        written["notify"] = telling.channels(entry.notify)
        name = entry.name or entry.id or ""
        agent_id = entry.id or slug(name)
        if not agent_id:
            if not self._at_fault(place):
                lacking = f"{shown(name)} has no letter to make an id of" if name else "the name is missing"
                self._findings.add(place, f"{lacking}; write a name or an id")
            return None
        if entry.joined and entry.left and entry.left < entry.joined:
            self._findings.add((*place, "left"), f"{shown(entry.left)} is before the day of joining, {entry.joined}")
        for key in _WORD_LISTS:
            written[key] = tuple(dict.fromkeys(getattr(entry, key)))
        self._check_territories(entry.territories, (*place, "territories"))
        if entry.base is not None:
            written["base"] = (entry.base.lat, entry.base.lon)
        return Agent(**(written | {"id": agent_id, "name": name}))

    def _with_covers(self, agents: list[Agent]) -> list[Agent]:
        """Who covers for whom, spelled as the ids are."""
        self._agents = agents
        entries = {entry.id or slug(entry.name or ""): number for number, entry in enumerate(self._document.agents)}
        found = []
        for agent in agents:
            place = ("agents", entries.get(agent.id, 0), "cover")
            cover = None
            if agent.cover is not None:
                (cover,) = self._known_agents((agent.cover,), place)
                if cover == agent.id:
                    self._findings.add(place, f"{shown(agent.name)} cannot cover for themselves; name somebody else")
            found.append(agent._replace(cover=cover))
        return found

    def _known_agents(self, wanted: Iterable[str], place: Place) -> list[str]:
        ids = {agent.id.casefold(): agent.id for agent in self._agents}
        for number, agent in enumerate(wanted):
            if agent.casefold() not in ids and not self._doubtful("agents", ("id", "name")):
                self._findings.add((*place, number), unknown(agent, ids.values(), "agent "))
        return [ids.get(agent.casefold(), agent) for agent in wanted]

    def _rules(self) -> tuple[Rule, ...]:
        entries = self._document.rules
        rules = [self._rule(number, entry) for number, entry in enumerate(entries)]
        self._check_names(rules)
        self._check_rotations(rules)
        for number, entry in enumerate(entries):
            self._check_reach(number, entry, rules[number])
        return tuple(self._with_else(number, rules) for number in range(len(rules)))

    def _rule(self, number: int, entry: RuleEntry) -> Rule:
        written: dict[str, Any] = entry.written()
        if entry.name is None:
            catch_all = number == len(self._document.rules) - 1 and "when" not in written
            written["name"] = _CATCH_ALL if catch_all else f"rule {number + 1}"
        if "when" in written:
            scope = Scope(self._known_territories())
            written["when"] = read_condition(entry.when, ("rules", number, "when"), self._findings, scope)
        if entry.strategy in COMBINATIONS:
            written["then"] = written.pop("strategy")
            if entry.then not in (None, entry.strategy):
                said = f"{shown(entry.strategy)} and then: {entry.then} contradict each other"
                self._findings.add(("rules", number, "strategy"), f"{said}; leave one of them out")
        if entry.to is not None:
            written["to"] = self._target(entry.to, ("rules", number, "to", entry.to.kind))
        elif written.get("then") == "qualify":
            written["to"] = Target("role", ("isa",))
        if "prefer" in written:
            written["prefer"] = tuple(dict.fromkeys(entry.prefer))
        return Rule(**written)

    def _target(self, target: Target, place: Place) -> Target:
        if target.kind == "agents":
            return target._replace(values=tuple(dict.fromkeys(self._known_agents(target.values, place))))
        if target.kind == "territory":
            self._check_territories(target.values, place)
        if target.kind == "group" and not self._doubtful("agents", ("groups",)):
            groups = dict.fromkeys(group for agent in self._agents for group in agent.groups)
            for number, group in enumerate(target.values):
                if group not in groups:
                    remedy = "" if groups else f"; no agent is in a group, write groups: [{group}] at those who are"
                    self._findings.add((*place, number), unknown(group, groups, "group ") + remedy)
        return target

    def _check_names(self, rules: Sequence[Rule]) -> None:
        lines: dict[str, int] = {}
        for number, rule in enumerate(rules):
            place, key = ("rules", number, "name"), rule.name.casefold()
            if key in lines and not self._doubtful("rules", ("name",), number):
                first = f"here and on line {lines[key]}"
                self._findings.add(place, f"two rules have the name {shown(rule.name)}, {first}; rename one of them")
            lines.setdefault(key, self._findings.line(place))

    def _check_rotations(self, rules: Sequence[Rule]) -> None:
        """Two ways of picking cannot deal from one rotation: the credits of one would mean nothing to the other."""
        first: dict[str, Rule] = {}
        for number, rule in enumerate(rules):
            if rule.then in WITHOUT_AGENT or self._doubtful("rules", ("strategy", "overlap", "then")):
                continue
            rotation = rotation_name(rule)
            other = first.setdefault(rotation, rule)
            if rule.rotation is None and other.rotation is None:
                continue  # one name for two rules, which is told already
            for key in ("strategy", "overlap"):
                mine, theirs = getattr(rule, key), getattr(other, key)
                if mine != theirs:
                    self._findings.add(
                        ("rules", number, "rotation" if rule.rotation else "name"),
                        f"{shown(other.name)} and {shown(rule.name)} share the rotation {shown(rotation)} but differ "
                        f"in {key}, {theirs} and {mine}; use one {key} or two rotations",
                    )

    def _check_reach(self, number: int, entry: RuleEntry, rule: Rule) -> None:
        place, last = ("rules", number), number == len(self._document.rules) - 1
        conditional = "when" in entry.model_fields_set
        if last and conditional:
            self._findings.add(
                (*place, "when"), "the last rule must take every lead; add one without `when` after it, as in {to: all}"
            )
        elif last and rule.then in ("hold", "incubate"):
            message = (
                f"{shown(rule.name)} takes what no other rule does, so it cannot only {rule.then} it; "
                "write then: assign, pool or qualify"
            )
            self._findings.add((*place, "then" if "then" in entry.model_fields_set else "strategy"), message)
        if not last and not conditional and not self._doubtful("rules", ("when",), number):
            message = (
                f"{shown(rule.name)} takes every lead, so no later rule is reached; write a `when` or move it last"
            )
            self._findings.add(place, message)

    def _with_else(self, number: int, rules: Sequence[Rule]) -> Rule:
        rule, place = rules[number], ("rules", number, "else")
        if rule.otherwise is None:
            return rule
        wanted = rule.otherwise.casefold()
        later = {other.name.casefold(): other.name for other in rules[number + 1 :]}
        if wanted in later:
            return rule._replace(otherwise=later[wanted])
        if any(wanted == other.name.casefold() for other in rules[: number + 1]):
            self._findings.add(place, f"{shown(rule.otherwise)} is not further down; `else` leads to a later rule only")
        elif not self._doubtful("rules", ("name",)):
            remedy = "" if later else "; no rule comes after this one, leave `else` out"
            self._findings.add(place, unknown(rule.otherwise, later.values(), "rule ") + remedy)
        return rule

    def _dealing_rule(self, policy: Policy, wanted: str | None, place: Place, barred: Sequence[str]) -> str | None:
        """The rule that leads are handed to, spelled as it is; one that puts them elsewhere again is no help."""
        if wanted is None:
            return None
        rule = {rule.name.casefold(): rule for rule in policy.rules}.get(wanted.casefold())
        if rule is None:
            if not self._doubtful("rules", ("name",)):
                self._findings.add(place, unknown(wanted, (rule.name for rule in policy.rules), "rule "))
            return wanted
        if rule.then in barred:
            does = {"pool": "pools", "hold": "holds", "incubate": "incubates"}[rule.then]
            self._findings.add(place, f"{shown(rule.name)} {does} leads itself; name a rule that deals them out")
        return rule.name

    def _check_shares(self, policy: Policy) -> None:
        place = ("tiers", "shares")
        if sum(policy.shares) != _WHOLE and not self._at_fault(place):
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

    def _at_fault(self, place: Place) -> bool:
        return any(known[: len(place)] == place for known in self._faults)

    def _doubtful(self, section: str, keys: Sequence[str], number: int | None = None) -> bool:
        """Whether a fault of form, in one entry or in any, may hide what these keys would have said."""
        if section == "agents" and not self._agents:
            return True
        for place in self._faults:
            if place[:1] != (section,) or (number is not None and place[1:2] not in ((), (number,))):
                continue
            if len(place) < 3 or place[2] in keys or place[2] not in _LISTS[section].known_keys():
                return True
        return False
