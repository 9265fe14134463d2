"""Rich text: what is read of it, and what of it is no text."""

from __future__ import annotations

import pytest
from samples.readings import BODY, SETTINGS, lines, refused, taken

from pipeline.articles.source import Source

HEAD = (
    r"\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times{\*\falt Serif};}{\f1\fnil\fcharset2 Symbol;}"
    r"{\f2\fcharset204 Other;}{\f3\fcharset128 Wide;}}{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\ql Normal;}{\s1\outlinelevel0\b heading 1;}{\s2\sbasedon1 Section;}{\s3 caption;}"
    r"{\*\cs10 heading 9;}}"
    r"{\info{\title Title}{\author Author}}{\header Header\par}{\*\generator Program;}"
)


def rtf(body: str) -> bytes:
    return ("{\\rtf1" + HEAD + body + "}").encode("latin-1")


def read(body: str) -> Source:
    return taken(rtf(body), "letter.rtf")


def texts(body: str) -> list[str]:
    return [line for _, line in lines(read(body))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"Visits are late.\par Plans drift.", ["Visits are late.", "Plans drift."]),
        (r"Visits are\line late.\par", ["Visits are", "late."]),
        ("Visits are \r\nlate\\\nPlans", ["Visits are late", "Plans"]),
        (r"caf\'e9 \'93x\'94", ["café “x”"]),
        ("caf\xe9", ["café"]),
        (r"child\rquote s \emdash  well\~known\_to\-day \{us\}", ["child’s — well\xa0known‑today {us}"]),
        (r"child\u8217?s \u8217\'92 \uc0\u8217 s {\uc2\u8217 ab}", ["child’s ’ ’s ’"]),
        (r"\u-10179?\u-8704?!", ["😀!"]),
        (r"\u55357?!", ["�!"]),
        (r"{\f2\'cf\'f0} {\f3\'82\'a0} {\f1\'b7}", ["Пр あ \uf0b7"]),
        (r"a{\b b}{\i c}\b0 d", ["abcd"]),
        (r"kept{\deleted gone}{\v hidden}{\*\unknown gone}{\pict 0102}", ["kept"]),
        (r"a\v hidden\v0 b", ["ab"]),
        (r'{\field{\*\fldinst HYPERLINK "https://x.example"}{\fldrslt the page}}', ["the page"]),
        (r"\trowd\intbl Leadership\cell Good\cell\row", ["Leadership", "Good"]),
        (r"a{\footnote \chftn  A note.}b\par c", ["ab", "c", "A note."]),
        (
            r"a{\shp{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt Box.\par}}{\shprslt{\*\do{\dptxbxtext Box.}}}}b\par c",
            ["ab", "Box.", "c"],
        ),
        (r"a{\*\do{\dptxbxtext Old box.}}\par", ["a", "Old box."]),
        (r"a{\object{\*\objdata 0102}{\result shown}}", ["ashown"]),
        ("a{\\pict\\bin4 }}{\\}b", ["ab"]),
        (r"a{\upr{b}{\*\ud{\u8217 ?}}}", ["ab"]),
        (r"\pc caf\'82", ["café"]),
        (r"\ansicpg9999 caf\'e9", ["café"]),
    ],
)
def test_text_is_read_as_it_looks(body: str, expected: list[str]):
    assert texts(body) == expected


def test_what_follows_the_document_is_none_of_it():
    assert taken(rtf("Text.") + b"junk {\\b more}", "letter.rtf").text == "Text.\n"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (r"\pard\s1 Some words\par", "heading"),
        (r"\pard\s2 Some words\par", "heading"),
        (r"\pard\s3 Some words\par", "caption"),
        (r"\pard\s10 Some words\par", ""),
        (r"\pard\outlinelevel1 Some words\par", "heading"),
        (r"\pard{\b Some words}\par", "heading"),
        (r"\pard{\b Some} words\par", ""),
        (r"\pard\b Some words\b0\par", "heading"),
        (r"\pard\s1\pard Some words\par", ""),
        (r"\trowd\intbl\b Some words\cell\b0\row\pard", ""),
        (r"{\pntext\f1\'b7\tab}Some words\par", "bullet"),
        (r"{\listtext\f1\'b7\tab}Some words\par", "bullet"),
    ],
)
def test_kinds_are_told_by_styles_lists_and_bold_type(body: str, kind: str):
    assert lines(read(body + rf"\pard\plain {BODY}\par")) == [(kind, "Some words"), ("", BODY)]


def failure(data: bytes, settings=SETTINGS) -> str:
    return refused(data, "letter.rtf", settings)


def test_damaged_and_hostile_documents_say_what_is_wrong():
    assert "empty" in failure(rtf(""))
    assert "groups never end" in failure(b"{\\rtf1" + b"{" * 100_000)
    assert "larger than 1 MB" in failure(rtf("word " * 300_000), SETTINGS.replace(max_megabytes=1))


def test_a_document_that_breaks_off_is_read_so_far():
    found = taken(b"{\\rtf1 Visits are late.\\par{\\b Plans{\\footnote Note", "letter.rtf")
    assert found.text == "Visits are late.\n\nPlans\n\nNote\n"
