"""One cell of a lead file as a value: clean text, an e-mail address, a number, a moment. Phones are in `phones`.

Each reader takes cleaned, non-empty text and returns the value, or None where it cannot be read; what an
unreadable cell means for its lead is decided in `values`. No rows, no headers, no files here.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from leadrouter.domain.policy import QUALITIES
from leadrouter.errors import LeadrouterError
from leadrouter.hostile import GONE, HIDDEN, is_open, unheaped, would_run

CELL_LIMIT = 65_536
"""Characters. No field of a lead is longer; a longer one is a sign of a file read wrongly."""

_CURRENCY_WORDS = (
    "aed ars aud bdt bhd brl cad chf clp cny cop czk dkk egp eur gbp hkd huf idr ils inr jpy kes krw kwd lkr mad mxn "
    "myr ngn nok nzd omr pen php pkr pln qar rm rmb ron rp rs rub sar sek sgd thb try twd uah usd vnd zar "
    "dh dhs dirham dirhams dollar dollars euro euros pound pounds ringgit rupees"
)
CURRENCIES = frozenset(_CURRENCY_WORDS.split())
"""Words that may stand beside a number, casefolded. A closed list: `2 BHK` or `max 500000` is no price."""

_BREAKS = [0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]
_SPACES = dict.fromkeys([0x09, 0xA0], " ")  # 0xA0 does not break and comes along from web pages
_ON_ONE_LINE = GONE | _SPACES | dict.fromkeys(_BREAKS, " ")
_KEEPING_LINES = GONE | _SPACES | dict.fromkeys(_BREAKS, "\n")

_BETWEEN_SEVERAL = r"(?:\s*(?::::|[,;|/\n<>]|\bor\b|\band\b|&)\s*|\s{2,})+"

# Patterns are compiled at their first use: `route` rarely meets one, and compiling these takes a millisecond.
_SYMBOL = "[a-z]{0,3}[$£¥฿﷼\u20a0-\u20cf]"
_DIGITS = r"\d{1,3}(?P<separator>[,\s'’])(?:\d{2,3}(?P=separator))*\d{3}|\d+"
_AMOUNT = rf"(?P<sign>[+-]?)(?P<before>[^\d+-]*)(?P<digits>(?:{_DIGITS})(?:\.\d*)?)(?P<after>\D*)"


class BadValue(LeadrouterError):
    """Values that make no lead. The message is a plain sentence without the person's data."""

    exit_code = 2
    code = "bad_value"


def is_plain(text: str) -> bool:
    """Trimming is all it needs. True of many whole rows, and told of a row in the time of two cells."""
    return text.isascii() and text.isprintable() and len(text) <= CELL_LIMIT and "'" not in text


def one_line(cell: str) -> str:
    """The cell as text on one line: trimmed, NFC, without anything unseen; "" when empty."""
    return _cleaned(cell, _ON_ONE_LINE)


def many_lines(cell: str) -> str:
    """The same for a message, which keeps its lines."""
    return _cleaned(cell, _KEEPING_LINES)


def _cleaned(cell: str, changes: Mapping[int, str | None]) -> str:
    text = cell.strip()
    if len(text) > CELL_LIMIT:
        raise BadValue(f"a cell is longer than {CELL_LIMIT:,} characters")
    text = _bare(text)
    if not (text.isprintable() and is_open(text)):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadValue("text is not readable as UTF-8") from None
        text = _bare(text.translate(HIDDEN).strip())
        text = unheaped(text.replace("\r\n", "\n").translate(changes).strip())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _bare(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running it (`hostile.as_cell`)."""
    while text[:1] == "'" and would_run(text[1:]):
        text = text[1:].strip()
    return text


def email(text: str) -> str | None:
    """One @ with something on both sides and no spaces; casefolded, because people type it either way."""
    name, _, host = text.partition("@")
    if not name or not host or "@" in host or len(text.split()) > 1 or not host[-1].isalnum():
        return None
    return text.casefold()


def several(text: str) -> list[str]:
    """What stands in a cell that holds more than one: `012-345 6789 / 019-876 5432`, `a ::: b`, `Ada <a@x.com>`."""
    return [part for part in re.split(_BETWEEN_SEVERAL, text) if part]


def number(text: str) -> float | None:
    """A finite number, with or without thousands separators and a currency: `AED 2,355,000`, `RM 500 000`."""
    try:
        value = float(text)
    except ValueError:
        amount = re.fullmatch(_AMOUNT, text)
        if not amount or not is_currency(amount["before"]) or not is_currency(amount["after"]):
            return None
        digits = amount["digits"].replace(amount["separator"] or ",", "")
        value = float(amount["sign"] + digits)
    return value + 0.0 if math.isfinite(value) and "_" not in text else None  # + 0.0 makes -0 a plain 0


def is_currency(word: str) -> bool:
    word = word.strip().casefold()
    return not word or word.removesuffix(".") in CURRENCIES or re.fullmatch(_SYMBOL, word) is not None


def price(text: str) -> float | None:
    """The same, but `450.000` is not four hundred and fifty: nobody writes a price in thousandths."""
    if "." in text and re.fullmatch(r"[^\d.]*(?:\.\s*)?[1-9]\d{0,2}(?:\.\d{3})+\D*", text):  # "Rs. 450.000"
        text = text.replace(".", "")
    return number(text)


def latitude(text: str) -> float | None:
    value = number(text)
    return value if value is not None and abs(value) <= 90 else None


def longitude(text: str) -> float | None:
    value = number(text)
    return value if value is not None and abs(value) <= 180 else None


def moment(text: str, zone: tzinfo) -> str | None:
    """An ISO date or date-time as UTC; one without an offset is the team's local time."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            at = at.astimezone(UTC)
        elif offset := zone.utcoffset(at):
            at -= offset  # what replace(tzinfo=zone).astimezone(UTC) says, in a third of the time
        return at.isoformat()[:19] + "Z"
    except (ValueError, OverflowError):
        return None


def quality(text: str) -> str | None:
    word = text.casefold()
    return word if word in QUALITIES else None


def custom_key(header: str) -> str:
    """The name under which an unknown column is kept; "" when the header has no letter or digit."""
    folded = unicodedata.normalize("NFC", header).casefold()
    return "_".join("".join(mark if mark.isalnum() else " " for mark in folded).split())
