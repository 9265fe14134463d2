"""The store: versions whole or not at all, and the one in use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from samples.stores import NAMES

from pipeline.errors import ModelError, StoreError
from pipeline.model import Model
from pipeline.store import Store, Version, load_model, load_version, verify

Write = Callable[..., Version]


def left(root: Path) -> set[str]:
    """All paths but the lock's, which stays."""
    found = {path.relative_to(root).as_posix() for path in root.rglob("*")} if root.exists() else set()
    return found - {".store.lock"}


def test_without_promoting_the_current_version_stays(write: Write, tmp_path: Path):
    first = write(tmp_path, promote=False)
    assert Store(tmp_path).current() is None
    assert not first.current
    assert Store(tmp_path).problems() == []
    with pytest.raises(StoreError, match=f"no version is in use: take .*'pipeline models promote {first.name}'"):
        Store(tmp_path).load()
    second = write(tmp_path)
    third = write(tmp_path, promote=False)
    assert Store(tmp_path).current() == second.name
    Store(tmp_path).promote(third.name)
    assert Store(tmp_path).current() == third.name
    assert {path.name for path in tmp_path.iterdir() if path.name != ".store.lock"} == {
        *("current", "history.jsonl"),
        *(first.name, second.name, third.name),
    }


def test_a_model_is_loaded_from_a_store_a_version_or_the_configured_store(
    own_store: Path, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for path in (own_store, str(own_store), Store(own_store).folder()):
        assert np.array_equal(load_model(path).intercepts, model.intercepts)
    shutil.copytree(own_store, tmp_path / "work" / "models")
    monkeypatch.chdir(tmp_path / "work")
    assert np.array_equal(load_model().intercepts, model.intercepts)


def test_without_a_model_it_is_said_how_to_train_one(tmp_path: Path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(StoreError, match=r"no trained model here: train one with 'pipeline train'"):
            load_model(path)
    assert Store(tmp_path / "none").versions() == []


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_current_names_no_version(own_store: Path, content: str):
    name = Store(own_store).current()
    (own_store / "current").write_text(content, encoding="utf-8")
    said = f"{own_store}: no version is in use: take the newest whole one with 'pipeline models promote {name}'"
    assert Store(own_store).problems() == [said]
    with pytest.raises(StoreError) as caught:
        Store(own_store).load()
    assert str(caught.value) == said


@pytest.mark.parametrize("content", [b"20000101T000000Z\n", b"\xff\xfe\x00", b"../elsewhere"])
def test_a_current_that_names_no_version_is_said(own_store: Path, content: bytes):
    name = Store(own_store).folder().name
    (own_store / "current").write_bytes(content)
    for find in (Store(own_store).load, Store(own_store).folder, Store(own_store).version):
        with pytest.raises(
            StoreError, match=rf"names no version here \(.*\): take .*'pipeline models promote {name}'$"
        ):
            find()


def test_a_lost_version_is_said_with_the_newest_whole_one(six: Store):
    six.promote(NAMES[2])
    shutil.rmtree(six.root / NAMES[2])
    (six.root / NAMES[5] / "card.md").write_text("edited", encoding="utf-8")
    shutil.copytree(six.root / NAMES[0], six.root / "the-good-one")
    for taken in (NAMES[4], NAMES[3], NAMES[1], NAMES[0], "the-good-one"):
        [said] = six.problems()
        assert said.endswith(f"({NAMES[2]}): take the newest whole one with 'pipeline models promote {taken}'")
        (six.root / taken / "metrics.json").write_text("{}", encoding="utf-8")
    assert six.problems()[0].endswith(f"({NAMES[2]}): train one with 'pipeline train'")


@pytest.mark.parametrize(
    "name", ["..", ".", "../own-models", "a/../..", "/", "/etc", "./x", "x/", "..\\x", "\0", "no-such", "current"]
)
def test_names_that_lead_elsewhere_are_refused(own_store: Path, name: str):
    shutil.copytree(Store(own_store).folder(), own_store.parent / "x")
    with pytest.raises(StoreError, match="no version"):
        Store(own_store).folder(name)
    with pytest.raises(StoreError):
        Store(own_store).promote(name)


def test_what_is_no_version_is_not_listed(own_store: Path):
    before = [version.name for version in Store(own_store).versions()]
    (own_store / ".half.123").mkdir()
    shutil.copytree(Store(own_store).folder(), own_store / ".hidden")
    (own_store / "notes").mkdir()
    (own_store / "README.md").write_text("mine", encoding="utf-8")
    assert [version.name for version in Store(own_store).versions()] == before
    (own_store / "20200101T000000Z").mkdir()
    [damaged, whole] = Store(own_store).versions()
    assert "manifest.json is missing" in damaged.damage()
    assert whole.damage() is None


def test_a_damaged_version_is_not_made_current(write: Write, tmp_path: Path):
    first = write(tmp_path)
    second = write(tmp_path, promote=False)
    (second.folder / "card.md").write_text("other", encoding="utf-8")
    with pytest.raises(ModelError):
        Store(tmp_path).promote(second.name)
    assert Store(tmp_path).current() == first.name


def test_a_version_removed_while_it_is_loaded_makes_way_for_the_next(own_store: Path, monkeypatch: pytest.MonkeyPatch):
    store = Store(own_store)
    shutil.copytree(store.folder(), own_store / "20990101T000000Z")
    first = store.current()
    loads = []

    def load(folder: Path) -> Model:
        if not loads:
            (own_store / "current").write_text("20990101T000000Z", encoding="utf-8")
            shutil.rmtree(folder)
        loads.append(folder.name)
        return load_version(folder)

    monkeypatch.setattr("pipeline.store.store.load_version", load)
    assert store.load()
    assert loads == [first, "20990101T000000Z"]


# What goes wrong while writing


def fails(error: BaseException) -> Callable[..., None]:
    def failing(*_: object, **__: object) -> None:
        raise error

    return failing


FULL = OSError(28, "No space left on device")
READ_ONLY = OSError(30, "Read-only file system")


@pytest.mark.parametrize("error", [FULL, READ_ONLY])
@pytest.mark.parametrize("where", ["mkdir", "save", "write_text", "rename"])
def test_a_full_or_read_only_folder_is_said_and_left_as_it_was(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, where: str
):
    write(tmp_path)
    before = left(tmp_path)
    monkeypatch.setattr(np if where == "save" else Path, where, fails(error))
    with pytest.raises(StoreError) as caught:
        write(tmp_path)
    monkeypatch.undo()
    assert str(caught.value) == (
        f"{tmp_path}: can't be written ({error.strerror}): make room, or name another folder with --models"
    )
    assert left(tmp_path) == before


def test_a_current_that_cannot_be_replaced_stays(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = write(tmp_path)
    monkeypatch.setattr(Path, "replace", fails(FULL))
    with pytest.raises(StoreError, match="No space left"):
        write(tmp_path)
    monkeypatch.undo()
    assert Store(tmp_path).current() == first.name
    assert not [name for name in left(tmp_path) if name.startswith(".")]
    assert [entry.to for entry in Store(tmp_path).history()] == [first.name]
    assert all(verify(version.folder) for version in Store(tmp_path).versions())


def test_a_file_in_place_of_the_folder_is_said(write: Write, tmp_path: Path):
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    for root in (tmp_path / "models", tmp_path / "models" / "below"):
        for use in (write, Store, load_model):
            with pytest.raises(StoreError) as caught:
                use(root)
            assert str(caught.value).startswith(f"{tmp_path / 'models'}: is no folder: ")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_broken_off_while_saving_nothing_is_left(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    calls = []
    save = np.save

    def interrupted(*arguments: object, **options: object) -> None:
        calls.append(arguments)
        if len(calls) > number:
            raise KeyboardInterrupt
        save(*arguments, **options)

    monkeypatch.setattr(np, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "models")
    assert left(tmp_path / "models") == set()


def test_broken_off_before_it_is_whole_nothing_is_left(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Path, "rename", fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "models")
    assert left(tmp_path / "models") == set()
