"""What `route` and `import` print: where each lead went and why, and a summary whose counts add up."""

from __future__ import annotations

import sys
from typing import Any, Protocol

from leadrouter.domain.events import iso
from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import Rulebook
from leadrouter.reports.wording import (
    decision_words,
    first_contact_due,
    named,
    print_json,
    shown_due,
    skip_words,
    span,
    wall_clock,
)
from leadrouter.usecases.batch import Imported
from leadrouter.usecases.receive import Received

DRY = ["dry run, nothing was written; this would happen:"]


class Named(Protocol):
    """A file with the name people know it by."""

    name: str


def show_route(taken: Received, rulebook: Rulebook, *, as_json: bool, quiet: bool, dry_run: bool) -> None:
    """One lead: JSON, or a line or two."""
    if as_json:
        print_json(route_view(taken, rulebook.policy))
    elif not (quiet and taken.state.agent):
        sys.stdout.write("\n".join([*DRY[:dry_run], *route_lines(taken, rulebook.policy)]) + "\n")


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


def show_import(
    done: Imported,
    file: Named,
    rejects_file: str | None,
    rulebook: Rulebook,
    *,
    as_json: bool,
    quiet: bool,
    dry_run: bool,
) -> None:
    """The summary: JSON, or a few lines and who got how many."""
    policy = rulebook.policy
    if as_json:
        print_json(
            {
                "file": file.name,
                "rows": done.rows,
                "new": done.new,
                "inquiries": done.inquiries,
                "unchanged": done.unchanged,
                "test_rows": done.test_rows,
                "rejected": done.rejected,
                "by_state": dict(done.by_state),
                "by_agent": dict(done.by_agent),
                "rejects_file": rejects_file,
            }
        )
        return
    unassigned = done.by_state.get("unassigned", 0)
    if quiet and not (done.rejected or unassigned):
        return
    parts = [f"{done.new:,} new", f"{done.inquiries:,} inquiries", f"{done.unchanged:,} unchanged"]
    lines = [*DRY[:dry_run], f"{file.name}: {done.rows:,} rows = {' + '.join(parts)} + {done.rejected:,} rejected"]
    if rejects_file:
        lines.append(f"  rejected rows with their line and reason: {rejects_file}")
    if unassigned:
        lines.append(f"  {unassigned:,} leads could not be assigned yet; each sweep tries again")
    if done.by_agent:
        width = max(len(named(policy, agent)) for agent in done.by_agent)
        order = [agent.id for agent in policy.agents if agent.id in done.by_agent]
        order += [agent for agent in done.by_agent if agent not in order]
        lines += [f"  {named(policy, agent):<{width}}  {done.by_agent[agent]:>6,}" for agent in order]
    sys.stdout.write("\n".join(lines) + "\n")
