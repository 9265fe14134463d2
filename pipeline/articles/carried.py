"""Carried columns: what a table of articles has beside their text, which goes through to the result."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.articles.readers import read_columns
from pipeline.articles.readers.streams import is_stream
from pipeline.settings import ArticleSettings


def carried_columns(files: Iterable[str], settings: ArticleSettings) -> list[str]:
    """The columns, besides the text, of tables of articles among files, in the order in which they come.

    Standard input and pipes, which can be read once only, are left for those who read their articles.
    """
    read = (read_columns(file, settings) for file in files if not is_stream(file))
    return list(dict.fromkeys(name for names in read for name in names))


def free_names(columns: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """The names of columns in a result, each its own: one under a name that is taken there is called `input_…`."""
    names: dict[str, str] = {}
    used = set(taken)
    for column in columns:
        name = column
        while name in used or name.startswith("theme_"):
            name = f"input_{name}"
        names[column] = name
        used.add(name)
    return names
