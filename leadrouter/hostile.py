"""What a stranger's text may not do to whoever looks at it: command a terminal, hide, or run in a spreadsheet.

One list for every door. Cells of lead files are cleaned of these characters (`intake.cells`), a configuration with one
in it is refused (`config.source`), and where text is printed that came in by no such door (an argument, the name of a
file, a database somebody edited) they are spelled out. Knows characters alone: no files, no streams, no fields.
"""

from __future__ import annotations

import re
from functools import cache

_UNSEEN = (
    *((0x00, 0x1F), (0x7F, 0x9F)),  # C0 and C1: they command terminals
    *((0x61C, 0x61C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069)),  # they turn text around
    *((0x2028, 0x2029), (0xFFF9, 0xFFFB)),  # they break lines, or annotate
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x200B, 0x200B), (0x2060, 0x2065)),
    *((0x115F, 0x1160), (0x3164, 0x3164), (0xFFA0, 0xFFA0), (0x206A, 0x206F), (0xFEFF, 0xFEFF)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE007F)),
)
UNSEEN = tuple(sign for first, last in _UNSEEN for sign in range(first, last + 1))
"""Code points that are no text. Beside the controls: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt)
but for the joiners U+200C and U+200D, which Persian and Indian names need, and the variation selectors."""

GONE: dict[int, str | None] = dict.fromkeys(UNSEEN)
"""For `str.translate`: without them."""


def _spelled(sign: int) -> str:
    units = [sign] if sign < 0x10000 else [0xD7C0 + (sign >> 10), 0xDC00 + (sign & 0x3FF)]
    return "".join(f"\\u{unit:04x}" for unit in units)


@cache
def _spellings() -> dict[int, str]:
    return {sign: _spelled(sign) for sign in UNSEEN if chr(sign) not in "\t\n"}


_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
MOST_MARKS = 4
"""On one letter; no language writes more of these. A heap of them covers the lines above and below."""

_SIGNS = frozenset("=+-@＝＋－＠")
_BLANKS = frozenset("\t\n\x0b\x0c\r\x85\u2028\u2029")
HIDDEN: dict[int, str | None] = {sign: None for sign in UNSEEN if chr(sign) not in _BLANKS}
"""The same for those alone that leave no blank behind."""


def visible(text: str) -> str:
    r"""The text with everything unseen in it spelled out, as `\u202e`: in JSON that is the same text still."""
    if text.isascii() and text.replace("\n", "").isprintable():  # nearly always; the table takes half a millisecond
        return text
    return text.translate(_spellings())


def unheaped(text: str) -> str:
    """The text with at most MOST_MARKS marks on a letter."""
    return text if text.isascii() else _heap().sub(r"\1", text)


def is_open(text: str) -> bool:
    """Nothing in a printable text hides: no letter without a shape, no heap of marks."""
    return text.isascii() or not (_shapeless().search(text) or _heap().search(text))


@cache
def _heap() -> re.Pattern[str]:  # compiled at its first use: few commands meet such a text
    return re.compile(rf"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]+")


@cache
def _shapeless() -> re.Pattern[str]:
    return re.compile(f"[{''.join(chr(sign) for sign in UNSEEN if chr(sign).isprintable())}]")


def would_run(text: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula, whatever unseen or blank stands before its sign
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    seen = text.translate(HIDDEN)
    bare = seen.lstrip()
    return bare[:1] in _SIGNS or (seen[:1] in _BLANKS and bare != "")


def as_cell(text: str) -> str:
    """The text for a cell of a file that a spreadsheet may open: what it would run gets an apostrophe in front, which
    `intake.cells` takes off again."""
    return f"'{text}" if would_run(text) else text
