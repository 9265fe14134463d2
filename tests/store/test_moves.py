"""Moves: promote, rollback, bless, prune, and what they leave in the history."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import ModelError, StoreError
from pipeline.learning.training import Trained
from pipeline.store import Entry, Store, verify

NAMES = [f"202601{day:02}T030000Z" for day in range(1, 7)]


def moves(store: Store) -> list[tuple[str, str | None, str | None]]:
    return [(entry.action, entry.from_, entry.to) for entry in store.history()]


def names(store: Store) -> list[str]:
    return [version.name for version in store.versions()]


def spoil(store: Store, *names: str) -> None:
    for name in names:
        (store.root / name / "card.md").write_text("edited", encoding="utf-8")


def test_each_move_is_a_line(six: Store):
    a, b, c, *_ = NAMES
    assert six.promote(a, why="first", by="me")
    assert six.promote(b)
    assert six.promote(c, action="retrain", why="not worse")
    assert six.rollback(why="worse") == b
    assert six.rollback() == a
    assert moves(six) == [
        ("promote", None, a),
        ("promote", a, b),
        ("retrain", b, c),
        ("rollback", c, b),
        ("rollback", b, a),
    ]
    assert [entry.why for entry in six.history()] == ["first", "", "not worse", "worse", ""]
    assert six.history()[0].by == "me"
    assert six.current() == a
    with pytest.raises(StoreError, match="no version was current before this one"):
        six.rollback()


def test_the_current_version_is_promoted_without_a_line(six: Store):
    assert six.promote(NAMES[0])
    assert not six.promote(NAMES[0])
    assert moves(six) == [("promote", None, NAMES[0])]


def test_writing_records_what_was_trained_with_and_measured(trained: Trained, tmp_path: Path):
    store = Store(tmp_path)
    options = {"metrics": trained.metrics, "card": "", "corpus": "f" * 64, "parameters": trained.parameters}
    first = store.write(trained.model, **options, why="new labels", by="me")
    second = store.write(trained.model, **options, promote=False, action="retrain")
    made, kept = store.history()
    assert (made.action, made.from_, made.to, made.artefact) == ("train", None, first.name, first.name)
    assert (made.why, made.by) == ("new labels", "me")
    assert made.parameters["training.folds"] == 3
    assert made.parameters["corpus"] == "f" * 64
    assert made.metrics["findings.macro_f1"] == trained.metrics["findings"]["macro_f1"]
    assert (kept.action, kept.from_, kept.to, kept.artefact) == ("retrain", None, None, second.name)
    assert store.current() == first.name


def test_a_person_blesses(six: Store):
    assert six.blessed() is None
    assert six.bless(NAMES[1], by="me")
    assert not six.bless(NAMES[1])
    assert six.bless(NAMES[2])
    assert six.blessed() == NAMES[2]
    assert moves(six) == [("bless", None, NAMES[1]), ("bless", NAMES[1], NAMES[2])]
    assert six.current() is None


def test_what_was_rolled_back_from_is_blessed_no_more(six: Store):
    for name in NAMES[:2]:
        six.promote(name)
        six.bless(name)
    six.rollback()
    assert six.blessed() == NAMES[0]


@pytest.mark.parametrize("move", [Store.promote, Store.bless])
def test_a_version_that_is_missing_or_damaged_is_said_and_nothing_moves(six: Store, move: Callable[[Store, str], bool]):
    six.promote(NAMES[0])
    (six.root / NAMES[1] / "arrays" / "mixing.npy").unlink()
    (six.root / NAMES[2] / "card.md").write_text("edited", encoding="utf-8")
    shutil.rmtree(six.root / NAMES[3])
    reasons = ["mixing.npy is missing", "card.md is not as it was written", "no version"]
    for name, reason in zip(NAMES[1:4], reasons, strict=True):
        with pytest.raises((ModelError, StoreError), match=reason) as caught:
            move(six, name)
        assert "\n" not in str(caught.value)
    assert six.current() == NAMES[0]
    assert len(six.history()) == 1


def test_a_rollback_to_what_is_gone_or_damaged_is_said(six: Store):
    for name in NAMES[:3]:
        six.promote(name)
    spoil(six, NAMES[1])
    instead = f"or go back past it to {NAMES[0]}, which is whole, with 'pipeline models rollback --skip-damaged'$"
    with pytest.raises(ModelError, match=f"{NAMES[1]}: card.md is not as it was written: .*, {instead}"):
        six.rollback()
    shutil.rmtree(six.root / NAMES[1])
    with pytest.raises(StoreError, match=f"no version '{NAMES[1]}': .*, {instead}"):
        six.rollback()
    assert six.current() == NAMES[2]


def test_a_rollback_skips_damaged_versions_only_when_told_to(six: Store):
    a, b, c, d, *_ = NAMES
    for name in (a, b, c, d):
        six.promote(name)
        six.bless(name)
    spoil(six, c)
    assert six.rollback(skip_damaged=True, why="worse") == b
    assert (six.current(), six.blessed()) == (b, b)
    assert moves(six)[-1] == ("rollback", d, b)
    assert six.rollback(skip_damaged=True) == a
    with pytest.raises(StoreError, match="no version was current before this one"):
        six.rollback(skip_damaged=True)


@pytest.mark.parametrize("skip", [False, True])
def test_without_a_whole_version_before_the_newest_whole_one_is_named(six: Store, skip: bool):
    for name in NAMES[:3]:
        six.promote(name)
    spoil(six, *NAMES[:2])
    said = rf"{NAMES[1]}: card\.md .*, or take the newest whole one with 'pipeline models promote {{}}' \(no whole "
    for newest in (NAMES[5], NAMES[4], NAMES[3]):
        with pytest.raises(ModelError, match=said.format(newest)):
            six.rollback(skip_damaged=skip)
        spoil(six, newest)
    # The current one is whole, and not worth naming.
    with pytest.raises(ModelError, match=r"train it again \(no whole version was current before it\)$"):
        six.rollback(skip_damaged=skip)
    assert six.current() == NAMES[2]


def test_a_lost_current_is_told_and_rolled_back_from(six: Store):
    for name in NAMES[:2]:
        six.promote(name)
    assert six.problems() == []
    shutil.rmtree(six.root / NAMES[1])
    assert six.problems() == [
        f"{six.root / 'current'}: names no version here ({NAMES[1]}): "
        f"take the newest whole one with 'pipeline models promote {NAMES[5]}'"
    ]
    assert six.rollback() == NAMES[0]
    (six.root / "current").unlink()
    assert "no version is in use: take the newest whole one" in six.problems()[0]
    assert six.rollback() == NAMES[0]
    assert six.load()


def test_moves_by_hand_are_found_and_recorded(six: Store):
    (six.root / "current").write_text(NAMES[1], encoding="utf-8")
    six.promote(NAMES[2])
    (six.root / "current").write_text(NAMES[4], encoding="utf-8")
    assert six.rollback() == NAMES[2]
    assert [(entry.to, entry.why) for entry in six.history()] == [
        (NAMES[1], "current when the history began"),
        (NAMES[2], ""),
        (NAMES[4], "moved by hand"),
        (NAMES[2], ""),
    ]


def test_a_line_that_a_full_disk_cut_is_taken_back_of_what_moves_nothing_too(
    six: Store, monkeypatch: pytest.MonkeyPatch
):
    six.promote(NAMES[0])
    before = (six.root / "history.jsonl").read_bytes()
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if b"bless" in data:
            return write(descriptor, data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="No space left"):
        six.bless(NAMES[0])
    monkeypatch.undo()
    assert (six.root / "history.jsonl").read_bytes() == before


def test_an_interruption_after_a_move_leaves_its_line(six: Store, monkeypatch: pytest.MonkeyPatch):
    six.promote(NAMES[0])

    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.store.files.sync_folder", interrupted)
    with pytest.raises(KeyboardInterrupt):
        six.promote(NAMES[1])
    monkeypatch.undo()
    assert six.current() == NAMES[1]
    assert moves(six)[-1] == ("promote", NAMES[0], NAMES[1])


def test_a_history_that_cannot_be_read_is_said(six: Store):
    (six.root / "history.jsonl").mkdir()
    with pytest.raises(StoreError, match=r"history\.jsonl: can't be read"):
        six.promote(NAMES[0])
    assert six.current() is None


# Pruning


def test_pruning_keeps_the_newest_the_current_the_blessed_and_the_one_before(six: Store):
    for name in (NAMES[0], NAMES[2], NAMES[1]):
        six.promote(name)
    six.bless(NAMES[3])
    shutil.copytree(six.root / NAMES[0], six.root / "the-good-one")
    assert six.prune(1, why="room", by="me") == ([NAMES[0], NAMES[4]], {})
    assert names(six) == [NAMES[1], NAMES[2], NAMES[3], NAMES[5], "the-good-one"]
    assert moves(six)[-2:] == [("prune", NAMES[0], None), ("prune", NAMES[4], None)]
    assert six.history()[-1].why == "room"
    assert six.prune(1).removed == []
    assert six.rollback() == NAMES[2]
    with pytest.raises(StoreError, match="no version was current before"):
        six.rollback()


def test_pruning_more_than_there_are_removes_nothing(six: Store):
    assert six.prune(6).removed == []
    assert six.prune(100).removed == []
    assert len(six.prune(0).removed) == 6


def test_a_damaged_version_can_be_pruned(six: Store):
    shutil.rmtree(six.root / NAMES[0] / "arrays")
    (six.root / NAMES[1] / "manifest.json").unlink()
    removed, damaged = six.prune(4)
    assert removed == NAMES[:2]
    assert list(damaged) == NAMES[:2]
    assert "manifest.json is missing" in damaged[NAMES[1]]


def test_a_damaged_version_before_is_not_what_is_kept_to_go_back_to(filled: Callable[..., Store]):
    store = filled(*NAMES[:4])
    a, b, c, d = NAMES[:4]
    for name in (a, b, c, d):
        store.promote(name)
    spoil(store, c)
    assert store.prune(1).removed == [a, c]
    assert names(store) == [b, d]
    assert store.rollback() == b


@pytest.mark.parametrize(("damaged", "keep", "left"), [
    ([5], 1, [0, 4, 5]),
    ([4], 1, [0, 5]),
    ([3, 5], 2, [0, 2, 3, 4, 5]),
    ([1, 2, 3, 4, 5], 1, [0, 1, 2, 3, 4, 5]),
    ([0], 2, [0, 4, 5]),
    ([0, 4, 5], 3, [0, 1, 2, 3, 4, 5]),
    ([1], 4, [0, 2, 3, 4, 5]),
])  # fmt: skip
def test_damaged_versions_are_not_counted_and_go_by_age(six: Store, damaged: list[int], keep: int, left: list[int]):
    six.promote(NAMES[0])
    spoil(six, *(NAMES[i] for i in damaged))
    assert list(six.prune(keep).damaged) == [NAMES[i] for i in damaged]
    assert names(six) == [NAMES[i] for i in left]
    assert six.current() == NAMES[0]


def test_a_damaged_version_that_a_person_blessed_is_left_and_told(six: Store):
    six.bless(NAMES[0])
    spoil(six, NAMES[0])
    removed, damaged = six.prune(2)
    assert removed == NAMES[1:4]
    assert list(damaged) == [NAMES[0]]


def test_room_is_made_before_the_removal_is_recorded(six: Store, monkeypatch: pytest.MonkeyPatch):
    write = os.write
    found: list[list[Path]] = []

    def seen(descriptor: int, data: bytes) -> int:
        if b"prune" in data:
            found.append([path for hidden in six.root.glob(".removed-*") for path in hidden.iterdir()])
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", seen)
    six.prune(4)
    assert found == [[], []]


def test_a_version_that_is_held_open_is_said(six: Store, monkeypatch: pytest.MonkeyPatch):
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", denied)
    with pytest.raises(StoreError, match=f"{NAMES[0]}: can't be removed: end what has it open"):
        six.prune(1)
    assert len(names(six)) == 6


# Recording


def test_runs_that_moved_nothing_are_recorded(six: Store):
    six.promote(NAMES[0])
    six.record(Entry("retrain", why="worse by 0.03", artefact=NAMES[1], metrics={"f1": 0.8}))
    assert six.history()[-1].why == "worse by 0.03"
    assert six.history()[-1].by
    with pytest.raises(ValueError, match="promote it"):
        six.record(Entry("promote", to=NAMES[2]))
    assert six.current() == NAMES[0]


def test_a_broken_history_stops_nothing(six: Store):
    six.promote(NAMES[0])
    six.promote(NAMES[1])
    path = six.root / "history.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert "line 2: broken off" in six.problems()[0]
    six.promote(NAMES[2])
    assert six.problems() == []
    assert [entry.to for entry in six.history()] == [NAMES[0], NAMES[1], NAMES[2]]
    assert six.rollback() == NAMES[1]


def test_lines_that_cannot_be_read_are_set_aside_by_the_next_change(six: Store):
    six.promote(NAMES[0])
    path = six.root / "history.jsonl"
    path.write_bytes(b"{1\n" + path.read_bytes() + b"\xff\n")
    assert "lines 1 and 3: can't be read" in six.problems()[0]
    six.promote(NAMES[1])
    assert six.problems() == []
    assert moves(six) == [("promote", None, NAMES[0]), ("promote", NAMES[0], NAMES[1])]
    assert (six.root / "history.unreadable").read_bytes() == b"{1\n\xff\n"


def test_room_can_be_made_when_there_is_none_to_set_lines_aside(six: Store, monkeypatch: pytest.MonkeyPatch):
    path = six.root / "history.jsonl"
    path.write_bytes(b"{1\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert six.prune(5).removed == [NAMES[0]]
    monkeypatch.undo()
    assert "line 1: can't be read" in six.problems()[0]
    assert {path.name for path in six.root.iterdir() if path.name.startswith(".")} == {".store.lock"}


@pytest.mark.parametrize("change", [
    lambda store: store.promote(NAMES[1]),
    lambda store: store.rollback(),
    lambda store: store.bless(NAMES[1]),
    lambda store: store.prune(1),
    lambda store: store.record(Entry("retrain")),
])  # fmt: skip
def test_changes_wait_for_each_other(six: Store, monkeypatch: pytest.MonkeyPatch, change: Callable[[Store], object]):
    import threading

    six.promote(NAMES[0])
    six.promote(NAMES[1])
    six.promote(NAMES[2])
    before = len(six.history())
    with six.lock():
        thread = threading.Thread(target=lambda: change(six))
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        assert len(six.history()) == before
    thread.join(20)
    assert len(six.history()) > before


def test_who_holds_the_lock_may_change(six: Store):
    with six.lock(wait=0):
        six.promote(NAMES[0])
        with six.lock("retrain", wait=0):
            six.promote(NAMES[1])
    assert six.current() == NAMES[1]


# Differences


def test_differences_are_told_by_part(trained: Trained, tmp_path: Path):
    store = Store(tmp_path)
    options = {"metrics": trained.metrics, "card": "", "corpus": "f" * 64}
    first = store.write(trained.model, **options, parameters=trained.parameters).name
    second = store.write(trained.model, **options, parameters=trained.parameters).name
    assert store.diff(first, second) == []
    changed = json.loads(json.dumps(trained.metrics))
    changed["findings"]["macro_f1"] = 0.5
    parameters = json.loads(json.dumps(trained.parameters))
    parameters["training"]["seed"] = 9
    third = store.write(trained.model, metrics=changed, card="", corpus="0" * 64, parameters=parameters).name
    seed = trained.parameters["training"]["seed"]
    assert [tuple(change) for change in store.diff(second, None)] == [
        ("settings", "training.seed", seed, 9),
        ("corpus", "fingerprint", "f" * 64, "0" * 64),
        ("metrics", "findings.macro_f1", trained.metrics["findings"]["macro_f1"], 0.5),
    ]
    assert next(change.a for change in store.diff(third, second)) == 9


def test_versions_without_parameters_differ_by_what_scores(six: Store):
    folder = six.root / NAMES[0]
    described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    described["thresholds"]["leadership"] = 0.9
    described["themes"]["new"] = "New"
    described["features"]["bits"] = 15
    (folder / "model.json").write_text(json.dumps(described), encoding="utf-8")
    found = {(change.part, change.name): change.a for change in six.diff(NAMES[0], NAMES[1])}
    assert found == {
        ("settings", "features.bits"): 15,
        ("themes", "new"): "New",
        ("thresholds", "leadership"): 0.9,
    }


def test_a_difference_from_what_is_missing_or_damaged_is_said(six: Store):
    (six.root / NAMES[0] / "model.json").write_text("{", encoding="utf-8")
    for a, b, error in ((NAMES[0], NAMES[1], ModelError), (NAMES[1], "none", StoreError)):
        with pytest.raises(error):
            six.diff(a, b)
    assert verify(six.root / NAMES[1])
