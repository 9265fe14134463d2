"""Labelled documents: `NAME.txt` (or `.pdf`, `.html` …) as a user would have it, and its labels beside it.

`NAME.jsonl` has a labelled unit a row, with offsets into the text taken from the document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.articles import Article, read_source
from pipeline.corpus.rows import Labels, Problems, Row, labels_of, read_rows, readers_of
from pipeline.errors import ArticleError, MissingExtraError

if TYPE_CHECKING:
    from pipeline.articles.article import Sentence


@dataclass(frozen=True, slots=True)
class Unit:
    """A labelled stretch of a document's source; `themes` is None where themes weren't labelled.

    `readers` are the labels of two independent readers, where they are known.
    """

    line: int
    start: int
    end: int
    text: str
    finding: str
    themes: list[str] | None
    readers: tuple[Labels, Labels] | None = None


@dataclass(frozen=True)
class Document:
    """A text and its labelled units, in order."""

    name: str
    kind: str
    path: Path
    article: Article
    units: list[Unit]

    @cached_property
    def matches(self) -> list[Unit | None]:
        """For each sentence that `articles` finds, the unit that overlaps it most."""
        return match(self.article.sentences, self.units)


def match(sentences: Sequence[Sentence | Unit], units: Sequence[Unit]) -> list[Unit | None]:
    """For each sentence, the unit that overlaps it most, or None; both in order of their starts."""
    matched: list[Unit | None] = []
    first = 0
    for sentence in sentences:
        while first < len(units) and units[first].end <= sentence.start:
            first += 1
        best, most = None, 0
        for unit in units[first:]:
            if unit.start >= sentence.end:
                break
            overlap = min(sentence.end, unit.end) - max(sentence.start, unit.start)
            if overlap > most:
                best, most = unit, overlap
        matched.append(best)
    return matched


def read_document(text_path: Path, root: Path, themes: Collection[str], problems: Problems) -> Document | None:
    """Read a labelled document; None, and problems reported, when anything in it is unfit."""
    labels_path = text_path.with_suffix(".jsonl")
    before = len(problems.errors)
    if not labels_path.is_file():
        problems.errors.append(
            f"{text_path}: a text without labels: write {labels_path.name} beside it, or move it away"
        )
        return None
    try:
        source = read_source(text_path)
    except (ArticleError, MissingExtraError) as error:
        problems.errors.append(str(error))
        return None
    units = [
        unit
        for row in read_rows(labels_path, problems)
        if (unit := _unit(row, labels_path, source.text, themes, problems))
    ]
    for earlier, later in pairwise(units):
        if later.start < earlier.end:
            wrong = "out of order" if later.end <= earlier.start else f"overlaps line {earlier.line}"
            problems.errors.append(f"{labels_path}:{later.line}: {wrong}: units go in the order of the text")
    if not units and len(problems.errors) == before:
        problems.errors.append(f"{labels_path}: no labelled unit in it: label the text, or move both files away")
    if len(problems.errors) > before:
        return None
    relative = text_path.relative_to(root) if text_path.is_relative_to(root) else Path(text_path.name)
    kind = relative.parent.as_posix() if relative.parent.name else root.name
    name = relative.with_suffix("").as_posix()
    return Document(name, kind, text_path, Article.of(replace(source, name=name)), units)


def _unit(row: Row, path: Path, source: str, themes: Collection[str], problems: Problems) -> Unit | None:
    labels = labels_of(row, path, themes, problems)
    start, end = row.values.get("start"), row.values.get("end")
    where = f"{path}:{row.line}"
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(source):
        problems.errors.append(f"{where}: start and end must be offsets into the text (0 to {len(source)})")
        return None
    if labels is None:
        return None
    text, finding, given = labels
    if text != source[start:end] and squeezed(text) != squeezed(source[start:end]):
        found = " ".join(source[start:end].split())
        problems.errors.append(
            f"{where}: the text at {start}-{end} is {found[:60]!r}, not {text[:60]!r}: correct the offsets"
        )
        return None
    readers = readers_of(row, path, Labels(finding, given), problems)
    return Unit(row.line, start, end, text, finding, given, readers)


def squeezed(text: str) -> str:
    """A text without white space, so that two readings of one stretch compare equal."""
    return re.sub(r"\s+", "", text)
