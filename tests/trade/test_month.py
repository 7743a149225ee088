"""A month of a brokerage: 7 agents, 400 leads, every command, time moving; its report against the broker's notebook.

The notebook was kept from what the commands answered while the month was played (`tests.trade.month`). Nothing in it
comes from the file or from the program's own functions: each figure here is counted by hand.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

import pytest

from leadrouter.cli.app import COMMANDS
from tests.processes.program import Program
from tests.servers import a_webhook
from tests.trade.month import people
from tests.trade.month.notebook import CLOSED, Page
from tests.trade.month.policy import NAMED, weight
from tests.trade.month.story import Month

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of chance names is made in it
"""Nothing here is about the disk: where there is one in memory, two thousand commands need not wait for it."""

Report = dict[str, Any]
PROMISED = {"hot": timedelta(minutes=15), "warm": timedelta(hours=2), "cold": timedelta(hours=24)}
FIELD = ("mei", "aina", "bala", "chong", "devi", "grace")
MINUTE = timedelta(minutes=1)


class Played(NamedTuple):
    """The month when it is over, what its report says, and the titles of what Aina was told."""

    month: Month
    report: Report
    told: list[str]


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder, a_webhook() as hook:
        month = Month(Path(folder), hook.url("aina"))
        month.play()
        month.ask("notify")
        yield Played(month, month.ask("report", "monthly", "--month", "2026-10", process=True), hook.titles("aina"))


@pytest.fixture
def month(played: Played) -> Month:
    return played.month


@pytest.fixture
def report(played: Played) -> Report:
    return played.report


def cohort(month: Month) -> list[Page]:
    """The leads that came in during October, but for junk."""
    return [page for page in month.notebook.pages.values() if not page.past and page.state != "void"]


# --- the month as a whole -------------------------------------------------------------------------------------


def test_every_command_was_typed_and_some_as_processes_of_their_own(month: Month) -> None:
    for name in ("agent", "isa", "source", "territory", "quality", "method", "trend"):
        month.keyboard.look(people.END, "report", name, *(["aina"] if name == "agent" else []))
    assert COMMANDS.keys() - {name.split()[0] for name in month.keyboard.used} == set()
    assert len(month.keyboard.processes) >= 9


def test_four_hundred_people_got_in_touch_and_everything_that_can_happen_did(month: Month) -> None:
    pages, notebook = month.notebook.pages.values(), month.notebook
    assert sum(not page.past for page in pages) >= 400
    assert month.inquiries >= 10
    assert {page.state for page in pages} >= {"won", "lost", "void", "assigned", "contacted", "appointment"}
    assert {reason for _, reason in notebook.reclaimed} >= {"no_contact", "no_conversion", "few_attempts", "unanswered"}
    assert {reason for _, reason in notebook.reclaimed} >= {"agent_left", "time_off"}
    assert {what for _, what in notebook.offers} == {"offered", "accepted", "declined", "expired"}
    assert {why for _, _, why in notebook.beside} >= {"claimed", "transferred", "released", "relationship", "rested"}
    assert len({agent for page in pages for agent in page.had_by()}) == 7


def test_the_report_counts_the_leads_that_came_in(month: Month, report: Report) -> None:
    assert report["received"] == sum(not page.past for page in month.notebook.pages.values())
    assert report["void"] == sum(page.state == "void" and not page.past for page in month.notebook.pages.values())
    assert report["ripeness"]["still_open"] == sum(page.state not in CLOSED for page in cohort(month))
    held = Counter(page.agent for page in month.notebook.pages.values() if page.state not in CLOSED and page.agent)
    assert {agent: leads for agent, leads in report["open"].items() if leads} == held


# --- who was dealt what ---------------------------------------------------------------------------------------


class Deal(NamedTuple):
    """One decision as `explain` told it."""

    rotation: str
    agent: str
    shares: dict[str, Fraction]


@pytest.fixture(scope="module")
def dealt(played: Played) -> dict[int, list[dict[str, Any]]]:
    """Lead -> its decisions, as `explain` tells them."""
    return {
        lead: played.month.ask("explain", f"id:{lead}")["decisions"] for lead in played.month.notebook.pages
    }  # fmt: skip


def test_each_received_what_the_notebook_says(month: Month, report: Report) -> None:
    received: Counter[tuple[str, str]] = Counter(month.notebook.turns)
    for (rotation, agent, _), leads in month.notebook.beside.items():
        received[rotation, agent] += leads
    lines = {(line["rotation"], line["agent"]): line for line in report["distribution"]}
    assert {key: line["received"] for key, line in lines.items() if line["received"]} == {
        key: leads for key, leads in received.items() if leads
    }
    explained = {
        (*key, why): leads
        for key, line in lines.items()
        for why, leads in line["explained"].items()
        if why not in ("credited", "written off")
    }
    assert explained == {key: leads for key, leads in month.notebook.beside.items() if leads}


def shares_of(decision: dict[str, Any]) -> dict[str, Fraction]:
    """What each who was not skipped should have earned of a lead, by the weights of that day."""
    at = datetime.fromisoformat(decision["at"])
    there = [agent for agent in NAMED[decision["rule"]] if agent in decision["candidates"]]
    free = {agent: weight(agent, at) for agent in there if agent not in decision["skipped"]}
    return {agent: mine / sum(free.values()) for agent, mine in free.items()}


def test_due_is_the_sum_of_everybodys_shares_and_nobody_is_far_from_it(
    month: Month, report: Report, dealt: dict[int, list[dict[str, Any]]]
) -> None:
    due: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for lead, decisions in dealt.items():
        page = month.notebook.pages[lead]
        deals = [decision for decision in decisions if decision["agent"]]
        assert [decision["agent"] for decision in deals] == [agent for agent, _ in page.dealt], lead
        for decision, (_, turn) in zip(deals, page.dealt, strict=True):
            if not decision["shares"]:
                continue
            shares = shares_of(decision)
            assert decision["shares"] == pytest.approx({agent: float(mine) for agent, mine in shares.items()}, abs=1e-4)
            if turn is not None and not turn.returned:
                assert turn.rotation == decision["rotation"]
                for agent, mine in shares.items():
                    due[turn.rotation, agent] += mine
    rotations = {rotation for rotation, _ in due}
    assert rotations >= {"everyone", "everyone/hot", "luxury", "luxury/hot", "urgent/hot", "sellers"}
    lines = {(line["rotation"], line["agent"]): line for line in report["distribution"]}
    assert {key: line["due"] for key, line in lines.items() if line["due"]} == {
        key: pytest.approx(float(leads), abs=1e-3) for key, leads in due.items()
    }
    for rotation in rotations:
        whole = sum(leads for (name, _), leads in month.notebook.turns.items() if name == rotation)
        assert sum(mine for (name, _), mine in due.items() if name == rotation) == whole
    for key, line in lines.items():
        assert abs(line["difference"] - sum(line["explained"].values())) <= 1.6, key
    assert report["largest_deviation"] <= 1.6


def test_the_totals_are_those_of_all_rotations(month: Month, report: Report) -> None:
    for total in report["totals"]:
        agent = total["agent"]
        lines = [line for line in report["distribution"] if line["agent"] == agent]
        assert total["received"] == sum(line["received"] for line in lines)
        assert total["due"] == pytest.approx(sum(line["due"] for line in lines), abs=1e-3)
        mine = [page for page in cohort(month) if agent in page.had_by()]
        for quality in PROMISED:
            assert total[quality] == sum(page.quality == quality for page in mine), (agent, quality)


def test_skips_are_those_that_each_decision_told(report: Report, dealt: dict[int, list[dict[str, Any]]]) -> None:
    skips: dict[str, Counter[str]] = defaultdict(Counter)
    for decisions in dealt.values():
        for decision in decisions:
            for agent, reason in decision["skipped"].items():
                skips[agent][reason] += 1
    assert report["skips"] == skips
    for agent, reason in (("chong", "time_off"), ("aina", "time_off"), ("bala", "paused"), ("devi", "capacity")):
        assert skips[agent][reason], (agent, reason)


# --- offers, clocks, promises ---------------------------------------------------------------------------------


def test_offers_and_what_became_of_them(month: Month, report: Report) -> None:
    offers = month.notebook.offers
    kinds = ("offered", "accepted", "declined", "expired")
    assert {entry["agent"]: tuple(entry[kind] for kind in kinds) for entry in report["acceptance"]} == {
        agent: tuple(offers[agent, kind] for kind in kinds) for agent, _ in offers
    }
    reasons = {(entry["agent"], why): n for entry in report["acceptance"] for why, n in entry["reasons"].items()}
    assert reasons == month.notebook.reasons


def test_what_the_clocks_took_back_and_told_the_leader(month: Month, report: Report) -> None:
    for kind, noted in (("reclaimed", month.notebook.reclaimed), ("escalated", month.notebook.escalated)):
        told = {(agent, why): n for agent, reasons in report[kind].items() for why, n in reasons.items()}
        assert told == noted, kind
    assert {agent: sum(reasons.values()) for agent, reasons in report["released"].items()} == month.notebook.released


class Tried(NamedTuple):
    """Promises kept or broken, minutes to the first attempt, the same since the lead came in."""

    kept: list[bool]
    minutes: list[float]
    waited: list[float]


def tries(month: Month, key: Callable[[str, str], Any]) -> dict[Any, Tried]:
    """First contacts of the month's leads, grouped."""
    found: dict[Any, Tried] = defaultdict(lambda: Tried([], [], []))
    for page in cohort(month):
        for stay in page.stays:
            one = found[key(stay.agent, page.quality)]
            promised = stay.since + PROMISED[page.quality]
            if stay.tried is not None:
                one.kept.append(stay.tried <= promised)
                one.minutes.append((stay.tried - stay.since) / MINUTE)
                one.waited.append((stay.tried - page.received) / MINUTE)
            elif (stay.until or people.END) > promised:
                one.kept.append(False)
    return {name: one for name, one in found.items() if any(one)}


