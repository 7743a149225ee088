"""Names, as people give and hear them: what an agent and a lead are called, and which known name somebody meant.

Only for words that a person types or reads; what files say is compared as it stands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from leadrouter.domain.policy import Agent, Policy

LONGEST = 60
"""Longer words than this are compared by their beginning."""


def named(policy: Policy, agent: str | None) -> str:
    """An agent's name, with the id where two share it; just the id of someone no longer on the roster."""
    if agent is None:
        return "nobody"
    name = next((entry.name for entry in policy.agents if entry.id == agent), agent)
    shared = sum(entry.name == name for entry in policy.agents) > 1
    return f"{name} ({agent})" if shared else name


def as_typed(lead: str) -> str:
    """What to call a lead in the answer: what it was called in the question, without the `id:` or `ext:` before it.

    Whoever gave an external id knows the lead by it; to whoever gave a number it is told no more than that.
    """
    return lead.removeprefix("id:").removeprefix("ext:")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The name that is most like this word, whatever the capitals; None where none is near."""
    folded = {name.casefold(): name for name in known}
    hits = get_close_matches(word[:LONGEST].casefold(), folded, n=1)
    return folded[hits[0]] if hits else None


def way_out(word: str, known: Sequence[str]) -> str:
    """`did you mean bala? known: aina, bala`: what to say of a word that is none of these."""
    guess = nearest(word, known)
    return (f"did you mean {guess}? " if guess else "") + f"known: {', '.join(known)}"


def agents_meant(text: str, agents: Iterable[Agent]) -> list[Agent]:
    """Those whose id is this, else whose name is, else whose name has all these words in it."""
    roster, said = list(agents), _folded(text)
    words = set(said.split())
    by_id = [agent for agent in roster if _folded(agent.id) == said]
    by_name = [agent for agent in roster if _folded(agent.name) == said]
    by_words = [agent for agent in roster if words and words <= set(_folded(agent.name).split())]
    return by_id or by_name or by_words


def agent_like(text: str, agents: Iterable[Agent]) -> Agent | None:
    """The agent whose id, name or part of a name is most like this."""
    words = {word: agent for agent in agents for word in (*_folded(agent.name).split(), agent.name, agent.id)}
    guess = nearest(text, words)
    return words[guess] if guess else None


def _folded(text: str) -> str:
    """Without capitals, accents and needless spaces."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(plain.casefold().split())
