"""Training on the bundled corpus: seconds and peak memory of `pipeline train`.

Imports little: a child process's peak memory is never reported as less than its parent's at the start.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from time import perf_counter

REPEATS = 2
SECONDS_TARGET, MEMORY_TARGET = 30, 1000


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds, seconds of all cores' work, and megabytes at its peak."""

    seconds: float
    work: float
    peak: float


def train(program: str) -> Cost:
    """Train into a temporary folder; work and peak are 0 where the system doesn't tell."""
    with TemporaryDirectory() as folder:
        start = perf_counter()
        process = subprocess.Popen(
            [program, "train", "--models", folder, "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        errors = process.stderr.read()
        work = peak = 0.0
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            work = usage.ru_utime + usage.ru_stime
            peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
        if process.wait():
            sys.exit(f"pipeline train failed: {errors.decode(errors='replace')}")
        return Cost(perf_counter() - start, work, peak)


def main() -> None:
    program = which("pipeline", path=str(Path(sys.executable).parent))
    if program is None:
        sys.exit("no pipeline command beside this Python: install the project first")
    runs = [train(program) for _ in range(REPEATS)]
    best = min(runs, key=lambda run: run.seconds)
    print(f"pipeline train on the bundled corpus, best of {REPEATS}, {os.cpu_count()} cores")
    rows = [("seconds", best.seconds, SECONDS_TARGET), ("megabytes at the peak", best.peak, MEMORY_TARGET)]
    for name, value, target in rows if best.peak else rows[:1]:
        print(f"{name}: {value:.0f} (target: at most {target}, {'met' if value <= target else 'MISSED'})")
    if best.work:
        print(f"seconds of work, all cores together: {best.work:.0f}")


if __name__ == "__main__":
    main()
