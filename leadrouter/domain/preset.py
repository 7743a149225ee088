"""What is known of the files that one system exports: which column is which, and whose the ids are.

A preset is data. The shipped ones stand in `intake.presets_*`, a broker's own in the policy; both are read by
`intake` alone, and nothing here knows a file.
"""

from __future__ import annotations

from typing import NamedTuple

from leadrouter.domain.lead import Lead

IDS = ("enquiry", "person")
"""What an id numbers. A lead ad numbers each enquiry; a CRM numbers the person, who may enquire again."""

DATE_ORDERS = ("dmy", "mdy", "ymd")
"""Orders of day, month and year in dates that do not tell by themselves."""

LEAD_FIELDS = (*Lead._fields[:-1], "first_name", "last_name")
"""What a cell of a lead can be: the fields of a Lead but `custom`, its last, and the two halves of a name."""

OWNER = "agent"
"""The column that says whose lead it already is: no field of a Lead."""

OWNER_NUMBER = "agent_number"
"""A column with another system's number of the owner: the owner with --history alone, otherwise a custom field."""

PAST_FIELDS = ("state", "contacted_at", "appointment_at", "closed_at", "value", "reason")
"""What more a column of past leads can be (CONTRACT, --history)."""

TARGETS = (*LEAD_FIELDS, OWNER, OWNER_NUMBER, *PAST_FIELDS, "custom", "ignore")
"""Everything that a column can be said to be."""

Pairs = tuple[tuple[str, str], ...]


class Preset(NamedTuple):
    """One kind of file. Headers are compared without regard to capitals, spaces and punctuation.

    `found_by`: sets of headers; a file that has all of one set is of this kind. `columns`: header -> one of TARGETS;
    of several headers for one field the first that the file has is taken, further e-mails and phones stand in.
    `words`: for a field, what its cells say -> what leadrouter says. `prefixes`: header -> letters that stand before
    its cells. `test_rows`: header (`*`: any) -> text by which a row is somebody's test. `dates`: the order to fall
    back on where a file's own dates do not tell. `columns` that only keep the system's books (stage, last activity)
    are ignored: a change of them is no new enquiry.
    """

    name: str
    title: str = ""
    found_by: tuple[tuple[str, ...], ...] = ()
    columns: Pairs = ()
    ids: str = "enquiry"
    words: tuple[tuple[str, Pairs], ...] = ()
    prefixes: Pairs = ()
    test_rows: Pairs = ()
    dates: str | None = None
