"""Content: the article of a page, and what surrounds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples.pages import STORY, page, shown, texts


@pytest.mark.parametrize(
    "around",
    [
        "<nav><p>{}</p></nav>",
        "<div class='cookie-banner'><p>{}</p></div>",
        "<div id='onetrust-consent-sdk'><p>{}</p></div>",
        "<section class='comments'><p>{}</p></section>",
        "<div class='relatedArticles'><p>{}</p></div>",
        "<div class='newsletter_signup'><p>{}</p></div>",
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        "<div role=dialog><p>{}</p></div>",
        "<p><a href=/x>{}</a></p>",
    ],
)
@pytest.mark.parametrize("amid", [True, False])
def test_what_surrounds_the_text_is_left_out(around: str, amid: bool) -> None:
    other = around.format("The ferry to the islands will not sail again before the summer, its owner says")
    more = "<p>They also said that care leavers had told them how much they liked their new advisers.</p>"
    story = f"<h1>Better</h1>{STORY}{other if amid else ''}{more}{'' if amid else other}"
    assert [kind for kind, _ in shown(page(f"<main>{story}</main>"))] == ["heading", "-", "-"]


def test_a_wrapper_named_after_what_it_isnt_is_kept() -> None:
    body = f"<div class='cookies-accepted share'><nav><a href=/>Home</a></nav><h1>Better</h1>{STORY}{STORY}</div>"
    assert len(texts(body)) == 3


def test_headings_of_what_was_left_out_go_too() -> None:
    lines = texts(
        f"<nav><a href=/>Home</a></nav><h1>Better</h1>{STORY}<h2>See also</h2><p><a href=/>A ferry</a></p>{STORY}"
    )
    assert "See also" in lines  # text stands under it
    lines = texts(
        f"<nav><a href=/>Home</a></nav><h1>Better</h1>{STORY}<h2>More</h2><p><a href=/>A ferry</a><h2>B</h2>{STORY}"
    )
    assert "More" not in lines
    assert "B" in lines


def test_a_page_without_main_text_is_read_whole_with_a_note() -> None:
    found = page("<nav><a href=/>Home</a></nav><p>Closed.</p><p><a href=/>Next</a></p>")
    assert found.text == "Closed.\n"
    found = page("<div><a href=/a>Fostering</a><br><a href=/b>Adoption</a></div>")
    assert found.notes == ("page.html: its main text can't be told from the rest: all of it is read",)
    assert found.text == "Fostering\nAdoption\n"


@given(st.lists(st.sampled_from([STORY, "<h2>A heading</h2>", "<ul><li>one<li>two</ul>", "<nav>a</nav>"]), max_size=20))
def test_no_line_of_plain_markup_is_lost(parts: list[str]) -> None:
    lines = texts(f"<div>{STORY}{''.join(parts)}</div>")
    assert lines.count(STORY[3:-4]) == 1 + parts.count(STORY)
