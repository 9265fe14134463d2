"""Word documents: what is read of them, and what of them is no text."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.text import WD_BREAK
from samples.documents import STRICT, W, paragraph, word, zipped
from samples.readings import BODY, SETTINGS, lines, refused, taken

from pipeline.articles.readers.reading import take
from pipeline.articles.source import Source


def read(data: bytes) -> Source:
    return taken(data, "letter.docx")


def failure(data: bytes, settings=SETTINGS) -> str:
    return refused(data, "letter.docx", settings)


@pytest.fixture(scope="module")
def letter() -> bytes:
    document = docx.Document()
    document.add_heading("Visit to Ambrook", 0)
    document.add_heading("What is working", 1)
    document.add_paragraph(BODY)
    document.add_paragraph().add_run("Help and protection").bold = True
    broken = document.add_paragraph("Thresholds are clear.")
    broken.add_run().add_break()
    broken.add_run("Referrals are weighed\tquickly.")
    broken.add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Visits are late.", style="List Bullet")
    document.add_paragraph("Plans drift.", style="List Number")
    document.add_paragraph("I was listened to.", style="Quote")
    document.add_paragraph("Figure 1: visits", style="Caption")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Judgement", "Grade", "Leadership", "Good"), strict=True):
        cell.text = text
    table.cell(0, 0).paragraphs[0].runs[0].bold = True
    document.sections[0].header.paragraphs[0].text = "Running header"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_paragraphs_are_lines_with_the_kinds_that_styles_tell(letter: bytes):
    assert lines(read(letter)) == [
        ("heading", "Visit to Ambrook"),
        ("heading", "What is working"),
        ("", BODY),
        ("", "Help and protection"),
        ("", "Thresholds are clear."),
        ("", "Referrals are weighed\tquickly."),
        ("bullet", "Visits are late."),
        ("bullet", "Plans drift."),
        ("quote", "I was listened to."),
        ("caption", "Figure 1: visits"),
        *(("", text) for text in ("Judgement", "Grade", "Leadership", "Good")),
    ]
    assert "\n\nThresholds are clear.\nReferrals" in read(letter).text
    assert "\f" not in read(letter).text
    assert not read(letter).paged


@pytest.mark.parametrize(
    ("title", "under", "kind"),
    [
        ("Help and protection", BODY, "heading"),
        ("What needs to improve?", BODY, "heading"),
        ("12 May 2031", BODY, ""),  # a date
        ("Good", BODY, ""),  # a grade
        ("Visits are late.", BODY, ""),  # a sentence
        ("Jane Bell", "His Majesty's Inspector", ""),  # a signature: what is under it is short
        (" ".join(["word"] * 30), BODY, ""),
    ],
)
def test_bold_paragraphs_are_headings_where_they_head_something(title: str, under: str, kind: str):
    data = word(paragraph(title, run="<w:b/>") + paragraph(under))
    assert lines(read(data))[0] == (kind, title)


def test_bold_words_and_bold_throughout_are_no_headings():
    partly = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Partly</w:t></w:r><w:r><w:t> bold</w:t></w:r></w:p>"
    assert lines(read(word(partly + paragraph(BODY))))[0] == ("", "Partly bold")
    assert lines(read(word(paragraph("Title", run="<w:b/>") + paragraph(BODY, run="<w:b/>"))))[0] == ("", "Title")
    assert lines(read(word(paragraph("Title", run='<w:b w:val="0"/>') + paragraph(BODY))))[0] == ("", "Title")


STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="S"><w:name w:val="Section"/><w:basedOn w:val="H"/></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:name w:val="Body of H"/><w:basedOn w:val="H"/>
<w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="O"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="L"><w:name w:val="Dots"/>
<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="C1"><w:name w:val="One"/><w:basedOn w:val="C2"/></w:style>
<w:style w:type="paragraph" w:styleId="C2"><w:name w:val="Two"/><w:basedOn w:val="C1"/></w:style>
</w:styles>"""


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ("", ""),
        ('<w:pStyle w:val="H"/>', "heading"),
        ('<w:pStyle w:val="S"/>', "heading"),
        ('<w:pStyle w:val="B"/>', ""),
        ('<w:pStyle w:val="O"/>', "heading"),
        ('<w:outlineLvl w:val="2"/>', "heading"),
        ('<w:outlineLvl w:val="9"/>', ""),
        ('<w:outlineLvl w:val="x"/>', ""),
        ('<w:pStyle w:val="L"/>', "bullet"),
        ('<w:pStyle w:val="L"/><w:numPr><w:numId w:val="0"/></w:numPr>', ""),
        ('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>', "bullet"),
        ('<w:pStyle w:val="H"/><w:numPr><w:numId w:val="7"/></w:numPr>', "heading"),
        ('<w:pStyle w:val="T"/>', "furniture"),
        ('<w:pStyle w:val="C1"/>', ""),
        ('<w:pStyle w:val="unknown"/>', ""),
    ],
)
def test_styles_tell_by_name_outline_numbering_and_parents(properties: str, kind: str):
    data = word(paragraph("Some words", properties) + paragraph(BODY), styles=STYLES)
    assert lines(read(data))[0] == (kind, "Some words")


