"""Profile: what articles look like to a model, by article, so that others can be held against it.

A version keeps the profile of what it was trained on, as models that hadn't seen each article see it. It keeps no
word: those that occur in at least three articles are bits of a Bloom filter, and names (words that begin with a
capital letter) aren't among them.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.labels import FINDINGS, NONE
from pipeline.retraining.articles import packed_array, unpacked_array
from pipeline.retraining.statistics import Floats, histogram

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.learning.training import Trained

_WORD = re.compile(r"[^\W\d_]{3,}")
_LEAST_ARTICLES = 3
_BITS_A_WORD = 16
_HASHES = 6
_BINS = 10

Bits = NDArray[np.uint8]


@dataclass(frozen=True)
class Words:
    """A Bloom filter (B. H. Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", CACM 13(7), 1970).

    About one word in two thousand is taken for known by chance.
    """

    bits: Bits

    @classmethod
    def of(cls, words: Iterable[str]) -> Words:
        """A filter of words."""
        listed = list(words)
        bits = np.zeros(max(len(listed) * _BITS_A_WORD, 64), dtype=bool)  # whole bytes, since a word has 16
        for word in listed:
            bits[_places(word, len(bits))] = True
        return cls(np.packbits(bits))

    def __contains__(self, word: str) -> bool:
        places = _places(word, 8 * len(self.bits))
        return bool((self.bits[places >> 3] >> (7 - (places & 7)) & 1).all())


def _places(word: str, size: int) -> NDArray[np.int64]:
    # Two hashes make all others (A. Kirsch and M. Mitzenmacher, "Less Hashing, Same Performance", 2006).
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    first, step = (int.from_bytes(digest[part : part + 8], "big") for part in (0, 8))
    return np.array([(first + number * step) % size for number in range(_HASHES)], dtype=np.int64)


@dataclass(frozen=True)
class Profile:
    """Articles as a model sees them, a row each: how many sentences get each finding and each theme, and the rest.

    `unknown` is the share of an article's words that are unknown, `confidence` and `length` (in words) are means over
    its sentences. Histograms count all sentences, in bins between `edges` that hold equally many of the baseline's.
    """

    findings: Floats
    themes: Floats
    theme_keys: tuple[str, ...]
    unknown: Floats
    confidence: Floats
    length: Floats
    edges: Mapping[str, Floats]
    histograms: Mapping[str, Floats]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        columns = [self.findings, self.themes, *(v[:, None] for v in (self.unknown, self.confidence, self.length))]
        return {
            "theme_keys": list(self.theme_keys),
            "articles": packed_array(np.hstack(columns).astype(np.float32)),
            "edges": {name: packed_array(values.astype(np.float32)) for name, values in self.edges.items()},
            "histograms": {name: packed_array(values.astype(np.float32)) for name, values in self.histograms.items()},
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Profile:
        """From what `to_dict` gave. Raises `ModelError` when it is damaged."""
        try:
            keys = tuple(data["theme_keys"])
            columns = unpacked_array(data["articles"]).astype(np.float64)
            few = len(FINDINGS)
            themes = columns[:, few : few + len(keys)]
            unknown, confidence, length = columns[:, few + len(keys) :].T
            edges, histograms = (
                {name: unpacked_array(data[part][name]).astype(np.float64) for name in ("confidence", "length")}
                for part in ("edges", "histograms")
            )
        except (KeyError, TypeError, ValueError, IndexError):
            raise ModelError("the version's profile is damaged: train it again") from None
        return cls(columns[:, :few], themes, keys, unknown, confidence, length, edges, histograms)


@dataclass(frozen=True)
class Baseline:
    """What a version keeps of the articles that it was trained on: their profile, and the words known from them."""

    profile: Profile
    words: Words

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {**self.profile.to_dict(), "words": base64.b64encode(self.words.bits.tobytes()).decode("ascii")}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Baseline:
        """From what `to_dict` gave. Raises `ModelError` when it is damaged."""
        try:
            bits = np.frombuffer(base64.b64decode(data["words"], validate=True), np.uint8)
        except (KeyError, TypeError, ValueError):
            raise ModelError("the version's profile is damaged: train it again") from None
        return cls(Profile.of(data), Words(bits))


def words_of(text: str) -> list[str]:
    """The words of a text, of three letters or more and without capital letters."""
    return [word for word in _WORD.findall(text) if word.islower()]


def baseline_of(table: pd.DataFrame, trained: Trained, theme_keys: Sequence[str]) -> Baseline:
    """The baseline of what was trained on: its sentence table, and what training says of articles out of fold.

    A word of an article counts as known when it is in at least three others.
    """
    rows, probabilities = trained.out_of_fold["findings"]
    themed, theme_probabilities = trained.out_of_fold["themes"]
    thresholds = np.array([trained.model.thresholds.get(key, 1.0) for key in theme_keys])
    findings = np.full(len(table), -1)
    findings[rows] = probabilities.argmax(axis=1)
    confidence = np.zeros(len(table))
    confidence[rows] = probabilities.max(axis=1)
    themes = np.zeros((len(table), len(theme_keys)), dtype=bool)
    if theme_probabilities.shape[1]:
        themes[themed] = theme_probabilities >= thresholds
    words = [words_of(text) for text in table["text"]]
    articles = np.unique(table["article"].astype(str).to_numpy(), return_inverse=True)[1]
    of_articles: list[set[str]] = [set() for _ in range(int(articles.max(initial=-1)) + 1)]
    for article, found in zip(articles, words, strict=True):
        of_articles[article].update(found)
    spread = Counter(word for found in of_articles for word in found)
    unknown = np.array([sum(spread[word] <= _LEAST_ARTICLES for word in found) for found in words])
    used = findings >= 0
    if "block" in table.columns:
        used &= (table["block"] != "furniture").to_numpy()
    lengths = np.array([len(text.split()) for text in table["text"]], dtype=np.float64)
    edges = {"confidence": _edges(confidence[used]), "length": _edges(lengths[used])}
    counted = np.array([len(found) for found in words])
    profile = _profile(articles, used, findings, themes, unknown, counted, confidence, lengths, theme_keys, edges)
    return Baseline(profile, Words.of(sorted(word for word, count in spread.items() if count >= _LEAST_ARTICLES)))


def profile_of(table: pd.DataFrame, baseline: Baseline) -> Profile:
    """The profile of a findings table, in the bins and with the words of a baseline. Furniture doesn't count."""
    codes = {finding: code for code, finding in enumerate(FINDINGS)}
    findings = np.array([codes[finding] for finding in table["finding"]], dtype=np.int64)
    keys = baseline.profile.theme_keys
    given = [[key in (found or ()) for key in keys] for found in table["themes"]]
    themes = np.array(given, dtype=bool).reshape(len(table), len(keys)) & (findings != codes[NONE])[:, None]
    words = [words_of(text) for text in table["text"]]
    known = {word: word in baseline.words for word in {word for found in words for word in found}}
    unknown = np.array([sum(not known[word] for word in found) for found in words])
    lengths = np.array([len(text.split()) for text in table["text"]], dtype=np.float64)
    names = table["article"].astype(str).to_numpy()
    articles = np.unique(names, return_inverse=True)[1] if len(table) else np.zeros(0, np.int64)
    used = (table["block"] != "furniture").to_numpy()
    confidence = table["confidence"].to_numpy(dtype=np.float64)
    counted = np.array([len(found) for found in words])
    edges = baseline.profile.edges
    return _profile(articles, used, findings, themes, unknown, counted, confidence, lengths, keys, edges)


def new_words(table: pd.DataFrame, baseline: Baseline, most: int = 20) -> list[dict[str, Any]]:
    """The words of a findings table that aren't known, those in the most articles first, with how often they occur.

    Those of furniture don't count.
    """
    counts: Counter[str] = Counter()
    articles: dict[str, set[str]] = {}
    body = table[table["block"] != "furniture"]
    for article, text in zip(body["article"].astype(str), body["text"], strict=True):
        for word in words_of(text):
            counts[word] += 1
            articles.setdefault(word, set()).add(article)
    unknown = [word for word in counts if word not in baseline.words]
    ordered = sorted(unknown, key=lambda word: (-len(articles[word]), -counts[word], word))
    return [{"word": word, "articles": len(articles[word]), "times": counts[word]} for word in ordered[:most]]


def _edges(values: Floats) -> Floats:
    """The inner edges of bins that hold equally many values."""
    quantiles = np.linspace(0, 1, _BINS + 1)[1:-1]
    # As they are kept, so that values fall into the same bins later.
    return np.unique(np.quantile(values, quantiles).astype(np.float32)).astype(np.float64) if len(values) else values


def _profile(
    articles: NDArray[Any],
    used: NDArray[np.bool_],
    findings: NDArray[Any],
    themes: NDArray[np.bool_],
    unknown: NDArray[Any],
    counted: NDArray[Any],
    confidence: Floats,
    lengths: Floats,
    keys: Sequence[str],
    edges: Mapping[str, Floats],
) -> Profile:
    """Sentences that are used, counted by article; articles without any are left out."""
    place = np.unique(articles[used], return_inverse=True)[1]
    number = int(place.max(initial=-1)) + 1

    def sums(values: NDArray[Any]) -> Floats:
        totals = np.zeros((number, *values.shape[1:]))
        np.add.at(totals, place, values[used])
        return totals

    sentences = np.maximum(np.bincount(place, minlength=number), 1)
    return Profile(
        findings=sums(findings[:, None] == np.arange(len(FINDINGS))),
        themes=sums(themes),
        theme_keys=tuple(keys),
        unknown=sums(unknown) / np.maximum(sums(counted), 1),
        confidence=sums(confidence) / sentences,
        length=sums(lengths) / sentences,
        edges=edges,
        histograms={
            "confidence": histogram(confidence[used], edges["confidence"]),
            "length": histogram(lengths[used], edges["length"]),
        },
    )
