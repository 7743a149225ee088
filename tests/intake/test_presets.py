"""Presets: each finds its file by the header alone, and each of its columns goes where it belongs."""

from __future__ import annotations

import json

import pytest

from leadrouter.domain.history import PAST_STATES
from leadrouter.domain.policy import QUALITIES
from leadrouter.domain.preset import DATE_ORDERS, IDS, LEAD_FIELDS, TARGETS, Preset
from leadrouter.errors import UnusableFile, WrongUsage
from leadrouter.intake.aliases import folded
from leadrouter.intake.cells import BadValue
from leadrouter.intake.presets import SHIPPED, choose
from leadrouter.intake.reading import one_lead
from leadrouter.intake.table import FormTest, LeadFile, PastRow, Row

from .conftest import Opener, rows_of

FACEBOOK = (
    "id\tcreated_time\tad_id\tad_name\tadset_id\tcampaign_id\tcampaign_name\tform_id\tis_organic\tplatform\t"
    "what_is_your_budget?\tfull_name\tphone_number\temail\tzip_code\n"
)
FOLLOW_UP_BOSS = (
    "ID,Date Added,Name,First Name,Last Name,Stage,Lead Source,Assigned To,Is Contacted,Email 1,Phone 1,Phone 2,"
    "Property Price,Property Postal Code,Tags,Timeframe\n"
)
HEADERS = {
    "facebook": FACEBOOK,
    "google_ads": "lead_id,is_test,full_name,user_email,phone_number,postal_code,campaign_id,google_key\n",
    "follow_up_boss": FOLLOW_UP_BOSS,
    "kvcore": "Contact Id,First Name,Last Name,Email,Cell Phone 1,Status,Deal Type,Source,Assigned Agent,Primary Zip,"
    "Avg Price,Registered,Created At\n",
    "hubspot": "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Lead Status,"
    "Create Date,Original Source\n",
    "salesforce": "Id,LastName,FirstName,Name,Phone,Email,LeadSource,Status,Rating,OwnerId,CreatedDate\n",
    "sierra": "id,firstName,lastName,email,phone,leadStatus,leadType,creationDate,source\n",
}


def goes_to(leads: LeadFile) -> dict[str, str]:
    return {column.header: column.goes_to for column in leads.columns}


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda preset: preset.name)
def test_a_shipped_preset_says_only_what_leadrouter_knows(preset: Preset) -> None:
    assert preset.title
    assert preset.ids in IDS
    assert preset.dates in (None, *DATE_ORDERS)
    assert {target for _, target in preset.columns} <= set(TARGETS)
    headers = [folded(header) for header, _ in preset.columns]
    assert len(headers) == len(set(headers))
    for field, words in preset.words:
        assert field in (*LEAD_FIELDS, "state")
        assert field != "state" or {meant for _, meant in words} <= set(PAST_STATES)
        assert field != "quality" or {meant for _, meant in words} <= set(QUALITIES)


@pytest.mark.parametrize("name", HEADERS)
def test_a_preset_is_found_by_the_header_alone(name: str) -> None:
    separator = "\t" if "\t" in HEADERS[name] else ","
    found = choose(HEADERS[name].strip().split(separator), None, ())
    assert found is not None
    assert found.name == name
    upper = choose(HEADERS[name].strip().upper().replace(" ", "_").split(separator), None, ())
    assert upper is not None
    assert upper.name == name


def test_every_shipped_preset_has_a_header_above() -> None:
    assert set(HEADERS) == {preset.name for preset in SHIPPED}


@pytest.mark.parametrize("header", ["email,name", "id,name,email,created", "lead id,source,status,owner"])
def test_an_ordinary_file_is_of_no_preset(header: str) -> None:
    assert choose(header.split(","), None, ()) is None


def test_lead_ads_lose_their_prefixes_and_keep_the_answers(open_text: Opener) -> None:
    row = (
        "l:1\t2025-06-01T10:00:00-05:00\tag:2\tLofts\tas:3\tc:4\tJune\tf:5\tfalse\tig\t1.5m and a garden\tAda Example\t"
        "p:+60123456789\tada@example.com\tz:50480\n"
    )
    leads = open_text((FACEBOOK + row).encode("utf-16"))
    assert leads.form == "UTF-16, tab-separated"
    lead = rows_of(leads)[0].lead
    assert (lead.external_id, lead.phone, lead.postcode) == ("1", "+60123456789", "50480")
    assert (lead.source, lead.campaign, lead.received_at) == ("instagram", "June", "2025-06-01T15:00:00Z")
    assert json.loads(lead.custom or "") == {
        "ad_id": "2", "ad_name": "Lofts", "adset_id": "3", "campaign_id": "4", "form_id": "5", "is_organic": "false",
        "what_is_your_budget": "1.5m and a garden",
    }  # fmt: skip


def test_test_rows_are_told_apart_from_leads(open_text: Opener) -> None:
    test = "l:2\t2025-06-01\t\t\t\t\t\tf:5\tfalse\tfb\t\t<test lead: dummy data for full_name>\tp:<test lead: x>\t\t\n"
    assert list(open_text(FACEBOOK + test)) == [FormTest(2)]
    google = "lead_id,is_test,user_email\nT1,TRUE,t@example.com\nL1,false,ada@example.com\n"
    first, second = open_text(google)
    assert first == FormTest(2)
    assert isinstance(second, Row)


