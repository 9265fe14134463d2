"""Features: sentences in context to hashed n-grams, a whole batch at once with numpy arrays.

Word n-grams and character n-grams within words of the sentence, words of its main clause and of what it negates, its
first words, words of its heading and of its neighbours, and its form (block, speaker, marks, length) share one hashed
space (K. Weinberger et al., "Feature Hashing
for Large Scale Multitask Learning", ICML 2009). Nothing is fitted, so nothing of anyone's text is kept, and the same
code serves training, scoring and explaining.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.learning.context import Context, Float, neighbours
from pipeline.learning.scope import main_clause, negated
from pipeline.learning.words import (
    Hashes,
    Ngrams,
    Offsets,
    Words,
    character_ngrams,
    masked_ngrams,
    mixed,
    opening_ngrams,
    word_ngrams,
)
from pipeline.settings import GROUPS, FeatureSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

_SALTS = {name: np.uint32(0x9E3779B1 * (i + 1) & 0xFFFFFFFF) for i, name in enumerate(GROUPS)}


@dataclass(frozen=True)
class Sentences:
    """A batch of sentences with their context, one entry per sentence in each list."""

    texts: Sequence[str]
    headings: Sequence[str]
    blocks: Sequence[str]
    speakers: Sequence[str]
    context: Context

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Sentences:
        """A batch from a sentence table; only `text` must be there. Without `article`, each row stands alone."""
        count = len(table)

        def column(name: str) -> list[str]:
            if name not in table.columns:
                return [""] * count
            missing = table[name].isna().to_numpy()
            values = table[name].tolist()
            if missing.any():
                values = ["" if gone else value for gone, value in zip(missing, values, strict=True)]
            return [value if type(value) is str else str(value) for value in values]

        headings, blocks = column("heading"), column("block")
        articles = column("article") if "article" in table.columns else None
        return cls(column("text"), headings, blocks, column("speaker"), Context.of(articles, headings, blocks))


@dataclass(frozen=True)
class Group:
    """One group's n-grams, by size: in each piece, row i of its texts has `columns[starts[i]:starts[i + 1]]`.

    Each n-gram is worth 1 / sqrt(number in its row) (`values`). `rows` gives each sentence's row, -1 for none; without
    it they are the same.
    """

    name: str
    pieces: list[tuple[Offsets, Offsets]]
    values: NDArray[np.float32]
    rows: NDArray[np.int64] | None = None


def extract(sentences: Sentences, settings: FeatureSettings) -> Iterator[Group]:
    """Yield each group's hashed n-grams for a batch."""
    words = Words(sentences.texts)
    unique = {heading: row for row, heading in enumerate(dict.fromkeys(sentences.headings))}
    heading_rows = np.fromiter((unique[heading] for heading in sentences.headings), np.int64, len(sentences))
    headings = Words(list(unique))
    yield _group("char", character_ngrams(words, settings.characters), settings)
    yield _group("word", word_ngrams(words, settings.words), settings)
    yield _group("main", masked_ngrams(words, settings.main_words, main_clause(words)), settings)
    yield _group("negated", masked_ngrams(words, settings.negated_words, negated(words)), settings)
    yield _group("opening", opening_ngrams(words, settings.opening_words), settings)
    yield _group("heading", word_ngrams(headings, settings.heading_words), settings, heading_rows)
    yield _group("before", word_ngrams(words, settings.neighbour_words), settings, sentences.context.before)
    yield _group("after", word_ngrams(words, settings.neighbour_words), settings, sentences.context.after)
    yield _group("form", _form(sentences, words), settings)


