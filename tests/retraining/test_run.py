"""Retraining: what is promoted, what is kept, and what changes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from samples.stores import content

from pipeline.errors import SettingsError, StoreError
from pipeline.labels import Themes
from pipeline.retraining import held_out, record
from pipeline.retraining.outcomes import Outcome, Request
from pipeline.retraining.run import retrain
from pipeline.settings import Settings
from pipeline.store import Store, load_model


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


def test_nothing_of_the_text_is_kept(first: Outcome, store: Store, examples):
    texts = [text for text in examples["text"] if len(text.split()) > 3]
    for path in store.root.rglob("*.json*"):
        kept = path.read_text(encoding="utf-8")
        assert not [text for text in texts if text in kept], path


# One at a time


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
