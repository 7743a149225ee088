"""What `reclaim` prints: one line per change, or JSON. Plain text, since cron reads it."""

from __future__ import annotations

import sys
from datetime import datetime

from leadrouter.domain import deadlines
from leadrouter.domain.events import iso
from leadrouter.domain.policy import Policy
from leadrouter.reports.wording import counted, named, print_json, wall_clock
from leadrouter.usecases.sweep import Swept


def show(swept: Swept, policy: Policy, *, as_json: bool, quiet: bool, dry_run: bool) -> None:
    """The changes of one sweep."""
    if as_json:
        print_json(
            {
                "at": iso(swept.at),
                "changes": [
                    {"lead": c.lead, "what": c.what, "reason": c.reason, "from": c.source, "to": c.target}
                    for c in swept.changes
                ],
                "unassigned": swept.unassigned,
                "next_due": swept.next_due,
            }
        )
        return
    if dry_run and swept.changes:
        sys.stdout.write("dry run, nothing was written; this would happen:\n")
    for change in swept.changes:
        to = named(policy, change.target) if change.target else change.what
        source = f"{named(policy, change.source)} -> " if change.source else ""
        reason = deadlines.REASONS.get(change.reason, change.reason)
        sys.stdout.write(f"lead {change.lead}: {source}{to}; {reason}\n")
    if not swept.changes and not quiet:
        following = (
            wall_clock(datetime.fromisoformat(swept.next_due), policy.team.timezone) if swept.next_due else "never"
        )
        sys.stdout.write(f"nothing due; next {following}\n")
    if swept.unassigned and not quiet:
        sys.stdout.write(f"{counted(swept.unassigned, 'lead')} still unassigned\n")
