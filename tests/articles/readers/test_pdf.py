"""PDF: what is drawn to sentences with their pages, and files that no reader should trust."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from samples.pdfs import BOLD, drawn, pdf

from pipeline.articles import Article, Failure, Source
from pipeline.articles.readers.reading import take
from pipeline.settings import load_settings

SETTINGS = load_settings().articles


def read(data: bytes, **limits: object) -> Source | Failure:
    [item] = take(BytesIO(data), "a.pdf", SETTINGS.replace(**limits))
    return item


def paragraph(top: float, *lines: str, x: float = 70) -> bytes:
    return b"".join(drawn(line, x, top - 14.4 * number) for number, line in enumerate(lines))


def page(number: int, *parts: bytes) -> bytes:
    header = drawn("Inspection of Marlow Sands children’s services", 70, 800, 8)
    return header + b"".join(parts) + drawn(f"Page {number}", 500, 30, 8)


LETTER = pdf(
    [
        page(
            1,
            drawn("Focused visit to Marlow Sands children’s services", 70, 760, 12, BOLD),
            paragraph(720, "Leaders know their services well and act when plans", "for children drift. Visits to"),
            drawn("What needs to improve", 70, 660, 12, BOLD),
            paragraph(630, "• The timeliness of visits to children who wait for a", "plan.", x=70),
            paragraph(
                590, "1. Social workers see children alone, and they write about", "what they heard in a way that"
            ),
        ),
        page(
            2,
            paragraph(720, "children can read later.", "2. Managers read the records, which are good."),
            drawn("1", 318, 709, 7),
            paragraph(100, ""),
            drawn("1 The records were seen on one day.", 70, 80, 8),
        ),
    ]
)


def test_a_letter_is_read_into_sentences_with_headings_and_pages():
    source = read(LETTER)
    assert isinstance(source, Source)
    article = Article.of(source)
    found = [
        (sentence.block, sentence.text, page)
        for sentence, page in zip(article.sentences, article.pages or [], strict=True)
        if sentence.block != "furniture"
    ]
    assert found[0] == ("heading", "Focused visit to Marlow Sands children’s services", 1)
    assert ("heading", "What needs to improve", 1) in found
    assert ("bullet", "• The timeliness of visits to children who wait for a plan.", 1) in found
    over = "1. Social workers see children alone, and they write about what they heard in a way that children can read"
    assert ("bullet", f"{over} later.", 1) in found
    assert found[-1] == ("bullet", "2. Managers read the records, which are good.", 2)


def test_running_headers_page_numbers_and_footnotes_are_furniture():
    source = read(LETTER)
    assert isinstance(source, Source)
    kinds = {block.text: block.kind for block in Article.of(source).blocks}
    assert kinds["Inspection of Marlow Sands children’s services"] == "furniture"
    assert kinds["Page 2"] == "furniture"
    assert "Page 1" not in kinds  # it stands inside a sentence that goes on overleaf, which is read without it
    assert kinds["1 The records were seen on one day."] == "furniture"


def test_the_text_is_where_the_offsets_say():
    source = read(LETTER)
    assert isinstance(source, Source)
    for sentence in Article.of(source).sentences:
        assert source.text[sentence.start : sentence.end].split()[0] == sentence.text.split()[0]
        assert source.text[sentence.start : sentence.end].split()[-1] == sentence.text.split()[-1]


def test_a_page_alone_is_page_one():
    source = read(pdf([paragraph(700, "Visits are late.")]))
    assert isinstance(source, Source)
    assert Article.of(source).pages == [1]


def test_text_across_the_page_is_a_watermark():
    slanted = b"BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (DRAFT) Tj ET\n"
    source = read(pdf([paragraph(700, "Visits are late.") + slanted]))
    assert isinstance(source, Source)
    assert source.text == "Visits are late."


# Bad files


def said(data: bytes, **limits: object) -> str:
    item = read(data, **limits)
    assert isinstance(item, Failure)
    assert "\n" not in item.message
    return item.message


def test_pictures_of_text_are_said_to_be_pictures_with_their_number():
    assert "no text in its 3 pages" in said(pdf([b"", b"", b""]))


def test_pages_without_text_are_noted():
    source = read(pdf([paragraph(700, "Visits are late."), b"", b""]))
    assert isinstance(source, Source)
    assert source.notes == ("a.pdf: no text on 2 of its 3 pages (page 2 first)",)


def test_an_encrypted_file_needs_a_password():
    secret = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    assert "password" in said(pdf([paragraph(700, "Visits are late.")], trailer=secret))


def test_too_many_pages_are_refused():
    assert "3 pages, more than 2" in said(pdf([b""] * 3), max_pages=2)
    assert "10,000 pages, more than 2,000" in said(pdf([b""] * 10_000))


def test_too_large_a_file_is_refused():
    assert "larger than 0.001 MB" in said(LETTER + b" " * 1000, max_megabytes=0.001)


def test_too_much_text_on_a_page_is_refused():
    words = b"".join(drawn("Visits are late. " * 1000, 70, y) for y in range(20, 820, 10))
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
    packed = zlib.compress(words, 9)
    data = pdf([b""], contents=bomb % (len(packed), packed))
    assert "more than 1,000,000 characters" in said(data, max_megabytes=1)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        LETTER[:300],
        LETTER.replace(b"/Kids [", b"/Kids [2 0 R "),
        LETTER.replace(b"/Parent 2 0 R", b"/Parent 5 0 R").replace(b"/Contents 6 0 R", b"/Contents 5 0 R"),
        LETTER.replace(b"/Count 2", b"/Count 2000000000"),
        LETTER.replace(b"/Root 1 0 R", b"/Root 9 0 R"),
        LETTER.replace(b"/Type /Pages", b"/Type /Catalog"),
        LETTER.replace(b"[0 0 595 842]", b"[0 0 0 0]"),
        LETTER.replace(b"xref", b"ferx"),
        b"%PDF-" + bytes(range(256)) * 50,
    ],
)
def test_broken_files_give_what_can_be_read_or_one_line(data):
    for item in take(BytesIO(data), "a.pdf", SETTINGS):
        assert isinstance(item, Source) or "\n" not in item.message


def test_a_form_that_draws_itself_ends():
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >> /Length 5 >>"
    item = read(pdf([b""], contents=form + b"\nstream\n/X Do\nendstream"))
    assert isinstance(item, Failure)
