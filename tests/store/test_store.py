"""The store: versions whole or not at all, checked before they are loaded."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ModelError, StoreError
from pipeline.learning.training import Trained
from pipeline.model import FORMAT, Model
from pipeline.store import Store, Version, load_model, load_version, verify
from pipeline.store.versions import age, digest, next_name

FILES = {
    *("model.json", "manifest.json", "metrics.json", "card.md"),
    *("arrays/coefficients.npy", "arrays/mixing.npy", "arrays/intercepts.npy"),
}


def write(root: Path, trained: Trained, **options: object) -> Version:
    return Store(root).write(trained.model, metrics=trained.metrics, card="# Card\n", corpus="f" * 64, **options)


def version_of(root: Path) -> Path:
    return Store(root).folder()


def left(root: Path) -> set[str]:
    """All paths but the lock's, which stays."""
    found = {path.relative_to(root).as_posix() for path in root.rglob("*")} if root.exists() else set()
    return found - {".store.lock"}


def test_a_version_is_written_whole_and_made_current(trained: Trained, tmp_path: Path):
    version = write(tmp_path / "deep" / "models", trained)
    files = {path.relative_to(version.folder).as_posix() for path in version.folder.rglob("*") if path.is_file()}
    assert files == FILES
    store = Store(tmp_path / "deep" / "models")
    assert store.current() == version.name
    assert {path.name for path in store.root.iterdir()} == {version.name, "current", "history.jsonl", ".store.lock"}
    assert version.current
    assert version.metrics == json.loads(json.dumps(trained.metrics))
    assert version.card == "# Card\n"


def test_the_manifest_tells_what_the_version_was_made_with(trained: Trained, tmp_path: Path):
    manifest = write(tmp_path, trained).manifest
    assert manifest["format"] == FORMAT
    assert manifest["corpus"] == "f" * 64
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    assert all(len(digest) == 64 for digest in manifest["files"].values())
    assert {"version", "created", "library", "splitter", "punkt"} <= set(manifest)
    assert "parameters" not in manifest
    assert write(tmp_path, trained, parameters=trained.parameters).manifest["parameters"]["training"]["folds"] == 3


def test_versions_of_one_second_have_names_of_their_own_in_order(trained: Trained, tmp_path: Path):
    names = [write(tmp_path, trained).name for _ in range(3)]
    store = Store(tmp_path)
    assert len(set(names)) == 3
    assert [version.name for version in store.versions()] == names
    assert [version.current for version in store.versions()] == [False, False, True]


def test_a_clock_that_goes_back_makes_no_version_older_than_the_newest():
    def at(second: int) -> datetime:
        return datetime(2026, 1, 5, 3, 0, second, tzinfo=UTC)

    taken: list[str] = []
    for second in (10, 10, 12, 5, 5, 0, 12, 13):
        taken.append(next_name(at(second), [*taken, "best", "current", "20260105T03000Z"]))
    seconds = [name.removeprefix("20260105T0300") for name in taken]
    assert seconds == ["10Z", "10Z-2", "12Z", "12Z-2", "12Z-3", "12Z-4", "12Z-5", "13Z"]
    assert sorted(taken, key=age) == taken


def test_many_versions_of_one_second_sort_by_number():
    names = [f"20260105T030000Z{'' if number == 1 else f'-{number}'}" for number in range(1, 12)]
    assert sorted(sorted(names), key=age) == names
    assert next_name(datetime(2026, 1, 1, tzinfo=UTC), names) == "20260105T030000Z-12"


def test_names_of_removed_versions_are_not_used_again(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2026, 1, 5, tzinfo=tz)

    monkeypatch.setattr("pipeline.store.store.datetime", Stopped)
    kept = write(tmp_path, trained)
    removed = write(tmp_path, trained, promote=False)
    shutil.rmtree(removed.folder)
    assert [kept.name, removed.name, write(tmp_path, trained).name] == [
        "20260105T000000Z",
        "20260105T000000Z-2",
        "20260105T000000Z-3",
    ]


