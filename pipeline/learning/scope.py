"""Scope: which words of a sentence stand under a negation, and which are its main clause.

"Visits are not always timely" and "Visits are timely, although not always" hold the same words as praise. Words after
a negation are read as words of their own up to the next contrast (S. Das and M. Chen, "Yahoo! for Amazon", 2001), at
most six of them; what a sentence concedes is told from what it says. The word lists are short and of plain English:
nothing here is about inspections.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.learning.words import Booleans, Hashes, Words

NEGATIONS = (
    *("not", "no", "never", "neither", "nor", "without", "cannot", "none", "nobody", "unable"),
    *("can't", "couldn't", "didn't", "doesn't", "don't", "hadn't", "hasn't", "haven't"),
    *("isn't", "aren't", "wasn't", "weren't", "won't"),
    *("lack", "lacks", "lacking", "fail", "fails", "failed", "failing", "rarely", "seldom", "hardly"),
    *("few", "fewer", "little", "less", "too", "insufficient", "insufficiently"),
)
"""Words after which others mean their opposite, or less than they say."""

CONCESSIONS = ("although", "though", "while", "whilst", "despite", "albeit", "notwithstanding")
"""Words that begin what is conceded: before the main clause when they open a sentence, else after it."""

TURNS = ("but", "however")
"""Words after which the main clause comes."""

_CLOSERS = ("yet", "because", "so", "that")
_REACH = 6
_LEAST_BEFORE = 3


def _hashes(words: Sequence[str]) -> Hashes:
    return Words(words).hashes


_NEGATIONS = _hashes(NEGATIONS)
_CONCESSIONS = _hashes(CONCESSIONS)
_TURNS = _hashes(TURNS)
_BARRIERS = _hashes([*CONCESSIONS, *TURNS, *_CLOSERS])


def negated(words: Words) -> Booleans:
    """Which words stand under a negation: a mask over the words of all texts."""
    index = np.arange(len(words.hashes))
    negations, barriers = np.isin(words.hashes, _NEGATIONS), np.isin(words.hashes, _BARRIERS)
    closed = barriers.copy()
    closed[words.word_bounds[:-1][words.lengths > 0]] = True  # no negation reaches into the next text
    last = np.maximum.accumulate(np.where(negations, index, -1))
    limit = np.maximum.accumulate(np.where(closed, index, -1))
    return np.asarray((last >= 0) & (limit <= last) & (index - last <= _REACH) & ~negations & ~barriers)


def main_clause(words: Words) -> Booleans:
    """Which words belong to the main clause of their text: a mask over the words of all texts.

    Of "although A, B", "A, but B" and "B, although A" it is B; of a text without such a contrast, all of it.
    """
    index = np.arange(len(words.hashes))
    row = np.repeat(np.arange(words.count), words.lengths)
    place = index - words.word_bounds[row]
    concessions, turns = np.isin(words.hashes, _CONCESSIONS), np.isin(words.hashes, _TURNS)
    opened = _first(concessions & (place <= 1), row, words.count)
    opens = opened < len(index)
    ends = _first(words.pauses & opens[row] & (index >= opened[row]), row, words.count)
    turn = _first(turns & (place >= _LEAST_BEFORE) & ~opens[row], row, words.count)
    trailing = _first(concessions & (place >= _LEAST_BEFORE) & ~opens[row], row, words.count)
    # "Although A" without a comma has no main clause to be told, and keeps all its words.
    start = np.where(ends < len(index), ends + 1, np.where(turn < len(index), turn + 1, 0))
    end = np.where(turn < len(index), len(index), trailing)
    main = (index >= start[row]) & (index < end[row])
    # A clause must have words: "It is good, but …" with nothing after the turn stays whole.
    empty = np.bincount(row[main], minlength=words.count) == 0
    return np.asarray(main | empty[row])


def _first(mask: Booleans, row: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The first word in each text that the mask holds for; the number of all words where there is none."""
    found = np.flatnonzero(mask)[::-1]
    first = np.full(count, len(mask))
    first[row[found]] = found
    return first
