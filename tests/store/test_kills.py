"""Kills and full disks at every step of a change, and many changes at once: the store stays whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from samples.stores import NAMES

from pipeline.errors import StoreError
from pipeline.learning.training import Trained
from pipeline.store import Entry, Store, load_model
from pipeline.store.history import MOVES

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="steps are counted in forks; benchmarks/kills.py isn't")

STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}
DONE, FAILED, UNTOUCHED, KILLED = 0, 3, 4, 9
Change = Callable[[Store], object]


@pytest.fixture(params=["write", "promote", "rollback", "prune", "bless"])
def change(request: pytest.FixtureRequest, trained: Trained) -> Change:
    """Each way to change a store."""

    def write(store: Store) -> None:
        store.write(trained.model, metrics=trained.metrics, card="", corpus="f" * 64)

    return {
        "write": write,
        "promote": lambda store: store.promote(NAMES[4]),
        "rollback": lambda store: store.rollback(),
        "prune": lambda store: store.prune(2),
        "bless": lambda store: store.bless(NAMES[0]),
    }[request.param]


def ready(store: Store) -> Store:
    """With a history of three moves."""
    for name in NAMES[1:4]:
        store.promote(name)
    return store


def copied(store: Store, root: Path) -> Store:
    """A copy of a store, quickly: versions don't change, so their files are shared."""

    def copy(source: str, target: str) -> None:
        (os.link if Path(source).parent != store.root else shutil.copy)(source, target)

    return Store(shutil.copytree(store.root, root, copy_function=copy))


def forked(run: Callable[[], int]) -> int:
    """The exit code of what is run in a fork; it leaves nothing to flush or tidy."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            code = run()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def stepping(root: Path, at: int, happen: Callable[[], None], steps: set[str]) -> list[int]:
    """From now on, have something happen before the given change that the process makes below a folder.

    Returns the number of changes made, which goes on counting.
    """
    made = [0]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in steps or not str(arguments[0]).startswith(str(root)):
            return
        if event == "open" and not arguments[2] & os.O_CREAT:
            return
        made[0] += 1
        if made[0] == at:
            happen()

    sys.addaudithook(hook)
    return made


def examine(store: Store) -> None:
    """As it was left, then after the next change."""
    last = [entry for entry in store.history() if entry.action in MOVES and entry.to][-1]
    assert store.current() in (last.from_, last.to)
    assert [version.damage() for version in store.versions() if version.damage()] == []
    assert load_model(store.root)
    store.record(Entry("retrain"))
    assert {path.name for path in store.root.iterdir() if path.name.startswith(".")} == {".store.lock"}
    assert store.problems() == []
    moves = [entry for entry in store.history() if entry.action in MOVES and entry.to]
    assert all(after.from_ == before.to for before, after in pairwise(moves))
    assert moves[-1].to == store.current()
    gone = {entry.from_ for entry in store.history() if entry.action == "prune"}
    assert gone == set(NAMES) - {version.name for version in store.versions()}


def test_a_kill_before_any_step_leaves_a_whole_store(six: Store, change: Change, tmp_path: Path):
    ready(six)
    for step in range(1, 200):
        store = copied(six, tmp_path / "killed" / str(step))

        def run(store: Store = store, step: int = step) -> int:
            stepping(store.root, step, lambda: os._exit(KILLED), STEPS)
            change(store)
            return DONE

        code = forked(run)
        examine(store)
        shutil.rmtree(store.root)
        if code == DONE:
            break
        assert code == KILLED
    assert step > 4
    assert code == DONE


def test_a_kill_while_lines_are_set_aside_loses_none(six: Store, tmp_path: Path):
    ready(six)
    path = six.root / "history.jsonl"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([first, b"{1\n", b"\xff\n", *rest]))
    for step in range(1, 200):
        store = copied(six, tmp_path / "killed" / str(step))

        def run(store: Store = store, step: int = step) -> int:
            stepping(store.root, step, lambda: os._exit(KILLED), STEPS)
            store.rollback()
            return DONE

        code = forked(run)
        assert [entry.to for entry in store.history()][:3] == NAMES[1:4]
        examine(store)
        assert (store.root / "history.unreadable").read_bytes() == b"{1\n\xff\n"
        shutil.rmtree(store.root)
        if code == DONE:
            break
        assert code == KILLED
    assert step > 10
    assert code == DONE


def test_a_disk_full_at_any_step_is_said_and_leaves_a_whole_store(six: Store, change: Change, tmp_path: Path):
    ready(six)
    failures = 0

    def full() -> None:
        raise OSError(28, "No space left on device")

    for step in range(1, 200):
        store = copied(six, tmp_path / "full" / str(step))

        def run(store: Store = store, step: int = step) -> int:
            made = stepping(store.root, step, full, {"open", "os.rename", "os.mkdir"})
            try:
                change(store)
            except StoreError as error:
                return FAILED if "can't be written (No space left on device)" in str(error) else 1
            return DONE if made[0] >= step else UNTOUCHED

        code = forked(run)
        lines = [(entry.action, entry.to) for entry in store.history() if entry.action in MOVES]
        assert lines[-1][1] == store.current()
        examine(store)
        shutil.rmtree(store.root)
        assert code in (DONE, FAILED, UNTOUCHED)
        failures += code == FAILED
        if code == UNTOUCHED:
            break
    assert failures > 1
    assert code == UNTOUCHED


def test_kills_at_random_instants_leave_a_whole_store(six: Store):
    chance = random.Random(0)
    ready(six)

    def forever() -> int:
        while True:
            # Another than the current one, so that there is always something to go back from.
            six.promote(chance.choice([v.name for v in six.versions() if v.name != six.current()]))
            six.bless(NAMES[3])
            six.rollback()

    for _ in range(15):
        pid = os.fork()
        if not pid:
            try:
                forever()
            finally:
                os._exit(1)
        time.sleep(chance.uniform(0.02, 0.12))
        os.kill(pid, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        examine(six)
    assert len(six.history()) > 30


def test_what_was_being_removed_is_recorded_once(six: Store):
    ready(six)
    (six.root / NAMES[0]).rename(six.root / f".removed-{NAMES[0]}.1")
    shutil.copytree(six.root / NAMES[4], six.root / ".20260101T030000Z-2.77" / "half")
    (six.root / ".current.77").write_text("x", encoding="utf-8")
    (six.root / ".mine").mkdir()
    six.promote(NAMES[5])
    six.promote(NAMES[4])
    pruned = [(entry.from_, entry.why) for entry in six.history() if entry.action == "prune"]
    assert pruned == [(NAMES[0], "a command was ended while it removed")]
    assert {path.name for path in six.root.iterdir() if path.name.startswith(".")} == {".store.lock", ".mine"}


def test_commands_at_once_lose_nothing(six: Store, program: str):
    extra = [f"20260201T000000Z-{number}" for number in range(2, 8)]
    for name in extra:
        shutil.copytree(six.root / NAMES[0], six.root / name)
    ready(six)
    before = len(six.history())
    words = ["--no-bless", "--quiet", "--models", six.root]
    running = [subprocess.Popen([program, "models", "promote", name, *words]) for name in extra]
    while any(process.poll() is None for process in running):
        assert load_model(six.root)
    assert {process.returncode for process in running} == {0}
    new = six.history()[before:]
    assert sorted(entry.to for entry in new) == sorted(extra)
    assert all(after.from_ == before.to for before, after in pairwise(new))
    assert six.current() == new[-1].to
    assert all(json.loads(line) for line in (six.root / "history.jsonl").read_text(encoding="utf-8").splitlines())
    examine(six)
