"""What is installed with leadrouter: little, with floors, and in a lock of hashes that says the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS = {
    extra: [Requirement(text) for text in texts if not text.startswith("leadrouter[")]
    for extra, texts in PROJECT["project"]["optional-dependencies"].items()
}
BUILD = [Requirement(text) for text in PROJECT["build-system"]["requires"]]
LOCKS = {
    "requirements.lock": [*RUNTIME, *EXTRAS["notify"], *BUILD],
    "dev.lock": [*RUNTIME, *EXTRAS["notify"], *EXTRAS["dev"], *BUILD],
}

PIN = re.compile(r"([A-Za-z0-9._-]+)==([^ ;]+)( ; [^\\]+)? \\")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")
REMARK = re.compile(r"( {4})?#.*")


def pins(lock: str) -> dict[str, str]:
    """Package -> release; fails on a line that is neither a pin, nor a hash of one, nor a remark."""
    found: dict[str, str] = {}
    hashes: dict[str, int] = {}
    name = ""
    for line in (ROOT / ".ci" / lock).read_text(encoding="utf-8").splitlines():
        if pin := PIN.fullmatch(line):
            name = canonicalize_name(pin[1])
            assert name not in found, f"{name} is pinned twice"
            found[name], hashes[name] = pin[2], 0
        elif HASH.fullmatch(line):
            hashes[name] += 1
        else:
            assert REMARK.fullmatch(line), line
    assert [name for name, count in hashes.items() if not count] == []
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_pins_all_that_is_asked_for_at_or_above_its_floor(lock: str) -> None:
    pinned = pins(lock)
    for wanted in LOCKS[lock]:
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_both_locks_agree() -> None:
    runtime, dev = pins("requirements.lock"), pins("dev.lock")
    assert runtime.items() <= dev.items()


def test_the_lock_holds_what_its_packages_need_in_turn() -> None:
    """Followed through what is installed here, as far as it is the locked release: pip chose it on its own."""
    pinned = pins("requirements.lock")
    here = {canonicalize_name(found.name): found for found in distributions()}
    missing = set()
    for name in pinned:
        found = here.get(canonicalize_name(name))
        needs = [Requirement(text) for text in found.requires or ()] if found and found.version == pinned[name] else []
        wanted = {need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})}
        missing |= {(name, need) for need in wanted if canonicalize_name(need) not in pinned}
    assert missing == set()


def test_there_are_few_dependencies_each_with_a_floor_and_a_reason() -> None:
    assert len(RUNTIME) <= 7
    assert len(pins("requirements.lock")) <= 40
    for wanted in (*RUNTIME, *(need for needs in EXTRAS.values() for need in needs), *BUILD):
        assert any(part.operator == ">=" for part in wanted.specifier), wanted
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for wanted in RUNTIME:
        assert re.search(rf'^  "{wanted.name}[^"]*", +# \S', text, re.MULTILINE), wanted


# --- the audit --------------------------------------------------------------------------------------------------


def advisory(name: str, **affected: Any) -> dict[str, Any]:
    return {
        "id": "TEST-1",
        "summary": "made up",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}],
    }


def reach(*events: tuple[str, str]) -> dict[str, Any]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": [{kind: when} for kind, when in events]}]}


RICH = pins("requirements.lock")["rich"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        pytest.param(advisory("rich", versions=[RICH]), 1, id="the very release"),
        pytest.param(advisory("Rich", **reach(("introduced", "0"))), 1, id="every release, no fix"),
        pytest.param(advisory("rich", **reach(("introduced", "0"), ("fixed", "9999"))), 1, id="fixed later"),
        pytest.param(advisory("rich", **reach(("introduced", "0"), ("last_affected", RICH))), 1, id="the last of them"),
        pytest.param(advisory("PyYAML", **reach(("introduced", "0"))), 1, id="spelled otherwise"),
        pytest.param(advisory("rich", **reach(("introduced", "0"), ("fixed", RICH))), 0, id="fixed in it"),
        pytest.param(advisory("rich", **reach(("introduced", "9999"))), 0, id="not yet"),
        pytest.param(advisory("rich", versions=["0.1"]), 0, id="an old release"),
        pytest.param(advisory("another", **reach(("introduced", "0"))), 0, id="another package"),
        pytest.param(advisory("rich", versions=[RICH]) | {"withdrawn": "2026-01-01"}, 0, id="withdrawn"),
    ],
)
def test_the_audit_finds_a_locked_release_with_a_known_fault(entry: dict[str, Any], code: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("TEST-1.json", json.dumps(entry))
        archive.writestr("TEST-2.json", json.dumps(advisory("nothing-of-ours")))
    done = audit(str(tmp_path / "all.zip"))
    assert done.returncode == code
    assert ("TEST-1 made up" in done.stdout) == bool(code)


def test_without_a_database_the_audit_says_that_it_was_not_done() -> None:
    done = audit()
    assert (done.returncode, done.stdout[:16]) == (0, "audit: not done,")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_database_that_holds_nothing_is_no_clean_bill(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(content)
    assert audit(str(tmp_path / "all.zip")).returncode == 2


def audit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py", *arguments],
        capture_output=True, text=True, check=False, env={"PATH": ""},
    )  # fmt: skip
