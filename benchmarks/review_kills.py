"""Reviews brought in by many processes at once, and by processes that are killed: nothing lost, nothing half.

Prints a table. `--kills` imports are killed at random instants of their run; `--imports` run some at a time.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from common import print_table, verdict

from pipeline.review import Item, Ledger

SENTENCES = 1000


def main() -> None:
    """Kill imports, then run many at once, each in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--imports", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    rows = []
    for name, count, run in (
        ("killed with SIGKILL", options.kills, killed),
        (f"{options.at_once} at once", options.imports, lambda *given: at_once(*given, options.at_once)),
    ):
        with tempfile.TemporaryDirectory() as folder:
            rows.append([name, str(count), *run(Path(folder), count)])
    print_table("review import", ["imports", "count", "returned 0", "recorded", "lost", "half", "seconds", ""], rows)


def killed(folder: Path, count: int) -> list[str]:
    """Kill imports at random instants; after each, every file is there whole or not, and all that returned are."""
    prepare(folder)
    random, done = Random(1), set()
    usual = finished(folder, answers(folder, "first"))  # twice: the second finds all files in the cache
    usual = finished(folder, answers(folder, "second"))
    begin, lost, half = time.perf_counter(), 0, 0
    for number in range(count):
        who = f"reader{number}"
        process = started(folder, answers(folder, who))
        time.sleep(random.uniform(0.3, 1.3) * usual)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        if process.wait() == 0:
            done.add(who)
        found = counts(folder)
        lost += len(done - set(found))
        half += sum(value != SENTENCES for value in found.values())
    return report(len(done), counts(folder), lost, half, begin)


def at_once(folder: Path, count: int, workers: int) -> list[str]:
    """Run imports, some at a time, from an empty ledger on."""
    prepare(folder)
    files = [answers(folder, f"reader{number}") for number in range(count)]
    begin = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        codes = list(pool.map(lambda file: started(folder, file).wait(), files))
    found = counts(folder)
    done = {f"reader{number}" for number, code in enumerate(codes) if code == 0}
    half = sum(value != SENTENCES for value in found.values())
    return report(len(done), found, len(done - set(found)), half, begin)


def report(done: int, found: Counter[str], lost: int, half: int, begin: float) -> list[str]:
    taken = f"{time.perf_counter() - begin:.0f}"
    recorded = sum(who not in ("first", "second") for who in found)
    return [
        str(done),
        str(recorded),
        str(lost),
        str(half),
        taken,
        verdict(not lost + half),
    ]


def prepare(folder: Path) -> None:
    items = [
        Item(f"0a1b2c3d4e5f:{i}-{i + 9}", "a", i, f"Sentence {i}.", "", "", "", "paragraph", "", "none", 1.0, ())
        for i in range(SENTENCES)
    ]
    with Ledger(folder / "reviews", create=True) as ledger:
        ledger.add(items, {})


def answers(folder: Path, who: str) -> Path:
    path = folder / f"{who}.csv"
    lines = [f"0a1b2c3d4e5f:{i}-{i + 9},none,{who}" for i in range(SENTENCES)]
    path.write_text("\n".join(["id,finding,reviewer", *lines]), encoding="utf-8")
    return path


def started(folder: Path, file: Path) -> subprocess.Popen[bytes]:
    words = [
        sys.executable,
        "-m",
        "pipeline",
        "review",
        "import",
        str(file),
        "--reviews",
        str(folder / "reviews"),
        "-q",
    ]
    return subprocess.Popen(words)


def finished(folder: Path, file: Path) -> float:
    begin = time.perf_counter()
    if started(folder, file).wait():
        raise SystemExit("an import failed")
    return time.perf_counter() - begin


def counts(folder: Path) -> Counter[str]:
    """How many reviews each reviewer made, of a ledger that is whole."""
    with Ledger(folder / "reviews") as ledger:
        ledger.check()
        return Counter(review.who for review in ledger.reviews())


if __name__ == "__main__":
    main()
