import pytest

from pipeline.articles.layout import blocks

# A hard-wrapped page, as text taken from a PDF has it.
PAGE = """Summary

Children in Aldbrook who need help are seen quickly by social workers who know
them well. Managers read the records of each visit and talk about them with the
worker, and this has led to better plans for children who live with neglect.
"""


def found(text):
    return [(block.kind, block.text) for block in blocks(text)]


def running(text):
    return [block.text for block in blocks(text) if block.kind in ("paragraph", "bullet")]


# One paragraph a line


def test_each_line_is_a_block_where_text_is_not_wrapped():
    text = (
        "Aldbrook praised\n\nBy Jo Bell\n\nChildren are safe. They are heard.\nImage caption, The hall\n\n> We listen."
    )
    assert found(text) == [
        ("heading", "Aldbrook praised"),
        ("furniture", "By Jo Bell"),
        ("paragraph", "Children are safe. They are heard."),
        ("caption", "Image caption, The hall"),
        ("quote", "> We listen."),
    ]


@pytest.mark.parametrize("marker", ["◼", "\uf06e", "\uf02d", "•", "-", "–", "12.", "(b)", "3)"])
def test_an_item_is_a_bullet_and_keeps_its_marker(marker):
    text = f"Leaders should:\n{marker} Visit children.\n{marker} Write plans."
    assert found(text)[1:] == [("bullet", f"{marker} Visit children."), ("bullet", f"{marker} Write plans.")]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("marker", ["◼", "\uf0b7", "12."])
def test_a_marker_alone_on_its_line_belongs_to_the_text_after_it(marker, gap):
    assert found(f"{marker}{gap}Visit children.") == [("bullet", f"{marker} Visit children.")]


def test_text_that_is_only_furniture_gives_furniture_only():
    assert found("By Jo Bell\n3 May 2020\nShare this\nGetty Images") == [
        ("furniture", "By Jo Bell"),
        ("furniture", "3 May 2020"),
        ("furniture", "Share this"),
        ("furniture", "Getty Images"),
    ]


# Wrapped lines


def test_wrapped_lines_are_joined():
    assert found(PAGE)[0] == ("heading", "Summary")
    assert len(running(PAGE)) == 1
    assert "who know them well. Managers" in running(PAGE)[0]


def test_a_short_line_ends_a_paragraph_without_a_blank_line():
    text = PAGE + "Workers stay.\n" + PAGE.split("\n\n")[1]
    assert [text.split()[0] for text in running(text)] == ["Children", "Children"]
    assert running(text)[0].endswith("Workers stay.")


def test_a_dash_or_number_that_wrapping_put_first_is_no_marker():
    text = PAGE + (
        "\nMost children who are in care live with carers who were approved in the last\n"
        "12. months of the year and have been with them since the very first day of it.\n"
    )
    assert "in the last 12. months of the year" in running(text)[-1]


def test_items_of_wrapped_text_take_in_their_lines():
    text = PAGE + (
        "\n◼ The quality of plans for children in need, so that families know what is to\n"
        "change and by when.\n◼ Visits.\n\n"
        "12. Children who go missing are spoken to soon after they return by someone whom\nthey trust.\n"
    )
    assert running(text)[1:] == [
        "◼ The quality of plans for children in need, so that families know what is to change and by when.",
        "◼ Visits.",
        "12. Children who go missing are spoken to soon after they return by someone whom they trust.",
    ]


def test_a_line_that_looks_like_a_date_inside_a_wrapped_sentence_is_text():
    text = PAGE + (
        "\nThe director of children’s services in Aldbrook has been in her present post since\n"
        "March 2019.\n\n◼ The chair of the board for all the partners has been in this post since about\n\nMay 2020.\n"
    )
    assert running(text)[1].endswith("present post since March 2019.")
    assert running(text)[2].endswith("since about May 2020.")


# Page breaks

FIRST = "Children in care live with carers who understand them, and most have stayed in the"
SECOND = "same home for more than two years. Brothers and sisters live together when they can."
JOINED = f"{FIRST} {SECOND}"


@pytest.mark.parametrize(
    "between",
    [
        "\n\f",
        "\n\n\f",
        "\n\n7\n\f",
        "\n\n\fPage 8 of 12\n\n",
        "\n\n7\n\n\fInspection dates: 2 to 13 May 2022\n\n",
        "\n\nHarbour House\n4 Quay Lane\nAldbrook AB1 2CD\n\nT 01632 960 999\nwww.aldbrook.example\n\n\f",
    ],
)
def test_a_sentence_goes_on_after_a_page_break_and_the_furniture_around_it(between):
    text = f"{PAGE}\n{FIRST}{between}{SECOND}\n"
    found_blocks = blocks(text)
    assert found_blocks[-1].text == JOINED
    assert [block.kind for block in found_blocks] == ["heading", "paragraph", "paragraph"]


