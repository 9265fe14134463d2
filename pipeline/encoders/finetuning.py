"""Fine-tuning: an encoder learns findings and themes from a corpus, and is written to be run by ONNX Runtime.

Sentences are read in windows (see `windows`), and both tasks are learnt at once from a sentence's mean vector. What
several runs have learnt, each in another order, is averaged, weight by weight (Wortsman et al. 2022, "Model soups"):
that reads unseen text better than any one of them. Some articles are left out: a model trained with the encoder is
calibrated on what it says of those.
"""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.encoders.encoder import Encoder, layout, load_tokenizer
from pipeline.encoders.windows import WINDOW, Layout, Window, batches, padded
from pipeline.errors import EncoderError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.examples import Examples, article_digest, split
from pipeline.learning.features import Sentences
from pipeline.settings import Settings, TuningSettings

if TYPE_CHECKING:
    import pandas as pd
    from torch import Tensor, nn

Progress = Callable[[str], None]

_OPSET = 18
_REPORT_EVERY = 100
_FROZEN = ("embeddings",)


def finetune(
    table: pd.DataFrame,
    themes: Themes,
    settings: Settings,
    base: Encoder,
    output: Path,
    *,
    progress: Progress = lambda _: None,
) -> None:
    """Tune an encoder on a corpus's sentence table (`Corpus.examples`) and write it to a new folder.

    Raises `CorpusError` as `train` does; `EncoderError` when the folder is there already, the base has no PyTorch
    weights, or PyTorch isn't installed.
    """
    if output.exists():
        raise EncoderError(f"{output}: is there already: name a new folder")
    if not (base.folder / "model.safetensors").is_file():
        raise EncoderError(f"{base.folder}: model.safetensors is missing: only PyTorch weights can be tuned")
    torch = _libraries()
    examples = Examples.of(table, themes, settings)
    tuning = settings.tuning
    folds = max(round(1 / tuning.held_out), 2)
    kept, _ = next(split(examples, folds, settings.training.seed))
    torch.use_deterministic_algorithms(True, warn_only=True)
    within = layout(load_tokenizer(base.folder), Sentences.of(table))
    learnt = []
    for run in range(tuning.runs):
        seed = settings.training.seed + run
        torch.manual_seed(seed)
        network = _network(base.folder, len(FINDINGS) + len(themes))
        _learn(network, within, examples, kept, tuning, seed, _of_run(run, tuning.runs, progress))
        learnt.append(network.state_dict())
    network.load_state_dict({name: sum(state[name] for state in learnt) / len(learnt) for name in learnt[0]})
    names = table["article"].astype(str).to_numpy()
    seen = [article_digest(table["text"][names == name]) for name in dict.fromkeys(names[kept])]
    progress("writing the encoder")
    _write(network[0], base, output, {"context": "window", "base": base.digest, "seen": sorted(seen)})


def _of_run(run: int, runs: int, progress: Progress) -> Progress:
    """Progress that says of which run it tells, if there are several."""
    return (lambda line: progress(f"run {run + 1} of {runs}, {line}")) if runs > 1 else progress


def _libraries() -> Any:
    """PyTorch, with the libraries that it needs here."""
    try:
        import onnxscript  # noqa: F401
        import torch
        import transformers
    except ImportError as error:
        raise EncoderError(f"tuning needs {error.name}: pip install 'inspection-pipeline[tuning]'") from None
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return torch


def _network(folder: Path, labels: int) -> nn.ModuleList:
    """The encoder, its embeddings of words frozen, and a new linear layer that gives the labels."""
    from torch import nn
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, trust_remote_code=False)
    for name, parameter in encoder.named_parameters():
        parameter.requires_grad = not name.startswith(_FROZEN)
    return nn.ModuleList([encoder, nn.Linear(encoder.config.hidden_size, labels)])


