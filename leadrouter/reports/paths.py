"""What would earn the next tier, and what would lose this one: one sentence for each agent. Decides nothing."""

from __future__ import annotations

from leadrouter.domain.merit import Merit
from leadrouter.domain.policy import Agent, Policy
from leadrouter.domain.reviews import Review
from leadrouter.domain.speech import counted
from leadrouter.domain.state import AgentState
from leadrouter.domain.tiers import probation_left, standing_tier


def path(entry: Review, merit: Merit | None, agent: Agent, state: AgentState, policy: Policy, today: str) -> str:
    """The sentence, without the agent's name, so that it can be handed to them as well as listed."""
    if entry.finding == "probation":
        return _probation(agent, state, policy, today)
    if entry.finding == "too_few":
        held, least = (merit.leads if merit else 0), policy.tiers.leads
        missing = counted(least - held, "more mature lead")
        return (
            f"{missing} {'is' if least - held == 1 else 'are'} needed before results can be judged ({held} of {least})."
        )
    assert merit is not None
    if entry.finding == "stay":
        return _stays(entry, merit, policy)
    side = "above" if entry.finding == "up" else "below"
    found = f"A true rate {side} {entry.mark:.0%} is {_probable(entry.probability)} probable"
    return f"{found}; {_what_follows(entry)}."


def _probation(agent: Agent, state: AgentState, policy: Policy, today: str) -> str:
    days, leads = probation_left(agent, state, policy, today)
    wait = " and ".join(counted(number, what) for number, what in ((days, "day"), (leads, "lead")) if number)
    return f"Probation lasts for {wait} more; then the tier is {standing_tier(agent, state)}."


def _what_follows(entry: Review) -> str:
    change = f"{entry.proposed} is earned" if entry.finding == "up" else f"the tier becomes {entry.proposed}"
    if entry.moves:
        return f"with {counted(entry.in_a_row, 'review')} in a row that found it, {change}"
    missing = entry.needed - entry.in_a_row
    return f"after {counted(missing, 'more review')} that {'finds' if missing == 1 else 'find'} it, {change}"


def _stays(entry: Review, merit: Merit, policy: Policy) -> str:
    sure, reviews = f"{policy.tiers.confidence:.0%}", f"{counted(entry.needed, 'review')} in a row"
    assert entry.mark is not None
    assert entry.probability is not None
    if entry.tier == "A":
        now = _probable(1 - entry.probability)
        return (
            f"The highest tier. It would be lost if {reviews} found a true rate below {entry.mark:.0%} to be {sure} "
            f"probable or more; now {now}."
        )
    above = "A" if entry.tier == "B" else "B"
    asked = (
        f"{above} takes a true rate above {entry.mark:.0%} that is {sure} probable in {reviews}; now "
        f"{_probable(entry.probability)}."
    )
    held = counted(merit.leads, "lead")
    if entry.wins_needed is None:
        return f"{asked} These {held} are too few to show that."
    return f"{asked} Of these {held} it would take {counted(entry.wins_needed, 'win')}; won so far: {merit.won}."


def _probable(probability: float | None) -> str:
    """A probability in whole percent, never rounded to certainty."""
    assert probability is not None
    if probability > 0.99:
        return "over 99%"
    return "under 1%" if probability < 0.01 else f"{probability:.0%}"
