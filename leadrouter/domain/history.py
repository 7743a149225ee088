"""What other systems tell of leads: records of past leads and of outcomes, as a row of a file says it.

Only records and their words; reading them is `intake`, keeping them `usecases`.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.lead import Lead

PAST_STATES = ("assigned", "contacted", "appointment", "won", "lost", "void")
"""What a past lead may have become. Without a state it is the latest that its moments speak of."""

OUTCOMES = ("contact", "appointment", "no_show", "handoff", "won", "lost", "void", "rate")
"""What a row of outcomes may say happened (CONTRACT, `record`)."""

MOST_VALUE = 1e15
"""No deal is worth more."""


class PastLead(NamedTuple):
    """One lead of earlier times; moments in UTC. `agent` is an id or a name, None if nobody had it."""

    facts: Lead
    agent: str | None = None
    state: str | None = None
    contacted_at: datetime | None = None
    appointment_at: datetime | None = None
    closed_at: datetime | None = None
    value: float | None = None
    reason: str | None = None


class Outcome(NamedTuple):
    """One row: which lead (external id or number), what happened, when (UTC; None: not known), by whom, the figures.

    `value` is the deal's for `won`, 1 to 5 for `rate`; `met` the criteria of a `handoff`, with commas between.
    """

    lead: str
    what: str
    at: datetime | None = None
    agent: str | None = None
    value: float | None = None
    reason: str | None = None
    met: str | None = None
