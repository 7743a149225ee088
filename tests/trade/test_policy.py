"""The policy in plain sentences says what happens: each clause has a lead that proves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadrouter.config import read_config
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.reports.policy import rules
from leadrouter.reports.policy.sections import PARTS, tell
from leadrouter.reports.policy.told import Told
from tests.trade.office import MONDAY_NOON, Office
from tests.trade.proofs import PROOFS

EVERYTHING = """
team: {timezone: UTC, leader: lea, hours: "Mon-Fri 09:00-18:00", holidays: [2026-12-25]}
territories: {west: {postcodes: ["501*"]}}
agents:
  - {name: A, groups: [fast, eteam], territories: [west], price: ">= 5", per_day: 3, tier: A,
     hours: "Mon-Fri 08:00-20:00", notify: "json://localhost", quiet: 22:00-07:00, digest: 08:00}
  - {name: B, languages: [ms], joined: 2026-10-01, cover: a}
  - {id: lea, role: leader}
  - {id: ida, role: isa}
quality: {hot: {source: portal}, warm: {source: web}, cold: {price: "< 9"}}
rules:
  - {name: one, when: {source: x}, to: all, rotation: r, prefer: [requested, relationship, language], else: two}
  - {name: left, when: {source: left}, then: pool}
  - {name: later, when: {timeframe: later}, then: incubate}
  - {name: two, when: {source: y}, to: all, rotation: r}
  - {name: everyone, to: all, strategy: performance}
sla: {offline: {misses: 3, within: 7d}}
acceptance: on
pool: {blind: yes}
isa: {sla: {hot: 5m}}
incubation: {fee: 250}
backlog: {per_hour: 5}
notify: {team: "slack://x", warn: {hot: 5m}}
retention: {closed: 3y}
"""


def all_keys(text: str, folder: Path) -> set[str]:
    """Section and first word of the key of every sentence that a policy makes."""
    path = folder / "policy.yaml"
    path.write_text(text)
    told = tell(Told(Rulebook(read_config(path).policy), {}, MONDAY_NOON))
    return {f"{section.key}.{sentence.key.split()[0]}" for section in told for sentence in section.sentences}


@pytest.mark.parametrize("key", PROOFS)
def test_a_lead_proves(key: str, office: Office) -> None:
    PROOFS[key](office)


def test_every_sentence_has_its_proof(tmp_path: Path) -> None:
    said = all_keys(EVERYTHING, tmp_path)
    assert {key.split(".")[0] for key in said} == {part.key for part in PARTS}
    assert said == set(PROOFS)


def test_every_strategy_has_words() -> None:
    assert set(rules.BY) == set(STRATEGIES)
