"""What `reclaim` prints: a line per change, or JSON; and how long ago it last ran. Plain text: cron reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain import deadlines
from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.reports.lines import say
from leadrouter.reports.wording import ago, decision_words, print_json
from leadrouter.usecases.sweep import Change, Swept

LATE = timedelta(minutes=5)
"""Cron runs each minute; after this much longer somebody should look why it does not."""


def show(swept: Swept, policy: Policy, *, as_json: bool, quiet: bool, dry_run: bool) -> None:
    """The changes of one sweep."""
    if as_json:
        print_json(
            {
                "at": iso(swept.at),
                "changes": [_view(change) for change in swept.changes],
                "unassigned": swept.unassigned,
                "next_due": swept.next_due,
            }
        )
        return
    if dry_run and swept.changes:
        say("dry run, nothing was written; this would happen:")
    say(*(line(change, policy) for change in swept.changes))
    if not swept.changes and not quiet:
        following = (
            wall_clock(datetime.fromisoformat(swept.next_due), policy.team.timezone) if swept.next_due else "never"
        )
        say(f"nothing due; next {following}")
    if swept.unassigned and not quiet:
        say(f"{counted(swept.unassigned, 'lead')} still unassigned")


def _view(change: Change) -> dict[str, Any]:
    return {
        "lead": change.lead,
        "what": change.what,
        "reason": change.reason,
        "from": change.source,
        "to": change.target,
        "rests": change.rests,
    }


def line(change: Change, policy: Policy) -> str:
    """One change in a line."""
    who, reason = named(policy, change.source), deadlines.REASONS.get(change.reason, change.reason)
    if change.what == "taken_offline":
        return f"{who} gets no more leads after broken promises; the way back: leadrouter back {change.source}"
    if change.what == "forgotten":
        return f"lead {change.lead}: what the person said is erased; it was closed as long ago as the policy keeps it"
    if change.what == "promise_missed":
        return f"lead {change.lead}: {who} did not make the first contact as promised"
    if change.what == "warned":
        return f"lead {change.lead}: {who} is warned; {reason}"
    if change.what == "escalated":
        told = f"{named(policy, change.target)} is told" if change.target else "nobody is told, no leader is named"
        return f"lead {change.lead}{f' with {who}' if change.source else ''}: {told}; {reason}"
    if change.what == "held" and change.reason == "opening":
        return f"lead {change.lead}: the opening was missed; it is held until the next one"
    to = named(policy, change.target) if change.target else PLACES.get(change.what, change.what)
    if change.what == "unassigned":
        to += f", {named(policy, policy.team.leader)} is told" if policy.team.leader else ", no leader is named"
    if change.what == "offered":
        to = f"offered to {to}"
    source = f"{who} -> " if change.source else ""
    rests = f"; it rests there: it {decision_words(change.rests)}" if change.rests else ""
    if change.rests and not change.target and policy.team.leader is None:
        rests += ", and no leader is named"
    return f"lead {change.lead}: {source}{to}; {reason}{rests}"


PLACES = {"pooled": "the pool", "incubating": "nurture"}
"""States without an agent, as places."""


def ran(last: datetime | None, now: datetime) -> str:
    """When the last sweep ran, in words."""
    return "no sweep has run yet" if last is None else f"last sweep {ago(last, now)}"


def is_late(last: datetime | None, now: datetime) -> bool:
    """Whether the clocks stand still: cron seems not to run `reclaim`."""
    return last is None or now - last > LATE
