"""Blocks: the lines that a page shows, and what its tags say of them."""

from __future__ import annotations

import pytest
from samples.pages import STORY, page, shown, texts

from pipeline.articles.readers.html import blocks
from pipeline.errors import ArticleError


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>in<b>spect</b>or<i>s</i>", ["inspectors"]),
        ("<p>one<br>line", ["one line"]),
        ("<p>One sentence.<br>Another.", ["One sentence.", "Another."]),
        ("<p>1 High Street<br>Fenbridge", ["1 High Street", "Fenbridge"]),
        ("<div>One<br> <br>two<br>&nbsp;<br>three", ["One", "two", "three"]),
        ("<h2>A<br>heading</h2>", ["A heading"]),
        ("<p>fish &amp; chips &lt;b&gt; &pound;5 &#8217; &#146; &hellip;", ["fish & chips <b> £5 ’ ’ …"]),
        ("<p>10&nbsp;May<p>&nbsp;<p>care&shy;leavers", ["10\xa0May", "care\xadleavers"]),
        ("<p>  a \n\t b\u2028c  </p>", ["a b c"]),
        ("<table><tr><th>Area<th>Grade<tr><td><p>Leaders</p><td>Good<br>now", ["Area | Grade", "Leaders | Good now"]),
        ("<table><tr><td>Menu<td><h2>News</h2><p>Some.<p>More.</table>", ["Menu", "News", "Some.", "More."]),
        ("<pre>One line\n  another\n\nA block</pre>", ["One line", "another", "A block"]),
        ("<p>plan<sup><a href=#n1>1</a></sup> of the 1<sup>st</sup>", ["plan of the 1st"]),
        ("<p>before<div>within</div>after", ["before", "within", "after"]),
        ("just text", ["just text"]),
        ("<p>unclosed <b>bold <i>both<p>next", ["unclosed bold both", "next"]),
        ("<p>a<script>x</script>b<style>y</style>c<!-- z -->d<svg><text>w</text></svg>e", ["abcde"]),
        ("<p hidden>no<p style='display: none'>no<p>yes<select><option>no</select>", ["yes"]),
        ("<p>He said <q>no</q>.", ["He said “no”."]),
        ("<dl><dt>Date:<dd>3 May<dt>Why<dd>It was late, we hear.", ["Date: 3 May", "Why", "It was late, we hear."]),
    ],
)  # fmt: skip
def test_text(body: str, lines: list[str]) -> None:
    assert texts(body) == lines


def test_paragraphs_are_an_empty_line_apart_and_lines_of_one_are_not() -> None:
    assert page("<p>One.<br>Two.<p>Three.").text == "One.\nTwo.\n\nThree.\n"


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("<h1>A</h1><h6>B</h6><p>C.", ["heading", "heading", "-"]),
        ("<div role=heading aria-level=3>A</div><p>B.", ["heading", "-"]),
        ("<p><b>What went well</b></p><p>All of it.", ["heading", "-"]),
        ("<p><b>Inadequate</b></p><p>All of it.", ["-", "-"]),
        ("<p><b>A standfirst that is a sentence.</b></p><p>All of it.", ["-", "-"]),
        ("<p><b>Last line</b></p>", ["-"]),
        ("<p>Yes.<p><b>Ofsted</b><p><b>Bell Lane</b><p>Dear Jo<p>We", ["-", "-", "-", "-", "-"]),
        ("<p>Yes.<p><b>A</b><p><b>B</b><p><b>C</b><p><b>D</b><p>We", ["-", "-", "-", "heading", "heading", "-"]),
        ("<ul><li><p>one</p><p>more of it</p><li>two</ul>", ["bullet", "-", "bullet"]),
        ("<ol><li>one<ul><li>within</ul></ol>", ["bullet", "bullet"]),
        ("<blockquote>We will.<br>We can.</blockquote>", ["quote", "quote"]),
        ("<figure><img><figcaption>An office</figcaption></figure>", ["caption"]),
        ("<p class='wp-caption-text'>An office", ["caption"]),
        (f"<figure>{STORY * 5}</figure>", ["caption"] * 5),
        ("<p class='byline'>Jo Bell, reporter<p class='article-meta'>It was a long day.", ["furniture", "-"]),
        ("<ul><li>3 May<li>By Jo Bell</ul><p>Text.", ["furniture", "furniture", "-"]),
        ("<table><tr><td>Leaders<td>Good</table>", ["paragraph"]),
    ],
)  # fmt: skip
def test_hints(body: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in shown(page(body))] == kinds


@pytest.mark.parametrize("body", ["<i></i>" * 1_000, "<p>a" * 400, "<pre>" + "a\n\n" * 400 + "</pre>"])
def test_too_many_elements(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_MOST_ELEMENTS", 999)
    monkeypatch.setattr(blocks, "_MOST_BLOCKS", 399)
    with pytest.raises(ArticleError, match=r"page.html: has more than (999 elements|399 paragraphs): split it"):
        page(body)
