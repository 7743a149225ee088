"""Start-up is part of the product: what `route` loads, and what it must not."""

from __future__ import annotations

import re

import pytest

from tests.servers import NOBODY

from .program import Program

HEAVY = (
    "yaml",
    "pydantic",
    "pydantic_core",
    "sqlite_utils",
    "rich",
    "phonenumbers",
    "csv",
    "apprise",
)
"""Each of these costs more than a tenth of the time `route` may take."""

OURS = frozenset(
    """
leadrouter leadrouter.cli leadrouter.cli.app leadrouter.cli.completion leadrouter.cli.dates
leadrouter.cli.given leadrouter.cli.intake
leadrouter.cli.office leadrouter.cli.options leadrouter.cli.streams leadrouter.domain
leadrouter.domain.apply leadrouter.domain.effects leadrouter.domain.effects.dealing
leadrouter.domain.effects.moves leadrouter.domain.effects.team leadrouter.domain.effects.working
leadrouter.domain.promises leadrouter.domain.stored_policy leadrouter.domain.notices leadrouter.domain.telling
leadrouter.domain.calendar leadrouter.domain.classify leadrouter.domain.deadlines
leadrouter.domain.decision leadrouter.domain.desk leadrouter.domain.events leadrouter.domain.geography
leadrouter.domain.journal leadrouter.domain.naming leadrouter.domain.narrowing leadrouter.domain.tiers
leadrouter.domain.lead leadrouter.domain.ledger leadrouter.domain.matching leadrouter.domain.plan
leadrouter.domain.policy leadrouter.domain.preset leadrouter.domain.rounds leadrouter.domain.routing
leadrouter.domain.rulebook leadrouter.domain.skips
leadrouter.domain.state leadrouter.domain.stored_json
leadrouter.domain.strategies leadrouter.errors leadrouter.hostile leadrouter.intake
leadrouter.intake.cells
leadrouter.intake.phones leadrouter.intake.values leadrouter.reports leadrouter.reports.arrivals
leadrouter.reports.lines leadrouter.reports.wording leadrouter.store leadrouter.store.database leadrouter.store.desks
leadrouter.store.leads leadrouter.store.partial_indexes leadrouter.store.queries leadrouter.store.rows
leadrouter.store.schema
leadrouter.store.transactions leadrouter.usecases leadrouter.usecases.receive leadrouter.usecases.session
leadrouter.usecases.settle
""".split()  # noqa: SIM905 - a list of names reads better than one of literals
)
"""Everything of ours that `route` loads. A module that joins this list costs every call: say why in the commit."""


def loaded_by(program: Program, *arguments: str) -> set[str]:
    """The modules a command imports, as the interpreter reports them."""
    done = program.run(*arguments, python=("-X", "importtime"))
    assert done.code == 0, done.err
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.err, flags=re.MULTILINE))


def loaded_by_completion(program: Program, line: str) -> set[str]:
    """The same for a TAB at the end of a line."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_LEADROUTER_COMPLETE": "complete_bash"}
    done = program.run(python=("-X", "importtime"), env=words)
    assert done.out.strip() != ""
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.err, flags=re.MULTILINE))


def heavy(modules: set[str]) -> set[str]:
    return {module.split(".")[0] for module in modules} & set(HEAVY)


def test_route_loads_nothing_it_does_not_need(loaded: Program) -> None:
    modules = loaded_by(loaded, "route", "--email", "ann@example.com", "--json")
    assert heavy(modules) == set()
    assert {module for module in modules if module.split(".")[0] == "leadrouter"} - OURS == set()


def test_route_loads_no_apprise_for_what_it_has_to_tell(program: Program) -> None:
    """It starts a process that does."""
    program.file("told.yaml", f'agents: [{{id: aina, notify: "json://127.0.0.1:{NOBODY}/aina"}}]')
    assert program.run("load", "told.yaml").code == 0
    assert heavy(loaded_by(program, "route", "--email", "ann@example.com")) == set()


def test_route_loads_phonenumbers_for_a_phone_alone(loaded: Program) -> None:
    assert heavy(loaded_by(loaded, "route", "--phone", "012-345 6789")) == {"phonenumbers"}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("contact", "1"), id="contact"),
        pytest.param(("reclaim",), id="reclaim"),
        pytest.param(("notify",), id="notify with nothing to deliver"),
        pytest.param(("rotation", "--json"), id="rotation as JSON"),
    ],
)
def test_everyday_commands_load_no_yaml_no_pydantic_and_no_sqlite_utils(
    arguments: tuple[str, ...], loaded: Program
) -> None:
    loaded.well("route", "--email", "ann@example.com")
    assert heavy(loaded_by(loaded, *arguments)) <= {"rich"}


def test_the_reason_for_looking_is_real(program: Program) -> None:
    """The first load does import them: the test above can see what it looks for."""
    assert {"yaml", "pydantic", "sqlite_utils"} <= heavy(loaded_by(program, "load", "team.yaml"))
