"""spaCy's text categorisers on a blank English pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from peers.peer import Booleans, Examples, Predictions, Table

_BOW = {"@architectures": "spacy.TextCatBOW.v3", "ngram_size": 2, "length": 262144, "no_output_layer": False}


class Spacy:
    """`textcat` for findings and `textcat_multilabel` for themes."""

    name = "spaCy textcat"
    settings = "blank English, no vectors, {model}, {epochs} epochs, dropout 0.2, not searched; themes from 0.5"
    needs: tuple[str, ...] = ("spacy",)
    candidates: ClassVar[list[dict[str, Any]]] = [{"ensemble": False}, {"ensemble": True}]

    def __init__(self, *, ensemble: bool = True, epochs: int = 5) -> None:
        self.ensemble, self.epochs = ensemble, epochs
        model = "its default ensemble of a network and a bag of words" if ensemble else "bag of words 1-2"
        self.settings = self.settings.format(model=model, epochs=epochs)

    def fit(self, examples: Examples) -> None:
        # Trained apart, since each takes all of a document's categories for its own, then put into one pipeline.
        self.pipeline = self._learnt("textcat", examples.texts, examples.findings[:, None] == np.arange(4))
        themes = self._learnt("textcat_multilabel", examples.texts, examples.themes)
        self.pipeline.add_pipe("textcat_multilabel", source=themes)

    def _learnt(self, kind: str, texts: list[str], targets: Booleans) -> Any:
        import spacy
        from spacy.training import Example
        from spacy.util import compounding, fix_random_seed, minibatch

        fix_random_seed(1)
        generator = np.random.default_rng(1)
        pipeline = spacy.blank("en")
        words = {"model": {**_BOW, "exclusive_classes": kind == "textcat"}}
        pipe = pipeline.add_pipe(kind, config={} if self.ensemble else words)  # the ensemble is spaCy's default
        names = [f"{kind}-{label:02}" for label in range(targets.shape[1])]
        for name in names:
            pipe.add_label(name)
        learnt = [
            Example.from_dict(pipeline.make_doc(text), {"cats": dict(zip(names, row, strict=True))})
            for text, row in zip(texts, targets.astype(float).tolist(), strict=True)
        ]
        optimizer = pipeline.initialize(lambda: learnt[:100])
        for _ in range(self.epochs):
            drawn = [learnt[row] for row in generator.permutation(len(learnt))]
            for batch in minibatch(drawn, size=compounding(16, 128, 1.002)):  # sizes begin anew each epoch
                pipeline.update(batch, sgd=optimizer, drop=0.2)
        return pipeline

    def save(self, folder: Path) -> None:
        self.pipeline.to_disk(folder)

    def load(self, folder: Path) -> None:
        import spacy

        self.pipeline = spacy.load(folder)

    def predict(self, table: Table) -> Predictions:
        documents = [document.cats for document in self.pipeline.pipe(list(table["text"]), batch_size=256)]
        findings, themes = (
            np.array([[cats[name] for name in self.pipeline.get_pipe(kind).labels] for cats in documents])
            for kind in ("textcat", "textcat_multilabel")
        )
        return Predictions(findings.argmax(axis=1), themes >= 0.5)
