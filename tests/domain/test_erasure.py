"""What stays of an erased lead, where somebody is spoken of, and hashes that compare as the words did."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.erasure import disguised, forms, speaks_of, what_stays, words_of
from leadrouter.domain.geography import territories_of
from leadrouter.domain.lead import Lead, Person, same_person
from leadrouter.domain.policy import Territory

KIM = Person(None, "Kim Tan", "kim@example.com", "+60127310099")
WORDS = words_of([KIM])

SPOKEN = [
    pytest.param("wife is KIM  tan, call her", True, id="the name in other capitals and spaces"),
    pytest.param("write to Kim@Example.com", True, id="the e-mail"),
    pytest.param("012-731 0099 after six", True, id="the phone as it is dialled at home"),
    pytest.param("+60 12 7310099", True, id="the phone from abroad"),
    pytest.param("Kim Tanaka called", False, id="a longer name"),
    pytest.param("Kim called", False, id="one word of a name may be anybody's"),
    pytest.param("012-731 0098", False, id="another phone"),
    pytest.param("between 731,009 and 900,000", False, id="a price"),
]


@pytest.mark.parametrize(("text", "named"), SPOKEN)
def test_who_is_spoken_of(text: str, named: bool) -> None:
    assert speaks_of(text, WORDS) == named


people = st.builds(
    Person,
    external_id=st.sampled_from([None, "1", "2"]),
    name=st.sampled_from([None, "Ann Lee", "ann  LEE", "Bob"]),
    email=st.sampled_from([None, "a@x", "b@x"]),
    phone=st.sampled_from([None, "+1", "+2"]),
)


@given(one=people, other=people, salt=st.binary(min_size=16, max_size=16))
def test_hashes_compare_as_the_words_do(one: Person, other: Person, salt: bytes) -> None:
    assert same_person(disguised(one, salt), disguised(other, salt)) == same_person(one, other)


@given(one=people)
def test_another_salt_gives_other_hashes_and_none_is_a_word(one: Person) -> None:
    first, second = disguised(one, bytes(16)), disguised(one, b"1" * 16)
    for word, here, there in zip(one, first, second, strict=True):
        assert here is None or (here != there and len(here) == 64 and word not in (here, there))


def test_further_addresses_and_numbers_of_a_cell_are_forms_too() -> None:
    facts = Lead(
        name="Kim Tan", email="kim@example.com", custom='{"email_2": "k@x.com", "phone_2_2": "+65", "pet": "cat"}'
    )
    assert [(form.email, form.phone) for form in forms(facts)] == [
        ("kim@example.com", None), ("k@x.com", None), ("kim@example.com", "+65"),
    ]  # fmt: skip


# --- what stays -----------------------------------------------------------------------------------------------

MAP = (
    Territory("west", postcodes=(("prefix", "501"), ("is", "60000"))),
    Territory("inner", postcodes=(("range", "50100", "50149"),), areas=("bangsar",)),
    Territory("harbour", circle=(3.0, 101.4, 5.0)),
    Territory("port", circle=(3.05, 101.4, 5.0)),
)
places = st.builds(
    lambda postcode, area, lat, lon: Lead(postcode=postcode, area=area, lat=lat, lon=lon),
    postcode=st.sampled_from([None, "50111", "50199", "60000", "99999", "501"]),
    area=st.sampled_from([None, "Bangsar", "Elsewhere"]),
    lat=st.sampled_from([None, 3.001, 3.03, 3.052, 9.0]),
    lon=st.sampled_from([None, 101.4001, 101.4]),
)


@given(facts=places)
def test_an_erased_lead_counts_in_the_same_territories_by_words_of_the_policy_alone(facts: Lead) -> None:
    stays = what_stays(facts, MAP, WORDS)
    assert territories_of(stays, MAP) == territories_of(facts, MAP)
    assert stays.postcode in (None, "501", "60000", "50100")
    assert stays.area in (None, "bangsar")
    assert stays.lat is None or stays.lat != facts.lat


def test_source_cost_and_moment_stay_and_nothing_else() -> None:
    said: dict[str, Any] = dict.fromkeys(Lead._fields, "x")
    facts = Lead(**said | {"cost": 12.5, "price": 1.0, "lat": 1.0, "lon": 1.0, "custom": '{"a": "b"}'})
    assert what_stays(facts, (), WORDS) == Lead(source="x", cost=12.5, received_at="x")


def test_a_source_that_names_the_person_goes() -> None:
    assert what_stays(Lead(source="referral by Kim Tan"), (), WORDS).source is None
