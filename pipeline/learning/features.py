"""Features: sentences in context to hashed n-grams, a whole batch at once with numpy arrays.

Word n-grams and character n-grams within words of the sentence, its first words, words of its heading and of its
neighbours, and its form (block, speaker, marks, length) share one hashed space (K. Weinberger et al., "Feature Hashing
for Large Scale Multitask Learning", ICML 2009). Nothing is fitted, so nothing of anyone's text is kept, and the same
code serves training, scoring and explaining.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.settings import GROUPS, FeatureSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

Hashes = NDArray[np.uint32]
Offsets = NDArray[np.int32]
Float = TypeVar("Float", np.float32, np.float64)

_SPACE = np.uint32(32)
_LINE_END = np.uint32(10)
_PRIME = np.uint32(0x01000193)
_SALTS = {name: np.uint32(0x9E3779B1 * (i + 1) & 0xFFFFFFFF) for i, name in enumerate(GROUPS)}


@dataclass(frozen=True)
class Sentences:
    """A batch of sentences with their context, one entry per sentence in each list.

    `before` and `after` are the rows of the neighbouring sentences of the same article, -1 where there is none.
    """

    texts: Sequence[str]
    headings: Sequence[str]
    blocks: Sequence[str]
    speakers: Sequence[str]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Sentences:
        """A batch from a sentence table; only `text` must be there. Without `article`, each row stands alone.

        Furniture is nobody's neighbour: the sentences around it are each other's.
        """
        count = len(table)

        def column(name: str) -> list[str]:
            if name not in table.columns:
                return [""] * count
            values = table[name]
            return values.astype(object).where(values.notna(), "").astype(str).tolist()

        blocks = column("block")
        before = np.full(count, -1, np.int64)
        after = np.full(count, -1, np.int64)
        if "article" in table.columns and count:
            articles = np.array(column("article"), dtype=object)
            body = np.flatnonzero(np.array([block != "furniture" for block in blocks]))
            same = articles[body[1:]] == articles[body[:-1]]
            before[body[1:][same]] = body[:-1][same]
            after[body[:-1][same]] = body[1:][same]
        return cls(column("text"), column("heading"), blocks, column("speaker"), before, after)


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
    yield _group("opening", opening_ngrams(words, settings.opening_words), settings)
    yield _group("heading", word_ngrams(headings, settings.heading_words), settings, heading_rows)
    yield _group("before", word_ngrams(words, settings.neighbour_words), settings, sentences.before)
    yield _group("after", word_ngrams(words, settings.neighbour_words), settings, sentences.after)
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


def neighbours(values: NDArray[Float], rows: NDArray[np.int64]) -> NDArray[Float]:
    """Each sentence's neighbour's row of values, zeros where there is none."""
    return np.where((rows >= 0)[:, None], values[rows], values.dtype.type(0))


def matrix(group: Group, bits: int) -> csr_matrix:
    """A group's features as a sparse matrix: sentences x 2 ** bits."""
    from scipy.sparse import csr_matrix, diags

    width = 2**bits
    total = sum(
        (_rows(starts, columns, width) for starts, columns in group.pieces), csr_matrix((len(group.values), width))
    )
    total = csr_matrix(diags(group.values) @ total)
    if group.rows is None:
        return total
    return neighbour_matrix(total, group.rows)


def neighbour_matrix(values: csr_matrix, rows: NDArray[np.int64]) -> csr_matrix:
    """As `neighbours`, of a sparse matrix."""
    from scipy.sparse import csr_matrix, vstack

    padded = csr_matrix(vstack([values, csr_matrix((1, values.shape[1]))]))
    return padded[np.where(rows >= 0, rows, values.shape[0])]


def weighted(groups: Mapping[str, csr_matrix], weights: Mapping[str, float]) -> csr_matrix:
    """The sum of groups' matrices, each times its weight."""
    from scipy.sparse import csr_matrix

    parts = [groups[name] * weight for name, weight in weights.items() if weight]
    return csr_matrix(sum(parts[1:], parts[0]))


