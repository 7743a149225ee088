"""Past leads and outcomes in bulk: they enter with owner and end, in any order of file, once, and are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.domain.history import Outcome, PastLead
from leadrouter.domain.lead import Lead
from leadrouter.errors import Refused
from leadrouter.reports.monthly import monthly_report
from leadrouter.reports.monthly_page import monthly_page
from leadrouter.usecases.batch import Imported, import_past
from leadrouter.usecases.outcomes import record
from leadrouter.usecases.past import keep_past
from tests.factories import make_agent, make_policy
from tests.usecases.house import House


def day(number: int) -> datetime:
    return datetime(2025, 6, number, tzinfo=UTC)


def past(number: int, agent: str | None = "a01", state: str | None = None, **more: Any) -> PastLead:
    facts = Lead(
        external_id=f"L-{number}", email=f"p{number}@example.com", source="portal", received_at="2025-06-01T00:00:00Z"
    )
    return PastLead(facts, agent, state, **more)


def keep(house: House, *rows: PastLead) -> list[str]:
    return [kept.reason or kept.what for kept in keep_past(house.session, rows, house.now)]


def tell(house: House, *rows: Outcome) -> list[str]:
    return [recorded.reason or recorded.what for recorded in record(house.session, rows, house.now)]


def test_what_was_closed_on_a_day_nobody_has_told_is_counted_as_such_until_somebody_tells_it() -> None:
    """Such leads are in no month's closings; the month they came in says how many there are."""
    house = House()
    done, rows = (
        Imported(),
        [past(1, state="won"), past(2, state="won"), past(3, state="lost", closed_at=day(9)), past(4)],
    )
    import_past(
        house.session, [((), row) for row in rows], house.now, lambda done: None, done, lambda row, reason: None
    )
    assert (done.new, done.undated) == (4, 2)

    def june() -> dict[str, Any]:
        return monthly_report(house.connection, house.session.policy.policy, "2025-06", house.now)

    def page() -> str:
        return " ".join(monthly_page(june(), house.session.policy.policy).verdict)

    assert (june()["closed"]["won"], june()["closed_undated"]) == (0, {"won": 2, "lost": 0, "void": 0})
    assert "on a day nobody has told: 2 won" in page()
    assert tell(house, Outcome("L-1", "won", day(12)), Outcome("L-2", "won", day(13))) == ["new", "new"]
    assert (june()["closed"]["won"], june()["closed_undated"]["won"]) == (2, 0)
    assert "nobody has told" not in page()
    assert house.problems() == []


def test_past_leads_enter_as_they_were_and_nobody_gets_a_turn() -> None:
    house = House()
    assert (
        keep(
            house,
            past(1, state="won", contacted_at=day(3), closed_at=day(9), value=5e5),
            past(2, state="lost"),
            past(3),
            past(4, None, "won", closed_at=day(5)),
            past(5, None, "contacted", contacted_at=day(2)),
        )
        == ["new"] * 5
    )
    won = house.lead(1)
    assert (won.state, won.agent, won.contacted_at, won.closed_at, won.value) == ("won", "a01", day(3), day(9), 5e5)
    assert [house.lead(number).state for number in range(2, 6)] == ["lost", "assigned", "won", "pooled"]
    assert (house.lead(4).agent, house.lead(2).closed_at) == (None, None)
    assert house.kinds()["assigned"] == 0
    assert house.credits() == {}
    assert house.agent("a01").open == 1
    assert house.problems() == []


def test_keeping_them_again_changes_nothing() -> None:
    house = House()
    rows = [past(1, state="won"), past(2), PastLead(Lead(email="x@example.com"), "a02")]
    assert keep(house, *rows) == ["new"] * 3
    assert keep(house, *rows, *rows) == ["unchanged"] * 6


@pytest.mark.parametrize(
    ("row", "state"),
    [
        pytest.param(past(1, closed_at=day(9), value=1.0), "won", id="closed with a value"),
        pytest.param(past(1, closed_at=day(9)), "lost", id="closed without one"),
        pytest.param(past(1, appointment_at=day(4)), "appointment", id="an appointment"),
        pytest.param(past(1, contacted_at=day(4)), "contacted", id="contacted"),
        pytest.param(past(1), "assigned", id="nothing known"),
    ],
)
def test_without_a_state_the_moments_tell_it(row: PastLead, state: str) -> None:
    house = House()
    keep(house, row)
    assert house.lead(1).state == state


