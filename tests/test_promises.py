"""The README's promises name tests that exist: a promise without a test is a wish."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def _promises() -> list[str]:
    section = (ROOT / "README.md").read_text().split("## Promises, and the tests that hold them\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return rows[2:]


def test_each_promise_of_the_readme_names_a_test_that_exists() -> None:
    promises = _promises()
    assert promises
    for promise in promises:
        named = TEST.findall(promise)
        assert named, f"no test is named: {promise}"
        for file, test in named:
            text = (ROOT / file).read_text()
            assert re.search(rf"^(async )?def {test}\(" if test else r"^def test_", text, re.MULTILINE), (
                f"{file}::{test}"
            )
