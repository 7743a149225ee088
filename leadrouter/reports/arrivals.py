"""What `route` prints: where the lead went and why. What files of leads and of outcomes print is in `imported`."""

from __future__ import annotations

from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import Rulebook
from leadrouter.reports.lines import say
from leadrouter.reports.wording import DRY, decision_words, first_contact_due, print_json, shown_due, skip_words, span
from leadrouter.usecases.receive import Received


def show_route(taken: Received, rulebook: Rulebook, *, as_json: bool, quiet: bool, dry_run: bool) -> None:
    """One lead: JSON, or a line or two."""
    if as_json:
        print_json(route_view(taken, rulebook.policy))
    elif not (quiet and taken.state.agent):
        say(*DRY[:dry_run], *route_lines(taken, rulebook.policy))


def route_view(taken: Received, policy: Policy) -> dict[str, Any]:
    """The keys of CONTRACT."""
    state, lineup = taken.state, taken.decision.lineup if taken.decision else None
    due = shown_due(state, policy)
    return {
        "lead": state.lead,
        "what": taken.what,
        "state": state.state,
        "agent": state.agent,
        "rule": state.rule,
        "strategy": lineup.strategy if lineup else None,
        "quality": state.quality,
        "reason": state.reason,
        "skipped": lineup.skipped() if lineup else {},
        "due": iso(due) if due else None,
        "duplicate_of": None if taken.what == "new" else state.lead,
    }


def route_lines(taken: Received, policy: Policy) -> list[str]:
    """The same for people."""
    state, lineup = taken.state, taken.decision.lineup if taken.decision else None
    who = named(policy, state.agent)
    if taken.what == "unchanged":
        return [f"lead {state.lead} is recorded already ({state.state}, {who}); nothing changed"]
    if taken.what == "inquiry" and taken.decision is None:
        return [f"lead {state.lead}: the same person asked again; it stays {state.state} with {who}"]
    woke = "asked again while in nurture: " if taken.what == "inquiry" else ""
    skipped = (
        [f"{named(policy, agent)} {skip_words(code)}" for agent, code in lineup.skipped().items()] if lineup else []
    )
    if state.agent is None:
        lines = [f"{woke}lead {state.lead} is {state.state}: {decision_words(state.reason)}"]
        if state.state == "unassigned":
            told = f"; {named(policy, policy.team.leader)} is told" if policy.team.leader else ""
            lines.append(f"  each sweep tries again{told}")
    else:
        why = f"{decision_words(state.reason)} (rule {state.rule}, {state.quality})"
        lines = [f"{woke}lead {state.lead} -> {who}: {why}"]
        if state.state == "offered" and state.due_at is not None and state.assigned_at is not None:
            within = span(state.due_at - state.assigned_at)
            lines.append(f"  on offer for {within}, until {wall_clock(state.due_at, policy.team.timezone)}")
        due = first_contact_due(state, policy)
        if due is not None and state.assigned_at is not None:
            within = span(due - state.assigned_at)
            lines.append(f"  first contact within {within}, by {wall_clock(due, policy.team.timezone)}")
    return lines + ([f"  skipped: {'; '.join(skipped)}"] if skipped else [])
