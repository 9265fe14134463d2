"""Differences between two versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from samples.stores import NAMES

from pipeline.errors import ModelError, StoreError
from pipeline.learning.training import Trained
from pipeline.store import Store, verify


def test_differences_are_told_by_part(trained: Trained, tmp_path: Path):
    store = Store(tmp_path)
    options = {"metrics": trained.metrics, "card": "", "corpus": "f" * 64}
    first = store.write(trained.model, **options, parameters=trained.parameters).name
    second = store.write(trained.model, **options, parameters=trained.parameters).name
    assert store.diff(first, second) == []
    changed = json.loads(json.dumps(trained.metrics))
    changed["findings"]["macro_f1"] = 0.5
    parameters = json.loads(json.dumps(trained.parameters))
    parameters["training"]["seed"] = 9
    third = store.write(trained.model, metrics=changed, card="", corpus="0" * 64, parameters=parameters).name
    seed = trained.parameters["training"]["seed"]
    assert [tuple(change) for change in store.diff(second, None)] == [
        ("settings", "training.seed", seed, 9),
        ("corpus", "fingerprint", "f" * 64, "0" * 64),
        ("metrics", "findings.macro_f1", trained.metrics["findings"]["macro_f1"], 0.5),
    ]
    assert next(change.a for change in store.diff(third, second)) == 9


def test_versions_without_parameters_differ_by_what_scores(six: Store):
    folder = six.root / NAMES[0]
    described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    described["thresholds"]["leadership"] = 0.9
    described["themes"]["new"] = "New"
    described["features"]["bits"] = 15
    (folder / "model.json").write_text(json.dumps(described), encoding="utf-8")
    found = {(change.part, change.name): change.a for change in six.diff(NAMES[0], NAMES[1])}
    assert found == {
        ("settings", "features.bits"): 15,
        ("themes", "new"): "New",
        ("thresholds", "leadership"): 0.9,
    }


def test_a_difference_from_what_is_missing_or_damaged_is_said(six: Store):
    (six.root / NAMES[0] / "model.json").write_text("{", encoding="utf-8")
    for a, b, error in ((NAMES[0], NAMES[1], ModelError), (NAMES[1], "none", StoreError)):
        with pytest.raises(error):
            six.diff(a, b)
    assert verify(six.root / NAMES[1])
