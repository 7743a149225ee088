"""The table of known headers: complete, without contradiction, and forgiving about spelling."""

from __future__ import annotations

from collections import Counter

import pytest

from leadrouter.domain.preset import OWNER, PAST_FIELDS
from leadrouter.intake.aliases import (
    ALIASES,
    OUTCOME_ALIASES,
    PAST_ALIASES,
    folded,
    meaning,
    outcome_meaning,
)
from leadrouter.intake.values import FIELDS


def test_every_field_has_its_line_and_nothing_else_has() -> None:
    assert set(ALIASES) == {*FIELDS, OWNER}


@pytest.mark.parametrize(
    "table", [ALIASES, {**ALIASES, **PAST_ALIASES}, OUTCOME_ALIASES], ids=["leads", "past leads", "outcomes"]
)
def test_no_word_means_two_things(table: dict[str, str]) -> None:
    words = [folded(word) for field, aliases in table.items() for word in (field, *aliases.split(","))]
    assert [word for word, times in Counter(words).items() if times > 1] == []


def test_what_became_of_a_lead_is_known_with_history_alone() -> None:
    assert set(PAST_ALIASES) == set(PAST_FIELDS)
    for header, field in {"Lead_Status": "state", "Site_Visit_Date": "appointment_at", "Lost Reason": "reason"}.items():
        known = meaning(header, history=True)
        assert known is not None
        assert known.field == field
        assert meaning(header) is None


@pytest.mark.parametrize(
    ("header", "field"),
    [("Lead_ID", "external_id"), ("lead", "external_id"), ("Outcome", "what"), ("Sale_Value_AED", "value")],
)
def test_columns_of_outcomes_have_words_of_their_own(header: str, field: str) -> None:
    known = outcome_meaning(header)
    assert known is not None
    assert known.field == field


@pytest.mark.parametrize("field", [*FIELDS, OWNER])
def test_a_field_answers_to_its_own_name_first(field: str) -> None:
    assert meaning(field) == (field, 0)
    assert meaning(field.upper().replace("_", " ")) == (field, 0)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Lead_ID", "external_id"),
        ("Record ID", "external_id"),
        ("FULL NAME", "name"),
        ("full_name", "name"),
        ("FirstName", "first_name"),
        ("Surname", "last_name"),
        ("E-mail", "email"),
        ("E-Mail Address", "email"),
        ("Email 1", "email"),
        ("Mobile", "phone"),
        ("Tel.", "phone"),
        ("H/P No.", "phone"),
        ("WhatsApp", "phone"),
        ("Marketing_Channel", "source"),
        ("LeadSource", "source"),
        ("Campaign_Name", "campaign"),
        ("Marketing_Cost_AED", "cost"),
        ("Budget_AED", "price"),
        ("Budget (RM)", "price"),
        ("Property Price", "price"),
        ("Zip Code", "postcode"),
        ("Property Postal Code", "postcode"),
        ("Neighborhood", "area"),
        ("City", "area"),
        ("Lead Temperature", "quality"),
        ("Comments", "message"),
        ("CreatedDate", "received_at"),
        ("Date", "received_at"),
        ("Enquiry date", "received_at"),
        ("Latitude", "lat"),
        ("lng", "lon"),
        ("Agent_ID", OWNER),
        ("Assigned To", OWNER),
        ("Contact owner", OWNER),
        ("OwnerId", OWNER),
        ("Price Range", "price"),
        *zip(
            ("Vorname", "Nachname", "E-Mail-Adresse", "Telefonnummer", "Quelle", "Preis", "Datum", "PLZ", "Ort"),
            ("first_name", "last_name", "email", "phone", "source", "price", "received_at", "postcode", "area"),
            strict=True,
        ),
        *zip(
            ("Apellidos", "Correo electrónico", "Móvil", "Presupuesto", "Fecha", "Código Postal", "Mensaje"),
            ("last_name", "email", "phone", "price", "received_at", "postcode", "message"),
            strict=True,
        ),
        *zip(
            ("Prénom", "Courriel", "Téléphone", "Prix", "Ville", "Langue", "Date de création"),
            ("first_name", "email", "phone", "price", "area", "language", "received_at"),
            strict=True,
        ),
        *zip(
            ("Achternaam", "E-mailadres", "Bron", "Prijs", "Woonplaats", "Makelaar"),
            ("last_name", "email", "source", "price", "area", OWNER),
            strict=True,
        ),
        *zip(
            ("Nama Lengkap", "No. Telepon", "Kode Pos", "Tanggal", "Anggaran", "Lokasi", "Agen"),
            ("name", "phone", "postcode", "received_at", "price", "area", OWNER),
            strict=True,
        ),
    ],
)
def test_common_headers_are_known(header: str, field: str) -> None:
    word = meaning(header)
    assert word
    assert word.field == field


@pytest.mark.parametrize(
    "header",
    ["Type", "Status", "Title", "Address", "Contact", "State", "Rating", "Reason", "Value", "Customer Type", "AED", ""],
)
def test_ambiguous_words_are_left_to_the_user(header: str) -> None:
    assert meaning(header) is None


def test_requested_agent_is_a_wish_and_not_the_owner() -> None:
    word = meaning("Requested agent")
    assert word
    assert word.field == "requested_agent"
