"""`apply`: the only way to change a desk, by one event; what each kind of event changes stands in `effects`.

Route, import, sweep, verify and simulate all fold events through here, so there is no second copy of any
projection. No decision is taken and no clock is read: every moment comes with an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from leadrouter.domain.decision import LineUp
from leadrouter.domain.desk import Desk
from leadrouter.domain.effects import dealing, team, working
from leadrouter.domain.events import REVISED, Event
from leadrouter.domain.ledger import TIERS, Renaming, present_name
from leadrouter.domain.rounds import Panel, Round, reverse, turn
from leadrouter.domain.strategies import STRATEGIES


def apply(desk: Desk, event: Event) -> None:
    """Changes the desk by one event."""
    for round_, turns in rounds_in(event, desk.panels, desk.renamings):
        desk.ledger.post(round_, turns)
    APPLY[event.kind](desk, event)


def rounds_in(
    event: Event, panels: Mapping[int, LineUp], renamings: Sequence[Renaming] = ()
) -> list[tuple[Round, int]]:
    """The ledger movements an event stands for, each with the turns it counts (see `Ledger.post`)."""
    data = event.data
    if event.kind in TURNS and data.get("panel") and data.get("turn", True):
        lineup, payer, tier = panels[data["panel"]], data.get("payer") or event.agent, data.get("tier")
        assert lineup.rotation is not None
        assert payer is not None
        rotation = present_name(lineup.rotation, data["panel"], renamings)
        by_credit = event.engine < REVISED or STRATEGIES[lineup.strategy].by_credit
        rounds = [turn(rotation, lineup.members(tier), payer, by_credit=by_credit)]
        if tier is not None:
            rounds.append(turn(rotation + TIERS, lineup.tier_panel(), tier))
        if event.kind in GIVES_BACK:
            return [(reverse(round_), -1) for round_ in rounds]
        return [(round_, 1) for round_ in rounds]
    if event.kind in ("agent_left", "credited"):
        assert event.agent is not None
        return [(Round(r, Panel(map(tuple, panel)), q, event.agent), 0) for r, panel, q in data["rounds"]]
    return []


GIVES_BACK = frozenset({"voided", "declined", "expired"})
TURNS = GIVES_BACK | {"assigned", "offered", "qualifying", "claimed", "reopened"}
"""Kinds of events that may take a turn, among them those that give one back."""


def _nothing_more(desk: Desk, event: Event) -> None:
    """credited, balance, edited, allowed: posting the rounds was all, or nothing on the desk changes."""


APPLY: dict[str, Callable[[Desk, Event], None]] = {
    "policy_loaded": team.policy_loaded,
    "agent_joined": team.agent_joined,
    "agent_left": team.agent_left,
    "went_away": team.went_away,
    "came_back": team.came_back,
    "taken_offline": team.taken_offline,
    "reviewed": team.reviewed,
    "tier_moved": team.tier_changed,
    "tier_set": team.tier_changed,
    "complained": team.complained,
    "complaint_answered": team.complaint_answered,
    "credited": _nothing_more,
    "balance": _nothing_more,
    "panel": dealing.panel,
    "assigned": dealing.routed,
    "offered": dealing.routed,
    "accepted": dealing.accepted,
    "declined": dealing.not_accepted,
    "expired": dealing.not_accepted,
    "claimed": dealing.claimed,
    "released": dealing.released,
    "requested": dealing.requested,
    "request_refused": dealing.request_refused,
    "appointment": working.appointment,
    "no_show": working.no_show,
    "extended": working.extended,
    "escalated": working.escalated,
    "warned": working.warned,
    "promise_missed": working.promise_missed,
    "qualifying": dealing.routed,
    "unassigned": dealing.routed,
    "pooled": dealing.routed,
    "held": dealing.routed,
    "incubating": dealing.routed,
    "handed_off": dealing.handed_off,
    "incubated": dealing.incubated,
    "touched": working.touched,
    "rotation_renamed": team.rotation_renamed,
    "rotation_removed": _nothing_more,
    "past": working.past,
    "rated": working.rated,
    "inquired": working.inquired,
    "contacted": working.contacted,
    "won": working.closed,
    "lost": working.closed,
    "voided": working.closed,
    "reopened": working.reopened,
    "transferred": dealing.transferred,
    "reclaimed": dealing.reclaimed,
    "edited": _nothing_more,
    "forgotten": working.forgotten,
    "allowed": _nothing_more,
}
