"""The brokerage's policies of October: the one it begins with, that of the 12th, and that of the 20th.

What the test needs to know of them for its own reckoning stands beside, in plain words: who sits in which rotation
and with which weight on which day.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

FIRST = """\
team: {name: Harbour Realty, timezone: Asia/Kuala_Lumpur, region: MY, currency: MYR, leader: mei, capacity: 30,
       hours: "Mon-Sun 08:00-21:00"}
agents:
  - {id: mei, name: Mei Tan, role: leader}
  - {id: ida, name: Ida Wong, role: isa, capacity: 60}
  - {id: aina, name: Aina Yusof, groups: [eteam], specialties: [luxury], notify: ["%s"]}
  - {id: bala, name: Bala Krishnan, groups: [eteam], specialties: [luxury]}
  - {id: chong, name: Chong Wei Liang, time_off: [2026-10-12..2026-10-16]}
  - {id: devi, name: Devi Nair, capacity: 11}
quality:
  hot: {source: [paid ad]}
  cold: {source: [old list]}
rules:
  - {name: night, when: {hours: closed}, then: hold}
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: luxury}, else: everyone}
  - {name: sellers, when: {intent: seller}, to: {role: isa}, then: qualify}
  - {name: urgent, when: {quality: hot}, to: {group: eteam}, else: everyone}
  - {name: leftovers, when: {quality: cold}, then: pool}
  - {name: everyone, to: all, strategy: weighted}
acceptance: {hot: 10m, warm: off, max_offers: 3}
sla: {hot: 15m, warm: 2h, cold: 24h}
escalation: {hot: [{after: 15m, do: notify_leader}, {after: 60m, do: reassign}]}
reclaim: {no_contact: 24h, no_conversion: 6d, attempts: {count: 3, within: 4d}, max_hops: 2,
          hold: {hot: 10d, warm: 14d, cold: 14d}}
pool: {claim_within: 12h, per_agent_per_day: 3, unclaimed: everyone}
time_off: {open_leads: rotate}
relationship: {counts_as_turn: no}
incubation: {next_touch: 5d, fee: 500}
"""

DEVI = "  - {id: devi, name: Devi Nair, capacity: 11}\n"
GRACE = "  - {id: grace, name: Grace Lim}\n"
SECOND = (
    FIRST.replace("specialties: [luxury], notify", "specialties: [luxury], weight: 1.5, notify")
    .replace(DEVI, DEVI + GRACE)
    .replace("no_contact: 24h", "no_contact: 20h")
)  # fmt: skip
THIRD = SECOND.replace(DEVI, "")
"""On the 12th Grace joins and Aina's weight goes up; on the 20th Devi is gone."""

NAMED = {
    "luxury": ("aina", "bala"),
    "sellers": ("ida",),
    "urgent": ("aina", "bala"),
    "everyone": ("aina", "bala", "chong", "devi", "grace"),
}
JOINS, LEAVES = datetime.fromisoformat("2026-10-12T09:00+08:00"), datetime.fromisoformat("2026-10-20T09:00+08:00")


def weight(agent: str, at: datetime) -> Fraction:
    """What an agent's turns weigh: a new one a third for 15 days, a half until day 30."""
    if agent == "aina" and at >= JOINS:
        return Fraction(3, 2)
    if agent == "grace":
        return Fraction(1, 3) if at < datetime.fromisoformat("2026-10-27T00:00+08:00") else Fraction(1, 2)
    return Fraction(1)
