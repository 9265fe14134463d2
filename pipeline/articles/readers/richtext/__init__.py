"""Rich text (.rtf): its paragraphs, those of tables and text boxes among them, and footnotes after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.articles.readers.plain import bounded
from pipeline.articles.readers.richtext.document import Document
from pipeline.articles.source import Source
from pipeline.settings import ArticleSettings

__all__ = ["read"]


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """The text of a document, without headers and footers, deleted and hidden text, and comments."""
    data = bounded(file, name, settings.max_megabytes)
    yield Document(name).draft(data.decode("latin-1")).source(name)
