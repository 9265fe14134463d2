"""The model: it scores any sentence table, in any order, and is saved as data."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import pipeline.model
from pipeline import Model as PublicModel
from pipeline.errors import ModelError, TableError
from pipeline.labels import FINDINGS, NONE
from pipeline.model import Model

PROBABILITIES = list(FINDINGS)
LETTER = "Main findings\n\nVisits are regular and purposeful. However, plans are too general.\n"


def theme_columns(model: Model) -> list[str]:
    return [f"theme_{key}" for key in model.themes]


def test_the_findings_table_is_as_designed(model: Model):
    table = model.predict(LETTER, "letter")
    sentence = ["id", "article", "position", "start", "end", "text", "block", "heading", "speaker", "page"]
    assert list(table.columns) == [
        *(*sentence, *PROBABILITIES, "finding", "confidence", "themes"),
        *theme_columns(model),
    ]
    assert table["article"].unique().tolist() == ["letter"]
    assert table["text"].tolist() == [
        "Main findings",
        "Visits are regular and purposeful.",
        "However, plans are too general.",
    ]
    assert all(LETTER[start:end] == text for start, end, text in zip(table.start, table.end, table.text, strict=True))
    assert {str(table[column].dtype) for column in theme_columns(model)} == {"float32"}
    assert {str(table[column].dtype) for column in [*PROBABILITIES, "confidence"]} == {"float64"}


def test_probabilities_sum_to_one_and_the_finding_is_their_argmax(model: Model, examples: pd.DataFrame):
    table = model.predict_sentences(examples.drop(columns=["finding", "themes"]))
    found = table[PROBABILITIES].to_numpy()
    assert np.allclose(found.sum(axis=1), 1, atol=1e-9)
    assert ((found >= 0) & (found <= 1)).all()
    assert table["finding"].tolist() == [FINDINGS[best] for best in found.argmax(axis=1)]
    assert np.array_equal(table["confidence"], found.max(axis=1))


def test_themes_are_those_above_their_thresholds_and_none_has_none(model: Model, examples: pd.DataFrame):
    table = model.predict_sentences(examples.drop(columns=["finding", "themes"]))
    keys = list(model.themes)
    limits = np.array([model.thresholds[key] for key in keys])
    _, probabilities = model.probabilities(examples)
    for finding, given_themes, row in zip(table["finding"], table["themes"], probabilities, strict=True):
        expected = [] if finding == NONE else [key for key, over in zip(keys, row >= limits, strict=True) if over]
        assert given_themes == expected
    assert any(len(row) > 1 for row in table["themes"])


def test_only_text_is_needed(model: Model):
    table = model.predict_sentences(pd.DataFrame({"text": ["Visits are late.", "Plans are good."]}))
    assert len(table) == 2
    assert table.columns[0] == "text"


def test_without_text_it_is_said_what_is_missing(model: Model):
    with pytest.raises(TableError, match=r"needs a 'text' column \(found: sentence\)"):
        model.predict_sentences(pd.DataFrame({"sentence": ["Visits are late."]}))


@pytest.mark.parametrize("columns", [["text"], ["article", "text", "heading"]])
def test_an_empty_table_gives_an_empty_table(model: Model, columns: list[str]):
    empty = pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})
    table = model.predict_sentences(empty)
    assert len(table) == 0
    assert {*columns, *PROBABILITIES, "finding", "confidence", "themes", *theme_columns(model)} == set(table.columns)


def test_missing_text_is_scored_as_empty(model: Model):
    table = model.predict_sentences(pd.DataFrame({"text": [None, float("nan"), "", "Visits are late."]}))
    found = table[PROBABILITIES].to_numpy()
    assert np.isfinite(found).all()
    assert np.array_equal(found[0], found[2])
    assert np.array_equal(found[1], found[2])


@pytest.mark.parametrize("index", [[7, 3, 5], [0, 0, 0], ["b", "a", "c"], [2, 2, 1]])
def test_any_index_is_kept_and_means_nothing(model: Model, index: list[object]):
    texts = ["Visits are late.", "Plans are good.", "Leaders should act."]
    plain = model.predict_sentences(pd.DataFrame({"text": texts}))
    table = model.predict_sentences(pd.DataFrame({"text": texts}, index=pd.Index(index)))
    assert table.index.tolist() == index
    pd.testing.assert_frame_equal(table.reset_index(drop=True), plain)


def test_other_columns_stay_and_old_scores_are_replaced(model: Model):
    table = pd.DataFrame({"text": ["Visits are late."], "mine": [5], "finding": ["none"], "confidence": [9.0]})
    scored = model.predict_sentences(table)
    assert list(scored.columns).count("finding") == 1
    assert scored["mine"].tolist() == [5]
    assert scored["confidence"][0] <= 1
    assert table["finding"].tolist() == ["none"]  # what was given is untouched


def test_scoring_again_gives_the_same(model: Model):
    scored = model.predict(LETTER)
    pd.testing.assert_frame_equal(model.predict_sentences(scored), scored)


def test_a_sentence_scores_alike_whatever_else_is_in_the_batch(model: Model, examples: pd.DataFrame):
    sentences = examples.drop(columns=["finding", "themes"])
    whole = model.probabilities(sentences)
    one = sentences["article"] == "letters/letter-quenby-2023"
    alone = model.probabilities(sentences[one])
    for part, everything in zip(alone, whole, strict=True):
        assert np.allclose(part, everything[one.to_numpy()], atol=1e-6)


def test_articles_are_contexts_of_their_own(model: Model):
    texts = ["Visits are late.", "This means that children wait.", "Plans are good."]
    apart = model.probabilities(pd.DataFrame({"text": texts, "article": ["a", "b", "c"]}))[0]
    alone = model.probabilities(pd.DataFrame({"text": texts}))[0]
    together = model.probabilities(pd.DataFrame({"text": texts, "article": "a"}))[0]
    assert np.allclose(apart, alone)
    assert not np.allclose(together, alone, atol=1e-4)


def test_large_tables_are_scored_in_parts_between_articles(
    model: Model, examples: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    sentences = examples.drop(columns=["finding", "themes"])
    whole = model.probabilities(sentences)
    loose = model.probabilities(sentences[["text"]])
    for size in (1, 20, 30, len(sentences) - 1):
        monkeypatch.setattr(pipeline.model, "_BATCH", size)
        for given_table, expected in ((sentences, whole), (sentences[["text"]], loose)):
            for part, known in zip(model.probabilities(given_table), expected, strict=True):
                assert part.shape == known.shape
                assert np.allclose(part, known, atol=1e-6)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), max_size=6))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gets_probabilities(model: Model, texts: list[str]):
    findings, themes = model.probabilities(pd.DataFrame({"text": pd.Series(texts, dtype="str"), "article": "a"}))
    assert findings.shape == (len(texts), 4)
    assert np.allclose(findings.sum(axis=1), 1)
    assert ((themes >= 0) & (themes <= 1)).all()


@pytest.mark.parametrize("text", ["👍", "x" * 100_000, "Visits are late. " * 6_000, "\u200b", "…", "\n\n"])
def test_odd_texts_are_scored(model: Model, text: str):
    findings, _ = model.probabilities(pd.DataFrame({"text": [text]}))
    assert np.isfinite(findings).all()


def test_an_articles_text_of_white_space_gives_no_rows(model: Model):
    assert len(model.predict("\n \n")) == 0


# Saving and loading


def saved(model: Model, folder: Path) -> Path:
    folder.mkdir()
    model.save(folder)
    return folder


def test_a_model_comes_back_as_it_was_saved(model: Model, examples: pd.DataFrame, tmp_path: Path):
    loaded = Model.load(saved(model, tmp_path / "m"))
    for field in (field for field in dataclasses.fields(Model) if field.compare):
        before, after = getattr(model, field.name), getattr(loaded, field.name)
        assert np.array_equal(before, after) if isinstance(before, np.ndarray) else before == after, field.name
    sentences = examples.drop(columns=["finding", "themes"])
    pd.testing.assert_frame_equal(loaded.predict_sentences(sentences), model.predict_sentences(sentences))


def test_arrays_are_mapped_into_memory_and_cannot_be_written(model: Model, tmp_path: Path):
    loaded = Model.load(saved(model, tmp_path / "m"))
    assert isinstance(loaded.coefficients, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        loaded.coefficients[0, 0] = 1


def test_a_saved_model_is_json_and_plain_arrays_without_anyones_words(model: Model, tmp_path: Path):
    folder = saved(model, tmp_path / "m")
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert kinds == {".json", ".npy"}
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Wendlebury" not in content
    assert b"pathway" not in content


def describe(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "model.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    change(described)
    path.write_text(json.dumps(described), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(format=pipeline.model.FORMAT + 1), "newer than"),
        (lambda d: d.update(format="one"), "not a readable model"),
        (lambda d: d.pop("format"), "not a readable model"),
        (lambda d: d.update(findings=["good", "bad"]), "other findings"),
        (lambda d: d["features"].update(bits=12), "don't fit together"),
        (lambda d: d["features"].update(bits=99), "not a readable model"),
        (lambda d: d["features"].update(zzz=1), "not a readable model"),
        (lambda d: d["themes"].pop("practice"), "don't fit together"),
        (lambda d: d["thresholds"].pop("practice"), "don't fit together"),
        (lambda d: d["weights"]["finding"].pop("char"), "don't fit together"),
        (lambda d: d.pop("weights"), "not a readable model"),
        (lambda d: d["weights"].pop("themes"), "not a readable model"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(
    model: Model, tmp_path: Path, change: Callable[[dict], object], message: str
):
    folder = saved(model, tmp_path / "m")
    describe(folder, change)
    with pytest.raises(ModelError, match=message) as caught:
        Model.load(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", [
    lambda d: d["weights"]["finding"].update(char="much"),
    lambda d: d["thresholds"].update(practice="high"),
    lambda d: d.update(themes=list(d["themes"])),
])  # fmt: skip
def test_values_of_the_wrong_kind_are_refused_when_loading(
    model: Model, tmp_path: Path, change: Callable[[dict], object]
):
    folder = saved(model, tmp_path / "m")
    describe(folder, change)
    with pytest.raises(ModelError):
        Model.load(folder)


@pytest.mark.parametrize("content", ["", "not json", "[]", "12", "null", "[" * 100_000])
def test_a_description_that_is_no_object_is_refused(model: Model, tmp_path: Path, content: str):
    folder = saved(model, tmp_path / "m")
    (folder / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError):
        Model.load(folder)


ARRAYS = ("coefficients", "mixing", "intercepts")


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_array_is_named(model: Model, tmp_path: Path, name: str):
    folder = saved(model, tmp_path / "m")
    (folder / "arrays" / f"{name}.npy").unlink()
    with pytest.raises(ModelError, match=rf"{name}\.npy is missing: the model is damaged"):
        Model.load(folder)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("damage", ["shape", "type", "cut", "empty", "text"])
def test_an_array_that_does_not_fit_is_refused(model: Model, tmp_path: Path, name: str, damage: str):
    folder = saved(model, tmp_path / "m")
    path = folder / "arrays" / f"{name}.npy"
    array = np.load(path)
    if damage == "shape":
        np.save(path, array[:-1])
    elif damage == "type":
        np.save(path, array.astype(np.float16))
    else:
        content = {"cut": path.read_bytes()[:-8], "empty": b"", "text": b"an array, honestly"}[damage]
        path.write_bytes(content)
    with pytest.raises(ModelError):
        Model.load(folder)


class Payload:
    """Unpickled, it makes a folder."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self):
        import os

        return os.mkdir, (str(self.made),)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("kind", ["pickle", "object array", "archive"])
def test_nothing_that_could_run_is_loaded(model: Model, tmp_path: Path, name: str, kind: str):
    folder = saved(model, tmp_path / "m")
    made = tmp_path / "made"
    path = folder / "arrays" / f"{name}.npy"
    if kind == "pickle":
        path.write_bytes(pickle.dumps(Payload(made)))
    elif kind == "object array":
        np.save(path, np.array([Payload(made)], dtype=object), allow_pickle=True)
    else:
        np.savez(tmp_path / "a.npz", np.array([Payload(made)], dtype=object))
        path.write_bytes((tmp_path / "a.npz").read_bytes())
    with pytest.raises(ModelError):
        Model.load(folder)
    assert not made.exists()
    if kind == "pickle":  # the payload works where someone does unpickle it
        pickle.loads(path.read_bytes())
        assert made.exists()


def test_public_names_are_those_of_the_package(model: Model):
    import pipeline

    assert PublicModel is Model
    assert set(pipeline.__all__) == {
        "Model",
        "__version__",
        "load_model",
        "read_article",
        "read_articles",
        "split_sentences",
    }
    for name in pipeline.__all__:
        assert getattr(pipeline, name)
    assert set(pipeline.__all__) <= set(dir(pipeline))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = pipeline.nonsense
