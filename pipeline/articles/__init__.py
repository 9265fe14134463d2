"""Articles: a file's text, cut into blocks and sentences that know their place in it."""

from pipeline.articles.article import COLUMNS, SPLITTER_VERSION, Article, read_article, sentence_table, split_sentences
from pipeline.articles.source import SUFFIXES, Source, expand, read_source

__all__ = [
    "COLUMNS",
    "SPLITTER_VERSION",
    "SUFFIXES",
    "Article",
    "Source",
    "expand",
    "read_article",
    "read_source",
    "sentence_table",
    "split_sentences",
]
