"""What a pick by credit compared, to the unit: who was owed most, who was owed the same, and the figures that show it.

Words and figures for `explain` and `rotation`; the pick itself is `strategies.most_owed`, which this never does again.
"""

from __future__ import annotations

from collections.abc import Mapping

from leadrouter.domain.ledger import Ledger
from leadrouter.domain.rounds import Panel, leads

COMPARED = "this rotation counting twice beside all"
"""What is compared, in words; `LEGEND` has it as a sum."""

LEGEND = "counts = 2 x owed here + owed in all rotations, each with this share; the highest gets it"
TIES = "; of the same, whoever has waited longest for a lead, then by the roster"

FEWEST, MOST = 2, 9
"""Digits behind the point: as many as tell two figures apart, and no more."""


def standings(ledger: Ledger, rotation: str, panel: Panel) -> dict[str, int]:
    """Agent -> what the pick compares, in ledger units, once everyone on the panel has earned this lead's share."""
    here, everywhere = ledger.credit.get(rotation, {}), ledger.total
    return {
        agent: 2 * here.get(agent, 0) + everywhere.get(agent, 0) + 3 * panel.quantum * weight for agent, weight in panel
    }


def level_with(standing: Mapping[str, int], agent: str | None) -> list[str]:
    """The others who were owed exactly as much."""
    return [other for other, units in standing.items() if other != agent and units == standing.get(agent or "")]


def figures(standing: Mapping[str, int], agent: str | None) -> dict[str, str]:
    """Everyone's figure in leads, with enough digits that whoever was owed less than this agent shows less."""
    got = standing.get(agent or "", 0)
    apart = {units for units in standing.values() if units != got}
    digits = next(
        (
            digits
            for digits in range(FEWEST, MOST)
            if _shown(got, digits) not in {_shown(units, digits) for units in apart}
        ),
        MOST,
    )
    return {other: _shown(units, digits) for other, units in standing.items()}


def _shown(units: int, digits: int) -> str:
    return f"{leads(units):+.{digits}f}"