@pytest.mark.parametrize("which", ["response", "response_by_quality"])
def test_promised_first_contacts_were_in_time_as_often_as_noted(which: str, month: Month, report: Report) -> None:
    grouped = tries(
        month, (lambda agent, quality: (agent, quality)) if which == "response" else lambda _, quality: quality
    )
    for entry in report[which]:
        one = grouped.pop((entry["agent"], entry["quality"]) if which == "response" else entry["quality"])
        assert (entry["leads"], entry["kept"]) == (len(one.kept), sum(one.kept)), entry
        if one.minutes:
            assert entry["mean_minutes"] == pytest.approx(fmean(one.minutes), abs=0.051)
            assert entry["median_minutes"] == pytest.approx(median(one.minutes), abs=0.051)
            assert entry["receipt_to_contact_minutes"] == pytest.approx(median(one.waited), abs=0.051)
    assert grouped == {}


# --- what came of them ----------------------------------------------------------------------------------------


def test_conversion_by_agent_counts_a_lead_for_all_who_had_it_and_the_win_for_the_last(
    month: Month, report: Report
) -> None:
    leads = Counter(agent for page in cohort(month) for agent in page.had_by() - {"ida"})
    won = Counter(page.agent for page in cohort(month) if page.state == "won")
    shown = {entry["name"]: (entry["leads"], entry["won"]) for entry in report["conversion"]["agent"]}
    assert shown == {agent: (leads[agent], won[agent]) for agent in leads}


