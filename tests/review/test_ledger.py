"""The ledger: whole or not at all, only ever added to, and forgetting on request."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples.reviews import FIRST, ITEMS, OTHER, SECOND, THEMES, review

from pipeline.errors import ReviewError
from pipeline.review import Ledger
from pipeline.review import ledger as module
from pipeline.review.ledger import FILE


def said(ledger: Ledger) -> list[tuple[str, str, str | None]]:
    return [(r.id, r.who, r.finding) for r in ledger.reviews()]


def test_items_and_themes_come_back(ledger: Ledger):
    assert list(ledger.items().values()) == list(ITEMS)
    assert ledger.themes() == THEMES
    ledger.add([replace(FIRST, finding="none", themes=())], {})
    assert ledger.items()[FIRST.id].finding == "none"
    assert len(ledger.items()) == 3


def test_reviews_come_back_in_the_order_they_were_made(ledger: Ledger):
    early = replace(review(FIRST, "ana", "none"), at="2026-01-02T00:00:00.000000+00:00")
    late = replace(review(FIRST, "ana", "concern", ("practice",), note="é"), at="2026-01-03T00:00:00.000000+00:00")
    unsure = review(SECOND, "ben", None, None)
    assert ledger.record([unsure, late, early]) == 3
    found = ledger.reviews()
    assert found[:2] == [early, late]
    assert (found[2].finding, found[2].themes) == (None, None)
    assert found[2].at is not None
    assert found[2].at[:4] >= "2026"


def test_the_same_words_again_add_nothing(ledger: Ledger):
    assert ledger.record([review(FIRST, "ana", "concern")]) == 1
    assert ledger.record([review(FIRST, "ana", "concern")]) == 0
    assert ledger.record([review(FIRST, "ana", "none"), review(FIRST, "ana", "none")]) == 1
    assert ledger.record([review(FIRST, "ana", "concern")]) == 1
    assert [finding for _, _, finding in said(ledger)] == ["concern", "none", "concern"]


def test_the_same_file_again_adds_nothing_though_its_reviewer_changed_her_mind(ledger: Ledger):
    assert ledger.record([review(FIRST, "ana", "concern")], "digest") == 1
    assert ledger.record([review(FIRST, "ana", "none")], "another") == 1
    assert ledger.record([review(FIRST, "ana", "concern")], "digest") is None
    assert said(ledger)[-1][2] == "none"


def test_of_one_reviewer_the_later_stands_last_though_the_clock_goes_back(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    class Clock(datetime):
        moment = datetime(2030, 1, 2, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.moment

    monkeypatch.setattr(module, "datetime", Clock)
    ledger.record([review(FIRST, "ana", "concern")])
    Clock.moment = datetime(2020, 1, 2, tzinfo=UTC)
    ledger.record([review(FIRST, "ana", "none")])
    first, last = ledger.reviews()
    assert (first.finding, last.finding) == ("concern", "none")
    assert first.at is not None
    assert last.at is not None
    assert first.at < last.at < "2030-01-03"


def test_a_row_edited_after_its_time_counts_as_made_now(ledger: Ledger):
    given = replace(review(FIRST, "ana", "concern"), at="2026-01-02T00:00:00.000000+00:00")
    assert ledger.record([given]) == 1
    assert ledger.record([given]) == 0
    edited = replace(given, finding="none")
    assert ledger.record([edited]) == 1
    assert ledger.record([edited]) == 0
    assert ledger.record([given]) == 0
    assert [finding for _, _, finding in said(ledger)] == ["concern", "none"]


def test_nothing_is_recorded_of_a_batch_with_an_unknown_sentence(ledger: Ledger):
    stranger = replace(review(FIRST, "ana", "none"), id="000000000000:0-1")
    with pytest.raises(ReviewError, match="forgotten meanwhile"):
        ledger.record([review(FIRST, "ana", "concern"), stranger], "digest")
    assert said(ledger) == []
    assert ledger.record([review(FIRST, "ana", "concern")], "digest") == 1


@pytest.mark.parametrize("statement", ["UPDATE reviews SET finding = 'none'", "DELETE FROM reviews"])
def test_reviews_cannot_be_changed_or_removed(ledger: Ledger, folder: Path, statement: str):
    ledger.record([review(FIRST, "ana", "concern")])
    base = sqlite3.connect(folder / FILE)
    with pytest.raises(sqlite3.IntegrityError, match="only added"):
        base.execute(statement)
    base.close()


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@pytest.mark.parametrize("name", [FIRST.article, FIRST.id.partition(":")[0]])
def test_a_forgotten_article_leaves_no_text_in_the_files(ledger: Ledger, folder: Path, name: str):
    secret = replace(FIRST, text="A sentence to forget " * 300)
    ledger.add([secret], THEMES)
    ledger.record([review(FIRST, "ana", "none", note="a note to forget"), review(OTHER, "ana", "none")], "digest")
    assert b"to forget" in content(folder)
    with Ledger(folder) as open_elsewhere:
        assert open_elsewhere.items()
        assert ledger.purge(name) == (2, 1)
        assert b"to forget" not in content(folder)
        assert b"late" not in content(folder)
        assert FIRST.id.encode() not in content(folder)
    assert list(ledger.items()) == [OTHER.id]
    assert said(ledger) == [(OTHER.id, "ana", "none")]
    assert ledger.purge(name) == (0, 0)
    with pytest.raises(ReviewError):
        ledger.record([review(FIRST, "ana", "none")])
    ledger.check()


def test_a_forgotten_article_given_out_again_can_be_reviewed_again(ledger: Ledger):
    ledger.record([review(FIRST, "ana", "none")], "digest")
    ledger.purge(FIRST.article)
    ledger.add([FIRST], THEMES)
    assert ledger.record([review(FIRST, "ana", "none")], "digest") == 1


def test_a_reader_that_holds_the_log_open_is_waited_for_and_named(
    ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_WAIT", 0.2)
    with Ledger(folder) as impatient:
        _wait_for_a_reader(impatient, folder)
    ledger.__exit__(None, None, None)
    # Whoever closes the ledger last leaves nothing in the log.
    with Ledger(folder) as opened:
        assert len(opened.items()) == 1
    assert b"late" not in content(folder)


def _wait_for_a_reader(ledger: Ledger, folder: Path):
    reader = sqlite3.connect(folder / FILE, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM items").fetchall()
    with pytest.raises(ReviewError, match="keeps the log open: end it, then run 'pipeline review status'"):
        ledger.purge(FIRST.article)
    assert b"late" in content(folder)
    reader.close()


@pytest.mark.parametrize("attempt", range(3))
def test_many_may_make_one_ledger_at_once(folder: Path, attempt: int):
    def made(number: int) -> int:
        with Ledger(folder, create=True) as opened:
            opened.add(ITEMS, THEMES)
            return opened.record([review(FIRST, f"reader{number}", "none")]) or 0

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(made, range(24))) == 24
    with Ledger(folder) as opened:
        assert len(opened.reviews()) == 24


def test_a_ledger_that_is_not_there_or_not_one_is_said(tmp_path: Path):
    with pytest.raises(ReviewError, match="start with 'pipeline review export'"):
        Ledger(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / FILE).write_bytes(b"no database " * 100)
    with pytest.raises(ReviewError, match="can't be used"):
        Ledger(tmp_path)
    newer = tmp_path / "newer"
    Ledger(newer, create=True).__exit__(None, None, None)
    base = sqlite3.connect(newer / FILE)
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(ReviewError, match="upgrade the pipeline"):
        Ledger(newer)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReviewError, match="name another folder"):
        Ledger(tmp_path / "file" / "reviews", create=True)