def test_a_crms_own_books_are_ignored_and_its_stage_is_the_state_with_history(open_text: Opener) -> None:
    row = "7,2025-06-22,Ada E,Ada,E,Past Client,Zillow,Bala,Yes,a@example.com,,012-345 6789,$450k - $600k,50480,x,3m\n"
    plain = goes_to(open_text(FOLLOW_UP_BOSS + row))
    assert (plain["Stage"], plain["Is Contacted"], plain["Assigned To"]) == ("ignored", "ignored", "agent")
    assert plain["Phone 2"] == "custom.phone_2, or phone where that is empty"
    leads = open_text(FOLLOW_UP_BOSS + row, history=True)
    assert goes_to(leads)["Stage"] == "state"
    past = next(iter(leads))
    assert isinstance(past, PastRow)
    assert (past.past.state, past.past.agent, past.past.facts.phone) == ("won", "Bala", "+60123456789")
    assert (past.past.facts.price, past.past.facts.custom) == (600_000.0, '{"price_as_given":"$450k - $600k"}')


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("facebook", "enquiry"), ("google_ads", "enquiry"), ("salesforce", "enquiry"), ("follow_up_boss", "person"),
        ("kvcore", "person"), ("hubspot", "person"), ("sierra", "person"),
    ],
)  # fmt: skip
def test_lead_ads_number_the_enquiry_and_most_crms_the_person(name: str, ids: str) -> None:
    preset = choose((), name, ())
    assert preset is not None
    assert preset.ids == ids


def test_salesforce_numbers_its_users_so_the_number_is_an_owner_with_history_alone(open_text: Opener) -> None:
    content = HEADERS["salesforce"] + "00Q1,Example,Ada,Ada Example,,ada@example.com,Web,New,Hot,005X,2025-06-01\n"
    plain = open_text(content)
    assert plain.owner_column is None
    lead = rows_of(plain)[0].lead
    assert (lead.quality, lead.custom) == ("hot", '{"ownerid":"005X"}')
    assert open_text(content, history=True).owner_column == "OwnerId"


def test_the_furthest_of_two_stages_counts(open_text: Opener) -> None:
    rows = (
        "1,A,B,a@example.com,,,Customer,Unqualified,2025-06-01,x\n2,A,B,b@example.com,,,Lead,In Progress,2025-06-01,x\n"
    )
    leads = open_text(HEADERS["hubspot"] + rows, history=True)
    assert [row.past.state for row in leads if isinstance(row, PastRow)] == ["won", "contacted"]


def test_a_preset_may_be_named_or_switched_off(open_text: Opener) -> None:
    content = "Id,Email\n1,ada@example.com\n"
    assert open_text(content, preset="HubSpot").preset == choose((), "hubspot", ())
    assert open_text(FACEBOOK + "l:1" + "\t" * 14 + "\n", preset="none").preset is None


def test_an_unknown_preset_names_the_nearest() -> None:
    with pytest.raises(WrongUsage) as caught:
        choose((), "hubspott", ())
    assert "Did you mean hubspot?" in caught.value.hint


OWN = Preset(
    "my portal",
    found_by=(("Enquiry No", "Buyer"),),
    columns=(("Enquiry No", "external_id"), ("Buyer", "name"), ("Contact", "phone"), ("Step", "state")),
    ids="person",
    words=(("state", (("Keys handed over", "won"),)), ("source", (("PP", "portal"),))),
    prefixes=(("Enquiry No", "ENQ-"),),
    test_rows=(("Buyer", "tester"),),
)


def test_a_brokers_own_preset_works_like_a_shipped_one(open_text: Opener) -> None:
    content = "Enquiry No,Buyer,Contact,Step,Source\nENQ-7,Ada,0123456789,keys handed over,PP\nENQ-8,The Tester,1,,\n"
    leads = open_text(content, own=[OWN], history=True)
    assert leads.ids_of == "person"
    past, test = leads
    assert isinstance(past, PastRow)
    assert (past.past.facts.external_id, past.past.facts.source, past.past.state) == ("7", "portal", "won")
    assert test == FormTest(3)


def test_a_brokers_own_preset_comes_before_a_shipped_one() -> None:
    own = OWN._replace(name="facebook")
    assert choose((), "facebook", [own]) == own
    wider = OWN._replace(found_by=(("id", "created_time"),))
    assert choose(FACEBOOK.strip().split("\t"), None, [wider]) == wider


def test_a_map_overrides_the_preset(open_text: Opener) -> None:
    content = FOLLOW_UP_BOSS + "7,2025-06-22,Ada,,,Lead,Zillow,Bala,Yes,a@example.com,,,,,,\n"
    mapped = goes_to(open_text(content, mapping={"Stage": "custom", "Assigned To": "ignore"}))
    assert (mapped["Stage"], mapped["Assigned To"]) == ("custom.stage", "ignored")


def test_a_file_of_a_preset_without_anything_that_identifies_is_refused(open_text: Opener) -> None:
    with pytest.raises(UnusableFile, match="no column is known as e-mail"):
        open_text("created_time,ad_id,is_organic\n2025-06-01,1,false\n")


def test_one_object_under_a_presets_keys_is_the_lead_that_a_row_would_be(open_text: Opener) -> None:
    preset = choose((), "facebook", ())
    assert preset is not None
    values = {"id": "l:1", "created_time": "2025-06-01T10:00:00+0000", "form_id": "f:2", "email": "ada@example.com"}
    lead = one_lead(values, preset, region="MY", timezone="UTC")
    assert lead == rows_of(open_text(json.dumps(values) + "\n"))[0].lead
    with pytest.raises(BadValue, match="a test lead"):
        one_lead({**values, "full_name": "<test lead: dummy data>"}, preset, region="MY", timezone="UTC")


def test_one_object_that_names_an_owner_is_not_dealt_out_anew_by_accident() -> None:
    preset = choose((), "hubspot", ())
    assert preset is not None
    with pytest.raises(BadValue, match="whose lead this already is"):
        one_lead({"Record ID": "1", "Contact owner": "Bala"}, preset, region="MY", timezone="UTC")
