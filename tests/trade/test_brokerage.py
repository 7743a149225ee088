"""A real-sized brokerage through a hybrid policy: departments, territories, price bands and tiers on 5,000 leads.

Runs on third-party data that lies beside the project and is not part of it; skipped where it is not there.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from leadrouter.domain.rounds import UNIT
from leadrouter.intake.outcome_file import OutcomeRow, open_outcomes
from leadrouter.intake.table import PastRow, Rejected, Row, open_leads
from leadrouter.reports.monthly import monthly_report
from leadrouter.store.desks import load_desk
from leadrouter.usecases.batch import Imported, import_leads, import_past, record_outcomes
from tests.trade.office import Office

SHARED = Path(__file__).parents[3] / "shared" / "data"
DATA = SHARED / "dubai_real_estate"
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
        import_leads(office.session, rows, office.now, lambda _: None, done, lambda row, why: None)
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


# --- the same brokerage's past --------------------------------------------------------------------------------


def history(office: Office) -> tuple[Imported, Imported]:
    """Two and a half years as a broker brings them in: leads with their owners, then what became of them."""
    kept, told = Imported(), Imported()

    def refuse(row: object, reason: str) -> None:
        raise AssertionError(f"{row}: {reason}")

    with open_leads(
        str(DATA / "leads_flat.csv"), region="AE", timezone="Asia/Dubai", mapping={}, history=True
    ) as leads:
        past = ((row, row.past) for row in leads if isinstance(row, PastRow))
        import_past(office.session, past, office.now, lambda _: None, kept, refuse)
    with open_outcomes(str(DATA / "outcomes_flat.csv"), timezone="Asia/Dubai", mapping={}) as outcomes:
        rows = ((row, row.outcome) for row in outcomes if isinstance(row, OutcomeRow))
        record_outcomes(office.session, rows, office.now, lambda _: None, told, refuse)
    return kept, told


def test_two_and_a_half_years_come_back_as_they_were(office: Office) -> None:
    """Counted from the files themselves; 33 of the leads without an agent were sold, and stay without one."""
    office.load(plain())
    kept, told = history(office)
    assert (kept.rows, kept.new, kept.rejected) == (5000, 5000, 0)
    assert (told.rows, told.new, told.rejected) == (8899, 8899, 0)
    one = office.connection.execute
    assert one("SELECT count(*) FROM leads WHERE agent IS NULL").fetchone() == (165,)
    assert one("SELECT count(*) FROM leads WHERE agent IS NULL AND state = 'won'").fetchone() == (33,)
    with (DATA / "Sales.csv").open(encoding="utf-8") as file:
        sales = {row["Lead_ID"]: (row["Sale_Date"], float(row["Sale_Value_AED"])) for row in csv.DictReader(file)}
    won = one("SELECT external_id, date(closed_at, '+4 hours'), value FROM leads WHERE state = 'won'").fetchall()
    assert len(won) == 813
    assert {lead: (day, value) for lead, day, value in won} == sales
    with (DATA / "Leads.csv").open(encoding="utf-8") as file:
        owners = {row["Lead_ID"]: row["Agent_ID"] or None for row in csv.DictReader(file)}
    assert dict(one("SELECT external_id, agent FROM leads").fetchall()) == owners
    again = history(office)
    assert [(done.new, done.unchanged) for done in again] == [(0, 5000), (0, 8899)]


def test_the_report_of_a_past_month_is_what_the_files_say_of_it(office: Office) -> None:
    office.load(plain())
    history(office)
    june = monthly_report(office.connection, office.policy, "2025-06", office.now)
    with (DATA / "Leads.csv").open(encoding="utf-8") as file:
        leads = [row for row in csv.DictReader(file) if row["Lead_Date"].startswith("2025-06")]
    with (DATA / "Sales.csv").open(encoding="utf-8") as file:
        sales = [row for row in csv.DictReader(file) if row["Sale_Date"].startswith("2025-06")]

    def by(column: str) -> dict[str, tuple[int, int]]:
        groups: dict[str, list[bool]] = defaultdict(list)
        for row in leads:
            groups[row[column]].append(row["Lead_Status"] == "Sold")
        return {name: (len(sold), sum(sold)) for name, sold in groups.items() if name}

    def shown(cut: str) -> dict[str, tuple[int, int]]:
        return {entry["name"]: (entry["leads"], entry["won"]) for entry in june["conversion"][cut]}

    assert june["received"] == len(leads)
    assert shown("agent") == by("Agent_ID")
    assert shown("source") == by("Marketing_Channel")
    assert shown("method") == {"before leadrouter": (len(leads), sum(row["Lead_Status"] == "Sold" for row in leads))}
    assert june["closed"]["won"] == len(sales)
    assert june["closed"]["value"] == pytest.approx(sum(float(row["Sale_Value_AED"]) for row in sales))
    assert all(entry["contacted_in_sla"] is None for entry in june["response"])
    assert (june["distribution"], june["triggers"]) == ([], [])


@pytest.mark.skipif(not (SHARED / "salesforce").exists(), reason="the third-party export is not beside the project")
def test_a_salesforce_export_is_imported_without_options(office: Office) -> None:
    office.load("team: {timezone: America/New_York, region: US, capacity: 100}\nagents: [Aina, Bala]\n")
    done = Imported()
    with open_leads(
        str(SHARED / "salesforce" / "Lead.csv"), region="US", timezone="America/New_York", mapping={}
    ) as leads:
        assert leads.owner_column is None
        rows = [row.lead if isinstance(row, Row) else None for row in leads]
        import_leads(office.session, rows, office.now, lambda _: None, done, lambda row, why: None, leads.ids_of)
    assert (done.rows, done.new + done.inquiries, done.rejected) == (60, 60, 0)
