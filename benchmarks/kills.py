"""Kills and crowds: what is left of a store after `kill -9` at random instants, and after many promotions at once.

Half of the kills fall anywhere in a command's life, most of which is starting up; half are aimed at the instants in
which the store is changed. After each kill, all versions are verified and the current one is loaded as they were left,
then the next change must leave nothing behind.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, sleep

from common import ROOT, print_table

from pipeline.errors import PipelineError
from pipeline.store import Entry, Store, load_model
from pipeline.store.history import MOVES

DATA = ROOT / "tests" / "data"
TRAIN = ["train", "--corpus", str(DATA / "corpus"), "--config", str(DATA / "small.yaml")]
AT_ONCE = 8
REPEATS = 3

numbers = count(2)

# A `pipeline` that says when the store's method has begun and is done.
CHILD = """
import sys
from pipeline.store import Store

name = sys.argv.pop(1)
method = getattr(Store, name)

def told(*arguments, **options):
    print("begun", flush=True)
    result = method(*arguments, **options)
    print("done", flush=True)
    return result

setattr(Store, name, told)
from pipeline.cli import main
main()
"""


@dataclass(frozen=True)
class Operation:
    """A command that changes a store: the method behind it, and its words, which may depend on the store."""

    name: str
    method: str
    words: Callable[[Store, random.Random], list[str]]


@dataclass(frozen=True)
class Spans:
    """How long a command takes when it isn't killed, and its change of the store, in seconds."""

    whole: float
    change: float


@dataclass
class Tally:
    """What became of an operation's kills."""

    kills: int = 0
    amid: int = 0
    verified: int = 0
    loaded: int = 0
    mended: int = 0

    def failed(self) -> bool:
        return not self.kills == self.verified == self.loaded == self.mended


def _another(store: Store, chance: random.Random) -> list[str]:
    current = store.current()
    name = chance.choice([version.name for version in store.versions() if version.name != current])
    return ["models", "promote", name]


OPERATIONS = [
    Operation("train", "write", lambda *_: TRAIN),
    Operation("promote", "promote", _another),
    Operation("rollback", "rollback", lambda *_: ["models", "rollback"]),
    Operation("prune", "prune", lambda *_: ["models", "prune", "--keep", "1"]),
]