def test_a_running_header_in_the_middle_of_sentences_is_dropped():
    towns = ["Aldbrook", "Bell Sands", "Cressing", "Dunmoor", "Eastwick"]
    start = "The children who were seen in {} know their carers well, and most had been in"
    end = "the same home for years when inspectors came to {}."
    pages = [f"Annual inspection report\n\n{end.format(town)}\n\n{start.format(town)}\n\n\f" for town in towns]
    text = f"{PAGE}\n{start.format('Fenmoor')}\n\n\f" + "".join(pages)
    started = ["Fenmoor", *towns[:-1]]
    expected = [f"{start.format(one)} {end.format(other)}" for one, other in zip(started, towns, strict=True)]
    assert running(text)[1:-1] == expected
    assert "Annual inspection report" not in [text for kind, text in found(text) if kind != "furniture"]


def test_furniture_between_whole_paragraphs_stays():
    text = f"{PAGE}\n7\n\n\f{PAGE.replace('Summary', 'Findings')}"
    assert [kind for kind, _ in found(text)] == ["heading", "paragraph", "furniture", "heading", "paragraph"]


def test_a_new_item_after_a_page_break_is_not_joined():
    text = f"{PAGE}\n◼ {FIRST}\n\n\f◼ {SECOND}\n"
    assert running(text)[1:] == [f"◼ {FIRST}", f"◼ {SECOND}"]


ITEM = """12. Social workers stay with children as they grow up, and children value what they do for
them. Advisers are appointed early, and this helps young people who leave care at the age of"""


@pytest.mark.parametrize("between", ["\n", "\n\f", "\n\n7\n\n\f"])
def test_a_number_that_goes_on_with_a_numbered_paragraph_begins_no_item(between):
    assert running(f"{PAGE}\n{ITEM}{between}18. Plans are good.\n\n13. Visits are late.\n")[-2:] == [
        f"{' '.join(ITEM.split())} 18. Plans are good.",
        "13. Visits are late.",
    ]


def test_the_next_number_and_the_first_begin_items():
    for number in (13, 1):
        assert running(f"{PAGE}\n{ITEM}\n{number}. Plans are good.\n")[-1] == f"{number}. Plans are good."


def test_a_number_after_a_hyphen_begins_no_item():
    text = f"{PAGE}\n7. Families in this area were hit hard, as many were, by the spread of COVID-\n19. Help came.\n"
    assert running(text)[-1].endswith("spread of COVID-19. Help came.")


def test_a_full_line_at_the_foot_of_a_page_goes_on_overleaf():
    text = f"{PAGE}\nThe offer of early help for families is wide, and it reaches families all over\n\n3\n\n\f"
    text += "Marlow Sands. They value it.\n\nManagers know this.\n"
    assert any(block.endswith("families all over Marlow Sands. They value it.") for block in running(text))


def test_a_sentence_goes_on_with_a_word_in_quotation_marks():
    text = f"{PAGE}\nManagers have looked at what children say, but not at the reasons that lie behind the\n\n4\n\n\f"
    text += "‘push’ factors. They will do so soon.\n"
    assert running(text)[-1].endswith("behind the ‘push’ factors. They will do so soon.")


# What the file tells


def test_the_kinds_of_blocks_that_a_file_tells_are_taken():
    text = "Visits are late\nwhen it matters\n\nPlans are good\n\nBy Jo Bell\n\nThey drift"
    told = {"Visits": "heading", "when": "heading", "Plans": "paragraph", "By": "quote", "They": "furniture"}
    hints = {text.index(word): kind for word, kind in told.items()}
    assert [(block.kind, block.text) for block in blocks(text, hints)] == [
        ("heading", "Visits are late when it matters"),
        ("paragraph", "Plans are good"),
        ("quote", "By Jo Bell"),
        ("furniture", "They drift"),
    ]


def test_what_is_furniture_by_its_place_or_form_is_no_heading_whatever_its_type():
    text = f"{PAGE}\nYours sincerely\n\nJo Bell\nHis Majesty’s Inspector\n"
    hints = {text.index("His Majesty"): "heading"}
    assert [block.kind for block in blocks(text, hints)][-3:] == ["furniture"] * 3


def test_wrapped_lines_go_on_with_a_block_that_the_file_tells():
    hints = {PAGE.index("Children"): "quote"}
    assert [block.kind for block in blocks(PAGE, hints)] == ["heading", "quote"]
