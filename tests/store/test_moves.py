"""Moves: promote, rollback and bless, and what they leave in the history."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from samples.stores import NAMES, moves, spoil

from pipeline.errors import ModelError, StoreError
from pipeline.learning.training import Trained
from pipeline.store import Entry, Store


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


# One at a time


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
