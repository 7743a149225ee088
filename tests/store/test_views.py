"""The views that brokers and their tools look into: each says what the bare rows say, and no name of a person."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pytest

from leadrouter.domain.months import Period
from leadrouter.domain.policy import Policy, Rule, Target
from leadrouter.domain.promises import Acceptance, Handoff
from leadrouter.reports.cohort import Cohort, by_agent
from leadrouter.reports.response import Response
from leadrouter.store import schema
from tests.factories import make_agent, make_policy
from tests.reports import ledger_by_hand as by_hand
from tests.reports.story import MARK, POLICY, Story
from tests.usecases.house import House

EVER = Period("0001", "9999")
"""Whatever a view counts, a report of this period counts."""


@pytest.fixture(scope="module")
def house() -> House:
    return Story().tell()


def view(house: House, sql: str) -> list[dict[str, Any]]:
    cursor = house.connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def views(house: House) -> list[str]:
    return [
        name for (name,) in house.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY 1")
    ]


def test_the_views_are_these(house: House) -> None:
    assert views(house) == [
        "closings_by_month", "complaints", "conversion_by_agent", "conversion_by_quality", "conversion_by_rule",
        "conversion_by_source", "distribution_by_month", "first_contacts", "leads_by_month", "open_leads", "reclaims",
        "satisfaction_by_month", "team", "waiting_leads",
    ]  # fmt: skip


def test_no_view_shows_what_a_person_said(house: House) -> None:
    for name in views(house):
        rows = view(house, f"SELECT * FROM {name}")
        assert rows, name
        assert MARK not in json.dumps(rows), name


def test_the_team_is_the_roster_of_the_policy_in_force(house: House) -> None:
    assert {(row["agent"], row["name"], row["role"]) for row in view(house, "SELECT * FROM team")} == {
        (agent.id, agent.name, agent.role) for agent in POLICY.agents
    }


def test_open_and_waiting_leads_are_all_that_are_not_closed(house: House) -> None:
    states = Counter(lead["state"] for lead in by_hand.leads(house.connection))
    held = view(house, "SELECT * FROM open_leads")
    waiting = view(house, "SELECT * FROM waiting_leads")
    assert Counter(row["state"] for row in held + waiting) == {
        state: count for state, count in states.items() if state not in ("won", "lost", "void")
    }
    names = {agent.id: agent.name for agent in POLICY.agents}
    assert all(row["agent_name"] == names[row["agent"]] for row in held)


def test_leads_and_closings_by_month(house: House) -> None:
    leads = by_hand.leads(house.connection)
    for row in view(house, "SELECT * FROM leads_by_month"):
        group = [lead for lead in leads if lead["received_at"].strftime("%Y-%m") == row["month"]]
        count = Counter(lead["state"] for lead in group)
        assert (row["leads"], row["won"], row["lost"], row["void"]) == (
            len(group),
            count["won"],
            count["lost"],
            count["void"],
        )
        assert row["still_open"] == len(group) - count["won"] - count["lost"] - count["void"]
        assert row["rate"] == pytest.approx(count["won"] / (len(group) - count["void"]), abs=1e-4)
    closings = view(house, "SELECT * FROM closings_by_month")
    for row in closings:
        ended = [lead for lead in leads if lead["closed_at"] and lead["agent"] == row["agent"]]
        group = [lead for lead in ended if lead["closed_at"].strftime("%Y-%m") == row["month"]]
        won = [lead for lead in group if lead["state"] == "won"]
        assert (row["won"], row["value"]) == (len(won), pytest.approx(sum(lead["value"] for lead in won)))
    assert sum(row["won"] + row["lost"] + row["void"] for row in closings) == sum(
        bool(lead["closed_at"]) for lead in leads
    )


@pytest.mark.parametrize("cut", ["source", "quality", "rule"])
def test_conversion_by_a_word_of_the_lead(cut: str, house: House) -> None:
    leads = [lead for lead in by_hand.leads(house.connection) if lead["state"] != "void"]
    rows = view(house, f"SELECT * FROM conversion_by_{cut}")
    assert {row[cut] for row in rows} == {lead[cut] or "(none)" for lead in leads}
    for row in rows:
        group = [lead for lead in leads if (lead[cut] or "(none)") == row[cut]]
        won = sum(lead["state"] == "won" for lead in group)
        assert (row["leads"], row["won"], row["rate"]) == (len(group), won, pytest.approx(won / len(group), abs=1e-4))
        costs = [lead["cost"] for lead in group if lead["cost"] is not None]
        if cut == "source" and costs:
            paid = sum(lead["state"] == "won" and lead["cost"] is not None for lead in group)
            assert row["cost_per_lead"] == pytest.approx(sum(costs) / len(costs), abs=0.01)
            assert row["cost_per_win"] == (pytest.approx(sum(costs) / paid, abs=0.01) if paid else None)


DESK = make_policy()._replace(
    agents=(make_agent("ida", role="isa"), make_agent("aina"), make_agent("bala")),
    rules=(Rule("first", ("source", "in", ("web",)), Target("role", ("isa",)), then="qualify"), Rule("everyone")),
    acceptance=Acceptance(hot=300),
    handoff=Handoff(()),
)


def at_the_desk() -> House:
    """An isa hands off, keeps and loses leads; offers are open, answered and declined; one clock was set back."""
    house = House(DESK)
    house.deal(6, source="web")
    for lead, ending in ((1, "won"), (2, "void"), (3, "lost")):
        house.step("handoff", lead, met=())
        house.wait(minutes=7)
        house.contact(lead)
        house.step(ending, lead)
    house.step("incubate", 4)
    house.step("transfer", 5, to="bala", reason="knows them")
    house.deal(4, quality="hot")
    house.step("accept", 7)
    house.step("decline", 8, reason="busy")
    house.deal(2)
    house.contact(11, at=house.wait(minutes=30))
    house.now -= timedelta(hours=3)
    house.contact(12)
    house.contact(7)
    return house


@pytest.fixture(scope="module", params=[Story().tell, at_the_desk], ids=["a quarter", "with an isa and open offers"])
def any_house(request: pytest.FixtureRequest) -> House:
    tell: Callable[[], House] = request.param
    return tell()


def in_force(house: House) -> Policy:
    return house.session.policy.policy


def test_conversion_by_agent_is_that_of_the_report(any_house: House) -> None:
    """The report of a month leaves inside sales out, who have one of their own; the view leaves that to its reader."""
    reported = by_agent(Cohort(any_house.connection, EVER, in_force(any_house)).counted)
    assert view(any_house, "SELECT * FROM conversion_by_agent") == [
        {"agent": line["name"], "leads": line["leads"], "won": line["won"], "rate": line["rate"]} for line in reported
    ]


def test_an_isa_had_what_they_handed_off_and_who_is_only_asked_has_nothing() -> None:
    house = at_the_desk()
    had = {row["agent"]: row["leads"] for row in view(house, "SELECT * FROM conversion_by_agent")}
    states = Counter(lead["state"] for lead in by_hand.leads(house.connection))
    assert had["ida"] == 5  # of the six, one is void
    assert states["offered"] == 3
    assert sum(had.values()) == 5 + 3 + 1 + 2  # ida's, what came of them to others, one accepted, two dealt


def test_first_contacts_are_those_of_the_report(any_house: House) -> None:
    """Of the leads that one agent had alone; the report also reads what earlier holders did."""
    policy = in_force(any_house)
    leads = [lead for lead in Cohort(any_house.connection, EVER, policy).leads if not lead.passed_on and not lead.past]
    reported = {
        (line["agent"], line["quality"]): line
        for line in Response(any_house.connection, leads, policy, any_house.now).lines()
        if line["mean_minutes"] is not None
    }
    seen: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in view(any_house, "SELECT * FROM first_contacts"):
        if row["lead"] in {lead.lead for lead in leads}:
            seen[row["agent"], row["quality"]].append(row)
    assert seen.keys() == reported.keys()
    for key, rows in seen.items():
        minutes, waited = ([row[name] for row in rows] for name in ("minutes", "minutes_since_receipt"))
        assert min(minutes + waited) >= 0
        assert fmean(minutes) == pytest.approx(reported[key]["mean_minutes"], abs=0.101)
        assert median(waited) == pytest.approx(reported[key]["receipt_to_contact_minutes"], abs=0.101)


def test_a_contact_before_the_assignment_took_no_time() -> None:
    house = at_the_desk()
    rows = view(house, "SELECT * FROM first_contacts WHERE lead IN (7, 12)")
    assert [(row["minutes"], row["minutes_since_receipt"]) for row in rows] == [(0.0, 0.0)] * 2
    assert all(row["attempted_at"] < row["assigned_at"] for row in rows)


def test_first_contacts_in_minutes(house: House) -> None:
    leads = {lead["lead"]: lead for lead in by_hand.leads(house.connection)}
    for row in view(house, "SELECT * FROM first_contacts"):
        lead = leads[row["lead"]]
        took = (lead["attempted_at"] - lead["assigned_at"]) / timedelta(minutes=1)
        assert row["minutes"] == pytest.approx(took, abs=0.051)


def test_what_happened_is_told_by_the_events(house: House) -> None:
    rows = by_hand.events(house.connection)
    assert [(row["event"], row["reason"]) for row in view(house, "SELECT * FROM reclaims ORDER BY event")] == [
        (row.seq, row.data["reason"]) for row in rows if row.kind == "reclaimed"
    ]
    answered = {row.data["complaint"] for row in rows if row.kind == "complaint_answered"}
    assert {row["event"]: row["answered_at"] is not None for row in view(house, "SELECT * FROM complaints")} == {
        row.seq: row.seq in answered for row in rows if row.kind == "complained"
    }
    for row in view(house, "SELECT * FROM satisfaction_by_month"):
        scores = [
            event.data["score"] for event in rows
            if event.kind == "rated" and event.agent == row["agent"] and by_hand.month_of(event.really) == row["month"]
        ]  # fmt: skip
        assert (row["ratings"], row["mean"]) == (len(scores), pytest.approx(sum(scores) / len(scores), abs=0.01))


def test_distribution_by_month_is_what_the_report_calls_received(house: House) -> None:
    books = by_hand.dealing(by_hand.events(house.connection), "2026-10")
    received: Counter[str] = Counter()
    for (_, agent), count in books.received.items():
        received[agent] += count
    shown = {
        row["agent"]: row["received"]
        for row in view(house, "SELECT * FROM distribution_by_month WHERE month = '2026-10'")
    }
    assert {agent: count for agent, count in shown.items() if count} == {
        a: count for a, count in received.items() if count
    }


def test_the_queries_of_the_readme_answer(house: House) -> None:
    """All but the one for DuckDB, which says so."""
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    queries = [sql for sql in re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL) if not sql.startswith("-- duckdb")]
    assert len(queries) == 3
    for sql in queries:
        assert view(house, sql), sql


# --- a file of an earlier program -----------------------------------------------------------------------------


def test_a_file_of_before_gets_its_views_indexes_and_ratings(house: House) -> None:
    """Ratings were not counted by month then; they are made anew from the events, and `verify` finds nothing."""
    from leadrouter.store.projections import make_anew
    from leadrouter.store.report_schema import REPORTS
    from leadrouter.usecases.verify import verify

    old = sqlite3.connect(":memory:", isolation_level=None)
    house.connection.backup(old)
    made = {name for (name,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    for name in made:
        old.execute(f"DROP VIEW {name}")
    old.execute("DROP INDEX events_by_kind")
    old.execute("DROP INDEX leads_won")
    old.execute("CREATE INDEX events_by_time ON events (at) WHERE kind NOT IN ('assigned', 'panel', 'balance')")
    for name in ("open_leads", "conversion_by_source"):
        old.execute(f"CREATE VIEW {name} AS SELECT 1")
    old.execute("DELETE FROM tallies WHERE what LIKE 'rated _'")
    assert any("tally" in problem for problem in verify(old).problems)
    old.execute("DELETE FROM _sqlite_migrations WHERE name = 'm007_reports'")
    old.execute("BEGIN")
    assert schema.migrate(old) is True
    make_anew(old)
    old.execute("COMMIT")
    assert verify(old).problems == []
    assert {name for (name,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")} == made - {
        "distribution_by_month"  # an earlier migration makes it
    }
    assert "events_by_kind" in REPORTS
