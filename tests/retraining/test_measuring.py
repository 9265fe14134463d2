"""Counting how a model does on held-out articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ModelError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.evaluation import macro_f1, micro_f1
from pipeline.model import Model
from pipeline.retraining.held_out import choose, gold_of
from pipeline.retraining.measuring import Measured, measure, probabilities


def test_it_is_what_predict_gives_against_the_labels(model: Model, examples: pd.DataFrame, themes: Themes):
    gold = gold_of(choose(examples, 0.5, seed=1, why=""), examples)
    found = measure(model, gold, list(themes))
    predicted = model.predict_sentences(gold.table.drop(columns=["finding", "themes", "kind"])).iloc[gold.rows]
    codes = {finding: code for code, finding in enumerate(FINDINGS)}
    wanted = np.array([codes[finding] for finding, _ in gold.labels])
    given = np.array([codes[finding] for finding in predicted["finding"]])
    assert found.macro_f1 == pytest.approx(macro_f1(wanted, given))
    themed = wanted != codes["none"]
    sets = [
        np.array([[key in row for key in themes] for row in rows])
        for rows in ([labels for _, labels in gold.labels], predicted["themes"])
    ]
    assert found.micro_f1 == pytest.approx(micro_f1(sets[0][themed], sets[1][themed]))
    assert found.findings.shape == (6, 4, 3)
    assert found.findings[:, :, 2].sum() == len(gold.rows)
    assert 0 <= found.calibration <= 1
    assert found.labels["concern"][1] == int((wanted == codes["concern"]).sum())


def test_themes_the_model_does_not_know_are_never_given(model: Model, examples: pd.DataFrame):
    gold = gold_of(choose(examples, 0.5, seed=1, why=""), examples)
    found = measure(model, gold, ["practice", "unheard_of"])
    assert found.themes[:, 1].sum() == 0
    assert "unheard_of" not in found.labels


@pytest.mark.parametrize("damage", [{"findings": None}, {"theme_keys": None}, {"calibration": "x"}])
def test_damaged_measures_are_said(damage: dict[str, object]):
    good = Measured(np.ones((2, 4, 3), np.int64), np.ones((2, 1, 3), np.int64), ("one",), 0.1).to_dict()
    with pytest.raises(ModelError, match="damaged"):
        Measured.of({**good, **damage})


def test_probabilities_are_those_of_predict_whatever_the_labels(model: Model, examples: pd.DataFrame):
    rows = examples.drop(columns=["id", "position", "start", "end", "page"])
    predicted = model.predict_sentences(rows.drop(columns=["finding", "themes", "kind"]))
    for labels in (rows["finding"], "concern"):
        found = probabilities(model, rows.assign(finding=labels))
        assert (found == predicted[list(FINDINGS)].to_numpy(np.float64)).all()
        assert found.sum(axis=1) == pytest.approx(1)
