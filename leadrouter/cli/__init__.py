"""The command line: parse, read the clock, call, render, exit. No decision about leads is taken in this package."""

from __future__ import annotations


def main() -> None:
    """The `leadrouter` console script."""
    from leadrouter.cli.app import build

    build()(prog_name="leadrouter")