NAMESAKES = make_policy(
    [make_agent("a01", name="Layla"), make_agent("a02", name="Layla"), make_agent("bala", name="Bala K")]
)


@pytest.mark.parametrize(
    ("owner", "became"),
    [
        ("bala", "new"),
        ("BALA K", "new"),
        ("Layla", "2 agents have the owner's name; write the id: a01, a02"),
        ("balla", "the owner is no agent on the roster; nearest: bala"),
        ("Zoe", "the owner is no agent on the roster; add them to the agents, with `left` if they have gone"),
    ],
)
def test_an_owner_is_known_by_id_or_by_a_name_that_only_one_has(owner: str, became: str) -> None:
    house = House(NAMESAKES)
    assert keep(house, past(1, owner), past(2, "a01")) == [became, "new"]


@pytest.mark.parametrize("moment", ["contacted_at", "appointment_at", "closed_at"])
def test_a_moment_to_come_is_no_past(moment: str) -> None:
    house = House()
    later = house.now.replace(year=house.now.year + 1)
    row = PastLead(**(past(1)._asdict() | {moment: later}))
    assert keep(house, row) == [f"{moment} is in the future"]


def test_a_person_known_from_the_past_goes_back_to_their_agent() -> None:
    house = House()
    keep(house, past(1, "a03", "won"))
    [taken] = house.receive(Lead(email="p1@example.com", message="another one"))
    assert (taken.what, taken.state.agent, taken.state.reason) == ("new", "a03", "relationship")


# --- outcomes -------------------------------------------------------------------------------------------------

STORY = [
    Outcome("L-1", "contact", day(3), "a01"),
    Outcome("L-1", "appointment", day(6), "a01"),
    Outcome("L-1", "won", day(20), "a01", 5e5),
    Outcome("L-2", "contact", day(2)),
    Outcome("L-2", "lost", reason="went cold"),
    Outcome("L-3", "void", day(4)),
    Outcome("L-4", "won", day(9), None, 7e5),
    Outcome("L-1", "rate", day(25), None, 5),
]
STATES = {"known before": ("won", "lost", "void", "won"), "not known before": (None, None, None, None)}


def told(states: tuple[str | None, ...], rows: list[Outcome]) -> House:
    house = House()
    keep(house, *[past(number, "a01" if number < 4 else None, state) for number, state in enumerate(states, 1)])
    assert tell(house, *rows) == ["new"] * len(rows)
    return house


@pytest.mark.parametrize("states", STATES.values(), ids=STATES)
def test_outcomes_of_past_leads_are_taken_whatever_was_known_of_their_end(states: tuple[str | None, ...]) -> None:
    house = told(states, STORY)
    won, lost, void, nobodys = (house.lead(number) for number in range(1, 5))
    assert (won.state, won.contacted_at, won.closed_at, won.value) == ("won", day(3), day(20), 5e5)
    assert (lost.state, lost.contacted_at, lost.closed_at) == ("lost", day(2), None)
    assert (void.state, void.closed_at) == ("void", day(4))
    assert (nobodys.state, nobodys.agent, nobodys.value) == ("won", None, 7e5)
    assert house.agent("a01").open == 0
    assert tell(house, *STORY) == ["unchanged"] * len(STORY)
    assert house.problems() == []


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.sampled_from(list(STATES.values())))
def test_the_order_of_the_file_does_not_matter(chance: Random, states: tuple[str | None, ...]) -> None:
    rows = STORY.copy()
    chance.shuffle(rows)
    house, straight = told(states, rows), told(states, STORY)
    for number in range(1, 5):
        found, expected = house.lead(number), straight.lead(number)
        found.attempts = expected.attempts  # an appointment that is told first is an attempt of its own
        assert found == expected
    assert house.problems() == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Outcome("L-9", "won", day(9)), "no lead L-9"),
        (Outcome("L-1", "won", day(9), "a02"), "lead L-1 is with A01, not with A02"),
        (Outcome("L-1", "won", day(9), "Zoe"), "the owner is no agent on the roster"),
        (Outcome("L-1", "rate", day(9), None, 4.5), "a rating is a whole number from 1 to 5"),
        (Outcome("L-1", "contact"), "lead L-1 is a past one: say when this was"),
        (Outcome("L-2", "lost", day(9)), "lost needs a lead that is not closed; lead L-2 is won"),
        (Outcome("L-2", "won", day(10), None, 9e5), "won needs a lead that an agent holds; lead L-2 is won"),
        (Outcome("L-1", "won", datetime(2999, 1, 1, tzinfo=UTC)), "is still to come: now is"),
    ],
)
def test_what_cannot_have_been_is_rejected_with_its_reason_and_the_rest_goes_on(row: Outcome, reason: str) -> None:
    house = House()
    keep(house, past(1), past(2, state="won", closed_at=day(9), value=1e5))
    became, rest = tell(house, row, Outcome("L-1", "contact", day(5)))
    assert reason in became
    assert rest == "new"
    assert house.problems() == []


