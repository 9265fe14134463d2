import pytest

from pipeline.articles.lines import lines, mark_furniture, wrap_width

WRAPPED = (
    "Children in Aldbrook who need help are seen quickly by workers who\n"
    "know them and who listen to what they say about life at home, and\n"
    "families told inspectors that this had made a difference to them.\n"
)


def furniture_of(text):
    found = lines(text)
    mark_furniture(found, wrap_width(found))
    return [line.text for line in found if line.furniture]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\x85", "\u2028", "\u2029"])
def test_every_line_end_counts_once(end):
    text = f"One{end}{end}Two{end}Three{end}"
    found = lines(text)
    assert [(line.text, line.gap) for line in found] == [("One", 0), ("Two", 1), ("Three", 0)]
    assert [text[line.start : line.end] for line in found] == ["One", "Two", "Three"]


def test_a_form_feed_starts_a_page():
    assert [(line.text, line.page) for line in lines("One\n\fTwo\n\f\n\fFour")] == [("One", 0), ("Two", 1), ("Four", 3)]


def test_space_and_characters_that_take_no_room_are_no_part_of_a_line():
    text = "\ufeff\u200b One \u200b\n\u200b\u2060\n\t Two\xa0"
    found = lines(text)
    assert [(line.text, line.gap) for line in found] == [("One", 0), ("Two", 1)]
    assert [text[line.start : line.end] for line in found] == ["One", "Two"]


def test_glued_site_text_is_a_line_of_its_own():
    text = "Children waited outside.Image source, Getty ImagesImage caption, The hall"
    found = lines(text)
    assert [line.text for line in found] == [
        "Children waited outside.",
        "Image source, Getty Images",
        "Image caption, The hall",
    ]
    assert [text[line.start : line.end] for line in found] == [line.text for line in found]


def test_the_wrap_width_is_that_of_lines_that_go_on():
    assert 60 <= wrap_width(lines(WRAPPED)) <= 70


def test_paragraphs_on_lines_of_their_own_are_not_wrapped():
    assert wrap_width(lines("Children are seen quickly and are safe.\n\nThey are heard.\nWorkers stay.")) == 0
    assert wrap_width([]) == 0


def test_what_recurs_at_the_edges_of_pages_is_furniture_whatever_its_number():
    page = "Inspection of Aldbrook services {0}\n\n" + WRAPPED + "\n{0}\n\f"
    found = furniture_of("".join(page.format(number) for number in range(1, 6)))
    assert [text for text in found if text.startswith("Inspection")] == [
        f"Inspection of Aldbrook services {number}" for number in (2, 3, 4, 5)
    ]


def test_a_heading_that_stands_in_the_contents_too_is_no_running_header():
    pages = ["Contents\nFindings for children\nNext steps", *(f"Page text {word}\n{WRAPPED}" for word in "abcdefgh")]
    pages[3] = "Findings for children\n" + WRAPPED
    assert "Findings for children" not in furniture_of("\n\f".join(pages))


def test_an_address_in_a_wrapped_letter_is_furniture():
    address = ["Harbour House", "4 Quay Lane", "Aldbrook AB1 2CD", "T 01632 960 999"]
    assert furniture_of(WRAPPED + "\n" + "\n".join(address) + "\n\n" + WRAPPED) == address


def test_names_and_posts_under_a_signature_are_furniture_and_a_sentence_after_them_is_not():
    text = "Yours sincerely\n\nJo Bell\nHer Majesty’s Inspector.\n\nChildren are safe. A plan will follow in May."
    assert furniture_of(text) == ["Jo Bell", "Her Majesty’s Inspector."]


def test_a_post_is_furniture_under_a_byline_only():
    assert furniture_of("By Jo Bell\nNorth region news\nChildren are safe.") == ["North region news"]
    assert furniture_of("Children are safe.\nNorth region news\nBy Jo Bell") == []


def test_links_after_an_article_are_furniture():
    links = ["Related topics", "Aldbrook", "More on this story", "Council sells its boats"]
    assert furniture_of("\n".join(["Children are safe.", *links])) == links


def test_a_heading_after_related_links_inside_an_article_is_not():
    assert furniture_of("Latest news\nCouncil praised\nChildren are safe.") == []
