"""What articles are told by."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ModelError
from pipeline.retraining.articles import articles_of, packed, packed_array, unpacked, unpacked_array


def table(*rows: tuple[str, str, str], **columns: list[object]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["article", "text", "finding"])
    made["themes"] = pd.Series([["practice"] if f != "none" else [] for f in made["finding"]], dtype=object)
    return made.assign(kind="letters", **columns)


def test_documents_are_told_by_their_source_and_others_by_their_sentences(examples: pd.DataFrame):
    found = articles_of(examples)
    assert len(found) == 12
    assert all(known.whole and examples["id"][known.rows[0]].startswith(known.digest) for known in found)
    assert sum(len(known.rows) for known in found) == len(examples)
    [one] = articles_of(table(("a", "One.", "none"), ("a", "Two.", "concern")))
    [same] = articles_of(table(("b", "One.", "none"), ("b", "Two.", "concern")))
    [other] = articles_of(table(("a", "One.", "none")))
    assert not one.whole
    assert one.digest == same.digest != other.digest
    assert len(one.digest) == 12


def test_labels_are_told_apart_from_texts():
    [one] = articles_of(table(("a", "One.", "none")))
    [other] = articles_of(table(("a", "One.", "concern")))
    assert one.digest == other.digest
    assert one.labels != other.labels


def test_no_articles():
    assert articles_of(table()) == []
    assert unpacked(packed([])) == {}


def test_digests_come_back(examples: pd.DataFrame):
    found = articles_of(examples)
    assert unpacked(packed(found)) == {known.digest: known.labels for known in found}


@pytest.mark.parametrize("text", ["?", "AAAA", 3, None])
def test_damaged_digests_are_said(text: str):
    with pytest.raises(ModelError, match="damaged"):
        unpacked(text)


def test_arrays_come_back():
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert (unpacked_array(packed_array(values)) == values).all()
    assert unpacked_array(packed_array(np.zeros((0, 4), np.float32))).shape == (0, 4)


@pytest.mark.parametrize(
    "damage", [{"shape": [9, 9]}, {"data": "?"}, {"data": "AAAA"}, {"shape": "x"}, {"shape": [-1, 3]}, {"shape": [1]}]
)
def test_damaged_arrays_are_said(damage: dict[str, object]):
    good = packed_array(np.ones((2, 3), np.float32))
    with pytest.raises(ModelError, match="damaged"):
        unpacked_array({**good, **damage})
