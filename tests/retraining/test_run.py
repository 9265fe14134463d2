"""Retraining: what is promoted, what is kept, and what changes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import CorpusError, ModelError, SettingsError, StoreError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.training import train
from pipeline.reports.card import model_card
from pipeline.retraining import held_out, record
from pipeline.retraining.articles import articles_of
from pipeline.retraining.corrections import corrected
from pipeline.retraining.outcomes import Outcome, Request
from pipeline.retraining.run import retrain
from pipeline.settings import Settings
from pipeline.store import Store, load_model


@pytest.fixture
def store(store_root: Path) -> Store:
    return Store(store_root)


def content(root: Path) -> dict[str, bytes]:
    """All that a store holds but its locks."""
    files = [path for path in root.rglob("*") if path.is_file() and ".lock" not in path.name]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def plain_version(store: Store, corpus: Path, themes: Themes, settings: Settings) -> str:
    """What `pipeline train` writes: a version that saw every article, and doesn't say which."""
    from pipeline.corpus import read_corpus

    labelled = read_corpus([corpus], themes)
    trained = train(labelled.examples, themes, settings)
    card = model_card(trained.model.notes, trained.metrics, labelled.fingerprint, "0")
    return store.write(trained.model, metrics=trained.metrics, card=card, corpus=labelled.fingerprint).name


def test_the_first_version_is_used_and_left_its_held_out_articles_out(first: Outcome, store: Store, corpus: Path):
    assert (first.outcome, first.champion, first.reason) == ("promoted", None, "no version was in use")
    assert store.current() == first.version
    held = held_out.load(store.root)
    assert held is not None and held.anchor is None
    assert first.articles == {"trained_on": 9, "held_out": 3, "corrections": 0}
    kept = record.record_of(store.version())
    assert kept is not None
    assert len(kept.articles) == 9
    assert not {article.digest for article in held.articles} & set(kept.articles)
    assert load_model(store.root).notes["articles"] == 9
    assert first.challenger == store.version().metrics["held_out"]


def test_nothing_new_changes_nothing(first: Outcome, store: Store, retrained):
    before = content(store.root)
    again = retrained()
    assert (again.outcome, again.version, again.champion) == ("unchanged", None, first.version)
    assert again.reason == f"nothing is new since {first.version}, the version in use, was trained"
    assert content(store.root) == before


def test_something_new_is_learnt_and_used(first: Outcome, store: Store, retrained, corpus: Path, more: Path):
    found = retrained(corpus=[corpus, more])
    assert (found.outcome, found.champion, found.changed) == ("promoted", first.version, ["corpus"])
    assert store.current() == found.version != first.version
    assert found.articles["trained_on"] == 10
    [beside] = found.comparisons
    assert (beside.version, beside.role, beside.stand_in) == (first.version, "version in use", False)
    [*_, last] = store.history()
    assert (last.action, last.from_, last.to) == ("retrain", first.version, found.version)
    assert last.why.startswith("promoted: not worse than the version in use")
    json.dumps(found.to_dict())


def test_settings_and_themes_are_new_too(first: Outcome, retrained, lenient: Settings, themes: Themes):
    other = lenient.replace(training=lenient.training.replace(seed=2))
    assert retrained(settings=other, dry_run=True).changed == ["settings"]
    more = {**themes, "something": "Something"}
    assert retrained(themes=more, dry_run=True).changed == ["themes"]


def test_a_dry_run_writes_nothing(first: Outcome, store: Store, retrained, corpus: Path, more: Path):
    before = content(store.root)
    found = retrained(corpus=[corpus, more], dry_run=True)
    assert (found.outcome, found.version, found.dry_run) == ("promoted", None, True)
    assert content(store.root) == before


def test_a_first_dry_run_writes_nothing(store: Store, retrained):
    assert retrained(dry_run=True).outcome == "promoted"
    assert content(store.root) == {}


