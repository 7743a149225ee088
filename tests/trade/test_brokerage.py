"""A real-sized brokerage through a hybrid policy: departments, territories, price bands and tiers on 5,000 leads.

Runs on third-party data that lies beside the project and is not part of it; skipped where it is not there.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from leadrouter.domain.ledger import UNIT
from leadrouter.intake.table import Rejected, Row, open_leads
from leadrouter.store.desks import load_desk
from leadrouter.usecases.batch import Imported, import_leads
from tests.trade.office import Office

DATA = Path(__file__).parents[3] / "shared" / "data" / "dubai_real_estate"
AREAS = [
    ["Dubai Marina", "Jumeirah Lake Towers (JLT)", "Palm Jumeirah"],
    ["Downtown Dubai", "Business Bay", "Mohammed Bin Rashid City (MBR City)"],
    ["Jumeirah Village Circle (JVC)", "Al Furjan", "Dubai South"],
    ["Dubai Hills Estate", "Arabian Ranches", "Damac Hills 2", "Dubai Creek Harbour", "Dubai Silicon Oasis"],
]

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the third-party brokerage data is not beside the project")


def agents() -> list[dict[str, str]]:
    with (DATA / "Agents.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def plain() -> str:
    lines = [f"  - {{id: {row['Agent_ID']}, name: {row['Agent_Name']}}}" for row in agents()]
    return "\n".join(["team: {timezone: Asia/Dubai, region: AE, capacity: 1000}", "agents:", *lines, ""])


def hybrid() -> str:
    """Four departments as specialties, areas as territories, price bands and tiers."""
    roster = [
        f"  - {{id: {row['Agent_ID']}, name: {row['Agent_Name']}, specialties: [{row['Agent_Department']}], "
        f"territories: [t{place % 4}], tier: {'ABBCC'[place % 5]}"
        + (', price: ">= 300000"' if place % 9 == 0 else "")
        + "}"
        for place, row in enumerate(agents())
    ]
    return "\n".join(
        [
            "team: {timezone: Asia/Dubai, region: AE, capacity: 1000}",
            "territories:",
            *(f"  t{place}: {{areas: [{', '.join(areas)}]}}" for place, areas in enumerate(AREAS)),
            "quality: {hot: {source: [google ads]}, cold: {source: website}}",
            "agents:",
            *roster,
            "rules:",
            '  - {name: luxury, when: {price: ">= 5000000"}, to: {specialty: luxury & branded residences}, '
            "strategy: performance}",
            "  - {name: investors, when: {custom.customer_type: investor, price: 2000000-5000000}, "
            "to: {specialty: investor relations}}",
            "  - {name: home, when: {territory: [t0, t1]}, to: all, strategy: territory}",
            "  - {name: off-plan, when: {property_type: [apartment, studio]}, to: {specialty: off-plan sales}}",
            "  - {name: everyone, to: all, strategy: performance}",
            "",
        ]
    )


def bring_in(office: Office, policy: str) -> Imported:
    office.load(policy)
    done = Imported()
    with open_leads(
        str(DATA / "leads_flat.csv"),
        region="AE",
        timezone="Asia/Dubai",
        mapping={
            "Preferred_Location": "area",
            "Preferred_Property_Type": "property_type",
            "Property_Price_AED": "price",
        },
    ) as leads:
        rows = (None if isinstance(row, Rejected) else row.lead for row in leads if isinstance(row, Row | Rejected))
        import_leads(office.session, rows, office.now, lambda _: None, done)
    return done


def distances(office: Office) -> dict[str, float]:
    """Rotation -> the largest distance between leads received and leads due, in leads."""
    ledger = load_desk(office.connection).ledger
    found: dict[str, float] = defaultdict(float)
    for rotation, credits in ledger.credit.items():
        found[rotation] = max(abs(credit) / UNIT for credit in credits.values())
    return found


def test_five_thousand_leads_reach_45_agents_within_a_lead_of_their_due(office: Office) -> None:
    first = bring_in(office, plain())
    assert (first.new, first.rejected, dict(first.by_state)) == (5000, 0, {"assigned": 5000})
    assert max(distances(office).values()) < 1
    again = bring_in(office, plain())
    assert (again.new, again.unchanged) == (0, 5000)


def test_a_hybrid_policy_keeps_every_agent_within_1_6_leads_in_every_rotation(office: Office) -> None:
    done = bring_in(office, hybrid())
    assert (done.new, done.rejected, dict(done.by_state)) == (5000, 0, {"assigned": 5000})
    assert len(distances(office)) >= 8
    assert max(distances(office).values()) <= 1.6, dict(distances(office))
