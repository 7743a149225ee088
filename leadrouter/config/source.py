"""A configuration file as a tree of plain dict, list, str and None, with the line of every part.

PyYAML is used here and nowhere else, and only up to its nodes: it never decides what a scalar means, so `no`,
`01234`, `12:30` and `2026-03-01` stay text. What a key or a value means is none of this module's business.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from leadrouter.config.problems import Findings, InvalidConfiguration, Place, Problem, shown
from leadrouter.hostile import GONE, MOST_MARKS, unheaped

MOST_BYTES = 1_000_000
MOST_VALUES = 50_000
"""With aliases written out: a small file can ask for billions of values."""
MOST_LEVELS = 20

_SMALLEST = "the smallest configuration is one line: `agents: [Aina, Bala]`"
_NULLS = ("", "~", "null", "Null", "NULL")
_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_SYNTAX = (
    (r"character '\\t'", "a tab stands where only spaces may; indent with spaces"),
    (r"character (\S+) that cannot start", "text that starts with {0} needs quotes around it"),
    (r"chomping or indentation", "text that starts with '>' or '|' needs quotes around it, as in \">= 2000000\""),
    (r"mapping values are not allowed", "unexpected ':'; check the indentation, and put quotes around text with ': '"),
    (r"could not find expected ':'", "a ':' after the key is missing, or the indentation does not fit"),
    (r"expected (<block end>|'<document start>')", "the indentation does not fit the lines above"),
    (r"expected ',' or '(.)'", "'{0}' or ',' is missing; what it closes begins on line {line}"),
    (r"undefined alias|expected alphabetic or numeric", "text that starts with '*' or '&' needs quotes around it"),
    (r"end of stream", "the quotes that open on line {line} are never closed"),
    (r"unknown escape", "a lone backslash inside double quotes; use single quotes"),
    (r"another document", "a second document begins here; remove the '---' and keep all in one"),
)
"""What PyYAML says, and what it means to somebody who never heard of tokens."""


class Source(NamedTuple):
    """What the file says. `findings` holds what is wrong already and takes what later checks find."""

    text: str
    tree: dict[str, Any]
    findings: Findings


class _Unreadable(Exception):
    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def read_source(path: Path) -> Source:
    """The file, or InvalidConfiguration when nothing in it can be looked at any further."""
    try:
        text = _text(path)
    except _Unreadable as error:
        raise InvalidConfiguration([Problem(str(path), error.line, "", error.message)]) from None
    return source_of(text, str(path))


def source_of(text: str, name: str) -> Source:
    """The same of a text that may be in no file yet; problems are told under this name."""
    try:
        root = _nodes(text)
        growth = _Growth(name)
        return Source(text, growth.value(root, ()) or {}, growth.findings)
    except _Unreadable as error:
        raise InvalidConfiguration([Problem(name, error.line, "", error.message)]) from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _Unreadable("no such file; `leadrouter init` writes one to start from") from None
    except IsADirectoryError:
        raise _Unreadable("this is a folder; name the file in it") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise _Unreadable(f"the file cannot be opened: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MOST_BYTES:
        raise _Unreadable("the file is larger than 1 MB; a configuration is a few pages of text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unreadable("the file is not UTF-8 text; save it again with the encoding UTF-8", line) from None


def _nodes(text: str) -> yaml.MappingNode:
    try:
        loader = _TextLoader(text)
    except yaml.reader.ReaderError as error:
        line = len(_LINE_BREAK.findall(text, 0, error.position)) + 1
        character = shown(text[error.position])
        raise _Unreadable(f"the character {character} has no place in a text file; remove it", line) from None
    try:
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _syntax(error) from None
    except (ValueError, OverflowError):  # PyYAML's own answer to "\UFFFFFFFF"
        raise _Unreadable("an escape with \\U names a character that does not exist", loader.line + 1) from None
    if root is None or (isinstance(root, yaml.ScalarNode) and root.value in _NULLS):
        raise _Unreadable(f"the file is empty; {_SMALLEST}")
    if not isinstance(root, yaml.MappingNode):
        raise _Unreadable(f"expected `key: value` pairs, found {_found(root)}; {_SMALLEST}", _line(root))
    return root


def _syntax(error: yaml.MarkedYAMLError) -> _Unreadable:
    mark = error.problem_mark or error.context_mark
    begin = error.context_mark or mark
    line = mark.line + 1 if mark else 0
    said = error.problem or ""
    for pattern, plain in _SYNTAX:
        hit = re.search(pattern, said)
        if hit:
            return _Unreadable(plain.format(*hit.groups(), line=begin.line + 1 if begin else line), line)
    return _Unreadable(f"this is not YAML: {said}", line)


class _TextLoader(yaml.SafeLoader):
    """PyYAML without its guesses about scalars, and with bounds on what it composes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.yaml_implicit_resolvers = {}
        self._level = 0
        self._values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._level += 1
        self._values += 1
        _bound(self._values, self._level - 1, self.line + 1)
        node = super().compose_node(parent, index)
        self._level -= 1
        return node


class _Growth:
    """Grows the tree from the nodes, noting the line of every part and what does not belong in it."""

    def __init__(self, path: str) -> None:
        self._lines: dict[Place, int] = {}
        self._values = 0
        self.findings = Findings(path, self._lines)

    def value(self, node: yaml.Node, place: Place) -> Any:
        self._values += 1
        _bound(self._values, len(place), _line(node))  # again, for what aliases repeat
        self._lines.setdefault(place, _line(node))
        if node.tag not in _TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self.findings.add(place, f"the tag {shown(tag)} is not understood; write the value without it")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place)
        if isinstance(node, yaml.MappingNode):
            return self._pairs(node, place)
        return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]

    def _pairs(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = _line(key_node)
            key = key_node.value.strip() if isinstance(key_node, yaml.ScalarNode) else ""
            here = (*place, key)
            if not key or _forbidden(key):
                self.findings.add(place, f"a key must be a word, found {_found(key_node)}", line)
            elif key in pairs:
                message = f"the key {shown(key)} is here a second time, first on line {self._lines[here]}; keep one"
                self.findings.add(here, message, line)
            else:
                self._lines[here] = line
                pairs[key] = self.value(value_node, here)
        return pairs

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> str | None:
        if node.style is None and node.value in _NULLS:
            return None
        text: str = node.value.strip()
        lines = text.split("\n") if node.style == "|" else [text]  # a block keeps its lines
        bad = _forbidden("".join(lines))
        if bad:
            self.findings.add(place, f"{shown(text)} holds {shown(bad)}, which does not belong in text; remove it")
        elif (plain := unheaped(text)) != text:
            self.findings.add(place, f"{shown(plain)} heaps more than {MOST_MARKS} marks on a letter; leave some out")
        return "\n".join("".join(c for c in line if not _forbidden(c)) for line in lines)


def _bound(values: int, levels: int, line: int) -> None:
    if values > MOST_VALUES:
        raise _Unreadable(f"more than {MOST_VALUES:,} values, counting what aliases repeat; this is too long", line)
    if levels > MOST_LEVELS:
        raise _Unreadable(f"lists and pairs stand inside each other more than {MOST_LEVELS} levels deep", line)


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return shown(node.value)
    return "a list" if isinstance(node, yaml.SequenceNode) else "`key: value` pairs"


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _forbidden(text: str) -> str | None:
    """The first character that could break a line, a terminal or an encoder, hide, or show a name as another."""
    return next((c for c in text if ord(c) in GONE or unicodedata.category(c) == "Cs"), None)
