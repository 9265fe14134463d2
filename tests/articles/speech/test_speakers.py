import pytest

from pipeline.articles import split_sentences
from pipeline.articles.speech.speakers import SPEAKERS, by_inspectors, speakers


def who(*texts, kind="paragraph"):
    return speakers(texts, [kind] * len(texts), own_document=False)


@pytest.mark.parametrize(
    "text",
    [
        "Inspectors found that visits are late.",
        "Ofsted has praised the council.",
        "The report also says that plans are weak.",
        "The letter is frank about delays.",
        "According to the watchdog, children wait too long.",
        "Visits are late, said inspectors.",
        "The team was “a beacon”, the report added.",
    ],
)
def test_what_inspectors_said_wrote_or_found_is_theirs(text):
    assert who(text) == ["inspector"]


@pytest.mark.parametrize(
    "text",
    [
        "Cllr Jo Bell, who leads on families, said that she was proud.",
        "“We accept this,” said the director of children’s services.",
        "The council said that it would act.",
        "A spokeswoman for the trust told us it was sorry.",
        "“We thank the inspectors for their report,” said Cllr Bell.",
        "“The report found what we saw ourselves,” the chief executive said.",
    ],
)
def test_what_the_provider_said_is_theirs(text):
    assert who(text) == ["provider"]


@pytest.mark.parametrize(
    "text", ["Campaigners warned of cuts.", "“It is late,” said one mother.", "The minister replied."]
)
def test_what_others_said_is_theirs(text):
    assert who(text) == ["other"]


@pytest.mark.parametrize(
    "text",
    [
        "The visit took place in May.",
        "The letter was published today.",
        "Aldbrook lies on the coast.",
        "It has two homes.",
    ],
)
def test_the_rest_is_the_narrators(text):
    assert who(text) == ["narrator"]


def test_a_quotation_keeps_its_speaker_until_it_closes():
    assert who("Cllr Jo Bell said: “We know this.", "Workers are busy.", "They care.”", "The visit was in May.") == [
        "provider",
        "provider",
        "provider",
        "narrator",
    ]


def test_what_is_said_of_inspectors_in_a_quotation_is_not_said_by_them():
    assert who('Cllr Jo Bell said: "We are proud.', 'I am glad that inspectors saw it."') == ["provider", "provider"]


def test_a_quotation_belongs_to_whom_the_sentence_before_introduces():
    assert who("The minister said this:", "“Things will change.”") == ["other", "other"]


def test_an_attribution_after_a_quotation_of_several_sentences_counts_for_all():
    assert who("“Visits are late.", "Plans are weak,” the report said.") == ["inspector", "inspector"]


def test_she_is_who_spoke_last():
    assert who("The director said she was sorry.", "“It will change,” she added.") == ["provider", "provider"]


def test_a_set_off_quotation_in_the_first_person_plural_is_the_providers():
    assert who("“We are proud of our workers.”", kind="quote") == ["provider"]


def test_a_quoted_heading_is_no_ones_and_starts_nothing():
    texts = ["‘I had a bag and a phone’", "He told our newspaper that he was cold."]
    assert speakers(texts, ["heading", "paragraph"], False) == ["narrator", "narrator"]


def test_furniture_and_captions_are_the_narrators_and_do_not_interrupt():
    texts = ["The council said: “We act.", "Image source, PA", "We care.”"]
    assert speakers(texts, ["paragraph", "furniture", "paragraph"], False) == ["provider", "narrator", "provider"]


def test_inspectors_own_documents_are_theirs_throughout():
    assert speakers(["The council said no.", "Good."], ["paragraph"] * 2, True) == ["inspector", "inspector"]


@pytest.mark.parametrize(
    "text",
    [
        "Focused visit to Aldbrook children’s services\n\nChildren are safe.",
        "Dear Ms Bell\n\nThis letter summarises\nthe visit.\n\nYours sincerely\n\nJo Bell\nHer Majesty’s Inspector",
        "Inspection of Aldbrook local authority children’s services\n\nLead inspector: Jo Bell\n\nFindings",
        "Bell House\n\nThe registered person must keep records.\n\nChildren said they liked it.",
        "Main findings\n\nChildren are safe.\n\nWhat needs to improve\n\n- Visits.",
    ],
)
def test_letters_and_reports_are_inspectors_own(text):
    assert by_inspectors(text)


@pytest.mark.parametrize(
    "text",
    [
        "Aldbrook praised\n\nA focused visit to Aldbrook took place in May. Inspectors said it went well.",
        "Aldbrook praised\n\nChildren are safe.",
        "Focused visit to Aldbrook: what it means\n\nInspectors said: “Good.” The report said so.\n\n"
        "“We agree,” said Cllr Bell, and a spokesman agreed.",
        "",
    ],
)
def test_news_about_a_visit_is_not(text):
    assert not by_inspectors(text)


def test_the_speakers_of_a_news_article():
    table = split_sentences(
        "Aldbrook must do better, inspectors say\n\n"
        "By Jo Bell\n\n"
        "The town’s care leavers were let down, inspectors have found.\n\n"
        "Aldbrook has 90 care leavers.\n\n"
        "“We are sorry,” said Cllr Al Frame. “We will change.”"
    )
    assert table["speaker"].tolist() == ["inspector", "narrator", "inspector", "narrator", "provider", "provider"]
    assert set(table["speaker"]) <= set(SPEAKERS)


def test_the_speakers_of_a_letter():
    table = split_sentences("Focused visit to Aldbrook children’s services\n\nPlans are weak. Visits are late.")
    assert set(table["speaker"]) == {"inspector"}
