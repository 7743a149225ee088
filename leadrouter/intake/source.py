"""A path or `-` -> lines of text, or a sentence saying why it cannot be a lead file. Bytes and encodings, not CSV.

Whatever comes around the text (UTF-16, gzip) is undone here and nowhere else; what is no text at all is
refused here. Memory stays at one buffer whatever the file's size.
"""

from __future__ import annotations

import codecs
import io
import re
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO

from leadrouter.errors import UnusableFile

SAMPLE = 256 * 1024
"""Bytes looked at to tell the encoding."""

_AS_CSV = "Open it and save it as CSV (UTF-8)."
_NOT_LEADS = {
    b"PK\x03\x04": ("this is an Excel workbook or a zip archive", _AS_CSV),
    b"PK\x05\x06": ("this is an empty zip archive", _AS_CSV),
    b"\xd0\xcf\x11\xe0": ("this is an old Excel workbook", _AS_CSV),
    b"\x1f\x8b": ("this is compressed with gzip twice", "Unpack it on the way: gunzip -c FILE | leadrouter import -"),
    b"BZh": ("this is compressed with bzip2", "Unpack it on the way: bunzip2 -c FILE | leadrouter import -"),
    b"\xfd7zXZ": ("this is compressed with xz", "Unpack it on the way: unxz -c FILE | leadrouter import -"),
    b"%PDF": ("this is a PDF document", "Export the leads as CSV."),
    b"\x89PNG": ("this is an image", "Export the leads as CSV."),
    b"\xff\xd8\xff": ("this is an image", "Export the leads as CSV."),
    b"SQLite format 3": ("this is a database", "Export the leads as CSV."),
}
_GZIP = b"\x1f\x8b"

MOST_PACKED = 200
"""So many times its size a gzip file of leads may hold; real ones hold 3 to 30 times, a bomb a thousand times."""

UNPACKED_FREELY = 8 * 1024 * 1024
"""Bytes from which on that is asked: a small file of rows that are all alike packs well."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_HEAD = 1024
"""Bytes in which text shows what it is: the names of the columns are mostly plain letters and separators."""


def _lone(error: UnicodeError) -> tuple[str, int]:
    """What fits no character becomes a lone surrogate, as `surrogateescape` makes it of single bytes: one bad cell."""
    assert isinstance(error, UnicodeDecodeError)
    return "\udcff", error.end


codecs.register_error("leadrouter.lone", _lone)


class Source(io.RawIOBase):
    """The bytes of a file, counted for the progress bar. `sample`, taken from its front, is read again after."""

    def __init__(self, raw: BinaryIO | io.RawIOBase, size: int | None, *, closing: bool = True) -> None:
        self.size = size
        self.bytes_read = 0
        self._raw: Any = raw
        self._closing = closing
        self.sample = self._front = self._raw.read(SAMPLE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = len(buffer)
        chunk, self._front = self._front[:wanted], self._front[wanted:]
        chunk = chunk or self._raw.read(wanted)
        buffer[: len(chunk)] = chunk
        self.bytes_read += len(chunk)
        return len(chunk)

    def close(self) -> None:
        if self._closing and not self.closed:
            self._raw.close()
        super().close()


def open_source(source: str, stdin: BinaryIO | None) -> Source:
    """The bytes of a file, or of standard input for `-`."""
    if source == "-":
        return Source(stdin or sys.stdin.buffer, None, closing=False)  # it is not ours to close
    try:
        raw = Path(source).open("rb")  # noqa: SIM115  # Source closes it
        status = Path(source).stat()
        return Source(raw, status.st_size if stat.S_ISREG(status.st_mode) else None)
    except FileNotFoundError:
        raise UnusableFile("no such file", "Check the name; - reads standard input.") from None
    except IsADirectoryError:
        raise UnusableFile("this is a folder", "Name one file in it.") from None
    except PermissionError:
        raise UnusableFile("no permission to read it", "Ask its owner for it.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UnusableFile(f"it cannot be opened ({error})", "Check the name.") from None


def as_text(source: Source) -> io.TextIOWrapper:
    """The text, line ends as they are. A byte that fits no character becomes a lone surrogate: one bad cell."""
    if source.sample.startswith(_GZIP):
        source = Source(_Unpacked(source), None)
    sample = source.sample
    if not sample.strip():
        raise UnusableFile("the file is empty", "Export the leads again.")
    for mark, (what, hint) in _NOT_LEADS.items():
        if sample.startswith(mark):
            raise UnusableFile(what, hint)
    encoding = encoding_of(sample)
    if not encoding.startswith(("utf-16", "utf-32")) and b"\0" in sample[:_HEAD]:
        raise UnusableFile("this is not a text file", _AS_CSV)
    errors = "surrogateescape" if encoding.startswith(("utf-8", "cp")) else "leadrouter.lone"
    return io.TextIOWrapper(io.BufferedReader(source, 64 * 1024), encoding, errors=errors, newline="")


def encoding_of(sample: bytes) -> str:
    """UTF-8, unless the bytes speak against it: UTF-16, or the Windows encoding that spreadsheets in the West still
    write.

    One stray byte in a file full of UTF-8 names is one bad row; reading the file as cp1252 would spoil the others.
    """
    for mark, encoding in _MARKS.items():
        if sample.startswith(mark):
            return encoding
    if unmarked := _unmarked_utf16(sample[:_HEAD]):
        return unmarked
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(sample)
    decoded = len(re.findall("[^\x00-\x7f\ud800-\udfff]", text))
    if not decoded and len(sample) < SAMPLE:
        text += decoder.decode(b"", final=True)  # a character cut off at the end speaks against nothing else
    undecoded = len(re.findall("[\ud800-\udfff]", text))
    return "utf-8" if decoded >= undecoded else "cp1252"


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain letters is zero, and never the byte beside it."""
    first, second = head[::2].count(0), head[1::2].count(0)
    if second * 4 > len(head) and not first:
        return "utf-16-le"
    if first * 4 > len(head) and not second:
        return "utf-16-be"
    return None


class _Unpacked(io.RawIOBase):
    """What a gzip file holds. One that is damaged or cut off ends in a plain sentence."""

    def __init__(self, packed: Source) -> None:
        import gzip

        self._packed = packed
        self._unpacked = 0
        self._gzip = gzip.GzipFile(fileobj=io.BufferedReader(packed, 64 * 1024))

    def read(self, size: int = -1) -> bytes:
        import zlib

        try:
            chunk = self._gzip.read(size)
        except (EOFError, OSError, zlib.error):  # gzip.BadGzipFile is an OSError
            raise UnusableFile("this gzip file is damaged or cut off", "Fetch or export it again.") from None
        self._unpacked += len(chunk)
        if self._unpacked > max(UNPACKED_FREELY, MOST_PACKED * self._packed.bytes_read):
            raise UnusableFile(
                f"this gzip file holds more than {MOST_PACKED} times its size, as no file of leads does",
                "If it is one all the same: gunzip -c FILE | leadrouter import -",
            )
        return chunk

    def close(self) -> None:
        if not self.closed:
            self._gzip.close()
            self._packed.close()
        super().close()
