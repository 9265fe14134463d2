"""Relearning Punkt's parameters with NLTK's trainer."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.articles.punkt import parameters
from pipeline.corpus.punkt import KNOWN_ABBREVIATIONS, learn


def test_what_is_learnt_is_named_by_its_digest_and_the_same_each_time(small_corpus: Path):
    texts = [path.read_text(encoding="utf-8") for path in sorted(small_corpus.rglob("*.txt"))]
    learnt = learn(texts)
    assert learnt == learn(texts)
    assert learnt.abbreviations >= KNOWN_ABBREVIATIONS
    assert "inspectors" in learnt.orthography
    assert len(learnt.version) == 12
    assert learn(texts[:3]).version != learnt.version
    assert json.loads(learnt.to_json())["version"] == learnt.version


def test_an_abbreviation_of_the_texts_is_learnt():
    text = " ".join(f"The qx. team met group {number} in the qx. hall by the qx. room." for number in range(40))
    assert "qx" in learn([text]).abbreviations


def test_the_bundled_parameters_know_the_fields_abbreviations():
    assert parameters().abbreviations >= KNOWN_ABBREVIATIONS
