"""What a model trained on the whole bundled corpus must get right, must not be moved by, and must be moved by.

After M. Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", ACL 2020.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.labels import FINDINGS
from pipeline.model import Model

PLAIN = {
    "strength": [
        "Social workers visit children regularly and know them well.",
        "Leaders have improved services for children.",
        "Children in care live in stable homes where they are well cared for.",
        "Inspectors praised the support that care leavers receive.",
        "Assessments are thorough and timely.",
        "Partnership working is strong and effective.",
        "Care leavers are well supported by their personal advisers.",
    ],
    "concern": [
        "Too many children wait too long for help.",
        "Plans are not specific enough and drift.",
        "Care leavers do not receive good enough support.",
        "Social workers’ caseloads are too high.",
        "Visits to children are often late and poorly recorded.",
        "Management oversight is weak and inconsistent.",
        "Children stay in risky homes for far too long.",
    ],
    "recommendation": [
        "The council should make sure that all care leavers have a pathway plan.",
        "Leaders need to improve the quality of supervision.",
        "Managers must ensure that visits are recorded on time.",
        "The quality of assessments needs to be better.",
        "The local authority should improve the timeliness of return home interviews.",
    ],
    "none": [
        "Inspectors visited the council on 4 and 5 May 2021.",
        "The inspection was carried out by five inspectors.",
        "Cllr Jo Ferris, the cabinet member for children, said: “We are delighted with this report.”",
        "The council is responsible for about 600 children in care.",
        "“I would like to thank all our staff for their hard work,” she said.",
        "The report can be read on Ofsted’s website.",
    ],
}
THEMES = {
    "care_leavers": "Care leavers do not have pathway plans.",
    "workforce": "Social workers’ caseloads are too high and turnover is a problem.",
    "disability_send": "Parents of disabled children praised short breaks.",
    "exploitation_missing": "Children at risk of criminal exploitation are not always identified.",
    "health_wellbeing": "Initial health assessments are often late.",
    "education_employment": "The virtual school helps children to attend and achieve well.",
    "permanence": "Children wait too long for adoption.",
    "asylum_seeking_children": "Unaccompanied asylum-seeking children are well supported.",
    "quality_assurance": "Audits are not rigorous enough.",
    "partnership": "The police and health services work well together with the council.",
    "leadership": "Senior leaders have a clear vision and have improved services.",
    "accommodation": "Some care leavers live in unsuitable accommodation, and a few are homeless.",
}
FRAMES = [
    "Children in {} wait too long for help.",
    "Leaders in {} have improved services for children.",
    "{} Council should make sure that visits are on time.",
    "Inspectors visited {} in May 2022.",
]
COUNCILS = ["Ambrook", "Upper Zedbury", "Kestleford-on-Sea", "St Maud’s", "North Fennyshire"]
NEGATED = [
    ("Support for care leavers is good enough.", "Support for care leavers is not good enough."),
    ("Plans are clear and specific.", "Plans are not clear or specific."),
    ("Children are seen regularly.", "Children are not seen regularly."),
    ("Managers have a clear understanding of practice.", "Managers do not have a clear understanding of practice."),
    ("Assessments are thorough.", "However, assessments are not thorough."),
    ("Visits are made on time.", "However, visits are not always made on time."),
]
ADVISED = [
    ("Leaders make sure that visits are on time.", "Leaders should make sure that visits are on time."),
    ("Social workers record visits promptly.", "Social workers should record visits promptly."),
    ("Supervision is regular.", "Supervision should be regular."),
    ("The council provides suitable homes.", "The council should provide suitable homes."),
]
ITEMS = [
    "The quality of plans for children in need.",
    "The timeliness of health assessments.",
    "Support for care leavers over 21.",
    "The stability of the workforce.",
]
ARTICLE = """Ambrook children’s services rated good

By Jo Bell

14 March 2023

Image source: Getty Images

Inspectors found that visits to children are often late.

Share this article

© Ambrook News 2023

Page 3 of 8