def test_without_promoting_the_current_version_stays(trained: Trained, tmp_path: Path):
    first = write(tmp_path, trained, promote=False)
    assert Store(tmp_path).current() is None
    assert not first.current
    with pytest.raises(StoreError, match="no trained model here"):
        Store(tmp_path).load()
    second = write(tmp_path, trained)
    third = write(tmp_path, trained, promote=False)
    assert Store(tmp_path).current() == second.name
    Store(tmp_path).promote(third.name)
    assert Store(tmp_path).current() == third.name
    assert left(tmp_path) == {"current", "history.jsonl"} | {
        f"{version}{file}"
        for version in (first.name, second.name, third.name)
        for file in ("", "/arrays", *(f"/{name}" for name in FILES))
    }


def test_a_model_is_loaded_from_a_store_a_version_or_the_configured_store(
    own_store: Path, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for path in (own_store, str(own_store), version_of(own_store)):
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
    (own_store / "current").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match="no trained model here"):
        Store(own_store).load()


@pytest.mark.parametrize("content", [b"20000101T000000Z\n", b"\xff\xfe\x00", b"../elsewhere"])
def test_a_current_that_names_no_version_is_said(own_store: Path, content: bytes):
    name = version_of(own_store).name
    (own_store / "current").write_bytes(content)
    with pytest.raises(StoreError, match=rf"no version .*models list' \({name}\)"):
        Store(own_store).load()


@pytest.mark.parametrize(
    "name", ["..", ".", "../own-models", "a/../..", "/", "/etc", "./x", "x/", "..\\x", "\0", "no-such", "current"]
)
def test_names_that_lead_elsewhere_are_refused(own_store: Path, name: str):
    shutil.copytree(version_of(own_store), own_store.parent / "x")
    with pytest.raises(StoreError, match="no version"):
        Store(own_store).folder(name)
    with pytest.raises(StoreError):
        Store(own_store).promote(name)


def test_what_is_no_version_is_not_listed(own_store: Path):
    before = [version.name for version in Store(own_store).versions()]
    (own_store / ".half.123").mkdir()
    shutil.copytree(version_of(own_store), own_store / ".hidden")
    (own_store / "notes").mkdir()
    (own_store / "README.md").write_text("mine", encoding="utf-8")
    assert [version.name for version in Store(own_store).versions()] == before
    (own_store / "20200101T000000Z").mkdir()
    [damaged, whole] = Store(own_store).versions()
    assert "manifest.json is missing" in damaged.damage()
    assert whole.damage() is None


# Damage


def damaged(folder: Path, content: Callable[[Path], object]) -> str:
    content(folder)
    with pytest.raises(ModelError) as caught:
        load_version(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_named(own_store: Path, name: str):
    message = damaged(version_of(own_store), lambda folder: (folder / name).unlink())
    assert f"{name} is missing: the model is damaged, train it again" in message


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_one_altered_byte_is_found(own_store: Path, name: str):
    def alter(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)

    assert f"{name} is not as it was written" in damaged(version_of(own_store), alter)


def rewrite_manifest(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | values), encoding="utf-8")


def test_a_newer_format_asks_to_upgrade(own_store: Path):
    message = damaged(version_of(own_store), lambda folder: rewrite_manifest(folder, format=FORMAT + 1))
    assert "newer than this program reads" in message
    assert "upgrade" in message


def test_a_newer_format_with_files_of_its_own_asks_to_upgrade_too(own_store: Path):
    newer = {"format": FORMAT + 1, "files": {"arrays/transformer.npy": "0" * 64}}
    assert "upgrade" in damaged(version_of(own_store), lambda folder: rewrite_manifest(folder, **newer))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "{}", '{"format": 1}', "[" * 200_000, "\x00"])
