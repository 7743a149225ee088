"""How one of the candidates is picked: strategy name -> (weights, picker). Adding a strategy touches this file alone.

`weigh` gives each candidate's weight in 2520ths, `pick` chooses among those still eligible. Both are pure:
they read the desk, never change it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from leadrouter.domain.ledger import Panel, quantum
from leadrouter.domain.plan import Slot

if TYPE_CHECKING:
    from leadrouter.domain.desk import Desk


class Strategy(NamedTuple):
    """One way of distributing."""

    weigh: Callable[[Sequence[Slot]], list[int]]
    pick: Callable[[str, Panel, Desk], str]


def roster_weights(slots: Sequence[Slot]) -> list[int]:
    """The agent's weight in the policy, times the ramp-up."""
    return [slot.weight for slot in slots]


def most_owed(rotation: str, panel: Panel, desk: Desk) -> str:
    """Whoever is owed most once this lead's shares are earned.

    By `2 x credit in this rotation + credit over all rotations`, so that fair in each stays fair in sum; a tie goes
    to who has waited longest for a lead of any rotation, then by roster order (DESIGN, the ledger).
    """
    credit = desk.ledger.credit.get(rotation, {})
    total = desk.ledger.total
    share = 3 * quantum(panel)
    best, best_owed = "", 0
    for agent, weight in panel:
        owed = 2 * credit.get(agent, 0) + total.get(agent, 0) + share * weight
        if not best or owed > best_owed or (owed == best_owed and _waited_longer(desk, agent, best)):
            best, best_owed = agent, owed
    return best


def _waited_longer(desk: Desk, agent: str, other: str) -> bool:
    """Ties: the earlier last lead wins; who stands earlier on the roster wins among those who had none."""
    return desk.agents[agent].last_lead < desk.agents[other].last_lead


STRATEGIES: dict[str, Strategy] = {
    "round_robin": Strategy(roster_weights, most_owed),
    "weighted": Strategy(roster_weights, most_owed),
}