blog comments powered by Disqus
"""


def scored(model: Model, texts: list[str], **columns: object) -> pd.DataFrame:
    return model.predict_sentences(pd.DataFrame({"text": texts}).assign(**columns))


@pytest.mark.parametrize("finding", FINDINGS)
def test_plain_sentences_get_their_finding(whole_model: Model, finding: str):
    table = scored(whole_model, PLAIN[finding])
    wrong = table.loc[table["finding"] != finding, ["text", *FINDINGS]]
    assert wrong.empty, wrong.to_string()


@pytest.mark.parametrize(("theme", "sentence"), THEMES.items())
def test_plain_sentences_get_their_theme(whole_model: Model, theme: str, sentence: str):
    assert theme in scored(whole_model, [sentence])["themes"][0]


def test_sentences_about_one_thing_get_few_themes(whole_model: Model):
    table = scored(whole_model, [*PLAIN["strength"], *PLAIN["concern"], *PLAIN["recommendation"]])
    assert max(len(given) for given in table["themes"]) <= 4
    assert np.mean([len(given) for given in table["themes"]]) < 2.5


@pytest.mark.parametrize("frame", FRAMES)
def test_the_councils_name_does_not_matter(whole_model: Model, frame: str):
    table = scored(whole_model, [frame.format(council) for council in COUNCILS])
    assert table["finding"].nunique() == 1
    assert np.ptp(table[list(FINDINGS)].to_numpy(), axis=0).max() < 0.35


TYPOGRAPHY = {
    "straight quotes": lambda text: text.translate(str.maketrans("“”’", '""\'')),
    "spaces": lambda text: f"  {text.replace(' ', '  ')} ",
    "hard spaces": lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
    "capitals": str.upper,
    "other figures": lambda text: text.translate(str.maketrans("0123456789", "7418529630")),
}


@pytest.mark.parametrize("change", TYPOGRAPHY)
def test_typography_does_not_matter(whole_model: Model, change: str):
    texts = [text for sentences in PLAIN.values() for text in sentences]
    before, after = scored(whole_model, texts), scored(whole_model, [TYPOGRAPHY[change](text) for text in texts])
    assert after["finding"].tolist() == before["finding"].tolist()


@pytest.mark.parametrize(("plain", "negated"), NEGATED)
def test_not_moves_towards_concern(whole_model: Model, plain: str, negated: str):
    table = scored(whole_model, [plain, negated])
    assert table["concern"][1] > table["concern"][0] + 0.3
    assert table["finding"][1] == "concern"


@pytest.mark.parametrize(("plain", "advised"), ADVISED)
def test_should_moves_towards_recommendation(whole_model: Model, plain: str, advised: str):
    table = scored(whole_model, [plain, advised])
    assert table["recommendation"][1] > table["recommendation"][0]
    assert table["finding"][1] == "recommendation"


@pytest.mark.parametrize("heading", ["What needs to improve", "Areas for improvement"])
def test_noun_phrases_under_what_needs_to_improve_are_recommendations(whole_model: Model, heading: str):
    for block, mark in (("bullet", "- "), ("paragraph", "")):
        table = scored(whole_model, [mark + item for item in ITEMS], heading=heading, block=block)
        assert set(table["finding"]) == {"recommendation"}


def test_a_list_of_improvements_is_read_from_a_letter(whole_model: Model):
    letter = "Dear Ms Pell\n\nWhat needs to improve\n\n" + "".join(f"- {item}\n" for item in ITEMS)
    table = whole_model.predict(letter)
    items = table[table["block"] == "bullet"]
    assert len(items) == 4
    assert set(items["finding"]) == {"recommendation"}
    assert (items["heading"] == "What needs to improve").all()


def test_furniture_is_none_and_the_text_between_is_not(whole_model: Model):
    table = whole_model.predict(ARTICLE)
    furniture = table[table["block"].isin(["furniture", "caption"])]
    assert len(furniture) >= 6
    assert set(furniture["finding"]) == {"none"}
    told = table[table["text"].str.startswith("Inspectors found")]
    assert told["finding"].tolist() == ["concern"]


def test_what_the_provider_says_of_itself_is_none(whole_model: Model):
    article = (
        "Ambrook responds to report\n\nInspectors said that visits to children were often late.\n\n"
        "Cllr Jo Ferris, cabinet member for children, said: “We are proud of our staff and I want to thank them all. "
        "We are determined to do better.”\n"
    )
    table = whole_model.predict(article).set_index("text")
    assert table.loc["We are determined to do better.”", "finding"] == "none"
    assert table.loc["Inspectors said that visits to children were often late.", "finding"] == "concern"


def test_certainty_is_less_where_there_is_less_to_go_by(whole_model: Model):
    clear = scored(whole_model, [text for sentences in PLAIN.values() for text in sentences])["confidence"]
    vague = scored(whole_model, ["It was so.", "That is how things were.", "This applied to some of them."])[
        "confidence"
    ]
    assert vague.mean() < clear.mean()


def test_it_predicts_every_finding_on_the_sample_articles(whole_model: Model):
    from pipeline import read_article
    from pipeline.articles import expand
    from pipeline.settings import bundled

    samples = expand([bundled("data/corpus").parent / "articles"])
    assert len(samples) >= 12
    table = whole_model.predict_articles([read_article(path) for path in samples])
    assert set(table["finding"]) == set(FINDINGS)
    assert table["article"].nunique() == len(samples)
    assert table["confidence"].median() > 0.7
    assert set(table.loc[table["block"] == "furniture", "finding"]) == {"none"}
