"""Presets of CRM exports. Tables only; what the columns of one mean is in `domain.preset`.

Most of them number the person, so a person's row comes again with every export. Columns in which the CRM keeps its
own books (stage, owner's notes, last activity) are ignored, for a change of them is no new enquiry; with --history
the stage is the state. Salesforce numbers the enquiry: a person who asks again is another Lead there.

Sources of the names: Follow Up Boss people export, kvCORE/BoldTrail contacts export, HubSpot contacts export,
Salesforce's Lead object reference (API names) and reports (labels), Sierra Interactive's public API for its leads.
"""

from __future__ import annotations

from leadrouter.domain.preset import Preset

FOLLOW_UP_BOSS = Preset(
    name="follow_up_boss",
    title="Follow Up Boss, people",
    found_by=(("Date Added", "Stage", "Lead Source", "Assigned To"), ("Date Added", "Stage", "Is Contacted")),
    columns=(
        ("ID", "external_id"),
        ("External ID", "external_id"),
        ("Date Added", "received_at"),
        ("Name", "name"),
        ("First Name", "first_name"),
        ("Last Name", "last_name"),
        ("Stage", "state"),
        ("Lead Source", "source"),
        ("Assigned To", "agent"),
        *((f"Email {number}", "email") for number in range(1, 7)),
        *((f"Phone {number}", "phone") for number in range(1, 7)),
        ("Property Price", "price"),
        ("Listing Price", "price"),
        ("Property Postal Code", "postcode"),
        ("Property City", "area"),
        ("Tags", "tags"),
        ("Timeframe", "timeframe"),
        ("Message", "message"),
        ("Deal Close Date", "closed_at"),
        ("Deal Price", "value"),
        *((column, "ignore") for column in ("Is Contacted", "Deal Stage", "Deal Status", "Updated", "Last Activity")),
        *((column, "ignore") for column in ("Last Communication", "Next Task", "Assigned Lender", "Assigned Pond")),
    ),
    ids="person",
    words=(
        (
            "state",
            (
                ("A - Hot 1-3 Months", "contacted"), ("B - Warm 3-6 Months", "contacted"),
                ("C - Cold 6+ Months", "contacted"), ("Active Client", "contacted"), ("Pending", "appointment"),
                ("Closed", "won"), ("Past Client", "won"), ("Sphere", "contacted"), ("Vendor", "void"),
                ("Agent", "void"), ("Unresponsive", "lost"), ("Trash", "void"),
            ),
        ),
    ),
    dates="mdy",
)  # fmt: skip

KVCORE = Preset(
    name="kvcore",
    title="kvCORE / BoldTrail, contacts",
    found_by=(("Contact Id", "Cell Phone 1"), ("Contact Id", "Deal Type", "Assigned Agent")),
    columns=(
        ("Contact Id", "external_id"),
        ("Created At", "received_at"),
        ("Registered", "received_at"),
        ("First Name", "first_name"),
        ("Last Name", "last_name"),
        ("Email", "email"),
        ("Email 2", "email"),
        *((f"Cell Phone {number}", "phone") for number in range(1, 4)),
        ("Home Phone", "phone"),
        ("Work Phone", "phone"),
        ("Status", "state"),
        ("Deal Type", "intent"),
        ("Source", "source"),
        ("Assigned Agent", "agent"),
        ("Primary Zip", "postcode"),
        ("Primary City", "area"),
        ("Avg Price", "price"),
        ("Tags", "tags"),
        ("Hashtags", "tags"),
        *((column, "ignore") for column in ("Updated At", "Last Login", "Last Activity", "Last Contact", "Last Visit")),
        *((column, "ignore") for column in ("Lead Score", "Email Status", "Phone Status", "Number Of Logins")),
    ),
    ids="person",
    words=(
        ("state", (("Closed", "won"), ("Client", "contacted"), ("Sphere", "contacted"), ("Archived", "lost"))),
        ("intent", (("Buyer Lead", "buyer"), ("Seller Lead", "seller"))),
    ),
    dates="mdy",
)