def test_a_manifest_that_is_none_is_refused(own_store: Path, content: str):
    damaged(version_of(own_store), lambda folder: (folder / "manifest.json").write_text(content, encoding="utf-8"))


@pytest.mark.parametrize("values", [
    {"format": "1"},
    {"format": None},
    {"files": ["model.json"]},
    {"files": {"../../outside": "0"}},
    {"files": {"/etc/passwd": "0"}},
    {"files": {}},
])  # fmt: skip
def test_a_manifest_of_other_things_is_refused(own_store: Path, values: dict[str, object]):
    damaged(version_of(own_store), lambda folder: rewrite_manifest(folder, **values))


@pytest.mark.parametrize("name", ["extra.pkl", "arrays/extra.npy", "arrays/deep/model.joblib", "code.py"])
def test_a_file_that_is_no_part_of_a_model_is_refused_unread(own_store: Path, tmp_path: Path, name: str):
    made = tmp_path / "made"

    class Payload:
        def __reduce__(self):
            import os

            return os.mkdir, (str(made),)

    def add(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(pickle.dumps(Payload()))

    assert f"{name} is no part of a model" in damaged(version_of(own_store), add)
    assert not made.exists()


def test_a_pickle_in_place_of_an_array_does_not_run_even_with_a_fitting_manifest(own_store: Path, tmp_path: Path):
    made = tmp_path / "made"

    class Payload:
        def __reduce__(self):
            import os

            return os.mkdir, (str(made),)

    def swap(folder: Path) -> None:
        path = folder / "arrays" / "mixing.npy"
        path.write_bytes(pickle.dumps(Payload()))
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["files"]["arrays/mixing.npy"] = digest(path)
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        assert verify(folder)

    damaged(version_of(own_store), swap)
    assert not made.exists()


def test_a_damaged_version_is_not_made_current(trained: Trained, tmp_path: Path):
    first = write(tmp_path, trained)
    second = write(tmp_path, trained, promote=False)
    (second.folder / "card.md").write_text("other", encoding="utf-8")
    with pytest.raises(ModelError):
        Store(tmp_path).promote(second.name)
    assert Store(tmp_path).current() == first.name


def test_a_card_that_is_missing_is_said(own_store: Path):
    folder = version_of(own_store)
    (folder / "card.md").unlink()
    with pytest.raises(ModelError, match=r"card\.md is missing"):
        _ = Version(folder.name, folder, True).card


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
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, where: str
):
    write(tmp_path, trained)
    before = left(tmp_path)
    monkeypatch.setattr(np if where == "save" else Path, where, fails(error))
    with pytest.raises(StoreError) as caught:
        write(tmp_path, trained)
    monkeypatch.undo()
    assert str(caught.value) == (
        f"{tmp_path}: can't be written ({error.strerror}): make room, or name another folder with --models"
    )
    assert left(tmp_path) == before


def test_a_current_that_cannot_be_replaced_stays(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = write(tmp_path, trained)
    monkeypatch.setattr(Path, "replace", fails(FULL))
    with pytest.raises(StoreError, match="No space left"):
        write(tmp_path, trained)
    monkeypatch.undo()
    assert Store(tmp_path).current() == first.name
    assert not [name for name in left(tmp_path) if name.startswith(".")]
    assert [entry.to for entry in Store(tmp_path).history()] == [first.name]
    assert all(verify(version.folder) for version in Store(tmp_path).versions())


def test_a_file_in_place_of_the_folder_is_said(trained: Trained, tmp_path: Path):
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="can't be written"):
        write(tmp_path / "models", trained)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_broken_off_while_saving_nothing_is_left(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
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
        write(tmp_path / "models", trained)
    assert left(tmp_path / "models") == set()


def test_broken_off_before_it_is_whole_nothing_is_left(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Path, "rename", fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "models", trained)
    assert left(tmp_path / "models") == set()