def test_what_does_not_pass_is_kept_with_the_reason(
    first: Outcome, store: Store, retrained, corpus: Path, more: Path, strict: Settings
):
    found = retrained(corpus=[corpus, more], settings=strict)
    assert found.outcome == "kept"
    assert store.current() == first.version
    assert found.version in [version.name for version in store.versions()]
    assert found.reason == "; ".join(found.against)
    assert "below that of the version in use" in found.reason
    assert store.history()[-1].why == f"kept: {found.reason}"
    # What was judged once isn't judged again until something is new.
    again = retrained(corpus=[corpus, more], settings=strict)
    assert again.outcome == "unchanged"
    assert again.reason == f"nothing is new since {found.version} was trained and kept unpromoted: {found.reason}"
    # It is when the gate is another, or it is asked for.
    assert retrained(corpus=[corpus, more], dry_run=True).outcome == "promoted"
    assert retrained(corpus=[corpus, more], settings=strict, force=True, dry_run=True).outcome == "kept"


def test_a_kept_version_that_is_promoted_by_hand_is_the_one_in_use(
    first: Outcome, store: Store, retrained, corpus: Path, more: Path, strict: Settings
):
    found = retrained(corpus=[corpus, more], settings=strict)
    store.promote(str(found.version))
    assert retrained(corpus=[corpus, more], settings=strict).reason.endswith("the version in use, was trained")


def test_force_trains_though_nothing_is_new_and_opens_no_gate(
    first: Outcome, store: Store, retrained, strict: Settings
):
    found = retrained(force=True)
    assert (found.outcome, found.changed) == ("promoted", [])
    # The same data give the same model: no better than itself beyond doubt.
    assert retrained(force=True, settings=strict).outcome == "kept"
    assert store.current() == found.version


def test_the_blessed_version_is_compared_with_too(first: Outcome, store: Store, retrained, corpus: Path, more: Path):
    store.bless(str(first.version))
    second = retrained(corpus=[corpus, more])
    assert [found.role for found in second.comparisons] == ["version in use"]
    third = retrained(force=True)
    assert [(found.role, found.version) for found in third.comparisons] == [
        ("version in use", second.version),
        ("blessed version", first.version),
    ]


def test_a_blessed_version_that_is_gone_keeps_others_out(
    first: Outcome, store: Store, retrained, corpus: Path, more: Path
):
    store.bless(str(first.version))
    second = retrained(corpus=[corpus, more])
    shutil.rmtree(store.root / str(first.version))
    found = retrained(force=True)
    assert (found.outcome, store.current()) == ("kept", second.version)
    assert f"the blessed version {first.version} is gone: bless another" in found.reason


def test_behaviour_checks_keep_a_version_out(
    first: Outcome, store: Store, retrained, lenient: Settings, tmp_path: Path, corpus: Path, more: Path
):
    checks = tmp_path / "checks.yaml"
    checks.write_text("- {text: Social workers know children well., finding: recommendation}\n", encoding="utf-8")
    settings = lenient.replace(retraining=lenient.retraining.replace(behaviour=str(checks)))
    found = retrained(corpus=[corpus, more], settings=settings)
    assert found.outcome == "kept"
    assert found.against[0].startswith("behaviour check 1 gets ")
    with pytest.raises(SettingsError, match="no such file"):
        retrained(settings=lenient.replace(retraining=lenient.retraining.replace(behaviour="nowhere.yaml")))


# Versions that saw held-out articles


def test_a_version_that_saw_everything_is_measured_by_a_stand_in(
    store: Store, retrained, corpus: Path, more: Path, themes: Themes, lenient: Settings
):
    name = plain_version(store, corpus, themes, lenient)
    assert retrained().reason == f"nothing is new since {name}, the version in use, was trained on the same corpus"
    found = retrained(force=True)
    [beside] = found.comparisons
    assert (found.outcome, beside.version, beside.stand_in) == ("promoted", name, True)
    # It was trained on the same articles as the challenger, so it is the same model.
    assert beside.findings.score == beside.findings.other
    held = held_out.load(store.root)
    assert held is not None and held.anchor == name
    # The stand-in is measured once, and needs its corpus no more.
    again = retrained(corpus=[corpus, more])
    assert [(c.role, c.stand_in) for c in again.comparisons] == [("version in use", False), ("first version", True)]
    assert again.comparisons[1].findings.other == beside.findings.other


def test_corrections_do_not_reach_the_stand_in(
    store: Store, retrained, corpus: Path, themes: Themes, lenient: Settings
):
    plain_version(store, corpus, themes, lenient)
    rows = [{"text": f"Plan {number} is late.", "finding": "strength", "article": "n"} for number in range(30)]
    found = retrained(corrections=rows)
    [beside] = found.comparisons
    assert beside.stand_in
    assert found.articles["corrections"] == 30
    assert beside.findings.score != beside.findings.other


