"""Advice about telling people: secrets in the file, agents whom nobody tells, warnings that never come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec

from leadrouter.config.problems import Hints, Place, shown
from leadrouter.config.schema import ChannelEntry, Document
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.domain.rulebook import reached_by
from leadrouter.domain.telling import LEADER, VARIABLE

_NO_SECRETS = frozenset({"json", "jsons", "form", "forms", "xml", "xmls", "syslog", "dbus"})
"""Services whose address is that of a server of one's own: a path is none of their secrets."""

_SECRET_KEY = re.compile(r"[?&][-+:]?[^=&]*(token|secret|passw|apikey|api_key|auth|key)[^=&]*=[^&]", re.IGNORECASE)


def secrets_in_the_file(policy: Policy, document: Document) -> Hints:
    """What looks like a password or a token, written out: the file and the database would hold it."""
    for place, entry in _channels(document):
        if looks_secret(entry.url):
            yield place, "a secret seems to stand here in plain text; put it into the environment and write ${NAME}"


def looks_secret(url: str) -> bool:
    """A password before the @, an option named like one, or a long jumble of letters and digits."""
    rest = VARIABLE.sub("", url)
    scheme, _, address = rest.partition("://")
    login, at, _ = re.split(r"[/?#]", address, maxsplit=1)[0].rpartition("@")
    if at and login.partition(":")[2]:
        return True
    if _SECRET_KEY.search(rest):
        return True
    if scheme.casefold() in _NO_SECRETS:
        return False
    words = re.split(r"[/@?&=,#.]", address)
    return any(len(word) >= 16 and re.search("[0-9]", word) and re.search("[A-Za-z]", word) for word in words)


def untold_agents(policy: Policy, document: Document) -> Hints:
    """Where some are told and others are not, the others wait in vain."""
    if not any(agent.notify for agent in policy.agents):
        return
    for number, agent in enumerate(policy.agents):
        if not agent.notify and agent.left is None and agent.role != "leader":
            yield ("agents", number), f"nobody tells {shown(agent.name)} of their leads; write notify"


def deaf_leader(policy: Policy, document: Document) -> Hints:
    """Escalations that nobody hears."""
    reached = reached_by(policy)
    if policy.team.leader is not None and reached and LEADER not in reached:
        yield ("notify",), "the leader has no channel, so escalations are told to nobody; write notify.leader"


def early_warnings(policy: Policy, document: Document) -> Hints:
    """A warning longer before the promise than the promise is long never comes."""
    warn = policy.notify.warn
    if warn is None or document.notify.warn is None:
        return
    for quality in QUALITIES:
        if getattr(warn, quality) is not None and warn.after(quality, policy.sla.promised(quality)) is None:
            yield ("notify", "warn"), f"{quality} leads are never warned of: the promise is no longer than that"


def without_apprise(policy: Policy, document: Document) -> Hints:
    """Channels that nothing can be sent over, on this machine at least."""
    if reached_by(policy) and find_spec("apprise") is None:
        yield ("notify",), "telling people needs apprise, which is not installed: pip install 'leadrouter[notify]'"


def _channels(document: Document) -> Iterator[tuple[Place, ChannelEntry]]:
    for number, agent in enumerate(document.agents):
        yield from ((("agents", number, "notify", place), entry) for place, entry in enumerate(agent.notify))
    for key in ("leader", "team", "last_resort"):
        entries = getattr(document.notify, key) or ()
        yield from ((("notify", key, place), entry) for place, entry in enumerate(entries))
