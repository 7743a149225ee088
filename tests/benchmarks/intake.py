"""What an import costs: time, memory and room, against programs that put the same file into SQLite and do no more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import office
from tests.benchmarks.measure import BIN, LEADROUTER, Command, Figure, Run, run

LEADS = 100_000


def figures(folder: Path, full: bool) -> Iterator[Figure]:
    """An import routes, finds known persons, reads phones, explains and chains; the others only insert."""
    file = office.leads(folder, LEADS)
    ours = _imported(folder, file)
    database = folder / "imported.db"
    utils: Command = [str(BIN / "sqlite-utils"), "insert", "utils.db", "leads", str(file), "--csv", "--silent"]
    peers: list[tuple[str, Command, float | None]] = [("sqlite-utils insert --csv", utils, 0.8)]
    if shutil.which("sqlite3"):
        plain: Command = ["sqlite3", "plain.db", f".import --csv {file} leads"]
        peers.append(("sqlite3 .import", plain, None))
    for name, command, budget in peers:
        theirs = run(command, folder=folder)
        what = f"import of {LEADS:,} x 12"
        against = f"{name} {theirs.seconds:.1f} s"
        yield Figure(what, f"{ours.seconds:.1f} s", against, ours.seconds / theirs.seconds, budget)
    size = database.stat().st_size / file.stat().st_size
    yield Figure("size of the file", f"{database.stat().st_size / 2**20:.0f} MiB", "the CSV", size, 5.0)
    many = 1_000_000 if full else LEADS
    few, large = _imported(folder, office.leads(folder, 10_000)), _imported(folder, office.leads(folder, many))
    what, against = f"memory of an import of {many:,}", f"of 10,000: {few.mib:.0f} MiB"
    yield Figure(what, f"{large.mib:.0f} MiB", against, large.mib / few.mib, 1.3)


def _imported(folder: Path, file: Path) -> Run:
    database = office.empty(folder, "imported.db")
    return run([LEADROUTER, "import", str(file), "--db", str(database), "--quiet"], folder=folder)