def test_whole_paragraphs_in_a_headings_style_are_text():
    data = word(paragraph(f"1. {BODY} {BODY}.", '<w:pStyle w:val="H"/>'), styles=STYLES)
    assert lines(read(data))[0][0] == ""


def test_text_is_found_wherever_word_puts_it():
    run = "<w:r><w:t>{}</w:t></w:r>"
    data = word(
        "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>"
        + paragraph("A content control.")
        + "</w:sdtContent></w:sdt>"
        f"<w:p><w:ins>{run.format('Inserted')}</w:ins><w:del><w:r><w:delText>Deleted</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run.format('Old place')}</w:moveFrom><w:hyperlink>{run.format(' link')}</w:hyperlink>"
        f"<w:smartTag>{run.format(' tag')}</w:smartTag><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden</w:t></w:r>"
        "<w:r><w:t>, multi</w:t><w:noBreakHyphen/><w:t>agency</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" + paragraph("Deleted row") + "</w:tc></w:tr>"
        "<w:tr><w:tc>" + paragraph("Cell") + "</w:tc></w:tr></w:tbl>"
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0A7"/><w:tab/><w:t>Late</w:t></w:r></w:p>'
    )
    expected = ["A content control.", "Inserted link tag, multi\u2011agency", "Cell", "\uf0a7\tLate"]
    assert [line for _, line in lines(read(data))] == expected


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Visits are </w:t></w:r></w:p>"
    assert [line for _, line in lines(read(word(first + paragraph("late."))))] == ["Visits are late."]
    assert [line for _, line in lines(read(word(first)))] == ["Visits are"]


def test_text_boxes_are_read_once_and_after_their_paragraph():
    box = "<w:txbxContent>" + paragraph("In a box.") + "</w:txbxContent>"
    drawing = (
        "<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>" + box + "</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox>" + box + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    data = word(f"<w:p><w:r>{drawing}<w:t>Around it.</w:t></w:r></w:p>" + paragraph("After."))
    assert [line for _, line in lines(read(data))] == ["Around it.", "In a box.", "After."]


def test_notes_come_last_in_the_order_of_their_marks():
    def notes(kind: str) -> str:
        inner = "".join(f'<w:{kind} w:id="{n}">{paragraph(f"{kind} {n}")}</w:{kind}>' for n in (0, 1, 2))
        return f'<w:{kind}s xmlns:w="{W}">{inner}</w:{kind}s>'

    marks = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r>'
    again = '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="9"/></w:r>'
    data = word(
        f"<w:p><w:r><w:t>One.</w:t></w:r>{marks}</w:p><w:p>{again}<w:r><w:t>Two.</w:t></w:r></w:p>",
        footnotes=notes("footnote"),
        endnotes=notes("endnote"),
    )
    assert [line for _, line in lines(read(data))] == ["One.", "Two.", "footnote 2", "footnote 1", "endnote 1"]


def test_the_strict_form_and_other_main_parts_are_read():
    assert read(word(paragraph("Text."), STRICT)).text == "Text.\n"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="/word/document2.xml"/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(word(paragraph("Text.")))) as archive:
        main = archive.read("word/document.xml")
    assert read(zipped({"_rels/.rels": relations, "word/document2.xml": main})).text == "Text.\n"


def test_damaged_and_hostile_documents_say_what_is_wrong(letter: bytes):
    external = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    laughs = (
        "<!DOCTYPE w ["
        + '<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {name} "{f"&{before};" * 50}">' for before, name in zip("abcdef", "bcdefg", strict=True))
    )
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:body></w:document>'
    assert "document type" in failure(zipped({"word/document.xml": external + body.format("&x;")}))
    assert "damaged Word" in failure(zipped({"word/document.xml": laughs + "]>" + body.format("&g;")}))
    assert "not well-formed" in failure(zipped({"word/document.xml": body[:60]}))
    assert "is missing" in failure(zipped({"word/document.xml/x": "", "word/documents": ""}))
    assert "empty" in failure(word(""))
    assert "empty" in failure(zipped({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}))
    assert "damaged" in failure(letter[: len(letter) // 2])
    assert "not well-formed" in failure(word("<w:sdt>" * 1000 + "</w:sdt>" * 1000))


def test_what_unpacks_to_more_than_may_be_is_refused(letter: bytes):
    small = SETTINGS.replace(max_megabytes=1)
    assert "larger than 1 MB" in failure(word(paragraph("word " * 300_000)), small)
    # Pictures are no part of the text, whatever their size.
    with_picture = io.BytesIO(letter)
    with zipfile.ZipFile(with_picture, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/picture.png", bytes(2_000_000))
    assert failure(letter, SETTINGS.replace(max_megabytes=0.001))
    with_picture.seek(0)
    [item] = take(with_picture, "letter.docx", small)
    assert isinstance(item, Source)
