"""Pruning: which versions make room, and which are kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from samples.stores import NAMES, moves, names, spoil

from pipeline.errors import StoreError
from pipeline.store import Store


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