@pytest.mark.parametrize("cut", ["source", "quality"])
def test_conversion_by_source_and_quality(cut: str, month: Month, report: Report) -> None:
    leads, won = Counter[str](), Counter[str]()
    for page in cohort(month):
        name = page.quality if cut == "quality" else page.source or "(none)"
        leads[name] += 1
        won[name] += page.state == "won"
    entries = report["conversion"][cut]
    assert {entry["name"]: (entry["leads"], entry["won"]) for entry in entries} == {
        name: (leads[name], won[name]) for name in leads
    }
    for entry in entries:
        assert entry["rate"] == pytest.approx(won[entry["name"]] / leads[entry["name"]], abs=1e-4)


def test_what_was_closed_in_the_month_and_for_how_much(month: Month, report: Report) -> None:
    closed = [page for page in month.notebook.pages.values() if page.closed and page.closed >= people.BEGIN]
    assert any(page.past for page in closed), "also of what came in before"

    def counted(pages: list[Page]) -> tuple[float, ...]:
        value = sum(page.value or 0.0 for page in pages if page.state == "won")
        return (*(sum(page.state == how for page in pages) for how in ("won", "lost", "void")), value)

    def shown(entry: dict[str, Any]) -> tuple[float, ...]:
        return (entry["won"], entry["lost"], entry["void"], entry["value"])

    assert shown(report["closed"]) == counted(closed)
    by_agent: dict[str | None, list[Page]] = defaultdict(list)
    for page in closed:
        by_agent[page.agent].append(page)
    assert {entry["name"]: shown(entry) for entry in report["closed"]["agent"]} == {
        agent: counted(pages) for agent, pages in by_agent.items()
    }


