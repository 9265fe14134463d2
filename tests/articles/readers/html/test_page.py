"""Saved pages: `pages/` has some of each shape, with the lines that are read from them and their hints."""

from __future__ import annotations

import socket
from io import BytesIO
from pathlib import Path

import pytest
from samples.pages import STORY, shown

from pipeline.articles.article import Article
from pipeline.articles.readers import read_source
from pipeline.articles.readers.html import read, source
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings, load_settings

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))


@pytest.fixture(scope="module")
def settings() -> ArticleSettings:
    return load_settings().articles


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path, settings: ArticleSettings) -> None:
    (found,) = read(BytesIO(path.read_bytes()), path.name, settings)
    lines = [f"{kind:<10}{line}" for kind, line in shown(found)]
    assert lines == path.with_suffix(".txt").read_text("utf-8").splitlines()
    assert len(found.hints) == sum(not line.startswith("-") for line in lines)
    assert bool(found.notes) == (path.stem == "old_council_of_layout_tables")


def test_is_read_as_the_format_it_is() -> None:
    path = next(path for path in PAGES if path.stem == "broadcaster")
    found = read_source(path)
    assert found.text == source(path.read_bytes(), path.name).text
    kinds = {block.text: block.kind for block in Article.of(found).blocks}
    assert kinds["plans were not clear enough"] == "bullet"
    assert kinds["Broadcaster News"] == kinds["2024-03-08"] == "furniture"
    assert kinds["'Not good enough'"] == "heading"


def test_too_large(settings: ArticleSettings) -> None:
    with pytest.raises(ArticleError, match="larger than 20 MB"):
        list(read(BytesIO(b"<p>a" * 12_500_000), "page.html", settings))


def test_nothing_touches_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    for path in PAGES:
        source(path.read_bytes(), path.name)
    markup = (
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "http://dtd.example/x.dtd" '
        '[<!ENTITY % p SYSTEM "http://e.example/">%p;]>'
        "<html><head><base href='http://b.example/'><link rel=stylesheet href='//c.example/c.css'></head><body>"
        "<img src='//i.example/'>"
        f"<iframe src='http://f.example/'></iframe><xi:include href='http://x.example/'/><h1>Better</h1>{STORY}</body></html>"
    )
    assert source(markup.encode(), "page.html").text.startswith("Better\n")
