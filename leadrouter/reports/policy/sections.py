"""What is told of a policy, in which order; and how two versions differ, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from leadrouter.reports.policy import clocks, inside, keeping, rules, team, telling
from leadrouter.reports.policy.told import Say, Section, Table, Told


class Part(NamedTuple):
    """A section to be made: its key, its title, who says its sentences, and its table."""

    key: str
    title: str
    say: Say
    table: Callable[[Told], Table] | None = None


PARTS = (
    Part("team", "The team", team.team, team.roster),
    Part("quality", "How urgent a lead is", rules.quality),
    Part("rules", "Who gets a lead", rules.rules),
    Part("shares", "What each may expect", rules.shares, rules.share_table),
    Part("tiers", "Tiers", rules.tiers),
    Part("turns", "How turns work", team.turns),
    Part("skips", "Who is skipped", team.skips),
    Part("offers", "Offers", clocks.offers),
    Part("promise", "The first contact", clocks.promise),
    Part("escalation", "When nobody tries to reach the person", clocks.escalation),
    Part("reclaim", "What is taken back when", clocks.reclaim),
    Part("time_off", "Time off", clocks.time_off),
    Part("pool", "The pool", clocks.pool),
    Part("waiting", "Leads that wait", clocks.waiting),
    Part("inside_sales", "Inside sales", inside.handing_off),
    Part("incubation", "Nurture", inside.nurture),
    Part("telling", "Who is told of what", telling.telling),
    Part("keeping", "What is kept of people", keeping.keeping),
)
"""Every section, in the order in which a policy is told. A new part of the policy is a function and a row here."""


def tell(told: Told) -> list[Section]:
    """The whole policy; sections with nothing to say are left out."""
    found = []
    for key, title, say, table in PARTS:
        sentences = tuple(say(told))
        if sentences:
            found.append(Section(key, title, sentences, table(told) if table else None))
    return found


class Difference(NamedTuple):
    """A sentence that one version says otherwise, or that only one says (None)."""

    section: str
    before: str | None
    after: str | None


def differences(old: list[Section], new: list[Section]) -> list[Difference]:
    """What changed, in the words of both, in the order of the new version; what is gone comes last in its section."""
    was = {section.key: section for section in old}
    now = {section.key: section for section in new}
    found = []
    for key, title, _, _ in PARTS:
        before, after = _texts(was.get(key)), _texts(now.get(key))
        for name in (*after, *(name for name in before if name not in after)):
            if before.get(name) != after.get(name):
                found.append(Difference(title, before.get(name), after.get(name)))
    return found


def _texts(section: Section | None) -> dict[str, str]:
    """Sentence and table rows by their keys."""
    if section is None:
        return {}
    texts = {sentence.key: sentence.text for sentence in section.sentences}
    for row in section.table.rows if section.table else ():
        texts[f"row {row[0]}"] = "; ".join(filter(None, row))
    return texts
