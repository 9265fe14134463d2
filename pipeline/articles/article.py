"""Articles: a source's blocks and sentences, and the sentence table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.articles.layout import Block, blocks
from pipeline.articles.sentences import cuts
from pipeline.articles.source import Source, read_source
from pipeline.articles.speakers import by_inspectors, speakers
from pipeline.articles.text import source_spans

if TYPE_CHECKING:
    import pandas as pd

SPLITTER_VERSION = 1
"""Raised whenever a change makes the splitter cut any text differently."""

COLUMNS = ("id", "article", "position", "start", "end", "text", "block", "heading", "speaker")


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
        return cls(source, blocks(source.text))

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


def read_article(path: str | Path) -> Article:
    """Read a text or Markdown file (`-` for standard input) as an article.

    Raises `ArticleError` when the file is missing, unreadable, too large, empty or not text.
    """
    return Article.of(read_source(path))


def split_sentences(text: str, name: str = "text") -> pd.DataFrame:
    """Split one article's text into a sentence table: a row per sentence, in reading order (columns: `COLUMNS`)."""
    return sentence_table([Article.of(Source(name, text))])


def sentence_table(articles: Iterable[Article]) -> pd.DataFrame:
    """The sentence table of articles, in their order."""
    import pandas as pd

    columns: dict[str, list[object]] = {name: [] for name in COLUMNS}
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
    types = {"position": "int64", "start": "int64", "end": "int64"}
    return pd.DataFrame({name: pd.Series(values, dtype=types.get(name, "str")) for name, values in columns.items()})
