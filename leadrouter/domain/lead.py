"""What is known about a lead: the facts a person gave, as one frozen record.

Only `classify` (and the store, which keeps them) reads these fields; everything behind it works on the
Case. Facts never enter an event: an event carries `commitment(facts, salt)` instead.
"""

from __future__ import annotations

import hashlib
import json
from operator import itemgetter
from typing import NamedTuple

from leadrouter.domain.stored_json import stored_json


class Lead(NamedTuple):
    """The facts of one lead, under the column names of CONTRACT. Absent is None, never "".

    `phone` is E.164 where the library could read it, `email` is casefolded, `cost`, `price`, `lat` and
    `lon` are floats, `tags` and `features` are comma-separated, `received_at` is UTC ISO 8601, `custom`
    is a JSON object (sorted keys) of the columns nobody recognised.
    """

    external_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    source: str | None = None
    campaign: str | None = None
    cost: float | None = None
    intent: str | None = None
    property_type: str | None = None
    price: float | None = None
    postcode: str | None = None
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    language: str | None = None
    timeframe: str | None = None
    quality: str | None = None
    tags: str | None = None
    features: str | None = None
    preferred_channel: str | None = None
    preferred_time: str | None = None
    message: str | None = None
    received_at: str | None = None
    requested_agent: str | None = None
    custom: str | None = None


class Person(NamedTuple):
    """What a person is known again by: the same fields of a lead's facts."""

    external_id: str | None
    name: str | None
    email: str | None
    phone: str | None

    @classmethod
    def of(cls, facts: Lead) -> Person:
        """The person who sent these facts."""
        return cls._make(_PERSON(facts))

    def order(self) -> tuple[str, ...]:
        """By what people are put in order; what is absent comes first."""
        return tuple(value or "" for value in self)


def received(facts: Lead, at: str) -> Lead:
    """The same facts with the moment they came in, where they do not say it themselves."""
    return facts if facts.received_at else Lead._make((*facts[:_RECEIVED], at, *facts[_RECEIVED + 1 :]))


_PERSON = itemgetter(*(Lead._fields.index(field) for field in Person._fields))
_RECEIVED = Lead._fields.index("received_at")

NUMBERS = frozenset({"cost", "price", "lat", "lon"})
"""Fields that hold floats; every other field holds text."""


def custom_of(facts: Lead) -> dict[str, str]:
    """The columns of a lead that nobody recognised, by their names."""
    found: dict[str, str] = json.loads(facts.custom) if facts.custom else {}
    return found


def facts_text(lead: Lead) -> str:
    """The facts as one JSON array: what is hashed, and how an inquiry keeps them."""
    return stored_json(lead)


def digest(lead: Lead) -> bytes:
    """What makes two rows the same row: 16 bytes over the content of all cells (DOMAIN section 3)."""
    return hashlib.sha256(facts_text(lead).encode()).digest()[:16]


def enquiry_digest(lead: Lead) -> bytes:
    """The same for a row whose id numbers the person: what they ask for, without what a CRM notes about them.

    Tags and quality change while nobody asks for anything, and a row that differs is taken for a new enquiry.
    """
    return digest(lead._replace(tags=None, quality=None))


def commitment(text: str, salt: bytes, identity: bytes | None = None) -> bytes:
    """`sha256(salt + identity + text)`: the only trace of a text in the event chain. Forgetting deletes all inputs.

    `identity` is the digest of a lead's row, where it has one.
    """
    return hashlib.sha256(salt + (identity or b"") + text.encode()).digest()


def same_person(known: Person | Lead, other: Person | Lead) -> bool:
    """Same e-mail, or same phone unless both name and e-mail are given and differ (DOMAIN section 3)."""
    if known.email and known.email == other.email:
        return True
    if not known.phone or known.phone != other.phone:
        return False
    names_differ = bool(known.name and other.name) and folded_name(known.name) != folded_name(other.name)
    emails_differ = bool(known.email and other.email) and known.email != other.email
    return not (names_differ and emails_differ)


def folded_name(name: str | None) -> str:
    """A name without what two spellings of it may differ in: capitals and spaces."""
    return " ".join((name or "").casefold().split())
