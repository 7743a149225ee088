"""Words as a broker writes them: names, ids, codes, postcodes, one of a list, yes or no.

A reading function takes one piece of text and returns it as the policy holds it, or says in plain words why it cannot.
Numbers are in `numbers`, times in `times`; the types made of all three in `values`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from leadrouter.config.problems import shown, unknown
from leadrouter.domain.ledger import TIERS as TIERS_END
from leadrouter.domain.telling import VARIABLE

LONGEST_TEXT = 200
LONGEST_MESSAGE = 2000

_FLAGS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
# Letters that Unicode does not take apart into a plain one and a mark.
_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})
_QUOTES = str.maketrans("", "", "'’ʼ`")


def name(text: str) -> str:
    """A name for people to read, with single spaces."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if len(tidy) > LONGEST_TEXT:
        raise ValueError(f"{shown(text)} is longer than {LONGEST_TEXT} characters")
    return tidy


def word(text: str) -> str:
    """A name that is only compared: case does not count."""
    return name(text).casefold()


def criterion(text: str) -> str:
    """What must be known before a hand-off; commas stand between criteria."""
    tidy = name(text)
    if "," in tidy:
        raise ValueError(f"{shown(text)} has a comma, which stands between criteria; write two, or leave it out")
    return tidy


def choice(*known: Iterable[str]) -> Callable[[str], str]:
    """One of these words, in any case. They are looked up at each reading: a strategy may have been added."""

    def read(text: str) -> str:
        words = {word.casefold(): word for words in known for word in words}
        if text.casefold() not in words:
            raise ValueError(unknown(text, words.values()))
        return words[text.casefold()]

    return read


def flag(text: str) -> bool:
    """yes, on, true; no, off, false."""
    if text.casefold() not in _FLAGS:
        raise ValueError(f"{shown(text)} is neither yes nor no")
    return _FLAGS[text.casefold()]


def letters(length: int, what: str, example: str) -> Callable[[str], str]:
    """A code of that many letters, in capitals."""

    def read(text: str) -> str:
        if not re.fullmatch(rf"[A-Za-z]{{{length}}}", text):
            raise ValueError(f"{shown(text)} is not a {what} of {length} letters, such as {example}")
        return text.upper()

    return read


def region(text: str) -> str:
    code = letters(2, "country code", "MY")(text)
    if code == "UK":
        raise ValueError("'UK' is not the code of a country in phone numbers; write GB")
    return code


def postcode(text: str) -> tuple[str, ...]:
    """`50480`, `501*` or `59000-59200`. A range has ends of equal length: `12345-6789` is one code."""
    code = word(text).replace(" ", "")
    if code[0] in "<>=":
        raise ValueError(f"{shown(text)} is not a postcode; write 50480, 501* or 59000-59200")
    if hit := re.fullmatch(r"([0-9]+)-([0-9]+)", code):
        first, last = hit[1], hit[2]
        if len(first) == len(last):
            if first > last:
                raise ValueError(f"{shown(text)} ends before it begins; write the smaller postcode first")
            return ("range", first, last)
    if code.endswith("*"):
        code = code[:-1]
        if code and "*" not in code:
            return ("prefix", code)
    if not code or "*" in code:
        raise ValueError(f"{shown(text)}: a '*' can only stand at the end of a postcode, as in 501*")
    return ("is", code)


def rotation_name(text: str) -> str:
    """The name of a rule or a rotation; `/hot` and `/tiers` at its end are taken."""
    tidy = name(text)
    if tidy.casefold().endswith("/hot"):
        raise ValueError(f"{shown(text)} must not end in '/hot': hot leads turn under that name; choose another")
    if tidy.casefold().endswith(TIERS_END):
        raise ValueError(
            f"{shown(text)} must not end in '{TIERS_END}': tiers have their accounts there; choose another"
        )
    return tidy


def identifier(text: str) -> str:
    """An agent's id, for command lines and references."""
    tidy = name(text)
    if not tidy[0].isalnum() or not all(_in_id(c) for c in tidy):
        raise ValueError(
            f"{shown(text)} is not an id; use letters, digits, '-', '_' and '.', beginning with a letter or digit"
        )
    return tidy


def slug(text: str) -> str:
    """The id that a name gives: `Aina Yusof` -> `aina-yusof`. Letters without ASCII form stay if no other is left."""
    folded = text.casefold().translate(_QUOTES)
    plain = unicodedata.normalize("NFKD", folded.translate(_ASCII)).encode("ascii", "ignore").decode()
    for candidate in (plain, unicodedata.normalize("NFC", folded)):
        words = "".join(c if _in_id(c) and c not in "-_." else " " for c in candidate).split()
        if words:
            return "-".join(words)
    return ""


def _in_id(c: str) -> bool:
    return c.isalnum() or c in "-_." or unicodedata.category(c)[0] == "M"  # marks are half of many scripts' letters


def address(text: str) -> str:
    """The address of a channel, `${NAME}` for what stands in the environment. What was written is never repeated: a
    secret may be in it.
    """
    rest = VARIABLE.sub("", text)
    if "${" in rest:
        raise ValueError("a variable of the environment is written as ${NAME}, in letters, digits and _")
    if not (VARIABLE.fullmatch(text) or re.match(r"[A-Za-z][A-Za-z0-9.+-]*://", text)) or re.search(r"\s", text):
        raise ValueError(
            "is not the address of a channel; write it as mailto://..., ntfy://${NTFY_TOKEN}@ntfy.sh/topic"
        )
    return text


def message(text: str) -> str:
    """The words of a notice, lines kept."""
    if len(text) > LONGEST_MESSAGE:
        raise ValueError(f"is longer than {LONGEST_MESSAGE} characters")
    return text.strip("\n")