def test_an_end_that_is_known_with_its_date_is_unchanged() -> None:
    house = House()
    keep(house, past(1, state="won", closed_at=day(9), value=1e5))
    assert tell(house, Outcome("L-1", "won", day(9), "a01", 1e5), Outcome("L-1", "won", day(9))) == ["unchanged"] * 2


def test_leads_that_were_routed_here_take_outcomes_as_steps_by_hand_do() -> None:
    house = House()
    lead = house.route(external_id="N-1")
    house.wait(hours=1)
    rows = [Outcome("N-1", "contact", house.now, lead.agent), Outcome("N-1", "won", house.now, lead.agent, 3e5)]
    assert tell(house, *rows) == ["new", "new"]
    assert tell(house, *rows) == ["unchanged", "unchanged"]
    assert "lead N-1 is won" in tell(house, Outcome("N-1", "contact", house.now))[0]
    assert house.agent(str(lead.agent)).contacts == (3600,)
    assert house.problems() == []


# --- in the monthly report ------------------------------------------------------------------------------------


def test_past_leads_count_in_their_month_for_conversion_but_promised_nothing() -> None:
    house = House()
    keep(
        house,
        past(1, "a01", "won", contacted_at=day(3), closed_at=datetime(2025, 7, 2, tzinfo=UTC), value=5e5),
        past(2, "a01", "lost"),
        past(3, "a02"),
        past(4, None, "won"),
        past(5, "a02", "void"),
    )
    june = monthly_report(house.connection, house.session.policy.policy, "2025-06", house.now)
    assert june["received"] == 5
    rates = {entry["name"]: (entry["leads"], entry["won"]) for entry in june["conversion"]["agent"]}
    assert rates == {"a01": (2, 1), "a02": (1, 0)}
    assert [(entry["name"], entry["leads"], entry["won"]) for entry in june["conversion"]["method"]] == [
        ("before leadrouter", 4, 2)
    ]
    [response] = june["response"]
    assert (response["agent"], response["leads"], response["contacted_in_sla"]) == ("a01", 0, None)
    assert (response["median_minutes"], response["receipt_to_contact_minutes"]) == (None, 2 * 24 * 60)
    assert (june["distribution"], june["triggers"]) == ([], [])
    july = monthly_report(house.connection, house.session.policy.policy, "2025-07", house.now)
    assert (july["received"], july["closed"]["won"], july["closed"]["value"]) == (0, 1, 5e5)


def test_a_past_lead_that_was_moved_by_hand_is_a_lead_like_any_other() -> None:
    house = House()
    keep(house, past(1, state="assigned"))
    moved = house.wait(days=1)
    house.step("transfer", 1, to="a02")
    house.wait(days=1)
    with pytest.raises(Refused):
        house.contact(1, at=moved - timedelta(hours=1))
    with pytest.raises(Refused):
        house.step("won", 1, moved - timedelta(hours=1))
    house.contact(1)
    house.step("won", 1)
    assert (house.lead(1).assigned_at, house.lead(1).reason) == (moved, "transferred")
    with pytest.raises(Refused):
        house.contact(1, at=house.now - timedelta(hours=1))
    assert house.problems() == []
