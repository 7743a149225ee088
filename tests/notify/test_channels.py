"""Addresses with their secrets filled in, and what apprise makes of them."""

from __future__ import annotations

import logging

import pytest

from leadrouter.notify import channels
from leadrouter.notify.channels import Untold, expanded, line_to
from tests.servers import NOBODY

SECRETS = {
    "TOKEN": "abc-123",
    "PASSWORD": "p@ss/w:rd?",
    "URL": "ntfy://t:o@ntfy.sh/x",
    "PARTS": "T1/B2/c3",
    "EMPTY": "",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    channels.load()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("ntfy://${TOKEN}@ntfy.sh/x", "ntfy://abc-123@ntfy.sh/x", id="a token"),
        pytest.param("mailto://me:${PASSWORD}@h.co", "mailto://me:p%40ss%2Fw%3Ard%3F@h.co", id="any password fits"),
        pytest.param("${URL}", "ntfy://t:o@ntfy.sh/x", id="a whole address stays as it is"),
        pytest.param("slack://${PARTS}", "slack://T1/B2/c3", id="several parts in one variable"),
        pytest.param("json://h/${TOKEN}?-k=${PASSWORD}", "json://h/abc-123?-k=p%40ss/w:rd%3F", id="in an option"),
    ],
)
def test_secrets_come_from_the_environment(written: str, meant: str) -> None:
    assert expanded(written, SECRETS) == meant


@pytest.mark.parametrize("name", ["MISSING", "EMPTY"])
def test_a_variable_that_is_not_set_is_named(name: str) -> None:
    with pytest.raises(Untold) as caught:
        expanded(f"ntfy://${{{name}}}@ntfy.sh/x", SECRETS)
    assert (caught.value.trouble, caught.value.name) == ("no_secret", name)


def test_a_password_arrives_as_it_was() -> None:
    line = line_to("mailto://me:${PASSWORD}@example.com?to=you@example.com", "key", SECRETS)
    assert line.plugin.password == SECRETS["PASSWORD"]


def test_timeouts_are_bounded_unless_the_address_says_otherwise() -> None:
    usual = line_to("json://127.0.0.1/x", "key", {}).plugin
    assert (usual.socket_connect_timeout, usual.socket_read_timeout) == (5, 8)
    own = line_to("json://127.0.0.1/x?rto=2.5", "key", {}).plugin
    assert (own.socket_connect_timeout, own.socket_read_timeout) == (5, 2.5)


@pytest.mark.parametrize("url", ["nonsense://x", "slack://x", "mailto://nobody"])
def test_an_address_that_apprise_cannot_use_is_no_service(url: str) -> None:
    with pytest.raises(Untold) as caught:
        line_to(url, "key", {})
    assert caught.value.trouble == "no_service"


def test_a_failure_leaves_no_word_in_any_log(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    line = line_to(f"json://me:${{TOKEN}}@127.0.0.1:{NOBODY}/x", "key", SECRETS)
    assert channels.send(line, "title", "text", alarm=True) == "not_accepted"
    assert capfd.readouterr() == ("", "")
    assert "abc-123" not in caplog.text
