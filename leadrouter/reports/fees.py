"""Referral fees due: what the winners of leads that the house had nurtured owe it for the sales of a month."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.reports import columns
from leadrouter.reports.page import Section, Table, section
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


def section_of(fees: Sequence[Mapping[str, Any]], policy: Policy) -> list[Section]:
    """What each agent owes, and which fees cannot be told; nothing where nobody owes any."""
    owed: dict[str, float] = defaultdict(float)
    leads: dict[str, list[str]] = defaultdict(list)
    for entry in fees:
        owed[entry["agent"]] += entry["fee"] or 0.0
        leads[entry["agent"]].append(str(entry["lead"]))
    entries = [{"agent": agent, "leads": leads[agent], "fee": round(owed[agent], 2)} for agent in sorted(owed)]
    currency = f" ({policy.team.currency})" if policy.team.currency else ""
    shown = (
        columns.agent(policy),
        columns.words("for leads", "leads", ", ".join),
        columns.number("fee", "fee", ",.2f"),
    )
    unknown = [str(entry["lead"]) for entry in fees if entry["fee"] is None]
    said = f"{counted(len(unknown), 'fee')} cannot be told, since the value of the deal is not recorded"
    return section(
        f"referral fees due{currency}",
        Table("fees_due", "", entries, shown),
        sentences=[f"! {said}: lead {', '.join(unknown)}"] if unknown else [],
    )
