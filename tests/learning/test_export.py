"""Export: a scikit-learn estimator whose probabilities are the model's."""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.utils.validation import check_is_fitted

from pipeline.errors import ModelError
from pipeline.labels import FINDINGS
from pipeline.learning.export import estimator, write_estimator
from pipeline.learning.training import train
from pipeline.model import Model
from pipeline.settings import Settings


def passages(examples: pd.DataFrame) -> pd.DataFrame:
    return examples.drop(columns=["finding", "themes", "kind"])


def test_findings_are_equal(model: Model, examples: pd.DataFrame):
    sentences = passages(examples)
    exported = estimator(model)
    order = [list(exported.classes_).index(finding) for finding in FINDINGS]
    found = exported.predict_proba(sentences)[:, order]
    assert np.abs(found - model.probabilities(sentences)[0]).max() < 1e-6
    assert exported.predict(sentences).tolist() == model.predict_sentences(sentences)["finding"].tolist()


def test_themes_are_equal(model: Model, examples: pd.DataFrame):
    sentences = passages(examples)
    found = estimator(model, themes=True).predict_proba(sentences)
    assert found.shape == (len(sentences), len(model.themes))
    assert np.abs(found - model.probabilities(sentences)[1]).max() < 1e-6


def test_a_list_of_texts_is_taken_too(model: Model):
    texts = ["Visits are late.", "", "Plans are good. 👍"]
    exported = estimator(model)
    order = [list(exported.classes_).index(finding) for finding in FINDINGS]
    expected, _ = model.probabilities(pd.DataFrame({"text": texts}))
    assert np.abs(exported.predict_proba(texts)[:, order] - expected).max() < 1e-6


def test_what_is_written_loads_as_a_fitted_estimator(model: Model, tmp_path: Path):
    file = tmp_path / "findings.joblib"
    write_estimator(model, file)
    assert [path.name for path in tmp_path.iterdir()] == ["findings.joblib"]
    loaded = joblib.load(file)
    check_is_fitted(loaded)
    texts = ["Visits are late."]
    assert np.array_equal(loaded.predict_proba(texts), estimator(model).predict_proba(texts))


def test_a_file_that_cannot_be_written_is_said_and_left_whole(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(ModelError, match="can't be written"):
        write_estimator(model, tmp_path / "no" / "such" / "folder.joblib")
    file = tmp_path / "old.joblib"
    file.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(joblib, "dump", full)
    with pytest.raises(ModelError, match="No space left on device"):
        write_estimator(model, file)
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.joblib"]


def test_themes_of_a_model_without_any_are_refused(examples: pd.DataFrame, settings: Settings):
    with pytest.raises(ModelError, match="has no themes"):
        estimator(train(examples, {}, settings).model, themes=True)
