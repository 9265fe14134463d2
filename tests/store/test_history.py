"""The history: a line for each move, whole or taken back."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from pipeline.locks import identity
from pipeline.store.history import ASIDE, UNFINISHED, Entry, History, before, blessed, flat, headline


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.jsonl")


def entries(moves: str) -> list[Entry]:
    """`train A`, `promote B` … as entries; a `!` before one says that a kill cut the one before short."""
    found: list[Entry] = []
    current = None
    for move in moves.split(", "):
        action, name = move.removeprefix("!").split()
        why = UNFINISHED if move.startswith("!") else ""
        if action in ("prune", "bless"):
            found.append(
                Entry(action, from_=name if action == "prune" else None, to=name if action == "bless" else None)
            )
        else:
            found.append(Entry(action, from_=current, to=name, why=why))
            current = name
    return found


def test_an_entry_is_a_line_signed_and_dated(history: History):
    history.append(
        Entry("train", to="A", metrics={"f1": np.float64(0.5)}, parameters={"seed": np.int64(1), "of": Path("x")})
    )
    history.append(Entry("promote", from_="A", to="B", why="“better”\n", by="me", when="2026-01-05T03:00:00+00:00"))
    first, second = [json.loads(line) for line in history.path.read_text(encoding="utf-8").splitlines()]
    assert datetime.fromisoformat(first.pop("when")).utcoffset().total_seconds() == 0
    assert first == {
        **{"action": "train", "from": None, "to": "A", "why": "", "by": "@".join(identity())},
        **{"metrics": {"f1": 0.5}, "parameters": {"seed": 1, "of": "x"}},
    }
    assert second == {
        **{"when": "2026-01-05T03:00:00+00:00", "action": "promote", "from": "A", "to": "B"},
        **{"why": "“better”\n", "by": "me"},
    }
    assert [entry.to for entry in history.entries()] == ["A", "B"]
    assert history.entries()[1].to_dict() == second
    assert history.problems() == []


def test_no_history_is_an_empty_one(history: History):
    assert (history.entries(), history.problems()) == ([], [])


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_last_line_broken_off_is_told_and_mended_by_the_next(history: History, cut: int):
    history.append(Entry("train", to="A"))
    history.append(Entry("train", to="B"))
    whole = history.path.read_bytes()
    history.path.write_bytes(whole[: -1 - cut])
    assert [entry.to for entry in history.entries()] == ["A"]
    [problem] = history.problems()
    assert problem == f"{history.path}, line 2: broken off, as by a kill: the next change mends it"
    history.append(Entry("train", to="C"))
    assert [entry.to for entry in history.entries()] == ["A", "C"]
    assert history.problems() == []
    assert history.path.read_bytes().startswith(whole.splitlines(keepends=True)[0])


def test_a_whole_last_line_that_only_lacks_its_end_is_kept(history: History):
    history.append(Entry("train", to="A"))
    history.path.write_bytes(history.path.read_bytes()[:-1])
    assert [entry.to for entry in history.entries()] == ["A"]
    history.append(Entry("train", to="B"))
    assert [entry.to for entry in history.entries()] == ["A", "B"]
    assert history.problems() == []


@pytest.mark.parametrize(
    "line", [b"{", b"\xff\x00", b"[]", b"{}", b'{"action": 1}', b"\0" * 50, b"[" * 100_000, b"\r", b""]
)
def test_a_line_that_cannot_be_read_is_told_and_left_out(history: History, line: bytes):
    history.append(Entry("train", to="A"))
    with history.path.open("ab") as file:
        file.write(line + b"\n")
    history.append(Entry("train", to="B"))
    assert [entry.to for entry in history.entries()] == ["A", "B"]
    mend = "mend it by hand, or the next change sets it aside in history.unreadable"
    assert history.problems() == [f"{history.path}, line 2: can't be read: {mend}"]
    whole = history.path.read_bytes().replace(line + b"\n", b"", 1)
    history.set_aside()
    assert history.problems() == []
    assert [entry.to for entry in history.entries()] == ["A", "B"]
    assert (history.path.read_bytes(), (history.path.with_name(ASIDE)).read_bytes()) == (whole, line + b"\n")


def test_lines_that_cannot_be_read_are_set_aside_in_order_and_once(history: History):
    history.append(Entry("train", to="A"))
    line = history.path.read_bytes()
    aside = history.path.with_name(ASIDE)
    history.set_aside()
    assert not aside.exists()
    history.path.write_bytes(line + b"{1\n" + line + b"{2\n{3\n")
    assert ", lines 2, 4 and 5: can't be read: mend them by hand, or the next change sets them" in history.problems()[0]
    before = history.path.read_bytes()
    history.set_aside()
    history.path.write_bytes(before)  # as if a kill had come between the two files
    history.set_aside()
    assert (history.path.read_bytes(), aside.read_bytes()) == (line * 2, b"{1\n{2\n{3\n")
    history.path.write_bytes(b"{4\n" * 5 + line + b'{"action": "tr')
    unreadable, torn = history.problems()
    assert ", lines 1, 2, 3 and 2 more: can't be read" in unreadable
    assert ", line 7: broken off" in torn
    history.set_aside()
    assert aside.read_bytes() == b"{1\n{2\n{3\n" + b"{4\n" * 5
    assert history.problems() == [torn.replace("line 7", "line 2")]


def test_fields_of_later_versions_are_no_trouble(history: History):
    history.path.write_text('{"action": "audit", "when": "x", "new": {"a": 1}}\n', encoding="utf-8")
    [entry] = history.entries()
    assert (entry.action, entry.to) == ("audit", None)


@pytest.mark.parametrize("written", [0, 1, 30])
def test_a_line_that_a_full_disk_cut_is_taken_back(history: History, monkeypatch: pytest.MonkeyPatch, written: int):
    history.append(Entry("train", to="A"))
    whole = history.path.read_bytes()
    write = os.write
    left = [written]

    def full(descriptor: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(28, "No space left on device")
        done = write(descriptor, data[: left[0]])
        left[0] -= done
        return done

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        history.append(Entry("train", to="B"))
    assert history.path.read_bytes() == whole


def test_what_fails_within_takes_its_line_back_unless_it_was_done(history: History):
    for done in (False, True):
        with pytest.raises(KeyboardInterrupt), history.appended(Entry("train", to="A"), done=lambda done=done: done):
            assert len(history.entries()) == 1
            raise KeyboardInterrupt
        assert len(history.entries()) == done


@pytest.mark.parametrize(("moves", "current", "expected"), [
    ("train A", "A", ""),
    ("train A, train B", "B", "A"),
    ("train A, train B, train C", "C", "B A"),
    ("train A, train B, train C, rollback B", "B", "A"),
    ("train A, train B, train C, train D, rollback B", "B", "A"),
    ("train A, train B, train C, rollback B, rollback A", "A", ""),
    ("train A, train B, train C, rollback B, promote C", "C", "B A"),
    ("train A, promote B, promote A, promote B", "B", "A"),
    ("train A, train B, promote A, train C", "C", "A B"),
    ("train A, train B, rollback A, train C", "C", "A"),
    ("train A, train B, train C, prune B", "C", "A"),
    ("train A, bless A, train B, bless B", "B", "A"),
    ("train A, retrain B, retrain B", "B", "A"),
    ("train A, train B, train C, !rollback B", "B", "A"),
    ("train A, train B, train C, train D, rollback B, !rollback D", "D", "C B A"),
    ("train A, train B, rollback A, !rollback B", "B", "A"),
    ("train A, train B", None, "B A"),
    ("train A, train B, rollback X", "X", "B A"),
])  # fmt: skip
def test_the_versions_before_are_what_undoing_gives(moves: str, current: str | None, expected: str):
    assert before(entries(moves), current) == expected.split()


@pytest.mark.parametrize(("moves", "expected"), [
    ("train A", None),
    ("train A, bless A", "A"),
    ("train A, bless A, retrain B, retrain C", "A"),
    ("train A, bless A, promote B, bless B", "B"),
    ("train A, bless A, promote B, bless B, rollback A", "A"),
    ("train A, bless A, promote B, bless B, rollback A, prune A", None),
    ("train A, bless A, retrain B, rollback A", "A"),
    ("train A, bless A, rollback Z", None),
    ("train A, bless A, train B, bless B, train C, bless C, train D, rollback B", "B"),
    ("train A, bless A, train B, bless B, train C, rollback A", "A"),
    ("train A, bless A, rollback Z, !rollback A", "A"),
])  # fmt: skip
def test_the_blessed_version_is_the_last_that_nobody_went_back_from(moves: str, expected: str | None):
    assert blessed(entries(moves)) == expected


def test_nested_values_become_one_level():
    values = {"a": 1, "b": {"c": 2, "d": {"e": [3]}}}
    assert flat(values) == {"a": 1, "b.c": 2, "b.d.e": [3]}
    assert flat(values, 2) == {"a": 1, "b.c": 2}
    metrics = {"findings": {"macro_f1": np.float64(0.5), "labels": {"none": {"f1": 1.0}}, "confusion": [[1]]}}
    assert headline(metrics) == {"findings.macro_f1": 0.5}
