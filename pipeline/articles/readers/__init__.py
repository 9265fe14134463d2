"""Readers: files of many formats to the texts of articles. One module reads each format; `formats` lists them."""

from pipeline.articles.readers.reading import read_columns, read_source, read_sources

__all__ = ["read_columns", "read_source", "read_sources"]
