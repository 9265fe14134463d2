"""Carried columns: what a table of articles has beside their text, which goes through to the result."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Sequence
from itertools import islice

from pipeline.articles.paths import STDIN
from pipeline.articles.readers import read_sources
from pipeline.articles.readers.formats import GZIP, ZIP, by_suffix
from pipeline.articles.readers.package import UNPACKING_ERRORS
from pipeline.articles.source import Source
from pipeline.settings import ArticleSettings

_ARTICLES = 1000


def carried_columns(files: Sequence[str], settings: ArticleSettings, taken: Collection[str]) -> dict[str, str]:
    """The columns, besides the text, of tables of articles among files, and the names that they get in a result.

    A file's are those of its first 1000 articles. A column under a name that is taken is called `input_…`.
    """
    found: dict[str, str] = {}
    for file in files:
        if file == STDIN or not _may_hold_tables(file):
            continue
        # So many that few files are broken off, which costs the process that reads them.
        for item in islice(read_sources(file, settings=settings), _ARTICLES):
            for name in item.extra if isinstance(item, Source) else ():
                found[name] = f"input_{name}" if name in taken or name.startswith("theme_") else name
    return found


def _may_hold_tables(file: str) -> bool:
    """Whether a file's name, or the names of the files in it, promise a table, or what one may be in."""
    format = by_suffix(file)
    if format is ZIP:
        try:
            with zipfile.ZipFile(file) as archive:
                inner = [by_suffix(name) for name in archive.namelist()]
        except (OSError, *UNPACKING_ERRORS):
            return False  # reading it says what is wrong with it
        return any(one.collection for one in inner if one)
    if format is GZIP:
        format = by_suffix(file[:-3])
    return format is not None and format.collection
