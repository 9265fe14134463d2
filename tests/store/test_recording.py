"""Recording: the history of a store when moves are cut short or its lines are damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from samples.stores import NAMES, moves

from pipeline.errors import StoreError
from pipeline.store import Entry, Store


def test_runs_that_moved_nothing_are_recorded(six: Store):
    six.promote(NAMES[0])
    six.record(Entry("retrain", why="worse by 0.03", artefact=NAMES[1], metrics={"f1": 0.8}))
    assert six.history()[-1].why == "worse by 0.03"
    assert six.history()[-1].by
    with pytest.raises(ValueError, match="promote it"):
        six.record(Entry("promote", to=NAMES[2]))
    assert six.current() == NAMES[0]


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
