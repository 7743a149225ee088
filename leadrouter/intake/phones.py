"""A phone as E.164, the form in which two spellings of one number are equal.

Every `route` loads this module, so phonenumbers (its own 30 ms and more) is imported with the first phone and not
before. What an unreadable phone means for its lead is decided in `values`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_PUNCTUATION = frozenset("()./–-")
_SHORTEST = 6
"""Digits. Fewer are an extension, or a room."""


def phone(text: str, region: str | None) -> str | None:
    """E.164, reading national numbers as those of the region; without a region and a +, the digits as they are.

    A number that can only be dialled inside its town (`555 0100`) is not read: two people of two towns share it.
    """
    if text.endswith(".0") and text[:-2].isdecimal():
        text = text[:-2]  # spreadsheets and data frames turn a column of phones into 60123456789.0
    if region is None and not text.startswith(("+", "＋")):
        return _digits(text)
    if _is_e164(text):
        return text
    return (_national(text, region) if region else None) or _parsed(text, region)


def _digits(text: str) -> str | None:
    digits = "".join(str(int(mark)) for mark in text if mark.isdecimal())
    if "/" in text and all(sum(map(str.isdecimal, part)) >= _SHORTEST for part in text.split("/")):
        return None  # two numbers
    bare = all(mark.isdecimal() or mark.isspace() or mark in _PUNCTUATION for mark in text)
    return digits if bare and _SHORTEST <= len(digits) <= 17 else None


def _parsed(text: str, region: str | None) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_e164(text: str) -> bool:
    """Whether parsing would change nothing, told from the same metadata in a fifteenth of the time (a test compares).

    False means only that it is not certain: the parser then decides.
    """
    if text[:1] != "+" or text[1:2] == "0" or not (text.isascii() and text[1:].isdecimal()):
        return False
    for end in (2, 3, 4):  # calling codes have one to three digits, and none begins with another one
        if plan := _numbering_plan(text[1:end]):
            lengths, national_prefix = plan
            return len(text) - end in lengths and not (national_prefix and national_prefix.match(text[end:]))
    return False


def _national(text: str, region: str) -> str | None:
    """E.164 of a number as people of the region write it, likewise from the metadata alone; None: not certain."""
    plan = _national_plan(region)
    digits = text.translate(_NO_PUNCTUATION)
    if plan is None or not (digits.isascii() and digits.isdecimal()) or plan.abroad.match(digits):
        return None
    bare = digits.removeprefix(plan.prefix)
    if len(bare) not in plan.lengths or bare[0] == "0" or not plan.numbers.fullmatch(bare):
        return None
    return plan.calling_code + bare


_NO_PUNCTUATION = str.maketrans("", "", " ()./-–")


class _NationalPlan(NamedTuple):
    """How numbers are dialled inside a country: `prefix` comes before the number, `abroad` before one of elsewhere."""

    prefix: str
    calling_code: str
    abroad: re.Pattern[str]
    lengths: frozenset[int]
    numbers: re.Pattern[str]


@cache
def _national_plan(region: str) -> _NationalPlan | None:
    """The plan of a region whose prefix is plain digits, as 0 in most of them, or that has none; None elsewhere."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None or plan.general_desc is None or plan.national_prefix_transform_rule:
        return None
    prefix, pattern = plan.national_prefix_for_parsing or "", plan.general_desc.national_number_pattern
    if not pattern or (prefix and not prefix.isdecimal()):
        return None
    abroad = re.compile(f"{plan.international_prefix or '00'}|{plan.country_code}")
    shared = _numbering_plan(str(plan.country_code))  # lengths are those of the calling code, as +1 has many countries
    lengths = frozenset(plan.general_desc.possible_length) & (shared[0] if shared else frozenset())
    return _NationalPlan(prefix, f"+{plan.country_code}", abroad, lengths, re.compile(pattern))


@cache
def _numbering_plan(calling_code: str) -> tuple[frozenset[int], re.Pattern[str] | None] | None:
    """How many digits follow a calling code, and what the parser would take off their front."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(calling_code))
    if not regions:
        return None
    plan = PhoneMetadata.metadata_for_region_or_calling_code(int(calling_code), regions[0])
    if plan is None or plan.general_desc is None:
        return None
    prefix = plan.national_prefix_for_parsing
    return frozenset(plan.general_desc.possible_length), re.compile(prefix) if prefix else None
