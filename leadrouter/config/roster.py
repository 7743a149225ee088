"""From the document to the agents: what they have of the team, ids that are unique, and who covers for whom."""

from __future__ import annotations

from collections.abc import Sequence

from leadrouter.config import telling
from leadrouter.config.known import Known
from leadrouter.config.problems import Findings, shown
from leadrouter.config.schema import AgentEntry, Document
from leadrouter.config.words import slug
from leadrouter.domain.naming import nearest
from leadrouter.domain.policy import Agent

FOR_EACH_AGENT = ("capacity", "per_day", "per_hour")
"""Keys of `team`, and of `isa`, that are every agent's unless the agent has their own."""

MOST_AGENTS = 1000
"""Far more than a brokerage has in one file; shares are compared agent by agent, so the cost grows with the square."""

_WORD_LISTS = ("groups", "specialties", "sources", "languages", "territories", "channels")


def agents(document: Document, findings: Findings, known: Known) -> list[Agent]:
    """The roster in the file's order; `known` has it from here on."""
    roster = _Roster(document, findings, known)
    known.agents = roster.agents()
    known.agents = roster.with_covers(known.agents)
    return list(known.agents)


class _Roster:
    def __init__(self, document: Document, findings: Findings, known: Known) -> None:
        self._document, self._findings, self._known = document, findings, known

    def agents(self) -> list[Agent]:
        entries = self._document.agents
        if len(entries) > MOST_AGENTS:
            self._findings.add(("agents",), f"these are {len(entries):,} agents; a team has at most {MOST_AGENTS:,}")
            return []
        misspelt = any(not place or nearest(str(place[0]), ("agents",)) for place in self._known.faults)
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
        shared = {key: value for key, value in shared.items() if key in FOR_EACH_AGENT}
        written = shared | telling.of_each_agent(self._document) | entry.written()
        written["notify"] = telling.channels(entry.notify)
        name = entry.name or entry.id or ""
        agent_id = entry.id or slug(name)
        if not agent_id:
            if not self._known.at_fault(place):
                lacking = f"{shown(name)} has no letter to make an id of" if name else "the name is missing"
                self._findings.add(place, f"{lacking}; write a name or an id")
            return None
        if entry.joined and entry.left and entry.left < entry.joined:
            self._findings.add((*place, "left"), f"{shown(entry.left)} is before the day of joining, {entry.joined}")
        for key in _WORD_LISTS:
            written[key] = tuple(dict.fromkeys(getattr(entry, key)))
        self._known.check_territories(entry.territories, (*place, "territories"))
        if entry.base is not None:
            written["base"] = (entry.base.lat, entry.base.lon)
        return Agent(**(written | {"id": agent_id, "name": name}))

    def with_covers(self, agents: Sequence[Agent]) -> list[Agent]:
        """Who covers for whom, spelled as the ids are."""
        entries = {entry.id or slug(entry.name or ""): number for number, entry in enumerate(self._document.agents)}
        found = []
        for agent in agents:
            place = ("agents", entries.get(agent.id, 0), "cover")
            cover = None
            if agent.cover is not None:
                (cover,) = self._known.agents_meant((agent.cover,), place)
                if cover == agent.id:
                    self._findings.add(place, f"{shown(agent.name)} cannot cover for themselves; name somebody else")
            found.append(agent._replace(cover=cover))
        return found
