"""What is read of a file, and how it is told."""

from __future__ import annotations

import io

from pipeline.articles.readers.reading import take
from pipeline.articles.source import Failure, Source
from pipeline.settings import load_settings

SETTINGS = load_settings().articles
BODY = "Social workers visit children often, and know them well enough to notice when things change."


def taken(data: bytes, name: str) -> Source:
    """The article."""
    [item] = take(io.BytesIO(data), name, SETTINGS)
    assert isinstance(item, Source), item
    return item


def refused(data: bytes, name: str, settings=SETTINGS) -> str:
    """Why it can't be read, which is one line."""
    [item] = take(io.BytesIO(data), name, settings)
    assert isinstance(item, Failure), item
    assert "\n" not in item.message
    return item.message


def lines(source: Source) -> list[tuple[str, str]]:
    """The lines of a source that have text, each with its hint."""
    found, at = [], 0
    for line in source.text.split("\n"):
        if line:
            found.append((source.hints.get(at, ""), line))
        at += len(line) + 1
    assert sum(hint != "" for hint, _ in found) == len(source.hints)
    return found


def names(items: list[Source | Failure]) -> list[str]:
    """The names of articles, and what is said of those that can't be read."""
    return [item.name if isinstance(item, Source) else item.message for item in items]
