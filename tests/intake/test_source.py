"""Bytes to text: encodings, and everything that is no text at all."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
from functools import partial
from pathlib import Path

import pytest

from leadrouter.errors import UnusableFile
from leadrouter.intake.rows import Lines
from leadrouter.intake.source import SAMPLE, Source, as_text, encoding_of, open_source

packed = partial(gzip.compress, mtime=0)
"""The same bytes at any time, so that a test keeps its name."""


def text_of(content: bytes) -> str:
    with as_text(Source(io.BytesIO(content), None)) as text:
        return text.read()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b"Ada", "Ada", id="ASCII"),
        pytest.param("José 李".encode(), "José 李", id="UTF-8"),
        pytest.param("José".encode("utf-8-sig"), "José", id="UTF-8 with a mark"),
        pytest.param("José – Müller".encode("cp1252"), "José – Müller", id="cp1252"),
        pytest.param("José Nuñez, Jo".encode() + b"\xe9", "José Nuñez, Jo\udce9", id="one stray byte in UTF-8"),
        pytest.param(b"Jos\xe9 \x81", "José \udc81", id="a byte that cp1252 does not know"),
        pytest.param("José 李".encode("utf-16"), "José 李", id="UTF-16 with a mark"),
        pytest.param(b"\xfe\xff" + "José".encode("utf-16-be"), "José", id="UTF-16 big endian with a mark"),
        pytest.param("José 李".encode("utf-16-le"), "José 李", id="UTF-16 little endian without a mark"),
        pytest.param("name,José".encode("utf-16-be"), "name,José", id="UTF-16 big endian without a mark"),
        pytest.param("José 李".encode("utf-32"), "José 李", id="UTF-32"),
        pytest.param("name,a".encode("utf-16") + b"\x00\xd8", "name,a\udcff", id="half a character in UTF-16"),
        pytest.param("name,a".encode("utf-16") + b"x", "name,a\udcff", id="an odd byte in UTF-16"),
        pytest.param(packed("José 李".encode()), "José 李", id="gzip"),
        pytest.param(packed("José".encode("utf-16")), "José", id="UTF-16 inside gzip"),
        pytest.param("José".encode() + "é".encode()[:1], "José\udcc3", id="a character cut off at the end"),
        pytest.param(b"Jos\xe9", "José", id="cp1252 that ends in an accent"),
        pytest.param(b"a\r\nb\rc\n", "a\r\nb\rc\n", id="line ends stay as they are"),
        pytest.param("é".encode() * SAMPLE, "é" * SAMPLE, id="a letter cut by the end of the sample"),
    ],
)
def test_text_is_read_in_its_encoding(content: bytes, text: str) -> None:
    assert text_of(content) == text


def test_what_comes_after_the_sample_does_not_change_the_encoding() -> None:
    assert encoding_of(b"a" * SAMPLE) == "utf-8"
    assert text_of(b"a" * SAMPLE + b"\xe9") == "a" * SAMPLE + "\udce9"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \r\n\n", "the file is empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"\x89PNG\r\n", "an image"),
        (b"%PDF-1.7", "a PDF"),
        (packed(packed(b"email")), "gzip twice"),
        (packed(b"PK\x03\x04rest"), "Excel workbook"),
        (packed(b""), "the file is empty"),
        (packed(b"email,name")[:-5], "damaged or cut off"),
        (packed(b"email,name")[:9] + b"?" * 30, "damaged or cut off"),
        (b"BZh91AY", "bzip2"),
        (b"SQLite format 3\0", "a database"),
        (b"email,na\0me\n", "not a text file"),
    ],
)
def test_what_is_not_text_is_refused_with_a_way_out(content: bytes, message: str) -> None:
    with pytest.raises(UnusableFile) as caught:
        as_text(Source(io.BytesIO(content), None))
    assert message in caught.value.message
    assert caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="no such file"):
        open_source(str(tmp_path / "none.csv"), None)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="folder"):
        open_source(str(tmp_path), None)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_closed_to_us_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "closed.csv"
    path.touch(mode=0o000)
    with pytest.raises(UnusableFile, match="no permission"):
        open_source(str(path), None)


def test_a_refusal_of_the_system_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnusableFile, match="no permission"):
        open_source(str(tmp_path / "closed.csv"), None)


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(UnusableFile, match="cannot be opened"):
        open_source(name, None)


def test_bytes_are_counted_for_the_progress_bar(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(b"email\n" * 100_000)
    with open_source(str(path), None) as source:
        assert (source.size, source.bytes_read) == (600_000, 0)
        text = as_text(source)
        text.readline()
        assert 0 < source.bytes_read < 600_000
        text.read()
        assert source.bytes_read == 600_000
        text.close()


def test_what_was_read_of_a_gzip_file_is_counted_packed(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv.gz"
    path.write_bytes(packed(os.urandom(200_000).hex().encode()))
    with open_source(str(path), None) as source:
        as_text(source).read()
        assert source.bytes_read == source.size == path.stat().st_size


def test_standard_input_has_no_size_and_stays_open() -> None:
    stdin = io.BytesIO(b"email\n")
    source = open_source("-", stdin)
    assert source.size is None
    as_text(source).close()
    assert not stdin.closed


def test_a_pipe_has_no_size(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"email\n")
    os.close(writing)
    with open_source(f"/dev/fd/{reading}", None) as source:
        assert source.size is None
        assert source.sample == b"email\n"
    os.close(reading)


# --- bombs ----------------------------------------------------------------------------------------------------


def bomb(path: Path, head: bytes, filling: bytes, mebibytes: int) -> Path:
    """A small gzip file of so many mebibytes."""
    with gzip.open(path, "wb") as file:
        file.write(head)
        for _ in range(mebibytes):
            file.write(filling * (2**20 // len(filling)))
    return path


@pytest.mark.parametrize(
    "filling",
    [
        pytest.param(b"a", id="a line without an end"),
        pytest.param(b"\n", id="empty lines"),
        pytest.param(b"ada@example.com\n", id="the same row again and again"),
    ],
)
def test_a_bomb_of_gzip_does_not_go_off(tmp_path: Path, filling: bytes) -> None:
    path = bomb(tmp_path / "leads.csv.gz", b"email\n", filling, 100)
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    with pytest.raises(UnusableFile, match="holds more than 200 times its size"):
        read_through(path)
    assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    tracemalloc.stop()


def read_through(path: Path) -> None:
    read = 0
    with as_text(open_source(str(path), None)) as text:
        while chunk := text.read(64 * 1024):
            read += len(chunk)
            assert read < 32 * 2**20


def test_rows_that_pack_well_are_read(tmp_path: Path) -> None:
    """Up to 8 MiB nobody asks how well."""
    path = bomb(tmp_path / "leads.csv.gz", b"email\n", b"ada@example.com\n", 7)
    with as_text(open_source(str(path), None)) as text:
        assert sum(1 for _ in text) == 1 + 7 * 2**16


def test_a_line_without_an_end_on_standard_input_is_given_up() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"a" * size

    with pytest.raises(UnusableFile, match="line 1 has no end within 64 MiB"):
        next(Lines(as_text(Source(Endless(), None))))
