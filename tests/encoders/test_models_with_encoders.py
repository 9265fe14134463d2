"""Models that read with an encoder: trained, saved, loaded, explained, and calibrated on what it hasn't seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.encoders.encoder import VARIABLE, Encoder
from pipeline.errors import EncoderError, ModelError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.examples import Examples, article_digest
from pipeline.learning.explanation import by_source
from pipeline.learning.export import estimator
from pipeline.learning.training import Trained, train
from pipeline.model import Model
from pipeline.settings import Settings
from pipeline.store import Store, load_version

from .conftest import write_encoder


@pytest.fixture(scope="module")
def passage() -> pd.DataFrame:
    texts = ["Plans are too general.", "As a result, children wait too long for help.", "Visits are not always good."]
    return pd.DataFrame({"article": "a", "heading": "Main findings", "text": texts})


@pytest.fixture(scope="module")
def fused(examples: pd.DataFrame, themes: Themes, settings: Settings, windowed_encoder: Path) -> Trained:
    return train(examples, themes, settings, encoder=Encoder.find(str(windowed_encoder)))


@pytest.fixture(scope="module")
def saved(fused: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fused")
    return Store(root).write(fused.model, metrics=fused.metrics, card="card", corpus="none", promote=True).folder


def test_a_saved_model_scores_as_the_trained_one(fused: Trained, saved: Path, passage: pd.DataFrame):
    expected = fused.model.predict_sentences(passage)
    pd.testing.assert_frame_equal(load_version(saved).predict_sentences(passage), expected)
    assert fused.model.head is not None
    assert fused.model.head.shape == (17, len(FINDINGS) + len(fused.model.themes))


def test_the_encoder_has_a_say(fused: Trained, model: Model, passage: pd.DataFrame):
    assert not np.allclose(fused.model.probabilities(passage)[0], model.probabilities(passage)[0], atol=1e-3)


def test_a_missing_encoder_is_one_clear_line(saved: Path, tmp_path: Path, passage: pd.DataFrame, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    folder = tmp_path / "models" / saved.name
    shutil.copytree(saved, folder)
    described = (folder / "model.json").read_text(encoding="utf-8")
    place = Model.load(folder).encoder.name
    (folder / "model.json").write_text(described.replace(place, str(tmp_path / "gone")), encoding="utf-8")
    model = Model.load(folder)
    with pytest.raises(EncoderError, match=r"needs the encoder .*gone \(SHA-256 \w{12}…\), which isn't here"):
        model.predict_sentences(passage)


def test_a_head_that_does_not_fit_is_refused(saved: Path, tmp_path: Path):
    folder = tmp_path / "damaged"
    shutil.copytree(saved, folder)
    np.save(folder / "arrays" / "head.npy", np.zeros((3, 4), np.float32))
    with pytest.raises(ModelError, match="don't fit together"):
        Model.load(folder)
    (folder / "arrays" / "head.npy").unlink()
    with pytest.raises(ModelError, match=r"head\.npy is missing"):
        Model.load(folder)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_explanations_add_up_with_the_encoders_share(fused: Trained, passage: pd.DataFrame, position: int):
    model = fused.model
    findings, _ = model.probabilities(passage)
    logits = np.log(findings[position]) - np.log(findings[position]).mean()
    intercepts = model.intercepts[: len(FINDINGS)] - model.intercepts[: len(FINDINGS)].mean()
    for number, label in enumerate(FINDINGS):
        weights = model.explain(passage, position, label)
        form = _form_weight(model, passage, position, number)
        assert weights["weight"].sum() + form == pytest.approx(logits[number] - intercepts[number], abs=1e-3)
        shown = weights[(weights["group"] == "encoder") & (weights["place"] == "sentence")]
        assert set(shown["ngram"]) <= {*passage["text"][position].split(), "(all of it together)"}
        assert by_source(weights)["weight"].sum() == pytest.approx(weights["weight"].sum())


def _form_weight(model: Model, passage: pd.DataFrame, position: int, number: int) -> float:
    """What a sentence's and its neighbours' form adds: it has no n-grams to show."""
    import dataclasses

    without = {task: {**groups, "form": 0.0} for task, groups in model.weights.items()}
    formless = dataclasses.replace(model, weights=without)
    with_form, none = (np.log(m.probabilities(passage)[0][position]) for m in (model, formless))
    return float((with_form - with_form.mean())[number] - (none - none.mean())[number])


def test_only_articles_that_the_encoder_has_not_seen_calibrate(
    examples: pd.DataFrame, themes: Themes, settings: Settings, tmp_path: Path
):
    names = list(dict.fromkeys(examples["article"].astype(str)))
    articles = examples["article"].astype(str)
    seen = [article_digest(examples["text"][articles == name]) for name in names[: len(names) // 2]]
    tuned = Encoder.find(str(write_encoder(tmp_path / "tuned", described={"context": "window", "seen": seen})))
    found = Examples.of(examples, themes, settings, tuned)
    assert set(examples["article"].astype(str)[found.seen]) == set(names[: len(names) // 2])
    unseen = found.held_out(found.labelled)
    assert 0 < len(unseen) < len(found.labelled)
    metrics = train(examples, themes, settings, encoder=tuned).metrics["findings"]
    assert metrics["sentences"] == len(unseen)


def test_an_encoder_that_has_seen_everything_is_refused(
    examples: pd.DataFrame, themes: Themes, settings: Settings, tmp_path: Path
):
    seen = [article_digest(texts) for _, texts in examples["text"].groupby(examples["article"].astype(str))]
    tuned = Encoder.find(str(write_encoder(tmp_path / "tuned", described={"context": "window", "seen": seen})))
    with pytest.raises(EncoderError, match="none are left to calibrate on: tune it again"):
        train(examples, themes, settings, encoder=tuned)


def test_it_cannot_be_exported_as_a_scikit_learn_estimator(fused: Trained):
    with pytest.raises(ModelError, match="reads with an encoder"):
        estimator(fused.model)