def _rows(starts: Offsets, columns: Offsets, width: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(starts) - 1, width), copy=False)


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of one size: `hashes`, where row i has `starts[i]:starts[i + 1]`.

    `places` gives the character or word that each begins at; only explanations ask for it.
    """

    hashes: Hashes
    starts: Offsets
    places: Callable[[], NDArray[np.int64]]
    size: int


class Words:
    """The words of a batch of texts as one stream of characters, one space before and after each word.

    Letters are made lower case, digits 0, curly quotes straight; what is neither letter, digit, apostrophe, %, & nor £
    separates words. `bounds[i]` is where text i begins in the stream (at the space before its first word), and
    `word_bounds[i]` its first word.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "\n".join([text.replace("\n", " ") if "\n" in text else text for text in texts]) + "\n"
        codes = np.frombuffer(joined.lower().encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        folded = _FOLDED[np.minimum(codes, len(_FOLDED) - 1)]
        inside = folded > _SPACE
        keep = inside.copy()
        keep[1:] |= inside[:-1]
        stream = np.where(inside, folded, _SPACE)[keep]
        self.stream = np.concatenate([np.array([_SPACE]), stream])
        self.spaces = self.stream == _SPACE
        kept = np.cumsum(keep, dtype=np.int32)
        ends = np.flatnonzero(codes == _LINE_END)[: len(texts)]
        self.bounds = np.concatenate([np.zeros(1, np.int32), kept[ends]]).astype(np.int32)
        self.starts = np.flatnonzero(self.spaces[:-1] & ~self.spaces[1:]) + 1
        self.word_bounds = np.searchsorted(self.starts, self.bounds).astype(np.int32)
        self.count = len(texts)
        self._ngrams: dict[int, Ngrams] = {}

    @property
    def lengths(self) -> Offsets:
        """The number of words of each text."""
        return np.diff(self.word_bounds)

    @cached_property
    def hashes(self) -> Hashes:
        """One hash per word."""
        if not len(self.starts):
            return np.zeros(0, np.uint32)
        first = self.starts[0]
        codes = self.stream[first:]
        at = self.starts - first
        lengths = np.diff(np.append(at, len(codes)))
        offset = np.arange(len(codes), dtype=np.int32) - np.repeat(at.astype(np.int32), lengths)
        powers = np.cumprod(np.full(int(offset.max()) + 1, _PRIME, np.uint32), dtype=np.uint32)
        terms = np.where(self.spaces[first:], np.uint32(0), codes * powers[offset])
        return np.add.reduceat(terms, at, dtype=np.uint32)

    def ngrams(self, size: int) -> Ngrams:
        """The n-grams of that many words within each text; places are indices of words."""
        if size not in self._ngrams:
            runs = self._runs(size)
            row = np.repeat(np.arange(self.count, dtype=np.int32), self.lengths)
            within = np.flatnonzero(row[: len(runs)] == row[size - 1 :])
            starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.maximum(self.lengths - size + 1, 0))])
            self._ngrams[size] = Ngrams(runs[within], starts.astype(np.int32), within.view, size)
        return self._ngrams[size]

    def _runs(self, size: int) -> Hashes:
        """A hash of every run of that many words, those that go from one text to the next included."""
        single = _mixed(self.hashes)
        runs = single
        for longer in range(2, size + 1):
            runs = _mixed(runs[:-1] * _PRIME + single[longer - 1 :])
        return runs

    def text(self, start: int, end: int) -> str:
        """The characters of a part of the stream."""
        return "".join(map(chr, self.stream[start:end].tolist()))


