"""What `pool` lists: the leads anyone may claim. The blind pool names nobody, so that nobody picks by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadrouter.domain.events import iso
from leadrouter.domain.policy import Policy
from leadrouter.reports.lines import say
from leadrouter.reports.wording import age, decision_words
from leadrouter.store.queries import LeadRow, PooledRow

OPENLY = ("name", "email", "phone")
"""What only an open pool shows."""


def as_json(listed: Sequence[PooledRow], policy: Policy) -> dict[str, Any]:
    """The list for scripts."""
    return {"blind": policy.pool.blind, "leads": [_view(entry, policy) for entry in listed]}


def _view(entry: PooledRow, policy: Policy) -> dict[str, Any]:
    row, facts = entry
    shown = {} if policy.pool.blind else {key: getattr(facts, key) for key in OPENLY}
    return {
        "lead": row.state.lead,
        "external_id": None if policy.pool.blind else row.external_id,
        "quality": row.state.quality,
        "source": facts.source,
        "intent": facts.intent,
        "area": facts.area or facts.postcode,
        "price": facts.price,
        "received_at": row.received_at,
        "reason": row.state.reason,
        "until": iso(row.state.due_at) if row.state.due_at and not row.state.resting else None,
        **shown,
    }


def show(listed: Sequence[PooledRow], policy: Policy, now: datetime) -> None:
    """The list on a screen."""
    if not listed:
        say("the pool is empty")
        return
    from leadrouter.reports.columns import in_currency
    from leadrouter.reports.tables import show_table

    people = () if policy.pool.blind else ("who",)
    rows = [
        [
            str(row.state.lead), *_person(facts, people), row.state.quality, _about(facts),
            f"{facts.price:,.0f}" if facts.price else "",
            age(datetime.fromisoformat(row.received_at), now), _until(row, now),
        ]
        for row, facts in listed
    ]  # fmt: skip
    columns = ("lead", *people, "quality", "about", in_currency("price", policy), "waits", "dealt")
    show_table("leads to claim", columns, rows, right="r" + " " * (2 + len(people)) + "rr")
    say("take one with: leadrouter claim LEAD --agent AGENT")


def _person(facts: Any, people: Sequence[str]) -> list[str]:
    return [_told(facts.name, facts.phone or facts.email)] if people else []


def _about(facts: Any) -> str:
    """What the lead is about, as far as it says, in few columns: a terminal may be narrow."""
    return _told(facts.intent, facts.area or facts.postcode, facts.source)


def _told(*words: str | None) -> str:
    return ", ".join(word for word in words if word)


def _until(row: LeadRow, now: datetime) -> str:
    """When it is dealt if nobody claims it; a resting lead says why it rests."""
    if row.state.resting:
        return f"rests: {decision_words(row.state.reason)}"
    return age(row.state.due_at, now) if row.state.due_at else ""