def project(group: Group, coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """A group's features times coefficients (columns x targets): sentences x targets."""
    total: NDArray[np.float32] | None = None
    for starts, columns in group.pieces:
        product = _rows(starts, columns, len(coefficients)) @ coefficients
        total = product if total is None else total + product
    assert total is not None
    total *= group.values[:, None]
    if group.rows is None:
        return total
    if not len(total):
        return np.zeros((len(group.rows), coefficients.shape[1]), np.float32)
    return neighbours(total, group.rows)


def project_dense(vectors: NDArray[np.float32], head: NDArray[Float]) -> NDArray[np.float64]:
    """Vectors times a head's coefficients, (dimensions + 1) x targets, its last row added: sentences x targets."""
    return np.asarray(vectors @ head[:-1] + head[-1], dtype=np.float64)


def matrix(group: Group, bits: int) -> csr_matrix:
    """A group's features as a sparse matrix: sentences x 2 ** bits."""
    from scipy.sparse import csr_matrix, diags

    width = 2**bits
    empty = csr_matrix((len(group.values), width), dtype=np.float32)
    total = sum((_rows(starts, columns, width) for starts, columns in group.pieces), empty)
    total = csr_matrix(diags(group.values) @ total)
    if group.rows is None:
        return total
    return neighbour_matrix(total, group.rows)


def neighbour_matrix(values: csr_matrix, rows: NDArray[np.int64]) -> csr_matrix:
    """As `neighbours`, of a sparse matrix."""
    from scipy.sparse import csr_matrix, vstack

    padded = csr_matrix(vstack([values, csr_matrix((1, values.shape[1]), dtype=values.dtype)]))
    return padded[np.where(rows >= 0, rows, values.shape[0])]


def weighted(groups: Mapping[str, csr_matrix], weights: Mapping[str, float]) -> csr_matrix:
    """The sum of groups' matrices, each times its weight."""
    from scipy.sparse import csr_matrix

    parts = [groups[name] * weight for name, weight in weights.items() if weight]
    return csr_matrix(sum(parts[1:], parts[0]))


def _rows(starts: Offsets, columns: Offsets, width: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(starts) - 1, width), copy=False)


def _form(sentences: Sentences, words: Words) -> Iterator[Ngrams]:
    """What kind of line a sentence is: one hash each for block, speaker, last mark, length, quotation, figures."""
    count = len(sentences)
    known = _FORM_HASHES
    lengths = np.searchsorted(_LENGTHS, words.lengths).tolist()
    texts = sentences.texts
    found = [
        [known.get(("block", block), 0) for block in sentences.blocks],
        [known.get(("speaker", speaker), 0) for speaker in sentences.speakers],
        [known.get(("ends", text[-1:]), known["ends", ""]) for text in texts],
        [known["length", length] for length in lengths],
        [known["quotes", '"' in text or "“" in text or "”" in text] for text in texts],
        [known["heading", heading != ""] for heading in sentences.headings],
    ]
    hashes = np.array(found, np.uint32).T.reshape(-1)
    yield Ngrams(hashes, (np.arange(count + 1) * len(found)).astype(np.int32), partial(np.arange, 0), 1)


_LENGTHS = np.array((3, 6, 10, 15, 22, 30, 45))


def _form_hashes() -> dict[tuple[str, object], int]:
    from pipeline.articles.source import KINDS
    from pipeline.articles.speech.speakers import SPEAKERS

    values: list[tuple[str, object]] = [("block", kind) for kind in KINDS]
    values += [("speaker", speaker) for speaker in SPEAKERS]
    values += [("ends", mark) for mark in ("", *".?!:;,)\"'”’")]
    values += [("length", length) for length in range(len(_LENGTHS) + 1)]
    values += [(name, truth) for name in ("quotes", "heading") for truth in (False, True)]
    return {value: 0x9E3779B1 * (i + 1) & 0xFFFFFFFF for i, value in enumerate(values)}


_FORM_HASHES = _form_hashes()


def column_of(hashes: Hashes, group: str, bits: int) -> Offsets:
    """The columns that a group's hashes fall into."""
    return ((mixed(hashes ^ _SALTS[group]) * np.uint32(0xC2B2AE35)) >> np.uint32(32 - bits)).astype(np.int32)


def _group(
    name: str, ngrams: Iterator[Ngrams], settings: FeatureSettings, rows: NDArray[np.int64] | None = None
) -> Group:
    pieces = [(piece.starts, column_of(piece.hashes, name, settings.bits)) for piece in ngrams]
    counts = sum(np.diff(starts) for starts, _ in pieces)
    values = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    return Group(name, pieces, values, rows)
