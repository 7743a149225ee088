"""The table of commands, each loaded only when it is called, and the one place where errors become exit codes.

Loading all commands eagerly costs more than a `route` itself, so a name in COMMANDS is imported on demand.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from leadrouter import __version__
from leadrouter.errors import Interrupted, LeadrouterError, WrongUsage
from leadrouter.hostile import visible
from leadrouter.reports.lines import say

SET_UP, LEADS, VIEWS, ONE_LEAD = "Set up", "Leads come in", "Who has what, and why", "Work on one lead"
POOL, INSIDE, TEAM = "Leads that agents take themselves", "Inside sales", "The team"
CLOCKS, AUDIT, PEOPLE = "The clocks, for cron", "Month's end, results and proof", "People's data"

COMMANDS = {
    "init": ("setup", SET_UP),
    "check": ("setup", SET_UP),
    "load": ("setup", SET_UP),
    "policy": ("policy", SET_UP),
    "simulate": ("policy", SET_UP),
    "route": ("intake", LEADS),
    "import": ("intake", LEADS),
    "record": ("record", LEADS),
    "dashboard": ("dashboard", VIEWS),
    "open": ("views", VIEWS),
    "rotation": ("views", VIEWS),
    "show": ("views", VIEWS),
    "explain": ("views", VIEWS),
    "accept": ("offers", ONE_LEAD),
    "decline": ("offers", ONE_LEAD),
    "contact": ("steps", ONE_LEAD),
    "appointment": ("steps", ONE_LEAD),
    "no-show": ("steps", ONE_LEAD),
    "extend": ("steps", ONE_LEAD),
    "won": ("steps", ONE_LEAD),
    "lost": ("steps", ONE_LEAD),
    "void": ("steps", ONE_LEAD),
    "rate": ("rate", ONE_LEAD),
    "transfer": ("steps", ONE_LEAD),
    "reopen": ("steps", ONE_LEAD),
    "edit": ("steps", ONE_LEAD),
    "pool": ("pool", POOL),
    "claim": ("pool", POOL),
    "release": ("pool", POOL),
    "request": ("pool", POOL),
    "due": ("inside", INSIDE),
    "handoff": ("inside", INSIDE),
    "incubate": ("inside", INSIDE),
    "touch": ("inside", INSIDE),
    "away": ("team", TEAM),
    "back": ("team", TEAM),
    "credit": ("team", TEAM),
    "complaint": ("team", TEAM),
    "reclaim": ("audit", CLOCKS),
    "notify": ("notify", CLOCKS),
    "report": ("report", AUDIT),
    "tiers": ("tiers", AUDIT),
    "verify": ("audit", AUDIT),
    "backup": ("backup", AUDIT),
    "log": ("views", AUDIT),
    "export": ("privacy", PEOPLE),
    "forget": ("privacy", PEOPLE),
}
"""Command -> (module of this package, help panel), in the order of a day's work."""


class LazyCommands(MutableMapping[str, Any]):
    """The commands of the group: all names known, a command built when it is first asked for."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            module, panel = COMMANDS[name]
            self._built[name] = _build(importlib.import_module(f"leadrouter.cli.{module}").app, name, panel)
        return self._built[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Group(typer.core.TyperGroup):
    """Catches our errors once, so that the shell and the tests go the same way."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta["leadrouter.json"] = "--json" in args
        with _errors(ctx):
            if any("\ud800" <= sign <= "\udfff" for text in args for sign in text):
                raise WrongUsage("the command line is not readable text", "write it in UTF-8")
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        with _errors(ctx):
            return super().invoke(ctx)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The commands that begin so. None is loaded for that, so they come without their help: zsh, which would show
        it, would wait twice as long.
        """
        from typer.core import CompletionItem  # type: ignore[attr-defined] # Typer has no public name for it

        begun = [CompletionItem(name) for name in COMMANDS if name.startswith(incomplete)]
        return begun or super(typer.core.TyperGroup, self).shell_complete(ctx, incomplete)


@contextmanager
def _errors(ctx: Any) -> Iterator[None]:
    """Errors as exit codes, on stderr; what Typer itself refuses as JSON too, where JSON was asked for."""
    as_json = ctx.meta["leadrouter.json"]
    try:
        with ours():
            yield
    except LeadrouterError as error:
        complain(error.code, error.message, error.hint, as_json=as_json)
        raise typer.Exit(error.exit_code) from None
    except typer.TyperException as error:
        if not as_json:
            error.message = visible(error.message)  # Rich prints it, past the door of `cli.streams`
            raise
        complain("wrong_usage", error.format_message(), "see --help", as_json=True)
        raise typer.Exit(error.exit_code) from None


@contextmanager
def ours() -> Iterator[None]:
    """Ctrl-C, and what the file did to a query outside of a transaction, as errors of ours."""
    try:
        yield
    except (LeadrouterError, typer.TyperException, typer.Exit, OSError):
        raise
    except KeyboardInterrupt:
        raise Interrupted("interrupted", "what was reported is kept; the same command again does the rest") from None
    except Exception as error:
        from leadrouter.store.faults import told

        if (fault := told(error)) is None:
            raise
        raise fault from None


def build() -> Any:
    """The whole command line as one callable."""
    app = typer.Typer(cls=Group, rich_markup_mode="rich", context_settings=_HELP, invoke_without_command=True)
    app.callback(help=flowing(_root))(_root)
    group: Any = typer.main.get_command(app)
    group.commands = LazyCommands()
    return group


_HELP = {"help_option_names": ["-h", "--help"]}


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"leadrouter {__version__}\n")
        raise typer.Exit


def _root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Hands out a brokerage's leads in fair turns, watches the clocks, and proves it.

    Alone it says what to do next: the first steps in a new folder, later where things stand.

    Example: leadrouter

    AGENT is an id, a name, or a part of a name that only one agent has. The help of each command has an example.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part, 4 unusable file, 5 no database, 6 busy, 7 refused, 130
    interrupted.
    """
    if ctx.invoked_subcommand is None:
        from leadrouter.cli.alone import alone

        alone()


def _build(app: typer.Typer, name: str, panel: str) -> Any:
    for command in app.registered_commands:
        if command.name == name:
            command.rich_help_panel = panel
            command.help = flowing(command.callback)
            command.context_settings = {**(command.context_settings or {}), **_HELP}
            return typer.main.get_command_from_info(command, pretty_exceptions_short=False, rich_markup_mode="rich")
    for group in app.registered_groups:
        if group.name == name:
            group.rich_help_panel = panel
            for command in group.typer_instance.registered_commands if group.typer_instance else ():
                command.help = flowing(command.callback)
            return typer.main.get_group_from_info(
                group, pretty_exceptions_short=False, rich_markup_mode="rich", suggest_commands=True
            )
    raise AssertionError(f"{name} is not registered in its module")


def flowing(command: Any) -> str:
    """What a command's documentation says, each paragraph in one line: the terminal is as wide as it is."""
    return "\n\n".join(" ".join(part.split()) for part in (inspect.getdoc(command) or "").split("\n\n"))


def complain(code: str, message: str, hint: str, *, as_json: bool) -> None:
    """An error on stderr: what, where, what to do; as JSON where the command was asked for JSON."""
    if as_json:
        told = {"error": {"code": code, "message": message, "hint": hint or None}}
        sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        say(f"error: {message}", *([f"  {hint}"] if hint else []), to=sys.stderr)
