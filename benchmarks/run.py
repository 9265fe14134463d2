"""Run the benchmarks: print their tables and write them to benchmarks/results.md (with names, run only those).

Each runs in a process of its own, one after another.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version, system
from time import perf_counter

HERE = Path(__file__).resolve().parent
BENCHMARKS = {
    "sentences": "Splitting into sentences",
    "gold": "Accuracy",
    "speakers": "Who speaks",
    "facts": "Facts of articles",
    "reading": "Reading files",
    "scoring": "Scoring speed",
    "startup": "Starting up",
    "training": "Training",
}
LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "nltk", "typer", "nupunkt", "pysbd", "syntok")


def run(name: str) -> str:
    """Run one benchmark, passing on its lines as they come; what it printed."""
    lines = []
    command = [sys.executable, "-W", "ignore", str(HERE / f"{name}.py")]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        sys.exit(f"benchmarks/{name}.py failed")
    return "".join(lines).strip()


def described() -> str:
    versions = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; inspection-pipeline {version('inspection-pipeline')}; Python {python_version()}"
        f" on {system()}, {os.cpu_count()} cores; {versions}."
    )


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(chosen) - set(BENCHMARKS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}: choose from {', '.join(BENCHMARKS)}")
    if not (HERE.parent / ".demo" / "models" / "current").is_file():
        sys.exit("no trained model in .demo/models: run 'make bench', which trains one first")
    start = perf_counter()
    parts = ["# Benchmark results", described(), "Written by `make bench`; another machine gives other times."]
    for name in chosen:
        print(f"== {BENCHMARKS[name]}\n", flush=True)
        parts.append(f"## {BENCHMARKS[name]}\n\n```text\n{run(name)}\n```")
        print(flush=True)
    if chosen == list(BENCHMARKS):
        (HERE / "results.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
    print(f"{perf_counter() - start:.0f} seconds in all")


if __name__ == "__main__":
    main()
