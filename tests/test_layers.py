"""The layers are a test: who may import whom, who may know SQL, and who may read the clock (DESIGN, the picture)."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "leadrouter"

MAY_IMPORT = {
    "domain": {"domain"},
    "store": {"store", "domain", "errors", "private"},
    "usecases": {"usecases", "domain", "store", "errors", "private"},
    "reports": {"reports", "domain", "store", "usecases", "errors", "hostile"},
    "config": {"config", "domain", "errors", "hostile"},
    "intake": {"intake", "domain", "errors", "hostile", "private"},
    "notify": {"notify", "reports", "domain", "store", "errors", "hostile"},
    "cli": {
        *("cli", "config", "intake", "usecases", "notify", "reports", "store", "domain", "errors", "hostile"),
        *("private", "__version__"),
    },
    "errors": set(),
    "hostile": set(),
    "private": set(),
    "__init__": set(),
    "__main__": {"cli"},
}
"""Room -> the rooms it may import. Arrows go one way; nobody imports `cli`. A new room gets a line here."""

IMPURE = {"sqlite3", "os", "io", "random", "secrets", "time", "pathlib", "subprocess", "socket", "threading", "sys"}
"""What the domain must not import of the standard library: files, clocks, chance, the outside world."""

CLOCK = re.compile(r"(.*\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)")

SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIEW)|PRAGMA|"
    r"BEGIN IMMEDIATE|ROLLBACK|COMMIT)\b",
    re.DOTALL,
)
CALLS_TO_SQLITE = {"execute", "executemany", "executescript", "commit", "rollback", "cursor"}

Rule = Callable[[str, ast.Module], Iterator[tuple[int, str]]]
"""Looks through a module of a room; gives line and words of everything that is out of place."""


def imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that is imported anywhere, also inside functions."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "leadrouter":
            yield from ((node.lineno, f"leadrouter.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def rooms_above(room: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """Imports that go the wrong way, and relative ones, whose way cannot be seen."""
    for line, name in imports(module):
        first, _, rest = name.partition(".")
        if not first or (first == "leadrouter" and rest.split(".")[0] not in MAY_IMPORT[room]):
            yield line, f"import {name}"


def impurity(room: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """In the domain: anything but itself and the pure part of the standard library."""
    if room != "domain":
        return
    for line, name in imports(module):
        first = name.split(".")[0]
        if first != "leadrouter" and (first not in sys.stdlib_module_names or first in IMPURE):
            yield line, f"import {name}"
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print", "input")
        ):
            yield node.lineno, f"{node.func.id}()"


def sql(room: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """Outside the store: statements, calls to SQLite, and sqlite3 for anything but a connection in an annotation."""
    if room == "store":
        return
    annotated = {part for root in annotations_in(module) for part in ast.walk(root)}
    documented = set(documentation_in(module))
    for node in ast.walk(module):
        match node:
            case ast.Constant(value=str(text)) if node not in documented and SQL.search(text):
                yield node.lineno, f"{text[:40]!r}"
            case ast.Attribute(value=ast.Name(id="sqlite3"), attr=name):
                if (
                    node not in annotated
                    or room not in ("cli", "usecases", "reports", "notify")
                    or name != "Connection"
                ):
                    yield node.lineno, f"sqlite3.{name}"
            case ast.Call(func=ast.Attribute(attr=name)) if name in CALLS_TO_SQLITE:
                yield node.lineno, f".{name}()"


def annotations_in(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        match node:
            case ast.arg(annotation=ast.AST() as annotation) | ast.AnnAssign(annotation=annotation):
                yield annotation
            case ast.FunctionDef(returns=ast.AST() as annotation):
                yield annotation


def documentation_in(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def clocks(room: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """Outside the command line: what time it is. How long something took may be measured anywhere."""
    for node in ast.walk(module):
        if room != "cli" and isinstance(node, ast.Attribute) and CLOCK.fullmatch(ast.unparse(node)):
            yield node.lineno, ast.unparse(node)


RULES: list[Rule] = [rooms_above, impurity, sql, clocks]


@pytest.mark.parametrize("rule", RULES)
def test_every_module_keeps_to_its_layer(rule: Rule) -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        wrong += [f"{path.relative_to(PACKAGE.parent)}:{line}: {words}" for line, words in rule(room, module)]
    assert wrong == []


def taken_in(module: ast.Module, known: Set[str]) -> set[str]:
    """The modules of ours that one imports, also inside functions; those named for types alone are not imported."""
    for_types = {
        part
        for node in ast.walk(module)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for part in ast.walk(node)
    }
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node not in for_types:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= parts if parts <= known else parts | {str(node.module)}
        elif isinstance(node, ast.Import) and node not in for_types:
            found |= {alias.name for alias in node.names}
    return found & known


def circles(arrows: Mapping[str, Set[str]]) -> dict[str, set[str]]:
    """What is left when whatever imports nothing that is left is taken away, again and again: modules in circles, and
    those that import them.
    """
    left = {name: set(targets) for name, targets in arrows.items()}
    while leaves := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in leaves}
    return left


def test_no_module_imports_one_that_imports_it() -> None:
    paths = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }
    arrows = {
        name: taken_in(ast.parse(path.read_text(encoding="utf-8")), paths.keys()) - {name}
        for name, path in paths.items()
    }
    assert len(arrows["leadrouter.cli.app"]) > 3
    assert circles(arrows) == {}


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}).keys() == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("rule", "room", "code"),
    [
        pytest.param(rooms_above, "store", "from leadrouter.usecases import batch", id="a room above"),
        pytest.param(rooms_above, "domain", "from leadrouter import errors", id="errors in the domain"),
        pytest.param(rooms_above, "reports", "def f() -> None:\n    import leadrouter.cli.app", id="inside a function"),
        pytest.param(rooms_above, "intake", "from . import cells", id="a relative import"),
        pytest.param(impurity, "domain", "import os", id="the operating system"),
        pytest.param(impurity, "domain", "import numpy", id="another library"),
        pytest.param(impurity, "domain", "print(1)", id="printing"),
        pytest.param(sql, "usecases", "q = 'SELECT lead FROM leads'", id="a statement"),
        pytest.param(sql, "cli", "c.execute(q)", id="a call to SQLite"),
        pytest.param(sql, "reports", "sqlite3.connect('x')", id="a connection made"),
        pytest.param(sql, "reports", "def f(e: sqlite3.Error) -> None: ...", id="another class in an annotation"),
        pytest.param(sql, "domain", "def f(c: sqlite3.Connection) -> None: ...", id="a connection in the domain"),
        pytest.param(clocks, "usecases", "now = datetime.now(UTC)", id="the clock"),
        pytest.param(clocks, "store", "today = datetime.date.today()", id="the date"),
    ],
)
def test_a_rule_sees_what_it_looks_for(rule: Rule, room: str, code: str) -> None:
    assert list(rule(room, ast.parse(code))) != []


@pytest.mark.parametrize(
    ("rule", "room", "code"),
    [
        pytest.param(
            sql, "reports", "def f(c: sqlite3.Connection) -> sqlite3.Connection: ...", id="a connection named"
        ),
        pytest.param(sql, "cli", '"""Makes no SELECT of its own FROM anything."""', id="documentation"),
        pytest.param(clocks, "cli", "now = datetime.now(UTC)", id="the clock of the command line"),
        pytest.param(clocks, "usecases", "started = time.perf_counter()", id="a stopwatch"),
        pytest.param(impurity, "domain", "import json\nfrom leadrouter.domain import lead", id="the pure part"),
    ],
)
def test_a_rule_lets_pass_what_is_allowed(rule: Rule, room: str, code: str) -> None:
    assert list(rule(room, ast.parse(code))) == []
