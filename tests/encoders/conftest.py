"""A small encoder as a folder: words looked up in a table of random vectors, in the format of real ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

WORDS = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "visits", "plans", "are", "is", "late", "good", "weak", "clear", "children"),
    *("wait", "need", "leaders", "should", "and", "the", "too", "not", "always", "help", "social", "workers"),
]
DIMENSIONS = 16


def write_encoder(folder: Path, *, seed: int = 0, described: dict[str, object] | None = None) -> Path:
    """An encoder's folder: `tokenizer.json`, `model.onnx`, and `encoder.json` if described."""
    onnx = pytest.importorskip("onnx", reason="onnx isn't installed")
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers isn't installed")
    folder.mkdir(parents=True)
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({word: i for i, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    vectors = np.random.default_rng(seed).normal(size=(len(WORDS), DIMENSIONS)).astype(np.float32)
    integers, floats = onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    named = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["vectors", "input_ids"], ["last_hidden_state"])],
        "small",
        [named("input_ids", integers, ["n", "t"]), named("attention_mask", integers, ["n", "t"])],
        [named("last_hidden_state", floats, ["n", "t", DIMENSIONS])],
        [onnx.numpy_helper.from_array(vectors, "vectors")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    if described is not None:
        (folder / "encoder.json").write_text(json.dumps(described), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that reads each sentence by itself."""
    return write_encoder(tmp_path_factory.mktemp("encoders") / "small")


@pytest.fixture(scope="session")
def windowed_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that reads sentences in windows, and has learnt from no article."""
    return write_encoder(tmp_path_factory.mktemp("encoders") / "windowed", described={"context": "window", "seen": []})
