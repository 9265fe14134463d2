"""`pipeline models`, and `predict`, in a store that is damaged or that lost something."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from pipeline.store import Store

A, B, C, D = (f"2026010{day}T030000Z" for day in (1, 2, 3, 4))
Models = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def store(own_store: Path) -> Store:
    """With versions A to D, each of which was current, D last."""
    store = Store(own_store)
    trained = store.folder()
    for name in (A, B, C, D):
        shutil.copytree(trained, own_store / name)
    shutil.rmtree(trained)
    for file in ("current", "history.jsonl"):
        (own_store / file).unlink()
    for name in (A, B, C, D):
        store.promote(name)
    return store


@pytest.fixture
def models(run, store: Store, here: Path) -> Models:
    def called(*arguments: object) -> CompletedProcess[str]:
        return run("models", *arguments, "--models", store.root)

    return called


def spoil(store: Store, name: str) -> str:
    """Edit a version's metrics: how that is said."""
    path = store.root / name / "metrics.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return f"{path.parent}: metrics.json is not as it was written: the model is damaged or altered, train it again"


def test_a_rollback_to_a_damaged_version_says_which_good_one_is_before_it(models: Models, store: Store):
    said = spoil(store, C)
    done = models("rollback")
    assert (done.returncode, store.current()) == (1, D)
    assert done.stderr == (
        f"error: {said}, or go back past it to {B}, which is whole, with 'pipeline models rollback --skip-damaged'\n"
    )
    assert models("rollback", "--skip-damaged").stderr == f"{B} is current again, after {D}\n"
    assert models("rollback").stderr == f"{A} is current again, after {B}\n"


def test_pruning_keeps_whole_versions_and_names_damaged_ones(models: Models, store: Store):
    spoil(store, C)
    assert models("prune", "--keep", "1").stderr == f"removed {A}\nremoved {C}, which was damaged\n2 removed, 2 left\n"
    said = spoil(store, D)
    done = models("prune", "--keep", "1")
    assert done.stderr == f"left, but not counted as kept: {said}\n0 removed, 2 left\n"
    found = json.loads(models("prune", "--keep", "1", "--json").stdout)
    assert found == {"removed": [], "left": 2, "damaged": {D: said}}


def test_what_is_shown_of_a_damaged_version_comes_with_a_word_of_it(models: Models, store: Store):
    said = spoil(store, B)
    for arguments in (["show", B], ["diff", B, "current"], ["diff", A, B]):
        done = models(*arguments)
        assert (done.returncode, done.stderr.splitlines()[0]) == (0, f"damaged: {said}")
        assert models(*arguments, "--quiet").stderr == ""
    assert json.loads(models("show", B, "--json").stdout)["damage"] == said
    assert json.loads(models("diff", B, "current", "--json").stdout)["damaged"] == {B: said}
    assert models("show", A).stderr == ""
    assert json.loads(models("show", A, "--json").stdout)["damage"] is None
    assert json.loads(models("diff", A, "current", "--json").stdout)["damaged"] == {}


def test_verify_all_says_what_is_wrong(models: Models, store: Store):
    assert models("verify", "--all").stderr == f"{store.root}: 4 versions, whole and unaltered\n"
    path = store.root / "history.jsonl"
    path.write_bytes(b"{\n" + path.read_bytes())
    unreadable = (
        f"{path}, line 1: can't be read: mend it by hand, or the next change sets it aside in history.unreadable"
    )
    assert models("verify", "--all").stderr == f"error: {unreadable}\n"
    said = spoil(store, C)
    shutil.rmtree(store.root / D)
    lost = f"{store.root / 'current'}: names no version here ({D}): take the newest whole one with "
    lost += f"'pipeline models promote {B}'"
    error = f"error: {store.root}: 1 of 3 versions is damaged: {C}; {unreadable}; {lost}\n"
    done = models("verify", "--all")
    assert (done.returncode, done.stderr) == (1, f"damaged: {said}\n{error}")
    assert models("verify", "--all", "--quiet").stderr == error


def test_lines_that_cannot_be_read_are_gone_after_the_next_change(models: Models, store: Store):
    path = store.root / "history.jsonl"
    path.write_bytes(b"{\n" + path.read_bytes())
    assert models("promote", D, "--no-bless").returncode == 0
    assert models("verify", "--all").returncode == 0
    for name in (A, B, C):
        shutil.rmtree(store.root / name)
    assert models("verify", "--all").stderr == f"{store.root}: 1 version, whole and unaltered\n"
    assert (store.root / "history.unreadable").read_bytes() == b"{\n"


@pytest.mark.parametrize("arguments", [["models", "show"], ["models", "verify"], ["predict", "letter.txt"]])
def test_a_lost_version_in_use_is_said_with_the_one_to_take(run, store: Store, here: Path, arguments: list[str]):
    spoil(store, C)
    shutil.rmtree(store.root / D)
    done = run(*arguments, "--models", store.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: {store.root / 'current'}: names no version here ({D}): "
        f"take the newest whole one with 'pipeline models promote {B}'\n"
    )
    (store.root / "current").unlink()
    done = run(*arguments, "--models", store.root)
    assert done.stderr == (
        f"error: {store.root}: no version is in use: take the newest whole one with 'pipeline models promote {B}'\n"
    )
    run("models", "promote", B, "--models", store.root)
    assert run(*arguments, "--models", store.root).returncode == 0


@pytest.mark.parametrize("command", [
    ["models", "list"], ["models", "history"], ["models", "show"], ["models", "verify", "--all"],
    ["models", "promote", A], ["models", "rollback"], ["predict", "letter.txt"],
])  # fmt: skip
@pytest.mark.parametrize("below", ["", "/models"])
def test_a_file_in_place_of_the_folder_is_said(run, here: Path, command: list[str], below: str):
    done = run(*command, "--models", f"letter.txt{below}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: letter.txt: is no folder: name the folder that the versions are in with --models\n"


def test_export_takes_names_of_joblib_files_alone(models: Models, here: Path):
    for name in ("x.pkl", "x", "x.joblib.gz"):
        done = models("export", "current", name)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"'{name}' is no .joblib file" in done.stderr
        assert not (here / name).exists()
    assert models("export", "current", "X.JOBLIB").returncode == 0
    assert (here / "X.JOBLIB").exists()


def test_what_a_version_was_trained_on_is_shown_as_counts(run, trained_on: Store):
    shown = json.loads(run("models", "show", "--json", "--models", trained_on.root).stdout)
    assert shown["metrics"]["trained_on"] == {"articles": 2, "corrections": 3}
    assert shown["metrics"]["findings"]["macro_f1"] > 0


@pytest.fixture
def trained_on(store: Store) -> Store:
    """A store whose current version keeps what it was trained on, as training writes it."""
    from pipeline.retraining.articles import Known, packed

    articles = packed([Known(name, "", name * 12, name * 12, True, []) for name in "ab"])
    path = store.folder() / "metrics.json"
    seen = {"inputs": {}, "articles": articles, "corrections": "1 2 3", "gate": "", "kept": "", "baseline": {}}
    metrics = json.loads(path.read_text(encoding="utf-8")) | {"trained_on": seen}
    path.write_text(json.dumps(metrics), encoding="utf-8")
    return store
