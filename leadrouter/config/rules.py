"""From the document to the rules: what each says, names and rotations of their own, and that each can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadrouter.config.conditions import Scope, read_condition
from leadrouter.config.known import Known
from leadrouter.config.problems import Findings, Place, shown, unknown
from leadrouter.config.schema import Document, RuleEntry
from leadrouter.config.values import COMBINATIONS
from leadrouter.domain.policy import Policy, Rule, Target
from leadrouter.domain.routing import WITHOUT_AGENT
from leadrouter.domain.rulebook import rotation_name

_CATCH_ALL = Policy(agents=()).rules[-1].name


def rules(document: Document, findings: Findings, known: Known) -> tuple[Rule, ...]:
    """The rules in the file's order; none if it has none."""
    return _Rules(document, findings, known).rules()


class _Rules:
    def __init__(self, document: Document, findings: Findings, known: Known) -> None:
        self._document, self._findings, self._known = document, findings, known

    def rules(self) -> tuple[Rule, ...]:
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
            scope = Scope(self._known.territory_names())
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
            return target._replace(values=tuple(dict.fromkeys(self._known.agents_meant(target.values, place))))
        if target.kind == "territory":
            self._known.check_territories(target.values, place)
        if target.kind == "group" and not self._known.doubtful("agents", ("groups",)):
            groups = dict.fromkeys(group for agent in self._known.agents for group in agent.groups)
            for number, group in enumerate(target.values):
                if group not in groups:
                    remedy = "" if groups else f"; no agent is in a group, write groups: [{group}] at those who are"
                    self._findings.add((*place, number), unknown(group, groups, "group ") + remedy)
        return target

    def _check_names(self, rules: Sequence[Rule]) -> None:
        lines: dict[str, int] = {}
        for number, rule in enumerate(rules):
            place, key = ("rules", number, "name"), rule.name.casefold()
            if key in lines and not self._known.doubtful("rules", ("name",), number):
                first = f"here and on line {lines[key]}"
                self._findings.add(place, f"two rules have the name {shown(rule.name)}, {first}; rename one of them")
            lines.setdefault(key, self._findings.line(place))

    def _check_rotations(self, rules: Sequence[Rule]) -> None:
        """Two ways of picking cannot deal from one rotation: the credits of one would mean nothing to the other."""
        first: dict[str, Rule] = {}
        for number, rule in enumerate(rules):
            if rule.then in WITHOUT_AGENT or self._known.doubtful("rules", ("strategy", "overlap", "then")):
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
        if not last and not conditional and not self._known.doubtful("rules", ("when",), number):
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
        elif not self._known.doubtful("rules", ("name",)):
            remedy = "" if later else "; no rule comes after this one, leave `else` out"
            self._findings.add(place, unknown(rule.otherwise, later.values(), "rule ") + remedy)
        return rule
