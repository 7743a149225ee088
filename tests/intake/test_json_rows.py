"""JSON lines as a table: keys are columns, whenever they come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.lead import Lead
from leadrouter.intake.json_object import NoObject, object_of
from leadrouter.intake.json_rows import flat
from leadrouter.intake.rejects import RejectsWriter, default_path
from leadrouter.intake.table import Rejected, Row, open_leads

from .conftest import Opener, rejected_of, rows_of


def test_each_line_is_a_lead(open_text: Opener) -> None:
    leads = open_text('{"email": "ada@example.com", "price": 450000}\n\n {"phone": "012-345 6789", "name": null}\n')
    assert list(leads) == [
        Row(1, Lead(email="ada@example.com", price=450_000.0), None),
        Row(3, Lead(phone="+60123456789"), None),
    ]


def test_numbers_keep_their_digits_and_lists_become_one_text(open_text: Opener) -> None:
    line = {"id": 12345678901234567890, "zip": "01234", "tags": ["a", "b"], "n": 1.50, "yes": True, "deep": {"k": "v"}}
    lead = rows_of(open_text(json.dumps(line).replace("1.5", "1.50") + "\n"))[0].lead
    assert (lead.external_id, lead.postcode, lead.tags) == ("12345678901234567890", "01234", "a, b")
    assert json.loads(lead.custom or "") == {"n": "1.50", "yes": "true", "deep_k": "v"}


def test_a_key_that_comes_late_is_a_column_like_the_others(open_text: Opener) -> None:
    lines = [json.dumps({"id": number}) + "\n" for number in range(500)]
    leads = list(
        open_text("".join([*lines, '{"id": "x", "E-mail": "late@example.com", "Budget": "1m", "colour": "red"}\n']))
    )
    assert len(leads) == 501
    last = leads[-1]
    assert isinstance(last, Row)
    assert last.lead == Lead(external_id="x", email="late@example.com", price=1e6, custom='{"colour":"red"}')


@pytest.mark.parametrize("line", ["nonsense", "[1, 2]", '"text"', '{"a": ', "[" * 5000])
def test_a_line_that_is_no_object_is_rejected_alone(open_text: Opener, line: str) -> None:
    leads = open_text(f'{{"email": "a@example.com"}}\n{line}\n{{"email": "b@example.com"}}\n')
    first, bad, last = leads
    assert isinstance(first, Row)
    assert bad == Rejected(2, "this line is not one JSON object", (line.strip(),))
    assert isinstance(last, Row)


def test_a_line_of_more_than_a_mebibyte_is_rejected_alone(open_text: Opener) -> None:
    long = json.dumps({"email": "a@example.com", "message": "x" * 1_100_000})
    leads = list(open_text(f'{{"email": "a@example.com"}}\n{long}\n{{"email": "b@example.com"}}\n'))
    assert [type(row) for row in leads] == [Row, Rejected, Row]


def test_answers_to_a_form_become_columns() -> None:
    meta = {"field_data": [{"name": "full_name", "values": ["Ada"]}, {"name": "email", "values": ["a@b.co"]}]}
    google = {"user_column_data": [{"column_id": "EMAIL", "column_name": "E", "string_value": "a@b.co"}]}
    assert flat(meta) == {"full_name": "Ada", "email": "a@b.co"}
    assert flat(google)["EMAIL" if "EMAIL" in flat(google) else "E"] == "a@b.co"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_object_becomes_plain_texts(value: object) -> None:
    found = flat({"it": value})
    assert all(isinstance(key, str) and isinstance(text, str) for key, text in found.items())


def test_rejected_lines_are_json_lines_too_and_can_be_imported_when_mended(open_text: Opener, tmp_path: Path) -> None:
    leads = open_text('{"name": "Ada", "phone": "none", "n": 1}\n{"name": "Bo", "phone": "0123456789"}\nbroken\n')
    path = Path(default_path(str(tmp_path / "leads.jsonl"), is_json=leads.is_json))
    assert path.name == "leads.jsonl.rejects.jsonl"
    with RejectsWriter(str(path), leads) as rejects:
        for row in rejected_of(leads):
            rejects.write(row)
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert written == [
        {"line": 1, "reason": "phone cannot be read", "name": "Ada", "phone": "none", "n": "1"},
        {"line": 3, "reason": "this line is not one JSON object", "text": "broken"},
    ]
    path.write_text(path.read_text().replace("none", "0123456780"))
    with open_leads(str(path), region="MY", timezone="UTC", mapping={}) as again:
        mended = [row.lead for row in again if isinstance(row, Row)]
    assert mended == [Lead(name="Ada", phone="+60123456780", custom='{"n":"1"}')]


# --- nothing is lost or changed on the way -----------------------------------------------------------------------


@pytest.mark.parametrize("said", ["1e999", "-1e999", "NaN", "Infinity", "9" * 5000, "0.1000000000000000055", "1E+2"])
def test_a_number_stays_the_text_it_is(said: str) -> None:
    assert flat(object_of(f'{{"price": {said}}}')) == {"price": said}


@pytest.mark.parametrize(
    "text",
    [
        '{"email": "a@example.com", "email": "b@example.com"}',
        '{"a": {"b": 1, "b": 2}}',
        '{"a": [{"b": 1, "b": 1}]}',
        '{"\\u0061": 1, "a": 2}',
    ],
)
def test_a_key_that_stands_twice_is_a_fault_that_repeats_nothing(text: str) -> None:
    with pytest.raises(NoObject) as caught:
        object_of(text)
    assert caught.value.fault == "a key stands twice in one JSON object"


@pytest.mark.parametrize("text", ["", "[]", "1", '"a"', "null", "{", '{"a": 01}', "{'a': 1}", "[" * 100_000])
def test_what_is_no_object_is_a_fault(text: str) -> None:
    with pytest.raises(NoObject, match="not one JSON object"):
        object_of(text)


def test_one_key_twice_costs_its_own_line_only(open_text: Opener) -> None:
    found = list(open_text('{"email": "a@example.com", "email": "b@example.com"}\n{"email": "c@example.com"}\n'))
    assert [type(row) for row in found] == [Rejected, Row]
    assert isinstance(found[0], Rejected)
    assert found[0].reason == "a key stands twice in one JSON object"


@pytest.mark.parametrize("levels", [3, 5, 50, 900, 970, 985, 1000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")], ids=["[", "{", "[{"])
def test_any_depth_is_a_lead_or_a_rejected_line(opening: str, closing: str, levels: int, open_text: Opener) -> None:
    deep = opening * levels + "1" + closing * levels
    found = list(open_text(f'{{"email": "a@example.com"}}\n{{"email": "b@example.com", "x": {deep}}}\n'))
    assert isinstance(found[0], Row)
    assert len(found) == 2
