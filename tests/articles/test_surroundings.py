from pipeline.articles.lines import lines, wrap_width
from pipeline.articles.surroundings import mark_furniture

WRAPPED = (
    "Children in Aldbrook who need help are seen quickly by workers who\n"
    "know them and who listen to what they say about life at home, and\n"
    "families told inspectors that this had made a difference to them.\n"
)


def furniture_of(text):
    found = lines(text)
    mark_furniture(found, wrap_width(found))
    return [text for text, furniture in zip(found.texts, found.furniture, strict=True) if furniture]


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
