"""How long people are kept, in YAML: not at all limited unless it is written, in years as well."""

from __future__ import annotations

import json

import pytest

from leadrouter.domain.promises import DAY, Retention
from leadrouter.domain.stored_policy import dump, rebuild
from tests.factories import make_policy

from .conftest import Read, Refuse

TEAM = "agents: [A]\n"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("", None),
        ("retention: {closed: off}", None),
        ("retention: {closed: 3y}", 3 * 365 * DAY),
        ("retention: {closed: 90d}", 90 * DAY),
    ],
)
def test_what_is_written_is_kept_so_long(written: str, seconds: int | None, read: Read) -> None:
    policy = read(TEAM + written).policy
    assert policy.retention == Retention(seconds)
    assert rebuild(json.loads(json.dumps(dump(policy)))) == policy


def test_a_version_from_before_there_was_retention_keeps_without_end() -> None:
    written = dump(make_policy(1))
    del written["retention"]
    assert rebuild(written).retention == Retention(None)


@pytest.mark.parametrize("closed", ["3", "forever", "0y", "11y"])
def test_what_is_no_length_of_time_is_refused(closed: str, refuse: Refuse) -> None:
    refuse(TEAM + f"retention: {{closed: {closed}}}")