def test_the_page_and_the_files_say_the_same(month: Month, tmp_path: Path) -> None:
    month.keyboard.type(people.END, "report", "monthly", "--html", tmp_path / "o.html", "--csv", tmp_path, process=True)
    closed = [page for page in month.notebook.pages.values() if page.closed and page.closed >= people.BEGIN]
    how = Counter((page.state, page.agent) for page in closed)
    won, lost, void = (sum(n for (state, _), n in how.items() if state == end) for end in CLOSED)
    value = sum(page.value or 0 for page in closed)
    kept = [one for tried in tries(month, lambda *_: None).values() for one in tried.kept]
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    for sentence in (
        f"{sum(not page.past for page in month.notebook.pages.values())} leads came in",
        f"{sum(kept)} of {len(kept)} promised first contacts were in time",
        f"{won} won for MYR {value:,.0f}, {lost} lost, {void} void",
    ):
        assert sentence in page
    with (tmp_path / "closed_agent.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["name"] or None: [int(row[end]) for end in CLOSED] for row in csv.DictReader(file)}
    assert rows == {agent: [how[end, agent] for end in CLOSED] for _, agent in how}


def test_what_leads_cost(month: Month, report: Report) -> None:
    paid: dict[str, list[Page]] = defaultdict(list)
    for page in month.notebook.pages.values():
        if page.cost is not None:
            paid[page.source or ""].append(page)
    assert {entry["source"]: (entry["leads"], entry["cost"], entry["won"]) for entry in report["costs"]} == {
        source: (len(pages), sum(page.cost or 0 for page in pages), sum(page.state == "won" for page in pages))
        for source, pages in paid.items()
    }


def test_satisfaction_complaints_and_decisions_by_hand(month: Month, report: Report) -> None:
    scores: dict[str, list[int]] = defaultdict(list)
    for agent, score in month.notebook.ratings:
        scores[agent].append(score)
    assert {entry["agent"]: (entry["ratings"], entry["mean"], entry["low"]) for entry in report["satisfaction"]} == {
        agent: (len(given), pytest.approx(fmean(given), abs=0.0051), sum(score < 3 for score in given))
        for agent, given in scores.items()
    }
    complaints = {entry["agent"]: (entry["made"], entry["answered"], entry["open"]) for entry in report["complaints"]}
    assert complaints == {"bala": (1, 1, 0), "devi": (1, 0, 1)}
    assert Counter((entry["what"], entry["agent"]) for entry in report["overrides"]) == month.notebook.overrides


# --- the end --------------------------------------------------------------------------------------------------


def test_the_file_proves_itself_and_so_does_a_backup_somewhere_else(month: Month, tmp_path: Path) -> None:
    verdict = month.ask("verify", process=True)
    assert (verdict["ok"], verdict["problems"]) == (True, [])
    month.ask("backup", tmp_path / "leadrouter.db", process=True)
    elsewhere = Program(tmp_path).run("verify", "--json", "--expect", verdict["head"])
    assert (elsewhere.code, elsewhere.data["events"]) == (0, verdict["events"])


def test_no_report_no_event_and_no_log_holds_a_word_of_a_person(month: Month, report: Report, tmp_path: Path) -> None:
    now = people.END
    month.keyboard.type(now, "report", "monthly", "--html", tmp_path / "october.html", "--csv", tmp_path / "october")
    for cut in ("source", "quality", "method", "territory", "isa", "trend"):
        month.keyboard.type(now, "report", cut, "--html", tmp_path / f"{cut}.html", "--csv", tmp_path / cut)
    month.keyboard.look(now, "log", "--limit", 100_000, "--all")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20
    told = [json.dumps(report), *month.keyboard.said, *(path.read_text(encoding="utf-8") for path in files)]
    told += [str(row) for row in month.keyboard.program.rows("SELECT * FROM events")]
    for text in told:
        assert not any(word in text for word in (people.MARK, people.PHONE, "@example")), text[:80]
