"""What hypothesis draws: teams with every reason to be skipped, and histories of a branch, move by move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from hypothesis import strategies as st

from leadrouter.domain.policy import Agent, Rule, Span, Target
from leadrouter.domain.state import CLOSED, LeadState
from tests.factories import WEIGHTS, Branch, make_agent, make_policy

ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kuala_Lumpur", "Asia/Kolkata", "Australia/Lord_Howe")

MOVES = (
    "route", "route", "route", "route", "hot", "luxury", "contact", "won", "lost", "voided", "reopen", "reclaim",
    "transfer", "pause", "back", "wait", "wait", "join", "leave", "reload",
)  # fmt: skip

Move = tuple[str, int]
"""What happens, and a number that picks to whom."""

moves = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 999)), min_size=10, max_size=60)
seeds = st.integers(0, 2**32 - 1)

RULES = (
    Rule("luxury", ("price", "between", (2_000_000.0, None)), Target("group", ("seniors",)), rotation="homes"),
    Rule("portal", ("source", "in", ("portal",)), otherwise="backup"),
    Rule("backup", ("source", "in", ("nobody writes this",)), Target("group", ("seniors",))),
    Rule("everyone", rotation="homes"),
)


def drawn_hours(chance: Random) -> tuple[Span, ...] | None:
    """Weekly hours, of whole and odd minutes, some past midnight in two spans; None as often as not."""
    if chance.random() < 0.5:
        return None
    spans = []
    for day in range(7):
        if chance.random() < 0.8:
            first = chance.choice((0, 90, 120, 150, 480, 517, 540))
            spans.append((day, first, first + chance.choice((60, 240, 500, 600))))
        if chance.random() < 0.2:
            spans.append((day, chance.choice((1290, 1380)), 1440))
    return tuple(spans)


def drawn_agent(chance: Random, agent: str) -> Agent:
    """An agent with limits, hours, time off and dates such as a team has."""
    day = f"2026-03-{chance.randrange(2, 29):02}"
    return make_agent(
        agent,
        weight=chance.choice(WEIGHTS),
        groups=("seniors",) if chance.random() < 0.4 else (),
        capacity=chance.choice((1, 2, 3, 5, 15)),
        per_day=chance.choice((None, None, 1, 3)),
        per_hour=chance.choice((None, None, 1, 2)),
        hours=drawn_hours(chance),
        timezone=chance.choice((None, *ZONES)),
        joined=chance.choice((None, None, None, "2026-02-20", "2026-03-04")),
        left=chance.choice((None, None, None, None, "2026-03-20")),
        time_off=chance.choice(((), (), ((day, day),), (("2026-03-03", "2026-03-09"),))),
    )


def drawn_team(seed: int, size: int) -> tuple[Agent, ...]:
    """A team of this size; the same seed gives the same team."""
    chance = Random(seed)
    return tuple(drawn_agent(chance, f"a{number:02}") for number in range(1, size + 1))


def drawn_branch(seed: int, size: int) -> Branch:
    return Branch(make_policy(drawn_team(seed, size), rules=RULES))


def lived(branch: Branch, history: Iterable[Move]) -> Iterator[LeadState | None]:
    """Carries out a history move by move; gives the lead that the router dealt with, if it did."""
    for what, number in history:
        yield take(branch, what, number)


def live(branch: Branch, history: Iterable[Move]) -> Branch:
    """Carries out a whole history."""
    for _ in lived(branch, history):
        pass
    return branch


def take(branch: Branch, what: str, number: int) -> LeadState | None:
    """One move; one that cannot be made now is left out."""
    match what:
        case "route":
            return branch.route(source=("portal", "website")[number % 2])
        case "hot":
            return branch.route(quality="hot")
        case "luxury":
            return branch.route(price=3_000_000.0)
        case "wait":
            branch.wait(minutes=(7, 61, 24 * 60, 3 * 24 * 60 + 11)[number % 4])
        case "pause" | "back" | "join" | "leave" | "reload":
            _team_move(branch, what, number)
        case _:
            return _lead_move(branch, what, number)
    return None


def _team_move(branch: Branch, what: str, number: int) -> None:
    team = branch.policy.agents
    someone = team[number % len(team)]
    if what == "pause" and someone.id not in branch.paused():
        branch.pause(someone.id)
    elif what == "back" and someone.id in branch.paused():
        branch.back(someone.id)
    elif what == "join":
        new = drawn_agent(Random(number), f"j{len(branch.desk.agents):02}")
        branch.load(branch.policy._replace(agents=(*team, new)))
    elif what == "leave" and len(team) > 1:
        branch.load(branch.policy._replace(agents=tuple(agent for agent in team if agent is not someone)))
    elif what == "reload":
        branch.load(branch.policy)


def _lead_move(branch: Branch, what: str, number: int) -> LeadState | None:
    wanted = {
        "contact": {"assigned", "contacted"}, "won": {"assigned", "contacted"}, "reclaim": {"assigned", "contacted"},
        "lost": {"assigned", "contacted", "unassigned", "pooled"}, "reopen": CLOSED,
    }.get(what, {"assigned", "contacted", "unassigned", "pooled"})  # fmt: skip
    leads = [lead for lead in branch.desk.leads.values() if lead.state in wanted]
    if not leads:
        return None
    lead = leads[number % len(leads)]
    match what:
        case "contact":
            branch.contact(lead.lead, ("reached", "no_answer")[number % 2])
        case "reopen":
            branch.reopen(lead.lead)
        case "transfer":
            others = [agent.id for agent in branch.policy.agents if agent.id != lead.agent]
            if others:
                branch.transfer(lead.lead, others[number % len(others)])
        case "reclaim":
            branch.reclaim(lead.lead)
            return lead
        case _:
            branch.close(lead.lead, what)
    return None
