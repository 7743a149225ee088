"""Whatever a file holds, it is either a policy or refused in plain words; nothing else ever comes out."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouter.config import InvalidConfiguration, read_config, starter_text
from leadrouter.config.conditions import READERS
from leadrouter.config.schema import Document
from leadrouter.config.source import read_source
from leadrouter.domain.matching import compile_condition
from leadrouter.domain.policy import Policy
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.stored_policy import dump, rebuild

from .conftest import ENTRIES

JARGON = re.compile(r"Input should|https?://|value_error|pydantic|<class|NoneType|Traceback|\bdict\b|\btuple\b")
KEYS = sorted(
    {key for entry in ENTRIES for key in entry.known_keys()} | set(READERS) | {"any", "not", "custom.x", "west"}
)
VALUES = [
    *("all", "off", "always", "aina", "Bala", "agent", "everyone", "hot", "closed", "mon-fri", "present", "robin", "x"),
    *("15m", "2h", "14d", "95%", "0.95", "1/3", "1.5", "0", "3", ">= 5", "1-9", "501*", "*", "", "-", "2026-03-01"),
    *("2026-12-20..2026-12-31", "Mon-Fri 09:00-18:00", "20:00-02:00", "UTC", "MY", "MYR", "a/hot", "round_robin"),
    *("west", "North", "performance", "fastest", "territory", "pool", "hold", "qualify", "incubate", "assign", "none"),
    *("relationship", "last", "roster", "random", "hottest_first", "A", "40", "<= 900000", "3.13", "-101.5", "yes"),
]
LEAVES = st.none() | st.sampled_from(VALUES) | st.text(max_size=12)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), inner),
    max_leaves=20,
)
VALID: dict[str, Any] = {
    "team": {"name": "X", "timezone": "UTC", "leader": "aina", "hours": "Mon 09:00-18:00", "holidays": ["2026-12-25"]},
    "order": "experience",
    "agents": [
        {"id": "aina", "groups": ["g"], "weight": "1/3", "time_off": ["2026-12-20..2026-12-31"]},
        "Bala",
        {
            **{"id": "devi", "role": "isa", "tier": "A", "price": "<= 900000", "base": {"lat": "3.13", "lon": "101"}},
            **{"territories": ["west"], "languages": ["ms"], "channels": ["phone"], "experience": "3"},
        },
    ],
    "territories": {
        "west": {"postcodes": ["501*", "59000-59200"], "areas": ["Bangsar"]},
        "North": {"circle": {"lat": "3", "lon": "101.4", "km": "5"}},
    },
    "quality": {"hot": {"source": ["paid_ad"]}, "cold": {"not": {"territory": "west"}}},
    "rules": [
        {"name": "w", "when": {"territory": "west"}, "to": {"territory": "west"}, "strategy": "territory"},
        {"name": "p", "when": {"known": "no"}, "then": "pool", "prefer": ["language"], "overlap": "last"},
        {"name": "q", "when": {"known": "yes"}, "strategy": "qualify"},
        {"name": "h", "when": {"hours": "closed"}, "then": "hold"},
        {"name": "a", "when": {"any": [{"price": ">= 5"}, {"not": {"hours": "closed"}}]}, "to": {"group": "g"}},
        {"name": "b", "when": {"postcode": ["501*"]}, "to": {"agents": ["bala"]}, "else": "c", "rotation": "a"},
        {"name": "c", "to": "all", "strategy": "performance"},
    ],
    "tiers": {"shares": {"A": "40", "B": "40", "C": "20"}},
    "probation": {"days": "30", "leads": "0"},
    "backlog": {"order": "lifo", "per_hour": "5"},
    "relationship": {"counts_as_turn": "no"},
    "pool": {"claim_within": "1h", "unclaimed": "a"},
    "incubation": {"next_touch": "7d", "inquiry_wakes": "no", "fee": "25%", "commission": "2%"},
    "isa": {"sla": {"hot": "5m"}, "capacity": "40"},
    "handoff": {"buyer": ["timeline"], "seller": "off"},
    "sla": {"hot": "15m", "target": "95%"},
    "reclaim": {"no_contact": "off", "max_hops": "3"},
    "ramp_up": [{"until_day": "15", "weight": "1/3"}, {"until_day": "30", "weight": "1/2"}],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("garbage") / "policy.yaml"


def outcome(path: Path, text: str) -> bool:
    """Reads the text and holds what comes out to the law; whether it was a policy."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        policy = read_config(path).policy
    except InvalidConfiguration as error:
        problems = error.problems
    else:
        hold_to_the_law_of_policies(policy)
        return True
    assert problems
    lines = len(re.split("[\n\r\x85\u2028\u2029]", text))
    for problem in problems:
        assert problem.message
        assert problem.message.isprintable()
        assert problem.place.isprintable()
        assert not JARGON.search(problem.message) or JARGON.search(text)  # unless it quotes the file
        assert 0 <= problem.line <= lines
    return False


