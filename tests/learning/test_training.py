"""Training: by article, calibrated, the same each time, and content with little."""

from __future__ import annotations

import dataclasses
import warnings
from string import ascii_lowercase

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.examples import Examples, split
from pipeline.learning.training import Trained, fit_with_folds, train
from pipeline.settings import Settings

ARRAYS = ("coefficients", "mixing", "intercepts")


def changed(settings: Settings, part: str, **values: object) -> Settings:
    return settings.replace(**{part: getattr(settings, part).replace(**values)})


def table(rows: list[tuple[str, str, str, list[str] | None]]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["article", "text", "finding", "themes"])
    found["themes"] = pd.Series([row[3] for row in rows], dtype=object)
    return found


def two_kinds(articles: int = 8) -> pd.DataFrame:
    """Strengths about practice and concerns about leadership; no recommendation and no none."""
    subjects = ("visits", "plans", "records", "meetings", "reviews")
    rows = []
    for article in range(articles):
        for subject in subjects:
            rows.append((f"a{article}", f"The {subject} are good and effective.", "strength", ["practice"]))
            rows.append((f"a{article}", f"The {subject} are weak and too late.", "concern", ["leadership"]))
    return table(rows)


def same(one: Trained, other: Trained) -> bool:
    return all(np.array_equal(getattr(one.model, name), getattr(other.model, name)) for name in ARRAYS)


def test_metrics_are_of_every_labelled_sentence(trained: Trained, examples: pd.DataFrame):
    found = trained.metrics["findings"]
    assert found["sentences"] == len(examples)
    assert {name: scores["support"] for name, scores in found["labels"].items()} == {
        finding: int((examples["finding"] == finding).sum()) for finding in FINDINGS
    }
    assert np.sum(found["confusion"]) == len(examples)
    assert found["macro_f1"] > found["baseline"]["macro_f1"] + 0.3
    given = sum(len(row) for row in examples["themes"])
    assert sum(scores["support"] for scores in trained.metrics["themes"]["labels"].values()) == given


def test_training_again_gives_the_same_arrays(
    trained: Trained, examples: pd.DataFrame, themes: Themes, settings: Settings
):
    again = train(examples, themes, settings)
    assert same(trained, again)
    assert again.model.thresholds == trained.model.thresholds
    assert again.metrics == trained.metrics


def test_the_seed_decides(trained: Trained, examples: pd.DataFrame, themes: Themes, settings: Settings):
    assert not same(trained, train(examples, themes, changed(settings, "training", seed=2)))


def test_machines_that_learn_from_the_same_are_as_good_as_one(
    examples: pd.DataFrame, themes: Themes, settings: Settings
):
    found = Examples.of(examples, themes, settings)
    folds = list(split(found, 3, 1))
    whole = settings.finding.replace(heading_dropout=0.0, form_dropout=0.0)
    learnt = {}
    for machines in (1, 3):
        task = whole.replace(machines=machines)
        learnt[machines] = fit_with_folds(found, task, found.finding_targets, found.labelled, folds, 1, 1)
    for one, mean in zip(*learnt.values(), strict=True):
        assert np.abs(one - mean).mean() < 0.1 * np.abs(one).mean()


def test_notes_tell_what_it_was_trained_on(trained: Trained, examples: pd.DataFrame):
    notes = trained.model.notes
    assert notes["labelled"] == {finding: int((examples["finding"] == finding).sum()) for finding in FINDINGS}
    assert notes["articles"] == 12
    assert notes["seed"] == 1
    assert "findings" not in notes["uncalibrated"]
    assert {"permanence", "accommodation"} <= set(notes["uncalibrated"])
    assert not {"practice", "leadership", "care_leavers"} & set(notes["uncalibrated"])


def test_no_article_is_on_both_sides_of_a_fold(examples: pd.DataFrame, themes: Themes, settings: Settings):
    found = Examples.of(examples, themes, settings)
    tested = []
    for learnt_from, tested_on in split(found, 5, 1):
        assert not set(found.articles[learnt_from]) & set(found.articles[tested_on])
        tested += tested_on.tolist()
    assert sorted(tested) == list(range(len(examples)))


def test_a_finding_of_few_articles_is_divided_without_a_word(
    examples: pd.DataFrame, themes: Themes, settings: Settings
):
    rare = examples.assign(finding="strength")
    rare.loc[rare.index[:1], "finding"] = "concern"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(split(Examples.of(rare, themes, settings), 5, 1))) == 5


def test_a_model_is_measured_on_articles_that_it_has_not_seen(settings: Settings):
    # Each article has a word of its own that tells its label, drawn by lot: who has not seen it can't know.
    lots = np.random.default_rng(3)
    words = ["".join(lots.choice(list(ascii_lowercase), 6)) for _ in range(60)]
    findings = lots.permutation(["strength", "concern"] * 30).tolist()
    rows = [(word, f"zq{word}", finding, None) for word, finding in zip(words, findings, strict=True) for _ in range(8)]
    labelled = table(rows)
    found = train(labelled, {}, settings)
    assert found.metrics["findings"]["accuracy"] < 0.75
    known = found.model.predict_sentences(labelled[["text"]])["finding"]
    assert (known == labelled["finding"].to_numpy()).mean() > 0.95


def test_fewer_articles_than_folds_are_folds_enough(settings: Settings):
    found = train(two_kinds(5), {}, changed(settings, "training", folds=20))
    assert found.metrics["findings"]["sentences"] == 50


