"""Whom and what somebody meant: agents by id, name or part of it; the nearest name for a slip."""

from __future__ import annotations

import pytest

from leadrouter.domain.naming import agent_like, agents_meant, as_typed, named, nearest, way_out
from leadrouter.domain.policy import Agent, Policy

TEAM = [
    Agent("aina", "Aina Yusof"), Agent("aina2", "Aina Lim"), Agent("jose", "José  Peña"),
    Agent("CW", "Chong Wei Liang"), Agent("lim", "Mei Tan"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        pytest.param("aina", ["aina"], id="an id comes before a name"),
        pytest.param("AINA", ["aina"], id="whatever the capitals"),
        pytest.param("cw", ["CW"], id="also of the id"),
        pytest.param("Aina Yusof", ["aina"], id="the name"),
        pytest.param("jose pena", ["jose"], id="without accents, with other spaces"),
        pytest.param("wei liang", ["CW"], id="words of a name"),
        pytest.param("liang chong", ["CW"], id="in any order"),
        pytest.param("yusof", ["aina"], id="one word that only one has"),
        pytest.param("lim", ["lim"], id="an id comes before a part of a name"),
        pytest.param("Aina Tan", [], id="words of two people are nobody"),
        pytest.param("Yus", [], id="a piece of a word is nobody"),
        pytest.param("", [], id="nothing is nobody"),
        pytest.param("  ", [], id="nor are spaces"),
    ],
)
def test_an_agent_is_meant_by_id_then_by_name_then_by_words_of_the_name(said: str, meant: list[str]) -> None:
    assert [agent.id for agent in agents_meant(said, TEAM)] == meant


def test_several_who_may_be_meant_are_all_told() -> None:
    shared = [Agent("a", "Aina Yusof"), Agent("b", "Aina Lim"), Agent("c", "Bala")]
    assert [agent.id for agent in agents_meant("aina", shared)] == ["a", "b"]


@pytest.mark.parametrize("said", ["yussof", "Aina Yusuf", "YUSOF!"])
def test_a_slip_in_any_part_of_a_name_finds_the_agent(said: str) -> None:
    like = agent_like(said, TEAM)
    assert like is not None
    assert like.id == "aina"


def test_what_is_like_nothing_has_no_nearest() -> None:
    assert nearest("xyzzy", ("assigned", "voided")) is None
    assert way_out("xyzzy", ("assigned", "voided")) == "known: assigned, voided"
    assert way_out("Asigned", ("assigned", "voided")) == "did you mean assigned? known: assigned, voided"


@pytest.mark.parametrize(
    ("agent", "called"),
    [("aina", "Aina Yusof"), ("b", "Bala (b)"), ("gone", "gone"), (None, "nobody")],
    ids=["by name", "with the id where two share the name", "by the id where no name is known", "nobody"],
)
def test_what_an_agent_is_called(agent: str | None, called: str) -> None:
    policy = Policy((Agent("aina", "Aina Yusof"), Agent("b", "Bala"), Agent("c", "Bala")))
    assert named(policy, agent) == called


@pytest.mark.parametrize(("typed", "called"), [("HR-17", "HR-17"), ("17", "17"), ("id:17", "17"), ("ext:17", "17")])
def test_a_lead_is_called_what_it_was_called(typed: str, called: str) -> None:
    assert as_typed(typed) == called