def hold_to_the_law_of_policies(policy: Policy) -> None:
    assert rebuild(json.loads(json.dumps(dump(policy)))) == policy
    assert policy.rules[-1].when is None
    for rule in policy.rules[:-1]:
        assert rule.when is not None
        compile_condition(rule.when)
    for _, condition in policy.quality:
        compile_condition(condition)
    Rulebook(policy)
    assert sum(policy.shares) == 100
    assert policy.rules[-1].then in ("assign", "pool", "qualify")
    territories = {territory.name for territory in policy.territories}
    assert all(territories.issuperset(agent.territories) for agent in policy.agents)
    assert policy.pool.unclaimed in {None, *(rule.name for rule in policy.rules if rule.then != "pool")}


@given(tree=st.dictionaries(st.sampled_from([*Document.known_keys(), "x"]), TREES, max_size=6))
@settings(deadline=None, max_examples=150)
def test_a_random_tree_is_a_policy_or_is_refused(path: Path, tree: dict[str, Any]) -> None:
    outcome(path, json.dumps(tree))


@given(data=st.data(), garbage=st.lists(TREES, min_size=1, max_size=3))
@settings(deadline=None, max_examples=200)
def test_a_valid_file_with_garbage_in_it_is_a_policy_or_is_refused(path: Path, data: Any, garbage: list[Any]) -> None:
    tree = copy.deepcopy(VALID)
    for piece in garbage:
        spot: Any = tree
        while True:
            places = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
            place = data.draw(st.sampled_from(places))
            if not isinstance(spot[place], dict | list) or not spot[place] or data.draw(st.booleans()):
                spot[place] = piece
                break
            spot = spot[place]
    outcome(path, json.dumps(tree, ensure_ascii=False))


@given(text=st.text(max_size=80) | st.text(alphabet="a:-[]{}&*!|>'\"%@,?# \n\t\\U0F~<", max_size=60))
@settings(deadline=None, max_examples=200)
def test_random_text_is_a_policy_or_is_refused(path: Path, text: str) -> None:
    outcome(path, text)


@given(data=st.data(), scrap=st.text(alphabet="a:-[]{}&*!|>'\"%@,?# \n\t\\", max_size=3))
@settings(deadline=None, max_examples=200)
def test_a_slip_of_the_hand_in_a_file_never_goes_through_as_a_crash(path: Path, data: Any, scrap: str) -> None:
    text = starter_text(full=True)
    start = data.draw(st.integers(0, len(text)))
    outcome(path, text[:start] + scrap + text[start + data.draw(st.integers(0, 3)) :])


def test_the_valid_file_of_these_tests_is_valid(path: Path) -> None:
    tree = copy.deepcopy(VALID)
    tree["rules"][5]["rotation"] = "b"
    assert outcome(path, json.dumps(tree))
    assert read_source(path).tree == tree
