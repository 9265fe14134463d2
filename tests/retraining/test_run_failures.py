"""What goes wrong in retraining: lost articles, bad data, a full disk, damaged versions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from samples.stores import content

from pipeline.errors import CorpusError, ModelError, StoreError
from pipeline.retraining import held_out, record
from pipeline.retraining.outcomes import Outcome
from pipeline.store import Store


def test_lost_articles_are_said_and_need_force(first: Outcome, store: Store, retrained, corpus: Path):
    known = record.record_of(store.version())
    assert known is not None
    name = record.load_names(store.root)[next(iter(known.articles))]
    for path in corpus.glob(f"{name}.*"):
        path.unlink()
    before = content(store.root)
    with pytest.raises(
        CorpusError, match=rf"1 article that {first.version} was trained on is gone \({name}\): bring it"
    ):
        retrained()
    assert content(store.root) == before
    found = retrained(force=True)
    assert found.outcome == "promoted"
    assert found.notes == [f"1 article that {first.version} was trained on is gone"]


def test_an_edited_article_is_not_lost(first: Outcome, store: Store, retrained, corpus: Path):
    known = record.record_of(store.version())
    assert known is not None
    name = record.load_names(store.root)[next(iter(known.articles))]
    path = corpus / f"{name}.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert retrained().notes == []


def test_a_held_out_article_that_is_gone_is_said_and_needs_force(first: Outcome, store: Store, retrained, corpus: Path):
    held = held_out.load(store.root)
    assert held is not None
    name = held.articles[0].name
    for path in corpus.glob(f"{name}.*"):
        path.unlink()
    with pytest.raises(CorpusError, match="1 held-out articles are gone or were edited"):
        retrained()
    found = retrained(force=True)
    assert found.notes == ["1 held-out articles are gone or were edited: measured without them"]


def test_a_bad_corpus_changes_nothing(first: Outcome, store: Store, retrained, corpus: Path):
    (corpus / "bad.jsonl").write_text('{"text": "A.", "finding": "bad"}\n', encoding="utf-8")
    before = content(store.root)
    with pytest.raises(CorpusError, match="unknown finding 'bad'"):
        retrained()
    assert content(store.root) == before


def test_what_fails_while_writing_changes_nothing_that_is_used(
    first: Outcome, store: Store, retrained, corpus: Path, more: Path, monkeypatch: pytest.MonkeyPatch
):
    import numpy as np

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(StoreError, match="No space left on device"):
        retrained(corpus=[corpus, more])
    assert store.current() == first.version
    assert [version.name for version in store.versions()] == [first.version]


def test_a_first_run_that_fails_while_writing_leaves_nothing(store: Store, retrained, monkeypatch: pytest.MonkeyPatch):
    import numpy as np

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(StoreError, match="No space left on device"):
        retrained()
    assert content(store.root) == {}


@pytest.mark.parametrize("damage", ["metrics.json", "model.json"])
def test_a_damaged_version_in_use_is_said(first: Outcome, store: Store, retrained, damage: str):
    (store.folder() / damage).write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="not JSON"):
        retrained()


def test_a_missing_version_in_use_is_said(first: Outcome, store: Store, retrained):
    shutil.rmtree(store.folder())
    with pytest.raises(StoreError, match="no version"):
        retrained()


@pytest.mark.parametrize("damage", [{"articles": "?"}, {"inputs": 3}, {"corrections": None}, {"articles": None}])
def test_a_damaged_record_is_said(first: Outcome, store: Store, damage: dict[str, object]):
    version = store.version()
    metrics = version.metrics
    metrics[record.KEY] |= damage
    (version.folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        record.record_of(version)
