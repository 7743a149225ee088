"""Names of channels, the moment of a warning, and the words of notices."""

from __future__ import annotations

import pytest

from leadrouter.domain.telling import Channel, Notify, Warn, name_of, named
from leadrouter.domain.wordings import fill


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("ntfy://${TOKEN}@ntfy.sh/x", "ntfy"),
        ("MAILTO://me:secret@h", "mailto"),
        ("${BALA_URL}", "bala_url"),
        ("secret", "unknown"),
    ],
)
def test_a_channels_name_tells_its_service_and_no_secret(url: str, name: str) -> None:
    assert name_of(url) == name


def test_channels_of_one_service_are_numbered() -> None:
    assert list(named([Channel("ntfy://a"), Channel("sms://b"), Channel("ntfy://c"), Channel("ntfy://d")])) == [
        "ntfy", "sms", "ntfy-2", "ntfy-3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quality", "promise", "after"),
    [("hot", 900, 600), ("warm", 7200, 5400), ("cold", 86400, 79200), ("hot", 300, None), ("warm", 60, None)],
)
def test_a_warning_comes_5_and_30_minutes_and_2_hours_before_the_promise(
    quality: str, promise: int, after: int | None
) -> None:
    assert Warn().after(quality, promise) == after


def test_a_notice_is_given_up_after_six_attempts_and_the_month_is_reported_at_eight() -> None:
    assert (Notify().attempts, Notify().month_end) == (6, 8 * 60)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        pytest.param("{a} and {b}", "x and ", id="known and empty"),
        pytest.param("one\n{b}\ntwo", "one\ntwo", id="a line that says nothing"),
        pytest.param("by {b}.\n{a}", "x", id="a line around nothing"),
        pytest.param("{c}", "", id="unknown"),
        pytest.param("{a.__class__}\n{0}", "{a.__class__}", id="no way into objects"),
    ],
)
def test_words_in_braces_are_filled_in(text: str, filled: str) -> None:
    assert fill(text, {"a": "x", "b": ""}) == filled


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"
