"""Asides in an article: those that are part of it are read, others are not."""

from __future__ import annotations

import time

import pytest
from samples.pages import STORY, shown, texts
from samples.pages import page as read

MORE = "<p>They also said that care leavers had told them how much they liked their new advisers.</p>"
REST = """<p>The council’s leader, Mabel Orrin, said that the report was fair and that its staff had earned it.</p>
<p>She added that the council would now put more money into homes for children near the places they know best.</p>
<p>Wendham has 212 children in care, a few more than it had when inspectors came to see its services last.</p>"""
LIST = "<ul><li>visits to children in care are late<li>plans for care leavers have improved</ul>"
PROSE = "<p>Wendham’s services were last inspected in 2019, when they required improvement.</p>"
FINDINGS = f"<aside class=pull-out><h3>Key findings</h3>{LIST}</aside>"


def article(*parts: str) -> str:
    return f"<nav><a href=/>Home</a></nav><main><article><h1>Better</h1>{STORY}{REST}{''.join(parts)}</article></main>"


def lines(body: str) -> list[tuple[str, str]]:
    return [(kind, line) for kind, line in shown(read(body)) if line not in texts(article(MORE))]


@pytest.mark.parametrize(
    "place", [(FINDINGS, MORE), (MORE, FINDINGS), (MORE, "<div class=share>Share</div>", FINDINGS)]
)
def test_a_list_of_findings_is_read(place: tuple[str, ...]) -> None:
    assert lines(article(*place)) == [
        ("heading", "Key findings"),
        ("bullet", "visits to children in care are late"),
        ("bullet", "plans for care leavers have improved"),
    ]


@pytest.mark.parametrize(
    "box",
    [
        f"<aside>{PROSE}</aside>",
        f"<aside role=complementary><div>{PROSE}</div></aside>",
        f"<aside>{PROSE}<p><a href=/report>Read all that inspectors said of Wendham in March</a></p></aside>",
        f"<aside>{PROSE}<menu><li>Next</menu></aside>",
    ],
)
def test_prose_is_read_without_the_links_under_it(box: str) -> None:
    assert lines(article(box, MORE)) == [("-", PROSE[3:-4])]


def test_a_heading_in_a_box_heads_nothing_after_it() -> None:
    body = article(FINDINGS, MORE, "<h2>Leaders</h2>", "<p>Leaders know their services well, inspectors said.</p>")
    kinds = [line for kind, line in shown(read(body)) if kind == "heading"]
    assert kinds == ["Better", "Key findings", "Leaders"]
    found = texts(body)
    assert found.index("Key findings") > found.index(MORE[3:-4])
    unheaded = texts(article(f"<aside>{PROSE}</aside>", MORE))
    assert unheaded.index(PROSE[3:-4]) < unheaded.index(MORE[3:-4])


@pytest.mark.parametrize(
    "box",
    [
        "<aside><h3>Related stories</h3><ul><li><a href=/a>A ferry sails again after the storm</a></ul></aside>",
        "<aside><ul><li><a href=/a>A ferry sails again</a><li><a href=/b>A bridge is to close</a></ul></aside>",
        "<aside><h3><a href=/a>A ferry sails</a></h3><p>The ferry to the islands sailed again on Monday.</p></aside>",
        f"<aside>{PROSE}<ul><li><a href=/a>A ferry sails</a><li><a href=/b>A bridge is to close</a></ul></aside>",
        f"<aside class=related>{LIST}</aside>",
        f"<aside class=author>{PROSE}</aside>",
        f"<aside role=navigation>{LIST}</aside>",
        f"<aside><h3>Most read</h3>{LIST}</aside>",
        f"<aside><p><b>More on this story</b></p>{LIST}</aside>",
        "<aside><p>Our newsletter has the news of Wendham for you, every single morning.</p></aside>",
        f"<aside><form><input type=email></form>{PROSE}</aside>",
        f"<aside><article>{PROSE}</article></aside>",
        "<aside><p>Do you have a story that we should tell? Email us, we read it all.</p></aside>",
        "<aside><p>A ferry to the islands will not sail before the summer</p></aside>",
        "<aside><ul><li>Education<li>Fostering<li>Care leavers</ul></aside>",
        "<aside><ul><li>By Jo Bell, education reporter<li>Published on 3 May 2024</ul></aside>",
        "<aside><p>“Care leavers had told them how much they liked their new advisers.”</p><p>Inspectors</p></aside>",
        f"<footer><aside>{PROSE}</aside></footer>",
    ],
)
def test_what_leads_elsewhere_or_repeats_the_article_is_left_out(box: str) -> None:
    assert lines(article(box, MORE)) == []


@pytest.mark.parametrize("amid", ["<main><article>{}{}</article>{}</main>", "<main>{}{}</main>{}", "<div>{}{}{}</div>"])
def test_a_box_outside_the_article_is_left_out(amid: str) -> None:
    body = "<nav><a href=/>Home</a></nav>" + amid.format(f"<h1>Better</h1>{STORY}{REST}", MORE, FINDINGS)
    assert lines(body) == []


def test_a_box_without_an_article_element_is_read_in_the_main_one() -> None:
    body = f"<nav><a href=/>Home</a></nav><main><h1>Better</h1>{STORY}{REST}{FINDINGS}{MORE}</main>"
    assert len(lines(body)) == 3


def test_many_boxes_take_no_longer_than_their_text() -> None:
    started = time.perf_counter()
    assert len(texts(article(*[f"{STORY}<aside>{PROSE}</aside>"] * 2000))) > 4000
    assert time.perf_counter() - started < 30
