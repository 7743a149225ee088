"""Policies that follow one another: what a rotation owes from earlier, and what it must not owe."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from leadrouter.domain.apply import rounds_in
from leadrouter.domain.decision import LineUp, Seat, shares_of
from leadrouter.domain.events import Event
from leadrouter.errors import WrongUsage
from leadrouter.reports.monthly import monthly_report
from leadrouter.usecases.roster import correct_credit

from .office import MONDAY_NOON, Office

TEAM = "team: {capacity: 1000}\nagents: [a, b, c]\n"
BY_TURNS = TEAM + "rules: [{name: everyone, to: all}]\n"


def policy(*rules: str) -> str:
    return TEAM + "rules:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)


def deal(office: Office, count: int, **values: str) -> None:
    """So many leads; all agents but c close theirs at once, so that c has less room."""
    for _ in range(count):
        lead = office.route(**values).state
        if lead.agent != "c":
            office.step("contact", lead.lead)
            office.step("won", lead.lead)
        office.later(minutes=10)


@pytest.mark.parametrize("strategy", ["least_busy", "random"])
@pytest.mark.parametrize("name", ["everyone", "another"])
def test_what_another_strategy_dealt_is_no_debt_when_turns_begin(strategy: str, name: str, office: Office) -> None:
    office.load(policy(f"name: {name}, to: all, strategy: {strategy}"))
    deal(office, 60)
    office.load(BY_TURNS)
    taken = office.agents(30)
    assert all(set(taken[start : start + 3]) == {"a", "b", "c"} for start in range(0, 30, 3))
    report = monthly_report(office.connection, office.policy, "2026-10", office.now)
    assert report["largest_deviation"] <= 1


@pytest.mark.parametrize("strategy", ["least_busy", "random"])
def test_what_another_strategy_deals_does_not_weigh_on_turns_beside_it(strategy: str, office: Office) -> None:
    office.load(policy(f"name: other, when: {{source: s}}, strategy: {strategy}", "name: everyone, to: all"))
    taken: Counter[str] = Counter()
    for _ in range(40):
        deal(office, 3, source="s")
        taken.update(office.agents(1))
    assert max(taken.values()) - min(taken.values()) == 1


def test_credit_is_given_only_where_turns_are_dealt(office: Office) -> None:
    office.load(policy("name: everyone, to: all, strategy: random"))
    with pytest.raises(WrongUsage, match="random"):
        correct_credit(office.session, "a", Fraction(1), "everyone", None, office.now)


@pytest.mark.parametrize(("engine", "owed"), [(2, True), (3, False)])
def test_turns_of_the_lot_recorded_by_earlier_programs_stay_what_they_were(engine: int, owed: bool) -> None:
    seats = (Seat("a", 2520, None), Seat("b", 2520, None))
    lineup = LineUp("everyone", "everyone", "random", seats, (), (), (), shares_of(seats))
    data = {"reason": "drawn", "quality": "warm", "panel": 5}
    event = Event(6, MONDAY_NOON, "assigned", 1, "a", "tester", 1, data, None, engine)
    [(entry, turns)] = rounds_in(event, {5: lineup})
    assert (entry.by_credit, turns) == (owed, 1)


SOME = "name: {}, when: {{source: s}}"


def test_a_rotation_that_goes_on_under_a_name_used_before_keeps_both_accounts(office: Office) -> None:
    office.load(policy(SOME.format("x"), "name: everyone, to: all"))
    correct_credit(office.session, "c", Fraction(2), "x", None, office.now)
    office.load(BY_TURNS)
    office.load(policy(SOME.format("y"), "name: everyone, to: all"))
    taken = office.agents(1, source="s")
    office.load(policy(SOME.format("x"), "name: everyone, to: all"))
    taken += office.agents(8, source="s")
    assert Counter(taken) == {"c": 5, "a": 2, "b": 2}


def test_a_new_rule_of_an_old_name_has_a_rotation_of_its_own(office: Office) -> None:
    office.load(policy(SOME.format("x"), "name: everyone, to: all"))
    office.agents(1, source="s")
    office.load(policy(SOME.format("z"), "name: everyone, to: all"))
    office.load(policy("name: x, when: {source: t}", SOME.format("z"), "name: everyone, to: all"))
    office.agents(4, source="t")
    received = dict(office.connection.execute("SELECT rotation, sum(received) FROM rotations GROUP BY rotation"))
    assert received == {"x": 4, "z": 1}
