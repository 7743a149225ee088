"""Looks up every release of the lock files in a database of known vulnerabilities that lies on this disk.

Without a network: the database is the file of advisories for Python packages that OSV publishes as one zip (its page on
data dumps names it; `all.zip` of the ecosystem PyPI, which gathers the GitHub and PyPA advisories). Fetch it where
there is a network, name it in LEADROUTER_ADVISORIES or as the only argument. Without one this says so and checks
nothing. Where there is a network, `pip-audit --disable-pip --require-hashes -r .ci/requirements.lock` does the same.

Exit codes: 0 nothing known, or not checked; 1 a locked release has a known vulnerability; 2 the database is unusable.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

LOCKS = ("requirements.lock", "dev.lock")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def normal(name: str) -> str:
    """A package's name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(folder: Path) -> dict[str, str]:
    """Package -> release, of all lock files."""
    return {
        normal(name): version for lock in LOCKS for name, version in PINNED.findall((folder / lock).read_text("utf-8"))
    }


def advisories(database: Path) -> Iterator[dict[str, Any]]:
    """Every advisory that was not withdrawn."""
    with zipfile.ZipFile(database) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                entry = json.loads(archive.read(name))
                if "withdrawn" not in entry:
                    yield entry


def hits(entry: dict[str, Any], releases: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The locked releases that an advisory is about (OSV schema: a listed version, or one inside a range)."""
    for part in entry.get("affected", ()):
        package = part.get("package", {})
        name = normal(package.get("name", ""))
        if package.get("ecosystem") != "PyPI" or name not in releases:
            continue
        version = releases[name]
        if version in part.get("versions", ()) or any(inside(version, span) for span in part.get("ranges", ())):
            yield name, version


def inside(version: str, span: dict[str, Any]) -> bool:
    """Whether a release lies in a range: from `introduced` on, before `fixed`, up to `last_affected`."""
    if span.get("type") != "ECOSYSTEM":
        return False
    begun = False
    try:
        at = Version(version)
        points = [(when, kind) for event in span["events"] for kind, when in event.items()]
        events = sorted((Version("0a0.dev0" if when == "0" else when), kind) for when, kind in points)
    except InvalidVersion:
        return True  # nobody can tell: better look at it
    for when, kind in events:
        if kind == "introduced" and at >= when:
            begun = True
        elif (kind == "fixed" and at >= when) or (kind == "last_affected" and at > when):
            begun = False
    return begun


def main(arguments: list[str]) -> int:
    """Prints what is known."""
    place = arguments[0] if arguments else os.environ.get("LEADROUTER_ADVISORIES")
    if not place:
        print("audit: not done, since there is no database of advisories here (LEADROUTER_ADVISORIES names one)")
        return 0
    releases = locked(Path(__file__).parent)
    count = 0
    found: dict[str, list[str]] = {}
    try:
        for entry in advisories(Path(place)):
            count += 1
            for name, version in hits(entry, releases):
                found.setdefault(f"{name} {version}", []).append(f"{entry['id']} {entry.get('summary', '')}".strip())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(f"audit: {place} cannot be used: {error}", file=sys.stderr)
        return 2
    if not count:
        print(f"audit: {place} holds no advisory", file=sys.stderr)
        return 2
    for release, known in sorted(found.items()):
        print(f"{release}: {'; '.join(known)}")
    print(f"audit: {len(releases)} releases, {count:,} advisories, {len(found)} releases with a known vulnerability")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
