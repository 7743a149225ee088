"""Real servers on loopback to deliver to: a webhook and a mail server, each in a thread of its own."""

from __future__ import annotations

import asyncio
import email
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP

NOBODY = 1
"""A port on which nothing listens: whoever connects is refused."""


class Request(NamedTuple):
    """What a webhook got."""

    path: str
    key: str | None
    title: str
    text: str


class Webhook:
    """An HTTP server. `answer` gives the status for a request; until it returns, the sender waits."""

    def __init__(self, answer: Callable[[Request], int]) -> None:
        self.received: list[Request] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request = Request(self.path, self.headers["Idempotency-Key"], body["title"], body["message"])
                outer.received.append(request)
                status = answer(request)
                with suppress(OSError):  # a sender that was killed, or lost patience
                    self.send_response(status)
                    self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 64
            daemon_threads = True

            def handle_error(self, *arguments: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)

    def url(self, path: str, options: str = "") -> str:
        """An address of apprise; timeouts short, for tests that wait for them."""
        return f"json://127.0.0.1:{self.server.server_port}/{path}{options}"

    def titles(self, path: str) -> list[str]:
        """What came for one path, in order."""
        return [request.title for request in self.received if request.path == f"/{path}"]


@contextmanager
def a_webhook(answer: Callable[[Request], int] = lambda request: 200) -> Iterator[Webhook]:
    """A webhook while it listens."""
    hook = Webhook(answer)
    thread = threading.Thread(target=hook.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hook
    finally:
        hook.server.shutdown()
        thread.join()
        hook.server.server_close()


class MailServer:
    """An SMTP server that keeps what it accepts. `replies` are given to the first mails, one each; then all is well."""

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.tried = 0
        self.accepted: list[Message] = []
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it
        self.tried += 1
        if self.replies:
            return self.replies.pop(0)
        self.accepted.append(email.message_from_bytes(envelope.content))
        return "250 accepted"

    def url(self, to: str) -> str:
        """An address of apprise."""
        sender = f"127.0.0.1:{self.port}?smtp=127.0.0.1&mode=insecure&from=desk@example.com"
        return f"mailto://{sender}&to={to}@example.com"


@contextmanager
def a_mail_server(*replies: str) -> Iterator[MailServer]:
    """A mail server while it listens."""
    mails = MailServer(*replies)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    starting = loop.create_server(lambda: SMTP(mails, hostname="localhost", loop=loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    mails.port = server.sockets[0].getsockname()[1]
    try:
        yield mails
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(server.wait_closed(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
