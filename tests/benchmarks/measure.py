"""Measuring whole processes from outside: user and system seconds and peak memory, as the system counted them.

Two commands are run in turn, A B A B, and compared pair by pair, so that a machine whose speed drifts drifts for both.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

BIN = Path(sys.executable).parent
LEADROUTER = str(BIN / "leadrouter")

Command = Sequence[str]


class Figure(NamedTuple):
    """One line of the table. `ratio` is ours over the other's: below 1 is faster; `budget` the most it should be."""

    what: str
    measured: str
    against: str
    ratio: float
    budget: float | None = None


class Run(NamedTuple):
    """What one process cost: processor seconds, and its largest resident memory in MiB."""

    seconds: float
    mib: float


def run(command: Command, *, folder: Path, may_fail: bool = False) -> Run:
    """One process to its end. Its output is thrown away. Bytecode is kept, as on a user's machine."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in environment.items() if not name.startswith("LEADROUTER_")}
    process = subprocess.Popen(
        list(command), cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert may_fail or process.returncode in (0, 3), f"{command} ended with {process.returncode}"
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def pairs(ours: Command, theirs: Command, *, folder: Path, times: int = 9) -> tuple[float, float, float]:
    """Median seconds of both and the median of the ratios, after a run of each that does not count."""
    run(ours, folder=folder)
    run(theirs, folder=folder)
    found = [(run(ours, folder=folder).seconds, run(theirs, folder=folder).seconds) for _ in range(times)]
    a, b = zip(*found, strict=True)
    return statistics.median(a), statistics.median(b), statistics.median(x / y for x, y in found)


def compared(
    what: str, ours: Command, theirs: Command, *, against: str, folder: Path, budget: float | None, times: int = 9
) -> Figure:
    """Two commands as one line of the table."""
    mine, other, ratio = pairs(ours, theirs, folder=folder, times=times)
    return Figure(what, _milliseconds(mine), f"{against} {_milliseconds(other)}", ratio, budget)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"
