"""Help that teaches: every command has an example in its help, and each example is a command that works."""

from __future__ import annotations

import re
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from leadrouter.cli.app import COMMANDS, build
from leadrouter.domain.history import OUTCOMES
from leadrouter.intake.aliases import OUTCOME_ALIASES

from .program import Program, Result, a_copy

SAMPLES = Path(__file__).parents[2]
LAST_OF_OCTOBER = "2026-10-31T18:00+08:00"
WORKED = {0, 3, 7}
"""Done, done in part, or refused by the state that the lead is in: not a wrong word among them."""


def commands() -> dict[str, Any]:
    """`route`, `report monthly` ... -> the command, as the help shows it."""
    found: dict[str, Any] = {}
    for name, command in build().commands.items():
        found[name] = command
        found |= {f"{name} {inner}": sub for inner, sub in getattr(command, "commands", {}).items()}
    return found


ALL = commands()
EXAMPLES = {name: re.findall(r"Example: leadrouter (.*)", command.help or "") for name, command in ALL.items()}


def test_the_help_of_record_has_every_word_that_a_file_may_use() -> None:
    command = ALL["record"]
    [mapping] = [option for option in command.params if "--map" in option.opts]
    words = set(re.findall(r"\w+", f"{command.help} {mapping.help}"))
    assert words >= {*OUTCOMES, *OUTCOME_ALIASES}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The sample files, loaded and imported, and files under the names that the examples use."""
    program = Program(tmp_path_factory.mktemp("samples"))
    for sample in ("sample_config.yaml", "sample_leads.csv"):
        shutil.copy(SAMPLES / sample, program.folder)
    for name in ("team.yaml", "next.yaml"):
        shutil.copy(SAMPLES / "sample_config.yaml", program.folder / name)
    program.file("leads.csv", "Email,Channel\nann@example.com,portal\n")
    program.file("outcomes.csv", "lead,what\nHR-1001,contact\n")
    program.well("load", "sample_config.yaml", now=LAST_OF_OCTOBER)
    assert program.run("import", "sample_leads.csv", "--quiet", now=LAST_OF_OCTOBER).code == 3
    return program


@pytest.mark.parametrize("name", ALL)
def test_the_help_of_a_command_has_one_example_and_it_is_of_that_command(name: str) -> None:
    (example,) = EXAMPLES[name]
    assert example.startswith(name)


def test_every_example_works_on_the_sample_files(
    desk: Program, pool: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each in a copy of the folder, side by side."""

    def run(example: str) -> Result:
        program = a_copy(desk, tmp_path_factory.mktemp("example"))
        arguments = shlex.split(example)
        if arguments[0] == "init":
            (program.folder / arguments[1]).unlink()
        return program.run(*arguments, now=LAST_OF_OCTOBER)

    shown = [example for examples in EXAMPLES.values() for example in examples]
    done = dict(zip(shown, pool.map(run, shown), strict=True))
    assert {example: result.err for example, result in done.items() if result.code not in WORKED} == {}
    assert len(shown) > 40


@pytest.mark.parametrize("name", ALL)
def test_a_command_says_what_it_does_and_what_each_option_is_for(name: str) -> None:
    command = ALL[name]
    assert (command.help or "").splitlines()[0][-1] in ".?"
    silent = [
        option.opts[-1]
        for option in command.params
        if not option.help and option.opts[-1] not in NAMED_LIKE_WHAT_THEY_ARE and option.param_type_name == "option"
    ]
    assert silent == []


NAMED_LIKE_WHAT_THEY_ARE = {
    "--name", "--email", "--phone", "--price", "--postcode", "--area", "--language", "--message",
}  # fmt: skip


def test_the_help_shows_the_commands_in_panels_in_the_order_of_a_days_work(program: Program) -> None:
    shown = program.well("--help").out
    panels = list(dict.fromkeys(panel for _, panel in COMMANDS.values()))
    assert panels[0] == "Set up"
    assert "proof" in panels[-2]
    places = [shown.index(f"─ {panel} ─") for panel in panels]
    assert places == sorted(places)


def test_the_help_of_a_command_is_as_wide_as_the_terminal(program: Program) -> None:
    lines = program.run("import", "--help", env={"COLUMNS": "80"}).out.splitlines()
    told = [line.strip() for line in lines[: lines.index(next(line for line in lines if "Arguments" in line))]]
    (paragraph,) = [part for part in "\n".join(told).split("\n\n") if part.startswith("Importing a file")]
    assert len(paragraph.splitlines()) == 5, "one paragraph, folded for 80 columns alone"
