"""From the document to what the policy says about telling people: channels, quiet hours, words of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from leadrouter.config.problems import Findings, unknown
from leadrouter.config.schema import ChannelEntry, Document
from leadrouter.domain.policy import Agent
from leadrouter.domain.telling import KINDS, Channel, Notify, Warn, Wording
from leadrouter.domain.wordings import PLACEHOLDERS, placeholders

_FOR_EACH_AGENT = ("quiet", "digest")
"""Keys of `notify` that are every agent's unless the agent has their own."""


def channels(entries: Iterable[ChannelEntry], *, public: bool = False) -> tuple[Channel, ...]:
    """The channels as written; `public` is what those are that do not say so."""
    return tuple(Channel(**({"public": public} | entry.written())) for entry in entries)


def of_each_agent(document: Document) -> dict[str, Any]:
    """What holds for every agent who does not say otherwise."""
    written = document.notify.written()
    return {key: written[key] for key in _FOR_EACH_AGENT if key in written}


def notify(document: Document, agents: Sequence[Agent], findings: Findings) -> Notify:
    """The section `notify`. Warnings are on where anybody can be warned, unless they are switched off."""
    entry = document.notify
    written = {key: value for key, value in entry.written().items() if key not in _FOR_EACH_AGENT}
    written.pop("templates", None)
    for key in ("leader", "team"):
        if key in written:
            written[key] = channels(written[key], public=key == "team")
    if written.get("last_resort"):
        written["last_resort"] = channels(written["last_resort"])
    off = "warn" in written and entry.warn is None
    told = any(agent.notify for agent in agents)
    written["warn"] = None if off or not told else Warn(**(entry.warn.written() if entry.warn else {}))
    return Notify(**written, wordings=_wordings(document, findings))


def _wordings(document: Document, findings: Findings) -> tuple[Wording, ...]:
    found = []
    for kind, entry in document.notify.templates.items():
        place = ("notify", "templates", kind)
        if kind not in KINDS:
            findings.add(place, unknown(kind, KINDS, "kind of notice "))
        for part, text in entry.written().items():
            for word in placeholders(text):
                if word not in PLACEHOLDERS:
                    findings.add((*place, part), unknown(word, PLACEHOLDERS, "word in braces "))
        found.append(Wording(kind, entry.title, entry.text))
    return tuple(found)
