"""Headers to columns: which one wins, what is kept, and what `--map` may say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from leadrouter.errors import UnusableFile, WrongUsage
from leadrouter.intake.columns import Column, check_identifying, match_columns


def keys_of(header: list[str], mapping: Mapping[str, str] | None = None) -> list[str]:
    """`email`, `custom:foo`, `agent` or `-` for each column."""
    columns = match_columns(header, mapping or {})
    shown = {"field": "{}", "custom": "custom:{}", "owner": "{}", "ignored": "-"}
    return [shown[column.role].format(column.key) for column in columns]


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        pytest.param(["phone", "email", "name"], ["phone", "email", "name"], id="any order"),
        pytest.param(["  E-MAIL ", "Full name"], ["email", "name"], id="other spellings"),
        pytest.param(["\ufeffemail"], ["email"], id="a mark inside"),
        pytest.param(["Customer Type", "email"], ["custom:customer_type", "email"], id="unknown words are kept"),
        pytest.param(["Full name", "name"], ["custom:full_name", "name"], id="the field's own name wins"),
        pytest.param(["City", "Neighbourhood"], ["custom:city", "area"], id="else the better word"),
        pytest.param(["budget", "Budget"], ["price", "custom:budget"], id="else the first"),
        pytest.param(["email", "email"], ["email", "custom:email_2"], id="a duplicate gets a number"),
        pytest.param(
            ["a", "A", "a!", "email"], ["custom:a", "custom:a_2", "custom:a_3", "email"], id="more duplicates"
        ),
        pytest.param(["email", "", " ", "?"], ["email", "custom:column_2", "custom:column_3", "custom:column_4"]),
        pytest.param(["email", "Agent", "Owner"], ["email", "agent", "custom:owner"], id="one owner"),
        pytest.param(["'=email", "'+phone"], ["email", "phone"], id="as a rejects file writes them"),
        pytest.param(["email", "Nam\udce9"], ["email", "custom:nam"], id="a stray byte"),
    ],
)
def test_each_column_is_something(header: list[str], keys: list[str]) -> None:
    assert keys_of(header) == keys


def test_a_second_phone_can_stand_in_for_the_first() -> None:
    columns = match_columns(["Mobile", "Phone", "Email 2", "Email", "City", "Area"], {})
    assert [(column.key, column.stands_in_for) for column in columns] == [
        ("mobile", "phone"),
        ("phone", None),
        ("email_2", "email"),
        ("email", None),
        ("city", None),
        ("area", None),
    ]


@pytest.mark.parametrize(
    ("mapping", "keys"),
    [
        pytest.param({"Contact": "phone"}, ["phone", "custom:mobile", "email", "agent"], id="overrides a known word"),
        pytest.param({"contact": "name"}, ["name", "phone", "email", "agent"], id="finds it in other letters"),
        pytest.param({"Mobile": "ignore"}, ["custom:contact", "-", "email", "agent"], id="drops a column"),
        pytest.param({"Agent": "ignore"}, ["custom:contact", "phone", "email", "-"], id="drops the owner"),
        pytest.param({"Agent": "custom"}, ["custom:contact", "phone", "email", "custom:agent"], id="keeps it apart"),
        pytest.param({"Contact": "agent"}, ["agent", "phone", "email", "custom:agent"], id="names the owner"),
        pytest.param({"Contact": "first_name"}, ["first_name", "phone", "email", "agent"], id="half a name"),
        pytest.param({"Contact": "ignore", "Agent": "ignore"}, ["-", "phone", "email", "-"], id="drops two"),
    ],
)
def test_the_user_has_the_last_word(mapping: dict[str, str], keys: list[str]) -> None:
    assert keys_of(["Contact", "Mobile", "Email", "Agent"], mapping) == keys


@pytest.mark.parametrize(
    ("mapping", "message", "hint"),
    [
        ({"Mobile": "fone"}, "--map Mobile=fone: unknown field fone", "Did you mean phone?"),
        ({"Mobil": "phone"}, "the file has no column Mobil", "Did you mean Mobile?"),
        ({"Zzz": "phone"}, "the file has no column Zzz", "Known: Mobile, E-mail"),
        ({"Mobile": "phone", "E-mail": "phone"}, "mapped twice", "Keep one"),
        ({"Mobile": "phone", "mobile": "name"}, "mapped twice", "Keep one"),
    ],
)
def test_a_wrong_map_is_wrong_usage_and_names_the_nearest(mapping: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        match_columns(["Mobile", "E-mail"], mapping)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("header", ["email", "Mobile", "Lead ID"])
def test_one_identifying_column_is_enough(header: str) -> None:
    check_identifying(match_columns([header, "foo"], {}))


def test_without_one_the_message_shows_what_was_found_and_the_way_out() -> None:
    with pytest.raises(UnusableFile) as caught:
        check_identifying(match_columns(["Kontakt", "Name", "x" * 100, ""], {}))
    assert "found: Kontakt, Name, " + "x" * 40 in caught.value.message
    assert "x" * 41 not in caught.value.message
    assert caught.value.hint == 'Say which column it is, for example --map "Kontakt=phone".'


@pytest.mark.parametrize(
    ("header", "example"),
    [
        (["first", "Main mobile nr"], '"Main mobile nr=phone"'),
        (["Contact method", "Inbox mail"], '"Inbox mail=email"'),
        (["first", "last", "Foo"], '"Header=phone"; email or external_id'),
    ],
)
def test_only_a_column_that_could_be_one_is_offered(header: list[str], example: str) -> None:
    with pytest.raises(UnusableFile) as caught:
        check_identifying(match_columns(header, {}))
    assert example in caught.value.hint


def test_an_owner_or_a_custom_phone_identifies_nobody() -> None:
    with pytest.raises(UnusableFile):
        check_identifying([Column("Agent", "owner", "agent"), Column("Mobile", "custom", "phone")])


@pytest.mark.parametrize("mapping", [{}, {"Phone": "phone"}])
@pytest.mark.parametrize("first", [["Ada Example", "ada@example.com"], ["Ada Example", "012-345 6789"]])
def test_a_person_in_the_first_line_is_not_shown(first: list[str], mapping: dict[str, str]) -> None:
    with pytest.raises(UnusableFile) as caught:
        check_identifying(match_columns(first, mapping))
    assert "looks like a lead" in caught.value.message
    assert "Ada" not in caught.value.message + caught.value.hint