def _learn(
    network: nn.ModuleList,
    within: Layout,
    examples: Examples,
    kept: np.ndarray[Any, Any],
    tuning: TuningSettings,
    seed: int,
    progress: Progress,
) -> None:
    import torch
    from torch.nn import functional

    generator = random.Random(seed)  # noqa: S311 - shuffling, not secrets
    allowed = np.zeros(len(examples.findings), dtype=bool)
    allowed[kept] = True
    findings = torch.from_numpy(np.where(allowed, examples.findings, -1))
    themes = torch.from_numpy(examples.themes.astype(np.float32))
    themed = torch.zeros(len(allowed), dtype=torch.bool)
    themed[examples.themed] = True
    encoder, head = network
    layers = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": tuning.rate}, {"params": head.parameters(), "lr": tuning.head_rate}],
        weight_decay=0.01,
    )
    total = tuning.epochs * len(_epoch(within, allowed, tuning, random.Random(seed)))  # noqa: S311
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, total))
    step, network_loss = 0, 0.0
    network.train()
    for epoch in range(tuning.epochs):
        for batch in _epoch(within, allowed, tuning, generator):
            vectors, rows = _vectors(encoder, batch)
            scores = head(functional.dropout(vectors, 0.1))
            known = findings[rows] >= 0
            with_themes = themed[rows] & known
            loss = torch.zeros(())
            if known.any():
                own = findings[rows][known]
                loss = functional.cross_entropy(scores[known, : len(FINDINGS)], own, label_smoothing=0.05)
            if with_themes.any() and themes.shape[1]:
                given = scores[with_themes, len(FINDINGS) :]
                loss = loss + tuning.theme_weight * functional.binary_cross_entropy_with_logits(
                    given, themes[rows][with_themes]
                )
            if not loss.requires_grad:
                continue
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(layers, 1.0)
            optimiser.step()
            schedule.step()
            step, network_loss = step + 1, 0.98 * network_loss + 0.02 * loss.item()
            if step % _REPORT_EVERY == 0:
                mean = network_loss / (1 - 0.98**step)
                progress(f"epoch {epoch + 1} of {tuning.epochs}, step {step} of about {total}: loss {mean:.3f}")
    network.eval()


def _epoch(
    within: Layout, allowed: np.ndarray[Any, Any], tuning: TuningSettings, generator: random.Random
) -> list[list[Window]]:
    """One pass in shuffled batches: windows of changing length, some without headings, some sentences alone."""
    windows: list[Window] = []
    sizes = (WINDOW // 4, WINDOW // 2, WINDOW, WINDOW)
    cut = within.windows(lambda: generator.choice(sizes), headed=lambda: generator.random() >= tuning.heading_dropout)
    for window in cut:
        if not allowed[window.spans[0][0]]:
            continue
        windows.append(window)
        if len(window.spans) > 1:
            windows += [within.alone(row) for row, _, _ in window.spans if generator.random() < tuning.alone]
    generator.shuffle(windows)
    shuffled = list(batches(windows, tuning.batch_tokens))
    generator.shuffle(shuffled)
    return shuffled


def _rate(step: int, total: int) -> float:
    """The learning rate's share at a step: up in the first 6 %, then down in a line."""
    return min(1.0, (step + 1) / (0.06 * total + 1)) * max(0.02, 1 - step / total)


def _vectors(encoder: Any, batch: list[Window]) -> tuple[Tensor, Tensor]:
    """Mean vectors of the sentences of a batch of windows, and their rows."""
    import torch

    ids, mask = (torch.from_numpy(array) for array in padded(batch))
    spans = [(i, row, start, end) for i, window in enumerate(batch) for row, start, end in window.spans if end > start]
    owner = torch.full(ids.shape, -1)
    for sentence, (i, _, start, end) in enumerate(spans):
        owner[i, start:end] = sentence
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halves()):
        states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    inside = owner.reshape(-1) >= 0
    owners = owner.reshape(-1)[inside]
    sums = torch.zeros(len(spans), states.shape[-1]).index_add(0, owners, states.reshape(-1, states.shape[-1])[inside])
    sizes = torch.bincount(owners, minlength=len(spans)).clamp(min=1)
    return sums / sizes[:, None], torch.tensor([row for _, row, _, _ in spans])


def halves() -> bool:
    """Whether this machine multiplies 16-bit numbers faster than 32-bit ones."""
    import torch

    return bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())


def _write(encoder: Any, base: Encoder, output: Path, described: dict[str, Any]) -> None:
    """The tuned encoder as a folder of its own: written beside, then renamed."""
    import torch

    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        temporary.mkdir(parents=True)
        shutil.copyfile(base.folder / "tokenizer.json", temporary / "tokenizer.json")
        (temporary / "encoder.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
        sequences, length = torch.export.Dim("sequences", max=65536), torch.export.Dim("length", max=512)
        axes = {0: sequences, 1: length}
        ids = torch.randint(1, 100, (2, 16))
        with _quiet():
            torch.onnx.export(
                _states(encoder),
                (ids, torch.ones_like(ids)),
                temporary / "model.onnx",
                input_names=["input_ids", "attention_mask"],
                output_names=["last_hidden_state"],
                dynamic_shapes={"input_ids": axes, "attention_mask": axes},
                opset_version=_OPSET,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
        temporary.replace(output)
    except OSError as error:
        raise EncoderError(f"{output}: can't be written ({error.strerror or error}): name another folder") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _states(encoder: Any) -> nn.Module:
    from torch import nn

    class States(nn.Module):  # type: ignore[misc]
        """Token ids and attention mask to token vectors, and nothing else."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Any:
            return self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    return States().eval()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's notes on its own workings."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
