"""The sections about time: offers, the promise, who is told, what is taken back when, the pool, leads that wait."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouter.domain import speech
from leadrouter.domain.policy import QUALITIES
from leadrouter.domain.promises import EscalationStep
from leadrouter.reports.policy.told import Sentence, Told

RUNS = {
    "always": "at all hours",
    "team_hours": "in the team's hours only",
    "agent_hours": "in the hours of whoever has the lead only",
}


def offers(told: Told) -> Iterator[Sentence]:
    """Whether agents are asked, and what it costs to say no."""
    entry = told.policy.acceptance
    asked = {quality: entry.window(quality) for quality in QUALITIES}
    windows = [f"{quality} within {speech.duration(seconds)}" for quality, seconds in asked.items() if seconds]
    if not windows:
        yield Sentence("asked", "Leads are given without asking.")
        return
    given = [quality for quality, seconds in asked.items() if not seconds]
    rest = f"; {speech.listed(given)} leads are given without asking" if given else ""
    yield Sentence("asked", f"An agent is asked first, and must accept: {speech.listed(windows)}{rest}.")
    yield Sentence("next", "An offer that is declined or not answered goes to the next agent.")
    place = told.leader() if told.policy.team.leader else "the pool"
    yield Sentence("max_offers", f"After {_times(entry.max_offers, 'offer')} that nobody accepted, it goes to {place}.")
    cost = "costs the turn" if entry.declined_costs_turn else "costs nothing: the turn is given back"
    yield Sentence("cost", f"An offer that is not accepted {cost}.")


def promise(told: Told) -> Iterator[Sentence]:
    """The promise on the first contact."""
    sla = told.policy.sla
    windows = [f"{quality} within {speech.duration(sla.promised(quality))}" for quality in QUALITIES]
    yield Sentence("within", f"The first contact is promised: {speech.listed(windows)}. Any attempt counts.")
    yield Sentence("clock", f"This clock, and with it offers and escalation, runs {RUNS[sla.clock]}.")
    yield Sentence("anew", "It starts when an agent gets the lead, and anew for each who gets it.")
    yield Sentence("target", f"It is to be kept for {sla.target:.0%} of the leads.")
    if sla.offline is not None:
        broken = _times(sla.offline.misses, "broken promise")
        within = speech.duration(sla.offline.within)
        yield Sentence("offline", f"After {broken} within {within} an agent gets no more leads until they are back.")


def escalation(told: Told) -> Iterator[Sentence]:
    """What happens while nobody tries to reach the person."""
    for quality in QUALITIES:
        steps = told.policy.escalation.steps(quality)
        if steps:
            said = speech.listed(_step(step, told, quality) for step in steps)
            yield Sentence(quality, f"While nobody tried to reach the person of a {quality} lead: {said}.")


def _step(step: EscalationStep, told: Told, quality: str) -> str:
    after = step.after or told.policy.sla.promised(quality)
    rule = told.policy.escalation.backup
    does = {
        "notify_leader": f"{told.leader()} is told",
        "reassign": f"it is taken back and dealt anew{f' by rule {rule}' if rule else ''}",
        "pool": "it is taken back and put into the pool",
    }[step.do]
    return f"after {speech.duration(after)} {does}"


def reclaim(told: Told) -> Iterator[Sentence]:
    """What is taken back when, and where it ends."""
    entry = told.policy.reclaim
    if entry.no_contact is not None:
        after = speech.duration(entry.no_contact)
        text = f"A lead is taken back after {after} without an attempt, and not before the promise is over."
        yield Sentence("no_contact", text)
    if entry.attempts is not None:
        needed, within = _times(entry.attempts.needed, "attempt"), speech.duration(entry.attempts.within)
        yield Sentence(
            "attempts", f"It is taken back after {within} with fewer than {needed}, while the person was not reached."
        )
    if entry.no_conversion is not None:
        yield Sentence(
            "no_conversion",
            f"It is taken back {speech.duration(entry.no_conversion)} after the person was reached, unless there is an "
            "appointment or it is closed.",
        )
    longest = [
        f"{quality} {speech.duration(seconds)}" for quality in QUALITIES if (seconds := entry.hold.longest(quality))
    ]
    if longest:
        yield Sentence(
            "hold", f"Nobody holds a lead for longer than this: {speech.listed(longest)}; it can be extended once."
        )
    yield Sentence("left", "The leads of an agent who leaves are taken back at once.")
    yield Sentence("again", "A lead that is taken back goes through the rules again, without those who lost it.")
    place = f"with {told.leader()}" if told.policy.team.leader else "in the pool"
    times = _times(entry.max_hops, "time")
    yield Sentence("max_hops", f"A lead that was taken back more than {times} rests {place}.")
    reminder = speech.duration(entry.reminder)
    yield Sentence("reminder", f"Of a lead that rests, {told.leader()} is told again every {reminder}.")


def time_off(told: Told) -> Iterator[Sentence]:
    """What happens to the leads of somebody on time off."""
    does = {
        "keep": "stay with them",
        "cover": "go to their cover, if they fall due before the return; without one who is free, to the next in turn",
        "rotate": "are dealt anew, if they fall due before the return",
        "pool": "go to the pool, if they fall due before the return",
    }[told.policy.time_off.open_leads]
    yield Sentence("open_leads", f"The open leads of an agent on time off {does}.")


def pool(told: Told) -> Iterator[Sentence]:
    """How leads are claimed."""
    entry = told.policy.pool
    limit = f"up to {entry.per_agent_per_day} a day" if entry.per_agent_per_day is not None else "as many as they like"
    yield Sentence("claim", f"Leads in the pool go to whoever claims them first: {limit} each, within their capacity.")
    yield Sentence("turn", f"A claim takes {'a' if entry.counts_as_turn else 'nobody' + chr(39) + 's'} turn.")
    if entry.blind:
        yield Sentence("blind", "Names and contacts are not shown before the claim.")
    by = f"by rule {entry.unclaimed}" if entry.unclaimed else "by the first rule it meets that does not pool"
    yield Sentence("unclaimed", f"What nobody claims within {speech.duration(entry.claim_within)} is dealt {by}.")


ORDER = {
    "fifo": "those that came in first, first",
    "lifo": "those that came in last, first",
    "hottest_first": "hot ones first, then those that came in first",
}


def waiting(told: Told) -> Iterator[Sentence]:
    """Leads that nobody could take, and those held."""
    entry = told.policy.backlog
    yield Sentence(
        "unassigned", f"A lead that nobody can take waits; {told.leader()} is told, and each sweep tries again."
    )
    yield Sentence("order", f"Leads that waited are dealt in this order: {ORDER[entry.order]}.")
    if entry.per_hour is not None:
        yield Sentence("per_hour", f"Of those, at most {entry.per_hour} are dealt in an hour.")


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
