"""The section about telling people: over which channels, when not, and what comes at fixed times."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouter.domain import speech
from leadrouter.domain.policy import QUALITIES
from leadrouter.domain.telling import TEAM
from leadrouter.reports.policy.told import Sentence, Told


def telling(told: Told) -> Iterator[Sentence]:
    """Nothing where nobody can be told; addresses are never shown, only the names of channels."""
    policy, reached = told.policy, told.rulebook.reached
    if not reached:
        return
    agents = [agent for agent in told.rulebook.roster.values() if agent.id in reached]
    if agents:
        each = (f"{told.name(agent.id)} by {speech.listed(reached[agent.id])}" for agent in agents)
        yield Sentence("channels", f"Told at once of a lead they get, are offered or lose: {speech.listed(each)}.")
    if TEAM in reached:
        channels = speech.listed(reached[TEAM])
        yield Sentence("team", f"Leads in the pool are told to the whole team by {channels}.")
    warn = policy.notify.warn
    before = [f"{quality} {speech.duration(time)}" for quality in QUALITIES if (time := getattr(warn, quality, None))]
    if before and agents:
        yield Sentence("warn", f"They are warned before the promise is over: {speech.listed(before)} before.")
    quiet = [
        f"{told.name(agent.id)} {speech.clock(agent.quiet[0])}-{speech.clock(agent.quiet[1])}"
        for agent in agents
        if agent.quiet is not None
    ]
    if quiet:
        urgent = f", but for {speech.listed(policy.notify.urgent)}" if policy.notify.urgent else ""
        yield Sentence("quiet", f"Left in peace until afterwards{urgent}: {speech.listed(quiet)}.")
    digests = [f"{told.name(agent.id)} at {speech.clock(agent.digest)}" for agent in agents if agent.digest is not None]
    if digests:
        yield Sentence("digest", f"Once a day comes a list of their open leads: {speech.listed(digests)}.")
    if policy.notify.month_end is not None:
        at = speech.clock(policy.notify.month_end)
        yield Sentence("month_end", f"The report of a month is told on the first of the next one, at {at}.")