def test_a_version_that_cannot_be_compared_fairly_stays(
    store: Store, retrained, corpus: Path, more: Path, themes: Themes, lenient: Settings
):
    name = plain_version(store, corpus, themes, lenient)
    found = retrained(corpus=[corpus, more])
    assert (found.outcome, found.comparisons, store.current()) == ("kept", [], name)
    assert f"the version in use {name} saw held-out articles, and what it was trained on isn't known" in found.reason


def test_articles_that_are_held_out_later_are_seen_by_versions_before(
    first: Outcome, store: Store, retrained, corpus: Path, more: Path, examples, lenient: Settings
):
    held_out.choose(examples, 0.25, seed=7, why="renewed", anchor=store.current()).save(store.root)
    found = retrained(corpus=[corpus, more])
    [beside] = found.comparisons
    assert (found.outcome, beside.version, beside.stand_in) == ("promoted", first.version, True)


# Corrections


def test_corrections_are_learnt_but_not_those_of_held_out_articles(first: Outcome, store: Store, retrained):
    held = held_out.load(store.root)
    assert held is not None
    rows = [
        {"text": "Staff are kind and skilled.", "finding": "strength", "article": "new.txt"},
        {"text": "Anything.", "finding": "none", "article": held.articles[0].name},
    ]
    found = retrained(corrections=rows)
    assert (found.outcome, found.changed, found.articles["corrections"]) == ("promoted", ["corrections"], 1)
    assert found.notes == ["1 corrections are of held-out articles: neither learnt from nor measured on"]
    assert retrained(corrections=rows).outcome == "unchanged"


def test_bad_corrections_are_said(first: Outcome, retrained):
    with pytest.raises(CorpusError, match="1 problems in the corrections"):
        retrained(corrections=[{"text": "A.", "finding": "bad"}])


TEXTS = [
    f"Social workers know {name} {how}." for name in ("Ann", "Bo", "Cy", "Di", "Ed", "Flo") for how in ("well", "badly")
]


def false(store: Store, texts: list[str]) -> list[dict[str, str]]:
    """Corrections that say of each sentence what the version in use finds the least probable."""
    least = store.load().predict_sentences(pd.DataFrame({"text": texts}))[list(FINDINGS)].idxmin(axis=1)
    return [{"text": text, "finding": label, "article": "new.txt"} for text, label in zip(texts, least, strict=True)]


def test_corrections_that_the_version_in_use_contradicts_are_kept_out(
    first: Outcome, store: Store, retrained, lenient: Settings
):
    guard = lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2))
    rows = false(store, TEXTS)
    promised = store.load().predict_sentences(pd.DataFrame({"text": TEXTS}))["confidence"].mean()
    found = retrained(corrections=rows, settings=guard)
    assert found.outcome == "kept"
    assert found.reason == (
        f"the version in use {first.version} finds 12 new corrections improbable (it agrees with 0% of them, where its "
        f"confidence promises {promised:.0%}): look at them; if they are right, promote the challenger by hand"
    )
    # Not once they are allowed, nor when it has learnt them and is blessed.
    learnt = retrained(corrections=rows, settings=lenient)
    assert learnt.outcome == "promoted"
    store.bless(str(learnt.version))
    assert retrained(corrections=rows, settings=guard, force=True).outcome == "promoted"


def test_corrections_that_are_contradicted_a_few_a_week_are_kept_out(
    first: Outcome, store: Store, retrained, lenient: Settings
):
    guard = lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2))
    rows = false(store, TEXTS)
    outcomes = [retrained(corrections=rows[:week], settings=guard).outcome for week in range(1, 5)]
    # One may be wrong by chance, but not one after another.
    assert outcomes[0] == "promoted"
    assert outcomes[-1] == "kept"


def test_corrections_that_agree_as_often_as_promised_are_learnt(
    first: Outcome, store: Store, retrained, lenient: Settings
):
    guard = lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2))
    predicted = store.load().predict_sentences(pd.DataFrame({"text": TEXTS}))
    right = round(predicted["confidence"].sum())
    rows = false(store, TEXTS)
    for row, finding in zip(rows[:right], predicted["finding"], strict=False):
        row["finding"] = finding
    assert 0 < right < len(rows)
    assert retrained(corrections=rows, settings=guard).outcome == "promoted"


