"""Who is who: when two rows are one row, and when two people are one person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.lead import NUMBERS, Lead, commitment, digest, facts_text, same_person

LENA = Lead(name="Lena Vogt", email="lena@example.com", phone="+49301234567")
values = {
    field: st.none() | (st.floats(allow_nan=False) if field in NUMBERS else st.text(max_size=8))
    for field in Lead._fields
}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(Lead(email="lena@example.com"), True, id="the same e-mail"),
        pytest.param(Lead(email="lena@example.com", name="Otto", phone="+4940"), True, id="e-mail, all else differs"),
        pytest.param(Lead(phone="+49301234567"), True, id="the same phone and nothing else"),
        pytest.param(Lead(phone="+49301234567", name="Otto Kern"), True, id="phone, only the name differs"),
        pytest.param(Lead(phone="+49301234567", email="o@example.com"), True, id="phone, only the e-mail differs"),
        pytest.param(
            Lead(phone="+49301234567", email="o@example.com", name="Otto Kern"), False, id="phone, the others differ"
        ),
        pytest.param(
            Lead(phone="+49301234567", email="o@example.com", name="  LENA  vogt "), True,
            id="phone, the name written otherwise",
        ),
        pytest.param(Lead(phone="+4940", name="Lena Vogt"), False, id="the same name alone"),
        pytest.param(Lead(), False, id="nothing"),
    ],
)  # fmt: skip
def test_a_person_is_known_by_e_mail_or_phone(other: Lead, same: bool) -> None:
    assert same_person(LENA, other) is same
    assert same_person(other, LENA) is same


def test_nobody_is_known_by_an_absent_e_mail_or_phone() -> None:
    assert not same_person(Lead(name="Lena"), Lead(name="Lena"))
    assert not same_person(Lead(email="", phone=""), Lead(email="", phone=""))


@given(st.builds(Lead, **values), st.builds(Lead, **values))
def test_being_the_same_person_holds_both_ways(one: Lead, other: Lead) -> None:
    assert same_person(one, other) == same_person(other, one)


@given(st.builds(Lead, **values), st.builds(Lead, **values))
def test_two_rows_are_the_same_row_only_if_every_cell_is_the_same(one: Lead, other: Lead) -> None:
    assert (digest(one) == digest(other)) == (repr(one) == repr(other))
    assert digest(one) == digest(Lead(*one))


@pytest.mark.parametrize("field", Lead._fields)
def test_every_cell_counts(field: str) -> None:
    value: Any = 1.5 if field in NUMBERS else "other"
    changed = LENA._replace(**{field: value})
    assert digest(changed) != digest(LENA)
    assert commitment(facts_text(changed), b"salt") != commitment(facts_text(LENA), b"salt")


def test_a_commitment_depends_on_its_salt() -> None:
    assert commitment(facts_text(LENA), b"one") != commitment(facts_text(LENA), b"two")


@given(st.builds(Lead, **values))
def test_the_facts_can_be_read_back_from_their_text(lead: Lead) -> None:
    assert Lead(*json.loads(facts_text(lead))) == lead
