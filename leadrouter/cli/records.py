"""Options that go together: a command takes one record of them, and `expanded` writes its fields out for Typer.

Each option is defined in `options`, once; here is only which of them belong to what kind of command.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, get_type_hints

from leadrouter.cli.given import DEFAULT_DB
from leadrouter.cli.options import At, By, Db, Json, NoPager, Now, Quiet


class Looking(NamedTuple):
    """The options of a command that shows something."""

    db: Db = DEFAULT_DB
    now: Now = None
    as_json: Json = False
    no_pager: NoPager = False


class Doing(NamedTuple):
    """The options of a command that writes something."""

    db: Db = DEFAULT_DB
    now: Now = None
    by: By = None
    as_json: Json = False
    quiet: Quiet = False


class Step(NamedTuple):
    """The options of one step of one lead."""

    at: At = None
    db: Db = DEFAULT_DB
    now: Now = None
    by: By = None
    as_json: Json = False
    quiet: Quiet = False


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose first parameter is a record of options, as Typer needs it: each written out, after its own.

    What a command shows is paged where it has the option not to be.
    """
    first, *own = inspect.signature(command, eval_str=True).parameters.values()
    record, hints = first.annotation, get_type_hints(first.annotation, include_extras=True)
    parameters = [parameter.replace(kind=parameter.KEYWORD_ONLY) for parameter in own] + [
        inspect.Parameter(field, first.KEYWORD_ONLY, default=default, annotation=hints[field])
        for field, default in record._field_defaults.items()
    ]

    @wraps(command)
    def with_record(**given: Any) -> None:
        options = record(**{field: given.pop(field) for field in record._fields})
        if not hasattr(options, "no_pager"):
            command(options, **given)
            return
        from leadrouter.cli.paging import paged

        with paged(off=options.no_pager or options.as_json):
            command(options, **given)

    with_record.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    with_record.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return with_record
