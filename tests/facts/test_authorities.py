from collections import Counter

import pytest

from pipeline.articles import Article, Source
from pipeline.facts import read_facts
from pipeline.facts.authorities import authorities, key, namings
from pipeline.facts.page import plain


def authority(text: str) -> str:
    found = read_facts(Article.of(Source("text", text))).authority
    return found.value if found else ""


def named(text: str) -> list[tuple[str, bool]]:
    return [(naming.value, naming.cued) for naming in namings(plain(text))]


def test_the_list_holds_every_authority_of_today_once():
    today = Counter(row.kind for row in authorities() if not row.until)
    assert (today["london"], today["metropolitan"], today["county"], today["unitary"]) == (33, 36, 21, 63)
    shorts = [row.short for row in authorities()]
    assert len(shorts) == len(set(shorts))


def test_trusts_serve_authorities_of_the_list():
    shorts = {row.short for row in authorities() if row.kind != "trust"}
    for row in authorities():
        assert bool(row.serves) == (row.kind == "trust")
        assert set(row.serves) <= shorts


def test_no_name_stands_for_two_authorities():
    owners = {}
    for row in authorities():
        assert owners.setdefault(key(row.short), row.short) == row.short
    for row in authorities():
        for name in row.others:
            assert owners.setdefault(key(name), row.short) == row.short


@pytest.mark.parametrize("row", authorities(), ids=lambda row: row.short)
def test_every_authority_is_read_from_a_letter_and_from_a_news_story(row):
    assert (
        authority(f"Dear Ms Bell\n\nFocused visit to {row.short} children’s services\n\nInspectors came.") == row.value
    )
    assert authority(f"Dear Ms Bell\n\nFocused visit to {row.name}\n\nInspectors came.") == row.value
    council = row.name if row.kind == "trust" else f"{row.short} Council"
    story = f"Council praised for its work\n\n{council} has been praised by inspectors, who came in May."
    assert authority(story) == row.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("London Borough of Merton", "Merton"),
        ("the Royal Borough of Kingston-upon-Thames", "Kingston upon Thames"),
        ("City of Bradford Metropolitan District Council", "Bradford"),
        ("Telford & Wrekin Council", "Telford and Wrekin"),
        ("Brighton &\nHove City Council", "Brighton and Hove"),
        ("Stoke-on-\nTrent City Council", "Stoke-on-Trent"),
        ("Southend on Sea city council", "Southend-on-Sea"),
        ("St. Helens council", "St Helens"),
        ("Bournemouth, Christchurch & Poole Council", "Bournemouth, Christchurch and Poole"),
        ("NORTH TYNESIDE COUNCIL", "North Tyneside"),
        ("Durham’s children’s services", "Durham"),
        ("Wirral local authority", "Wirral"),
        ("City of London Corporation", "City of London"),
        ("Hull City Council", "Hull"),
        ("Sandwell Children’s Trust", "Sandwell"),
        ("Surrey Safeguarding Children Board", "Surrey"),
    ],
)
def test_names_are_known_however_they_are_written(text, value):
    assert (value, True) in named(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Derbyshire County Council", ["Derbyshire"]),
        ("North Yorkshire Council", ["North Yorkshire"]),
        ("Bath and North East Somerset Council", ["Bath and North East Somerset"]),
        ("North East Lincolnshire Council and Lincolnshire", ["North East Lincolnshire", "Lincolnshire"]),
        ("Cheshire West and Chester Council", ["Cheshire West and Chester"]),
        ("West Northamptonshire Council", ["West Northamptonshire"]),
        ("Newcastle-under-Lyme Borough Council", []),
        ("New York City Council", []),
        ("South Kent Council", []),
        ("reading the plans, and the bury line", []),
        ("post@merton.example", []),
        ("together for children, they said", []),
        ("Yorkshire councils", []),
    ],
)
def test_names_within_names_and_words_are_left_alone(text, values):
    assert [value for value, _ in named(text)] == values


def test_a_joint_service_is_what_its_title_says():
    text = "Dear Mr Frame\n\nFocused visit to Kingston upon Thames and Richmond upon Thames\n\nInspectors came."
    assert authority(text) == "Kingston upon Thames; Richmond upon Thames"
    text = "Dear Mr Frame\n\nFocused visit to Achieving for Children\n\nInspectors came."
    assert authority(text) == "Achieving for Children"


def test_addresses_and_inspectors_are_not_the_authority():
    letter = (
        "Ofsted\nPiccadilly Gate\nStore Street\nManchester\nM1 2WD\n\n3 May 2022\n\nMs Dana Bell\nLeeds Road\n\n"
        "Dear Ms Bell\n\nFocused visit to Calderdale children’s services\n\nInspectors were Jo Kent and Al Sutton.\n"
    )
    assert authority(letter) == "Calderdale"
    assert authority(letter.replace("Calderdale", "Ambrook")) == ""


def test_a_report_names_its_authority_above_its_title():
    cover = "1\n\n{}\n\nInspection of children’s social care services\n\nInspection dates: 3 May 2022 to 9 May 2022\n"
    for name in ("Barnsley", "Barnsley Metropolitan Borough \nCouncil", "City of Barnsley"):
        assert authority(cover.format(name)) == "Barnsley"
    assert authority(cover.format("Ambrook")) == ""


def test_a_letter_without_a_name_in_its_subject_says_whom_inspectors_visited():
    text = (
        "Dear Ms Bell\n\nFocused visit to children’s services\n\nThis is about the visit to Dudley children’s services."
    )
    assert authority(text) == "Dudley"


def test_a_headline_names_the_authority_of_several():
    text = (
        "Derby climbs to good\n\nBy Jo Bell\n\nDerbyshire County Council’s neighbour, Derby City Council, is good. "
        "Derbyshire County Council was not inspected."
    )
    assert authority(text) == "Derby"


def test_without_a_name_in_the_headline_it_is_the_council_named_most():
    text = "Trust makes progress\n\nBury Council and Leeds City Council met. Leeds children’s services are new."
    assert authority(text) == "Leeds"


@pytest.mark.parametrize(
    "headline",
    ["Reading scheme is a hit", "Jo Sutton to lead review", "Bath time for babies", "Visits made in ambrook"],
)
def test_a_headline_alone_must_be_plain(headline):
    assert authority(f"{headline}\n\nIt is all there is to say, and it is said by those who were there.") == ""


def test_a_plain_place_in_a_headline_will_do():
    assert authority("Care leavers in Walsall do well\n\nInspectors say so, and so do they.") == "Walsall"
