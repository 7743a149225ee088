"""The command line: parse, read the clock, call, render, exit. No decision about leads is taken in this package."""

from __future__ import annotations

import sys


def main() -> None:
    """The `leadrouter` console script."""
    from leadrouter.cli.app import build, complain

    try:
        build()(prog_name="leadrouter")
    except OSError as error:  # a full disk behind stdout, most likely
        complain("failed", f"could not write: {error.strerror}", "", as_json="--json" in sys.argv)
        sys.exit(1)
