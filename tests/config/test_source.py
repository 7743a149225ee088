"""From a file to a tree: scalars stay text, every part has its line, and no file can do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadrouter.config.problems import InvalidConfiguration, Problem
from leadrouter.config.source import MOST_BYTES, MOST_VALUES, Source, read_source


def source(tmp_path: Path, text: str | bytes) -> Source:
    path = tmp_path / "policy.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(path)


def refusal(tmp_path: Path, text: str | bytes) -> Problem:
    with pytest.raises(InvalidConfiguration) as caught:
        source(tmp_path, text)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("no", "no", id="not a boolean"),
        pytest.param("01234", "01234", id="not octal"),
        pytest.param("12:30", "12:30", id="not sexagesimal"),
        pytest.param("2026-03-01", "2026-03-01", id="not a date"),
        pytest.param("1e5", "1e5", id="not a float"),
        pytest.param("0.10", "0.10", id="zero kept"),
        pytest.param("!!str 5", "5", id="an explicit string"),
        pytest.param("'null'", "null", id="quoted null is text"),
        pytest.param("''", "", id="quoted nothing is empty text"),
        pytest.param("<<", "<<", id="no merging"),
        pytest.param('"  padded  "', "padded", id="padding goes"),
        pytest.param("null", None, id="null"),
        pytest.param("NULL", None, id="NULL"),
        pytest.param("~", None, id="tilde"),
        pytest.param("", None, id="nothing"),
        pytest.param("[no, {a: 1}, ]", ["no", {"a": "1"}], id="inside lists and pairs"),
    ],
)
def test_a_scalar_stays_the_text_that_was_written(tmp_path: Path, written: str, value: object) -> None:
    assert source(tmp_path, f"key: {written}").tree == {"key": value}


def test_every_part_has_its_line(tmp_path: Path) -> None:
    findings = source(tmp_path, "# first\nteam:\n  name: X\nagents:\n  - Aina\n  - id: b\n    weight: 2\n").findings
    places = [(), ("team",), ("team", "name"), ("agents", 0), ("agents", 1), ("agents", 1, "weight")]
    assert [findings.line(place) for place in places] == [2, 2, 3, 5, 6, 7]


def test_what_is_not_written_has_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    findings = source(tmp_path, "a: 1\nagents:\n  - id: b\n").findings
    assert findings.line(("agents", 0, "weight", 3)) == 3
    assert findings.line(("rules", 4)) == 1


def test_an_alias_repeats_what_its_anchor_holds(tmp_path: Path) -> None:
    tree = source(tmp_path, "a: &x {k: v}\nb: *x\n").tree
    assert tree == {"a": {"k": "v"}, "b": {"k": "v"}}
    assert tree["a"] is not tree["b"]


def test_a_key_written_twice_is_a_problem_at_the_second_one(tmp_path: Path) -> None:
    problems = source(tmp_path, "team:\n  name: A\n  region: MY\n  name: B\n").findings.problems()
    assert [(problem.line, problem.place) for problem in problems] == [(4, "team.name")]
    assert problems[0].message == "the key 'name' is here a second time, first on line 2; keep one"


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        pytest.param("a: 1\nb:\n\t- x\n", 3, "a tab stands where only spaces may", id="tab"),
        pytest.param("rules:\n  - when: {price: >= 2}\n", 2, "text that starts with '>' needs quotes", id="bare >="),
        pytest.param("a: 1\nb: >= 2\n", 2, 'as in ">= 2000000"', id="bare >= in a block"),
        pytest.param("a: 1\nb: %x\n", 2, "text that starts with '%' needs quotes", id="bare percent"),
        pytest.param("a: 1\nb: c: d\n", 2, "unexpected ':'", id="colon in a value"),
        pytest.param("a: 1\nb\nc: 2\n", 3, "a ':' after the key is missing", id="key without colon"),
        pytest.param("a: [1]\n  b: 2\n", 2, "the indentation does not fit", id="indentation"),
        pytest.param("a: 1\nb: [x,\n  y\nc: 2\n", 4, "']' or ',' is missing; what it closes begins on line 2", id="["),
        pytest.param("a: 1\nb: {x: 1\n", 3, "'}' or ',' is missing; what it closes begins on line 2", id="{"),
        pytest.param("a: *x\n", 1, "text that starts with '*' or '&' needs quotes", id="bare star"),
        pytest.param("a: [*]\n", 1, "text that starts with '*' or '&' needs quotes", id="star alone"),
        pytest.param("a: 1\nb: 'x\n\n", 4, "the quotes that open on line 2 are never closed", id="open quotes"),
        pytest.param('a: "\\w"\n', 1, "a lone backslash inside double quotes", id="backslash"),
        pytest.param('a: "\\UFFFFFFFF"\n', 1, "names a character that does not exist", id="no such character"),
        pytest.param('a: "\\U00110000"\n', 1, "names a character that does not exist", id="one too far"),
        pytest.param("a: 1\n---\nb: 2\n", 2, "a second document begins here", id="two documents"),
        pytest.param("%YAML 9.9\n---\na: 1\n", 1, "this is not YAML: found incompatible", id="anything else"),
        pytest.param("a: 1\nb: x\x07y\n", 2, "the character '\\x07' has no place in a text file", id="bell"),
        pytest.param("a: 1\r\nb: \x9b31m\n", 2, "the character '\\x9b' has no place in a text file", id="C1"),
    ],
)
def test_a_slip_of_yaml_is_told_in_plain_words_with_its_line(tmp_path: Path, text: str, line: int, part: str) -> None:
    problem = refusal(tmp_path, text)
    assert part in problem.message
    assert (problem.line, problem.place) == (line, "")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("", "the file is empty; the smallest configuration is one line", id="empty"),
        pytest.param("# nothing yet\n", "the file is empty", id="comments only"),
        pytest.param("---\n...\n", "the file is empty", id="empty document"),
        pytest.param("~\n", "the file is empty", id="null"),
        pytest.param("- Aina\n", "expected `key: value` pairs, found a list", id="list"),
        pytest.param("Aina\n", "expected `key: value` pairs, found 'Aina'", id="text"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_with_the_smallest_that_is(tmp_path: Path, text: str, part: str) -> None:
    assert part in refusal(tmp_path, text).message
    assert "agents: [Aina, Bala]" in refusal(tmp_path, text).message


def test_a_missing_file_is_told_with_its_path_and_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        read_source(tmp_path / "nowhere.yaml")
    expected = f"{tmp_path / 'nowhere.yaml'}: no such file; `leadrouter init` writes one to start from"
    assert (caught.value.message, caught.value.exit_code) == (expected, 4)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        pytest.param(".", "this is a folder", id="folder"),
        pytest.param("a\0b", "cannot be opened: embedded null byte", id="null byte"),
        pytest.param("file/x", "cannot be opened: Not a directory", id="not a folder on the way"),
        pytest.param("x" * 300, "cannot be opened: File name too long", id="a long name"),
    ],
)
def test_a_path_that_cannot_be_opened_is_told(tmp_path: Path, name: str, part: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidConfiguration, match=part):
        read_source(tmp_path / name)


def test_a_file_that_is_not_utf8_is_told_with_the_line(tmp_path: Path) -> None:
    problem = refusal(tmp_path, "a: 1\nb: café\n".encode("latin-1"))
    assert (problem.line, "save it again with the encoding UTF-8" in problem.message) == (2, True)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    read = source(tmp_path, b"\xef\xbb\xbfa: 1\r\n")
    assert (read.tree, read.text) == ({"a": "1"}, "a: 1\r\n")


def test_a_file_over_a_megabyte_is_refused_and_one_of_a_megabyte_is_read(tmp_path: Path) -> None:
    fits = "a: '" + "x" * (MOST_BYTES - 5) + "'"
    assert len(source(tmp_path, fits).tree["a"]) == MOST_BYTES - 5
    assert "larger than 1 MB" in refusal(tmp_path, fits + "\n").message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("a: " + "[" * 400_000, "levels deep", id="lists"),
        pytest.param("{a: " * 200_000, "levels deep", id="pairs"),
        pytest.param("- " * 400_000, "levels deep", id="dashes"),
        pytest.param("a: &a [*a, *a]", "levels deep", id="an alias in its own anchor"),
        pytest.param("a: [" + "x," * (MOST_VALUES + 1) + "]", "more than 50,000 values", id="values"),
    ],
)
def test_a_file_that_nests_or_counts_without_end_is_refused(tmp_path: Path, text: str, part: str) -> None:
    assert part in refusal(tmp_path, text).message


def test_lists_may_be_twenty_levels_deep_and_no_deeper(tmp_path: Path) -> None:
    assert source(tmp_path, "a: " + "[" * 19 + "x" + "]" * 19).findings.problems() == ()
    problem = refusal(tmp_path, "b: 1\na:\n  " + "[" * 20 + "x" + "]" * 20)
    assert (problem.line, problem.message.endswith("more than 20 levels deep")) == (3, True)


def test_a_bomb_of_aliases_does_not_go_off(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "counting what aliases repeat" in refusal(tmp_path, "\n".join(lines)).message


@pytest.mark.parametrize("tag", ["!!python/object:os.system", "!!int", "!!set", "!own", "!!null"])
def test_an_unusual_tag_is_a_problem_at_its_place(tmp_path: Path, tag: str) -> None:
    (problem,) = source(tmp_path, f"a: 1\nb: [{tag} x]\n").findings.problems()
    assert (problem.line, problem.place) == (2, "b[0]")
    assert problem.message == f"the tag '{tag}' is not understood; write the value without it"


def test_an_unusual_tag_on_the_whole_file_is_a_problem_too(tmp_path: Path) -> None:
    (problem,) = source(tmp_path, "!!set {agents}\n").findings.problems()
    assert problem.message.startswith("the tag '!!set' is not understood")


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("? [a]\n", id="a list"),
        pytest.param("{{ name }}", id="pairs"),
        pytest.param('""', id="empty"),
        pytest.param('"a\\x1b"', id="escape character"),
    ],
)
def test_a_key_that_is_no_word_is_a_problem(tmp_path: Path, key: str) -> None:
    (problem,) = source(tmp_path, f"a: 1\n{key}: 2\n").findings.problems()
    assert (problem.line, problem.message.split(",")[0]) == (2, "a key must be a word")
    assert "\x1b" not in problem.message


@pytest.mark.parametrize(
    ("escape", "shown"),
    [
        pytest.param("\\x1b[31m", "\\x1b", id="escape sequence"),
        pytest.param("\\0", "\\x00", id="null"),
        pytest.param("\\n", "\\n", id="line break"),
        pytest.param("\\x9b", "\\x9b", id="C1"),
        pytest.param("\\u202e", "\\u202e", id="right to left override"),
        pytest.param("\\u2066", "\\u2066", id="isolate"),
        pytest.param("\\u2028", "\\u2028", id="line separator"),
        pytest.param("\\ud800", "\\ud800", id="half a surrogate pair"),
    ],
)
def test_a_control_character_in_a_value_is_a_problem_and_never_printed(tmp_path: Path, escape: str, shown: str) -> None:
    (problem,) = source(tmp_path, f'a: "x{escape}y"\n').findings.problems()
    assert f"holds '{shown}', which does not belong in text" in problem.message
    assert problem.message.isprintable()


def test_letters_of_every_script_are_welcome(tmp_path: Path) -> None:
    names = "Núria, 陈伟, محمد, நளினி, Łukasz"
    assert source(tmp_path, f"a: [{names}]").tree == {"a": names.split(", ")}
