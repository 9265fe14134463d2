"""Pages without text, pages that could take long, and tag soup."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples.pages import page

from pipeline.articles.article import Article
from pipeline.articles.readers.html import source
from pipeline.articles.source import KINDS, Source
from pipeline.errors import ArticleError


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<html></html>",
        "<html><head><title>Only a title</title></head></html>",
        "<html><body><script>document.write('x')</script><noscript>Turn it on</noscript></body></html>",
        "<html><frameset cols='20%,80%'><frame src='a.html'><noframes>No frames</noframes></frameset></html>",
        "<!-- only a comment -->",
        "<body>&nbsp;<p> </p>&#8203;<br><img src='data:image/gif;base64,R0lGODlh' alt='A picture'></body>",
        "\0\0\0",
    ],
)
def test_no_text(markup: str) -> None:
    with pytest.raises(ArticleError, match=r"page.html: no text in it: save the whole page"):
        source(markup.encode(), "page.html")


@pytest.mark.parametrize(
    "body",
    [
        "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">text</p>",
        "<p class='" + "x y " * 1_000_000 + "'>text</p>",
        "<p>text<img src='data:image/png;base64," + "iVBORw0KGgo" * 400_000 + "'></p>",
        "<p>text" + "<time>" * 20_000,
        "<p>text" + " " * 5_000_000,
        "<p>text" + ("<table><tr><td>" * 500 + "</table>" * 500) * 5,
        "<p>text<!--" + "<!--" * 1_000_000,
        "<p>text</p>" + "<br>" * 200_000,
    ],
    ids=["attributes", "classes", "picture", "times", "spaces", "tables", "comments", "breaks"],
)
def test_what_could_take_long_does_not(body: str) -> None:
    start = time.monotonic()
    assert page(body).text == "text\n"
    assert time.monotonic() - start < 20


BLOCKS = (
    "p",
    "div",
    "table",
    "tr",
    "td",
    "li",
    "ul",
    "h1",
    "h2",
    "blockquote",
    "figure",
    "pre",
    "dl",
    "dt",
    "dd",
    "form",
)
OTHERS = (
    "b",
    "a",
    "br",
    "time",
    "nav",
    "article",
    "script",
    "style",
    "svg",
    "head",
    "body",
    "html",
    "meta",
    "q",
    "sup",
)
TAG = re.compile(rf"</?(?:{'|'.join(BLOCKS + OTHERS)})(?:\s[^<>]*)?>", re.IGNORECASE)
ATTRIBUTES = (
    "",
    "class='nav share'",
    "class=byline",
    "hidden",
    "href=x",
    "style='font-weight:bold'",
    "datetime=2020-01-01",
)
ODD = (
    "&nbsp;",
    "&#x85;",
    "&#8232;",
    "&shy;",
    "&#0;",
    "&bogus;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<p a='",
    "Yes. ",
    "\n",
)
names = st.sampled_from(BLOCKS + OTHERS)
words = st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs"]), max_size=12)
tags = st.one_of(st.builds("<{} {}>".format, names, st.sampled_from(ATTRIBUTES)), names.map("</{}>".format))
soup = st.lists(st.one_of(tags, words, st.sampled_from([*ODD, "a b c d e f g h. "])), max_size=60).map("".join)


def check(found: Source) -> None:
    for at, kind in found.hints.items():
        start = found.text.rfind("\n", 0, at) + 1
        assert at == start  # lines are stripped
        assert not found.text[at].isspace()
        assert kind in KINDS
    assert found.text.strip("\n")
    assert "\n\n\n" not in found.text
    Article.of(found)


@given(soup)
def test_soup_is_read_or_has_no_text(markup: str) -> None:
    try:
        found = source(markup.encode(), "page.html")
    except ArticleError as error:
        assert str(error).startswith("page.html: ")
    else:
        check(found)
        assert not TAG.search(found.text)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<meta charset=big5>", b"<?xml encoding='utf-7'?>", b"\xff\xfe"])
)
def test_any_bytes_are_read_or_refused(data: bytes, before: bytes) -> None:
    try:
        check(source(before + data, "page.html"))
    except ArticleError as error:
        assert "\n" not in str(error)
