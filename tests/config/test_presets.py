"""A broker's own presets: what each key means, and what is refused."""

from __future__ import annotations

import pytest

from leadrouter.domain.preset import Preset

from .conftest import Read, Refuse

TEAM = "agents: [Aina]\n"


def test_a_preset_says_what_files_of_a_system_look_like(read: Read) -> None:
    text = """presets:
  my portal:
    found_by: [Enquiry No, Buyer]
    columns: {Enquiry No: external_id, Buyer: name, Step: state, Ref: ignore}
    ids: Person
    words: {state: {Keys handed over: won}, source: {PP: portal}}
    prefixes: {Enquiry No: "ENQ-"}
    test_rows: {Buyer: test, "*": "<dummy"}
    dates: dmy
"""
    assert read(TEAM + text).policy.presets == (
        Preset(
            "my portal",
            found_by=(("Enquiry No", "Buyer"),),
            columns=(("Enquiry No", "external_id"), ("Buyer", "name"), ("Step", "state"), ("Ref", "ignore")),
            ids="person",
            words=(("state", (("Keys handed over", "won"),)), ("source", (("PP", "portal"),))),
            prefixes=(("Enquiry No", "ENQ-"),),
            test_rows=(("Buyer", "test"), ("*", "<dummy")),
            dates="dmy",
        ),
    )


def test_columns_are_enough_and_an_id_numbers_the_enquiry(read: Read) -> None:
    [preset] = read(f"{TEAM}presets: {{p: {{columns: {{A: phone}}}}}}").policy.presets
    assert (preset.ids, preset.dates, preset.found_by) == ("enquiry", None, ())


def test_there_are_none_unless_they_are_written(read: Read) -> None:
    assert read(TEAM).policy.presets == ()


@pytest.mark.parametrize(
    ("preset", "place", "message"),
    [
        ("{columns: {A: telephone}}", "presets.p.columns.A", "unknown 'telephone'; known: external_id"),
        ("{columns: {A: phone}, ids: contact}", "presets.p.ids", "unknown 'contact'; known: enquiry, person"),
        ("{columns: {A: phone}, dates: us}", "presets.p.dates", "unknown 'us'; known: dmy, mdy, ymd"),
        ("{columns: {A: phone}, word: {}}", "presets.p.word", "unknown key 'word'"),
        ("{columns: {A: phone}, words: {state: {X: sold}}}", "presets.p.words.state.X", "unknown state 'sold'"),
        ("{columns: {A: phone}, words: {quality: {X: big}}}", "presets.p.words.quality.X", "unknown quality 'big'"),
        ("{columns: {A: phone}, words: {stage: {X: won}}}", "presets.p.words.stage", "unknown field 'stage'"),
        ("{found_by: [A]}", "presets.p", "'p' says nothing of its columns"),
        ("[A, B]", "presets.p", "expected `key: value` pairs, found a list"),
    ],
)
def test_a_fault_is_told_at_its_place(refuse: Refuse, preset: str, place: str, message: str) -> None:
    [problem] = refuse(f"{TEAM}presets: {{p: {preset}}}\n")
    assert problem.place == place
    assert message in problem.message
