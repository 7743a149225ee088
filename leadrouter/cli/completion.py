"""What the shell offers at TAB: ids of agents and leads, rotations, and the words that options take.

It runs at each press of the key, so everything is imported where it is used; it looks at the database without writing,
and where there is nothing to look at it offers nothing. Names of persons are not offered.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import typer

Offer = Callable[[typer.Context, str], list[str]]


def agents(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of agents."""
    from leadrouter.store import offered

    return _looked_up(ctx, offered.agents)


def tiers_by_hand(ctx: typer.Context, incomplete: str) -> list[str]:
    """`aina=A`, once the agent is written."""
    from leadrouter.domain.policy import TIERS

    agent, sign, _ = incomplete.partition("=")
    return [f"{agent}={tier}" for tier in TIERS] if sign else [f"{agent}=" for agent in agents(ctx, incomplete)]


def told(ctx: typer.Context, incomplete: str) -> list[str]:
    """Whom `notify --test` reaches."""
    return [*agents(ctx, incomplete), "@team", "@leader"]


def leads(ctx: typer.Context, incomplete: str) -> list[str]:
    """The leads of which the command may be true: those in the pool for `claim`, those in nurture for `touch` ..."""
    from leadrouter.domain.lifecycle import STEPS
    from leadrouter.domain.state import STATES
    from leadrouter.store import offered

    states: Iterable[str] = STEPS[str(ctx.info_name)][0] if ctx.info_name in STEPS else STATES
    return _looked_up(ctx, lambda connection: offered.leads(connection, sorted(states), incomplete))


def rotations(ctx: typer.Context, incomplete: str) -> list[str]:
    """The rotations that a credit may be given in."""
    from leadrouter.store import offered

    return _looked_up(ctx, offered.rotations)


def presets(ctx: typer.Context, incomplete: str) -> list[str]:
    """Kinds of files, the broker's own among them."""
    from leadrouter.intake.presets import NONE, SHIPPED
    from leadrouter.store.policies import policy_in_force

    own = _looked_up(ctx, lambda connection: [preset.name for preset in policy_in_force(connection).presets])
    return [*(preset.name for preset in SHIPPED), *own, NONE]


def words_of(module: str, table: str) -> Offer:
    """The words of a table, whose module is imported when they are asked for."""

    def words(ctx: typer.Context, incomplete: str) -> list[str]:
        return list(getattr(importlib.import_module(module), table))

    return words


def _looked_up(ctx: typer.Context, find: Callable[[sqlite3.Connection], list[str]]) -> list[str]:
    """What is found in the file of this command line; nothing where there is none, or it cannot be read now."""
    from leadrouter.cli.given import DEFAULT_DB
    from leadrouter.store.at_rest import glance

    try:
        connection = glance(Path(ctx.params.get("db") or DEFAULT_DB))
        if connection is None:
            return []
        with closing(connection):
            return find(connection)
    except Exception:
        return []
