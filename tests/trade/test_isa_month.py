"""The report of inside sales on a month whose every figure is reckoned by hand, in the comments beside the leads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadrouter.reports.isa import isa_report, period
from leadrouter.store.inside import histories
from leadrouter.usecases.steps import take_step
from tests.trade.office import Office

POLICY = """
team: {timezone: UTC, region: MY}
agents: [{id: ida, role: isa}, {id: ivo, role: isa}, aina, bala]
rules: [{name: first, when: {intent: seller}, then: qualify}, {name: everyone, to: all}]
handoff: off
"""
OCTOBER = ("2026-10-01", "2026-10-31")


def report(office: Office, first: str, last: str) -> dict[str, Any]:
    """`report isa --json` of these dates."""
    found = histories(office.connection, *period(first, last, "UTC"))
    return isa_report(found, first, last, "UTC")


@pytest.fixture
def month(office: Office) -> Office:
    """Nine leads: ida gets the odd ones, ivo the even ones; aina and bala take turns at what is handed off."""
    office.load(POLICY)
    office.now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    office.route(intent="seller")  # lead 1 came to ida in September
    office.now = datetime(2026, 10, 5, 12, tzinfo=UTC)
    for _ in range(8):
        office.route(intent="seller")

    def steps(lead: int, *names: str, **details: Any) -> None:
        for name in names:
            office.later(minutes=1)
            office.step(name, lead, **details)

    steps(1, "appointment", "handoff")  # ida -> aina; still open
    steps(2, "appointment", "handoff", "no-show", "lost")  # ivo -> bala
    steps(3, "appointment", "no-show", "appointment", "handoff", "contact", "won")  # ida -> aina, who wins it
    steps(5, "handoff")  # ida -> bala
    steps(6, "handoff")  # ivo -> aina; still open
    steps(4, "appointment", "lost")  # by ivo
    steps(7, "appointment", "handoff", "void")  # ida -> bala, who finds that it is junk
    steps(5, "transfer", to="aina")
    steps(5, "won")  # by aina
    steps(8, "appointment")  # by ivo
    steps(9, "incubate")  # by ida
    office.now = datetime(2026, 11, 3, 12, tzinfo=UTC)
    steps(8, "handoff", "won")  # ivo -> bala, in November
    return office


def test_the_figures_of_each_isa_are_those_reckoned_by_hand(month: Office) -> None:
    ida, ivo = report(month, *OCTOBER)["isas"]
    assert ida["isa"] == "ida"
    assert ida["leads"] == 4  # 3, 5, 7, 9
    assert (ida["appointments"], ida["no_shows"], ida["no_show_rate"]) == (4, 1, 0.25)  # 1, 3 twice, 7
    assert (ida["shows"], ida["won_after_show"], ida["show_to_win"]) == (2, 1, 0.5)  # 1, 3; 7 is void
    assert (ida["handed_off"], ida["void"], ida["won"], ida["rate"]) == (3, 1, 2, 0.6667)  # 1, 3, 5 and 7
    assert ivo["isa"] == "ivo"
    assert ivo["leads"] == 4  # 2, 4, 6, 8
    assert (ivo["appointments"], ivo["no_shows"], ivo["no_show_rate"]) == (3, 1, 0.3333)  # 2, 4, 8
    assert (ivo["shows"], ivo["won_after_show"], ivo["show_to_win"]) == (2, 1, 0.5)  # 4, and 8, which was won so far
    assert (ivo["handed_off"], ivo["void"], ivo["won"], ivo["rate"]) == (2, 0, 0, 0.0)  # 2, 6; 8 only in November


def test_the_figures_of_each_field_agent_are_those_reckoned_by_hand(month: Office) -> None:
    aina, bala = report(month, *OCTOBER)["field_agents"]
    assert (aina["agent"], aina["leads"], aina["handed_off"], aina["void"]) == ("aina", 4, 4, 0)  # 1, 3, 5, 6
    assert (aina["won"], aina["rate"], aina["low"], aina["high"]) == (2, 0.5, 0.15, 0.85)  # 3, 5
    assert (aina["appointments"], aina["no_shows"]) == (2, 0)  # 1, 3: the second of 3 was kept
    assert (aina["shows"], aina["won_after_show"], aina["show_to_win"]) == (2, 1, 0.5)
    assert (bala["agent"], bala["leads"], bala["handed_off"], bala["void"]) == ("bala", 3, 2, 1)  # 2, 5 and 7
    assert (bala["won"], bala["rate"]) == (0, 0.0)  # the win of 5 is the last holder's
    assert (bala["appointments"], bala["no_shows"], bala["no_show_rate"]) == (1, 1, 1.0)  # 2
    assert (bala["shows"], bala["show_to_win"]) == (0, None)


def test_isas_and_field_agents_are_never_mixed(month: Office) -> None:
    found = report(month, "2026-09-01", "2026-11-30")
    assert {entry["isa"] for entry in found["isas"]} == {"ida", "ivo"}
    assert {entry["agent"] for entry in found["field_agents"]} == {"aina", "bala"}


def test_a_hand_off_counts_on_the_day_it_was_and_once(month: Office) -> None:
    (ivo,) = report(month, "2026-11-01", "2026-11-30")["isas"]
    assert (ivo["isa"], ivo["leads"], ivo["appointments"], ivo["handed_off"], ivo["won"]) == ("ivo", 0, 0, 1, 1)
    assert report(month, "2026-12-01", "2026-12-31")["isas"] == []
    (ida,) = report(month, "2026-09-01", "2026-09-30")["isas"]
    assert (ida["isa"], ida["leads"], ida["handed_off"], ida["rate"]) == ("ida", 1, 0, None)


def test_what_is_recorded_late_counts_for_the_day_on_which_it_happened(office: Office) -> None:
    office.load(POLICY)
    office.now = datetime(2026, 10, 30, 12, tzinfo=UTC)
    office.route(intent="seller")
    office.now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    take_step(office.session, "handoff", "1", office.now, at=datetime(2026, 10, 31, 12, tzinfo=UTC))
    (ida,) = report(office, *OCTOBER)["isas"]
    assert (ida["handed_off"], report(office, "2026-11-01", "2026-11-30")["field_agents"]) == (1, [])
