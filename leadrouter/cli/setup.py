"""`init`, `check` and `load`: the policy file, before and when it comes into force."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from leadrouter.cli.options import DEFAULT_DB, By, Db, DryRun, Json, Now, Office, Quiet, clock
from leadrouter.errors import UnusableFile

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
    """Writes a small commented configuration to start from. Never overwrites without --force.

    Example: leadrouter init team.yaml
    """
    from leadrouter.config import starter_text
    from leadrouter.reports.wording import print_json

    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(starter_text(full))
    except FileExistsError:
        raise UnusableFile(f"{file} is there already", "choose another name, or overwrite it with --force") from None
    except OSError as error:
        raise UnusableFile(f"cannot write {file}: {error.strerror}", "choose another place") from None
    if as_json:
        print_json({"file": str(file)})
    elif not quiet:
        sys.stdout.write(f"wrote {file}; put your agents' names into it, then: leadrouter load {file}\n")


@app.command("check")
def check(config: Config, as_json: Json = False, quiet: Quiet = False) -> None:
    """Checks a configuration and gives advice; touches no database. Exit code 4 when something is wrong.

    Example: leadrouter check team.yaml
    """
    from leadrouter.config import read_config
    from leadrouter.reports.wording import print_json

    configuration = read_config(config)
    policy, advice = configuration.policy, configuration.advice
    if as_json:
        print_json(
            {
                "file": str(config),
                "agents": len(policy.agents),
                "rules": len(policy.rules),
                "advice": [{"line": entry.line, "message": entry.message} for entry in advice],
            }
        )
        return
    for entry in advice:
        sys.stdout.write(f"{config}:{entry.line}: advice: {entry.message}\n")
    if not quiet:
        sys.stdout.write(f"{config}: {len(policy.agents)} agents, {len(policy.rules)} rules; nothing wrong\n")


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
    from leadrouter.reports.wording import print_json
    from leadrouter.usecases.roster import load_policy

    configuration = read_config(config)
    at = clock(now, configuration.policy.team.timezone)
    office = Office(db, now, create=True, dry_run=dry_run)
    loaded = load_policy(office.session(by, dry_run=dry_run), configuration.policy, configuration.text, at)
    if as_json:
        print_json({"version": loaded.version, "new": loaded.new, "changes": loaded.changes})
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
    sys.stdout.writelines(f"  {line}\n" for line in loaded.changes)
