"""Labelled documents and sentences: read, checked row by row, fingerprinted, split by article."""

from pipeline.corpus.documents import Document, Unit
from pipeline.corpus.reading import Corpus, check_corpus, read_corpus

__all__ = ["Corpus", "Document", "Unit", "check_corpus", "read_corpus"]
