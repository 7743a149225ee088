"""What erasing a person means for words: what stays of a lead, where else somebody is spoken of, and the salted hashes
by which a forgotten person is known again without being known.

Pure. Whose leads are a person's is in `persons`; what is deleted where, in `store.erasing`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import NamedTuple

from leadrouter.domain.geography import kilometres, territories_of
from leadrouter.domain.lead import Lead, Person, custom_of, folded_name, same_person
from leadrouter.domain.matching import folded, postcode_in
from leadrouter.domain.policy import Territory

# --- the list of those who are not to be recorded again -------------------------------------------------------------

_FURTHER = re.compile(r"(email|phone)(_2)+")
"""The custom fields in which `intake` keeps further addresses and numbers of a cell."""


def forms(facts: Lead) -> list[Person]:
    """How a person may come again: by what they gave first, and by each further e-mail and phone."""
    person = Person.of(facts)
    found = [person]
    for key, value in custom_of(facts).items():
        if (hit := _FURTHER.fullmatch(key)) and isinstance(value, str):
            one = person._replace(external_id=None)
            found.append(one._replace(email=value) if hit[1] == "email" else one._replace(phone=value))
    return found


def disguised(person: Person, salt: bytes) -> Person:
    """Salted hashes in place of what tells a person: they compare as the words do, and are none.

    A name counts beside a phone alone, so its hash is of both: a list of names tells nothing of it.
    """

    def hidden(field: str, value: str | None) -> str | None:
        return hashlib.sha256(salt + f"{field}:{value}".encode()).hexdigest() if value else None

    name = f"{person.phone}/{folded_name(person.name)}" if person.phone and person.name else None
    return Person(
        hidden("external_id", person.external_id),
        hidden("name", name),
        hidden("email", person.email),
        hidden("phone", person.phone),
    )


def surely(listed: Person, coming: Person) -> bool:
    """Whether somebody who comes is the one on the list by e-mail or id: a phone alone may be another's."""
    same_id = bool(coming.external_id) and coming.external_id == listed.external_id
    return same_id or (bool(coming.email) and coming.email == listed.email)


def probably(listed: Person, coming: Person) -> bool:
    """The same, or by phone as persons are known again."""
    return surely(listed, coming) or same_person(listed, coming)


def list_text(people: Iterable[Person], salt: bytes) -> str:
    """What an event commits to of the list: its entries, and the salt without which they match nobody."""
    return json.dumps([salt.hex(), *sorted(people, key=Person.order)])


# --- where else a person is spoken of -------------------------------------------------------------------------------


class Words(NamedTuple):
    """What tells in a text that it speaks of a person: e-mails, the ends of phone numbers, full names (of two words and
    more: one alone may be anybody's).
    """

    emails: frozenset[str]
    phones: frozenset[str]
    names: tuple[re.Pattern[str], ...]


PHONE_END = 9
"""Digits at the end of a phone by which it is found whatever stands before them: +60 12 or 012."""

_NUMBER = re.compile(r"\d[\d\s().\-/]{4,}\d")


def words_of(people: Iterable[Person]) -> Words:
    """What to look for."""
    seen = list(people)
    names = {name for person in seen if " " in (name := folded_name(person.name))}
    return Words(
        frozenset(person.email.casefold() for person in seen if person.email),
        frozenset(_digits(person.phone)[-PHONE_END:] for person in seen if person.phone),
        tuple(re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in sorted(names)),
    )


def speaks_of(text: str, words: Words) -> bool:
    """Whether a text names the person by e-mail, phone or full name."""
    plain = folded_name(text)
    if any(email in plain for email in words.emails) or any(name.search(plain) for name in words.names):
        return True
    return any(_digits(number).endswith(end) for number in _NUMBER.findall(text) for end in words.phones)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


# --- what stays -----------------------------------------------------------------------------------------------------


def what_stays(facts: Lead, territories: tuple[Territory, ...], words: Words) -> Lead:
    """What reports count an erased lead by: where it came from, what it cost, when, in which territories.

    No word of the person: a source that names them goes too, and of the place only words of the policy stay.
    """
    source = None if facts.source and speaks_of(facts.source, words) else facts.source
    return _coarse(facts, territories)._replace(source=source, cost=facts.cost, received_at=facts.received_at)


def _coarse(facts: Lead, territories: tuple[Territory, ...]) -> Lead:
    """A place in the same territories, made of what the policy says: an area, the beginning of a pattern of postcodes,
    the middle of a circle. Nowhere, where three and more circles overlap and no such place lies in all of them.
    """
    there = territories_of(facts, territories)
    if not there:
        return Lead()
    named = facts.area and any(folded(facts.area) in territory.areas for territory in territories)
    patterns = [pattern for territory in territories for pattern in territory.postcodes]
    codes = [pattern[1] for pattern in patterns if facts.postcode and postcode_in(facts.postcode, (pattern,))]
    tried = product(
        (None, *codes),
        (None, folded(facts.area or "")) if named else (None,),
        ((None, None), *_middles(facts, territories)),
    )
    places = (Lead(postcode=code, area=area, lat=lat, lon=lon) for code, area, (lat, lon) in tried)
    return next((place for place in places if territories_of(place, territories) == there), Lead())


def _middles(facts: Lead, territories: tuple[Territory, ...]) -> Iterator[tuple[float, float]]:
    """The middles of the circles it lies in, and of what two of them have in common."""
    if facts.lat is None or facts.lon is None:
        return
    there = (facts.lat, facts.lon)
    circles = [
        entry.circle for entry in territories if entry.circle and kilometres(there, entry.circle[:2]) <= entry.circle[2]
    ]
    yield from ((lat, lon) for lat, lon, _ in circles)
    for (lat, lon, km), (other_lat, other_lon, other_km) in combinations(circles, 2):
        part = km / (km + other_km)
        yield lat + part * (other_lat - lat), lon + part * (other_lon - lon)
