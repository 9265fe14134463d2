"""Windows: the runs of an article's sentences that an encoder reads in one go, so that each is read in context.

Sequential sentence classification (A. Cohan et al., "Pretrained Language Models for Sequential Sentence
Classification", EMNLP 2019): sentences follow one another, a separator after each, under their section's heading; a
sentence's vector is the mean over its own tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.learning.features import Sentences

Tokens = Sequence[int]

WINDOW = 192
"""Tokens of a window at most."""

_SENTENCE, _HEADING = 110, 30


@dataclass
class Window:
    """Token ids of a sequence, and where sentences stand in it: their row, first token, and the one after the last."""

    ids: list[int]
    spans: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """A batch's tokens, and what windows are cut by."""

    tokens: Sequence[Tokens]
    headings: Sequence[Tokens]
    sections: NDArray[np.int64]
    after: NDArray[np.int64]
    opens: int
    closes: int

    @classmethod
    def of(cls, sentences: Sentences, tokenize: Callable[[list[str]], list[Tokens]], opens: int, closes: int) -> Layout:
        """Tokens of sentences and of their headings, cut to a bounded length."""
        texts = tokenize(list(sentences.texts))
        unique = list(dict.fromkeys(sentences.headings))
        headings = dict(zip(unique, tokenize(unique), strict=True))
        context = sentences.context
        return cls(
            [ids[:_SENTENCE] for ids in texts],
            [headings[heading][:_HEADING] for heading in sentences.headings],
            context.sections,
            context.after,
            opens,
            closes,
        )

    def alone(self, row: int) -> Window:
        """A sentence by itself."""
        end = 1 + len(self.tokens[row])
        return Window([self.opens, *self.tokens[row], self.closes], [(row, 1, end)])

    def windows(
        self, limit: Callable[[], int] = lambda: WINDOW, *, headed: Callable[[], bool] = lambda: True
    ) -> Iterator[Window]:
        """Cut all sentences into windows of at most `limit()` tokens, headings included where `headed()` says so.

        A sentence in no article is a window of its own.
        """
        chained = set(self.after[self.after >= 0].tolist())
        for first in range(len(self.tokens)):
            if first in chained:
                continue
            if self.after[first] < 0:
                yield self.alone(first)
                continue
            yield from self._cut(first, limit, headed)

    def _cut(self, first: int, limit: Callable[[], int], headed: Callable[[], bool]) -> Iterator[Window]:
        """The windows of the article that begins at a row."""
        window, most, section, row = Window([self.opens]), limit(), -1, first
        while row >= 0:
            tokens = self.tokens[row]
            if window.spans and len(window.ids) + len(tokens) + 1 > most:
                yield window
                window, most, section = Window([self.opens]), limit(), -1
            if self.sections[row] != section:
                heading = self.headings[row]
                said = bool(window.spans) and self.tokens[window.spans[-1][0]] == heading
                if heading and not said and headed():
                    window.ids += [*heading, self.closes]
                section = self.sections[row]
            start = len(window.ids)
            window.ids += [*tokens, self.closes]
            window.spans.append((row, start, start + len(tokens)))
            row = int(self.after[row])
        yield window


def batches(windows: Sequence[Window], tokens: int) -> Iterator[list[Window]]:
    """Windows of like length together, each batch of at most about that many tokens, padding included."""
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: len(window.ids)):
        if batch and (len(batch) + 1) * len(window.ids) > tokens:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def padded(batch: Sequence[Window]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids and attention mask of a batch: windows x tokens."""
    longest = max(len(window.ids) for window in batch)
    ids, mask = (np.zeros((len(batch), longest), np.int64) for _ in range(2))
    for i, window in enumerate(batch):
        ids[i, : len(window.ids)] = window.ids
        mask[i, : len(window.ids)] = 1
    return ids, mask
