"""One text for one value, the one that the standard library gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.stored_json import stored_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_it_is_what_the_library_writes(value: Any) -> None:
    assert stored_json(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_what_json_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError):
        stored_json({"at": object()})
