"""All leads of one person, and none of anybody else's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.lead import Person
from leadrouter.domain.persons import Theirs, Traces, everything_of


def person(
    name: str | None = None, email: str | None = None, phone: str | None = None, number: str | None = None
) -> Person:
    return Person(number, name, email, phone)


def found(start: int, leads: Sequence[Sequence[Person]]) -> Theirs:
    """Whose leads belong to the person of one, among leads numbered from 1."""
    file = dict(enumerate(leads, 1))

    def look(emails: set[str], phones: set[str], numbers: set[str]) -> Traces:
        return {
            lead: traces
            for lead, traces in file.items()
            if any(trace.email in emails or trace.phone in phones or trace.external_id in numbers for trace in traces)
        }

    return everything_of({start: file[start]}, look)


ANN = person("Ann Lee", "ann@example.com", "+601")
BOB = person("Bob Lee", "bob@example.com", "+601")

CASES = [
    pytest.param([[ANN], [person(email="ann@example.com")]], (1, 2), (), id="the same e-mail"),
    pytest.param([[ANN], [person("ann LEE", phone="+601")]], (1, 2), (), id="the same phone and name"),
    pytest.param([[ANN], [BOB]], (1,), (), id="a couple with one phone are two"),
    pytest.param([[ANN], [person(phone="+601")]], (1, 2), (), id="the phone alone, when nobody else has it"),
    pytest.param([[ANN], [BOB], [person(phone="+601")]], (1,), (3,), id="the phone alone, of one of a couple"),
    pytest.param(
        [[ANN], [person("Ann Lee", "a.lee@example.com", "+601")], [person(email="a.lee@example.com", phone="+602")]],
        (1, 2, 3), (), id="followed from phone to e-mail",
    ),
    pytest.param([[ANN, person(email="ann2@example.com")], [person(email="ann2@example.com")]], (1, 2), (),
                 id="by an e-mail that came with an inquiry"),
    pytest.param([[person(number="C-1", email="a@x.com")], [person(number="C-1", email="b@x.com")]], (1, 2), (),
                 id="by an id that numbers persons"),
    pytest.param([[person("Ann Lee", "a@example.com")], [person("Ann Lee", "b@example.com")]], (1,), (),
                 id="the same name is nothing"),
    pytest.param([[person(phone="+601")], [ANN], [BOB]], (1,), (2, 3), id="a phone alone, of a couple: no guess"),
    pytest.param([[ANN], [BOB], [person("Ann Lee", None, "+601"), person(email="ann@example.com")]], (1, 3), (),
                 id="what is certain by an e-mail is not doubted for a phone"),
]  # fmt: skip


@pytest.mark.parametrize(("leads", "theirs", "doubtful"), CASES)
def test_a_persons_leads(leads: list[list[Person]], theirs: tuple[int, ...], doubtful: tuple[int, ...]) -> None:
    assert found(1, leads) == (theirs, doubtful)


people = st.builds(
    person,
    name=st.sampled_from([None, "Ann", "Bob"]),
    email=st.sampled_from([None, "a@x", "b@x", "c@x"]),
    phone=st.sampled_from([None, "+1", "+2"]),
)


@given(leads=st.lists(st.lists(people, min_size=1, max_size=2), min_size=1, max_size=6))
def test_whoever_shares_an_e_mail_goes_along_and_no_lead_is_both_theirs_and_doubtful(leads: list[list[Person]]) -> None:
    theirs, doubtful = found(1, leads)
    assert 1 in theirs
    assert set(theirs).isdisjoint(doubtful)
    emails = {trace.email for lead in theirs for trace in leads[lead - 1]} - {None}
    assert all(lead in theirs for lead, traces in enumerate(leads, 1) if any(trace.email in emails for trace in traces))


@given(leads=st.lists(st.lists(people, min_size=1, max_size=2), min_size=1, max_size=6), order=st.randoms())
def test_the_order_of_the_leads_decides_nothing(leads: list[list[Person]], order: object) -> None:
    shuffled = list(range(1, len(leads)))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    places = [0, *shuffled]
    again = found(1, [leads[place] for place in places])
    assert {places[lead - 1] + 1 for lead in again.leads} == set(found(1, leads).leads)
