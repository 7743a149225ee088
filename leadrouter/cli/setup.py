"""`init`, `check` and `load`: the policy file, before and when it comes into force."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from leadrouter.cli.options import DEFAULT_DB, By, Db, DryRun, Json, Now, Office, Quiet, clock
from leadrouter.errors import UnusableFile, WrongUsage

app = typer.Typer()

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML file with team and policy.")]


@app.command("init")
def init(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="Where to write it.")] = Path("leadrouter.yaml"),
    full: Annotated[bool, typer.Option("--full", help="Write every key with its default.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Writes a small commented configuration to start from. Never overwrites it without --force.

    Beside it comes leadrouter.schema.json, by which editors complete keys and mark slips (see `check --schema`).

    Example: leadrouter init team.yaml
    """
    from leadrouter.config import SCHEMA_FILE, starter_text
    from leadrouter.config.json_schema import MADE_BY, json_schema
    from leadrouter.reports.wording import json_text, print_json

    schema = file.with_name(SCHEMA_FILE)
    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(starter_text(full))
        if force or not schema.exists() or MADE_BY in schema.read_text(encoding="utf-8", errors="replace"):
            schema.write_text(json_text(json_schema()), encoding="utf-8")
    except FileExistsError:
        raise UnusableFile(f"{file} is there already", "choose another name, or overwrite it with --force") from None
    except OSError as error:
        raise UnusableFile(f"cannot write {file}: {error.strerror}", "choose another place") from None
    if as_json:
        print_json({"file": str(file), "schema": str(schema)})
    elif not quiet:
        sys.stdout.write(f"wrote {file}; put your agents' names into it, then: leadrouter load {file}\n")


@app.command("check")
def check(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="The YAML file with team and policy.", show_default=False)
    ] = None,
    advise: Annotated[bool, typer.Option("--advise", help="Also say what fits a team of this size.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the file, for editors.")] = False,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Checks a configuration, gives advice, and says what it would change and for whom. Writes nothing.

    What would change is told where there is a database with a policy in force; it is only looked at. Exit code 4 when
    something is wrong with the file.

    Example: leadrouter check team.yaml --advise
    """
    from leadrouter.config import read_config
    from leadrouter.config.advice_on_size import by_size
    from leadrouter.reports import checking
    from leadrouter.reports.wording import print_json

    if schema:
        from leadrouter.config.json_schema import json_schema

        print_json(json_schema())
        return
    if config is None:
        raise WrongUsage("CONFIG is missing", "name the file, as in: leadrouter check team.yaml")
    configuration = read_config(config)
    policy, advice = configuration.policy, configuration.advice
    ahead = checking.ahead(db, policy, clock(now, policy.team.timezone))
    fits = list(by_size(policy)) if advise else []
    if as_json:
        print_json(checking.as_json(config, policy, advice, ahead, fits))
    else:
        checking.show(config, policy, advice, ahead, fits, quiet=quiet)


@app.command("load")
def load(
    config: Config,
    db: Db = DEFAULT_DB,
    now: Now = None,
    as_json: Json = False,
    quiet: Quiet = False,
    dry_run: DryRun = False,
    by: By = None,
) -> None:
    """Takes a configuration into force and prints what changes for whom; makes the database if there is none.

    Loading the same file again changes nothing. With any problem in the file nothing is loaded (exit code 4).

    Example: leadrouter load team.yaml
    """
    from leadrouter.config import read_config
    from leadrouter.reports.checking import share_lines, shares_json
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import load_policy

    configuration = read_config(config)
    at = clock(now, configuration.policy.team.timezone)
    office = Office(db, now, create=True, dry_run=dry_run)
    loaded = load_policy(office.session(by, dry_run=dry_run), configuration.policy, configuration.text, at)
    if as_json:
        shares = shares_json(loaded)
        print_json({"version": loaded.version, "new": loaded.new, "changes": loaded.changes, "shares": shares})
        return
    for entry in configuration.advice:
        sys.stderr.write(f"{config}:{entry.line}: advice: {entry.message}\n")
    if quiet:
        return
    if not loaded.new:
        sys.stdout.write(f"policy version {loaded.version} is in force already; nothing changed\n")
        return
    verb = "would become" if dry_run else "is"
    sys.stdout.write(f"policy version {loaded.version} {verb} in force\n")
    sys.stdout.writelines(f"  {line}\n" for line in (*loaded.changes, *share_lines(loaded, configuration.policy)))
