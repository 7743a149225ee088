"""`python -m tests.benchmarks [NAME ...] [--full]` measures and prints one table, the budget beside each ratio."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import deciding, growth, intake, proof, startup
from tests.benchmarks.measure import Figure

Benchmark = Callable[[Path, bool], Iterator[Figure]]

BENCHMARKS: dict[str, Benchmark] = {
    "startup": startup.figures,
    "import": intake.figures,
    "growth": growth.figures,
    "deciding": deciding.figures,
    "verify": proof.figures,
    "fairness": deciding.fairness,
}


def main() -> None:
    """Parses, measures into a folder of its own, prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--full", action="store_true", help="files of a million leads; takes about half an hour")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}")
    table = Table("what", "measured", "against", "ratio", "budget", "", box=None)
    with tempfile.TemporaryDirectory(prefix="leadrouter-benchmarks-") as folder:
        for name in arguments.names or BENCHMARKS:
            for figure in BENCHMARKS[name](Path(folder), arguments.full):
                Console(stderr=True).print(f"[dim]{figure.what}: {figure.ratio:.2f}[/dim]", highlight=False)
                table.add_row(*_row(figure))
    Console(width=132).print(table)


def _row(figure: Figure) -> tuple[str, ...]:
    budget = "" if figure.budget is None else f"{figure.budget:g}"
    verdict = "" if figure.budget is None else "met" if figure.ratio <= figure.budget else "over"
    return figure.what, figure.measured, figure.against, f"{figure.ratio:.2f}", budget, verdict


if __name__ == "__main__":
    main()
