"""The model card: what a model is, was trained on, and measured, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def model_card(notes: Mapping[str, Any], metrics: Mapping[str, Any], corpus: str, library: str) -> str:
    """A model's card in Markdown, from its notes, its out-of-fold metrics and its corpus's fingerprint."""
    labelled = ", ".join(f"{count} {name}" for name, count in notes["labelled"].items())
    uncalibrated = ", ".join(notes["uncalibrated"]) or "none"
    lines = [
        "# Model card",
        "",
        "Labels each sentence of an inspection article as strength, concern, recommendation or none; assigns themes.",
        "Linear support-vector machines on hashed n-grams of the sentence in its context,",
        "calibrated on out-of-fold predictions.",
        "",
        "## Training",
        "",
        f"- Library: inspection-pipeline {library}; seed {notes['seed']}",
        f"- Corpus: SHA-256 {corpus}",
        f"- Labelled sentences: {labelled}; in {notes['articles']} articles",
        f"- Uncalibrated for want of labelled sentences: {uncalibrated}",
        "",
        "## Out-of-fold scores",
        "",
        "Each article was scored by a model that had not seen it. Thresholds and calibration were fitted to the same",
        "predictions, and the corpus is not real text: expect less on real articles.",
        "",
    ]
    for name, found in metrics.items():
        lines += [
            f"### {name.capitalize()}",
            "",
            "| label | precision | recall | F1 | support |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {label} | {s['precision']:.2f} | {s['recall']:.2f} | {s['f1']:.2f} | {s['support']} |"
            for label, s in found["labels"].items()
        ]
        overall = [
            f"{key.replace('_', '-')} {found[key]:.3f}" for key in ("macro_f1", "micro_f1", "accuracy") if key in found
        ]
        lines += ["", "; ".join(overall), ""]
    lines += [
        "## Limits",
        "",
        "Meant for English inspection articles, mostly on children's services. A probability is of the label given the",
        "sentence and its neighbours, not of the fact. Read the source before acting on a row.",
        "",
    ]
    return "\n".join(lines)
