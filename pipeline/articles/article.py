"""Articles: a source's blocks and sentences, and the sentence table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.articles import layout, punkt
from pipeline.articles.layout import Block
from pipeline.articles.source import Source, read_source
from pipeline.articles.speakers import by_inspectors, speakers

if TYPE_CHECKING:
    import pandas as pd

SPLITTER_VERSION = 1
"""Raised whenever a change makes the splitter cut any text differently."""

COLUMNS = ("id", "article", "position", "start", "end", "text", "block", "heading", "speaker")

_LOWER_AFTER_QUOTE = re.compile(r"[\"”’')\]]$")
# "children.The council": a space lost where lines or tags were joined; "plans.3 The": a footnote's mark.
_LOST_SPACE = re.compile(r"(?<=[a-z]{3}[.?!])(?=[A-Z][a-z]+[ ,])|(?<=[a-z]{3}\.)\d{1,2} (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Sentence:
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
        return cls(source, layout.blocks(source.text))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The article's units in reading order."""
        found = [sentence for block in self.blocks for sentence in _sentences(block)]
        # A paragraph that a page break interrupted covers the furniture in between; reading order is by start.
        return found

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


def _sentences(block: Block) -> list[Sentence]:
    text = block.text
    if block.kind in ("paragraph", "bullet", "quote"):
        skipped = marker.end() if (marker := layout.MARKER.match(text)) and block.marked else 0
        cuts = _mended(text, _cut(text, skipped)) if skipped < len(text) else []
        cuts = [(0, cuts[0][1]), *cuts[1:]] if cuts else [(0, len(text))]
    else:
        cuts = [(0, len(text))]
    found = []
    for start, end in cuts:
        source_start = layout.source_offset(block, start)
        source_end = layout.source_offset(block, end - 1) + 1
        found.append(Sentence(source_start, source_end, text[start:end], block.kind, block.heading))
    return found


def _cut(text: str, skipped: int) -> list[tuple[int, int]]:
    if not skipped:
        return punkt.spans(text)
    return [(start + skipped, end + skipped) for start, end in punkt.spans(text[skipped:])]


def _mended(text: str, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Mend what Punkt's rules leave: `"Why?" she asked` is one sentence, and a lost space still ends one."""
    mended: list[tuple[int, int]] = []
    for start, end in cuts:
        if mended and text[start].islower() and _LOWER_AFTER_QUOTE.search(text[: mended[-1][1]][-1:]):
            start = mended.pop()[0]
        for lost in _LOST_SPACE.finditer(text, start, end):
            if "@" not in text[start:end] and "www." not in text[start:end] and lost.start() > start:
                mended.append((start, max(lost.end() - 1, lost.start()) if lost.end() > lost.start() else lost.start()))
                start = lost.end()
        mended.append((start, end))
    return mended
