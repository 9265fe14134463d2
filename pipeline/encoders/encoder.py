"""Encoders: sentences to vectors by a pretrained model on disk, never downloaded.

An encoder is a folder as sentence-transformers writes it: `tokenizer.json`, the model as `model.onnx` (or
`onnx/model.onnx`, run by ONNX Runtime) or `model.safetensors` (run by PyTorch), and how tokens are pooled. One that
`pipeline encoder tune` wrote has `encoder.json` too: it reads sentences in windows, and tells which articles it learnt
from. Neither file kind can run code.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.encoders.windows import Layout, Tokens, Window, batches, padded
from pipeline.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from pipeline.learning.features import Sentences

Vectors = NDArray[np.float32]
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Vectors]

VARIABLE = "PIPELINE_ENCODER"
"""The environment variable that names an encoder's folder, before any other place."""

WEIGHTS = ("model.onnx", "onnx/model.onnx", "model.safetensors")
_DESCRIPTIONS = ("tokenizer.json", "config.json", "modules.json", "1_Pooling/config.json", "encoder.json")
_BATCH_TOKENS = 4096


@dataclass(frozen=True)
class Reference:
    """What a saved model says of the encoder it needs."""

    name: str
    digest: str
    dimension: int


@dataclass(frozen=True)
class Encoder:
    """An encoder on disk. `name` is how it was asked for; `seen`, digests of the articles it was tuned on."""

    name: str
    folder: Path
    weights: Path
    windowed: bool
    pooling: str
    seen: frozenset[str]

    @classmethod
    def find(cls, name: str) -> Encoder:
        """The encoder in a folder, or by name (`owner/model`) in the local Hugging Face cache.

        Raises `EncoderError` when there is none, or its files aren't as they must be.
        """
        folder = Path(name).expanduser()
        if not folder.is_dir():
            cached = _cached(name)
            if cached is None:
                raise EncoderError(
                    f"{name}: no such folder, and no such model in the local cache: "
                    "give the folder of a sentence-transformers model"
                )
            folder = cached
        weights = next((folder / file for file in WEIGHTS if (folder / file).is_file()), None)
        if weights is None:
            raise EncoderError(f"{folder}: none of {', '.join(WEIGHTS)} is in it: give a model's folder")
        if not (folder / "tokenizer.json").is_file():
            raise EncoderError(f"{folder}: tokenizer.json is missing: give a model's folder")
        described = _read(folder / "encoder.json")
        pooling = _read(folder / "1_Pooling" / "config.json")
        cls_token = pooling.get("pooling_mode_cls_token") is True or pooling.get("pooling_mode") == "cls"
        seen = described.get("seen", [])
        if not isinstance(seen, list) or not all(isinstance(digest, str) for digest in seen):
            raise EncoderError(f"{folder}: encoder.json is damaged: tune the encoder again")
        return cls(
            name,
            folder,
            weights,
            windowed=described.get("context") == "window",
            pooling="cls" if cls_token else "mean",
            seen=frozenset(seen),
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the files that its vectors depend on."""
        total = hashlib.sha256()
        for path in (self.weights, *(self.folder / name for name in _DESCRIPTIONS)):
            if path.is_file():
                with path.open("rb") as file:
                    total.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
        return total.hexdigest()

    @cached_property
    def reference(self) -> Reference:
        """What a model that is trained with it says of it."""
        import pandas as pd

        from pipeline.learning.features import Sentences

        dimension = self.embed(Sentences.of(pd.DataFrame({"text": ["one"]}))).shape[1]
        place = str(self.folder.resolve()) if Path(self.name).expanduser().is_dir() else self.name
        return Reference(place, self.digest, dimension)

    def embed(self, sentences: Sentences) -> Vectors:
        """Each sentence's vector, of unit length: sentences x dimensions, float32."""
        layout = self._layout(sentences)
        alone = (layout.alone(row) for row in range(len(sentences)))
        windows = list(layout.windows() if self.windowed else alone)
        found: Vectors | None = None
        for batch in batches(windows, _BATCH_TOKENS):
            states = self._forward(*padded(batch))
            if found is None:
                found = np.zeros((len(sentences), states.shape[2]), np.float32)
            for window, state in zip(batch, states, strict=True):
                self._pool(window, state, found)
        if found is None:
            return np.zeros((0, 0), np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(lengths, 1e-12), np.float32)

    def _pool(self, window: Window, state: Vectors, found: Vectors) -> None:
        if self.windowed:
            for row, start, end in window.spans:
                found[row] = state[start : max(end, start + 1)].mean(axis=0)
        else:
            found[window.spans[0][0]] = state[0] if self.pooling == "cls" else state[: len(window.ids)].mean(axis=0)

    def _layout(self, sentences: Sentences) -> Layout:
        return layout(self._tokenizer, sentences)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return load_tokenizer(self.folder)

    @cached_property
    def _forward(self) -> Forward:
        try:
            return _onnx(self.weights) if self.weights.suffix == ".onnx" else _torch(self.folder)
        except EncoderError:
            raise
        except Exception as error:  # a damaged file raises whatever the library likes
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EncoderError(f"{self.weights}: can't be loaded ({reason}): fetch the encoder again") from None


def layout(tokenizer: Tokenizer, sentences: Sentences) -> Layout:
    """Sentences as tokens in windows."""
    ends = tokenizer.encode("").ids

    def tokenize(texts: list[str]) -> list[Tokens]:
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in tokenizer.encode_batch(clean, add_special_tokens=False)]

    return Layout.of(sentences, tokenize, ends[0], ends[-1])


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in an encoder's folder. Raises `EncoderError` when it can't be loaded."""
    _need("tokenizers", "encoder")
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:
        raise EncoderError(f"{folder / 'tokenizer.json'}: can't be read ({error}): fetch the encoder again") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if not tokenizer.encode("").ids:
        raise EncoderError(f"{folder / 'tokenizer.json'}: marks neither start nor end of a text: use another encoder")
    return tokenizer


def needed(reference: Reference, store: Path | None = None) -> Encoder:
    """The encoder that a saved model needs: from `PIPELINE_ENCODER`, beside the store's models, or by its name.

    Raises `EncoderError` when it isn't there, or its digest is another.
    """
    places = [os.environ.get(VARIABLE, ""), str(store / "encoders" / reference.digest[:12]) if store else ""]
    other = ""
    for place in (*places, reference.name):
        if not place:
            continue
        try:
            encoder = _loaded(place)
        except EncoderError:
            continue
        if encoder.digest == reference.digest:
            return encoder
        other = f"; the one at {place} is another ({encoder.digest[:12]})"
    raise EncoderError(
        f"this model needs the encoder {reference.name} (SHA-256 {reference.digest[:12]}…), which isn't here{other}: "
        f"set {VARIABLE} to its folder"
    )


@lru_cache(maxsize=2)
def _loaded(place: str) -> Encoder:
    return Encoder.find(place)


def _onnx(path: Path) -> Forward:
    _need("onnxruntime", "encoder")
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    inputs = {given.name for given in session.get_inputs()}
    output = next((given.name for given in session.get_outputs() if len(given.shape) == 3), None)
    if output is None or not {"input_ids", "attention_mask"} <= inputs:
        raise EncoderError(f"{path}: doesn't map token ids to token vectors: use another encoder")

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = session.run([output], {name: given[name] for name in given if name in inputs})
        return np.asarray(states, np.float32)

    return forward


def _torch(folder: Path) -> Forward:
    _need("torch", "tuning")
    _need("transformers", "tuning")
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, trust_remote_code=False)
    model.eval()

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        with torch.inference_mode():
            states = model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)).last_hidden_state
        return np.asarray(states.numpy(), np.float32)

    return forward


def _need(library: str, extra: str) -> None:
    if find_spec(library) is None:
        raise EncoderError(f"encoders need {library}: pip install 'inspection-pipeline[{extra}]'")


def _cached(name: str) -> Path | None:
    """The folder of a model in the local Hugging Face cache: the version that its `main` names."""
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    cache = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    model = cache / ("models--" + name.replace("/", "--"))
    try:
        revision = (model / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    folder = model / "snapshots" / revision
    return folder if revision.isalnum() and folder.is_dir() else None


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise EncoderError(f"{path}: not readable as JSON: fetch the encoder again")
    return read
