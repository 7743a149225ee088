"""Values to one lead: the same rules for options, JSON and rows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from leadrouter.domain.lead import NUMBERS, Lead
from leadrouter.errors import LeadrouterError
from leadrouter.intake.values import FIELDS, BadValue, LeadMaker, lead_from_values


def lead_of(region: str | None = "MY", timezone: str = "Asia/Kuala_Lumpur", **values: str) -> Lead:
    return lead_from_values(values, region=region, timezone=timezone)


def custom_of(lead: Lead) -> Mapping[str, Any]:
    custom = json.loads(lead.custom or "{}")
    assert isinstance(custom, dict)
    return custom


def reason_for(**values: str) -> str:
    with pytest.raises(BadValue) as caught:
        lead_of(**values)
    return caught.value.message


def test_every_field_of_a_lead_can_be_given() -> None:
    assert Lead._fields[-1] == "custom"  # `FIELDS` leaves out the last one
    assert set(FIELDS) == {*Lead._fields, "first_name", "last_name"} - {"custom"}


def test_a_complete_lead_is_normalised_field_by_field() -> None:
    lead = lead_of(
        external_id=" L-1 ",
        name="Ada Example",
        email="Ada@Example.com",
        phone="012-345 6789",
        source="portal",
        campaign="spring",
        cost="RM 12.50",
        intent="buyer",
        property_type="condo",
        price="2,355,000",
        postcode="01234",
        area="Bangsar",
        lat="3.13",
        lon="101.67",
        language="ms",
        timeframe="now",
        quality="HOT",
        tags="vip, cash",
        features="pool",
        preferred_channel="phone",
        preferred_time="evening",
        message="Hello\r\nthere",
        received_at="2026-03-01 09:30",
        requested_agent="Aina",
    )
    assert lead == Lead(
        external_id="L-1",
        name="Ada Example",
        email="ada@example.com",
        phone="+60123456789",
        source="portal",
        campaign="spring",
        cost=12.5,
        intent="buyer",
        property_type="condo",
        price=2355000.0,
        postcode="01234",
        area="Bangsar",
        lat=3.13,
        lon=101.67,
        language="ms",
        timeframe="now",
        quality="hot",
        tags="vip, cash",
        features="pool",
        preferred_channel="phone",
        preferred_time="evening",
        message="Hello\nthere",
        received_at="2026-03-01T01:30:00Z",
        requested_agent="Aina",
    )
    assert all(isinstance(getattr(lead, field), float) for field in NUMBERS)


@pytest.mark.parametrize("values", [{"email": "ada@example.com"}, {"phone": "0123456789"}, {"external_id": "L-1"}])
def test_one_of_three_is_enough_to_be_a_lead(values: dict[str, str]) -> None:
    lead = lead_of(**values)
    assert sum(fact is not None for fact in lead) == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        pytest.param({}, "no e-mail, phone or external id", id="nothing at all"),
        pytest.param({"name": "Ada"}, "no e-mail, phone or external id", id="a name alone"),
        pytest.param({"email": " ", "phone": "\t"}, "no e-mail, phone or external id", id="blank ones"),
        pytest.param({"email": "ada"}, "e-mail cannot be read", id="an unreadable e-mail"),
        pytest.param({"phone": "none"}, "phone cannot be read", id="an unreadable phone"),
        pytest.param({"email": "ada", "phone": "none"}, "e-mail cannot be read", id="both"),
        pytest.param(
            {"email": "ada@example.com", "received_at": "next week"},
            "received_at cannot be read: use YYYY-MM-DD or ISO 8601",
            id="an unreadable date",
        ),
        pytest.param(
            {"email": "ada@example.com", "received_at": "1/3/2026"},
            "received_at could be day first or month first: use YYYY-MM-DD, or say which with --dates",
            id="a date of two readings",
        ),
        pytest.param({"email": "ada@example.com", "name": "x" * 70_000}, "a cell is longer than 65,536 characters"),
        pytest.param({"email": "ada@example.com", "name": "\udce9"}, "text is not readable as UTF-8"),
        pytest.param({"email": "ada@example.com", "Foo": "1", "foo": "2"}, "two names mean the same value"),
    ],
)
def test_what_makes_no_lead_says_why(values: dict[str, str], reason: str) -> None:
    assert reason_for(**values) == reason


def test_the_error_is_one_of_ours_for_the_shell() -> None:
    assert issubclass(BadValue, LeadrouterError)
    assert BadValue.exit_code == 2


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("email", "ada at example.com"),
        ("phone", "ask her"),
        ("price", "to be discussed"),
        ("cost", "nan"),
        ("lat", "3°8'N"),
        ("lon", "inf"),
        ("quality", "A+"),
    ],
)
def test_an_unreadable_value_is_kept_as_given(field: str, text: str) -> None:
    lead = lead_of(**{"external_id": "L-1", field: text})
    assert getattr(lead, field) is None
    assert custom_of(lead) == {f"{field}_as_given": text}


def test_a_value_kept_as_given_leaves_a_column_of_that_name_alone() -> None:
    lead = lead_of(external_id="L-1", price="much", price_as_given="more")
    assert custom_of(lead) == {"price_as_given": "more", "price_as_given_2": "much"}


def test_an_empty_value_is_absent_and_not_an_empty_text() -> None:
    lead = lead_of(email="ada@example.com", name="", price=" ", received_at="", foo=" ")
    assert lead == Lead(email="ada@example.com")


def test_unknown_names_become_one_json_object_with_sorted_keys() -> None:
    lead = lead_from_values(
        {"Zeta": "z", "email": "ada@example.com", "Customer Type": "É", "empty": ""}, region=None, timezone="UTC"
    )
    assert lead.custom == '{"customer_type":"É","zeta":"z"}'


def test_names_are_recognised_in_capitals_too() -> None:
    lead = lead_from_values({"Email": "ada@example.com", "First Name": "Ada"}, region=None, timezone="UTC")
    assert lead == Lead(email="ada@example.com", name="Ada")


@pytest.mark.parametrize(
    ("values", "name", "custom"),
    [
        pytest.param({"first_name": "Ada", "last_name": "Example"}, "Ada Example", {}, id="both halves"),
        pytest.param({"first_name": "Ada"}, "Ada", {}, id="the first half"),
        pytest.param({"last_name": "Example"}, "Example", {}, id="the last half"),
        pytest.param({"name": "Ada Example", "first_name": "Ada"}, "Ada Example", {}, id="nothing the name leaves out"),
        pytest.param({"name": "Ms Example", "first_name": "Ada"}, "Ms Example", {"first_name": "Ada"}, id="something"),
    ],
)
def test_two_halves_make_a_name(values: dict[str, str], name: str, custom: dict[str, str]) -> None:
    lead = lead_of(email="ada@example.com", **values)
    assert lead.name == name
    assert custom_of(lead) == custom


def test_a_small_region_is_a_region() -> None:
    assert lead_of(phone="012-345 6789", region="my").phone == "+60123456789"


def test_a_second_phone_takes_the_place_of_a_missing_or_unreadable_one() -> None:
    maker = LeadMaker(["phone", "mobile"], region="MY", timezone="UTC", stand_ins={"mobile": "phone"})
    assert maker.lead(["", "0123456789"]) == Lead(phone="+60123456789")
    assert maker.lead(["none", "0123456789"]) == Lead(phone="+60123456789", custom='{"phone_as_given":"none"}')
    assert maker.lead(["0123456780", "0123456789"]) == Lead(phone="+60123456780", custom='{"mobile":"0123456789"}')
    with pytest.raises(BadValue, match="no e-mail, phone or external id"):
        maker.lead(["", "none"])


def test_a_column_to_pass_over_may_hold_anything() -> None:
    maker = LeadMaker(["email", None], region=None, timezone="UTC")
    assert maker.lead(["ada@example.com", "\udce9" + "x" * 70_000]) == Lead(email="ada@example.com")


def test_each_row_starts_from_nothing() -> None:
    """A blank e-mail once took the value of the row before it (DOMAIN section 13)."""
    maker = LeadMaker(["email", "phone", "foo"], region="MY", timezone="UTC")
    assert maker.lead(["ada@example.com", "", "bar"]).email == "ada@example.com"
    assert maker.lead(["", "0123456789", ""]) == Lead(phone="+60123456789")


@pytest.mark.parametrize(
    ("values", "absent"),
    [
        pytest.param('{"email": "ada@example.com"}', ["csv", "phonenumbers", "zoneinfo"], id="without a phone"),
        pytest.param('{"phone": "+60123456789"}', ["csv", "zoneinfo", "difflib"], id="with one"),
    ],
)
def test_route_pays_only_for_what_the_lead_needs(values: str, absent: list[str]) -> None:
    code = (
        "import sys, json\n"
        "from leadrouter.intake.values import lead_from_values\n"
        f"lead_from_values(json.loads('{values}'), region='MY', timezone='Asia/Kuala_Lumpur')\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(absent) & set(loaded)
    assert "leadrouter.intake.table" not in loaded
    assert "leadrouter.intake.aliases" not in loaded


@pytest.mark.parametrize(
    ("field", "text", "value", "custom"),
    [
        ("phone", "012-345 6789 / 019-876 5432", "+60123456789", {"phone_2": "+60198765432"}),
        ("phone", "012-345 6789 ::: 03-2345 6789", "+60123456789", {"phone_2": "+60323456789"}),
        ("phone", "012-345 6789, 0123456789", "+60123456789", {}),
        ("phone", "012-345 6789 / office", "+60123456789", {"phone_as_given": "012-345 6789 / office"}),
        ("phone", "office / home", None, {"phone_as_given": "office / home"}),
        ("email", "Ada@x.com; bo@x.com", "ada@x.com", {"email_2": "bo@x.com"}),
        ("email", "a@x.com ::: b@x.com ::: c@x.com", "a@x.com", {"email_2": "b@x.com", "email_2_2": "c@x.com"}),
        ("email", "Ada <ada@x.com>", "ada@x.com", {"email_as_given": "Ada <ada@x.com>"}),
        ("email", "ada@x.com;", "ada@x.com", {}),
        ("price", "RM 1.2m", 1_200_000, {}),
        ("price", "1.5Cr-2Cr", 20_000_000, {"price_as_given": "1.5Cr-2Cr"}),
        ("price", "450.000", 450_000, {}),
        ("price", "450.000 EUR", 450_000, {}),
        ("price", "450.5", 450.5, {}),
        ("tags", "hot ::: buyer", "hot, buyer", {}),
        ("features", "pool:::gym", "pool, gym", {}),
    ],
)
def test_a_cell_may_hold_several_or_words(field: str, text: str, value: object, custom: dict[str, str]) -> None:
    lead = lead_of(**{"external_id": "L-1", field: text})
    assert getattr(lead, field) == value
    assert json.loads(lead.custom or "{}") == custom


def test_two_numbers_without_a_region_are_not_one() -> None:
    lead = lead_from_values({"phone": "2345678/8765432"}, region=None, timezone="UTC")
    assert (lead.phone, lead.custom) == ("2345678", '{"phone_2":"8765432"}')
