"""Referral fees due: what the winners of leads that the house had nurtured owe it for the sales of a month."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any

from leadrouter.domain.policy import Policy
from leadrouter.reports.wording import counted, named
from leadrouter.store.inside import won_after_nurture


def fees_due(connection: sqlite3.Connection, start: str, end: str) -> list[dict[str, Any]]:
    """One entry for each sale between two UTC moments, by the terms in force when it was recorded. `fee` is None where
    it is a share and nobody recorded what the deal was worth.
    """
    return [
        {"agent": sale.agent, "lead": sale.lead, "value": sale.value, "fee": sale.terms.owed(sale.value)}
        for sale in won_after_nurture(connection, start, end)
        if sale.terms.charges
    ]


def show(fees: list[dict[str, Any]], policy: Policy) -> None:
    """What each agent owes; nothing where nobody does."""
    if not fees:
        return
    from leadrouter.reports.tables import show_table

    owed: dict[str, float] = defaultdict(float)
    leads: dict[str, list[str]] = defaultdict(list)
    for entry in fees:
        owed[entry["agent"]] += entry["fee"] or 0.0
        leads[entry["agent"]].append(str(entry["lead"]))
    unknown = [str(entry["lead"]) for entry in fees if entry["fee"] is None]
    currency = f" ({policy.team.currency})" if policy.team.currency else ""
    rows = [[named(policy, agent), ", ".join(leads[agent]), f"{owed[agent]:,.2f}"] for agent in sorted(owed)]
    show_table(f"referral fees due{currency}", ("agent", "for leads", "fee"), rows, right="__r")
    if unknown:
        from leadrouter.reports.tables import console, warning

        said = f"{counted(len(unknown), 'fee')} cannot be told, since the value of the deal is not recorded"
        console().print(warning(f"{said}: lead {', '.join(unknown)}"))
