"""The model card tells what a model is and how it did."""

from __future__ import annotations

from pipeline.labels import FINDINGS
from pipeline.learning.training import Trained
from pipeline.reports.card import model_card


def test_the_card_tells_corpus_scores_and_limits(trained: Trained):
    card = model_card(trained.model.notes, trained.metrics, "c" * 64, "9.9.9")
    assert card.startswith("# ")
    assert "c" * 64 in card
    assert "9.9.9" in card
    assert "48 strength" in card
    assert "12 articles" in card
    for label in (*FINDINGS, *trained.model.themes):
        assert f"| {label} |" in card
    assert f"{trained.metrics['findings']['macro_f1']:.3f}" in card
    assert "permanence" in card.split("Uncalibrated")[1].splitlines()[0]
    assert "## Limits" in card
    assert card.endswith("\n")


def test_a_card_without_themes_is_written(trained: Trained):
    metrics = {"findings": trained.metrics["findings"]}
    notes = {**trained.model.notes, "uncalibrated": []}
    card = model_card(notes, metrics, "c" * 64, "9.9.9")
    assert "practice" not in card
    assert "none" in card.split("Uncalibrated")[1].splitlines()[0]