# What goes wrong


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


OF_ONE = [
    {"text": "Staff are kind and skilled.", "finding": "strength", "article": "one.txt", "id": f"{'1' * 12}:0-27"},
    {"text": "Plans are late.", "finding": "concern", "article": "one.txt", "id": f"{'1' * 12}:28-43"},
]
OF_TWO = {"text": "Visits are late.", "finding": "concern", "article": "two.txt", "id": f"{'2' * 12}:0-16"}


def test_an_article_whose_corrections_were_taken_back_is_not_lost(first: Outcome, store: Store, retrained):
    learnt = retrained(corrections=[*OF_ONE, OF_TWO])
    assert store.current() == learnt.version
    assert {"one.txt", "two.txt"}.isdisjoint(record.load_names(store.root).values())
    # Of an article, some may go and others come.
    assert retrained(corrections=[OF_ONE[0], OF_TWO], dry_run=True).notes == []
    assert retrained(corrections=[{**OF_ONE[0], "id": f"{'1' * 12}:50-77"}, OF_TWO], dry_run=True).notes == []
    found = retrained(corrections=[OF_TWO])
    assert found.outcome == "promoted"
    assert found.notes == [
        f"1 article whose corrections {learnt.version} learnt from has none left: purged, withdrawn or in dispute"
    ]
    # What it learnt no more isn't missed again.
    assert retrained(corrections=[OF_TWO], force=True).notes == []
    assert retrained(corrections=[]).notes == [
        f"1 article whose corrections {store.versions()[-2].name} learnt from has none left: "
        "purged, withdrawn or in dispute"
    ]


def test_a_held_out_article_whose_corrections_were_taken_back_needs_no_force(
    first: Outcome, store: Store, retrained, examples: pd.DataFrame
):
    held = held_out.load(store.root)
    assert held is not None
    table = corrected(examples, OF_ONE)
    [one] = [known for known in articles_of(table) if known.name == "one.txt"]
    held_out.extended(held, table, [one], "a reviewed one").save(store.root)
    assert retrained(force=True, corrections=OF_ONE).notes == [
        "2 corrections are of held-out articles: neither learnt from nor measured on"
    ]
    assert retrained(force=False, corrections=[OF_TWO]).notes == [
        "1 held-out articles are gone or were edited: measured without them"
    ]


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


def test_a_version_made_current_meanwhile_is_not_pushed_aside(
    first: Outcome, store: Store, retrained, corpus: Path, more: Path, monkeypatch: pytest.MonkeyPatch
):
    second = retrained(force=True)
    from pipeline.retraining import run as module

    judge = module.judge

    def slow(*arguments: object, **named: object) -> object:
        found = judge(*arguments, **named)  # type: ignore[arg-type]
        store.promote(str(first.version))
        return found

    monkeypatch.setattr(module, "judge", slow)
    found = retrained(corpus=[corpus, more])
    assert (found.outcome, found.champion, store.current()) == ("kept", second.version, first.version)
    assert found.reason == f"{first.version} was made current meanwhile: run again"


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


def test_nothing_of_the_text_is_kept(first: Outcome, store: Store, examples):
    texts = [text for text in examples["text"] if len(text.split()) > 3]
    for path in store.root.rglob("*.json*"):
        kept = path.read_text(encoding="utf-8")
        assert not [text for text in texts if text in kept], path


def test_one_run_at_a_time(first: Outcome, store: Store, retrained):
    code = """
import sys, time
from pipeline.store import Store
with Store(sys.argv[1]).lock("retrain", wait=5):
    print("held", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code, str(store.root)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(StoreError, match=rf"held by process {other.pid} "):
            retrained()
        # However its holder ends, the lock is free.
        other.kill()
        other.wait()
    assert retrained().outcome == "unchanged"


def test_a_run_is_not_shut_out_by_a_move(first: Outcome, store_root: Path, request_to: Request):
    waiting = request_to.settings.replace(retraining=request_to.settings.retraining.replace(wait=5))
    start = time.monotonic()
    assert retrain(Store(store_root), replace(request_to, settings=waiting)).outcome == "unchanged"
    assert time.monotonic() - start < 5
