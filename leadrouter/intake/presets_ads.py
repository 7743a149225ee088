"""Presets of lead ads: their ids number the enquiry. Tables only; what the columns of one mean is in `domain.preset`.

Sources of the names: Meta's export of instant forms and the Graph API's `leads` edge; Google's lead form export and
webhook (developers.google.com/google-ads/webhook/docs/implementation).
"""

from __future__ import annotations

from leadrouter.domain.preset import Preset

_POSTCODES = ("zip_code", "zip", "post_code", "postal_code")
_PHONES = ("phone_number", "phone", "work_phone_number", "whatsapp_number")

FACEBOOK = Preset(
    name="facebook",
    title="Facebook and Instagram lead ads",
    found_by=(("id", "created_time", "form_id"), ("created_time", "ad_id", "is_organic")),
    columns=(
        ("id", "external_id"),
        ("created_time", "received_at"),
        ("platform", "source"),
        ("campaign_name", "campaign"),
        ("full_name", "name"),
        ("email", "email"),
        ("work_email", "email"),
        *((phone, "phone") for phone in _PHONES),
        *((postcode, "postcode") for postcode in _POSTCODES),
        ("city", "area"),
        *((column, "custom") for column in ("ad_id", "ad_name", "adset_id", "adset_name", "campaign_id")),
        *((column, "custom") for column in ("form_id", "form_name", "is_organic")),
        *((column, "ignore") for column in ("lead_status", "inbox_url", "retailer_item_id", "partner_name")),
    ),
    words=(("source", (("fb", "facebook"), ("ig", "instagram"), ("msg", "messenger"), ("an", "audience network"))),),
    prefixes=(
        ("id", "l:"),
        ("ad_id", "ag:"),
        ("adset_id", "as:"),
        ("campaign_id", "c:"),
        ("form_id", "f:"),
        *((phone, "p:") for phone in _PHONES),
        *((postcode, "z:") for postcode in _POSTCODES),
    ),
    test_rows=(("*", "<test lead:"),),
)

GOOGLE = Preset(
    name="google_ads",
    title="Google Ads lead forms",
    found_by=(("lead_id", "is_test"), ("lead_id", "gcl_id"), ("lead_id", "google_key")),
    columns=(
        ("lead_id", "external_id"),
        ("lead_submit_time", "received_at"),
        ("submission_date_time", "received_at"),
        ("FULL_NAME", "name"),
        ("FIRST_NAME", "first_name"),
        ("LAST_NAME", "last_name"),
        ("EMAIL", "email"),
        ("USER_EMAIL", "email"),
        ("WORK_EMAIL", "email"),
        ("PHONE_NUMBER", "phone"),
        ("USER_PHONE", "phone"),
        ("WORK_PHONE", "phone"),
        ("POSTAL_CODE", "postcode"),
        ("CITY", "area"),
        ("campaign_name", "campaign"),
        ("campaign", "campaign"),
        *((column, "custom") for column in ("form_id", "form_name", "campaign_id", "adgroup_id", "creative_id")),
        *((column, "ignore") for column in ("is_test", "google_key", "api_version")),
    ),
    test_rows=(("is_test", "true"), ("is_test", "1"), ("is_test", "yes")),
)

ADS = (FACEBOOK, GOOGLE)
