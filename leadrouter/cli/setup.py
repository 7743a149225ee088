"""`init`, `check` and `load`: the policy file, before and when it comes into force."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from leadrouter.cli.given import DEFAULT_DB, date_order, stdin_bytes
from leadrouter.cli.office import Office, clock
from leadrouter.cli.options import By, DateOrder, Db, DryRun, Json, Now, Quiet
from leadrouter.errors import DONE_IN_PART, UnusableFile, WrongUsage

app = typer.Typer()

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML file with team and policy.")]


@app.command("init")
def init(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="Where to write it.")] = Path("leadrouter.yaml"),
    agents: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FILE", help="Build the team from a list of agents: CSV or JSON lines, - for stdin."
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--size", metavar="N", help="How many agents: the policy that is advised for so many.", min=1, max=500
        ),
    ] = None,
    dates: DateOrder = None,
    full: Annotated[bool, typer.Option("--full", help="Write every key with its default.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Writes a small commented configuration to start from. Asks nothing; never overwrites without --force.

    With --from it is made of a list of your agents as a spreadsheet has it: names, e-mail, phone, weight, territories,
    languages and what else it says, under the usual headers. A row that makes no agent is named and left out: exit
    code 3. The policy is what is advised for a team of that size: turns, from 10 agents on with tiers, above 20 with
    territories and specialties.

    Beside it comes leadrouter.schema.json, by which editors complete keys and mark slips (see `check --schema`).

    Example: leadrouter init team.yaml --size 15
    """
    from leadrouter.config import SCHEMA_FILE, starter_text
    from leadrouter.config.from_list import Written, text_by_size, text_from_list
    from leadrouter.config.json_schema import MADE_BY, json_schema
    from leadrouter.domain.speech import counted
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import json_text, print_json

    if full and (agents or size):
        raise WrongUsage("--full shows every key, for no team in particular", "leave --from and --size out")
    if file.exists() and not force:
        raise _is_there(file)
    written = Written(text_by_size(size) if size else starter_text(full), size or 0, ())
    ignored: Sequence[str] = ()
    if agents is not None:
        from leadrouter.intake.team_list import read_team

        team = read_team(agents, dates=date_order(dates), stdin=stdin_bytes() if agents == "-" else None)
        written, ignored = text_from_list(agents, team.agents, team.left_out, size), team.ignored
    schema = file.with_name(SCHEMA_FILE)
    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(written.text)
        if force or not schema.exists() or MADE_BY in schema.read_text(encoding="utf-8", errors="replace"):
            schema.write_text(json_text(json_schema()), encoding="utf-8")
    except FileExistsError:
        raise _is_there(file) from None
    except OSError as error:
        raise UnusableFile(f"cannot write {file}: {error.strerror}", "choose another place") from None
    if as_json:
        left_out = [{"line": line, "reason": reason} for line, reason in written.left_out]
        print_json({"file": str(file), "schema": str(schema), "left_out": left_out, "ignored": list(ignored)})
    else:
        for line, reason in written.left_out:
            say(f"{agents}:{line}: left out: {reason}", to=sys.stderr)
        if not quiet and agents is not None:
            say(f"wrote {file} with {counted(written.agents, 'agent')}; next: leadrouter check {file}")
            if ignored:
                say(f"  not used: {', '.join(ignored)}")
        elif not quiet:
            say(f"wrote {file}; put your agents' names into it, then: leadrouter load {file}")
    if written.left_out:
        raise typer.Exit(DONE_IN_PART)


def _is_there(file: Path) -> UnusableFile:
    return UnusableFile(f"{file} is there already", "choose another name, or overwrite it with --force")


@app.command("check")
def check(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="The YAML file with team and policy.", show_default=False)
    ] = None,
    advise: Annotated[bool, typer.Option("--advise", help="Also say what fits a team of this size.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the file, for editors.")] = False,
    keys: Annotated[bool, typer.Option("--keys", help="Print every key: what it takes, default, meaning.")] = False,
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
    if keys:
        from leadrouter.config.reference import reference, reference_table

        if as_json:
            print_json({"keys": [key._asdict() for key in reference()]})
        else:
            typer.echo(reference_table(), nl=False)
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
    from leadrouter.reports.lines import say
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
        say(f"{config}:{entry.line}: advice: {entry.message}", to=sys.stderr)
    if quiet:
        return
    if not loaded.new:
        say(f"policy version {loaded.version} is in force already; nothing changed")
        return
    verb = "would become" if dry_run else "is"
    say(f"policy version {loaded.version} {verb} in force")
    say(*(f"  {line}" for line in (*loaded.changes, *share_lines(loaded, configuration.policy))))
