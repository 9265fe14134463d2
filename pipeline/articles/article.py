"""Articles: a source's blocks and sentences, and the sentence table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.articles.layout import Block, blocks
from pipeline.articles.readers import read_source, read_sources
from pipeline.articles.sentences import cuts
from pipeline.articles.source import Failure, Source
from pipeline.articles.speech.speakers import by_inspectors, speakers
from pipeline.articles.text import source_spans
from pipeline.errors import ArticleError

if TYPE_CHECKING:
    import pandas as pd

_PAGE_BREAK = re.compile("\f")

SPLITTER_VERSION = 2
"""Raised whenever a change makes the splitter cut any text differently."""

COLUMNS = ("id", "article", "position", "start", "end", "text", "block", "heading", "speaker", "page")


class Sentence(NamedTuple):
    """A unit of an article: its source offsets, the text as read, and where it stands."""

    start: int
    end: int
    text: str
    block: str
    heading: str


@dataclass(frozen=True)
class Article:
    """A source cut into blocks; its sentences are found when first asked for."""

    source: Source
    blocks: list[Block]

    @classmethod
    def of(cls, source: Source) -> Article:
        """Cut a source into blocks."""
        return cls(source, blocks(source.text, source.hints))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The article's units in reading order."""
        return [
            Sentence(*place, block.text[start:end], block.kind, block.heading)
            for block, spans in zip(self.blocks, cuts(self.blocks), strict=True)
            for (start, end), place in zip(spans, source_spans(block.offsets, spans), strict=True)
        ]

    @cached_property
    def speakers(self) -> list[str]:
        """Who speaks in each sentence."""
        texts = [sentence.text for sentence in self.sentences]
        kinds = [sentence.block for sentence in self.sentences]
        return list(speakers(texts, kinds, by_inspectors(self.source.text)))

    @cached_property
    def pages(self) -> list[int] | None:
        """The page that each sentence begins on, from 1; None where the source has no pages."""
        if not self._paged:
            return None
        breaks = [match.start() for match in _PAGE_BREAK.finditer(self.source.text)]
        return [bisect_left(breaks, sentence.start) + 1 for sentence in self.sentences]

    @property
    def _paged(self) -> bool:
        return self.source.paged or "\f" in self.source.text


def read_article(path: str | Path) -> Article:
    """Read a file that holds one article (`-` for standard input): text, Markdown, PDF, HTML, Word and others.

    Raises `ArticleError` when the file is missing, unreadable, too large, empty or damaged, or holds several articles;
    `MissingExtraError` without the extra that its format needs.
    """
    return Article.of(read_source(path))


def read_articles(path: str | Path) -> Iterator[Article]:
    """Read the articles of a file, in order: of a table one a row, of an archive all that it holds.

    Raises `ArticleError` at the first that can't be read.
    """
    for item in read_sources(path):
        if isinstance(item, Failure):
            raise ArticleError(item.message)
        yield Article.of(item)


def split_sentences(text: str, name: str = "text") -> pd.DataFrame:
    """Split one article's text into a sentence table: a row per sentence, in reading order (columns: `COLUMNS`)."""
    return sentence_table([Article.of(Source(name, text))])


def sentence_table(articles: Iterable[Article], extra: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The sentence table of articles, in their order.

    `extra` are columns that the articles' sources bring with them, as text, and the names that they get here.
    """
    import numpy as np
    import pandas as pd

    columns: dict[str, list[object]] = {name: [] for name in (*COLUMNS, *(extra or {}).values())}
    pages: list[int] = []  # 0: none
    for article in articles:
        digest = article.source.digest
        sentences = article.sentences
        columns["id"] += [f"{digest}:{s.start}-{s.end}" for s in sentences]
        columns["article"] += [article.source.name] * len(sentences)
        columns["position"] += range(len(sentences))
        columns["start"] += [s.start for s in sentences]
        columns["end"] += [s.end for s in sentences]
        columns["text"] += [s.text for s in sentences]
        columns["block"] += [s.block for s in sentences]
        columns["heading"] += [s.heading for s in sentences]
        columns["speaker"] += article.speakers
        pages += article.pages or [0] * len(sentences)
        for name, shown in (extra or {}).items():
            value = article.source.extra.get(name)
            columns[shown] += ["" if value is None else str(value)] * len(sentences)
    types = {"position": "int64", "start": "int64", "end": "int64"}
    table = {
        name: pd.Series(values, dtype=types.get(name, "str")) for name, values in columns.items() if name != "page"
    }
    numbers = np.array(pages, dtype=np.int64)
    table["page"] = pd.Series(pd.arrays.IntegerArray(numbers, numbers == 0))
    return pd.DataFrame({name: table[name] for name in columns})
