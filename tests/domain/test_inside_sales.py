"""One lead's way through inside sales, told by its events: who arranged, who handed off, who made what of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.events import Event
from leadrouter.domain.inside_sales import Result, Way, results, way
from tests.factories import START

LATER = START + timedelta(days=30)
QUALIFYING = {"state": "qualifying"}

Told = tuple[str, "str | None", dict[str, Any]]
"""Kind, agent and data of an event."""


def history(*told: Told) -> list[Event]:
    """These events of one lead, a minute apart."""
    return [
        Event(number, START + timedelta(minutes=number), kind, 1, agent, "tester", 1, data)
        for number, (kind, agent, data) in enumerate(told, start=1)
    ]


def came(agent: str) -> Told:
    return ("qualifying", agent, {})


def step(kind: str, agent: str | None = None, **data: Any) -> Told:
    return (kind, agent, data)


def reckoned(*told: Told) -> tuple[dict[str, Result], dict[str, Result]]:
    return results([way(history(*told))], START, LATER)


def test_an_isa_who_loses_the_lead_has_handed_nothing_off() -> None:
    isas, agents = reckoned(came("ida"), step("reclaimed", "ida"), step("assigned", "aina"), step("won", "aina"))
    assert isas == {"ida": Result(leads=1)}
    assert agents == {}


def test_an_appointment_counts_for_who_arranged_it_and_not_for_the_field_agent() -> None:
    isas, agents = reckoned(
        came("ida"), step("handed_off", "ida"), step("assigned", "aina"), step("appointment", "aina"),
        step("no_show", "aina"),
    )  # fmt: skip
    assert isas == {"ida": Result(leads=1, handed_off=1)}
    assert agents == {"aina": Result(leads=1, handed_off=1)}


def test_a_lead_handed_off_twice_is_won_for_the_last_isa_and_the_last_agent() -> None:
    isas, agents = reckoned(
        came("ida"), step("handed_off", "ida"), step("assigned", "aina"),
        step("transferred", "ivo", **QUALIFYING), step("handed_off", "ivo"), step("assigned", "bala"),
        step("won", "bala"),
    )  # fmt: skip
    assert isas == {"ida": Result(leads=1, handed_off=1), "ivo": Result(leads=1, handed_off=1, won=1)}
    assert agents == {"aina": Result(leads=1, handed_off=1), "bala": Result(leads=1, handed_off=1, won=1)}


def test_a_lead_that_a_person_took_from_the_isa_was_not_handed_off() -> None:
    isas, agents = reckoned(came("ida"), step("transferred", "aina"), step("won", "aina"))
    assert (isas, agents) == ({"ida": Result(leads=1)}, {})


def test_who_is_reopened_has_won_nothing() -> None:
    isas, agents = reckoned(
        came("ida"), step("handed_off", "ida"), step("assigned", "aina"), step("won", "aina"),
        step("reopened", "aina", state="assigned"), step("voided", "aina"),
    )  # fmt: skip
    assert isas == {"ida": Result(leads=1, void=1)}
    assert agents == {"aina": Result(leads=1, void=1)}


KINDS = st.sampled_from(
    ["qualifying", "appointment", "no_show", "handed_off", "incubated", "assigned", "reclaimed", "won", "voided"]
)


@given(st.lists(st.lists(st.tuples(KINDS, st.sampled_from(["ida", "ivo", "aina", "bala"])), max_size=12), max_size=5))
def test_parts_are_never_more_than_the_whole(told: list[list[tuple[str, str]]]) -> None:
    ways: list[Way] = [way(history(*[(kind, agent, {}) for kind, agent in events])) for events in told]
    isas, agents = results(ways, START, LATER)
    for result in (*isas.values(), *agents.values()):
        assert result.no_shows <= result.appointments
        assert result.won_after_show <= result.shows <= len(told)
        assert result.won <= result.handed_off <= len(told)
    assert sum(result.won for result in isas.values()) <= len(told)
    assert sum(result.won for result in agents.values()) <= len(told)
