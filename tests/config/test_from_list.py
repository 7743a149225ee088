"""What `init` writes for a list or a size passes `check`, and says what is advised for a team of that size."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.config import read_written
from leadrouter.config.advice_on_size import by_size
from leadrouter.config.from_list import Entry, text_by_size, text_from_list
from leadrouter.domain.policy import Policy
from leadrouter.errors import UnusableFile


class Row(NamedTuple):
    """A row of a list."""

    line: int
    entry: Entry
    contact: str = ""


def rows(*entries: Entry) -> list[Row]:
    return [Row(line, entry) for line, entry in enumerate(entries, start=2)]


def policy_of(text: str) -> Policy:
    return read_written(text, "made").policy


def made(*entries: Entry, size: int | None = None) -> Policy:
    written = text_from_list("agents.csv", rows(*entries), (), size)
    assert written.left_out == []
    return policy_of(written.text)


MISSING = ("no rule", "think of", "for larger teams", "pay above")
"""What advice by size says of a policy that does not fit."""


@pytest.mark.parametrize("size", [1, 3, 9, 10, 15, 20, 21, 30, 60])
def test_the_policy_of_a_size_is_the_one_that_is_advised_for_it(size: int) -> None:
    policy = policy_of(text_by_size(size))
    assert len(policy.agents) == size
    assert [line for line in by_size(policy) if any(word in line for word in MISSING)] == []


def test_below_ten_are_turns_from_ten_tiers_above_twenty_places_and_fields() -> None:
    rules = {size: policy_of(text_by_size(size)).rules[-1] for size in (9, 10, 20, 21)}
    assert [rules[size].strategy for size in rules] == ["round_robin", "performance", "performance", "performance"]
    assert [{"territory", "specialty"} <= set(rules[size].prefer) for size in rules] == [False, False, False, True]


@pytest.mark.parametrize("size", [0, -1, 501])
def test_a_size_that_is_no_team_is_refused(size: int) -> None:
    with pytest.raises(UnusableFile):
        text_by_size(size)


def test_the_size_counts_those_who_take_turns_unless_it_is_said() -> None:
    agents = [{"name": f"Agent {number}"} for number in range(9)]
    assert made(*agents, {"name": "Mei", "role": "leader"}).rules[-1].strategy == "round_robin"
    assert made(*agents, {"name": "Mei"}).rules[-1].strategy == "performance"
    assert made(*agents, size=25).rules[-1].strategy == "performance"


def test_what_the_list_says_is_what_the_policy_holds() -> None:
    policy = made(
        {"name": "Aina Yusof", "weight": "1.5", "languages": ["ms", "en"], "territories": ["Bangsar", "50480"]},
        {"id": "b-1", "name": 'Bala: the "quick" #1', "capacity": "20", "joined": "2020-06-22", "tier": "A"},
        {"name": "Mei", "role": "leader"},
    )
    aina, bala, mei = policy.agents
    assert (aina.id, aina.name, aina.languages, aina.territories) == (
        "aina", "Aina Yusof", ("ms", "en"), ("bangsar", "50480"),
    )  # fmt: skip
    assert (bala.id, bala.name, bala.capacity, bala.joined, bala.tier) == (
        "b-1", 'Bala: the "quick" #1', 20, "2020-06-22", "A",
    )  # fmt: skip
    assert policy.team.leader == mei.id
    places = {territory.name: (territory.postcodes, territory.areas) for territory in policy.territories}
    assert places["bangsar"] == ((), ("bangsar",))
    assert places["50480"][0] != ()


@pytest.mark.parametrize(
    "name", ["null", "NULL", "no", "007", "1.5", "12:30", "a: b", "a #b", "x, y", "[z]", "{w}", "- q"]
)
def test_a_name_that_yaml_would_take_for_something_else_stays_a_name(name: str) -> None:
    agent, _ = made({"name": name, "id": "one"}, {"name": "Bala"}).agents
    assert agent.name == name


def test_two_of_one_first_name_get_their_whole_names_as_ids() -> None:
    same = ({"name": "Aina Yusof"}, {"name": "Aina Lim"}, {"name": "Aina Lim"}, {"name": "Bala"})
    assert [agent.id for agent in made(*same).agents] == ["aina-yusof", "aina-lim", "aina-lim-2", "bala"]


def test_two_leaders_are_not_chosen_between() -> None:
    leaders = ({"name": "Mei", "role": "leader"}, {"name": "Tan", "role": "leader"}, {"name": "Aina"})
    assert made(*leaders).team.leader is None


def test_a_row_that_the_check_refuses_is_left_out_in_the_words_of_the_check() -> None:
    listed = rows({"name": "Aina"}, {"name": "Bala", "weight": "heavy"}, {"name": "Chong", "cover": "nobody"})
    written = text_from_list("agents.csv", listed, [(9, "the name is missing")], None)
    assert [agent.id for agent in policy_of(written.text).agents] == ["aina"]
    lines, reasons = zip(*written.left_out, strict=True)
    assert lines == (3, 4, 9)
    assert "weight: 'heavy'" in reasons[0]
    assert "cover: unknown agent 'nobody'" in reasons[1]
    for line, reason in written.left_out:
        assert f"# line {line} of the list is left out: {reason}" in written.text


def test_who_depends_on_a_row_that_is_left_out_is_left_out_too() -> None:
    listed = rows({"name": "Aina", "weight": "heavy"}, {"name": "Bala", "cover": "aina"}, {"name": "Chong"})
    written = text_from_list("agents.csv", listed, (), None)
    assert [agent.id for agent in policy_of(written.text).agents] == ["chong"]
    assert [line for line, _ in written.left_out] == [2, 3]


def test_a_list_without_a_usable_row_is_refused_with_every_reason() -> None:
    with pytest.raises(UnusableFile) as caught:
        text_from_list("agents.csv", rows({"name": "Aina", "weight": "heavy"}), [(3, "the name is missing")], None)
    assert "agents.csv:2: weight: 'heavy'" in caught.value.message
    assert "agents.csv:3: the name is missing" in caught.value.message


words = st.text(min_size=1, max_size=20)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"name": words},
            optional={"id": words, "territories": st.lists(words, max_size=3), "weight": words, "hours": words},
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_a_list_says_what_is_written_passes_the_check(entries: list[Entry]) -> None:
    """Every row is an agent of a valid file, or named as left out."""
    listed = rows(*entries)
    try:
        written = text_from_list("agents.csv", listed, (), None)
    except UnusableFile:
        return
    assert len(policy_of(written.text).agents) == written.agents == len(listed) - len(written.left_out)