def test_without_themes_findings_alone_are_trained(examples: pd.DataFrame, themes: Themes, settings: Settings):
    unthemed = examples.assign(themes=pd.Series([None] * len(examples), dtype=object))
    for found in (train(examples, {}, settings), train(unthemed, themes, settings)):
        assert list(found.metrics) == ["findings"]
        assert dict(found.model.themes) == {}
        scored = found.model.predict_sentences(pd.DataFrame({"text": ["Plans are too general."]}))
        assert scored["themes"].tolist() == [[]]
        assert not [column for column in scored.columns if column.startswith("theme_")]


def test_other_themes_are_learnt(examples: pd.DataFrame, settings: Settings):
    own = {"plans": "Plans", "people": "People"}
    renamed = [
        ["plans"] if "plan" in text.lower() else ["people"] if "social workers" in text.lower() else []
        for text in examples["text"]
    ]
    found = train(examples.assign(themes=pd.Series(renamed, dtype=object)), own, settings)
    assert list(found.model.themes) == ["plans", "people"]
    scored = found.model.predict_sentences(pd.DataFrame({"text": ["Plans are too general and late."]}))
    assert scored["theme_plans"][0] > scored["theme_people"][0]


def test_themes_that_were_not_labelled_are_no_evidence(examples: pd.DataFrame, settings: Settings):
    some = examples.copy()
    some["themes"] = pd.Series(
        [given if number % 2 else None for number, given in enumerate(examples["themes"])], dtype=object
    )
    own = {"practice": "Practice"}
    found = train(some, own, settings)
    known = sum(
        finding != "none" and given is not None for finding, given in zip(some["finding"], some["themes"], strict=True)
    )
    assert found.metrics["themes"]["sentences"] == known


def test_sentences_without_a_label_are_context_only(examples: pd.DataFrame, settings: Settings):
    some = examples.copy()
    hidden = np.arange(len(some)) % 4 == 0
    some.loc[hidden, "finding"] = ""
    found = train(some, {}, settings)
    assert found.metrics["findings"]["sentences"] == int((~hidden).sum())
    assert sum(found.model.notes["labelled"].values()) == int((~hidden).sum())


def test_too_little_to_calibrate_is_noted_and_still_works(settings: Settings):
    rows = [(f"a{n % 6}", text, finding, None) for n, (text, finding) in enumerate([
        ("Visits are late.", "concern"),
        ("Plans are good.", "strength"),
        ("Managers should audit records.", "recommendation"),
        ("Inspectors visited in May.", "none"),
    ] * 6)]  # fmt: skip
    found = train(table(rows), {}, settings)
    assert found.model.notes["uncalibrated"] == ["findings"]
    scored = found.model.predict_sentences(pd.DataFrame({"text": ["Visits are late.", "Plans are good."]}))
    assert scored["finding"].tolist() == ["concern", "strength"]
    assert np.allclose(scored[list(FINDINGS)].sum(axis=1), 1)


def test_thresholds_are_default_for_rare_themes_and_found_for_others(
    trained: Trained, examples: pd.DataFrame, themes: Themes, settings: Settings
):
    default = settings.themes.default_threshold
    assert settings.themes.min_positives == 20
    assert set(trained.model.thresholds.values()) == {default}  # no theme has twenty sentences here
    found = train(examples, themes, changed(settings, "themes", min_positives=10, default_threshold=0.55)).model
    counts = {key: sum(key in given for given in examples["themes"]) for key in themes}
    assert {counts[key] < 10 for key, threshold in found.thresholds.items() if threshold == 0.55} == {True}
    common = [threshold for key, threshold in found.thresholds.items() if counts[key] >= 10]
    assert common
    assert all(0.2 <= threshold <= 0.8 for threshold in common)


def test_a_theme_never_labelled_is_never_assigned(settings: Settings):
    found = train(two_kinds(), {"practice": "P", "leadership": "L", "never": "N"}, settings).model
    texts = ["The visits are good and effective.", "Plans are weak.", "Nothing of the kind was seen in the town."]
    scored = found.predict_sentences(pd.DataFrame({"text": texts}))
    assert not any("never" in given for given in scored["themes"])
    assert scored["themes"][0] == ["practice"]


def test_a_finding_never_labelled_is_never_predicted(settings: Settings):
    three = two_kinds()
    advice = [
        (f"a{n % 8}", f"The {subject} should be better.", "recommendation", None)
        for n, subject in enumerate(["visits", "plans", "records", "meetings", "reviews"] * 8)
    ]
    found = train(pd.concat([three, table(advice)], ignore_index=True), {}, settings).model
    # Words that speak against all three findings that are known.
    texts = ["The the the the.", "The visits.", "The plans are.", "", "Qwzx!"]
    scored = found.predict_sentences(pd.DataFrame({"text": texts}))
    assert "none" not in set(scored["finding"])


def test_one_class_only_is_refused(examples: pd.DataFrame, themes: Themes, settings: Settings):
    with pytest.raises(CorpusError, match=r"one class only \(strength\)"):
        train(examples[examples["finding"] == "strength"], themes, settings)
    with pytest.raises(CorpusError, match=r"one class only \(nothing\)"):
        train(examples.assign(finding=""), themes, settings)


def test_too_few_articles_are_refused(examples: pd.DataFrame, themes: Themes, settings: Settings):
    few = examples[examples["article"].str.startswith("pages/")]
    with pytest.raises(CorpusError, match="too few articles to split: 3 of at least 5"):
        train(few, themes, settings)


def test_progress_is_told(examples: pd.DataFrame, settings: Settings):
    stages: list[str] = []
    train(examples, {}, settings, progress=stages.append)
    assert len(stages) >= 2


def test_a_model_is_frozen(trained: Trained):
    with pytest.raises(dataclasses.FrozenInstanceError):
        trained.model.thresholds = {}  # type: ignore[misc]
