"""What `due` lists: the leads in nurture that inside sales should be in touch with, the longest overdue first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.deadlines import next_touch
from leadrouter.domain.events import iso
from leadrouter.domain.lead import Lead
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState
from leadrouter.reports.lead import iso_or_none
from leadrouter.reports.lines import say
from leadrouter.reports.wording import age
from leadrouter.store.inside import Nurtured


class ToTouch(NamedTuple):
    """One lead, and when it is to be touched."""

    at: datetime
    external_id: str | None
    state: LeadState
    facts: Lead


def to_touch(found: Iterable[Nurtured], policy: Policy, until: datetime, isa: str | None = None) -> list[ToTouch]:
    """Those whose touch is due by then, of one isa if one is named."""
    listed = []
    for row, facts in found:
        at = next_touch(row.state, policy)
        if at is not None and at <= until and isa in (None, row.state.isa):
            listed.append(ToTouch(at, row.external_id, row.state, facts))
    return sorted(listed, key=lambda entry: (entry.at, entry.state.lead))


def as_json(listed: Iterable[ToTouch]) -> dict[str, Any]:
    """The list for scripts."""
    return {
        "leads": [
            {
                "lead": state.lead,
                "external_id": external_id,
                "isa": state.isa,
                "next_touch": iso(at),
                "incubated_at": iso_or_none(state.incubated_at),
                "name": facts.name,
                "email": facts.email,
                "phone": facts.phone,
                "source": facts.source,
                "intent": facts.intent,
                "area": facts.area or facts.postcode,
            }
            for at, external_id, state, facts in listed
        ]
    }


def show(listed: list[ToTouch], policy: Policy, now: datetime) -> None:
    """The list on a screen."""
    if not listed:
        say("nobody is to be touched")
        return
    from leadrouter.reports.tables import show_table, warning

    rows = [
        [
            str(state.lead), facts.name or "", facts.phone or facts.email or "", facts.intent or "",
            named(policy, state.isa) if state.isa else "",
            age(state.incubated_at, now) if state.incubated_at else "",
            warning(f"since {age(at, now)}") if at < now else age(at, now),
        ]
        for at, _, state, facts in listed
    ]  # fmt: skip
    columns = ("lead", "name", "contact", "intent", "isa", "in nurture", "touch due")
    show_table("leads to be touched", columns, rows, right="r____rr")
    say("record it with: leadrouter touch LEAD --intent yes, or no")
