"""Saved pages, and what is read of them."""

from __future__ import annotations

from pipeline.articles.readers.html import source
from pipeline.articles.source import Source
from samples.readings import lines

STORY = "<p>Inspectors said that the council’s work with children in care was better than it had been before.</p>"


def page(body: str, head: str = "") -> Source:
    """What is read of a page with this body and head."""
    markup = f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return source(markup.encode(), "page.html")


def shown(page: Source) -> list[tuple[str, str]]:
    """The lines of a page, each with its hint, or a dash."""
    return [(hint or "-", line) for hint, line in lines(page)]


def texts(body: str, head: str = "") -> list[str]:
    """The lines of such a page."""
    return [line for _, line in shown(page(body, head))]
