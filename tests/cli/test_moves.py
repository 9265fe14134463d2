"""`pipeline models`: promote, rollback, prune, history, diff; and list and verify of what they leave."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.store import Store

A, B, C = (f"2026010{day}T030000Z" for day in (1, 2, 3))


@pytest.fixture
def store(own_store: Path) -> Store:
    """With versions A, B and C, and the one that was trained, current."""
    store = Store(own_store)
    for name in (A, B, C):
        shutil.copytree(store.folder(), own_store / name)
    return store


@pytest.fixture
def models(run, store: Store, here: Path):
    def called(*arguments: object):
        return run("models", *arguments, "--models", store.root)

    return called


def test_promoting_blesses_unless_told_not_to(models, store: Store):
    assert models("promote", A, "--why", "read 40 letters", "--by", "me").stderr == f"{A} is now current, and blessed\n"
    assert models("promote", B, "--no-bless").stderr == f"{B} is now current\n"
    assert (store.current(), store.blessed()) == (B, A)
    done = models("promote", B)
    assert (done.returncode, done.stderr) == (0, f"{B} is current already, and blessed\n")
    done = models("promote", B)
    assert (done.returncode, done.stderr) == (0, f"{B} is current already\n")
    assert models("promote", C, "--quiet").stderr == ""
    first, second = [entry for entry in store.history() if entry.to == A]
    assert (first.action, first.why, first.by) == ("promote", "read 40 letters", "me")
    assert (second.action, second.why, second.by) == ("bless", "read 40 letters", "me")


@pytest.mark.parametrize("name", ["none", "..", "../own-models", "/etc", "current", ""])
def test_a_version_that_is_not_there_is_not_promoted(models, store: Store, name: str):
    before = store.current()
    done = models("promote", name)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert store.current() == before


def test_an_edited_version_is_not_promoted(models, store: Store):
    (store.root / A / "metrics.json").write_text("{}", encoding="utf-8")
    done = models("promote", A)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "metrics.json is not as it was written" in done.stderr


def test_rolling_back_goes_to_the_one_before(models, store: Store):
    trained = store.current()
    models("promote", A)
    models("promote", B)
    assert models("rollback", "--why", "worse").stderr == f"{A} is current again, after {B}\n"
    assert models("rollback").stderr == f"{trained} is current again, after {A}\n"
    done = models("rollback")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no version was current before this one" in done.stderr


def test_pruning_says_what_it_removed(models, store: Store):
    trained = store.current()
    models("promote", C)
    done = models("prune", "--keep", "1")
    assert done.stderr == f"removed {A}\nremoved {B}\n2 removed, 2 left\n"
    done = models("prune", "--keep", "1", "--json")
    assert (json.loads(done.stdout), done.stderr) == ({"removed": [], "left": 2, "damaged": {}}, "")
    assert [version.name for version in store.versions()] == [C, trained]
    assert models("prune").returncode == 2
    assert models("prune", "--keep", "0").returncode == 2


def test_the_history_is_listed(models, store: Store):
    models("promote", A, "--why", "better")
    entries = json.loads(models("history", "--json").stdout)
    assert [(entry["action"], entry["to"]) for entry in entries][1:] == [("promote", A), ("bless", A)]
    assert entries == [
        json.loads(line) for line in (store.root / "history.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    shown = models("history").stdout
    assert A in shown
    assert "better" in shown
    (store.root / "history.jsonl").unlink()
    assert "nothing was recorded" in models("history").stderr
    assert json.loads(models("history", "--json").stdout) == []


def test_a_broken_history_is_told_and_mended(models, store: Store):
    path = store.root / "history.jsonl"
    path.write_bytes(path.read_bytes() + b'{"when": "20')
    for command in (["list"], ["history"]):
        done = models(*command)
        assert done.returncode == 0
        assert "line 2: broken off, as by a kill: the next change mends it" in done.stderr
    done = models("verify", "--all")
    assert done.returncode == 1
    assert "broken off" in done.stderr
    assert models("promote", A).returncode == 0
    assert models("verify", "--all").stderr == f"{store.root}: 4 versions, whole and unaltered\n"


def test_damaged_versions_are_listed_as_such(models, store: Store):
    (store.root / A / "manifest.json").unlink()
    (store.root / B / "metrics.json").write_text("[]", encoding="utf-8")
    (store.root / C / "arrays" / "mixing.npy").write_bytes(b"")
    rows = {row["version"]: row for row in json.loads(models("list", "--json").stdout)}
    assert list(rows)[:3] == [A, B, C]
    assert "manifest.json is missing" in rows[A]["damage"]
    assert "metrics.json" in rows[B]["damage"]
    assert "mixing.npy" in rows[C]["damage"]
    assert rows[A]["created"] is rows[B]["findings_macro_f1"] is rows[store.current()]["damage"] is None
    done = models("list")
    assert done.returncode == 0
    assert done.stdout.count("damaged") == 3
    assert done.stderr.count("damaged: ") == 3
    done = models("verify", "--all")
    assert done.returncode == 1
    assert done.stderr.endswith(f"error: {store.root}: 3 of 4 versions are damaged: {A}, {B}, {C}\n")


def test_states_are_listed(models, store: Store):
    models("promote", A)
    models("promote", B, "--no-bless")
    states = {row["version"]: (row["current"], row["blessed"]) for row in json.loads(models("list", "--json").stdout)}
    assert (states[A], states[B], states[C]) == ((False, True), (True, False), (False, False))
    shown = models("list").stdout.splitlines()
    assert "blessed" in shown[1]
    assert "current" in shown[2]


def test_differences_are_shown(models, store: Store):
    described = json.loads((store.root / A / "model.json").read_text(encoding="utf-8"))
    described["thresholds"]["leadership"] = 0.875
    (store.root / A / "model.json").write_text(json.dumps(described), encoding="utf-8")
    found = json.loads(models("diff", A, "current", "--json").stdout)
    assert (found["a"], found["b"]) == (A, store.current())
    [change] = found["changes"]
    assert (change["part"], change["name"], change["a"]) == ("thresholds", "leadership", 0.875)
    shown = models("diff", "current", A).stdout
    assert "0.875" in shown
    assert models("diff", B, C).stderr == "nothing differs\n"
    assert models("diff", B, "none").returncode == 1


@pytest.mark.parametrize("command", [["list"], ["history"], ["promote", A], ["rollback"], ["prune", "--keep", "1"]])
def test_one_versions_folder_is_no_store(run, store: Store, here: Path, command: list[str]):
    done = run("models", *command, "--models", store.folder())
    assert done.returncode == 1
    assert "is one version, not a models folder" in done.stderr


@pytest.mark.parametrize("command", [["promote", A], ["rollback"]])
def test_an_empty_store_is_said(run, here: Path, command: list[str]):
    done = run("models", *command, "--models", here / "models")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_store_that_others_change_is_said(models, store: Store, monkeypatch: pytest.MonkeyPatch):
    import threading

    monkeypatch.setattr("pipeline.store.store.locked", lambda path, wait: locked(path, wait=0.1))
    from pipeline.locks import locked

    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.lock():
            held.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    said = models("promote", A)
    done.set()
    thread.join()
    assert said.returncode == 1
    assert "held by process" in said.stderr
    assert said.stderr.count("\n") == 1
