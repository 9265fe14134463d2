import pytest

from pipeline.articles.site import glued, is_call, is_caption, is_label, is_link_list


@pytest.mark.parametrize(
    "line",
    [
        "Published",
        "Image source, Getty Images",
        "Getty Images",
        "Comments (11)",
        "3 comments",
        "Privacy policy",
        "Home > News > Children",
        "Home | News | Sport",
        "NEWS SPORT WHAT'S ON JOBS OBITUARIES",
        "Related topics",
        "Related topics: Aldbrook, Social care",
        "More on this story",
        "Most read",
        "Topics: Ofsted, care leavers",
        "Advertisement",
        "Sponsored: Boats by Bell & Sons",
        "Notes to editors",
        "- ENDS -",
        "Press office: 01632 960 999",
        "4 min read",
    ],
)
def test_labels_of_a_page(line):
    assert is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "Published figures show that fewer children are in care",
        "Sponsored places are taken up by most families",
        "Promoted by managers, workers feel valued",
        "Search for homes goes on",
        "Related support for carers has grown",
        "More from leaders is needed",
        "Listen to children, inspectors tell council",
        "News and views of young people",
        "Education and health",
        "Topics that children raised",
        "Comments from children were warm",
    ],
)
def test_headlines_that_begin_like_labels_are_none(line):
    assert not is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "Sign up to our newsletter.",
        "Share this article",
        "Share",
        "Follow us on Chirper.",
        "Read more: what the report said",
        "Do you have a story? Tell our newsdesk.",
        "We use cookies to make this site better.",
        "© Aldbrook Council 2024",
        "(c) Crown copyright 2020",
        "What do you think? Tell us in the comments.",
        "For more information, visit our website.",
        "This page was last changed in May.",
        "See also: What is a virtual school?",
    ],
)
def test_calls_to_the_reader(line):
    assert is_call(line)


@pytest.mark.parametrize(
    "line",
    [
        "Share of children in care rises to a tenth.",
        "Sign up rates are low.",
        "Like us, they had waited years.",
        "Reading is encouraged in every home.",
        "Readers of the plans would not know the child.",
        "(c) the speed of return home interviews;",
        "For more information workers turn to the hub, which answers promptly.",
        "What do you do when a child goes missing?",
        "Comments by children are recorded.",
        "This page of the plan is often blank.",
        "Followed up well, referrals lead to help.",
    ],
)
def test_sentences_that_begin_like_calls_are_none(line):
    assert not is_call(line)


def test_headings_of_lists_of_links():
    assert is_link_list("Related internet links")
    assert is_link_list("More on this story:")
    assert not is_link_list("Related topics: Aldbrook")
    assert not is_link_list("Related to this, children are seen alone")


@pytest.mark.parametrize(
    "line",
    [
        "Image caption, The hall in Aldbrook",
        "Picture: Jo Bell",
        "Photo by Jo Bell",
        "[Photo: the harbour. Credit: Bell Images]",
        "Pictured, from left: Jo and Al",
        "Credit: Aldbrook Council",
        "The hall in Aldbrook (Picture: Jo Bell)",
        "The hall – photo courtesy of the council",
    ],
)
def test_captions_and_credits(line):
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "Pictures, drawings and stories are used to help children.",
        "Photographs, school attendance and dental records are brought together.",
        "Picture boards help children to say what they feel.",
        "Credit is due to the carers.",
        "Image source, Getty Images",
        "Picture: " + "a long sentence " * 20,
    ],
)
def test_sentences_about_pictures_are_no_captions(line):
    assert not is_caption(line)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("waited outside.Image source, PA", ["waited outside.", "Image source, PA"]),
        ("Getty ImagesImage caption, The hall", ["Getty Images", "Image caption, The hall"]),
        ("“They wait.”Read more", ["“They wait.”", "Read more"]),
        ("It was built in May. Picture: Jo Bell", ["It was built in May.", "Picture: Jo Bell"]),
        ("The civic hall. Photo: A. Frame", ["The civic hall.", "Photo: A. Frame"]),
        ("They press the “Read more” button.", ["They press the “Read more” button."]),
        ("Every picture. Image after image.", ["Every picture. Image after image."]),
        ("[Photo: the hall. Credit: PA]", ["[Photo: the hall. Credit: PA]"]),
    ],
)
def test_what_is_glued_to_a_line_is_cut_off(line, parts):
    cuts = glued(line)
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(line)]
    assert [line[start:end] for start, end in zip(starts, ends, strict=True)] == parts