HUBSPOT = Preset(
    name="hubspot",
    title="HubSpot, contacts",
    found_by=(
        ("Record ID", "Contact owner"),
        ("Record ID", "Lifecycle Stage"),
        ("Record ID", "Lead Status", "Create Date"),
        ("Record ID", "Original Source"),
    ),
    columns=(
        ("Record ID", "external_id"),
        ("Create Date", "received_at"),
        ("First Name", "first_name"),
        ("Last Name", "last_name"),
        ("Email", "email"),
        ("Additional email addresses", "email"),
        ("Phone Number", "phone"),
        ("Mobile Phone Number", "phone"),
        ("Contact owner", "agent"),
        ("Lifecycle Stage", "state"),
        ("Lead Status", "state"),
        ("Original Source", "source"),
        ("Original Traffic Source", "source"),
        ("Postal Code", "postcode"),
        ("City", "area"),
        ("Message", "message"),
        ("Became a Customer Date", "closed_at"),
        *((column, "ignore") for column in ("Last Activity Date", "Last Modified Date", "Last Contacted")),
        *((column, "ignore") for column in ("Next Activity Date", "Owner assigned date", "Marketing contact status")),
        *((column, "ignore") for column in ("Number of times contacted", "Number of Sales Activities", "Lead Score")),
        *((column, "ignore") for column in ("Became a Lead Date", "Likelihood to close", "HubSpot Score")),
    ),
    ids="person",
    words=(
        (
            "state",
            (
                ("Subscriber", "assigned"), ("Evangelist", "won"), ("Other", "assigned"),
                ("Connected", "contacted"), ("Unqualified", "lost"),
            ),
        ),
    ),
)  # fmt: skip

_SALESFORCE_BOOKS = (
    "IsDeleted", "MasterRecordId", "IsConverted", "ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId",
    "IsUnreadByOwner", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "LastActivityDate",
    "LastViewedDate", "LastReferencedDate", "PhotoUrl", "Jigsaw", "JigsawContactId", "EmailBouncedReason",
    "EmailBouncedDate", "GeocodeAccuracy", "Last Activity", "Last Modified", "Unread By Owner",
    "Converted", "Created By", "Last Modified By", "Owner Alias", "Created Alias",
)  # fmt: skip

SALESFORCE = Preset(
    name="salesforce",
    title="Salesforce, leads",
    found_by=(
        ("LastName", "OwnerId"),
        ("LastName", "LeadSource"),
        ("Lead Owner", "Lead Status"),
        ("Lead Owner", "Lead Source"),
        ("Lead ID", "Lead Source", "Lead Status"),
    ),
    columns=(
        ("Id", "external_id"),
        ("Lead ID", "external_id"),
        ("CreatedDate", "received_at"),
        ("Create Date", "received_at"),
        ("Name", "name"),
        ("Full Name", "name"),
        ("FirstName", "first_name"),
        ("LastName", "last_name"),
        ("Email", "email"),
        ("MobilePhone", "phone"),
        ("Mobile", "phone"),
        ("Phone", "phone"),
        ("Home_Phone__c", "phone"),
        ("LeadSource", "source"),
        ("Rating", "quality"),
        ("PostalCode", "postcode"),
        ("Zip/Postal Code", "postcode"),
        ("City", "area"),
        ("Latitude", "lat"),
        ("Longitude", "lon"),
        ("Description", "message"),
        ("Lead Owner", "agent"),
        ("OwnerId", "agent_number"),
        ("Status", "state"),
        ("Lead Status", "state"),
        ("ConvertedDate", "closed_at"),
        *((column, "ignore") for column in _SALESFORCE_BOOKS),
    ),
    words=(("state", (("Closed - Converted", "won"), ("Closed - Not Converted", "lost"))),),
    dates="mdy",
)

SIERRA = Preset(
    name="sierra",
    title="Sierra Interactive, leads",
    found_by=(
        ("leadStatus", "leadType", "creationDate"),
        ("Lead Status", "Lead Type", "Assigned Agent"),
        ("Buyer Agent Status", "Listing Agent Status"),
    ),
    columns=(
        ("id", "external_id"),
        ("Lead ID", "external_id"),
        ("creationDate", "received_at"),
        ("Register Date", "received_at"),
        ("firstName", "first_name"),
        ("lastName", "last_name"),
        ("email", "email"),
        ("phone", "phone"),
        ("leadType", "intent"),
        ("source", "source"),
        ("Lead Source", "source"),
        ("zip", "postcode"),
        ("city", "area"),
        ("tags", "tags"),
        ("Assigned Agent", "agent"),
        ("Buyer Agent", "agent"),
        ("leadStatus", "state"),
        ("Buyer Agent Status", "state"),
        ("searchPriceMax", "price"),
        *((column, "ignore") for column in ("updateDate", "emailStatus", "phoneStatus", "lenderStatus", "pondId")),
        *((column, "ignore") for column in ("listingAgentStatus", "visits", "lastVisitDate", "shortSummary")),
    ),
    ids="person",
    words=(
        (
            "state",
            (
                ("Closed", "won"), ("Prime", "contacted"), ("Watch", "contacted"), ("Active", "contacted"),
                ("Qualify", "contacted"), ("DNC", "lost"),
            ),
        ),
        ("intent", (("Buyer", "buyer"), ("Seller", "seller"), ("1", "buyer"), ("2", "seller"))),
    ),
    dates="mdy",
)  # fmt: skip

CRMS = (FOLLOW_UP_BOSS, KVCORE, HUBSPOT, SALESFORCE, SIERRA)
