"""From the outbox to the outside world, after the commit: words, channels, attempts.

Nothing here decides anything about leads, and no failure here reaches those who route. apprise is imported in
`channels` alone, and only when something is to be sent.
"""

from __future__ import annotations

from importlib.util import find_spec

NOT_INSTALLED = ("telling people needs apprise, which is not installed", "install: pip install 'leadrouter[notify]'")
"""Said where there is something to tell: message and hint."""


def is_installed() -> bool:
    """Whether the extra `leadrouter[notify]` is there; imports nothing."""
    return find_spec("apprise") is not None
