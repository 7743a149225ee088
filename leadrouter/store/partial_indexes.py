"""The conditions by which statements find the partial indexes of the schema: SQLite looks for the very same words.

Each asks first what decides nearly every row, since every new row is put to all of them.
"""

from __future__ import annotations

OPEN = "(state = 'assigned' OR state IN ('appointment', 'contacted', 'offered', 'qualifying'))"
"""Leads that count against a capacity: `leads_due`, `leads_open`."""

WAITING = "state <> 'assigned' AND state IN ('unassigned', 'held', 'pooled', 'incubating')"
"""Leads that nobody has: `leads_waiting`."""

KEPT = "state <> 'assigned' AND state IN ('lost', 'void', 'won') AND forgotten_at IS NULL"
"""Closed leads of people who are not forgotten: `leads_kept`."""

UNCOMMON = "kind <> 'assigned' AND kind <> 'panel' AND kind <> 'balance'"
"""Events that are not one for every lead: `events_by_kind`."""

INSIDE_SALES = (
    "kind <> 'assigned' AND kind IN ('qualifying', 'transferred', 'claimed', 'appointment', 'handed_off', 'incubated')"
)
"""What inside sales may have had to do with: `events_of_inside_sales`."""
