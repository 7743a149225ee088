"""The sections about people: who they are, how turns work, what counts as a turn, who is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from leadrouter.domain import calendar, speech
from leadrouter.domain.ledger import FLOOR
from leadrouter.domain.plan import ramped
from leadrouter.domain.policy import QUALITIES, Agent
from leadrouter.domain.rounds import UNIT
from leadrouter.domain.routing import WITHOUT_AGENT
from leadrouter.domain.state import AgentState
from leadrouter.reports.policy.told import Sentence, Table, Told

BY_ORDER = {
    "roster": "the order of the roster",
    "experience": "the order of experience, the longest first",
    "random": "an order drawn once by lot",
}


def turns(told: Told) -> Iterator[Sentence]:
    """How a lead finds its agent within a rule, and what takes or gives back a turn."""
    policy = told.policy
    dealing = [rule for rule in policy.rules if rule.then not in WITHOUT_AGENT]
    dealt_to = {agent.id for rule in dealing for agent in told.rulebook.named[rule.name]}
    order = [agent for agent in told.rulebook.roster.values() if agent.id in dealt_to]
    yield Sentence("order", f"Turns go in {BY_ORDER[policy.team.order]}: {told.names(order)}.")
    yield Sentence(
        "share",
        "For each lead, everybody who can take it earns a share of it by their weight; whoever is owed most, "
        "this rotation counting twice beside all, gets it and pays one lead for it.",
    )
    yield Sentence("tie", "Between two who are owed the same, whoever has waited longer for a lead is first.")
    yield Sentence("hot", "Hot leads turn separately, so that everybody gets their part of them.")
    yield Sentence("skipped", "Whoever is skipped earns nothing for that lead, so nobody comes back to a flood.")
    if policy.ramp_up:
        steps = speech.listed(
            f"{speech.fraction(step.weight)} of their weight until day {step.until_day}" for step in policy.ramp_up
        )
        yield Sentence("ramp_up", f"A new agent turns with {steps}; the day of joining is day 1.")
    ahead = -FLOOR // UNIT
    turn = f"takes their turn, unless they are {ahead} leads ahead" if _counts(told) else "takes nobody's turn"
    if any("relationship" in rule.prefer for rule in dealing):
        who = "A person with whom an agent closed a lead before goes back to that agent, if they can take it"
        yield Sentence("relationship", f"{who}; that {turn}.")
    if any("requested" in rule.prefer for rule in dealing):
        yield Sentence("requested", f"Who asks for an agent by name gets them, if they can take it; that {turn}.")
    yield Sentence("void", "A lead that turns out to be void gives its turn back.")
    yield Sentence("by_hand", "A lead that is moved by hand takes nobody's turn.")


def _counts(told: Told) -> bool:
    return told.policy.relationship.counts_as_turn


def skips(told: Told) -> Iterator[Sentence]:
    """Who is passed over, as far as the policy has it."""
    agents = told.policy.agents
    yield Sentence("away", "Skipped is whoever has left or not joined yet, and whoever is on time off or paused.")
    if any(agent.hours is not None for agent in agents):
        yield Sentence("hours", "Skipped is whoever is outside their own working hours.")
    yield Sentence("capacity", "Skipped is whoever has as many open leads as their capacity.")
    if any(agent.per_day is not None or agent.per_hour is not None for agent in agents):
        yield Sentence("limits", "Skipped is whoever has had as many leads today, or this hour, as their limit.")
    if any(agent.price is not None for agent in agents):
        yield Sentence("price", "Skipped is whoever does not serve the price of the lead.")
    yield Sentence("past_holder", "Skipped is whoever lost this lead to a clock or gave it up before.")
    if any(told.policy.acceptance.window(quality) for quality in QUALITIES):
        yield Sentence("declined", "Skipped is whoever did not accept this lead before.")


def team(told: Told) -> Iterator[Sentence]:
    """Hours, leader, groups, time off ahead."""
    policy, entry = told.policy, told.policy.team
    if entry.hours is not None or entry.holidays:
        closed = [day for day in entry.holidays if day >= calendar.local_date(told.now, entry.timezone)]
        holidays = f", and is closed on {speech.listed(closed)}" if closed else ""
        yield Sentence("hours", f"The team is open {speech.hours(entry.hours)} ({entry.timezone}){holidays}.")
    if entry.leader:
        yield Sentence("leader", f"{told.leader()} leads the team, and is told about leads that are late.")
    else:
        yield Sentence("leader", "No leader is named: nobody is told about leads that are late.")
    groups = dict.fromkeys(group for agent in policy.agents for group in agent.groups)
    for group in groups:
        members = [agent for agent in told.rulebook.roster.values() if group in agent.groups]
        yield Sentence(f"group {group}", f"The group {group}: {told.names(members)}.")
    pledged = [agent for agent in told.rulebook.roster.values() if policy.pledge.group in agent.groups]
    if pledged:
        yield Sentence("pledge", f"Who is in the group {policy.pledge.group} has pledged fast first contact.")
    for territory in policy.territories:
        home = [agent for agent in told.rulebook.roster.values() if territory.name in agent.territories]
        yield Sentence(f"territory {territory.name}", f"At home in {territory.name}: {told.names(home)}.")


def roster(told: Told) -> Table:
    """Everybody, with what routing knows of them; columns that say nothing are left out."""
    columns: dict[str, Callable[[Agent], str]] = {
        "agent": lambda agent: told.name(agent.id),
        "role": lambda agent: agent.role,
        "tier": lambda agent: _tier(told, agent),
        "weight": lambda agent: _weight(told, agent),
        "open leads": lambda agent: f"at most {agent.capacity}",
        "limits": _limits,
        "hours": lambda agent: speech.hours(agent.hours) if agent.hours else "",
        "serves": lambda agent: _serves(agent, told.policy.team.currency),
        "away": lambda agent: _away(told, agent),
    }
    agents = [agent for agent in told.rulebook.roster.values() if not _gone(told, agent)]
    cells = {column: [cell(agent) for agent in agents] for column, cell in columns.items()}
    kept = [column for column, found in cells.items() if any(found)]
    return Table(tuple(kept), tuple(zip(*(cells[column] for column in kept), strict=True)))


def _today(told: Told) -> str:
    return calendar.local_date(told.now, told.policy.team.timezone)


def _gone(told: Told, agent: Agent) -> bool:
    return agent.left is not None and agent.left <= _today(told)


def _weight(told: Told, agent: Agent) -> str:
    state = told.agents.get(agent.id) or AgentState(agent.id)
    now = ramped(agent, state, _today(told), told.policy.ramp_up)
    if now == agent.weight:
        return speech.weight(agent.weight)
    return f"{speech.weight(now)} for now, then {speech.weight(agent.weight)}"


def _tier(told: Told, agent: Agent) -> str:
    """The one that was applied, else the one that is written."""
    state = told.agents.get(agent.id)
    return (state.tier if state else None) or agent.tier or ""


def _limits(agent: Agent) -> str:
    found = [f"{agent.per_day} a day"] if agent.per_day is not None else []
    return ", ".join([*found, *([f"{agent.per_hour} an hour"] if agent.per_hour is not None else [])])


def _serves(agent: Agent, currency: str | None) -> str:
    words = [*agent.specialties, *agent.sources, *agent.territories, *agent.languages]
    if agent.price is not None:
        low, high = agent.price
        begins = speech.money(currency, low or 0)
        words.append(f"{begins}-{speech.number(high)}" if high else f"from {begins}")
    return ", ".join(words)


def _away(told: Told, agent: Agent) -> str:
    """Time off that is not over, of the policy and of `away`."""
    ahead = [f"{first} to {last}" for first, last in agent.time_off if last >= _today(told)]
    state = told.agents.get(agent.id)
    if state is not None and any(until is None for _, until in state.absences):
        ahead.append("paused")
    return ", ".join(ahead)
