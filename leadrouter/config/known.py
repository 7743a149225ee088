"""The names that a file gives to its agents and territories, and whether a fault of form may hide one.

Nothing is complained of that only echoes a fault found before: a group is not unknown if the `groups` of an agent could
not be read. What the names stand for is compiled elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadrouter.config.conditions import unknown_territory
from leadrouter.config.entry import Entry
from leadrouter.config.problems import Findings, Place, unknown
from leadrouter.config.schema import AgentEntry, RuleEntry
from leadrouter.domain.naming import nearest
from leadrouter.domain.policy import Agent, Territory

_LISTS: dict[str, type[Entry]] = {"agents": AgentEntry, "rules": RuleEntry}


class Known:
    """Territories and agents as far as they are compiled; `faults` are the places of the faults of form."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.faults = findings.places()
        self.agents: Sequence[Agent] = ()
        self.territories: tuple[Territory, ...] = ()

    def territory_names(self) -> tuple[str, ...] | None:
        """Their names; None if a fault of form may hide one."""
        for place in self.faults:
            if len(place) <= 2 and (not place or nearest(str(place[0]), ("territories",))):
                return None
        return tuple(territory.name for territory in self.territories)

    def check_territories(self, wanted: Iterable[str], place: Place) -> None:
        """Complains of those that the file does not have."""
        known = self.territory_names()
        for number, name in enumerate(wanted):
            if known is not None and name not in known:
                self._findings.add((*place, number), unknown_territory(name, known))

    def agents_meant(self, wanted: Iterable[str], place: Place) -> list[str]:
        """Agents spelled as their ids are; complains of those that the file does not have."""
        ids = {agent.id.casefold(): agent.id for agent in self.agents}
        for number, agent in enumerate(wanted):
            if agent.casefold() not in ids and not self.doubtful("agents", ("id", "name")):
                self._findings.add((*place, number), unknown(agent, ids.values(), "agent "))
        return [ids.get(agent.casefold(), agent) for agent in wanted]

    def at_fault(self, place: Place) -> bool:
        """Whether something in there could not be read."""
        return any(known[: len(place)] == place for known in self.faults)

    def doubtful(self, section: str, keys: Sequence[str], number: int | None = None) -> bool:
        """Whether a fault of form, in one entry or in any, may hide what these keys would have said."""
        if section == "agents" and not self.agents:
            return True
        for place in self.faults:
            if place[:1] != (section,) or (number is not None and place[1:2] not in ((), (number,))):
                continue
            if len(place) < 3 or place[2] in keys or place[2] not in _LISTS[section].known_keys():
                return True
        return False
