"""Carried columns: what a table of articles has beside their text, which goes through to the result."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

from pipeline.articles.paths import STDIN
from pipeline.articles.readers import read_sources
from pipeline.articles.readers.formats import JSONL, by_suffix
from pipeline.articles.source import Source
from pipeline.settings import ArticleSettings

_ROWS = 100


def carried_columns(files: Sequence[str], settings: ArticleSettings, taken: Collection[str]) -> dict[str, str]:
    """The columns, besides the text, of tables of articles among files, and the names that they get in a result.

    A table is known by its first row, JSON Lines by their first 100. A column under a name that is taken is called
    `input_…`.
    """
    found: dict[str, str] = {}
    for file in files:
        format = by_suffix(file)
        if file == STDIN or format is None or not format.collection:
            continue
        sources = (item for item in read_sources(file, settings=settings) if isinstance(item, Source))
        for source in islice(sources, _ROWS if format is JSONL else 1):
            for name in source.extra:
                found[name] = f"input_{name}" if name in taken or name.startswith("theme_") else name
    return found
