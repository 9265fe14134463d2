"""About: the title, date and site of a page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples.pages import STORY, page, shown

from pipeline.articles.readers.html.about import iso


@pytest.mark.parametrize(
    ("head", "body", "opening"),
    [
        ("<title>Better - The Crier</title>", "<h1>Better</h1>", ["Better", "The Crier"]),
        ("<title>Better | The Crier</title>", "", ["Better", "The Crier"]),
        ("<title>Fenbridge - the worst is over</title>", "", ["Fenbridge - the worst is over"]),
        ("<title>Crier</title><meta property=og:site_name content=Crier>", "<h1>Crier</h1>", ["Crier", "Crier"]),
        ("<meta property='og:title' content='Better &amp; better'>", "", ["Better & better"]),
        ("<meta name=generator content='Microsoft Word 15'><title>Document1</title>", "", []),
        ("<title>Better</title>", "<header><h1>The Crier</h1></header><h1>Better</h1>", ["Better", "The Crier"]),
    ],
)  # fmt: skip
def test_title_and_site(head: str, body: str, opening: list[str]) -> None:
    lines = shown(page(f"{body}{STORY}", head))
    assert [line for kind, line in lines if kind != "-"] == opening
    assert not opening or lines[0][1] == opening[0]


@pytest.mark.parametrize(
    ("head", "before", "date"),
    [
        ("<meta property='article:published_time' content='2021-03-04T23:59:00Z'>", "", "2021-03-04"),
        ("<meta name='DC.date.issued' content='20210304'>", "", "2021-03-04"),
        ('<script type="application/ld+json">{"datePublished": "2021-03-04T10:00"}</script>', "", "2021-03-04"),
        ("", "<time datetime='2021-03-04'>Thursday</time>", "2021-03-04"),
        ("", "<time>4 March 2021</time>", "2021-03-04"),
        ("", "<p>Published: 4 March 2021 10:15</p>", "2021-03-04"),
        ("", "<p>Thursday 4th March 2021</p>", "2021-03-04"),
        ("", "<p>March 4, 2021</p>", "2021-03-04"),
        ("<meta property='article:modified_time' content='2021-03-04'>", "", ""),
        ("<link rel=canonical href='https://crier.example/2021/03/04/better'>", "", ""),
        ("", "<p>Updated <time datetime='2021-03-04'>4 March 2021</time></p>", ""),
        ("", "<p>Last updated: 4 March 2021</p>", ""),
        ("", "<p>Inspection dates: 1 to 4 March 2021</p>", ""),
        ("", "<p>04/03/2021</p>", ""),
        ("<meta name=date content='2021-02-30'>", "", ""),
        ("", "<p>Copyright 2021</p>", ""),
    ],
)
def test_date(head: str, before: str, date: str) -> None:
    found = [
        line
        for line in shown(page(f"<h1>Better</h1>{before}{STORY}", head))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", line[1])
    ]
    assert found == ([("furniture", date)] if date else [])


def test_a_date_in_the_text_is_not_the_pages() -> None:
    assert not re.search(r"\d{4}-", page(f"<h1>Better</h1>{STORY}<p><time datetime='2021-03-04'>then</time>").text)


@given(st.text())
def test_iso_is_a_day_or_nothing(text: str) -> None:
    assert re.fullmatch(r"|\d{4}-\d\d-\d\d", iso(text))
