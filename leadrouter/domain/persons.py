"""Whose leads are one person's, so that all of them can be erased and none of anybody else.

`lead.same_person` compares two; here it is followed from lead to lead. What is certain (an e-mail, an id that numbers
persons) goes before what is likely (a phone, which two people may share), and where a phone could be that of two who
are plainly two, nothing is erased on a guess. Nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from leadrouter.domain.lead import Person, same_person

Traces = Mapping[int, Sequence[Person]]
"""Lead -> how its person appears there, once for the lead itself and once for each inquiry on it. An external id stands
in it only where it numbers persons.
"""

Look = Callable[[set[str], set[str], set[str]], Traces]
"""Gives the leads that have one of these e-mails, phones or person numbers, with all their traces."""


class Theirs(NamedTuple):
    """The leads of one person, and those that are either theirs or another's who has the same phone."""

    leads: tuple[int, ...]
    doubtful: tuple[int, ...]


def everything_of(start: Traces, look: Look) -> Theirs:
    """Follows e-mails, phones and person numbers from these leads until nothing new is found."""
    theirs = dict(start)
    while True:
        known = [trace for traces in theirs.values() for trace in traces]
        numbers, _, emails, phones = ({value for value in values if value} for values in zip(*known, strict=True))
        others = {lead: traces for lead, traces in look(emails, phones, numbers).items() if lead not in theirs}
        found = {lead for lead, traces in others.items() if _certainly(traces, known)}
        if not found:
            likely = {
                lead for lead, traces in others.items() if _likely(traces, known) and not _plainly_two(traces, known)
            }
            doubtful = {lead for lead in likely if _contested(lead, others, known)}
            found = likely - doubtful
            if not found:
                return Theirs(tuple(sorted(theirs)), tuple(sorted(doubtful)))
        theirs |= {lead: others[lead] for lead in found}


def _certainly(some: Iterable[Person], others: Sequence[Person]) -> bool:
    """The same e-mail, or the same number of a person."""
    return any(
        bool(a.email and a.email == b.email) or bool(a.external_id and a.external_id == b.external_id)
        for a, b in product(some, others)
    )


def _likely(some: Iterable[Person], others: Sequence[Person]) -> bool:
    return any(same_person(a, b) for a, b in product(some, others))


def _plainly_two(some: Iterable[Person], others: Sequence[Person]) -> bool:
    """They share a phone, and differ in name and e-mail."""
    return any(a.phone and a.phone == b.phone and not same_person(a, b) for a, b in product(some, others))


def _contested(lead: int, others: Traces, known: Sequence[Person]) -> bool:
    """Whether a lead with the same phone may be somebody else's: of one who is plainly not this person."""
    traces = others[lead]
    rivals = [rival for number, rival in others.items() if number != lead]
    return any(
        _plainly_two(rival, traces) or (_plainly_two(rival, known) and _likely(rival, traces)) for rival in rivals
    )
