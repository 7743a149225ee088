"""What the policy says about telling people: over which channels, when not, and in which words of their own.

Records that cannot change, and how a channel is named. Who is told of what is in `notices`, the words in
`wordings`; nothing is sent here. A channel's address may hold `${NAME}`, which only `notify/` ever fills in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from leadrouter.domain.promises import HOUR, MINUTE

KINDS = (
    "offer", "assignment", "handoff", "warning", "reclaimed", "pool", "escalation", "undelivered", "digest",
    "month_end",
)  # fmt: skip
"""Everything that people are told; `wordings` says it in words."""

LEADER, TEAM, LAST_RESORT = "@leader", "@team", "@last_resort"
"""Who is told besides agents. No agent's id begins with @."""

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""A secret of the environment, in the address of a channel."""

Quiet = tuple[int, int]
"""From which to which minute after midnight an agent is left in peace; the end may lie on the next day."""


class Channel(NamedTuple):
    """One way to reach somebody: an address of apprise, whether others read it too, and the kinds it is for (empty:
    all).
    """

    url: str
    public: bool = False
    only: tuple[str, ...] = ()


class Warn(NamedTuple):
    """How many seconds before the promised first contact the agent is warned, by quality; None: not at all."""

    hot: int | None = 5 * MINUTE
    warm: int | None = 30 * MINUTE
    cold: int | None = 2 * HOUR

    def after(self, quality: str, promise: int) -> int | None:
        """Seconds after the clock's start; None where that would be at once."""
        before: int | None = getattr(self, quality)
        return None if before is None or before >= promise else promise - before


class Wording(NamedTuple):
    """A kind in the broker's own words; None leaves that part as it is."""

    kind: str
    title: str | None = None
    text: str | None = None


class Notify(NamedTuple):
    """Channels besides the agents' own, and how telling goes.

    `leader` empty: the leader's own channels. `last_resort` hears what could not be delivered; empty: the leader's,
    None: nobody. `urgent` kinds are told in quiet hours too. `month_end` is the minute after midnight at which the
    team gets the report on the first of a month. A notice is given up after so many `attempts`.
    """

    leader: tuple[Channel, ...] = ()
    team: tuple[Channel, ...] = ()
    last_resort: tuple[Channel, ...] | None = ()
    urgent: tuple[str, ...] = ()
    warn: Warn | None = None
    month_end: int | None = 8 * 60
    attempts: int = 6
    wordings: tuple[Wording, ...] = ()


def named(channels: Iterable[Channel]) -> dict[str, Channel]:
    """Channels by the names that lists and logs show: `ntfy`, `mailto`, a second `mailto-2`. Never an address."""
    found: dict[str, Channel] = {}
    for channel in channels:
        name, number = name_of(channel.url), 2
        while name in found:
            name, number = f"{name_of(channel.url)}-{number}", number + 1
        found[name] = channel
    return found


def name_of(url: str) -> str:
    """What comes before `://`, or the variable that holds the whole address."""
    scheme, sign, _ = url.partition("://")
    whole = VARIABLE.fullmatch(url)
    return scheme.casefold() if sign else whole[1].casefold() if whole else "unknown"
