"""Encoders: found on disk, told apart by digest, and read with whatever the batch."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.encoders.encoder import VARIABLE, Encoder, Reference, needed
from pipeline.errors import EncoderError
from pipeline.learning.features import Sentences

TEXTS = ["Visits are late.", "Plans are good and clear.", "", "Children wait too long.", "Leaders should help"]


def table(**columns: object) -> Sentences:
    return Sentences.of(pd.DataFrame({"text": TEXTS, **columns}))


def test_vectors_are_of_unit_length_whatever_the_batch(small_encoder: Path):
    encoder = Encoder.find(str(small_encoder))
    vectors = encoder.embed(table())
    assert vectors.shape == (5, 16)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    for row, text in enumerate(TEXTS):
        alone = encoder.embed(Sentences.of(pd.DataFrame({"text": [text]})))
        assert np.allclose(alone[0], vectors[row], atol=1e-6)


def test_mean_and_first_token_pooling(small_encoder: Path, tmp_path: Path):
    folder = tmp_path / "first"
    shutil.copytree(small_encoder, folder)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}', encoding="utf-8")
    first = Encoder.find(str(folder)).embed(table())
    assert np.allclose(first, first[0])  # every text opens with the same mark
    assert not np.allclose(Encoder.find(str(small_encoder)).embed(table()), first)


def test_a_windowed_encoder_reads_a_sentence_by_its_own_words(windowed_encoder: Path):
    encoder = Encoder.find(str(windowed_encoder))
    together = encoder.embed(table(article="a", heading="Main findings"))
    apart = encoder.embed(table())
    assert np.allclose(together, apart, atol=1e-6)  # this one has no attention: context changes nothing


def test_no_sentences_give_no_vectors(small_encoder: Path):
    assert len(Encoder.find(str(small_encoder)).embed(Sentences.of(pd.DataFrame({"text": []})))) == 0


def test_odd_text_is_read(small_encoder: Path):
    odd = ["\x00", "🎉" * 500, "x " * 5000]
    vectors = Encoder.find(str(small_encoder)).embed(Sentences.of(pd.DataFrame({"text": odd}, dtype=object)))
    assert np.isfinite(vectors).all()


def test_the_digest_tells_encoders_apart(small_encoder: Path, windowed_encoder: Path, tmp_path: Path):
    copy = tmp_path / "copy"
    shutil.copytree(small_encoder, copy)
    assert Encoder.find(str(copy)).digest == Encoder.find(str(small_encoder)).digest
    assert Encoder.find(str(windowed_encoder)).digest != Encoder.find(str(small_encoder)).digest
    (copy / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert Encoder.find(str(copy)).digest != Encoder.find(str(small_encoder)).digest


@pytest.mark.parametrize(
    ("missing", "said"),
    [("model.onnx", "none of model.onnx, onnx/model.onnx, model.safetensors"), ("tokenizer.json", "tokenizer.json is")],
)
def test_what_is_missing_is_named(small_encoder: Path, tmp_path: Path, missing: str, said: str):
    folder = tmp_path / "partial"
    shutil.copytree(small_encoder, folder)
    (folder / missing).unlink()
    with pytest.raises(EncoderError, match=said):
        Encoder.find(str(folder))


def test_no_such_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    for name in ("nowhere", "owner/model", "../nowhere"):
        with pytest.raises(EncoderError, match="no such folder, and no such model in the local cache"):
            Encoder.find(name)


def test_a_name_is_looked_up_in_the_local_cache(small_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    model = tmp_path / "models--owner--small"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text("abc123", encoding="utf-8")
    shutil.copytree(small_encoder, model / "snapshots" / "abc123")
    assert Encoder.find("owner/small").digest == Encoder.find(str(small_encoder)).digest
    (model / "refs" / "main").write_text("../../..", encoding="utf-8")
    with pytest.raises(EncoderError, match="no such model"):
        Encoder.find("owner/small")


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_one_line(small_encoder: Path, tmp_path: Path, file: str):
    folder = tmp_path / "damaged"
    shutil.copytree(small_encoder, folder)
    (folder / file).write_bytes(b"\x00garbage\n" * 10)
    with pytest.raises(EncoderError, match=rf"{file}: can't be") as found:
        Encoder.find(str(folder)).embed(table())
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("written", ["[]", "{", '{"seen": 3}', '{"seen": [1]}'])
def test_a_damaged_description_is_refused(small_encoder: Path, tmp_path: Path, written: str):
    folder = tmp_path / "described"
    shutil.copytree(small_encoder, folder)
    (folder / "encoder.json").write_text(written, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"encoder\.json"):
        Encoder.find(str(folder))


def test_what_a_model_needs_is_found_by_digest(
    small_encoder: Path, windowed_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv(VARIABLE, raising=False)
    reference = Encoder.find(str(small_encoder)).reference
    assert reference.dimension == 16
    assert needed(reference).folder == small_encoder
    gone = Reference(str(tmp_path / "gone"), reference.digest, 16)
    with pytest.raises(EncoderError, match=f"which isn't here: set {VARIABLE} to its folder"):
        needed(gone)
    monkeypatch.setenv(VARIABLE, str(windowed_encoder))
    with pytest.raises(EncoderError, match="is another"):
        needed(gone)
    monkeypatch.setenv(VARIABLE, str(small_encoder))
    assert needed(gone).folder == small_encoder
    monkeypatch.delenv(VARIABLE)
    shutil.copytree(small_encoder, tmp_path / "encoders" / reference.digest[:12])
    assert needed(gone, tmp_path).digest == reference.digest


def test_a_description_is_data(small_encoder: Path):
    described = json.dumps({"name": str(small_encoder), **vars(Encoder.find(str(small_encoder)).reference)})
    assert json.loads(described)["dimension"] == 16
