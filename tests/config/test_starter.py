"""What `init` writes is a valid file, says the defaults and shows every key."""

from __future__ import annotations

import re

import pytest

from leadrouter.config import starter_text
from leadrouter.config.entry import Entry
from leadrouter.config.schema import CircleEntry, PointEntry, PresetEntry, TerritoryEntry
from leadrouter.domain.policy import Agent, Policy

from .conftest import ENTRIES, Read

DEFAULTS = Policy(agents=(Agent("aina", "Aina"), Agent("bala", "Bala"), Agent("chong", "Chong")))


@pytest.mark.parametrize("full", [False, True])
def test_the_starter_is_a_valid_file_that_means_the_defaults(read: Read, full: bool) -> None:
    assert read(starter_text(full)).policy == DEFAULTS


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_full_starter_shows_every_key(entry: type[Entry]) -> None:
    keys = set(re.findall(r"(\w+):", starter_text(full=True)))
    assert entry.known_keys() <= keys


def test_the_full_starter_leaves_to_comments_only_what_has_no_default() -> None:
    uncommented = re.sub(r"#.*", "", starter_text(full=True))
    missing = {
        key
        for entry in ENTRIES
        if entry not in (TerritoryEntry, CircleEntry, PointEntry, PresetEntry)
        for key in entry.known_keys()
        if not re.search(rf"\b{key}:", uncommented)
    }
    assert missing == {
        "when", "misses", "max_offers", "declined_costs_turn", "url", "public", "only", "title", "text",
    }  # fmt: skip


@pytest.mark.parametrize("full", [False, True])
def test_what_the_starter_shows_in_comments_is_valid_too(read: Read, full: bool) -> None:
    """Every commented line that is a key of the file is taken in; prose and end-of-line remarks stay out."""
    lines = starter_text(full).splitlines()
    taken = [re.sub(r"^( *)# (?=(?:  )*(?:- |\w+:))", r"\1", line) for line in lines]
    text = "\n".join(line for line in taken if not re.match(r" +when: +#", line))
    if full:
        text = text.replace("{specialty: luxury}", "{source: portal}")
    policy = read(text).policy
    assert len(policy.rules) == 2
    assert policy.rules[0].when is not None


@pytest.mark.parametrize("full", [False, True])
def test_the_starter_is_narrow_enough_to_read(full: bool) -> None:
    assert max(map(len, starter_text(full).splitlines())) <= 110
