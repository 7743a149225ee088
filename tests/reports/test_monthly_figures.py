"""Every figure of the monthly report against one reckoned anew from the bare rows (`ledger_by_hand`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any

import pytest

from leadrouter.domain.merit import Held, judge
from leadrouter.domain.metrics import rate
from leadrouter.usecases.verify import verify
from tests.reports import ledger_by_hand as by_hand
from tests.reports.story import POLICY
from tests.usecases.house import House

Report = dict[str, Any]
MONTH, BEFORE = "2026-10", "2026-09"


def minutes(one: datetime, other: datetime) -> float:
    return (other - one) / timedelta(minutes=1)


def near(value: float | None, digits: int) -> Any:
    """A figure that was rounded to so many digits."""
    return None if value is None else pytest.approx(value, abs=0.5000001 * 10**-digits)


def happened(house: House, *kinds: str, month: str = MONTH) -> list[by_hand.Row]:
    return [row for row in by_hand.events(house.connection) if row.kind in kinds and by_hand.month_of(row.at) == month]


def test_the_story_has_everything_there_is_to_report(house: House, october: Report) -> None:
    assert verify(house.connection).problems == []
    for key in (
        "distribution", "totals", "skips", "acceptance", "reclaimed", "escalated", "released", "overrides", "response",
        "response_by_quality", "costs", "satisfaction", "complaints", "changes", "triggers",
    ):  # fmt: skip
        assert october[key], key
    assert all(october["closed"][how] for how in ("won", "lost", "void"))
    assert set(october["conversion"]) == {"agent", "source", "quality", "method", "territory", "rule"}


# --- distribution ---------------------------------------------------------------------------------------------


def test_due_received_and_full_share_are_those_of_the_events(house: House, october: Report) -> None:
    books = by_hand.dealing(by_hand.events(house.connection), MONTH)
    lines = {(line["rotation"], line["agent"]): line for line in october["distribution"]}
    assert lines.keys() == {key for book in books[:4] for key, value in book.items() if value} | lines.keys()
    for key, line in lines.items():
        assert line["due"] == near(float(books.due[key]), 4), key
        assert line["full_share"] == near(float(books.full[key]), 4), key
        assert line["received"] == books.received[key], key
        assert line["difference"] == near(books.received[key] - float(books.due[key]), 4), key
        assert line["explained"] == pytest.approx(
            {word: moved for word, moved in books.explained[key].items() if moved}, abs=1e-4
        )


def test_what_was_lost_is_full_share_that_skips_took(october: Report) -> None:
    for line in october["distribution"]:
        assert set(line["lost_to"]) == {"capacity", "time_off", "hours", "limits"}
        assert sum(line["lost_to"].values()) <= line["full_share"] + 1e-3
    lost = {line["agent"]: line["lost_to"]["limits"] for line in october["distribution"] if line["lost_to"]["limits"]}
    assert set(lost) == {"devi"}, "only she has a limit for the day"


def test_skips_are_counted_per_decision(house: House, october: Report) -> None:
    books = by_hand.dealing(by_hand.events(house.connection), MONTH)
    assert october["skips"] == {agent: dict(reasons) for agent, reasons in books.skips.items()}


def test_the_totals_are_the_sums_and_the_mix_is_that_of_the_months_leads(house: House, october: Report) -> None:
    leads = [lead for lead in by_hand.came_in(house.connection, MONTH) if lead["state"] != "void"]
    for total in october["totals"]:
        lines = [line for line in october["distribution"] if line["agent"] == total["agent"]]
        hot = [line for line in lines if line["rotation"].endswith("/hot")]
        assert total["due"] == pytest.approx(sum(line["due"] for line in lines), abs=1e-3)
        assert total["received"] == sum(line["received"] for line in lines)
        assert total["hot_due"] == pytest.approx(sum(line["due"] for line in hot), abs=1e-3)
        assert total["hot_received"] == sum(line["received"] for line in hot)
        for quality in ("hot", "warm", "cold"):
            had = [lead for lead in leads if lead["quality"] == quality and total["agent"] in lead["holders"]]
            assert total[quality] == len(had)


def test_the_largest_deviation_is_that_of_the_turns_alone(october: Report) -> None:
    """`busy` gives to whoever has most room: there the record of due and received is kept, and turns decide nothing."""
    off = {
        (line["rotation"], line["agent"]): abs(line["difference"] - sum(line["explained"].values()))
        for line in october["distribution"]
        if not line["rotation"].startswith("busy")
    }
    assert october["largest_deviation"] == pytest.approx(max(off.values()), abs=1e-3)


# --- first contact --------------------------------------------------------------------------------------------


def test_promises_and_times_are_those_of_everybody_who_had_the_leads(house: House, october: Report) -> None:
    found = by_hand.tries(house.connection, MONTH, house.now)
    lines = {(line["agent"], line["quality"]): line for line in october["response"]}
    assert lines.keys() == found.keys()
    for key, line in lines.items():
        check_line(line, found[key])


def check_line(line: Report, measured: by_hand.Tried) -> None:
    kept = measured.kept
    assert (line["leads"], line["kept"]) == (len(kept), sum(kept))
    assert line["contacted_in_sla"] == (near(sum(kept) / len(kept), 4) if kept else None)
    assert line["mean_minutes"] == near(fmean(measured.minutes) if measured.minutes else None, 1)
    assert line["median_minutes"] == near(median(measured.minutes) if measured.minutes else None, 1)
    assert line["receipt_to_contact_minutes"] == near(median(measured.waited) if measured.waited else None, 1)


def test_the_team_by_quality_is_all_of_them_together(house: House, october: Report) -> None:
    found = by_hand.tries(house.connection, MONTH, house.now)
    promised = {"hot": 15, "warm": 120, "cold": 1440}
    for line in october["response_by_quality"]:
        parts = [measured for (_, quality), measured in found.items() if quality == line["quality"]]
        check_line(line, by_hand.Tried(*([x for part in parts for x in part[place]] for place in range(3))))  # type: ignore[arg-type]
        assert line["promised_minutes"] == promised[line["quality"]]


# --- conversion -----------------------------------------------------------------------------------------------


def first_dealer(house: House) -> dict[int, tuple[str, str]]:
    """Lead -> the method and the rule that brought it to somebody first, from its events."""
    rows, found = by_hand.events(house.connection), {}
    panels = {row.seq: row.data for row in rows if row.kind == "panel"}
    for row in rows:
        if row.lead in found or row.lead is None:
            continue
        panel = row.data.get("panel", 0)
        if row.kind in ("assigned", "offered"):
            known = row.data["reason"] in ("relationship", "requested")
            found[row.lead] = (row.data["reason"] if known else panels[panel]["strategy"], panels[panel]["rule"])
        elif row.kind == "claimed":
            found[row.lead] = ("claimed from the pool", "leftovers")
        elif row.kind == "transferred":
            found[row.lead] = ("by hand", "(none)")
        elif row.kind == "past":
            found[row.lead] = ("before leadrouter", "(none)")
    return found


def test_conversion_by_source_quality_method_territory_and_rule(house: House, october: Report) -> None:
    leads, dealt = by_hand.came_in(house.connection, MONTH), first_dealer(house)
    where = {"bangsar": ("west", "centre"), "klcc": ("centre",)}
    names: dict[str, Callable[[dict[str, Any]], Sequence[str]]] = {
        "source": lambda lead: [lead["source"] or "(none)"],
        "quality": lambda lead: [lead["quality"]],
        "method": lambda lead: [dealt.get(lead["lead"], ("nobody yet", ""))[0]],
        "territory": lambda lead: where.get((lead["area"] or "").casefold(), ("(elsewhere)",)),
    }
    for cut, name_of in names.items():
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for lead in leads:
            for name in name_of(lead):
                groups[name].append(lead)
        shown = {entry["name"]: entry for entry in october["conversion"][cut]}
        assert shown.keys() == groups.keys(), cut
        everything = [lead for lead in leads if lead["state"] != "void"]
        usual = sum(lead["state"] == "won" for lead in everything) / len(everything)
        for name, group in groups.items():
            counted = [lead for lead in group if lead["state"] != "void"]
            won = sum(lead["state"] == "won" for lead in counted)
            check_rate(shown[name], len(counted), won)
            assert shown[name]["index"] == (near(won / len(counted) / usual, 2) if counted else None)
            assert shown[name]["void"] == len(group) - len(counted)
    assert sum(entry["leads"] + entry["void"] for entry in october["conversion"]["rule"]) == len(leads)
    by_rule = Counter(
        dealt[lead["lead"]][1] for lead in leads if dealt.get(lead["lead"], ("", "leftovers"))[1] == "busy"
    )
    assert by_rule["busy"] == sum(e["leads"] + e["void"] for e in october["conversion"]["rule"] if e["name"] == "busy")


def check_rate(entry: Report, leads: int, won: int) -> None:
    assert (entry["leads"], entry["won"]) == (leads, won)
    interval = rate(won, leads)
    for key in ("rate", "low", "high"):
        assert entry[key] == near(getattr(interval, key), 4)


def test_conversion_by_agent_counts_a_lead_for_everyone_who_had_it_and_its_win_for_the_last(
    house: House, october: Report
) -> None:
    leads = [lead for lead in by_hand.came_in(house.connection, MONTH) if lead["state"] != "void"]
    shown = {entry["name"]: entry for entry in october["conversion"]["agent"]}
    assert shown.keys() == {agent for lead in leads for agent in lead["holders"]}
    held = []
    for agent, entry in shown.items():
        had = [lead for lead in leads if agent in lead["holders"]]
        won = [lead for lead in leads if lead["agent"] == agent and lead["state"] == "won"]
        check_rate(entry, len(had), len(won))
        for kind in {(lead["source"] or "(none)", lead["quality"]) for lead in had}:
            alike = [lead for lead in had if (lead["source"] or "(none)", lead["quality"]) == kind]
            held.append(Held(agent, kind, len(alike), sum(lead in won for lead in alike)))
    for agent, merit in judge(held).agents.items():
        assert (shown[agent]["index"], shown[agent]["verdict"]) == (near(merit.index, 2), merit.verdict)


def test_how_much_is_in_follows_from_how_long_the_latest_sales_took(house: House, october: Report) -> None:
    wins = [
        lead for lead in by_hand.leads(house.connection) if lead["state"] == "won" and lead["closed_at"] < house.now
    ]
    latest = sorted(wins, key=lambda lead: lead["closed_at"])[-200:]
    took = [(lead["closed_at"] - lead["received_at"]) / timedelta(days=1) for lead in latest]
    leads = [lead for lead in by_hand.came_in(house.connection, MONTH) if lead["state"] != "void"]
    ages = [(house.now - lead["received_at"]) / timedelta(days=1) for lead in leads]
    ripe = october["ripeness"]
    assert ripe["wins_in"] == near(fmean(sum(days <= age for days in took) / len(took) for age in ages), 2)
    assert ripe["days_to_win"] == near(median(took), 1)
    assert ripe["still_open"] == sum(lead["state"] not in ("won", "lost", "void") for lead in leads)
    assert ripe["maturing"] == (ripe["still_open"] > 0 and ripe["wins_in"] < 0.95)


# --- closings and money ---------------------------------------------------------------------------------------


def test_closings_are_counted_by_the_month_of_closing_whenever_they_came_in(house: House, october: Report) -> None:
    ended = [
        lead
        for lead in by_hand.leads(house.connection)
        if lead["closed_at"] and by_hand.month_of(lead["closed_at"]) == MONTH
    ]
    assert any(by_hand.month_of(lead["received_at"]) != MONTH for lead in ended)
    check_closed(october["closed"], ended)
    names: dict[str, Callable[[dict[str, Any]], str | None]] = {
        "agent": lambda lead: lead["agent"],
        "source": lambda lead: lead["source"] or "(none)",
    }
    for cut, name_of in names.items():
        for entry in october["closed"][cut]:
            check_closed(entry, [lead for lead in ended if name_of(lead) == entry["name"]])
        assert sum(entry["won"] for entry in october["closed"][cut]) == october["closed"]["won"]


def check_closed(entry: Report, ended: list[dict[str, Any]]) -> None:
    won = [lead for lead in ended if lead["state"] == "won"]
    values = [lead["value"] for lead in won if lead["value"] is not None]
    took = [(lead["closed_at"] - lead["received_at"]) / timedelta(days=1) for lead in won]
    assert entry["won"] == len(won)
    assert entry["lost"] == sum(lead["state"] == "lost" for lead in ended)
    assert entry["void"] == sum(lead["state"] == "void" for lead in ended)
    assert entry["value"] == near(sum(values), 2)
    assert entry["mean_value"] == near(fmean(values) if values else None, 2)
    assert entry["median_days"] == near(median(took) if took else None, 1)


def test_cost_per_lead_and_per_win_are_of_the_leads_whose_cost_is_known(house: House, october: Report) -> None:
    rows = house.connection.execute(
        "SELECT coalesce(source, '(none)'), count(*), sum(cost), sum(state = 'won'), "
        "total(CASE WHEN state = 'won' THEN value END) FROM leads "
        "WHERE cost IS NOT NULL AND strftime('%Y-%m', received_at, '+8 hours') = ? GROUP BY 1 ORDER BY 1",
        (MONTH,),
    ).fetchall()
    assert [
        (e["source"], e["leads"], e["cost"], e["cost_per_lead"], e["won"], e["cost_per_win"], e["value"])
        for e in october["costs"]
    ] == [
        (source, count, cost, near(cost / count, 2), won, near(cost / won, 2) if won else None, value)
        for source, count, cost, won, value in rows
    ]


# --- what happened around them --------------------------------------------------------------------------------


def test_offers_are_counted_with_what_became_of_them(house: House, october: Report) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in happened(house, "offered", "accepted", "declined", "expired"):
        counts[row.agent or ""][row.kind] += 1
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for row in happened(house, "declined"):
        reasons[row.agent or ""][row.data["reason"]] += 1
    for entry in october["acceptance"]:
        count = counts.pop(entry["agent"])
        assert {kind: entry[kind] for kind in ("offered", "accepted", "declined", "expired")} == {
            kind: count[kind] for kind in ("offered", "accepted", "declined", "expired")
        }
        assert entry["reasons"] == dict(reasons[entry["agent"]])
        settled = count["accepted"] + count["declined"] + count["expired"]
        assert entry["rate"] == (near(count["accepted"] / settled, 4) if settled else None)
    assert not counts


@pytest.mark.parametrize("kind", ["reclaimed", "escalated"])
def test_reclaims_and_escalations_are_told_by_agent_and_reason(kind: str, house: House, october: Report) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in happened(house, kind):
        counts[row.agent or ""][row.data["reason"]] += 1
    assert october[kind] == {agent: dict(reasons) for agent, reasons in counts.items()}


def test_leads_given_up_and_decisions_by_hand_are_named(house: House, october: Report) -> None:
    assert october["released"] == {
        agent: {"released": count} for agent, count in Counter(row.agent for row in happened(house, "released")).items()
    }
    assert [(entry["event"], entry["what"], entry["agent"], entry["lead"]) for entry in october["overrides"]] == [
        (row.seq, row.kind, row.agent, row.lead) for row in happened(house, "transferred", "credited", "reopened")
    ]


def test_satisfaction_is_the_mean_of_the_ratings_people_gave_in_the_month(house: House, october: Report) -> None:
    scores: dict[str, list[int]] = defaultdict(list)
    for row in by_hand.events(house.connection):
        if row.kind == "rated" and by_hand.month_of(row.really) == MONTH:
            scores[row.agent or ""].append(row.data["score"])
    assert {entry["agent"]: entry for entry in october["satisfaction"]} == {
        agent: {
            "agent": agent, "ratings": len(given), "mean": near(fmean(given), 2), "low": sum(s <= 2 for s in given),
        }
        for agent, given in scores.items()
    }  # fmt: skip


def test_complaints_stay_open_in_the_report_until_they_are_answered(house: House, october: Report) -> None:
    rows = by_hand.events(house.connection)
    answered = {row.data["complaint"] for row in rows if row.kind == "complaint_answered"}
    waiting = [row for row in rows if row.kind == "complained" and row.seq not in answered]
    made = Counter(row.agent for row in happened(house, "complained"))
    settled = Counter(row.agent for row in happened(house, "complaint_answered"))
    for entry in october["complaints"]:
        mine = [row for row in waiting if row.agent == entry["agent"]]
        assert (entry["made"], entry["answered"], entry["open"]) == (
            made[entry["agent"]],
            settled[entry["agent"]],
            len(mine),
        )
        oldest = (house.now - mine[0].at) / timedelta(days=1) if mine else None
        assert entry["oldest_days"] == near(oldest, 1)
    assert sum(entry["open"] for entry in october["complaints"]) == len(waiting)


def test_open_and_waiting_leads_are_those_of_this_moment(house: House, october: Report) -> None:
    held = Counter(
        lead["agent"]
        for lead in by_hand.leads(house.connection)
        if lead["state"] in ("offered", "assigned", "contacted", "appointment")
    )
    assert october["open"] == {agent.id: held[agent.id] for agent in POLICY.agents}
    states = Counter(lead["state"] for lead in by_hand.leads(house.connection))
    assert {state: october["waiting"][state] for state in ("unassigned", "held", "pooled", "incubating")} == {
        state: states[state] for state in ("unassigned", "held", "pooled", "incubating")
    }
    assert (october["received"], october["void"]) == (
        len(by_hand.came_in(house.connection, MONTH)),
        sum(lead["state"] == "void" for lead in by_hand.came_in(house.connection, MONTH)),
    )


def test_the_head_is_the_one_that_verify_prints(house: House, october: Report) -> None:
    verdict = verify(house.connection)
    assert october["head"] == {"events": verdict.events, "hash": verdict.head}


# --- since the month before -----------------------------------------------------------------------------------


def test_the_month_before_is_counted_up_to_the_same_day(house: House, october: Report) -> None:
    """Half an hour before October ends, September was over for a day all but half an hour: what was won then counts."""
    stage = house.now - timedelta(days=30)
    assert october["compared_with"]["month"] == BEFORE
    now, before = side(house, MONTH, house.now), side(house, BEFORE, stage)
    for entry in october["changes"]:
        digits = 4 if entry["what"] in ("conversion", "in_time") else 1
        assert entry["now"] == near(now.pop(entry["what"]), digits), entry
        assert entry["before"] == near(before.pop(entry["what"]), digits), entry
    assert now == before == {}


def side(house: House, month: str, stage: datetime) -> dict[str, float | None]:
    came = [lead for lead in by_hand.came_in(house.connection, month) if lead["received_at"] < stage]
    counted = [lead for lead in came if lead["state"] != "void"]
    won = [lead for lead in counted if lead["state"] == "won" and lead["closed_at"] < stage]
    ended = [
        lead for lead in by_hand.leads(house.connection)
        if lead["closed_at"] and by_hand.month_of(lead["closed_at"]) == month and lead["closed_at"] < stage
    ]  # fmt: skip
    sold = [lead for lead in ended if lead["state"] == "won"]
    tries = by_hand.tries(house.connection, month, house.now)
    kept = [promise for measured in tries.values() for promise in measured.kept]
    hot = [took for (_, quality), measured in tries.items() if quality == "hot" for took in measured.minutes]

    def count(*kinds: str) -> int:
        return sum(row.at < stage for row in happened(house, *kinds, month=month))

    return {
        "received": len(came),
        "conversion": len(won) / len(counted),
        "won": len(sold),
        "value": sum(lead["value"] for lead in sold),
        "void": sum(lead["state"] == "void" for lead in ended),
        "in_time": sum(kept) / len(kept),
        "hot_minutes": median(hot) if hot else None,
        "declined": count("declined", "expired"),
        "reclaimed": count("reclaimed"),
        "escalated": count("escalated"),
        "complaints": count("complained"),
    }
