"""From the document to inside sales in the policy: an isa's promises, the checklist, nurture and its fee."""

from __future__ import annotations

from leadrouter.config.problems import Findings, shown
from leadrouter.config.schema import Document
from leadrouter.config.words import word
from leadrouter.domain.promises import Handoff, Incubation, Isa, plain


def isa(document: Document) -> Isa:
    """The promises of inside sales agents; what is left out is as the team's."""
    return Isa(**document.isa.sla.written())


def handoff(document: Document, findings: Findings) -> Handoff:
    """The checklist of each intent; those that are not written keep the default, `off` asks for nothing."""
    if document.handoff is None:
        return Handoff(())
    criteria = dict(Handoff().criteria)
    for written, listed in document.handoff.items():
        place = ("handoff", written)
        try:
            intent = word(written)
        except ValueError as error:
            findings.add(place, str(error))
            continue
        names: dict[str, str] = {}
        for number, criterion in enumerate(listed):
            if plain(criterion) in names:
                findings.add((*place, number), f"{shown(criterion)} is there twice; leave one of them out")
            names[plain(criterion)] = criterion
        criteria[intent] = tuple(names.values())
    return Handoff(tuple(criteria.items()))


def incubation(document: Document, findings: Findings) -> Incubation:
    """The cadence, and what is due to the house for a sale: as a fee, or as its part of a split."""
    written = document.incubation.written()
    fee, split = written.pop("fee", None), written.pop("split", None)
    if fee is not None and split is not None:
        findings.add(("incubation", "split"), "the house gets its part as a fee already; write fee or split")
    amount, share = fee or (None, split)
    return Incubation(**written, fee=amount, fee_share=share)
