import pytest

from pipeline.articles.layout import Block
from pipeline.articles.sentences import cuts


def cut(text, kind="paragraph", marked=False):
    (found,) = cuts([Block(kind, [0], text, marked, text=text)])
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Children are safe.", "They are heard!", "Are they well?", "Yes."],
        ["Cllr. Gough welcomed it.", "So did Cllr Bell."],
        ["She lives in St. Helens.", "He lives near."],
        ["See No. 5 of the list.", "It is long."],
        ["Mr. J. R. Bell and A. Okafor wrote it.", "They met Dr. Moss."],
        ["J. Young spoke.", "So did Cllr P. Field."],
        ["Cllr. Bell and Mrs. Field came.", "It was late."],
        ["He chose plan B.", "The council agreed."],
        ["They thanked the Councillor.", "The council agreed."],
        ["They live in High St.", "The council agreed."],
        ["It rose by 3.4% to 12.5.", "Then it fell."],
        ["The figure was 60.", "Independent visitors came."],
        ["It met at 4 p.m. on Friday.", "All came."],
        ["Some needs, e.g. health, are met.", "Others (i.e. housing) are not."],
        ["They said “we listen … and act” to us.", "We agree."],
        ["“We listen.", "We act.", "We care,” she said.", "They do."],
        ['"We listen.', 'We act."', "She was right."],
        ["‘We listen.", "We act.’", "She was right."],
        ["They are safe (as are others).", "(This was not so in May.)", "Good."],
        ["“Why?” she asked.", "Nobody knew."],
        ["What now?!", "Nothing."],
    ],
)
def test_sentences_are_told_apart(sentences):
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("They love children.The council does too.", ["They love children.", "The council does too."]),
        ("They have plans.3 The council wrote them.", ["They have plans.3", "The council wrote them."]),
        ("They have plans.³ The council wrote them.", ["They have plans.³", "The council wrote them."]),
        ("Write to a.bell@aldbrook.The Hall is near.", ["Write to a.bell@aldbrook.The Hall is near."]),
        ("See www.aldbrook.Then go on.", ["See www.aldbrook.Then go on."]),
    ],
)
def test_a_lost_space_ends_a_sentence_unless_in_an_address(text, sentences):
    assert cut(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Visits are late. (Recommendation)",
        "Visits are late. (Recommendation.)",
        "Visits are late. (Regulation 12)",
        "Visits are late. (Outcome 1, national framework).",
        "Ask [Could you foster?](https://aldbrook.example/foster)",
    ],
)
def test_a_reference_belongs_to_the_sentence_before_it(text):
    assert cut(text) == [text]


@pytest.mark.parametrize("marker", ["12. ", "◼ ", "- ", "(b) ", "iv. "])
def test_a_marker_belongs_to_the_first_sentence_of_its_item(marker):
    text = f"{marker}Visits are late. Plans are not."
    assert cut(text, "bullet", True) == [f"{marker}Visits are late.", "Plans are not."]


@pytest.mark.parametrize("text", ["◼", "12.", "-"])
def test_a_marker_alone_is_a_unit(text):
    assert cut(text, "bullet", True) == [text]


@pytest.mark.parametrize("kind", ["heading", "caption", "furniture"])
def test_headings_captions_and_furniture_are_whole(kind):
    assert cut("Where are they? Nobody knows.", kind) == ["Where are they? Nobody knows."]


def test_blocks_are_cut_each_for_itself():
    texts = ["Why?!", "Really?", "heard. They are", "(well.", "They.Say so", "Ask Cllr.", "J. Bell."]
    found = cuts([Block("paragraph", [0], text, text=text) for text in texts])
    assert [spans[0][1] for spans in found][:3] == [len("Why?"), len("Really?"), len("heard.")]
    assert list(cuts([])) == []


def test_of_furniture_only_an_imprint_is_cut():
    sentences = ["Interested in our work?", "You can subscribe to our newsletter."]
    assert cut(" ".join(sentences), "furniture") == sentences
    assert cut("Yours sincerely. Jo Bell.", "furniture") == ["Yours sincerely. Jo Bell."]
