"""OpenDocument texts: what is read of them, and what of them is no text."""

from __future__ import annotations

import io

import odfdo
import pytest
from samples.documents import odt, zipped
from samples.readings import BODY, SETTINGS, lines, refused, taken

from pipeline.articles.source import Source


def read(data: bytes) -> Source:
    return taken(data, "letter.odt")


def failure(data: bytes, settings=SETTINGS) -> str:
    return refused(data, "letter.odt", settings)


def test_what_another_program_writes_is_read():
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, "Main findings"))
    document.body.append(odfdo.Paragraph(BODY))
    document.body.append(odfdo.List(["Visits are late.", "Plans drift."]))
    table = odfdo.Table("grades")
    table.set_values([["Leadership", "Good"]])
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    assert lines(read(out.getvalue())) == [
        ("heading", "Main findings"),
        ("", BODY),
        ("bullet", "Visits are late."),
        ("bullet", "Plans drift."),
        ("", "Leadership"),
        ("", "Good"),
    ]


def test_white_space_breaks_and_marks_are_as_they_look():
    text = (
        '<text:p>\n  Visits<text:s text:c="900000000"/>are\n late<text:tab/>now.<text:line-break/>Plans drift.</text:p>'
    )
    assert read(odt(text)).text == "Visits are late\tnow.\nPlans drift.\n"


def test_what_is_no_text_of_the_document_is_left_out():
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Kept<office:annotation><text:p>Comment</text:p></office:annotation>"
        "<text:ruby><text:ruby-base>.</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby>"
        "<text:span> And</text:span> <text:a>this</text:a>.</text:p>"
    )
    assert [line for _, line in lines(read(odt(text)))] == ["Kept. And this."]


def test_boxes_follow_their_paragraph_and_notes_the_text():
    box = "<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>"
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>A note.</text:p></text:note-body></text:note>"
    )
    text = f"<text:p>{box}Around{note} it.</text:p>{box}<text:p>After.</text:p>"
    assert [line for _, line in lines(read(odt(text)))] == ["Around it.", "In a box.", "In a box.", "After.", "A note."]


STYLES = (
    '<style:style style:name="Quotations" style:family="paragraph"/>'
    '<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"/>'
    '<style:style style:name="Mine" style:family="paragraph" style:default-outline-level="2"/>'
    '<style:style style:name="Not" style:family="paragraph" style:parent-style-name="Heading_20_1" '
    'style:default-outline-level=""/>'
    '<style:style style:name="Table_20_Contents" style:family="paragraph"/>'
    '<style:style style:name="Header" style:family="paragraph"/>'
)
AUTOMATIC = (
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_1"/>'
    '<style:style style:name="P2" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties fo:font-weight="normal"/></style:style>'
)


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ('<text:p text:style-name="P1">Some words</text:p>', "heading"),
        ('<text:p text:style-name="P2">Some words</text:p>', "heading"),
        ('<text:p text:style-name="P2"><text:span text:style-name="T2">Some words</text:span></text:p>', ""),
        ('<text:p><text:span text:style-name="T1">Some words</text:span></text:p>', "heading"),
        ('<text:p><text:span text:style-name="T1">Some</text:span> words</text:p>', ""),
        ('<text:p text:style-name="Mine">Some words</text:p>', "heading"),
        ('<text:p text:style-name="Not">Some words</text:p>', ""),
        ('<text:p text:style-name="Quotations">Some words</text:p>', "quote"),
        ('<text:p text:style-name="unknown">Some words</text:p>', ""),
        ("<text:list><text:list-item><text:h>Some words</text:h></text:list-item></text:list>", "heading"),
        ("<text:list><text:list-item><text:p>Some words</text:p></text:list-item></text:list>", "bullet"),
        ("<text:list><text:list-header><text:p>Some words</text:p></text:list-header></text:list>", ""),
        (
            "<text:table-of-content><text:table-of-content-source><text:p>x</text:p></text:table-of-content-source>"
            "<text:index-body><text:p>Some words</text:p></text:index-body></text:table-of-content>",
            "furniture",
        ),
    ],
)
def test_kinds_are_told_by_elements_and_styles(element: str, kind: str):
    data = odt(f"{element}<text:p>{BODY}</text:p>", AUTOMATIC, STYLES)
    assert lines(read(data))[0] == (kind, "Some words")


def test_bold_labels_of_tables_are_no_headings():
    cells = "".join(f"<table:table-cell><text:p text:style-name='P2'>{t}</text:p></table:table-cell>" for t in "ab")
    table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    assert lines(read(odt(f"{table}<text:p>{BODY}</text:p>", AUTOMATIC)))[:2] == [("", "a"), ("", "b")]


def test_damaged_and_hostile_documents_say_what_is_wrong():
    parts = {"mimetype": "application/vnd.oasis.opendocument.text"}
    sheet = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
        "<office:body><office:spreadsheet/></office:body></office:document-content>"
    )
    external = '<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert "spreadsheet" in failure(zipped({**parts, "content.xml": sheet}))
    assert "document type" in failure(zipped({**parts, "content.xml": external + sheet}))
    assert "not well-formed" in failure(zipped({**parts, "content.xml": sheet[:50]}))
    encrypted = {"META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": b"\x01\x02"}
    assert "has a password" in failure(zipped({**parts, **encrypted}))
    assert "empty" in failure(odt(""))
    data = odt(f"<text:p>{BODY}</text:p>")
    assert "damaged" in failure(data[: len(data) // 2])
    large = odt(f"<text:p>{'word ' * 300_000}</text:p>")
    assert "larger than 1 MB" in failure(large, SETTINGS.replace(max_megabytes=1))