def start(operation: Operation, store: Store, chance: random.Random) -> subprocess.Popen[str]:
    words = [*operation.words(store, chance), "--models", str(store.root)]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, operation.method, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def await_line(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for found in process.stdout:
        if found.strip() == line:
            return


def spans(operation: Operation, store: Store, chance: random.Random) -> Spans:
    """The shortest of a few undisturbed runs."""
    found = [undisturbed(operation, store, chance) for _ in range(REPEATS)]
    return Spans(min(span.whole for span in found), min(span.change for span in found))


def undisturbed(operation: Operation, store: Store, chance: random.Random) -> Spans:
    prepare(store)
    began = perf_counter()
    with start(operation, store, chance) as process:
        await_line(process, "begun")
        begun = perf_counter()
        await_line(process, "done")
        done = perf_counter()
        process.communicate()
    if process.returncode:
        sys.exit(f"pipeline {operation.name} failed when nobody killed it")
    return Spans(perf_counter() - began, done - begun)


def kill(operation: Operation, store: Store, span: Spans, *, aimed: bool, chance: random.Random) -> bool:
    """Run a command and kill it at a random instant; whether that fell within its change of the store."""
    with start(operation, store, chance) as process:
        if aimed:
            await_line(process, "begun")
        sleep(chance.uniform(0, span.change * 1.1 if aimed else span.whole))
        process.kill()
        said = process.communicate()[0].split()
    return process.returncode != 0 and (aimed or "begun" in said) and "done" not in said


def prepare(store: Store) -> None:
    """Bring a store to where each operation has something to do: six versions, two of which have been current."""
    while len(store.versions()) < 6:
        copied(store)
    for version in store.versions()[-2:]:
        store.promote(version.name)


def copied(store: Store) -> str:
    """Another version, that is a copy of the current one: older than all that are trained."""
    name = f"20200101T000000Z-{next(numbers)}"
    temporary = store.root / ".copying"
    shutil.copytree(store.folder(), temporary)
    temporary.rename(store.root / name)
    return name


def examine(store: Store, tally: Tally) -> None:
    """Check a store as a kill left it, then that the next change leaves nothing behind."""
    current, entries = store.current(), store.history()
    last = next(entry for entry in reversed(entries) if entry.action in MOVES and entry.to)
    whole = all(version.damage() is None for version in store.versions())
    tally.verified += whole and current in (last.to, last.from_)
    try:
        load_model(store.root)
        tally.loaded += 1
    except PipelineError as error:
        print(f"not loaded: {error}")
    store.record(Entry(action="prune", why="the next change"))
    hidden = {path.name for path in store.root.iterdir() if path.name.startswith(".")}
    tally.mended += hidden == {".store.lock"} and not store.problems() and unbroken(store.history())


def unbroken(entries: list[Entry]) -> bool:
    """Whether each move starts where the one before ended."""
    moves = [entry for entry in entries if entry.action in MOVES and entry.to]
    return all(after.from_ == before.to for before, after in pairwise(moves))


def kills(store: Store, times: int, chance: random.Random) -> dict[str, Tally]:
    """Kill each operation its share of times."""
    tallies = {operation.name: Tally() for operation in OPERATIONS}
    measured = {operation.name: spans(operation, store, chance) for operation in OPERATIONS}
    for number in range(times):
        operation = OPERATIONS[number % len(OPERATIONS)]
        tally = tallies[operation.name]
        prepare(store)
        aimed = number // len(OPERATIONS) % 2 == 0
        tally.amid += kill(operation, store, measured[operation.name], aimed=aimed, chance=chance)
        tally.kills += 1
        examine(store, tally)
    return tallies


def crowd(store: Store, calls: int) -> dict[str, int]:
    """Promote each of many versions by a process of its own, several at once, while this process loads the current."""
    names = [copied(store) for _ in range(calls)]
    before = len(store.history())
    ended, loads, failures = Event(), [0], [0]

    def read() -> None:
        while not ended.is_set():
            loads[0] += 1
            try:
                load_model(store.root)
            except PipelineError as error:
                failures[0] += 1
                print(f"not loaded: {error}")

    reader = Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes = list(pool.map(lambda name: promoted(store.root, name), names))
    ended.set()
    reader.join()
    new = store.history()[before:]
    return {
        "calls": calls,
        "exit code 0": codes.count(0),
        "history lines": len(new),
        "versions in them": len({entry.to for entry in new} & set(names)),
        "moves that start where the last ended": len(new) if unbroken(store.history()) else 0,
        "current is the last one's": calls if store.current() == new[-1].to else 0,
        "loads meanwhile": loads[0],
        "of which failed": failures[0],
    }


def promoted(root: Path, name: str) -> int:
    words = ["models", "promote", name, "--no-bless", "--models", str(root), "--quiet"]
    return subprocess.run([sys.executable, "-m", "pipeline", *words], check=False).returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "models")
        first = [sys.executable, "-m", "pipeline", *TRAIN, "--models", str(store.root), "--quiet"]
        subprocess.run(first, check=True, stdout=subprocess.DEVNULL)
        tallies = kills(store, options.kills, chance)
        found = crowd(store, options.calls)
    if options.json:
        print(json.dumps({"kills": {name: vars(tally) for name, tally in tallies.items()}, "crowd": found}))
    else:
        header = ["operation", "kills", "amid the change", "verified", "loaded", "put in order"]
        rows = [[name, *(str(value) for value in vars(tally).values())] for name, tally in tallies.items()]
        print_table("kill -9 at random instants", header, rows)
        print_table(f"promotions, {AT_ONCE} at once", ["", "count"], [[k, str(v)] for k, v in found.items()])
    if any(tally.failed() for tally in tallies.values()) or lost(found, options.calls):
        sys.exit("something was lost or left half")


def lost(found: dict[str, int], calls: int) -> bool:
    """Whether a crowd left anything out."""
    all_done = {value for name, value in found.items() if name not in ("loads meanwhile", "of which failed")} == {calls}
    return not all_done or found["of which failed"] > 0


if __name__ == "__main__":
    main()
