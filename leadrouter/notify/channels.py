"""Channels through apprise: an address with its secrets filled in, a message out, an answer back.

The only module that knows apprise, and the only one that ever holds a secret: nothing it returns, raises or logs
has an expanded address in it. Timeouts go into the address as apprise's own options (`cto`, `rto`), and so does
the idempotency key as a header (`+Idempotency-Key`) where the service can carry one: webhooks (json, form, xml,
apprise) and mail. apprise makes the Message-ID of a mail itself, so a mail carries the key in that header too,
which a Sieve filter can tell copies by (RFC 7352, `duplicate :header`).
"""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from leadrouter.domain.telling import VARIABLE
from leadrouter.errors import LeadrouterError
from leadrouter.notify import NOT_INSTALLED, is_installed

CONNECT_SECONDS, ANSWER_SECONDS = 5, 8
"""How long a service may take to be reached and to answer, unless the address says so itself (`cto`, `rto`)."""

KEY_HEADER = "Idempotency-Key"


class Untold(Exception):
    """A message that cannot be sent at all: `trouble` is a key of TROUBLES, `name` the variable that is missing."""

    def __init__(self, trouble: str, name: str | None = None) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.name = name


class Line(NamedTuple):
    """A service ready to send one message. `service` is the same for all that share a server; it is never shown."""

    plugin: Any
    service: tuple[str, str]


def load() -> None:
    """Loads apprise with all its services, silent from here on: its log lines may hold what ours must not.

    Raises LeadrouterError without the extra.
    """
    if not is_installed():
        raise LeadrouterError(*NOT_INSTALLED)
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.propagate, logger.disabled = False, True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of modules that it tries to import and may not have
        import apprise

        apprise.Apprise.instantiate("json://localhost")


def line_to(url: str, key: str, environment: Mapping[str, str]) -> Line:
    """The service behind an address. Raises Untold."""
    import apprise

    address = expanded(url, environment)
    for option, seconds in (("cto", CONNECT_SECONDS), ("rto", ANSWER_SECONDS)):
        if not re.search(rf"[?&]{option}=", address):
            address = _with(address, option, str(seconds))
    asset = apprise.AppriseAsset(app_id="leadrouter", app_desc="leadrouter", async_mode=False)
    plugin: Any = apprise.Apprise.instantiate(address, asset=asset)
    if plugin is None:
        raise Untold("no_service")
    if plugin.template_kwargs.get("headers", {}).get("prefix") == "+":
        plugin = apprise.Apprise.instantiate(_with(address, f"+{KEY_HEADER}", key), asset=asset)
    server = getattr(plugin, "smtp_host", None) or getattr(plugin, "host", None) or ""
    return Line(plugin, (type(plugin).__name__, f"{server}:{getattr(plugin, 'port', None)}"))


def send(line: Line, title: str, text: str, *, alarm: bool) -> str | None:
    """Sends one message and waits for the answer: None if it was accepted, else what went wrong."""
    began = time.monotonic()
    try:
        accepted = line.plugin.notify(
            body=text, title=title, notify_type="warning" if alarm else "info", body_format="text"
        )
    except Exception:  # a service's own code: whatever it raises may quote the address
        accepted = False
    if accepted:
        return None
    slow = time.monotonic() - began >= min(line.plugin.socket_connect_timeout, line.plugin.socket_read_timeout)
    return "no_answer" if slow else "not_accepted"


def expanded(url: str, environment: Mapping[str, str]) -> str:
    """The address with `${NAME}` filled in. A variable that is the whole of it holds an address; inside of one it is
    percent-encoded, so that any password fits. Raises Untold where one is not set.
    """

    def value(name: str) -> str:
        if not environment.get(name):
            raise Untold("no_secret", name)
        return environment[name]

    whole = VARIABLE.fullmatch(url)
    if whole:
        return value(whole[1])
    login = re.match(r"[^:/]+://[^/?#]*@", url)
    end = login.end() if login else 0
    return VARIABLE.sub(lambda hit: quote(value(hit[1]), safe="" if hit.start() < end else "/:"), url)


def _with(address: str, option: str, value: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{option}={quote(value, safe='')}"
