"""Words: a batch of texts as one stream of characters, and the hashed n-grams of its characters and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Offsets = NDArray[np.int32]
Booleans = NDArray[np.bool_]

_SPACE = np.uint32(32)
_LINE_END = np.uint32(10)
_PRIME = np.uint32(0x01000193)
_PAUSES = np.array([ord(mark) for mark in ",;:()–—"], np.uint32)


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
        self._separators = codes[keep]
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

    @property
    def pauses(self) -> Booleans:
        """Whether a comma or another mark within a sentence follows, for each word."""
        ends = np.flatnonzero(self.spaces[1:] & ~self.spaces[:-1])
        return np.isin(self._separators[ends], _PAUSES)

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
        single = mixed(self.hashes)
        runs = single
        for longer in range(2, size + 1):
            runs = mixed(runs[:-1] * _PRIME + single[longer - 1 :])
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


def masked_ngrams(words: Words, sizes: tuple[int, int], mask: Booleans) -> Iterator[Ngrams]:
    """Word n-grams within a text of which the mask holds for every word; places are indices of words."""
    for ngrams in word_ngrams(words, sizes):
        places = ngrams.places()
        whole = mask[places]
        for later in range(1, ngrams.size):
            whole &= mask[places + later]
        starts = np.concatenate([np.zeros(1, np.int32), np.cumsum(whole, dtype=np.int32)])[ngrams.starts]
        yield Ngrams(ngrams.hashes[whole], starts, partial(np.compress, whole, places), ngrams.size)


def opening_ngrams(words: Words, sizes: tuple[int, int]) -> Iterator[Ngrams]:
    """Word n-grams among a text's first three words; places are indices of words."""
    for ngrams in word_ngrams(words, sizes):
        counts = np.minimum(np.diff(ngrams.starts), max(_OPENING - ngrams.size + 1, 0))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        kept = np.arange(starts[-1]) + np.repeat(ngrams.starts[:-1] - starts[:-1], counts)
        places = partial(np.take, ngrams.places(), kept)
        yield Ngrams(ngrams.hashes[kept], starts.astype(np.int32), places, ngrams.size)


_OPENING = 3


def mixed(hashed: Hashes) -> Hashes:
    """Hashes with their bits spread, so that like ones fall far apart."""
    hashed = hashed ^ (hashed >> np.uint32(15))
    hashed = hashed * np.uint32(0x85EBCA6B)
    return hashed ^ (hashed >> np.uint32(13))
