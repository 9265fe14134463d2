"""Stand-ins for versions that saw held-out articles."""

from __future__ import annotations

from pathlib import Path

from pipeline.labels import Themes
from pipeline.learning.training import train
from pipeline.reports.card import model_card
from pipeline.retraining import held_out
from pipeline.retraining.outcomes import Outcome
from pipeline.settings import Settings
from pipeline.store import Store


def plain_version(store: Store, corpus: Path, themes: Themes, settings: Settings) -> str:
    """What `pipeline train` writes: a version that saw every article, and doesn't say which."""
    from pipeline.corpus import read_corpus

    labelled = read_corpus([corpus], themes)
    trained = train(labelled.examples, themes, settings)
    card = model_card(trained.model.notes, trained.metrics, labelled.fingerprint, "0")
    return store.write(trained.model, metrics=trained.metrics, card=card, corpus=labelled.fingerprint).name


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
