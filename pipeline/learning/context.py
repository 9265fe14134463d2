"""Context: where a sentence's neighbours and its section are, and values brought from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Rows = NDArray[np.int64]
Float = TypeVar("Float", np.float32, np.float64)

PLACES = ("sentence", "before", "after", "second before", "second after", "section")
"""Where a sentence's label is read from: itself, up to two sentences each side, and the mean of its section."""


@dataclass(frozen=True)
class Context:
    """Each sentence's neighbours of the same article (`before`, `after`: their rows, -1 for none) and its section.

    A section is a run of sentences of an article under one heading, numbered from 0; -1 for a sentence alone.
    Furniture is nobody's neighbour and in no section: the sentences around it are each other's.
    """

    before: Rows
    after: Rows
    sections: Rows

    @classmethod
    def of(cls, articles: list[str] | None, headings: list[str], blocks: list[str]) -> Context:
        """The context of sentences in their order; without `articles`, each stands alone."""
        count = len(headings)
        before, after, sections = (np.full(count, -1, np.int64) for _ in range(3))
        if articles is not None and count:
            body = np.flatnonzero(np.array([block != "furniture" for block in blocks]))
            names, under = (np.array(values, dtype=object)[body] for values in (articles, headings))
            same = names[1:] == names[:-1]
            before[body[1:][same]] = body[:-1][same]
            after[body[:-1][same]] = body[1:][same]
            breaks = ~same | (under[1:] != under[:-1])
            sections[body] = np.concatenate([np.zeros(min(len(body), 1), np.int64), np.cumsum(breaks)])
        return cls(before, after, sections)

    def at(self, place: str, values: NDArray[Float]) -> NDArray[Float]:
        """Values (sentences x columns) of what stands at a place of each sentence; zeros where nothing does."""
        if place == "sentence":
            return values
        if place == "section":
            sizes, members = self._sections()
            means = (members.astype(values.dtype) @ values) / sizes[:, None].astype(values.dtype)
            return neighbours(np.vstack([means, np.zeros((1, values.shape[1]), values.dtype)]), self.sections)
        rows = self.before if place.endswith("before") else self.after
        near = neighbours(values, rows)
        return neighbours(near, rows) if place.startswith("second") else near

    def matrix(self, place: str, values: csr_matrix) -> csr_matrix:
        """As `at`, of a sparse matrix."""
        from scipy.sparse import csr_matrix, diags

        if place == "sentence":
            return values
        if place == "section":
            sizes, members = self._sections()
            return csr_matrix(_pick(self.sections, len(sizes)) @ (diags(1 / sizes) @ (members @ values)))
        near = _pick(self.before if place.endswith("before") else self.after, len(self.sections))
        return csr_matrix(near @ (near @ values if place.startswith("second") else values))

    def _sections(self) -> tuple[NDArray[np.int64], csr_matrix]:
        """The sizes of sections, and which sentences are in each: sections x sentences."""
        from scipy.sparse import csr_matrix

        inside = np.flatnonzero(self.sections >= 0)
        count = int(self.sections.max(initial=-1)) + 1
        sizes = np.bincount(self.sections[inside], minlength=count)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        return sizes, csr_matrix((np.ones(len(inside)), inside, starts), shape=(count, len(self.sections)))


def _pick(rows: Rows, count: int) -> csr_matrix:
    """A matrix that brings each sentence the row given, of `count`, or nothing for -1."""
    from scipy.sparse import csr_matrix

    there = np.flatnonzero(rows >= 0)
    return csr_matrix((np.ones(len(there)), (there, rows[there])), shape=(len(rows), count))


def mix(
    scores: NDArray[np.float64], context: Context, mixing: NDArray[np.float64], intercepts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Logits (sentences x labels): the scores at each place times that place's matrix, summed, and intercepts."""
    used = [i for i, weights in enumerate(mixing) if weights.any()]
    if not used:
        return np.tile(intercepts, (len(scores), 1))
    design = np.hstack([context.at(PLACES[i], scores) for i in used])
    return np.asarray(design @ np.concatenate([mixing[i] for i in used]) + intercepts)


def neighbours(values: NDArray[Float], rows: Rows) -> NDArray[Float]:
    """Each sentence's neighbour's row of values, zeros where there is none."""
    return np.where((rows >= 0)[:, None], values[rows], values.dtype.type(0))
