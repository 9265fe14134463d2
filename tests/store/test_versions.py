"""Versions: their names and files, checked before they are loaded."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.learning.training import Trained
from pipeline.model import FORMAT
from pipeline.store import Store, Version, load_version, verify
from pipeline.store.versions import age, digest, next_name

Write = Callable[..., Version]
FILES = {
    *("model.json", "manifest.json", "metrics.json", "card.md"),
    *("arrays/coefficients.npy", "arrays/mixing.npy", "arrays/intercepts.npy"),
}


def version_of(root: Path) -> Path:
    return Store(root).folder()


def test_a_version_is_written_whole_and_made_current(write: Write, trained: Trained, tmp_path: Path):
    version = write(tmp_path / "deep" / "models")
    files = {path.relative_to(version.folder).as_posix() for path in version.folder.rglob("*") if path.is_file()}
    assert files == FILES
    store = Store(tmp_path / "deep" / "models")
    assert store.current() == version.name
    assert {path.name for path in store.root.iterdir()} == {version.name, "current", "history.jsonl", ".store.lock"}
    assert version.current
    assert version.metrics == json.loads(json.dumps(trained.metrics))
    assert version.card == "# Card\n"


def test_the_manifest_tells_what_the_version_was_made_with(write: Write, trained: Trained, tmp_path: Path):
    manifest = write(tmp_path).manifest
    assert manifest["format"] == FORMAT
    assert manifest["corpus"] == "f" * 64
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    assert all(len(digest) == 64 for digest in manifest["files"].values())
    assert {"version", "created", "library", "splitter", "punkt"} <= set(manifest)
    assert "parameters" not in manifest
    assert write(tmp_path, parameters=trained.parameters).manifest["parameters"]["training"]["folds"] == 3


def test_versions_of_one_second_have_names_of_their_own_in_order(write: Write, tmp_path: Path):
    names = [write(tmp_path).name for _ in range(3)]
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


def test_names_of_removed_versions_are_not_used_again(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2026, 1, 5, tzinfo=tz)

    monkeypatch.setattr("pipeline.store.store.datetime", Stopped)
    kept = write(tmp_path)
    removed = write(tmp_path, promote=False)
    shutil.rmtree(removed.folder)
    assert [kept.name, removed.name, write(tmp_path).name] == [
        "20260105T000000Z",
        "20260105T000000Z-2",
        "20260105T000000Z-3",
    ]


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

    message = damaged(version_of(own_store), swap)
    assert Store(own_store).version().damage() == message
    assert not made.exists()


def test_a_card_that_is_missing_is_said(own_store: Path):
    folder = version_of(own_store)
    (folder / "card.md").unlink()
    with pytest.raises(ModelError, match=r"card\.md is missing"):
        _ = Version(folder.name, folder, True).card
