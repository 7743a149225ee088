"""A path or `-` -> lines of text, or a sentence saying why it cannot be a lead file. Bytes and encodings, not CSV.

Whatever comes around the text (later UTF-16 and gzip) is undone here and nowhere else; what is no text at all is
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
    b"\xd0\xcf\x11\xe0": ("this is an old Excel workbook", _AS_CSV),
    b"\xff\xfe": ("this is UTF-16 text", _AS_CSV),
    b"\xfe\xff": ("this is UTF-16 text", _AS_CSV),
    b"\x1f\x8b": ("this is compressed with gzip", "Unpack it on the way: gunzip -c FILE | leadrouter import -"),
    b"%PDF": ("this is a PDF document", "Export the leads as CSV."),
    b"\x89PNG": ("this is an image", "Export the leads as CSV."),
    b"\xff\xd8\xff": ("this is an image", "Export the leads as CSV."),
}


class Source(io.RawIOBase):
    """The bytes of a file, counted for the progress bar. `sample`, taken from its front, is read again after."""

    def __init__(self, raw: BinaryIO, size: int | None, *, closing: bool = True) -> None:
        self.size = size
        self.bytes_read = 0
        self._raw = raw
        self._closing = closing
        self.sample = self._front = raw.read(SAMPLE)

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
    sample = source.sample
    if not sample.strip():
        raise UnusableFile("the file is empty", "Export the leads again.")
    for mark, (what, hint) in _NOT_LEADS.items():
        if sample.startswith(mark):
            raise UnusableFile(what, hint)
    if b"\0" in sample[:1024]:
        raise UnusableFile("this is not a text file", _AS_CSV)
    buffered = io.BufferedReader(source, 64 * 1024)
    return io.TextIOWrapper(buffered, encoding_of(sample), errors="surrogateescape", newline="")


def encoding_of(sample: bytes) -> str:
    """UTF-8, unless the bytes speak against it: then the Windows encoding that spreadsheets in the West still write.

    One stray byte in a file full of UTF-8 names is one bad row; reading the file as cp1252 would spoil the others.
    """
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(sample, final=len(sample) < SAMPLE)
    if text.isascii():
        return "utf-8"
    undecoded = len(re.findall("[\ud800-\udfff]", text))
    decoded = len(re.findall("[^\x00-\x7f\ud800-\udfff]", text))
    return "utf-8" if decoded > undecoded else "cp1252"