def _folded() -> Hashes:
    """What each character is read as: itself, or a space where it separates words; the last stands for all beyond."""
    table = np.arange(0x10000, dtype=np.uint32)
    table[:0x250] = [code if chr(code).isalnum() or chr(code) in "'&%£" else _SPACE for code in range(0x250)]
    for low, high in ((0x2000, 0x2C00), (0x3000, 0x3040), (0xD800, 0xF900), (0xFE00, 0xFE70), (0xFF00, 0xFF10)):
        table[low:high] = _SPACE
    table[[ord(digit) for digit in "123456789"]] = ord("0")
    table[[ord("’"), ord("‘"), ord("`")]] = ord("'")
    table[-1] = _SPACE
    return table


_FOLDED = _folded()


def character_ngrams(words: Words, sizes: tuple[int, int]) -> Iterator[Ngrams]:
    """Character n-grams within words, the space at each end of a word included."""
    low, high = sizes
    stream, spaces = words.stream, words.spaces
    hashed = stream
    whole = np.ones(len(stream), dtype=bool)
    for size in range(2, high + 1):
        hashed = hashed[:-1] * _PRIME + stream[size - 1 :]
        # An n-gram stays within a word when no character but its first and last is a space.
        whole = whole[:-1] if size == 2 else whole[:-1] & ~spaces[size - 2 : -1]
        if size < low:
            continue
        kept = np.concatenate([np.zeros(1, np.int32), np.cumsum(whole, dtype=np.int32)])
        starts = kept[np.minimum(words.bounds, len(whole))]
        yield Ngrams(hashed[whole] + np.uint32(size), starts, partial(np.flatnonzero, whole), size)


def word_ngrams(words: Words, sizes: tuple[int, int]) -> Iterator[Ngrams]:
    """Word n-grams within a text; places are indices of words."""
    for size in range(sizes[0], sizes[1] + 1):
        yield words.ngrams(size)


def opening_ngrams(words: Words, sizes: tuple[int, int]) -> Iterator[Ngrams]:
    """Word n-grams among a text's first three words; places are indices of words."""
    for ngrams in word_ngrams(words, sizes):
        counts = np.minimum(np.diff(ngrams.starts), max(_OPENING - ngrams.size + 1, 0))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        kept = np.arange(starts[-1]) + np.repeat(ngrams.starts[:-1] - starts[:-1], counts)
        places = partial(np.take, ngrams.places(), kept)
        yield Ngrams(ngrams.hashes[kept], starts.astype(np.int32), places, ngrams.size)


_OPENING = 3


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
    from pipeline.articles.layout import KINDS
    from pipeline.articles.speakers import SPEAKERS

    values: list[tuple[str, object]] = [("block", kind) for kind in KINDS]
    values += [("speaker", speaker) for speaker in SPEAKERS]
    values += [("ends", mark) for mark in ("", *".?!:;,)\"'”’")]
    values += [("length", length) for length in range(len(_LENGTHS) + 1)]
    values += [(name, truth) for name in ("quotes", "heading") for truth in (False, True)]
    return {value: 0x9E3779B1 * (i + 1) & 0xFFFFFFFF for i, value in enumerate(values)}


_FORM_HASHES = _form_hashes()


def _mixed(hashed: Hashes) -> Hashes:
    hashed = hashed ^ (hashed >> np.uint32(15))
    hashed = hashed * np.uint32(0x85EBCA6B)
    return hashed ^ (hashed >> np.uint32(13))


def column_of(hashes: Hashes, group: str, bits: int) -> Offsets:
    """The columns that a group's hashes fall into."""
    return ((_mixed(hashes ^ _SALTS[group]) * np.uint32(0xC2B2AE35)) >> np.uint32(32 - bits)).astype(np.int32)


def _group(
    name: str, ngrams: Iterator[Ngrams], settings: FeatureSettings, rows: NDArray[np.int64] | None = None
) -> Group:
    pieces = [(piece.starts, column_of(piece.hashes, name, settings.bits)) for piece in ngrams]
    counts = sum(np.diff(starts) for starts, _ in pieces)
    values = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    return Group(name, pieces, values, rows)
