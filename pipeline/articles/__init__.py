"""Articles: a file's text, cut into blocks and sentences that know their place in it."""

from pipeline.articles.article import (
    COLUMNS,
    SPLITTER_VERSION,
    Article,
    read_article,
    read_articles,
    sentence_table,
    split_sentences,
)
from pipeline.articles.paths import expand
from pipeline.articles.readers import read_source, read_sources
from pipeline.articles.readers.formats import DOCUMENTS, SUFFIXES
from pipeline.articles.source import Failure, Source

__all__ = [
    "COLUMNS",
    "DOCUMENTS",
    "SPLITTER_VERSION",
    "SUFFIXES",
    "Article",
    "Failure",
    "Source",
    "expand",
    "read_article",
    "read_articles",
    "read_source",
    "read_sources",
    "sentence_table",
    "split_sentences",
]
