"""The sections about leads: how urgent they are, which rule takes them, who gets which share of them, tiers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from leadrouter.domain import speech
from leadrouter.domain.policy import Rule
from leadrouter.domain.routing import WITHOUT_AGENT, tiers_of
from leadrouter.domain.rulebook import rotation_name
from leadrouter.domain.shares import everybody_present, expected_shares
from leadrouter.domain.strategies import STRATEGIES
from leadrouter.domain.tiers import PROBATION
from leadrouter.reports.policy.told import Sentence, Table, Told

BY = {
    "round_robin": "in turns among {whom}",
    "weighted": "in turns among {whom}, by weight",
    "performance": "by tiers, in turns within a tier, among {whom}",
    "specialty": "in turns among those of {whom} who know its specialty",
    "source_specialist": "in turns among those of {whom} who own its source",
    "territory": "in turns among those of {whom} who are at home where it lies",
    "language": "in turns among those of {whom} who speak its language",
    "fastest": "in turns among those of {whom} whose first contacts are within 20 % of the fastest",
    "hunt_group": "among {whom}, more to those with more room for their weight",
    "least_busy": "to whoever of {whom} has the fewest open leads for their capacity",
    "random": "by lot among {whom}",
}
"""Strategy -> how it deals, in words."""

FIRST = {
    "language": "those who speak its language",
    "specialty": "those who know its specialty",
    "source": "those who own its source",
    "territory": "those who are at home there",
    "features": "those who know most of the features it asks for",
    "channel": "those who use the channel that the person prefers",
    "time": "those who work at the time that the person prefers",
    "experience": "the most experienced",
    "nearest": "those whose base is nearest",
}
"""Preference -> who comes first by it."""

WITHOUT = {
    "pool": "lies in the pool, for anyone to claim",
    "hold": "waits until the team opens",
    "incubate": "is kept for nurture",
}


def quality(told: Told) -> Iterator[Sentence]:
    """How urgent a lead is."""
    yield Sentence("given", "A lead that comes with a quality keeps it.")
    first = "Otherwise" if told.policy.quality else ""
    for place, (name, when) in enumerate(told.policy.quality):
        start = first if place == 0 else "Else"
        yield Sentence(f"{name} {place + 1}", f"{start} it is {name} if {told.condition(when)}.")
    yield Sentence("default", "Every other lead is warm.")


def rules(told: Told) -> Iterator[Sentence]:
    """One sentence for each rule, in the order in which they are asked."""
    several = len(told.policy.rules) > 1
    if several:
        yield Sentence("first", "The first rule that a lead meets decides.")
    for place, rule in enumerate(told.policy.rules, start=1):
        which = f"if {told.condition(rule.when)}, the lead" if rule.when is not None else "every other lead"
        text = f"Rule {place}, {rule.name}: {which}" if several else "Every lead"
        yield Sentence(f"rule {rule.name}", f"{text} {_what_happens(told, rule)}.")
        preferred = [FIRST[preference] for preference in rule.prefer if preference in FIRST]
        if preferred and rule.then not in WITHOUT_AGENT:
            text = f"Of the leads of rule {rule.name}, {', then '.join(preferred)} come first, where there are any."
            yield Sentence(f"prefer {rule.name}", text)
        if rule.otherwise and rule.then not in WITHOUT_AGENT:
            text = f"If nobody of rule {rule.name} can take a lead, rule {rule.otherwise} decides."
            yield Sentence(f"else {rule.name}", text)
    shared: dict[str, list[str]] = {}
    for rule in told.policy.rules:
        if rule.then not in WITHOUT_AGENT:
            shared.setdefault(rotation_name(rule), []).append(rule.name)
    for rotation, named in shared.items():
        if len(named) > 1:
            yield Sentence(f"rotation {rotation}", f"The rules {speech.listed(named)} share their turns.")


def _what_happens(told: Told, rule: Rule) -> str:
    if rule.then in WITHOUT:
        return WITHOUT[rule.then]
    whom = told.named(rule)
    how = BY.get(rule.strategy, f"by {rule.strategy} among {{whom}}").format(whom=whom)
    if rule.overlap == "last":
        how += ", and to whoever had the last lead there"
    return f"is qualified first by an inside sales agent, dealt {how}" if rule.then == "qualify" else f"is dealt {how}"


def shares(told: Told) -> Iterator[Sentence]:
    """Nothing but the table: what each may expect."""
    yield Sentence("present", "While everybody is present, each may expect this share of the leads of each rule:")


def share_table(told: Told) -> Table:
    """Kind of leads -> who gets which share."""
    rows = []
    for kind, found in expected_shares(told.rulebook, told.agents, told.now).items():
        leads = f"{kind.rule}, {kind.word}" if kind.word else kind.rule
        rows.append((leads, ", ".join(f"{told.name(agent)} {speech.share(part)}" for agent, part in found.items())))
    return Table(("rule", "shares"), tuple(rows))


def tiers(told: Told) -> Iterator[Sentence]:
    """How tiers share the leads, where a rule deals by them; the shares as they are capped on the roster."""
    tiered = [rule for rule in told.policy.rules if STRATEGIES[rule.strategy].tiered and rule.then not in WITHOUT_AGENT]
    if not tiered:
        return
    desk = everybody_present(told.rulebook, told.agents, told.now)
    for rule in tiered:
        found = tiers_of(rule, desk, desk.policy, told.now)
        whole = sum(tier.weight for tier in found)
        parts = [
            f"{'new agents' if tier.tier == PROBATION else f'tier {tier.tier}'} "
            f"{speech.share(Fraction(tier.weight, whole))} ({speech.listed(map(told.name, tier.agents))})"
            for tier in found
        ]
        yield Sentence(f"tiers {rule.name}", f"Of the leads of rule {rule.name}: {speech.listed(parts)}.")
    yield Sentence("empty", "Where nobody of a tier can take a lead, the other tiers share it.")
    probation = told.policy.probation
    if probation.days or probation.leads:
        yield Sentence(
            "probation",
            f"A new agent turns in a tier of their own until both {speech.counted(probation.days, 'day')} and "
            f"{speech.counted(probation.leads, 'lead')} are over.",
        )
    yield from _reviews(told)


def _reviews(told: Told) -> Iterator[Sentence]:
    """How results move agents between the tiers."""
    entry = told.policy.tiers
    like = f", compared with what the team wins from leads of the same {speech.listed(entry.adjust_for)}"
    what = f"Results{like if entry.adjust_for else ''}, are held against conversion rates"
    yield Sentence("marks", f"{what}: A from {entry.A:.0%}, B from {entry.B:.0%}, C below.")
    when, within = entry.review.replace("_", "-"), speech.duration(entry.within)
    leads = f"the mature leads of {within}, or the latest {entry.leads} where these are more"
    yield Sentence("review", f"They are reviewed {when}, over {leads}; with fewer, nobody is judged.")
    steps = speech.listed(
        f"into {tier} {step.reviews} in a row above {step.at:.0%}"
        for tier, step in (("B", entry.promote.B), ("A", entry.promote.A))
    )
    sure = f"with a probability of at least {entry.confidence:.0%}"
    move = f"A move takes reviews that find the true rate there {sure}: {steps}"
    yield Sentence("move", f"{move}; as many that find it below its mark lose a tier.")
    yield Sentence("applied", "Nobody moves until a review is applied, or a person sets a tier and says why.")
